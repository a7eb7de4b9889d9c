"""Audit trail: whatever is changed in the table afterwards is found."""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from minos_web.console import Console
from minos_web.models.lease import Lease
from minos_web.models.people import AuditEntry
from minos_web.security.audit import HEAD, NewEntry, record, verify

SECRET = b"k" * 32
ENTRIES = 12


@pytest.fixture
def trail(session: Session) -> Session:
    """Twelve entries, committed."""
    for number in range(ENTRIES):
        record(
            session,
            SECRET,
            NewEntry(1000.0 + number, "admin", "config.save", f"conf/x/{number}", "127.0.0.1", {"n": number}),
        )
    session.commit()
    return session


def test_a_trail_that_nobody_touched_is_whole(trail: Session) -> None:
    assert list(verify(trail, SECRET)) == []


def test_an_empty_trail_is_whole(session: Session) -> None:
    assert list(verify(session, SECRET)) == []


def _swap(session: Session, row: AuditEntry) -> None:
    other = session.get_one(AuditEntry, 1 if row.id != 1 else 2)
    row.target, other.target = other.target, row.target


def _insert(session: Session, row: AuditEntry) -> None:
    session.add(AuditEntry(at=row.at, user="x", action="y", target="z", details={}, chain=row.chain))


TAMPERINGS: dict[str, Callable[[Session, AuditEntry], object]] = {
    "user": lambda session, row: setattr(row, "user", "mallory"),
    "action": lambda session, row: setattr(row, "action", "config.read"),
    "target": lambda session, row: setattr(row, "target", "conf/other"),
    "time": lambda session, row: setattr(row, "at", row.at + 0.001),
    "address": lambda session, row: setattr(row, "address", "10.0.0.1"),
    "details": lambda session, row: setattr(row, "details", {"n": -1}),
    "chain": lambda session, row: setattr(row, "chain", "0" * 64),
    "removed": lambda session, row: session.delete(row),
    "swapped": _swap,
    "inserted": _insert,
}


@pytest.mark.parametrize("tampering", TAMPERINGS)
@pytest.mark.parametrize("number", [1, 6, ENTRIES])
def test_every_tampering_is_found(trail: Session, tampering: str, number: int) -> None:
    TAMPERINGS[tampering](trail, trail.get_one(AuditEntry, number))
    trail.commit()
    assert list(verify(trail, SECRET))


def test_a_cut_off_end_is_found(trail: Session) -> None:
    trail.execute(delete(AuditEntry).where(AuditEntry.id > ENTRIES - 3))
    trail.commit()
    faults = list(verify(trail, SECRET))
    assert [fault.entry_id for fault in faults] == [None]
    assert "9 entries are here, 12 were written" in faults[0].message


def test_a_cut_off_end_is_found_even_when_the_count_is_adjusted(trail: Session) -> None:
    trail.execute(delete(AuditEntry).where(AuditEntry.id > ENTRIES - 3))
    trail.execute(update(Lease).where(Lease.name == HEAD).values(epoch=ENTRIES - 3))
    trail.commit()
    assert list(verify(trail, SECRET))


def test_an_emptied_trail_is_found(trail: Session) -> None:
    trail.execute(delete(AuditEntry))
    trail.commit()
    assert list(verify(trail, SECRET))


def test_without_the_key_no_whole_trail_can_be_made(trail: Session) -> None:
    rows = [(row.at, row.user, row.action, row.target) for row in trail.scalars(select(AuditEntry))]
    trail.execute(delete(AuditEntry))
    trail.execute(delete(Lease).where(Lease.name == HEAD))
    for row in rows[:-1]:
        record(trail, b"another key", NewEntry(*row))
    trail.commit()
    assert len(list(verify(trail, SECRET))) >= ENTRIES - 1


def test_hundreds_of_random_edits_are_all_found(trail: Session) -> None:
    draw = random.Random(5)
    for _ in range(300):
        row = trail.get_one(AuditEntry, draw.randint(1, ENTRIES))
        column = draw.choice(["user", "action", "target", "address"])
        before = getattr(row, column)
        place = draw.randrange(len(before) or 1)
        setattr(row, column, before[:place] + draw.choice("XYZ\n\0") + before[place + 1 :])
        trail.flush()
        assert list(verify(trail, SECRET)), (row.id, column)
        trail.rollback()


def test_passwords_in_details_are_blanked(session: Session) -> None:
    details = {"password": "hunter2", "cleanup_password": "hunter2", "jobs": ["zookeeper"], "at": 1.5}
    row = record(session, SECRET, NewEntry(1.0, "admin", "x", "y", details=details))
    assert row.details == {"password": "(hidden)", "cleanup_password": "(hidden)", "jobs": ["zookeeper"], "at": 1.5}


def test_an_entry_goes_with_the_change_that_it_tells_of(session: Session) -> None:
    record(session, SECRET, NewEntry(1.0, "admin", "x", "y"))
    session.rollback()
    assert session.scalar(select(AuditEntry)) is None
    assert list(verify(session, SECRET)) == []


def test_entries_written_at_the_same_time_stand_in_one_row(console: Console) -> None:
    def write(worker: int) -> None:
        for number in range(5):
            with console.writers.begin() as session:
                record(session, SECRET, NewEntry(1.0, f"user{worker}", "x", f"y{number}"))

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(write, range(6)))
    with console.readers() as session:
        assert list(verify(session, SECRET)) == []
        assert session.get_one(Lease, HEAD).epoch == 30
