"""The threads of a worker beside its loop: those that carry out commands, and those that look after things now and then."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol


class Round(Protocol):
    """Something that is looked after again and again until its end."""

    def pause(self) -> float:
        """Seconds until the next look."""

    def look(self) -> None:
        """Once; raises nothing."""

    def run(self) -> None:
        """Look until the end, pausing in between."""


class Threads:
    """Those of one worker alone: what hangs holds up nobody else. ``size`` is how many commands of a kind go on at a time."""

    def __init__(self, size: int = 32) -> None:
        # A crowd of long fetches must not keep a stop or a question waiting, nor a disk that hangs the questions.
        self.long = ThreadPoolExecutor(size, "long")
        self.quick = ThreadPoolExecutor(size, "quick")
        self.answering = ThreadPoolExecutor(size, "answering")

    def beside(self, name: str, work: Callable[[], None]) -> threading.Thread:
        """Have this done in a thread of its own."""
        thread = threading.Thread(target=work, name=name, daemon=True)
        thread.start()
        return thread

    def again(self, name: str, what: Round) -> None:
        """Have this looked after until its end."""
        self.beside(name, what.run)
