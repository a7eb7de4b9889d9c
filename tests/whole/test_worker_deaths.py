"""Workers that are killed over and over under many tasks. ``make soak`` sets MINOS_SOAK and gets the long form."""

import contextlib
import os
import random
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from minos_common.states import TaskState
from minos_common.verbs import Lifecycle
from minos_common.words import TaskName
from tests.minos_worker.console_double import ConsoleDouble
from tests.minos_worker.hosts import SLEEPER, WorkerProcess, alive, bash, run

SOAK = bool(os.environ.get("MINOS_SOAK"))
KILLS, TASKS, EXITS = (1000, 50, 500) if SOAK else (15, 20, 60)
PATIENCE = 10.0
"""Seconds from a worker's start in which all its states must be told; the figures are printed."""


@pytest.fixture
def console(tmp_path: Path) -> Iterator[ConsoleDouble]:
    made = ConsoleDouble(tmp_path)
    yield made
    made.close()


@pytest.fixture
def worker(tmp_path: Path, console: ConsoleDouble) -> Iterator[WorkerProcess]:
    made = WorkerProcess(tmp_path / "h1", console).start()
    yield made
    made.clean_up()


def names(number: int) -> list[TaskName]:
    return [TaskName("kafka", "dptst-x", "broker", one) for one in range(number)]


@pytest.mark.timeout(120 + 5 * KILLS)
def test_killing_the_worker_touches_no_task(worker: WorkerProcess, console: ConsoleDouble) -> None:
    pids = {task: run(console, SLEEPER, task) for task in names(TASKS)}
    took: list[float] = []
    dice = random.Random(1)
    for _ in range(KILLS):
        worker.kill()
        begin = time.monotonic()
        worker.start()
        took.append(time.monotonic() - begin)
        told = {status.task: status for status in console.hellos[-1].tasks}
        assert {task: told[task].pid for task in pids} == pids
        assert {(one.state, one.restarts, one.unattended) for one in told.values()} == {(TaskState.RUNNING, 0, False)}
        if dice.random() < 0.3:  # also in the middle of whatever follows a hello
            time.sleep(dice.uniform(0, 0.3))
    assert console.hellos[-1].worker_starts == KILLS + 1
    assert max(took) < PATIENCE
    print(
        f"{KILLS} kills under {TASKS} tasks: states told after median {statistics.median(took):.2f} s, most {max(took):.2f} s"
    )


def open_gate(gate: Path) -> None:
    """Whoever waits at the named pipe reads its end."""
    with contextlib.suppress(OSError):
        os.close(os.open(gate, os.O_WRONLY | os.O_NONBLOCK))


@pytest.mark.timeout(300 + EXITS)
def test_every_exit_while_the_worker_is_away_is_known(
    worker: WorkerProcess, console: ConsoleDouble, tmp_path: Path
) -> None:
    dice = random.Random(2)
    endings = [
        dice.choice([("code", dice.randrange(256)), ("signal", dice.choice([1, 2, 6, 9, 11, 15]))])
        for _ in range(EXITS)
    ]
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    once = Lifecycle(start_seconds=0.05, restart=False)
    for task, (kind, value) in zip(names(EXITS), endings, strict=True):
        end = f"exit {value}" if kind == "code" else f"kill -{value} $$; sleep 9"
        run(console, bash(f"read line < {gate}; {end}", once), task)
    records = [worker.process_record(task) for task in names(EXITS)]
    worker.kill()
    console.wait(lambda: open_gate(gate) or not any(alive(record) for record in records), 120)
    worker.start()
    told = {}
    for task in names(EXITS):
        last = console.wait_status(task, lambda status: status.state is TaskState.EXITED).last_exit
        told[task] = (last.kind, last.value) if last else None
    wrong = [(task, want, told[task]) for task, want in zip(names(EXITS), endings, strict=True) if told[task] != want]
    assert not wrong, wrong[:5]
    print(f"{EXITS} exits while the worker was away: {EXITS - len(wrong)} right")
