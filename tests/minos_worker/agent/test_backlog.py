"""Figures of a worker whose console is away, that is killed, whose clock is set, whose disk takes nothing."""

import itertools
import time
from pathlib import Path

import pytest

from minos_common.words import Samples
from tests.minos_worker.agent.test_clock_jumps import Clock, clock, worker
from tests.minos_worker.console_double import ConsoleDouble
from tests.minos_worker.hosts import WorkerProcess

__all__ = ["clock", "worker"]
HOUR = 3600.0


def spooled(worker: WorkerProcess) -> int:
    return sum(path.suffix == ".batch" for path in worker.layout.samples.glob("*"))


def placed(batch: Samples) -> float:
    """When it was taken, by this process's clock."""
    assert batch.shift is not None
    return batch.groups[0].at + batch.shift


def test_figures_survive_a_console_that_is_away_and_a_worker_that_is_killed(
    worker: WorkerProcess, console: ConsoleDouble
) -> None:
    console.wait(lambda: len(console.samples) >= 2)
    console.close()
    console.wait(lambda: spooled(worker) >= 4, 30)
    worker.kill()
    console.samples.clear()
    console.open()
    before, restarted = spooled(worker), time.time()
    worker.start()
    console.wait(lambda: len(console.samples) >= before + 4 and spooled(worker) == 0, 30, lambda: spooled(worker))
    ids = [batch.batch_id for batch in console.samples]
    assert len(ids) == len(set(ids))
    times = [placed(batch) for batch in console.samples if placed(batch) < restarted - 0.1]
    # Own times in their order, and without a hole: a batch every period.
    assert len(times) == before and times == sorted(times)
    gaps = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert sorted(gaps)[len(gaps) // 2] < 1.5 * console.sample_seconds


def test_a_worker_that_ends_in_order_loses_nothing(worker: WorkerProcess, console: ConsoleDouble) -> None:
    console.wait(lambda: console.samples)
    console.notes = False
    seen = {batch.batch_id for batch in console.wait(lambda: console.samples[:] if len(console.samples) > 3 else None)}
    assert worker.end() == 0
    console.notes = True
    console.samples.clear()
    worker.start()
    console.wait(lambda: seen & {batch.batch_id for batch in console.samples}, 20)


@pytest.mark.parametrize("jump", [HOUR, -HOUR])
def test_figures_are_placed_right_when_the_clock_is_set_while_the_console_is_away(
    worker: WorkerProcess, console: ConsoleDouble, clock: Clock, jump: float
) -> None:
    console.wait(lambda: [batch for batch in console.samples if batch.shift is not None])
    console.close()
    console.samples.clear()
    begin = time.time()
    console.wait(lambda: spooled(worker) >= 2, 30)
    clock.jump(jump)
    console.wait(lambda: spooled(worker) >= 16, 30)
    console.open()
    console.wait(lambda: len(console.samples) >= 18 and spooled(worker) == 0, 30)
    right = [batch for batch in console.samples if abs(batch.shift or 0.0) < 60]
    wrong = [batch for batch in console.samples if abs((batch.shift or 0.0) + jump) < 60]
    assert right and wrong and len(right) + len(wrong) == len(console.samples)
    assert all(begin - 2 < placed(batch) < time.time() + 2 for batch in console.samples)


def test_a_disk_that_takes_no_figures_stops_none(tmp_path: Path, console: ConsoleDouble) -> None:
    daemon = WorkerProcess(tmp_path / "host1", console, spool_batches=5)
    daemon.layout.worker.mkdir(parents=True)
    daemon.layout.samples.write_text("a file where a directory should be")
    daemon.start()
    try:
        console.wait(lambda: len(console.samples) > 2)
        console.notes = False

        def told() -> dict[str, str]:
            return {one.code: one.message for one in console.beats[-1][1].degraded}

        console.wait(lambda: {"figures-in-memory", "figures-dropped"} <= set(told()), 30, told)
        assert "memory only" in told()["figures-in-memory"]
        count = len(console.samples)
        console.wait(lambda: len(console.samples) > count + 3)
    finally:
        daemon.clean_up()
