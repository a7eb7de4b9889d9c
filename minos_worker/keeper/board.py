"""What the keeper lets others see: the statuses of all tasks and the processes that live, exchanged and never changed."""

from minos_common.words import TaskName, TaskStatus
from minos_worker.keeper.slot import Process, Slot


class Board:
    """Written by the keeper's thread alone, read from any. ``revision`` grows with every change of a status; a status is
    at least as new as it says.
    """

    def __init__(self, first_revision: int) -> None:
        self.revision = first_revision
        self.statuses: dict[TaskName, TaskStatus] = {}
        self.processes: dict[TaskName, Process] = {}

    def publish(self, slot: Slot) -> None:
        """Show the slot as it is now."""
        self.statuses = {**self.statuses, slot.task: slot.status()}
        alive = {name: process for name, process in self.processes.items() if name != slot.task}
        if slot.process is not None and slot.process.main_fd is not None:
            alive[slot.task] = slot.process
        self.processes = alive
        self.revision += 1

    def take_away(self, task: TaskName) -> None:
        """The task is no more."""
        self.statuses = {name: status for name, status in self.statuses.items() if name != task}
        self.processes = {name: process for name, process in self.processes.items() if name != task}
        self.revision += 1
