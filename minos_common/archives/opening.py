"""Opens an archive by what it begins with: tar (plain, or by gzip, bzip2, xz, zstandard) or zip."""

import bz2
import contextlib
import gzip
import lzma
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any, NamedTuple

from minos_common.archives.entries import BadArchive, Reader
from minos_common.archives.tar_entries import BLOCK, TarReader, is_header
from minos_common.archives.zip_entries import ZipReader

_ZIP = b"PK\x03\x04"
_ZSTANDARD = b"\x28\xb5\x2f\xfd"
_PIECE = 1024 * 1024


class Opened(NamedTuple):
    """``position`` is how many of the archive's own ``size`` bytes were read; ``finish`` reads what follows the last
    entry, so that checksums at the end of compressed data are looked at.
    """

    reader: Reader
    size: int
    position: Callable[[], int]
    finish: Callable[[], None]


@contextlib.contextmanager
def opened(path: Path) -> Iterator[Opened]:
    """The archive at ``path``. What goes wrong with its bytes while it is read is a BadArchive; raises OSError too."""
    with path.open("rb") as raw:
        size = path.stat().st_size
        start = raw.read(BLOCK)
        raw.seek(0)
        if start.startswith(_ZIP):
            yield Opened(ZipReader(raw), size, raw.tell, lambda: None)
            return
        with _decompressed(raw, start) as stream, _told(start):
            yield Opened(TarReader(stream), size, raw.tell, lambda: _read_to_end(stream))


def _decompressed(raw: IO[bytes], start: bytes) -> contextlib.AbstractContextManager[Any]:
    if start.startswith(b"\x1f\x8b"):
        return gzip.open(raw, "rb")
    if start.startswith(b"BZh"):
        return bz2.open(raw, "rb")
    if start.startswith(b"\xfd7zXZ\0"):
        return lzma.open(raw, "rb")
    if start.startswith(_ZSTANDARD):
        from backports import zstd

        return zstd.open(raw, "rb")  # type: ignore[no-any-return]
    if not is_header(start):
        raise BadArchive("this is no tar (plain, or by gzip, bzip2, xz, zstandard) and no zip archive")
    return contextlib.nullcontext(raw)


@contextlib.contextmanager
def _told(start: bytes) -> Iterator[None]:
    try:
        yield
    except (EOFError, zlib.error, lzma.LZMAError, gzip.BadGzipFile) as error:
        raise BadArchive(f"the archive is damaged or truncated: {error}") from error
    except OSError as error:
        if error.errno is not None or not start.startswith(b"BZh"):  # bz2 has no name of its own for damage
            raise
        raise BadArchive(f"the archive is damaged or truncated: {error}") from error
    except Exception as error:
        if type(error).__name__ != "ZstdError":
            raise
        raise BadArchive(f"the archive is damaged or truncated: {error}") from error


def _read_to_end(stream: Any) -> None:
    while stream.read(_PIECE):
        pass
