"""A config directory as one file: read from a zip or tar archive or a directory, written as a zip archive."""

import io
import posixpath
import stat
import tarfile
import time
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

MOST_FILES = 20_000
MOST_BYTES = 256 * 1024 * 1024
MOST_OF_ONE = 1024 * 1024
_BROKEN = (tarfile.TarError, zipfile.BadZipFile, EOFError, OSError, zlib.error, ValueError, RuntimeError)
_NOISE = (".git", ".svn", "__MACOSX", ".DS_Store")


class BadBundle(ValueError):
    """What cannot be read as a config directory; the text says why."""


class Bundle:
    """Files by path, as they lie in the archive, and those left out with the reason."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.left_out: dict[str, str] = {}
        self._size = 0

    def add(self, name: str, size: int, read: "Iterator[bytes]") -> None:
        """Take a file. Raises BadBundle when it is too much altogether."""
        path = posixpath.normpath(name.replace("\\", "/"))
        if any(part in _NOISE or part.startswith("._") for part in path.split("/")):
            return
        if path.startswith(("/", "../")) or path == "..":
            self.left_out[name] = "its path leads out of the directory"
        elif path in self.files:
            self.left_out[name] = "another file has the same path"
        elif size > MOST_OF_ONE:
            self.left_out[path] = f"it has {size} bytes; a file of the config directory has at most {MOST_OF_ONE}"
        else:
            self._size += size
            if len(self.files) >= MOST_FILES or self._size > MOST_BYTES:
                raise BadBundle(f"this is no config directory: more than {MOST_FILES} files or {MOST_BYTES} bytes")
            self.files[path] = b"".join(read)


def read_archive(file: BinaryIO) -> Bundle:
    """The regular files of a zip or tar archive (gzip, bzip2, xz or plain). Raises BadBundle."""
    start = file.read(512)
    file.seek(0)
    if not start:
        raise BadBundle("the file is empty")
    try:
        return _of_zip(file) if start.startswith(b"PK") else _of_tar(file)
    except _BROKEN as error:
        if isinstance(error, BadBundle):
            raise
        raise BadBundle(f"this is no zip or tar archive, or a broken one: {error}") from error


def _of_zip(file: BinaryIO) -> Bundle:
    found = Bundle()
    with zipfile.ZipFile(file) as archive:
        for member in archive.infolist():
            kind = stat.S_IFMT(member.external_attr >> 16)
            if member.is_dir():
                continue
            if kind not in (0, stat.S_IFREG):
                found.left_out[member.filename] = "it is a link or no regular file"
                continue
            with archive.open(member) as content:
                found.add(member.filename, member.file_size, _exactly(content, member.file_size))
    return found


def _of_tar(file: BinaryIO) -> Bundle:
    found = Bundle()
    with tarfile.open(fileobj=file, mode="r:*") as archive:
        for member in archive:
            if member.isdir():
                continue
            content = archive.extractfile(member) if member.isreg() else None
            if content is None:
                found.left_out[member.name] = "it is a link or no regular file"
                continue
            found.add(member.name, member.size, _exactly(content, member.size))
    return found


def _exactly(content: object, size: int) -> Iterator[bytes]:
    """At most ``size`` bytes, whatever the archive says later."""
    data = content.read(size + 1)  # type: ignore[attr-defined]
    if len(data) > size:
        raise BadBundle("a file is longer than the archive says")
    yield data


def read_directory(top: Path) -> Bundle:
    """The regular files below ``top``; links are left out. Raises BadBundle."""
    found = Bundle()
    if not top.is_dir():
        raise BadBundle(f"{top} is no directory of the console's machine")
    for path in sorted(top.rglob("*")):
        name = path.relative_to(top).as_posix()
        try:
            info = path.lstat()
            if stat.S_ISREG(info.st_mode):
                found.add(name, info.st_size, iter([path.read_bytes()] if info.st_size <= MOST_OF_ONE else []))
            elif not stat.S_ISDIR(info.st_mode):
                found.left_out[name] = "it is a link or no regular file"
        except OSError as error:
            found.left_out[name] = f"it cannot be read: {error.strerror}"
    return found


def as_zip(files: Mapping[str, tuple[bytes, float]]) -> bytes:
    """Path -> (content, time of change in epoch seconds), as a zip archive; the same files give the same bytes."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, (content, at) in sorted(files.items()):
            when = max(time.gmtime(at)[:6], (1980, 1, 1, 0, 0, 0))
            entry = zipfile.ZipInfo(path, date_time=when)
            entry.external_attr, entry.compress_type = (stat.S_IFREG | 0o644) << 16, zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return target.getvalue()
