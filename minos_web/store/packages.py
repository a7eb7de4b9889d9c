"""The package store: files below <var>/packages, rows that describe them."""

import contextlib
import hashlib
import os
import secrets
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from minos_common.names import BadName, check
from minos_web.models.packages import Package
from minos_web.store.archives import NotAnArchive, check_archive
from minos_web.store.wheels import WORKER, version_of

PIECE = 1024 * 1024
_LEFT_OVER_SECONDS = 86400.0


class BadPackage(ValueError):
    """An upload that is refused. ``field`` says which part is wrong."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class TooLarge(BadPackage):
    """More bytes than a package may have."""


class NoRoom(BadPackage):
    """Too little disk space would stay free."""


class Readable(Protocol):
    """Where an upload comes from."""

    def read(self, size: int, /) -> bytes:
        """Up to ``size`` bytes; empty at the end."""


@dataclass(frozen=True)
class Incoming:
    """What an upload claims to be, and its limits in bytes. ``expected_sha256`` is checked unless empty."""

    artifact: str
    revision: str
    name: str
    user: str
    now: float
    max_bytes: int
    keep_free: int
    expected_sha256: str = ""


@dataclass(frozen=True)
class _Received:
    """A file that came in whole."""

    path: Path
    size: int
    sha256: str
    sha1: str


def receive(session: Session, var: Path, stream: Readable, incoming: Incoming) -> tuple[Package, bool]:
    """Take a package in; returns its row and whether it is new (the same artifact and content is kept once).

    Bytes go to disk piece by piece, are checked, and only then is the database asked: an upload that lasts an hour
    holds no lock. Raises BadPackage; nothing is left behind then.
    """
    _check_names(incoming)
    arrival = _arrival(var, incoming.now)
    try:
        received = _take(stream, arrival, incoming)
        _check_sha256(incoming, received)
        _check_archive(received)
        _check_worker(incoming, received)
        known = _same(session, incoming.artifact, received.sha256)
        if known is not None and file_of(var, known).is_file():
            return known, False
        if known is not None:
            return _restored(var, known, received), False
        return _keep(session, var, incoming, received)
    finally:
        arrival.unlink(missing_ok=True)


def find(session: Session, artifact: str | None = None, name: str | None = None) -> list[Package]:
    """Packages, newest first."""
    wanted = select(Package).order_by(Package.id.desc())
    if artifact:
        wanted = wanted.where(Package.artifact == artifact)
    if name:
        wanted = wanted.where(Package.name == name)
    return list(session.scalars(wanted))


def latest(session: Session, artifact: str, name: str | None = None) -> Package | None:
    """The package of this artifact (and file name) that was uploaded last, whatever its version."""
    return next(iter(find(session, artifact, name)), None)


def file_of(var: Path, package: Package) -> Path:
    """Where the bytes of a package lie."""
    return var / package.path


def check_room(directory: Path, size: int, keep_free: int) -> None:
    """Refuse ``size`` more bytes when less than ``keep_free`` would stay free. Raises NoRoom."""
    free = shutil.disk_usage(directory).free
    if free - size < keep_free:
        raise NoRoom(
            "file", f"{free} bytes are free and {keep_free} must stay so; delete something or ask for more disk"
        )


def _check_names(incoming: Incoming) -> None:
    for field, kind in (("artifact", "artifact"), ("revision", "revision"), ("name", "package")):
        text = getattr(incoming, field)
        if not text:
            raise BadPackage(field, f"{field} is missing")
        try:
            check(kind, text)
        except BadName as error:
            raise BadPackage(field, str(error)) from error


def _arrival(var: Path, now: float) -> Path:
    """A new file for the bytes that come in; what a crash left behind there is cleared away."""
    directory = var / "packages" / ".incoming"
    directory.mkdir(parents=True, exist_ok=True)
    for left_over in directory.iterdir():
        with contextlib.suppress(FileNotFoundError):  # another upload's, which ended in between
            if now - left_over.stat().st_mtime > _LEFT_OVER_SECONDS:
                left_over.unlink()
    return directory / secrets.token_hex(16)


def _take(stream: Readable, path: Path, incoming: Incoming) -> _Received:
    sha256, sha1, size = hashlib.sha256(), hashlib.sha1(usedforsecurity=False), 0
    with path.open("xb") as file:
        while piece := stream.read(PIECE):
            size += len(piece)
            if size > incoming.max_bytes:
                raise TooLarge(
                    "file", f"the package is larger than {incoming.max_bytes} bytes, which is the most allowed"
                )
            check_room(path.parent, len(piece), incoming.keep_free)
            sha256.update(piece)
            sha1.update(piece)
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    if not size:
        raise BadPackage("file", "the upload is empty")
    return _Received(path, size, sha256.hexdigest(), sha1.hexdigest())


def _check_sha256(incoming: Incoming, received: _Received) -> None:
    expected = incoming.expected_sha256.strip().lower()
    if expected and expected != received.sha256:
        raise BadPackage(
            "sha256", f"the upload has SHA-256 {received.sha256}, not {expected}: it was damaged on its way"
        )


def _check_archive(received: _Received) -> None:
    try:
        check_archive(received.path)
    except NotAnArchive as error:
        raise BadPackage("file", str(error)) from error


def _check_worker(incoming: Incoming, received: _Received) -> None:
    """A worker wheel is looked at before it comes near a host."""
    if incoming.artifact != WORKER:
        return
    version = version_of(received.path)
    if version is None:
        raise BadPackage("file", f"the artifact {WORKER} takes wheels of the Minos worker only, and this is none")
    if version != incoming.revision:
        raise BadPackage("revision", f"the wheel says it is version {version}: give that as revision")


def _same(session: Session, artifact: str, sha256: str) -> Package | None:
    return session.scalar(select(Package).where(Package.artifact == artifact, Package.sha256 == sha256))


def _restored(var: Path, known: Package, received: _Received) -> Package:
    """A row whose file was lost gets its file back."""
    target = file_of(var, known)
    target.parent.mkdir(parents=True, exist_ok=True)
    received.path.replace(target)
    return known


def _keep(session: Session, var: Path, incoming: Incoming, received: _Received) -> tuple[Package, bool]:
    """Put the file in its place and describe it; whoever uploads the same at the same time comes second."""
    timestamp, target = _place(var, incoming, received.path)
    row = Package(
        artifact=incoming.artifact,
        name=incoming.name,
        revision=incoming.revision,
        timestamp=timestamp,
        size=received.size,
        sha256=received.sha256,
        sha1=received.sha1,
        uploaded_by=incoming.user,
        uploaded_at=incoming.now,
        path=target.relative_to(var).as_posix(),
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        target.unlink(missing_ok=True)
        first = _same(session, incoming.artifact, received.sha256)
        if first is None:
            raise
        return first, False
    except Exception:
        target.unlink(missing_ok=True)
        raise
    return row, True


def _place(var: Path, incoming: Incoming, path: Path) -> tuple[str, Path]:
    """Timestamp and final path; a second that is taken by another upload of the revision makes way for the next."""
    at = int(incoming.now)
    while True:
        timestamp = time.strftime("%Y%m%d-%H%M%S", time.gmtime(at))
        target = var / "packages" / incoming.artifact / f"{incoming.revision}-{timestamp}" / incoming.name
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
