"""PURE. What becomes of times at which the console was down, and how long one that is due may wait to begin."""

from collections.abc import Sequence
from dataclasses import dataclass

from minos_web.operations.schedules.when import When

POLICIES = {
    "skip": "leave them out",
    "once": "make up for them once",
    "all": "make up for each, ten at most",
}
MOST = 10
GRACE_SECONDS = 300.0
"""What is taken up within this time is not late: a console may be started again meanwhile."""
WAIT_SECONDS = 3600.0
"""Without hours of its own, what cannot begin at its time waits for so long."""


@dataclass(frozen=True)
class Caught:
    """Times that are to be done now, and times that are not."""

    done: Sequence[float]
    left: Sequence[float]


def catch_up(due: Sequence[float], now: float, policy: str) -> Caught:
    """What is done of times that are due, oldest first."""
    if not due:
        return Caught((), ())
    if policy == "all":
        return Caught(due[-MOST:], due[:-MOST])
    if policy == "once" or now - due[-1] <= GRACE_SECONDS:
        return Caught(due[-1:], due[:-1])
    return Caught((), due)


def may_begin(when: When, nominal: float, now: float) -> bool:
    """Whether these are the hours for it. A moment late is not too late."""
    hours = when.hours
    if hours is None or hours.hold(now):
        return True
    return hours.hold(nominal) and 0 <= now - nominal <= GRACE_SECONDS


def begin_by(when: When, nominal: float, now: float) -> float:
    """Until when it may begin: to the end of these hours, or of the next ones when it is made up for outside of them."""
    hours = when.hours
    if hours is None:
        return now + WAIT_SECONDS
    if hours.hold(now):
        return max(hours.next_close(now), nominal + GRACE_SECONDS)
    if may_begin(when, nominal, now):
        return nominal + GRACE_SECONDS
    return hours.next_close(hours.next_open(now))
