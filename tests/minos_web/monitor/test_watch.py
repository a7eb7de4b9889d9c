"""What counts as wrong with a watched task, how checks are counted, when nothing is restarted: tables."""

import random
from typing import Any

import pytest

from minos_web.monitor.watch import Around, Count, Looked, PageRule, counted, held_back, memory_fault, page_fault

RULE = PageRule(3, 2.0)
ROLE = PageRule(3, 2.0, figure="zookeeper.role", values=("leader", "follower"))
TOLD = {"task.page_seconds": 0.1, "zookeeper.outstanding": 1.0}


def looked(**said: Any) -> Looked:
    return Looked(**{"at": 1000.0, "up": 500.0, "figures": TOLD, "texts": {}, **said})


@pytest.mark.parametrize(
    ("rule", "said", "fault"),
    [
        (RULE, {}, ""),
        (RULE, {"error": "HTTP 500"}, "HTTP 500"),
        (RULE, {"error": "HTTP 500", "up": 59.0}, None),
        (PageRule(3, 2.0, grace=1.0), {"error": "HTTP 500", "up": 2.0}, "HTTP 500"),
        (RULE, {"figures": {"task.page_seconds": 2.5}}, "its status page took 2.5 s to answer, and 2 s are allowed"),
        (RULE, {"figures": {"task.rss_bytes": 1.0, "jvm.threads": 2.0}}, None),
        (RULE, {"figures": {"zookeeper.outstanding": 1.0}}, ""),
        (ROLE, {"texts": {"zookeeper.role": "leader"}}, ""),
        (ROLE, {"texts": {"zookeeper.role": "standby"}}, "its status page says zookeeper.role is standby, not leader or follower"),
        (ROLE, {}, "its status page does not tell zookeeper.role, which should be leader or follower"),
        (PageRule(3, 2.0, figure="zookeeper.outstanding", values=("1",)), {}, ""),
        (PageRule(3, 2.0, figure="zookeeper.outstanding", values=("0",)), {}, "its status page says zookeeper.outstanding is 1, not 0"),
    ],
)  # fmt: skip
def test_pages(rule: PageRule, said: dict[str, Any], fault: str | None) -> None:
    assert page_fault(rule, looked(**said)) == fault


@pytest.mark.parametrize(
    ("figures", "fault"),
    [
        ({"task.rss_bytes": 2.0**30}, ""),
        ({"task.rss_bytes": 2.0**30 + 1}, "it has 1 GiB of memory, and 1 GiB are allowed"),
        ({"task.rss_bytes": 1.5 * 2.0**30}, "it has 1.5 GiB of memory, and 1 GiB are allowed"),
        ({}, None),
    ],
)
def test_memory(figures: dict[str, float], fault: str | None) -> None:
    assert memory_fault(2.0**30, looked(figures=figures)) == fault


def replay(faults: str, checks: int = 3) -> str:
    """Fired (!) or not (.) after each check: b bad, g good, ? unknown."""
    count, told = Count(), ""
    for number, letter in enumerate(faults):
        count = counted(count, {"b": "bad", "g": "", "?": None}[letter], checks, 1000.0 + 10 * number)
        told += "!" if count.fired else "."
    return told


@pytest.mark.parametrize(
    ("faults", "told"),
    [
        ("bbb", "..!"),
        ("bbgbbg", "......"),
        ("b?b?b", "....!"),
        ("bbb???", "..!!!!"),
        ("bbbggg", "..!!!."),
        ("bbbggbggg", "..!!!!!!."),
        ("bbbgggbbbgggggg", "..!!!...!!!!!!."),
        ("ggg", "..."),
    ],
)
def test_counting(faults: str, told: str) -> None:
    assert replay(faults) == told


def test_one_check_is_enough_when_it_is_so_said() -> None:
    assert replay("bgb", checks=1) == "!.!"


@pytest.mark.parametrize("seed", range(20))
def test_what_goes_to_and_fro_begins_seldom(seed: int) -> None:
    """An hour of a page that answers now and then, a check each ten seconds: a handful of news."""
    dice = random.Random(seed)
    faults = "".join(dice.choice("bg") * dice.randrange(1, 9) for _ in range(200))[:360]
    told = replay(faults)
    assert told.count(".!") + told.startswith("!") <= 6


@pytest.mark.parametrize(
    ("said", "words", "passes"),
    [
        ({}, None, None),
        ({"operation": 7}, "operation 7 is open", True),
        ({"away": ["datanode/3"]}, "datanode/3 of the same job is away", True),
        ({"away": ["a/1", "a/2"]}, "a/1, a/2 of the same job are away", True),
        ({"restarts": 2}, None, None),
        ({"restarts": 3}, "restarted 3 times within the hour", False),
        ({"restarts": 1, "most_per_hour": 1}, "restarted once within the hour", False),
        ({"hosts": 10, "lost": 3}, None, None),
        ({"hosts": 10, "lost": 4}, "4 of 10 hosts are lost", False),
        ({"hosts": 1000, "lost": 50, "lost_together": 50}, "50 of 1000 hosts are lost", False),
        ({"hosts": 1000, "lost": 60, "lost_together": 49}, None, None),
        ({"hosts": 10, "lost": 4, "operation": 7}, "hosts are lost", False),
    ],
)
def test_when_nothing_is_restarted(said: dict[str, Any], words: str | None, passes: bool | None) -> None:
    held = held_back(Around(**said))
    if words is None:
        assert held is None
    else:
        assert held is not None and words in held.why and held.passes is passes
