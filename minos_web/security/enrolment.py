"""Which workers may speak for a host: approving, rejecting and revoking their keys."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_common.states import HostState
from minos_web.models.hosts import Host

_ALLOWED = {
    "approve": (HostState.APPROVED, frozenset({HostState.PENDING, HostState.REJECTED, HostState.REVOKED})),
    "reject": (HostState.REJECTED, frozenset({HostState.PENDING})),
    "revoke": (HostState.REVOKED, frozenset({HostState.APPROVED})),
}


class CannotDecide(ValueError):
    """A decision about a host that makes no sense now; the text says what to do instead."""


def decide(session: Session, host: Host, decision: str, user: str, now: float) -> bool:
    """Approve, reject or revoke the key of ``host``; False if it is so already. Raises CannotDecide."""
    after, before = _ALLOWED[decision]
    if host.state == after:
        return False
    if host.state not in before:
        raise CannotDecide(f"host {host.name} is {host.state}; only {' or '.join(sorted(before))} ones can be {after}")
    if after == HostState.APPROVED:
        _refuse_second(session, host)
    host.state, host.decided_at, host.decided_by = after, now, user
    return True


def hosts_named(session: Session, name: str) -> list[Host]:
    """All hosts of this name: the approved one first, then those that wait, then the rest; newest first among equals.

    There may be several, because a name is what a worker says of itself and its key is what it is.
    """
    order = [HostState.APPROVED, HostState.PENDING, HostState.REVOKED, HostState.REJECTED]
    found = session.scalars(select(Host).where(Host.name == name))
    return sorted(found, key=lambda host: (order.index(HostState(host.state)), -host.id))


def _refuse_second(session: Session, host: Host) -> None:
    """Two workers under one name or address would each get the tasks of the other."""
    same = (Host.name == host.name) | (Host.address == host.address)
    other = session.scalar(select(Host).where(Host.state == HostState.APPROVED, Host.id != host.id, same).limit(1))
    if other is not None:
        what = f"name {host.name}" if other.name == host.name else f"address {host.address}"
        raise CannotDecide(f"another approved worker has the {what}; revoke that one first")
