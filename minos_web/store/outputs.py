"""What client commands printed, below <var>/outputs: one file for each command, as long as its step is kept."""

import os
import re
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

_NAME = re.compile(r"[0-9a-f]{1,64}")


class Outputs:
    """Files by command id. Several processes may read; the engine alone writes."""

    def __init__(self, var: Path) -> None:
        self._folder = var / "outputs"

    def path(self, command_id: str) -> Path:
        """Where the output of a command lies. Raises ValueError for what is no id of ours."""
        if not _NAME.fullmatch(command_id):
            raise ValueError(f"{command_id!r} is no id of a command")
        return self._folder / command_id

    def put(self, command_id: str, offset: int, data: bytes) -> int:
        """Keep ``data``, which begins at byte ``offset``, once; how many bytes are here then. A hole (of a console that lost
        some) is filled with NUL bytes. Raises OSError, ValueError.
        """
        path = self.path(command_id)
        self._folder.mkdir(mode=0o700, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            have = os.fstat(handle).st_size
            if offset + len(data) <= have:
                return have
            fresh = data[max(0, have - offset) :]
            os.pwrite(handle, fresh, max(have, offset))
            return max(have, offset) + len(fresh)
        finally:
            os.close(handle)

    def size(self, command_id: str) -> int:
        """Bytes that are here."""
        try:
            return self.path(command_id).stat().st_size
        except FileNotFoundError:
            return 0

    def read(self, command_id: str, offset: int, limit: int) -> bytes:
        """At most ``limit`` bytes from ``offset`` on; empty where there is nothing yet."""
        try:
            with self.path(command_id).open("rb") as file:
                file.seek(offset)
                return file.read(limit)
        except FileNotFoundError:
            return b""

    def forget_others(self, kept: Collection[str]) -> None:
        """Delete the files of all other commands."""
        with suppress(FileNotFoundError):
            for path in list(self._folder.iterdir()):
                if path.name not in kept:
                    path.unlink(missing_ok=True)
