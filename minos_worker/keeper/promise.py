"""A status that will be known later, handed from the keeper's thread to whoever waits for it."""

import threading

from minos_common.words import TaskStatus


class UnknownTask(Exception):
    """The keeper has no such task."""


class Promise:
    """Filled once by the keeper; waited for by another thread."""

    def __init__(self) -> None:
        self._filled = threading.Event()
        self._status: TaskStatus | None = None

    def fill(self, status: TaskStatus | None) -> None:
        """This is how it came out; None: there is no such task."""
        self._status = status
        self._filled.set()

    def wait(self, seconds: float) -> TaskStatus | None:
        """The status, or None when it is not known within ``seconds``. Raises UnknownTask."""
        if not self._filled.wait(seconds):
            return None
        if self._status is None:
            raise UnknownTask
        return self._status
