"""The client commands that run on this host: their input and what the console has noted of their output."""

import threading
import time
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

    def noted(self, command_id: str, upto: int) -> None:
        """The console has its output up to here."""
        running = self._running.get(command_id)
        if running is not None:
            with running.lock:
                running.outflow.noted(upto, time.monotonic())

    def give(self, command_id: str, number: int, text: bytes, end: bool) -> str:
        """Let a command read ``text``; why that cannot be, or empty. What was given already is not given twice."""
        running = self._running.get(command_id)
        if running is None:
            return "it runs no more"
        with running.lock:
            if number <= running.last_input:
                return ""
            if number != running.last_input + 1:
                return f"line {running.last_input + 1} has not come yet"
            if running.input_ended:
                return "its input was closed"
            if len(running.waiting) + len(text) > MOST_INPUT:
                return "it does not read what it was given"
            running.waiting += text
            running.last_input, running.input_ended = number, end
        return ""
