"""What other threads ask of the keeper's thread."""

import logging
import os
import queue
import threading
from collections.abc import Callable

log = logging.getLogger(__name__)

CALL_SECONDS = 60.0


class Inbox:
    """Actions for one thread, which waits for them with ``wake``, a descriptor that is readable while there are some."""

    def __init__(self) -> None:
        self.wake = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._actions: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()

    def post(self, action: Callable[[], None]) -> None:
        """Have something done soon."""
        self._actions.put(action)
        self.nudge()

    def nudge(self) -> None:
        """Have the thread look up."""
        os.eventfd_write(self.wake, 1)

    def call(self, action: Callable[[], None]) -> None:
        """Have something done, and wait until it is. Raises TimeoutError."""
        done = threading.Event()

        def act() -> None:
            try:
                action()
            finally:
                done.set()

        self.post(act)
        if not done.wait(CALL_SECONDS):
            raise TimeoutError("the keeper does not answer")

    def heard(self) -> None:
        """``wake`` was readable."""
        os.eventfd_read(self.wake)

    def work_off(self) -> None:
        """Do what was asked; an error with one is logged and does not touch the others."""
        while not self._actions.empty():
            action = self._actions.get()
            try:
                action()
            except Exception:
                log.exception("asked of the keeper")
