"""A start that the shim reports as failed is failed, even while the process that did not become the task is still seen."""

import json
import os
import time
from pathlib import Path
from typing import cast

import pytest

from minos_common.settings import WorkerSettings
from minos_common.words import TaskName
from minos_worker.keeper import spawn
from minos_worker.keeper.slot import Slot
from minos_worker.keeper.terms import Terms
from minos_worker.layout import Layout, layout_of
from minos_worker.lifecycle import Memory
from minos_worker.process.identity import boot_id, stat_of
from minos_worker.process.launching import Launcher, SpawnFailed, SpawnRequest
from minos_worker.records import TaskRecord
from tests.minos_worker.hosts import SLEEPER

TASK = TaskName("kafka", "dptst-x", "broker")


class Telling:
    """A launcher whose shim wrote down a process that lives, and then said that it failed, or nothing at all."""

    def __init__(self, told: bool) -> None:
        self.told = told

    def spawn(self, request: SpawnRequest) -> None:
        own = stat_of(os.getpid())
        assert own is not None
        ids = {"pid": os.getpid(), "tick": own.tick, "shim_pid": os.getpid(), "shim_tick": own.tick}
        times = {"boot_id": boot_id(), "started_at": time.time(), "started_clock": 1.0}
        record = {"generation": request.generation, "stdout": request.stdout, **ids, **times}
        (Path(request.slot_dir) / "process.json").write_text(json.dumps(record))
        raise SpawnFailed("no such program", told=self.told)


def slot_at(layout: Layout) -> Slot:
    slot = layout.slot_dir(TASK)
    slot.mkdir(parents=True)
    (layout.run_dir(TASK) / "start.sh").write_text("#!/bin/bash\n")
    return Slot(TASK, slot, Memory(), TaskRecord(TASK, SLEEPER, "1"))


@pytest.mark.parametrize("told", [True, False])
def test_what_the_shim_says_counts(tmp_path: Path, told: bool) -> None:
    layout = layout_of(WorkerSettings(console="", console_key="", root=str(tmp_path)))
    launcher = cast(Launcher, Telling(told))
    if told:
        with pytest.raises(spawn.Refused, match="no such program"):
            spawn.start(layout, launcher, slot_at(layout), Terms())
    else:  # no answer, but there it is
        process = spawn.start(layout, launcher, slot_at(layout), Terms())
        assert process.record.pid == os.getpid()
        process.close()
