"""After a restart of the worker: what has become of a task meanwhile."""

import time

from minos_common.states import LIVE_TASK_STATES, TaskState
from minos_worker import lifecycle, records
from minos_worker.keeper.slot import Slot, process_from
from minos_worker.logs import last_lines
from minos_worker.process import tree


def event_for(slot: Slot, boot: str) -> lifecycle.Event | None:
    """What the slot's machine has to be told, or None; takes the slot's process over.

    A record of another boot is never acted upon: its pids belong to strangers now.
    """
    record = records.process_of(slot.slot_dir)
    locked = tree.is_locked(slot.slot_dir / "lock")
    if record is not None and record.boot_id != boot:
        if slot.memory.boot_id != boot:
            return lifecycle.Rebooted(boot)
        record = None
    if record is None:
        return _without_record(slot, locked)
    slot.process = process_from(record)
    slot.last_lines = last_lines(record.stdout, 50)
    if slot.process.main_fd is not None:
        slot.process.exit_told = False
        return lifecycle.Adopted(record.pid, record.started_at, record.started_clock)
    if slot.memory.state in LIVE_TASK_STATES:
        if (
            slot.memory.pid is None
            and slot.memory.state is TaskState.STARTING
            and record.started_clock < slot.memory.since_clock
        ):
            return _restart_interrupted_spawn(slot)
        return None  # the keeper finds the exit record, or that there is none, when it looks
    slot.process.exit_told = True
    return None


def _without_record(slot: Slot, locked: bool) -> lifecycle.Event | None:
    if locked:
        return lifecycle.Blocked("its slot is held by processes of which there is no record; stop it to end them")
    if slot.memory.state is TaskState.STARTING:
        return _restart_interrupted_spawn(slot)
    if slot.memory.state in LIVE_TASK_STATES:
        return lifecycle.Exited("unknown", None, time.time())
    return None


def _restart_interrupted_spawn(slot: Slot) -> lifecycle.Event | None:
    """The worker died after it had decided to start the task and before it did: the decision stands."""
    if slot.process is not None:
        slot.process.exit_told = True
    slot.spawning = True
    slot.busy_since = time.clock_gettime(time.CLOCK_BOOTTIME)
    return None
