"""The package store: files below <var>/packages, rows that describe them."""

import contextlib
import os
import time
import zlib
from pathlib import Path
from typing import NamedTuple

import msgspec
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from minos_common.archives.entries import BadArchive
from minos_web.models.database import SessionMaker
from minos_web.models.packages import Package
from minos_web.store.arriving import Arrived, BadPackage, Incoming, Readable, arrival, check_names, take
from minos_web.store.block_files import drop_blocks, has_room, keep_blocks, wants_blocks
from minos_web.store.block_writing import manifest_beside
from minos_web.store.inspecting import inspect_apart
from minos_web.store.inspection import Inspection
from minos_web.store.wheels import WORKER, version_of

READY = "ready"
QUARANTINED = "quarantined"
DELETED = "deleted"
_QUARANTINE = ".quarantine"


class Sessions(NamedTuple):
    """``peek`` opens one that only reads; ``write`` holds the database's write lock from its first use on."""

    peek: SessionMaker
    write: Session


def receive(sessions: Sessions, var: Path, stream: Readable, incoming: Incoming) -> tuple[Package, bool]:
    """Take a package in; returns its row and whether it is new (the same artifact and content is kept once).

    Bytes go to disk piece by piece, are looked into, and only then is anything written into the database: an upload that
    lasts an hour holds no lock. What no host would unpack is quarantined: its row says why. Raises BadPackage; nothing is
    left behind then.
    """
    check_names(incoming)
    path = arrival(var, incoming.now)
    try:
        return admit(sessions, var, take(stream, path, incoming), incoming)
    finally:
        path.unlink(missing_ok=True)


def admit(sessions: Sessions, var: Path, arrived: Arrived, incoming: Incoming) -> tuple[Package, bool]:
    """Look into a file that came in whole, and give it its place and row, as ``receive``. Raises BadPackage."""
    _check_worker(incoming, arrived)
    with sessions.peek() as peek:
        there = whole(peek, var, incoming.artifact, arrived.sha256)
    if there is not None:
        return sessions.write.get_one(Package, there.id), False
    aside = arrived.path.with_suffix(".blocks")
    try:
        found, reason = _looked_into(arrived, incoming, aside)
        session = sessions.write  # from here on others wait for us
        known = same(session, incoming.artifact, arrived.sha256)
        if known is not None:
            created = known.state == DELETED
            row = _restored(var, known, arrived, found, reason)
        else:
            row, created = _keep(session, var, arrived, _row(incoming, arrived, found, reason))
        if row.state == READY:
            keep_blocks(var, row, aside)
        return row, created
    finally:
        for path in (aside, manifest_beside(aside)):
            path.unlink(missing_ok=True)


def find(session: Session, artifact: str | None = None, name: str | None = None, state: str = READY) -> list[Package]:
    """Packages, newest first; those in quarantine only when asked for by their ``state`` (empty: all)."""
    wanted = select(Package).order_by(Package.id.desc())
    if state:
        wanted = wanted.where(Package.state == state)
    if artifact:
        wanted = wanted.where(Package.artifact == artifact)
    if name:
        wanted = wanted.where(Package.name == name)
    return list(session.scalars(wanted))


def latest(session: Session, artifact: str, name: str | None = None) -> Package | None:
    """The package of this artifact (and file name) that was uploaded last, whatever its version."""
    return next(iter(find(session, artifact, name)), None)


def whole(session: Session, var: Path, artifact: str, sha256: str) -> Package | None:
    """The package of this artifact with this very content, if it is ready and its file is there."""
    known = same(session, artifact, sha256)
    return known if known is not None and known.state == READY and file_of(var, known).is_file() else None


def same(session: Session, artifact: str, sha256: str) -> Package | None:
    """The package of this artifact with this very content."""
    wanted = select(Package).where(Package.artifact == artifact, Package.sha256 == sha256.lower())
    return session.scalar(wanted)


def file_of(var: Path, package: Package) -> Path:
    """Where the bytes of a package lie."""
    return var / package.path


