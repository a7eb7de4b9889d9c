"""The timetable: APScheduler keeps the time, each round is noted, and a watchdog starts the clock anew when it has died.

APScheduler ends its thread for good at one exception in the wrong place, while it goes on saying that it runs; and a clock
that is set back by an hour makes it wait for an hour. Nothing in it notices either.
"""

import logging
import threading
import time
from collections.abc import Callable

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.schedulers.base import STATE_STOPPED

from minos_web.console import Console
from minos_web.engine.notes import Note, keep, recall
from minos_web.monitor.telling import Told, tell
from minos_web.monitor.timetable import LATE_SECONDS, TIMETABLE, trouble

log = logging.getLogger(__name__)

BEAT_SECONDS = 5.0
LOOK_SECONDS = 5.0
KEEP_SECONDS = 15.0
TELL_AGAIN_SECONDS = 3600.0
"""A clock that dies again and again is told once in this time."""
LOOKS = 3
"""A round that is late at so many looks in a row is told: a single one may be the doing of a clock that was set."""
MOST_AT_ONCE = 16
PAGE = "/schedules#timetable"


class Timetable:
    """All rounds of one engine."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._beat = Note(TIMETABLE, BEAT_SECONDS, self._tick)
        self._notes = [self._beat]
        self._ended = threading.Event()
        self._news = ""
        self._told_at = self._kept_at = self._looked_at = float("-inf")
        self._ticked_at = 0.0
        self.clock: BackgroundScheduler | None = None
        self._pool = ThreadPoolExecutor(MOST_AT_ONCE)
        self._watchdog = threading.Thread(target=self._watch, name="timetable-watchdog", daemon=True)

    def add_job(self, work: Callable[[], object], _trigger: str, seconds: float) -> None:
        """Have ``work`` done every so many seconds; it is called by its name in the code."""
        name = getattr(work, "__name__", str(work)).lstrip("_").replace("_", "-")
        self._notes.append(Note(name, seconds, work))

    def start(self) -> None:
        """Begin, and watch over it."""
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        with self._console.writers.begin() as session:
            recall(session, self._notes)
            keep(session, self._notes)
        self._begin()
        self._watchdog.start()

    def stop(self) -> None:
        """End after the rounds that are under way."""
        self._ended.set()
        self._watchdog.join()
        if self.clock is not None:
            self.clock.shutdown(wait=True)
        self._keep(time.monotonic(), at_once=True)

    def _begin(self) -> None:
        # A job that is late runs once, never twice at a time, and is never dropped for being late.
        defaults = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        self._pool = ThreadPoolExecutor(MOST_AT_ONCE)
        self.clock = BackgroundScheduler(timezone="UTC", job_defaults=defaults, executors={"default": self._pool})
        for note in self._notes:
            self.clock.add_job(note.run, "interval", seconds=note.seconds)
        self._ticked_at = time.monotonic()
        self.clock.start()

    def _tick(self) -> None:
        self._ticked_at = time.monotonic()

    def _watch(self) -> None:
        while not self._ended.wait(LOOK_SECONDS):
            try:
                self.look(time.monotonic())
            except Exception:
                log.exception("watchdog of the timetable")

    def look(self, now: float) -> None:
        """Once: is the clock alive, and does every round run? ``now`` is of the clock that nobody sets."""
        stood_still = now - self._looked_at > LATE_SECONDS / 2
        self._looked_at = now
        why = self._why_dead(now)
        # When the whole process was stopped for a while, its clock is silent as well, and ticks again by itself.
        if why and not (stood_still and self._alive()):
            self._restart(why)
        self._keep(now)

    def _alive(self) -> bool:
        thread = getattr(self.clock, "_thread", None)
        return thread is not None and thread.is_alive()

    def _why_dead(self, now: float) -> str:
        if not self._alive():
            return "its thread had ended"
        silent = now - self._ticked_at
        return f"it had started nothing for {silent:.0f} s" if silent > LATE_SECONDS else ""

    def _restart(self, why: str) -> None:
        log.critical("the timetable of the rounds is started again: %s", why)
        old, pool = self.clock, self._pool
        if old is not None:
            old.state = STATE_STOPPED  # its thread may hang: it is told to end, and not waited for
            old.wakeup()
            pool.shutdown(wait=False)
        self._beat.failed(why)
        self._news = why
        self._begin()

    def _keep(self, now: float, at_once: bool = False) -> None:
        """Write down how the rounds fare, and tell people what they should hear. What could not be written is told later."""
        if not (at_once or self._news or now - self._kept_at >= KEEP_SECONDS):
            return
        moment = time.time()
        news = self._of_rounds(moment)
        restarted = self._of_restarts(now)
        for note, one in news:
            note.told, note.changed = one.kind == "problem", True
        try:
            with self._console.writers.begin() as session:
                keep(session, self._notes)
                for one in [*(one for _, one in news), *restarted]:
                    tell(session, one, moment)
        except Exception:
            for note, _ in news:
                note.told = not note.told
            for note in self._notes:
                note.changed = True
            raise
        self._kept_at, self._news = now, ""
        self._told_at = now if restarted else self._told_at

    def _of_rounds(self, moment: float) -> list[tuple[Note, Told]]:
        """Rounds that do not run as they should, and those that do again."""
        found = []
        for note in self._notes[1:]:
            why = trouble(note, moment)
            note.looks = note.looks + 1 if why else 0
            about = {"key": f"console:round:{note.name}", "path": PAGE}
            if note.looks >= LOOKS and not note.told:
                found.append((note, Told("problem", "error", f"The console's round {note.name} {why}", **about)))
            if note.told and not why and note.ended_at is not None and note.failing_since is None:
                found.append((note, Told("recovery", "info", f"The console's round {note.name} runs again", **about)))
        return found

    def _of_restarts(self, now: float) -> list[Told]:
        if not self._news or now - self._told_at < TELL_AGAIN_SECONDS:
            return []
        title = "The console's timetable had died and was started again"
        text = f"Rounds (health, schedules, alerts) had stopped: {self._news}. They run again; the console's log says more."
        return [Told("note", "warning", title, text, key="console:timetable", path=PAGE)]
