"""Files that were given with client commands, below <var>/run-files under their digests, as long as a run names them."""

import hashlib
import os
import secrets
import shutil
import time
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

from minos_common.names import BadName, check

MOST_BYTES = 256 * 1024**2
MOST_FILES = 10
RESTS_SECONDS = 3600.0
"""So long a file stays that no run names: it may be about to."""
_BLOCK = 256 * 1024


class BadFile(ValueError):
    """A file that is not taken; the text says why."""


class RunFiles:
    """Files by digest. ``keep_free`` bytes of the disk stay free."""

    def __init__(self, var: Path, keep_free: int) -> None:
        self._folder, self._keep_free = var / "run-files", keep_free

    def take(self, name: str, body: BinaryIO) -> dict[str, Any]:
        """Keep a file; {name, size, sha256}. Raises BadFile, OSError."""
        try:
            check("file", name)
        except BadName as error:
            raise BadFile(str(error)) from error
        self._folder.mkdir(mode=0o700, exist_ok=True)
        part = self._folder / f".{secrets.token_hex(8)}.part"
        try:
            size, digest = self._write(part, body)
            part.rename(self._folder / digest)
        finally:
            part.unlink(missing_ok=True)
        return {"name": name, "size": size, "sha256": digest}

    def _write(self, part: Path, body: BinaryIO) -> tuple[int, str]:
        digest, size = hashlib.sha256(), 0
        with part.open("wb") as file:
            while block := body.read(_BLOCK):
                size += len(block)
                if size > MOST_BYTES:
                    raise BadFile(f"a file has at most {MOST_BYTES // 2**20} MiB; put larger ones on the host itself")
                if shutil.disk_usage(self._folder).free < self._keep_free + len(block):
                    raise BadFile("the console's disk is too full to take it")
                digest.update(block)
                file.write(block)
            file.flush()
            os.fsync(file.fileno())
        return size, digest.hexdigest()

    def path(self, sha256: str) -> Path:
        """Where a file of this digest lies."""
        return self._folder / check("file", sha256)

    def forget_others(self, kept: Collection[str]) -> None:
        """Delete files that no run names."""
        with suppress(FileNotFoundError):
            for path in list(self._folder.iterdir()):
                if path.name not in kept and time.time() - path.stat().st_mtime > RESTS_SECONDS:
                    path.unlink(missing_ok=True)
