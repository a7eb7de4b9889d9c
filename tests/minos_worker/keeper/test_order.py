"""The order in which things are told of a task, with the keeper's own moments stretched."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from minos_common.settings import WorkerSettings
from minos_common.states import TaskState
from minos_common.verbs import Lifecycle, StartSpec
from minos_common.words import TaskEvent
from minos_worker import records
from minos_worker.journal import Journal
from minos_worker.keeper.keeper import Keeper
from minos_worker.keeper.slot import Slot
from minos_worker.layout import layout_of
from minos_worker.process import tree
from minos_worker.records import TaskRecord
from minos_worker.start_script import START_SCRIPT
from tests.minos_worker.hosts import TASK


class Belated(Keeper):
    """Whoever is to be killed dies just after the keeper has listened for deaths."""

    def _is_free(self, slot: Slot) -> bool:
        while slot.killing and (left := self.processes.members(slot)):
            tree.kill(left)
            time.sleep(0.001)
        while slot.killing and tree.is_locked(slot.slot_dir / "lock"):
            time.sleep(0.001)
        return super()._is_free(slot)


@pytest.fixture
def told() -> list[TaskEvent]:
    return []


@pytest.fixture
def keeper(tmp_path: Path, told: list[TaskEvent]) -> Iterator[Keeper]:
    """A keeper with one described task that ignores TERM."""
    layout = layout_of(WorkerSettings(console="", console_key="", root=str(tmp_path)))
    run_dir = layout.run_dir(TASK)
    layout.stdout_dir(TASK).mkdir(parents=True)
    (run_dir / START_SCRIPT).write_text("trap '' TERM\nwhile :; do sleep 0.1; done\n")
    start = StartSpec([], [], [], [], lifecycle=Lifecycle(start_seconds=0.05))
    record = TaskRecord(TASK, start, "1", bootstrapped=True)
    records.save(layout, record)
    kept = Belated(layout, Journal(tmp_path / "journal"), told.append, lambda: None, lambda task: None)
    kept.load()
    thread = threading.Thread(target=kept.run)
    thread.start()
    yield kept
    kept.stop(TASK, 0.0).wait(20)
    kept.end()
    thread.join(20)


def test_how_it_ended_is_told_before_that_it_is_gone(keeper: Keeper, told: list[TaskEvent]) -> None:
    keeper.start(TASK).wait(20)
    keeper.stop(TASK, 0.0).wait(20)
    stopped = told[-1].status
    assert stopped.state is TaskState.STOPPED and stopped.reason == "killed: it did not stop in time"
    assert stopped.last_exit is not None and stopped.last_exit.forced
    assert (stopped.last_exit.kind, stopped.last_exit.value) == ("signal", 9)