def drop_file(var: Path, package: Package) -> None:
    """Take the bytes of a package off the disk, and the folders that it leaves empty."""
    file = file_of(var, package)
    file.unlink(missing_ok=True)
    drop_blocks(var, package)
    for folder in list(file.parents)[:2]:
        with contextlib.suppress(OSError):  # another package lies there
            folder.rmdir()


def contents_of(package: Package) -> Inspection | None:
    """What was found in it; None for one that came before packages were looked into, or is in quarantine."""
    return msgspec.json.decode(zlib.decompress(package.contents), type=Inspection) if package.contents else None


def _looked_into(arrived: Arrived, incoming: Incoming, aside: Path) -> tuple[Inspection | None, str]:
    """What is in it, or the reason why it is refused; its blocks are written to ``aside`` where it shall have any."""
    spread = wants_blocks(incoming.artifact, arrived.size, incoming.spread_from)
    spread = spread and has_room(aside, arrived.size, incoming.keep_free)
    blocks = (aside, arrived.sha256) if spread else None
    try:
        return inspect_apart(arrived.path, incoming.artifact, incoming.name, blocks, incoming.check), ""
    except BadArchive as error:
        return None, str(error)


def _check_worker(incoming: Incoming, arrived: Arrived) -> None:
    """A worker wheel is looked at before it comes near a host."""
    if incoming.artifact != WORKER:
        return
    version = version_of(arrived.path)
    if version is None:
        raise BadPackage("file", f"the artifact {WORKER} takes wheels of the Minos worker only, and this is none")
    if version != incoming.revision:
        raise BadPackage("revision", f"the wheel says it is version {version}: give that as revision")


def _row(incoming: Incoming, arrived: Arrived, found: Inspection | None, reason: str) -> Package:
    row = Package(
        artifact=incoming.artifact, name=incoming.name, revision=incoming.revision, size=arrived.size,
        sha256=arrived.sha256, sha1=arrived.sha1, uploaded_by=incoming.user, uploaded_at=incoming.now,
    )  # fmt: skip
    _judge(row, found, reason)
    return row


def _judge(row: Package, found: Inspection | None, reason: str) -> None:
    row.state, row.reason = (READY, "") if found else (QUARANTINED, reason)
    row.version = found.version[:64] if found else ""
    row.contents = zlib.compress(msgspec.json.encode(found)) if found else None


def _restored(var: Path, known: Package, arrived: Arrived, found: Inspection | None, reason: str) -> Package:
    """A row whose file was lost gets it back; one in quarantine is judged by today's rules."""
    old = file_of(var, known)
    _judge(known, found, reason)
    if known.state == READY and _is_quarantined(known.path):
        known.timestamp, target = _place(var, known, arrived.path)
        known.path = target.relative_to(var).as_posix()
        old.unlink(missing_ok=True)
    else:
        old.parent.mkdir(parents=True, exist_ok=True)
        arrived.path.replace(old)
    return known


def _is_quarantined(path: str) -> bool:
    return path.startswith(f"packages/{_QUARANTINE}/")


def _keep(session: Session, var: Path, arrived: Arrived, row: Package) -> tuple[Package, bool]:
    """Put the file in its place and describe it; whoever uploads the same at the same time comes second."""
    row.timestamp, target = _place(var, row, arrived.path)
    row.path = target.relative_to(var).as_posix()
    artifact, sha256 = row.artifact, row.sha256
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        target.unlink(missing_ok=True)
        first = same(session, artifact, sha256)
        if first is None:
            raise
        return first, False
    except Exception:
        target.unlink(missing_ok=True)
        raise
    return row, True


def _place(var: Path, row: Package, path: Path) -> tuple[str, Path]:
    """Timestamp and final path; a second that is taken by another upload of the revision makes way for the next."""
    at = int(row.uploaded_at)
    top = var / "packages" / (row.artifact if row.state == READY else f"{_QUARANTINE}/{row.artifact}")
    while True:
        timestamp = time.strftime("%Y%m%d-%H%M%S", time.gmtime(at))
        target = top / f"{row.revision}-{timestamp}" / row.name
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(path, target)
        except FileExistsError:
            at += 1
            continue
        _sync(target.parent)
        return timestamp, target


def _sync(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
