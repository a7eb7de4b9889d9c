"""The inventory: what would change, what changes, and which rack counts."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_web.models.hosts import Host
from minos_web.models.inventory import Machine
from minos_web.operations.inventory import all_machines, as_fields, examine, forget, keep, rack_of_host
from minos_web.operations.inventory_csv import Row
from tests.minos_web.scene import add_hosts


def take(session: Session, *rows: Row) -> int:
    outcome = examine(session, rows)
    assert outcome.faults == []
    return keep(session, outcome, "admin", 5.0)


def kept(session: Session) -> dict[str, dict[str, object]]:
    return {
        machine.host: {
            name: value for name, value in as_fields(machine).items() if value is not None and name != "host"
        }
        for machine in session.scalars(select(Machine))
    }


def test_new_changed_and_same(session: Session) -> None:
    assert take(session, Row(2, "n1", {"rack": "r1", "cores": 8}), Row(3, "n2", {"rack": "r2"})) == 2
    outcome = examine(
        session, [Row(2, "n1", {"rack": "r9", "note": "x"}), Row(3, "n2", {"rack": "r2"}), Row(4, "n3", {})]
    )
    assert [(change.row.host, change.fate, change.fields) for change in outcome.changes] == [
        ("n1", "changed", {"rack": ("r1", "r9"), "note": (None, "x")}),
        ("n2", "same", {}),
        ("n3", "new", {}),
    ]
    assert kept(session) == {"n1": {"rack": "r1", "cores": 8}, "n2": {"rack": "r2"}}, "looking changes nothing"
    assert keep(session, outcome, "eve", 6.0) == 2
    assert kept(session) == {"n1": {"rack": "r9", "cores": 8, "note": "x"}, "n2": {"rack": "r2"}, "n3": {}}
    by = {machine.host: machine.changed_by for machine in session.scalars(select(Machine))}
    assert by == {"n1": "eve", "n2": "admin", "n3": "eve"}


def test_who_is_not_named_stays_and_only_none_takes_away(session: Session) -> None:
    take(session, Row(2, "n1", {"rack": "r1", "note": "x"}), Row(3, "n2", {"rack": "r2"}))
    take(session, Row(2, "n1", {"note": None}))
    assert kept(session) == {"n1": {"rack": "r1"}, "n2": {"rack": "r2"}}
    assert forget(session, ["N2", "none"]) == ["n2"] and list(kept(session)) == ["n1"]


def test_the_digest_is_that_of_what_would_come_of_it(session: Session) -> None:
    rows = [Row(2, "n1", {"rack": "r1"})]
    before = examine(session, rows).digest
    assert examine(session, rows).digest == before
    take(session, Row(2, "n1", {"rack": "r0"}))
    assert examine(session, rows).digest != before


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ([Row(2, "n3", {"ip": "10.0.0.1"})], (2, "10.0.0.1 is the address of n1")),
        ([Row(2, "n3", {"ip": "10.0.0.3"}), Row(3, "n4", {"ip": "10.0.0.3"})], (3, "10.0.0.3 is the address of n3")),
        ([Row(2, "n1", {"ip": "10.0.0.2"}), Row(3, "n2", {"ip": "10.0.0.1"})], None),
        ([Row(2, "n1", {"ip": None}), Row(3, "n3", {"ip": "10.0.0.1"})], None),
        ([Row(2, "n1", {"ip": "10.0.0.1"})], None),
    ],
)
def test_no_two_machines_have_one_address(session: Session, rows: list[Row], fault: tuple[int, str] | None) -> None:
    take(session, Row(2, "n1", {"ip": "10.0.0.1"}), Row(3, "n2", {"ip": "10.0.0.2"}))
    outcome = examine(session, rows)
    assert [(one.line, one.message) for one in outcome.faults] == ([fault] if fault else [])
    if fault is None:
        keep(session, outcome, "admin", 6.0)
        assert {host: one.get("ip") for host, one in kept(session).items()}.items() >= {
            row.host: row.given["ip"] for row in rows
        }.items()


@pytest.mark.parametrize(
    ("machine", "said", "rack"),
    [
        ({}, "", "127.0.0"),
        ({}, "Dc1/R1", "dc1/r1"),
        ({"host": "host-31", "rack": "r7"}, "r1", "r7"),
        ({"host": "host-31", "note": "no rack"}, "r1", "r1"),
        ({"host": "other", "ip": "127.0.0.31", "rack": "r8"}, "r1", "r8"),
        ({"host": "other", "rack": "r8"}, "r1", "r1"),
    ],
)
def test_the_rack_that_is_kept_counts(session: Session, machine: dict[str, str], said: str, rack: str) -> None:
    add_hosts(session)
    host = session.scalars(select(Host).where(Host.name == "host-31")).one()
    host.facts = {"rack": said}
    if machine:
        take(session, Row(1, machine.pop("host"), dict(machine)))
    assert rack_of_host(session, host) == all_machines(session).rack(host) == rack
