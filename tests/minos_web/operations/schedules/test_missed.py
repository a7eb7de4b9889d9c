"""What becomes of times at which the console was down, and until when one that is due may begin."""

import pytest

from minos_web.operations.schedules.missed import GRACE_SECONDS, WAIT_SECONDS, begin_by, catch_up, may_begin
from minos_web.operations.schedules.when import Hours, When

DAY = 86400.0
DAILY = [DAY * number for number in range(1, 16)]


@pytest.mark.parametrize(
    ("policy", "due", "late", "done", "left"),
    [
        ("skip", [], 0.0, [], []),
        ("skip", [DAY], 5.0, [DAY], []),
        ("skip", [DAY], GRACE_SECONDS, [DAY], []),
        ("skip", [DAY], GRACE_SECONDS + 1, [], [DAY]),
        ("skip", [DAY, 2 * DAY], 5.0, [2 * DAY], [DAY]),
        ("skip", DAILY[:3], 3600.0, [], DAILY[:3]),
        ("once", [DAY], 5.0, [DAY], []),
        ("once", [DAY], 3600.0, [DAY], []),
        ("once", DAILY[:3], 3600.0, DAILY[2:3], DAILY[:2]),
        ("all", DAILY[:3], 3600.0, DAILY[:3], []),
        ("all", DAILY, 3600.0, DAILY[-10:], DAILY[:-10]),
        # An engine that is started again within minutes missed nothing, and what ran every minute runs once.
        ("skip", [60.0, 120.0, 180.0], 10.0, [180.0], [60.0, 120.0]),
    ],
)
def test_catching_up(policy: str, due: list[float], late: float, done: list[float], left: list[float]) -> None:
    caught = catch_up(due, (due[-1] if due else 0.0) + late, policy)
    assert (list(caught.done), list(caught.left)) == (done, left)


NIGHT = When("cron", cron="0 2 * * *", hours=Hours(22 * 60, 6 * 60, "UTC"))
ANY = When("cron", cron="0 2 * * *")
TWO, SIX, TEN_PM = 2 * 3600.0, 6 * 3600.0, 22 * 3600.0


@pytest.mark.parametrize(
    ("when", "nominal", "now", "may", "until"),
    [
        (ANY, TWO, TWO, True, TWO + WAIT_SECONDS),
        (ANY, TWO, TWO + DAY, True, TWO + DAY + WAIT_SECONDS),
        (NIGHT, TWO, TWO, True, SIX),
        (NIGHT, TWO, TWO + 3 * 3600, True, SIX),
        # Made up for by day: it waits for the night.
        (NIGHT, TWO, 12 * 3600.0, False, SIX + DAY),
        # Taken up a moment after its hours, for a time within them.
        (NIGHT, SIX - 60, SIX + 5, True, SIX - 60 + GRACE_SECONDS),
        (NIGHT, SIX - 60, SIX - 58, True, SIX - 60 + GRACE_SECONDS),
        (NIGHT, TWO, SIX + 5, False, SIX + DAY),
    ],
)
def test_until_when_it_may_begin(when: When, nominal: float, now: float, may: bool, until: float) -> None:
    assert may_begin(when, nominal, now) == may
    assert begin_by(when, nominal, now) == until
