"""Bytes that come in: to disk piece by piece, hashed on the way, within limits."""

import contextlib
import hashlib
import os
import secrets
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from minos_common.names import BadName, check

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
    """What an upload claims to be, and its limits in bytes. ``expected_sha256`` is checked unless empty. One of
    ``spread_from`` bytes or more is kept as blocks too, for hosts to hand on to each other. ``check`` is called while it is
    looked into, and may raise to end that.
    """

    artifact: str
    revision: str
    name: str
    user: str
    now: float
    max_bytes: int
    keep_free: int
    expected_sha256: str = ""
    spread_from: int = 8 * 1024**2
    check: Callable[[], None] = lambda: None


@dataclass(frozen=True)
class Arrived:
    """A file that came in whole."""

    path: Path
    size: int
    sha256: str
    sha1: str


def check_names(incoming: Incoming) -> None:
    """Raises BadPackage for a name that is missing or hostile."""
    for field, kind in (("artifact", "artifact"), ("revision", "revision"), ("name", "package")):
        text = getattr(incoming, field)
        if not text:
            raise BadPackage(field, f"{field} is missing")
        try:
            check(kind, text)
        except BadName as error:
            raise BadPackage(field, str(error)) from error


def check_room(directory: Path, size: int, keep_free: int) -> None:
    """Refuse ``size`` more bytes when less than ``keep_free`` would stay free. Raises NoRoom."""
    free = shutil.disk_usage(directory).free
    if free - size < keep_free:
        raise NoRoom(
            "file", f"{free} bytes are free and {keep_free} must stay so; delete something or ask for more disk"
        )


def check_sha256(expected: str, found: str) -> None:
    """Raises BadPackage where another content was announced; nothing announced fits all."""
    wanted = expected.strip().lower()
    if wanted and wanted != found:
        raise BadPackage("sha256", f"the upload has SHA-256 {found}, not {wanted}: it was damaged on its way")


def arrival(var: Path, now: float) -> Path:
    """A new file for the bytes that come in; what a crash left behind there is cleared away."""
    directory = var / "packages" / ".incoming"
    directory.mkdir(parents=True, exist_ok=True)
    for left_over in directory.iterdir():
        with contextlib.suppress(FileNotFoundError):  # another upload's, which ended in between
            if now - left_over.stat().st_mtime > _LEFT_OVER_SECONDS:
                left_over.unlink()
    return directory / secrets.token_hex(16)


def take(stream: Readable, path: Path, incoming: Incoming) -> Arrived:
    """The stream as a file at ``path``, on the disk and as announced. Raises BadPackage."""
    sha256, sha1, size = hashlib.sha256(), hashlib.sha1(usedforsecurity=False), 0
    with path.open("xb") as file:
        while piece := stream.read(PIECE):
            size += len(piece)
            if size > incoming.max_bytes:
                raise too_large(incoming.max_bytes)
            check_room(path.parent, len(piece), incoming.keep_free)
            sha256.update(piece)
            sha1.update(piece)
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    if not size:
        raise BadPackage("file", "the upload is empty")
    check_sha256(incoming.expected_sha256, sha256.hexdigest())
    return Arrived(path, size, sha256.hexdigest(), sha1.hexdigest())


def measure(path: Path, incoming: Incoming, looked: Callable[[int], None]) -> Arrived:
    """A file that lies here whole, as announced. ``looked`` is told the bytes that were read, and may raise. Raises
    BadPackage, OSError.
    """
    sha256, sha1, size = hashlib.sha256(), hashlib.sha1(usedforsecurity=False), 0
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            size += len(piece)
            looked(size)
            sha256.update(piece)
            sha1.update(piece)
        os.fsync(file.fileno())
    if not size:
        raise BadPackage("file", "the file is empty")
    if size > incoming.max_bytes:
        raise too_large(incoming.max_bytes)
    check_sha256(incoming.expected_sha256, sha256.hexdigest())
    return Arrived(path, size, sha256.hexdigest(), sha1.hexdigest())


def too_large(most: int) -> TooLarge:
    """What is said of an upload of more than ``most`` bytes."""
    return TooLarge("file", f"the package is larger than {most} bytes, which is the most allowed")
