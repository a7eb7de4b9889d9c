"""The life of an alert, and what people hear of it: tables, storms, and what never happens."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minos_web.monitor.alerts.finding import ERROR, GONE, OK, UNKNOWN, WARNING, Finding
from minos_web.monitor.alerts.life import FIRING, FLAP_SECONDS, PENDING, RESOLVED, Life, Limits, advance, limits_of
from minos_web.monitor.alerts.saying import due

LETTERS = {"o": OK, "w": WARNING, "e": ERROR, "u": UNKNOWN, "g": GONE}
LIMITS = Limits(3)


def live(checks: str, limits: Limits = LIMITS, every: float = 30.0) -> tuple[Life | None, list[str], list[str]]:
    """What becomes of these checks: the life, the kinds of events, and of news."""
    life, told_as, events, news = None, "", [], []
    for number, letter in enumerate(checks):
        life, happened = advance(life, Finding(LETTERS[letter], 1.0), number * every, limits)
        events += [event.kind for event in happened]
        if life is not None:
            kind, told_as = due(life, told_as, False, limits)
            news += [kind] if kind else []
    return life, events, news


@pytest.mark.parametrize(
    ("checks", "state", "events", "news"),
    [
        ("ooo", None, [], []),
        ("w", PENDING, ["pending"], []),
        ("ww", PENDING, ["pending"], []),
        ("wwo", None, ["pending"], []),
        ("wwoww", PENDING, ["pending", "pending"], []),
        ("www", FIRING, ["pending", "firing"], ["problem"]),
        ("wwwwwwww", FIRING, ["pending", "firing"], ["problem"]),
        ("wwwo", RESOLVED, ["pending", "firing", "resolved"], ["problem", "recovery"]),
        # A change of level restarts the count, before it fires and afterwards.
        ("wwe", PENDING, ["pending"], []),
        ("wweee", FIRING, ["pending", "firing"], ["problem"]),
        ("wwwee", FIRING, ["pending", "firing"], ["problem"]),
        ("wwweee", FIRING, ["pending", "firing", "level"], ["problem", "problem"]),
        ("wwwewewe", FIRING, ["pending", "firing"], ["problem"]),
        # That it is less bad wakes nobody; that it is worse again does.
        ("eeewww", FIRING, ["pending", "firing", "level"], ["problem"]),
        ("eeewwweee", FIRING, ["pending", "firing", "level", "level"], ["problem", "problem"]),
        ("wwweeeo", RESOLVED, ["pending", "firing", "level", "resolved"], ["problem", "problem", "recovery"]),
        # Nothing is told any more: it is never over by that.
        ("wwwu", FIRING, ["pending", "firing", "unknown"], ["problem"]),
        ("wwwuuu", FIRING, ["pending", "firing", "unknown"], ["problem", "unknown"]),
        ("wwwuuuuuuuuu", FIRING, ["pending", "firing", "unknown"], ["problem", "unknown"]),
        ("wwwuuo", RESOLVED, ["pending", "firing", "unknown", "known", "resolved"], ["problem", "recovery"]),
        ("wwwuuuw", FIRING, ["pending", "firing", "unknown", "known"], ["problem", "unknown"]),
        ("wwuu", PENDING, ["pending", "unknown"], []),
        ("wwuuuuuu", None, ["pending", "unknown"], []),
        ("wwuw", PENDING, ["pending", "unknown", "known"], []),
        ("wwuo", None, ["pending", "unknown"], []),
        ("uuuuuu", None, [], []),
        # What it was about is there no more.
        ("wwwg", RESOLVED, ["pending", "firing", "resolved"], ["problem", "recovery"]),
        ("wg", None, ["pending"], []),
        ("g", None, [], []),
    ],
)
def test_lives(checks: str, state: str | None, events: list[str], news: list[str]) -> None:
    life, happened, heard = live(checks)
    assert (life.state if life else None, happened, heard) == (state, events, news)


def test_it_is_unknown_since_the_first_check_without_an_answer() -> None:
    life, _, _ = live("wwwuu")
    assert life is not None
    assert (life.unknown_since, life.since, life.fired_at) == (90.0, 0.0, 60.0)
    life, _, _ = live("wwwuuw")
    assert life is not None and life.unknown_since is None


def test_it_must_last() -> None:
    limits = Limits(3, for_seconds=150)
    assert live("wwwww", limits)[2] == []
    assert live("wwwwww", limits)[2] == ["problem"]
    assert live("wwwwow", limits)[1] == ["pending", "pending"]


def test_what_is_bad_all_the_time_fires_however_its_level_changes() -> None:
    limits = limits_of(0, 3, 30.0)
    assert live("we" * 5, limits)[2] == []
    assert live("we" * 6, limits)[2] == ["problem"]


def test_flapping_is_told_once_until_it_is_calm() -> None:
    storm = "wwwo" * 20
    life, events, news = live(storm)
    assert life is not None and life.state == FIRING and life.flapping_since is not None
    assert news == ["problem", "recovery", "problem", "flapping"]
    assert events.count("flapping") == 1
    calm = "o" * int(FLAP_SECONDS / 30 + 1)
    life, events, news = live(storm + calm)
    assert life is not None and life.state == RESOLVED
    assert news == ["problem", "recovery", "problem", "flapping", "recovery"]
    assert events[-2:] == ["calm", "resolved"]
    life, _, news = live(storm + "w" * len(calm))
    assert life is not None and life.state == FIRING
    assert news == ["problem", "recovery", "problem", "flapping", "problem"]


def test_troubles_far_from_each_other_are_no_flapping() -> None:
    rest = "o" * int(FLAP_SECONDS / 30 + 1)
    assert live(("wwwo" + rest) * 4)[2] == ["problem", "recovery"] * 4


@given(st.text(alphabet="oweu", min_size=1000, max_size=1000), st.sampled_from([1, 2, 3]))
def test_a_thousand_changes_a_minute_give_at_most_five_news(checks: str, needed: int) -> None:
    _, _, news = live(checks, Limits(needed), every=0.06)
    assert len(news) <= 4
    _, _, news = live(checks + "o" * 20, Limits(needed), every=0.06)
    assert len(news) <= 4


def test_the_worst_storms() -> None:
    for checks in ("wo" * 500, "weo" * 333, "wewuo" * 200, "ue" * 500, "wu" * 500):
        life, told_as, news, now = None, "", [], 0.0
        for letter in checks + "o" * 40:
            life, _ = advance(life, Finding(LETTERS[letter]), now, Limits(1))
            if life is not None:
                kind, told_as = due(life, told_as, False, Limits(1))
                news += [kind] if kind else []
            now += 0.06 if now < 60 else 60.0
        assert len(news) <= 5, (checks[:10], news)
        assert news[-1] == "recovery"


@given(st.text(alphabet="oweug", max_size=80))
def test_what_never_happens(checks: str) -> None:
    life, told_as, told = None, "", False
    for number, letter in enumerate(checks):
        was = life
        life, _ = advance(life, Finding(LETTERS[letter]), number * 30.0, LIMITS)
        if life is None:
            assert was is None or was.fired_at is None, "what fired is remembered"
            continue
        if was is not None and was.state == FIRING and letter == "u":
            assert life.state == FIRING, "missing data never end an alert"
        if was is None or was.state != FIRING:
            assert life.state != FIRING or checks[number - 2 : number + 1] in ("www", "eee")
        kind, told_as = due(life, told_as, False, LIMITS)
        assert kind != "recovery" or told, "only of what was told people hear the end"
        told = kind != "recovery" if kind else told
        assert life.checks <= LIMITS.checks, "what stays as it is changes no row"


def test_what_is_muted_is_told_when_it_is_heard_again() -> None:
    life = None
    for number in range(3):
        life, _ = advance(life, Finding(ERROR), number * 30.0, LIMITS)
    assert life is not None
    assert due(life, "", True, LIMITS) == ("", "")
    assert due(life, "", False, LIMITS) == ("problem", "error")
    life, _ = advance(life, Finding(OK), 90.0, LIMITS)
    assert life is not None
    assert due(life, "", False, LIMITS) == ("", ""), "nobody heard of it"
    assert due(life, "error", True, LIMITS) == ("recovery", ""), "who heard of it hears its end"
