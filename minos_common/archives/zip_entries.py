"""Reads zip archives as if they were streams of entries; every number and name is doubted."""

import stat
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO

from minos_common.archives.entries import BadArchive, Entry

_LONGEST_TARGET = 4096
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, UnicodeError)


class ZipReader:
    """Goes through an archive once, in the order of its list."""

    def __init__(self, file: IO[bytes]) -> None:
        """Raises BadArchive."""
        try:
            self._archive = zipfile.ZipFile(file)
        except _BROKEN as error:
            raise BadArchive(f"the zip archive is damaged or truncated: {error}") from error
        self._at_hand: zipfile.ZipInfo | None = None

    def entries(self) -> Iterator[Entry]:
        """Every member in turn. Raises BadArchive."""
        for info in self._archive.infolist():
            self._at_hand = None
            yield self._entry(info)

    def content(self, size: int = 1024 * 1024) -> Iterator[bytes]:
        """Content of the entry at hand, in pieces; its checksum is checked at the end. Raises BadArchive."""
        info, self._at_hand = self._at_hand, None
        if info is None:
            return
        try:
            with self._archive.open(info) as file:
                while piece := file.read(size):
                    yield piece
        except _BROKEN as error:
            raise BadArchive(f"{info.filename!r} is damaged: {error}") from error

    def _entry(self, info: zipfile.ZipInfo) -> Entry:
        name, mode = info.filename, info.external_attr >> 16
        if info.flag_bits & 1:
            raise BadArchive(f"{name!r} is encrypted, which is refused")
        if info.is_dir():
            return Entry(name, "directory", 0, False, "")
        if stat.S_ISLNK(mode):
            return Entry(name, "symlink", 0, False, self._target(info))
        if mode and stat.S_IFMT(mode) not in (0, stat.S_IFREG):
            raise BadArchive(f"{name!r} is neither file, directory nor link, which is refused")
        self._at_hand = info
        return Entry(name, "file", info.file_size, bool(mode & 0o111), "")

    def _target(self, info: zipfile.ZipInfo) -> str:
        if info.file_size > _LONGEST_TARGET:
            raise BadArchive(f"the link {info.filename!r} has a target of {info.file_size} bytes, which is refused")
        self._at_hand = info
        return b"".join(self.content()).decode("utf-8", "surrogateescape")
