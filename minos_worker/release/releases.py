"""The releases of this worker: what runs, what is on trial, and the wish to start again as another one."""

import contextlib
import logging
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from minos_worker.process.identity import boot_id
from minos_worker.release import record as records
from minos_worker.release.entry import own_release, release_dir
from minos_worker.release.record import Trial

log = logging.getLogger(__name__)

CHECK_SECONDS = 60.0


class BadRelease(Exception):
    """A release that does not work here; the text says why. ``output``: what it printed."""

    def __init__(self, message: str, output: str = "") -> None:
        super().__init__(message)
        self.output = output


class UpgradeUnderWay(Exception):
    """Another upgrade is under way."""


class Releases:
    """Safe from any thread. ``own`` is the release whose code runs, empty for the installed one.

    ``restart_asked`` is set when the worker should end and turn into the record's current release; ``forced`` then says
    whether it may wait for commands that are under way. ``refusal`` tells why a restart was not done.
    """

    def __init__(self, worker: Path, ini: Path, trial_seconds: float) -> None:
        self._worker, self._ini, self._trial_seconds = worker, ini, trial_seconds
        self.own = own_release(worker)
        self._lock = threading.Lock()
        self._turn = threading.Lock()
        self._record = records.load(worker)
        self.restart_asked = threading.Event()
        self.forced = False
        self.refusal = ""

    @property
    def trial(self) -> Trial | None:
        """The trial under way."""
        return self._record.trial

    @property
    def is_settled(self) -> bool:
        """Whether the release whose code runs has proved itself, and is the one to run."""
        record = self._record
        return record.trial is None and record.current == self.own

    def path(self, release: str) -> Path:
        """Where a release lies, or will."""
        return release_dir(self._worker, release)

    def failure_of(self, command_id: str) -> str:
        """Why the upgrade asked for by this command failed; empty when it did not."""
        failure = self._record.failure
        return failure.reason if failure is not None and failure.command_id == command_id else ""

    @contextlib.contextmanager
    def turn(self) -> Iterator[None]:
        """One upgrade at a time. Raises UpgradeUnderWay."""
        if not self._turn.acquire(blocking=False):
            raise UpgradeUnderWay
        try:
            yield
        finally:
            self._turn.release()

    def check(self, release: str) -> str:
        """Have a release look whether it could work here, without touching anything; what it says. Raises BadRelease."""
        command = [sys.executable, str(self.path(release)), str(self._ini), "--check"]
        try:
            done = subprocess.run(
                command,
                check=False,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=CHECK_SECONDS,
            )
        except subprocess.TimeoutExpired as error:
            raise BadRelease(f"its own check was not over after {CHECK_SECONDS:.0f} s") from error
        if done.returncode != 0:
            raise BadRelease(f"its own check ended with {done.returncode}", (done.stdout + done.stderr)[-8000:])
        return done.stdout.strip()

    def begin(self, release: str, command_id: str) -> None:
        """Let ``release`` be the one to run from the next start on, on trial. Raises OSError."""
        with self._lock:
            clock = time.clock_gettime(time.CLOCK_BOOTTIME)
            trial = Trial(command_id, boot_id(), clock + self._trial_seconds)
            changed = records.begun(self._record, release, trial)
            if not self.own:
                changed.installed = list(sys.orig_argv)
                changed.installed[0] = sys.executable
            records.save(self._worker, changed)
            self._record = changed

    def ask_restart(self, forced: bool = False) -> None:
        """Have the worker end and start again as the release that is to run."""
        self.refusal, self.forced = "", forced
        self.restart_asked.set()

    def refuse_restart(self, reason: str) -> None:
        """The worker cannot start again now: everything stays as it was."""
        with self._lock:
            self._record = records.given_up(self._record, reason, time.time())
            self._save()
        self.refusal = reason
        self.restart_asked.clear()

    def keep(self) -> None:
        """The release on trial works: keep it, and forget those before the one before it."""
        with self._lock:
            if self._record.trial is None or self._record.current != self.own:
                return
            self._record = records.kept(self._record)
            self._save()
        log.info("release %s has proved itself", self.own)
        self._purge()

    def give_up_when_overdue(self) -> None:
        """Go back to the release before when the one on trial has had its time."""
        with self._lock:
            trial = self._record.trial
            if trial is None or self._record.current != self.own:
                return
            reason = records.verdict(trial, boot_id(), time.clock_gettime(time.CLOCK_BOOTTIME))
            if not reason:
                return
            log.error("release %s is given up: %s", self.own, reason)
            self._record = records.given_up(self._record, reason, time.time())
            self._save()
        self.ask_restart(forced=True)

    def ended(self) -> None:
        """The worker was told to end: what is on trial has not failed by that."""
        with self._lock:
            if self._record.trial is not None:
                self._record.trial.stopped = True
                self._save()

    def _save(self) -> None:
        try:
            records.save(self._worker, self._record)
        except OSError as error:  # the worker goes on; the next start sees the older record and judges anew
            log.error("the record of releases cannot be written: %s", error)

    def _purge(self) -> None:
        keep = {self._record.current, self._record.previous, self.own}
        with contextlib.suppress(OSError):
            for path in (self._worker / "releases").iterdir():
                if path.name not in keep:
                    shutil.rmtree(path, ignore_errors=True)
