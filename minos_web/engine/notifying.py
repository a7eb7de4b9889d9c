"""Routes news and sends messages: a thread for each channel that has something to do, so that one that hangs stops nobody."""

import logging
import threading
import time

from minos_web.console import Console
from minos_web.notify.delivering import busy_channels
from minos_web.notify.routing import is_waiting, route_news
from minos_web.notify.sending import send_due

log = logging.getLogger(__name__)

MOST_THREADS = 16
STOP_SECONDS = 5.0
"""So long a stopping engine waits for messages that are on their way; what does not end by then is sent again later."""


class Notifier:
    """Belongs to the timetable's thread; the threads that it starts touch nothing of it."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._threads: dict[int, threading.Thread] = {}
        self._stopping = threading.Event()

    def tend(self, now: float) -> None:
        """One round: decide who hears of what is new, and see that every channel with something to do is at work."""
        with self._console.readers() as session:
            waiting = is_waiting(session)
        while waiting and not self._stopping.is_set():
            with self._console.writers.begin() as session:
                waiting = route_news(session, self._console, now) > 0
        with self._console.readers() as session:
            busy = busy_channels(session, now)
        self._threads = {channel: one for channel, one in self._threads.items() if one.is_alive()}
        for channel in sorted(busy - set(self._threads)):
            if len(self._threads) < MOST_THREADS and not self._stopping.is_set():
                self._start(channel)

    def stop(self) -> None:
        """Begin nothing any more, and wait a moment for what is on its way."""
        self._stopping.set()
        until = time.monotonic() + STOP_SECONDS
        for thread in self._threads.values():
            thread.join(max(0.0, until - time.monotonic()))

    def _start(self, channel: int) -> None:
        # A daemon: a mail server that does not answer keeps no console from ending.
        thread = threading.Thread(target=self._work, args=(channel,), name=f"channel {channel}", daemon=True)
        self._threads[channel] = thread
        thread.start()

    def _work(self, channel: int) -> None:
        try:
            send_due(self._console, channel, time.time, self._stopping.is_set)
        except Exception:
            log.exception("messages of channel %s", channel)
