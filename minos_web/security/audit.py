"""The audit trail: who changed what, each entry bound to the one before it by an HMAC whose key is not in the database."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pyramid.config import Configurator
from pyramid.request import Request
from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_web.models.lease import Lease
from minos_web.models.people import AuditEntry

HEAD = "audit"
"""Name of the row that counts the entries: what shows that the newest were cut off, and what writers queue at."""
MOST_FAULTS = 20
_HIDDEN = ("password", "secret", "token_text")


@dataclass(frozen=True)
class NewEntry:
    """What is to be recorded. ``details`` holds anything JSON can say; passwords and secrets in it are blanked."""

    at: float
    user: str
    action: str
    target: str
    address: str = ""
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Fault:
    """A place where the trail is not what was written. ``entry_id`` is None for the end of the trail."""

    entry_id: int | None
    message: str


def record(session: Session, secret: bytes, entry: NewEntry) -> AuditEntry:
    """Add an entry in the session's transaction: it stands if the change stands."""
    head = session.get(Lease, HEAD, with_for_update=True)
    if head is None:
        head = Lease(name=HEAD, holder="", epoch=0, seen_at=0.0)
        session.add(head)
    previous = session.scalar(select(AuditEntry.chain).order_by(AuditEntry.id.desc()).limit(1)) or ""
    row = AuditEntry(
        at=round(entry.at, 3),
        user=entry.user[:64],
        action=entry.action[:64],
        target=entry.target[:255],
        address=entry.address[:64],
        details=_plain(entry.details),
    )
    row.chain = _chain(secret, previous, row)
    session.add(row)
    head.epoch, head.seen_at = head.epoch + 1, row.at
    head.holder = _seal(secret, head.epoch, row.chain)
    session.flush()
    return row


def verify(session: Session, secret: bytes) -> Iterator[Fault]:
    """Every place where entries were edited, removed, added or cut off; nothing when the trail is whole.

    A database put back as a whole to an earlier moment cannot be told from inside it.
    """
    previous, count = "", 0
    for row in session.scalars(select(AuditEntry).order_by(AuditEntry.id).execution_options(yield_per=1000)):
        count += 1
        if not hmac.compare_digest(_chain(secret, previous, row), row.chain):
            yield Fault(row.id, "this entry was edited, or entries before it were removed, added or moved")
        previous = row.chain
    yield from _end_faults(session, secret, count, previous)


@dataclass(frozen=True)
class Leg:
    """How far a look at the trail came: the last entry's id and chain, so many entries up to it, the faults of this leg, and
    whether the end was reached (and is in order too, or among the faults).
    """

    after: int = 0
    chain: str = ""
    count: int = 0
    faults: tuple[Fault, ...] = ()
    done: bool = False


def verify_leg(session: Session, secret: bytes, begun: Leg, most: int = 20_000) -> Leg:
    """The next ``most`` entries behind those that ``begun`` saw: a long trail is looked at leg by leg, so that nobody waits."""
    rows = select(AuditEntry).where(AuditEntry.id > begun.after).order_by(AuditEntry.id).limit(most)
    after, previous, count, seen = begun.after, begun.chain, begun.count, 0
    faults: list[Fault] = []
    for row in session.scalars(rows.execution_options(yield_per=1000)):
        if not hmac.compare_digest(_chain(secret, previous, row), row.chain) and len(faults) < MOST_FAULTS:
            faults.append(Fault(row.id, "this entry was edited, or entries before it were removed, added or moved"))
        after, previous, count, seen = row.id, row.chain, count + 1, seen + 1
    if seen == most:
        return Leg(after, previous, count, tuple(faults))
    faults += _end_faults(session, secret, count, previous)
    return Leg(after, previous, count, tuple(faults), done=True)


def _end_faults(session: Session, secret: bytes, count: int, chain: str) -> Iterator[Fault]:
    head = session.get(Lease, HEAD)
    if head is None and count == 0:
        return
    if head is None or head.epoch != count or not hmac.compare_digest(_seal(secret, count, chain), head.holder):
        yield Fault(None, f"{count} entries are here, {head.epoch if head else 0} were written")


def _chain(secret: bytes, previous: str, row: AuditEntry) -> str:
    said = [previous, f"{row.at:.3f}", row.user, row.action, row.target, row.address, row.details]
    return _hmac(secret, b"minos audit entry", json.dumps(said, sort_keys=True, separators=(",", ":")))


def _seal(secret: bytes, count: int, chain: str) -> str:
    return _hmac(secret, b"minos audit head", f"{count}:{chain}")


def _hmac(secret: bytes, purpose: bytes, text: str) -> str:
    key = hmac.digest(secret, purpose, hashlib.sha256)
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def _plain(details: dict[str, Any]) -> dict[str, Any]:
    """Details as JSON gives them back, so that what is signed is what is read later."""
    shown = {
        key: "(hidden)" if any(word in key.lower() for word in _HIDDEN) else value for key, value in details.items()
    }
    plain: dict[str, Any] = json.loads(json.dumps(shown, default=str))
    return plain


def audit(request: Request, action: str, target: str, **details: Any) -> AuditEntry:
    """``request.audit``: record that whoever sent this request did ``action`` to ``target``."""
    user = request.identity.user if request.identity else ""
    entry = NewEntry(request.now, user, action, target, request.client_addr or "", details)
    return record(request.db, request.console.secret, entry)


def includeme(config: Configurator) -> None:
    """Adds ``request.audit``."""
    config.add_request_method(audit)
