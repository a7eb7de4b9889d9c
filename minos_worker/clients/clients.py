"""The client commands that run on this host: their input and what the console has noted of their output."""

import threading
import time
from collections import deque
from dataclasses import dataclass, field

from minos_worker.clients.outflow import Outflow

MOST_CLIENTS = 16
MOST_INPUT = 1024 * 1024
"""Bytes that wait for a command that does not read."""


@dataclass(eq=False)
class Running:
    """One command at work. ``waiting`` is what it has yet to read; ``last_input`` counts what was given."""

    outflow: Outflow
    waiting: bytearray = field(default_factory=bytearray)
    last_input: int = 0
    input_ended: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)


class Clients:
    """All of them by command id. Safe from any thread."""

    def __init__(self) -> None:
        self._running: dict[str, Running] = {}
        self._ended: deque[str] = deque(maxlen=1000)
        self._lock = threading.Lock()

    def add(self, command_id: str, running: Running) -> bool:
        """Take one on; False when there are too many."""
        with self._lock:
            if len(self._running) >= MOST_CLIENTS:
                return False
            self._running[command_id] = running
            return True

    def remove(self, command_id: str) -> None:
        """It has ended."""
        with self._lock:
            self._running.pop(command_id, None)
            self._ended.append(command_id)

    def noted(self, command_id: str, upto: int) -> None:
        """The console has its output up to here."""
        running = self._running.get(command_id)
        if running is not None:
            with running.lock:
                running.outflow.noted(upto, time.monotonic())

    def is_early(self, command_id: str, number: int) -> bool:
        """Whether a line has overtaken its command, or the line before it."""
        with self._lock:
            running = self._running.get(command_id)
            if running is None:
                return command_id not in self._ended
        return number > running.last_input + 1

    def give(self, command_id: str, number: int, text: bytes, end: bool) -> str:
        """Let a command read ``text``; why that cannot be, or empty. What was given already is not given twice."""
        running = self._running.get(command_id)
        if running is None:
            return "it runs no more"
        with running.lock:
            if number <= running.last_input:
                return ""
            if number != running.last_input + 1:
                return f"line {running.last_input + 1} never came"
            if running.input_ended:
                return "its input was closed"
            if len(running.waiting) + len(text) > MOST_INPUT:
                return "it does not read what it was given"
            running.waiting += text
            running.last_input, running.input_ended = number, end
        return ""
