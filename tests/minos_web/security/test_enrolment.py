"""Enrolment: which decisions about a worker's key make sense when."""

import pytest
from sqlalchemy.orm import Session

from minos_common.states import HostState
from minos_web.models.hosts import Host
from minos_web.security.enrolment import CannotDecide, decide, hosts_named


def add(session: Session, name: str, state: str, address: str = "", key: str = "") -> Host:
    row = Host(
        name=name,
        address=address or name,
        public_key=key or f"{name}-{state}".ljust(40, "."),
        state=state,
        first_seen=1.0,
    )
    session.add(row)
    session.flush()
    return row


@pytest.mark.parametrize(
    ("before", "decision", "after"),
    [
        ("pending", "approve", "approved"),
        ("pending", "reject", "rejected"),
        ("rejected", "approve", "approved"),
        ("revoked", "approve", "approved"),
        ("approved", "revoke", "revoked"),
    ],
)
def test_decisions_are_kept_with_who_and_when(session: Session, before: str, decision: str, after: str) -> None:
    host = add(session, "h1", before)
    assert decide(session, host, decision, "admin", 7.0)
    assert (host.state, host.decided_by, host.decided_at) == (after, "admin", 7.0)
    assert not decide(session, host, decision, "other", 8.0)
    assert host.decided_by == "admin"


@pytest.mark.parametrize(
    ("before", "decision"),
    [("approved", "reject"), ("pending", "revoke"), ("rejected", "revoke"), ("revoked", "reject")],
)
def test_senseless_decisions_say_what_is_possible(session: Session, before: str, decision: str) -> None:
    with pytest.raises(CannotDecide, match=f"host h1 is {before}; only"):
        decide(session, add(session, "h1", before), decision, "admin", 7.0)


def test_two_approved_workers_may_share_neither_name_nor_address(session: Session) -> None:
    add(session, "h1", "approved", "10.0.0.1")
    for second in (add(session, "h1", "pending", "10.0.0.2"), add(session, "h2", "pending", "10.0.0.1")):
        with pytest.raises(CannotDecide, match="revoke that one first"):
            decide(session, second, "approve", "admin", 7.0)


def test_hosts_of_one_name_come_approved_first(session: Session) -> None:
    for state in (HostState.REJECTED, HostState.PENDING, HostState.REVOKED, HostState.APPROVED):
        add(session, "h1", state)
    newer = add(session, "h1", "pending", key="k" * 40)
    states = [(host.state, host.id == newer.id) for host in hosts_named(session, "h1")]
    assert states == [
        ("approved", False), ("pending", True), ("pending", False), ("revoked", False), ("rejected", False),
    ]  # fmt: skip
