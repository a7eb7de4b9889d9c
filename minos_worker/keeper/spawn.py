"""Starts the process of a slot through launcher and shim."""

import os
import time
import uuid
from pathlib import Path

from minos_worker import owners, records
from minos_worker.keeper.slot import Process, Slot, process_from, still_runs
from minos_worker.keeper.terms import Terms, too_much
from minos_worker.layout import Layout
from minos_worker.process.launching import Launcher, SpawnFailed, SpawnRequest
from minos_worker.start_script import START_SCRIPT
from minos_worker.task_user import TaskUser

_PASSED_ON = ("PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "TZ", "TMPDIR", "JAVA_HOME", "LD_LIBRARY_PATH")
"""Variables of the worker that a task gets; anything else might be a secret of ours."""


class Refused(Exception):
    """No process could be started; the text says why."""


def start(layout: Layout, launcher: Launcher, slot: Slot, terms: Terms) -> Process:
    """Start the slot's process, which runs its start.sh. Raises Refused."""
    if slot.record is None:
        raise Refused("it was never prepared")
    run_dir = layout.run_dir(slot.task)
    if not (run_dir / START_SCRIPT).is_file():
        raise Refused(f"{run_dir / START_SCRIPT} is missing; update its configuration")
    if not belongs_to(run_dir / START_SCRIPT, terms.user):
        raise Refused("it was prepared for another user than the one that tasks run as now: update its configuration")
    started = time.strftime("%Y%m%d-%H%M%S")
    output = layout.stdout_dir(slot.task) / f"{slot.task.job}_{started}.out"
    generation = uuid.uuid4().hex
    request = SpawnRequest(
        generation=generation,
        slot_dir=str(slot.slot_dir),
        run_dir=str(run_dir),
        argv=["/bin/bash", str(run_dir / START_SCRIPT)],
        environment=environment(generation, started, run_dir, terms.user),
        stdout=str(output),
        task=str(slot.task),
        limits=terms.limits(slot.record.start.limits),
        user=terms.user,
        started_with=slot.held,
    )
    try:
        output.parent.mkdir(exist_ok=True)
        owners.show(output.parent, terms.user)
        launcher.spawn(request)
    except (SpawnFailed, owners.Foreign, OSError) as error:
        # Whoever failed to become the task may still be seen for a moment: when the shim says so, that is not asked.
        told = isinstance(error, SpawnFailed) and error.told
        found = None if told else records.process_of(slot.slot_dir)
        if found is None or found.generation != generation or not still_runs(found):
            limit = error.limit if isinstance(error, SpawnFailed) else None
            raise Refused(too_much(limit) if limit else str(error)) from error
    record = records.process_of(slot.slot_dir)
    if record is None or record.generation != generation:
        raise Refused("its process record was not written")
    return process_from(record)


def belongs_to(path: Path, user: TaskUser | None) -> bool:
    """Whether a script is the task's own: what somebody else may have written is not run. Raises OSError."""
    return os.geteuid() != 0 or path.lstat().st_uid == (user.uid if user else 0)


def environment(generation: str, started: str, run_dir: Path, user: TaskUser | None = None) -> dict[str, str]:
    """Environment of a task before its own start script adds to it."""
    passed = {name: value for name, value in os.environ.items() if name in _PASSED_ON or name.startswith("LC_")}
    passed.setdefault("PATH", "/usr/local/bin:/usr/bin:/bin")
    passed.update(user.environment() if user else {})
    return {**passed, "MINOS_GENERATION": generation, "MINOS_START_TIME": started, "MINOS_RUN_DIR": str(run_dir)}
