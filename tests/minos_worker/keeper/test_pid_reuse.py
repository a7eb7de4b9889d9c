"""The kernel gives the pid of a dead task to a stranger: the worker neither takes it for the task nor touches it.

In a pid namespace of its own, where the next pid can be chosen.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from minos_common.states import Outcome, TaskState
from minos_common.verbs import StartArgs
from tests.minos_worker.console_double import ConsoleDouble
from tests.minos_worker.hosts import TASK, WorkerProcess, run, stop

INIT = "import os, signal; signal.signal(signal.SIGCHLD, signal.SIG_IGN); print(flush=True); signal.pause()"
"""First process of the namespace: takes what is orphaned, as any init."""


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


class Namespace:
    """A pid namespace with a /proc of its own."""

    def __init__(self) -> None:
        command = ["unshare", "--fork", "--pid", "--mount-proc", "--kill-child", sys.executable, "-c", INIT]
        self.unshare = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        assert self.unshare.stdout is not None
        if not self.unshare.stdout.readline():
            pytest.skip("no pid namespace can be made here")
        self.enter = ["nsenter", "--target", str(children_of(self.unshare.pid)[0]), "--pid", "--mount"]

    def next_pid(self, pid: int) -> None:
        """Whoever is born next gets this pid, if it is free."""
        text = f"open('/proc/sys/kernel/ns_last_pid', 'w').write('{pid - 1}')"
        subprocess.run([*self.enter, sys.executable, "-c", text], check=True)

    def end(self) -> None:
        """Everything in it is gone afterwards."""
        self.unshare.kill()
        self.unshare.wait()


@pytest.fixture
def space() -> Iterator[Namespace]:
    made = Namespace()
    yield made
    made.end()


@pytest.fixture
def worker(tmp_path: Path, console: ConsoleDouble, space: Namespace) -> Iterator[WorkerProcess]:
    daemon = WorkerProcess(tmp_path / "host1", console)
    daemon.command = [*space.enter, *daemon.command]
    yield daemon.start()


def stranger_with(space: Namespace, pid: int) -> subprocess.Popen[bytes]:
    """A process that has nothing to do with Minos and has this pid in the namespace."""
    for _ in range(50):
        space.next_pid(pid)
        found = subprocess.Popen([*space.enter, "sleep", "1000"])
        if inner_pid(found) == pid:
            return found
        found.kill()
        found.wait()
    raise AssertionError(f"nobody got pid {pid}")


def inner_pid(process: subprocess.Popen[bytes]) -> int:
    """Its pid in the namespace: nsenter forks, and its child is there."""
    while process.poll() is None:
        children = children_of(process.pid)
        if children:
            lines = Path(f"/proc/{children[0]}/status").read_text().splitlines()
            return int(next(line for line in lines if line.startswith("NSpid:")).split()[-1])
    return -1


def test_a_stranger_with_the_pid_of_a_dead_task_is_left_alone(
    worker: WorkerProcess, console: ConsoleDouble, space: Namespace
) -> None:
    pid = run(console)
    record = worker.process_record(TASK)
    assert record.pid == pid
    assert worker.process is not None
    os.kill(children_of(worker.process.pid)[0], signal.SIGKILL)
    worker.process.wait(10)
    for victim in (record.shim_pid, record.pid):  # first who would write down how it ended
        subprocess.run([*space.enter, "kill", "-9", str(victim)], check=True)
    stranger = stranger_with(space, pid)
    try:
        worker.start()
        status = console.wait_status(TASK, lambda status: status.last_exit is not None)
        assert status.last_exit is not None and status.last_exit.kind == "unknown"
        console.wait_status(TASK, lambda status: status.state is TaskState.RUNNING and status.pid != pid)
        assert stop(console).outcome is Outcome.DONE
        assert stranger.poll() is None and inner_pid(stranger) == pid
        assert console.ask("start", StartArgs(TASK)).outcome is Outcome.DONE
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()
