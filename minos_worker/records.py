"""What was prepared for a task: kept beside the task, so that it outlives the worker and the worker's own directory."""

import logging
from pathlib import Path

import msgspec

from minos_common.verbs import StartSpec
from minos_common.words import PackageName, TaskName
from minos_worker import durable, owners
from minos_worker.layout import SLOT, Layout

log = logging.getLogger(__name__)

RECORD = "task.json"


class TaskRecord(msgspec.Struct, frozen=True):
    """A prepared task. ``files`` are the names of configuration files that we wrote into the run directory,
    ``script`` is the digest of the start script as written, ``sent`` those of all parts (minos_common.parts).
    """

    task: TaskName
    start: StartSpec
    config_revision: str
    package: PackageName | None = None
    package_dir: str = ""
    files: list[str] = []
    data_dir_indexes: tuple[int, ...] = (0,)
    bootstrapped: bool = False
    script: str = ""
    sent: dict[str, str] = {}
    version: int = 1


class ProcessRecord(msgspec.Struct, frozen=True):
    """What the shim wrote of the process it started; see ``shim._write_process_record``."""

    generation: str
    boot_id: str
    pid: int
    tick: int
    shim_pid: int
    shim_tick: int
    started_at: float
    started_clock: float
    stdout: str
    task: str = ""
    started_with: dict[str, str] = {}


def load(layout: Layout, task: TaskName) -> TaskRecord | None:
    """The record of a task; None when it was never prepared. A record that cannot be read, or that somebody else may
    have written, counts as none.
    """
    path = layout.slot_dir(task) / RECORD
    return _read(path) if _is_trusted(path) else None


def load_all(layout: Layout) -> list[TaskRecord]:
    """Records of all tasks of this host."""
    found = []
    for pattern in (f"*/*/*/{SLOT}/{RECORD}", f"*/*/*/*/{SLOT}/{RECORD}"):
        for path in sorted(layout.app.glob(pattern)):
            record = _read(path) if _is_trusted(path) else None
            if record is not None and layout.slot_dir(record.task) == path.parent:
                found.append(record)
    return found


def save(layout: Layout, record: TaskRecord) -> None:
    """Write the record durably, readable by the worker's user alone. Raises OSError."""
    folder = layout.slot_dir(record.task)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    owners.check(folder)
    durable.write(folder / RECORD, msgspec.json.format(msgspec.json.encode(record)), mode=0o600)


def process_of(slot_dir: Path) -> ProcessRecord | None:
    """The last process that was started in a slot, alive or not."""
    try:
        return msgspec.json.decode((slot_dir / "process.json").read_bytes(), type=ProcessRecord)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.MsgspecError) as error:
        log.warning("%s/process.json cannot be read: %s", slot_dir, error)
        return None


def _is_trusted(path: Path) -> bool:
    """What a task's user could forge would have a worker that is root signal any process and write to any file."""
    for folder in (path.parent, path.parent.parent):
        if folder.exists() and not owners.is_workers(folder):
            log.error("%s is not looked at: %s is a link or does not belong to root", path, folder)
            return False
    return True


def _read(path: Path) -> TaskRecord | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=TaskRecord)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.MsgspecError) as error:
        log.error("%s cannot be read: %s", path, error)
        return None
