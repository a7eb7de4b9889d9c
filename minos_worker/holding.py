"""What of a task is really on this host: each part looked at on the disk, and read again only when it has changed."""

import os

from minos_common import parts
from minos_common.words import TaskName
from minos_worker import below
from minos_worker.layout import Layout
from minos_worker.records import TaskRecord
from minos_worker.start_script import START_SCRIPT

MOST_BYTES = 4 * 1024 * 1024
"""Of a longer file the head alone is looked at; nobody sends one."""

_Stamp = tuple[int, int, int, int]


class Holdings:
    """For one thread at a time. Knows the files it has read by device, inode, size and time of change."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._known: dict[tuple[TaskName, str], tuple[_Stamp, str]] = {}

    def of(self, record: TaskRecord) -> dict[str, str]:
        """Part -> digest of what is there now; ``parts.MISSING`` for what was written and is gone or cannot be read."""
        found = parts.digests_of(parts.texts_of({}, record.start, record.package))
        try:
            folder = below.open_directory(self._layout.run_dir(record.task))
        except OSError:
            names = [f"{parts.FILE}{name}" for name in record.files]
            return found | dict.fromkeys([*names, parts.COMMAND], parts.MISSING)
        try:
            for name in record.files:
                found[f"{parts.FILE}{name}"] = self._digest(record.task, name, folder)
            if record.script:
                script = self._digest(record.task, START_SCRIPT, folder)
                if script != record.script:
                    found[parts.COMMAND] = script  # no text of ours: edited here, or gone
        finally:
            os.close(folder)
        return found

    def forget(self, task: TaskName) -> None:
        """The task is no more."""
        self._known = {key: value for key, value in self._known.items() if key[0] != task}

    def _digest(self, task: TaskName, name: str, folder: int) -> str:
        try:
            handle = below.open_file(name, folder)
        except OSError:
            return parts.MISSING
        with os.fdopen(handle, "rb") as file:
            info = os.fstat(handle)
            stamp = (info.st_dev, info.st_ino, info.st_size, info.st_mtime_ns)
            known = self._known.get((task, name))
            if known is not None and known[0] == stamp:
                return known[1]
            found = parts.digest(file.read(MOST_BYTES))
        self._known[task, name] = (stamp, found)
        return found
