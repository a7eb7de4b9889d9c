"""When to say what: hello until welcomed, beats, giving up on a silent console. PURE: ``now`` is a parameter."""

import random
from enum import Enum

from minos_common.states import HostState
from minos_common.words import Welcome

HELLO_SECONDS = 5.0
SILENT_BEATS = 3
PATIENT_AFTER, MOST_PATIENT = 2, 4
"""After so many connections in a row on which nothing was heard, patience with the next ones grows, up to so many times: a
console to which thousands come back at once hears them one after another, and never ends when each hangs up before its turn.
"""
STATES_SECONDS = 60.0


class Due(Enum):
    """What is to be done."""

    HELLO = "hello"
    BEAT = "beat"
    STATES = "states"
    GIVE_UP = "give up"


class Conversation:
    """State of the talk with the console. Times are monotonic seconds."""

    def __init__(self, now: float) -> None:
        self.is_approved = False
        as_by_default = Welcome(HostState.PENDING)
        self.beat_seconds = as_by_default.beat_seconds
        self.sample_seconds = as_by_default.sample_seconds
        self._hello_at = now
        self._beat_at = self._states_at = now
        self._heard_at = now
        self._epoch = 0
        self._unheard = 0
        self._is_connected = False

    def connected(self, now: float) -> None:
        """A new connection: begin with hello."""
        self.is_approved = False
        self._is_connected = True
        self._hello_at = self._heard_at = now

    def connecting(self, at: float) -> None:
        """A connection is opened at this moment, which may come yet: silence counts from then. Pauses between two tries may be
        longer than the patience with a silent console, which would otherwise put the next try off for ever.
        """
        self._heard_at = max(self._heard_at, at)

    def heard(self, now: float) -> None:
        """Anything came from the console."""
        self._heard_at = now
        self._unheard = 0

    def outdated(self, welcome: Welcome) -> bool:
        """Whether another engine of the console has taken over from the one that says this: nothing of it is obeyed."""
        if 0 < welcome.epoch < self._epoch:
            return True
        self._epoch = max(self._epoch, welcome.epoch)
        return False

    def welcomed(self, welcome: Welcome, now: float) -> bool:
        """The console's answer to hello; whether this worker is approved by it, which it was not before."""
        approved = welcome.state == HostState.APPROVED
        became = approved and not self.is_approved
        self.is_approved = approved
        self.beat_seconds = max(welcome.beat_seconds, 0.1)
        self.sample_seconds = max(welcome.sample_seconds, 0.2)
        if became:
            self._beat_at, self._states_at = now, now + STATES_SECONDS
        self._hello_at = now + _jittered(HELLO_SECONDS)
        return became

    def due(self, now: float) -> list[Due]:
        """What is to be done now; each is marked as done by this."""
        if now - self._heard_at > self._patience():
            self.is_approved = False
            self._heard_at = self._hello_at = now
            self._unheard += self._is_connected
            self._is_connected = False
            return [Due.GIVE_UP]
        what = []
        if not self.is_approved:
            if now >= self._hello_at:
                self._hello_at = now + _jittered(HELLO_SECONDS)
                what.append(Due.HELLO)
            return what
        if now >= self._beat_at:
            self._beat_at = now + self.beat_seconds * random.uniform(0.9, 1.0)
            what.append(Due.BEAT)
        if now >= self._states_at:
            self._states_at = now + STATES_SECONDS
            what.append(Due.STATES)
        return what

    def next_due(self) -> float:
        """When ``due`` may next have something."""
        moments = [self._heard_at + self._patience()]
        moments += [self._beat_at, self._states_at] if self.is_approved else [self._hello_at]
        return min(moments)

    def _patience(self) -> float:
        """Seconds of silence after which the connection is made anew."""
        if self.is_approved:
            return self.beat_seconds * SILENT_BEATS + 0.5
        times = min(max(self._unheard - PATIENT_AFTER, 0) + 1, MOST_PATIENT) if self._is_connected else 1
        return max(self.beat_seconds, HELLO_SECONDS) * SILENT_BEATS * times + 0.5


def _jittered(seconds: float) -> float:
    return seconds * random.uniform(0.8, 1.2)
