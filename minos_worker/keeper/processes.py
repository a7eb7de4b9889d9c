"""The processes of tasks as the keeper deals with them: the one place where a worker starts, finds, signals and ends them."""

import logging
import signal

from minos_worker import lifecycle
from minos_worker.keeper import adopt, spawn
from minos_worker.keeper.slot import Process, Slot, exit_event
from minos_worker.keeper.terms import Terms
from minos_worker.layout import Layout
from minos_worker.process import tree
from minos_worker.process.launching import Launcher

log = logging.getLogger(__name__)


class Processes:
    """Those of this host, each started by a shim that outlives the worker. For the keeper's thread, but ``send``."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._launcher = Launcher()

    def begin(self) -> None:
        """Be ready to start some."""
        try:
            self._launcher.start()
        except OSError:
            log.exception("the launcher does not start; it is tried again when a task is started")

    def end(self) -> None:
        """Start no more; those that live stay."""
        self._launcher.close()

    def found(self, slot: Slot, boot: str) -> lifecycle.Event | None:
        """What has become of a slot's process since a worker before this one knew it; takes it over."""
        return adopt.event_for(slot, boot)

    def start(self, slot: Slot, terms: Terms) -> Process:
        """Start the slot's process. Raises spawn.Refused."""
        return spawn.start(self._layout, self._launcher, slot, terms)

    def how_ended(self, slot: Slot, process: Process) -> lifecycle.Exited | None:
        """How it ended; None while that is not known."""
        return exit_event(slot, process)

    def members(self, slot: Slot) -> dict[int, int]:
        """What lives of the task: pid -> start tick."""
        process = slot.process
        if process is None:
            return tree.members(slot.slot_dir, None, None, "")
        return tree.members(slot.slot_dir, process.main, process.shim, process.record.generation)

    def is_held(self, slot: Slot) -> bool:
        """Whether somebody has the slot's lock."""
        return tree.is_locked(slot.slot_dir / "lock")

    def kill(self, members: dict[int, int], number: int = signal.SIGKILL) -> None:
        """Signal all of these."""
        tree.kill(members, number)

    def send(self, process: Process, number: int) -> bool:
        """Signal the main process; False when it is gone. Safe from any thread."""
        return tree.send(process.main, number)
