"""Real workers as processes on roots of their own, and the means to describe tasks to them."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from minos_common.settings import WorkerSettings
from minos_common.states import Outcome
from minos_common.verbs import Lifecycle, PrepareArgs, StartArgs, StartSpec, StopArgs
from minos_common.words import Report, TaskName
from minos_worker import records
from minos_worker.layout import Layout, layout_of
from minos_worker.process.identity import ProcessId, is_alive
from minos_worker.process.tree import all_processes, members
from tests.minos_worker.console_double import ConsoleDouble

REPOSITORY = Path(__file__).parents[2]


class WorkerProcess:
    """A worker daemon on a root of its own."""

    def __init__(self, folder: Path, console: ConsoleDouble, **settings: object) -> None:
        self.folder, self.console = folder, console
        self.ini = folder / "worker.ini"
        folder.mkdir(parents=True, exist_ok=True)
        values = {
            "console": console.endpoint,
            "console_key": console.keys.public.decode(),
            "root": "%(here)s/root",
            "name": folder.name,
            "address": "127.0.0.1",
            "keep_free_bytes": 0,
            **settings,
        }
        self.ini.write_text("[worker]\n" + "".join(f"{key} = {value}\n" for key, value in values.items()))
        self.log = folder / "worker.log"
        self.process: subprocess.Popen[bytes] | None = None
        self.command = [sys.executable, "-m", "minos_worker"]
        self.layout: Layout = layout_of(WorkerSettings(console="", console_key="", root=str(folder / "root")))

    def start(self) -> "WorkerProcess":
        hellos = len(self.console.hellos)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen([*self.command, str(self.ini)], cwd=REPOSITORY, stdout=log, stderr=log)
        self.console.wait(lambda: len(self.console.hellos) > hellos, 20, self.log.read_text)
        return self

    def kill(self) -> None:
        """kill -9, and wait until it is gone."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(10)

    def end(self) -> int:
        """SIGTERM; its exit code."""
        assert self.process is not None
        self.process.terminate()
        return self.process.wait(10)

    def process_record(self, task: TaskName) -> records.ProcessRecord:
        record = records.process_of(self.layout.slot_dir(task))
        assert record is not None
        return record

    def members_of(self, task: TaskName) -> dict[int, int]:
        """Living processes of a task, the shim left out."""
        record = records.process_of(self.layout.slot_dir(task))
        if record is None:
            return {}
        main, shim = ProcessId(record.pid, record.tick), ProcessId(record.shim_pid, record.shim_tick)
        return members(self.layout.slot_dir(task), main, shim, record.generation)

    def clean_up(self) -> None:
        """Leave no process behind, whatever the test did."""
        if self.process is not None and self.process.poll() is None:
            self.kill()
        mark = str(self.folder).encode()
        for _ in range(50):
            found = [pid for pid in all_processes() if pid != os.getpid() and _belongs(pid, mark)]
            if not found:
                return
            for pid in found:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(0.02)


def _belongs(pid: int, mark: bytes) -> bool:
    with contextlib.suppress(OSError):
        return b"MINOS_RUN_DIR=" + mark in Path(f"/proc/{pid}/environ").read_bytes()
    return False


TASK = TaskName("zookeeper", "dptst", "zookeeper")
QUICK = Lifecycle(start_seconds=0.3, retries=3, stop_wait=5.0)


def bash(text: str, lifecycle: Lifecycle = QUICK, **more: Any) -> StartSpec:
    """A start description of a little bash program that stands for a service."""
    return StartSpec([], [], ["-c", text], [], program="/bin/bash", lifecycle=lifecycle, **more)


SLEEPER = bash("echo up; exec sleep 1000")


def prepare_args(spec: StartSpec = SLEEPER, task: TaskName = TASK, **more: Any) -> PrepareArgs:
    values: dict[str, Any] = {"package": None, "files": {}, "config_revision": "1", "bootstrap": True, **more}
    return PrepareArgs(task=task, start=spec, **values)


def bootstrap(console: ConsoleDouble, spec: StartSpec = SLEEPER, task: TaskName = TASK, **more: Any) -> Report:
    """Bootstrap a task, which must succeed."""
    report = console.ask("prepare", prepare_args(spec, task, **more))
    assert report.outcome is Outcome.DONE, report
    return report


def run(console: ConsoleDouble, spec: StartSpec = SLEEPER, task: TaskName = TASK, **more: Any) -> int:
    """Bootstrap and start a task; its pid."""
    bootstrap(console, spec, task, **more)
    report = console.ask("start", StartArgs(task))
    assert report.outcome is Outcome.DONE, report
    pid = report.data["status"]["pid"]
    assert isinstance(pid, int)
    return pid


def stop(console: ConsoleDouble, task: TaskName = TASK) -> Report:
    return console.ask("stop", StopArgs(task))


def gone(pid: int) -> bool:
    """Whether a process is gone or only waits to be reaped."""
    return pid not in all_processes()


def alive(record: records.ProcessRecord) -> bool:
    return is_alive(ProcessId(record.pid, record.tick))
