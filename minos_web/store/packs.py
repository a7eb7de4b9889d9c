"""Client packs: a package with a cluster's client configuration in front, below <var>/packs for an hour."""

import bz2
import gzip
import io
import lzma
import os
import secrets
import shutil
import tarfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

KEPT_SECONDS = 3600.0
_BLOCK = 1024 * 1024
_SOME_TIME = 1577836800
"""Our own entries are this old (2020-01-01): the same cluster and package give the same bytes."""
_COMPRESS: dict[str, Callable[[bytes], bytes]] = {
    ".tar": lambda data: data,
    ".gz": lambda data: gzip.compress(data, 6, mtime=_SOME_TIME),
    ".tgz": lambda data: gzip.compress(data, 6, mtime=_SOME_TIME),
    ".bz2": bz2.compress,
    ".tbz2": bz2.compress,
    ".xz": lzma.compress,
    ".txz": lzma.compress,
}


class CannotPack(Exception):
    """The package cannot be packed, or there is no room; the text says why."""


class Packs:
    """Finished packs by name. ``keep_free`` bytes of the disk stay free."""

    def __init__(self, var: Path, keep_free: int) -> None:
        self._folder, self._keep_free = var / "packs", keep_free

    def make(self, name: str, package: Path, files: Mapping[str, tuple[str, int]]) -> Path:
        """The pack of this name: ``files`` (path below the package's top folder -> text and mode), then the package as it is.

        Every format of compression lets streams follow one another, so the package is neither unpacked nor read by us.
        Raises CannotPack, OSError.
        """
        self._folder.mkdir(mode=0o700, exist_ok=True)
        path = self._folder / name
        if path.is_file():
            os.utime(path)
            return path
        head = _head(package, files)
        if shutil.disk_usage(self._folder).free < self._keep_free + package.stat().st_size + len(head):
            raise CannotPack("the console's disk is too full to make it")
        part = self._folder / f".{secrets.token_hex(8)}.part"
        try:
            with part.open("wb") as target, package.open("rb") as source:
                target.write(head)
                shutil.copyfileobj(source, target, _BLOCK)
            part.rename(path)
        finally:
            part.unlink(missing_ok=True)
        return path

    def forget_old(self, now: float) -> None:
        """Delete packs that nobody has asked for lately."""
        with suppress(FileNotFoundError):
            for path in list(self._folder.iterdir()):
                if now - path.stat().st_mtime > KEPT_SECONDS:
                    path.unlink(missing_ok=True)


def top_of(package: Path) -> str:
    """Name of the folder that a package's files lie in. Raises CannotPack."""
    try:
        with tarfile.open(package, "r|*") as archive:
            first = archive.next()
    except (tarfile.TarError, OSError, EOFError, lzma.LZMAError) as error:
        raise CannotPack(f"{package.name} cannot be read as a tar archive: {error}") from error
    parts = [part for part in (first.name.split("/") if first else []) if part not in ("", ".")]
    if not parts or ".." in parts:
        raise CannotPack(f"{package.name} has no folder at its top")
    return parts[0]


def _head(package: Path, files: Mapping[str, tuple[str, int]]) -> bytes:
    compress = _COMPRESS.get(package.suffix)
    if compress is None:
        raise CannotPack(f"{package.name} is compressed in a way that cannot be added to; upload it as .tar.gz")
    top = top_of(package)
    room = io.BytesIO()
    for path, (text, mode) in files.items():
        data = text.encode(errors="surrogateescape")
        entry = tarfile.TarInfo(f"{top}/{path}")
        entry.size, entry.mode, entry.mtime = len(data), mode, _SOME_TIME
        room.write(entry.tobuf(tarfile.PAX_FORMAT))
        room.write(data)
        room.write(b"\0" * (-len(data) % 512))
    return compress(room.getvalue())
