"""Packages on their way into the store: begun and ended here by people, carried out by the engine (``taking_in``)."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from minos_web.console import Console
from minos_web.models.arrivals import Arrival
from minos_web.models.packages import Package
from minos_web.operations.refusal import Refused
from minos_web.store.arriving import BadPackage, Incoming, check_names, too_large
from minos_web.store.packages import whole
from minos_web.store.pieces import Pieces

COMING, WAITING, FETCHING, CHECKING = "coming", "waiting", "fetching", "checking"
DONE, FAILED, CANCELLED = "done", "failed", "cancelled"
OPEN = (COMING, WAITING, FETCHING, CHECKING)
MOST_OPEN = 50
"""Arrivals that one user may have on their way."""
UNFINISHED_SECONDS = 7 * 86400.0
"""So long an upload may stand still before it is forgotten."""
TOLD_SECONDS = 86400.0
"""So long the end of one is told."""


@dataclass(frozen=True)
class Claim:
    """What somebody says of a package that is to come."""

    kind: str
    artifact: str
    revision: str
    name: str
    size: int | None = None
    sha256: str = ""
    source: str = ""
    user: str = field(default="", kw_only=True)
    now: float = field(default=0.0, kw_only=True)


def pieces_of(console: Console) -> Pieces:
    """Where the bytes of arrivals lie."""
    return Pieces(console.var / "packages" / ".arrivals", console.settings.keep_free_bytes)


def incoming_of(console: Console, row: Arrival | Claim) -> Incoming:
    """An arrival as the store takes it, with the limits of the ini."""
    settings = console.settings
    return Incoming(
        artifact=row.artifact,
        revision=row.revision,
        name=row.name,
        user=row.created_by if isinstance(row, Arrival) else row.user,
        now=row.created_at if isinstance(row, Arrival) else row.now,
        max_bytes=settings.max_package_bytes,
        keep_free=settings.keep_free_bytes,
        expected_sha256=row.sha256,
        spread_from=settings.spread_from_bytes,
    )


def begin_upload(session: Session, console: Console, claim: Claim) -> Package | Arrival:
    """The package, if the store has it, before a byte is sent; else the arrival to send pieces to, which may be one that
    was begun before. Raises BadPackage, NoRoom, Refused, OSError.
    """
    check_names(incoming_of(console, claim))
    if claim.size is None or claim.size < 1:
        raise BadPackage("size", "the upload is empty")
    if claim.size > console.settings.max_package_bytes:
        raise too_large(console.settings.max_package_bytes)
    if len(claim.sha256) != 64 or set(claim.sha256) - set("0123456789abcdef"):
        raise BadPackage("sha256", "the SHA-256 of the whole file, 64 hex digits, comes first")
    known = whole(session, console.var, claim.artifact, claim.sha256)
    if known is not None:
        return known
    row = session.scalar(
        select(Arrival).where(
            Arrival.kind == "upload", Arrival.state == COMING, Arrival.created_by == claim.user,
            Arrival.artifact == claim.artifact, Arrival.sha256 == claim.sha256, Arrival.size == claim.size,
        )
    )  # fmt: skip
    if row is None:
        row = _added(session, claim, COMING)
    row.revision, row.name = claim.revision, claim.name
    pieces_of(console).begin(row.id, claim.size)
    return row


def finish_upload(session: Session, console: Console, row: Arrival) -> Arrival:
    """All pieces are here: the engine looks into it. Asked again, a success. Raises Refused."""
    if row.state == COMING:
        have = pieces_of(console).have(row.id)
        if have != row.size:
            raise Refused("not-whole", f"{have} of {row.size} bytes are here: send the rest first")
        row.state = WAITING
    if row.state in (CANCELLED, FAILED):
        raise Refused("over", f"it is {row.state}{': ' + row.message if row.message else ''}")
    return row


def cancel(session: Session, console: Console, row: Arrival, now: float) -> Arrival:
    """Have it no more; one that ended stays as it is. Who carries it out finds that by itself."""
    session.execute(
        update(Arrival).where(Arrival.id == row.id, Arrival.state.in_(OPEN)).values(state=CANCELLED, ended_at=now)
    )
    session.refresh(row)
    if row.state == CANCELLED:
        pieces_of(console).drop(row.id)
    return row


def begin_import(session: Session, console: Console, claim: Claim) -> Arrival:
    """Have the engine fetch a package. Raises BadPackage, Refused."""
    check_names(incoming_of(console, claim))
    return _added(session, claim, WAITING)


def shown(session: Session, now: float) -> list[Arrival]:
    """What is on its way, and what ended lately other than well, newest first."""
    ended = (Arrival.state == FAILED) & (Arrival.ended_at > now - TOLD_SECONDS)
    query = select(Arrival).where(Arrival.state.in_(OPEN) | ended).order_by(Arrival.id.desc()).limit(100)
    return list(session.scalars(query))


def tidy(session: Session, console: Console, now: float) -> None:
    """Forget uploads that stand still for a week, rows that are told no more, and files of neither."""
    pieces = pieces_of(console)
    for row in session.scalars(select(Arrival).where(Arrival.state == COMING)):
        path = pieces.path(row.id)
        moved = path.stat().st_mtime if path.exists() else row.created_at
        if now - moved > UNFINISHED_SECONDS:
            cancel(session, console, row, now)
    for row in session.scalars(select(Arrival).where(Arrival.ended_at < now - TOLD_SECONDS)):
        session.delete(row)
    pieces.forget_others(_open_ids(session))


def _open_ids(session: Session) -> Iterable[int]:
    return session.scalars(select(Arrival.id).where(Arrival.state.in_(OPEN))).all()


def _added(session: Session, claim: Claim, state: str) -> Arrival:
    mine = session.scalars(select(Arrival.id).where(Arrival.state.in_(OPEN), Arrival.created_by == claim.user)).all()
    if len(mine) >= MOST_OPEN:
        raise Refused("too-many", f"{MOST_OPEN} packages of yours are on their way: finish or cancel one first")
    row = Arrival(
        kind=claim.kind, source=claim.source, artifact=claim.artifact, revision=claim.revision, name=claim.name,
        sha256=claim.sha256, size=claim.size, state=state, created_by=claim.user, created_at=claim.now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row
