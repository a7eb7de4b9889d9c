"""The peer in the benchmark: supervisord with a section for each task, asked over its Unix socket as supervisorctl does."""

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from xmlrpc.client import ServerProxy

from supervisor.xmlrpc import SupervisorTransport

from benchmarks.sides import NotSo, wait_for
from minos_worker.process.tree import all_processes, descendants

DAEMON = """\
[unix_http_server]
file = %(here)s/s
[supervisord]
directory = %(here)s
logfile = %(here)s/supervisord.log
pidfile = %(here)s/supervisord.pid
childlogdir = %(here)s
nodaemon = true
silent = true
[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface
[supervisorctl]
serverurl = unix://%(here)s/s
"""
TASK = """\
[program:sleeper{number}]
command = {command}
autostart = false
redirect_stderr = true
"""
"""Both outputs into one file, as Minos does; all else as it comes."""


class SupervisordSide:
    """supervisord with its configuration below ``folder``, which must be short: a socket's name has 107 letters."""

    name = "supervisord"

    def __init__(self, folder: Path, command: list[str], tasks: int) -> None:
        folder.mkdir(parents=True)
        self._folder, self._tasks = folder, tasks
        sections = [TASK.format(number=number, command=" ".join(command)) for number in range(tasks)]
        self._ini = folder / "supervisord.conf"
        self._ini.write_text("".join([DAEMON, *sections]))
        self._process: subprocess.Popen[bytes] | None = None
        self.daemon = 0

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "supervisor.supervisord", "-n", "-c", str(self._ini)]
        with (self._folder / "output").open("wb") as output:
            self._process = subprocess.Popen(command, cwd=self._folder, stdout=output, stderr=output)
        self.daemon = self._process.pid
        try:
            wait_for(self._answers, "supervisord answers", 20)
        except BaseException:
            self._kill()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process is not None
        try:
            if error is None:
                self._process.terminate()
                self._process.wait(60)
        finally:
            self._kill()

    def start_tasks(self) -> None:
        """Ask for all tasks, without waiting for them."""
        self._ask("startAllProcesses", False)

    def settle(self) -> None:
        """Wait until all tasks are RUNNING."""
        wait_for(lambda: self._states() == ["RUNNING"] * self._tasks, "all programs of supervisord are RUNNING")

    def tell_status(self) -> None:
        """As supervisorctl does: all in one answer."""
        assert len(self._states()) == self._tasks

    def stop_tasks(self) -> None:
        """Stop all at once."""
        self._ask("stopAllProcesses", True)

    def own(self) -> dict[str, list[int]]:
        """supervisord alone: it has nothing between itself and a task."""
        return {"supervisord": [self.daemon]}

    def _ask(self, method: str, *args: object) -> Any:
        transport = SupervisorTransport(None, None, f"unix://{self._folder}/s")
        try:
            return getattr(ServerProxy("http://127.0.0.1", transport).supervisor, method)(*args)
        finally:
            transport.close()

    def _answers(self) -> bool:
        assert self._process is not None
        if self._process.poll() is not None:
            raise NotSo(f"supervisord ended: {(self._folder / 'output').read_text()}")
        with contextlib.suppress(OSError):
            return bool(self._ask("getState")["statename"] == "RUNNING")
        return False

    def _states(self) -> list[str]:
        return [one["statename"] for one in self._ask("getAllProcessInfo")]

    def _kill(self) -> None:
        """Leave no process behind, whatever happened."""
        assert self._process is not None
        if self._process.poll() is not None:
            return
        for pid in [*descendants([self.daemon], all_processes()), self.daemon]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._process.wait(10)
