"""What the keeper tells before there is an agent to hear it: kept, and handed over when it comes."""

from collections.abc import Callable
from typing import Protocol

from minos_common.words import FromWorker, TaskEvent, TaskName


class Hearer(Protocol):
    """What is needed of the agent."""

    def tell(self, message: FromWorker | None) -> None:
        """Have a message sent."""

    def do(self, action: Callable[[], None]) -> None:
        """Have something done by a thread that may take its time."""


class Early:
    """Stands between keeper and agent. ``clean_up`` is what is to be done when a task has ended."""

    def __init__(self, clean_up: Callable[[TaskName], None]) -> None:
        self._clean_up = clean_up
        self._agent: Hearer | None = None
        self._ended: list[TaskName] = []

    def tell(self, event: TaskEvent | None) -> None:
        """Something happened to a task; before there is an agent the journal keeps the event."""
        if self._agent is not None:
            self._agent.tell(event)

    def after_exit(self, task: TaskName) -> None:
        """A task has ended."""
        if self._agent is None:
            self._ended.append(task)
        else:
            self._agent.do(lambda: self._clean_up(task))

    def hand_over(self, agent: Hearer) -> None:
        """The agent is there."""
        self._agent = agent
        for task in self._ended:
            self.after_exit(task)
        self._ended.clear()
