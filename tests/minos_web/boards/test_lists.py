"""The pages of lists, out of facts as the engine keeps them."""

import csv
import io
import time
from collections.abc import Callable
from typing import Any

import pytest
from webtest import TestApp

from minos_common.facts import Fact, pack
from minos_web.boards.lists import LISTINGS
from minos_web.boards.tabs import TABS
from minos_web.console import Console
from minos_web.models.clusters import Cluster, Task
from minos_web.models.facts import TaskFacts

HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture
def kafka(console: Console) -> Callable[..., None]:
    """Two brokers that tell facts: {number: {kind: facts}}; ``age`` seconds ago."""

    def tell(told: dict[int, dict[str, list[Fact]]], age: float = 0.0, old: tuple[int, ...] = (), **task: Any) -> None:
        now = time.time()
        with console.writers.begin() as session:
            cluster = Cluster(service="kafka", name="logs", created_at=now)
            session.add(cluster)
            for number in (0, 1):
                values = {"state": "RUNNING", "pid": 5, "heard_at": now, **task}
                one = Task(cluster=cluster, job="kafka", number=number, address=f"127.0.0.{number + 1}", **values)
                session.add(one)
                session.flush()
                for kind, facts in told.get(number, {}).items():
                    packed, _ = pack(facts)
                    row = {
                        "task_id": one.id,
                        "kind": kind,
                        "at": now - (3600 if number in old else age),
                        "taken_at": 1.0,
                        "run": "1",
                        "left_out": 0,
                    }
                    session.add(TaskFacts(**row, packed=packed, count=len(facts), error=""))

    return tell


def leader(key: str, **numbers: float) -> Fact:
    values = {
        "in_sync": 2.0,
        "replicas": 2.0,
        "missing": 0.0,
        "end_offset": 9.0,
        "start_offset": 4.0,
        "size_bytes": 100.0,
    }
    topic, _, partition = key.rpartition("-")
    return Fact(key, {**values, **numbers}, {"topic": topic, "partition": partition, "role": "leader"})


def follower(key: str) -> Fact:
    topic, _, partition = key.rpartition("-")
    return Fact(
        key, {"size_bytes": 50.0, "end_offset": 8.0}, {"topic": topic, "partition": partition, "role": "follower"}
    )


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


def test_partitions_are_put_together_of_what_each_broker_tells(testapp: TestApp, kafka: Callable[..., None]) -> None:
    kafka(
        {
            0: {"replica": [leader("t-0"), follower("t-1")]},
            1: {"replica": [follower("t-0"), leader("t-1", missing=1.0, in_sync=1.0)]},
        }
    )
    page = testapp.get("/clusters/kafka/logs/lists/partitions")
    for text in ("under-replicated", "in sync", "kafka/0, kafka/1", "kafka/1", "150 B"):
        assert text in page, text
    [_, first, second] = rows(testapp.get("/clusters/kafka/logs/lists/partitions?csv=all").text)
    assert first[:8] == ["t-1", "under-replicated", "kafka/1", "kafka/0, kafka/1", "2", "1", "1", "5"]
    assert second[:8] == ["t-0", "in sync", "kafka/0", "kafka/0, kafka/1", "2", "2", "0", "5"]


def test_a_broker_that_is_silent_leads_nothing_that_another_one_leads(
    testapp: TestApp, kafka: Callable[..., None]
) -> None:
    kafka({0: {"replica": [leader("t-0", end_offset=7.0)]}, 1: {"replica": [leader("t-0")]}}, old=(0,))
    [_, line] = rows(testapp.get("/clusters/kafka/logs/lists/partitions?csv=all").text)
    assert line[2:4] == ["kafka/1", "kafka/0 (silent), kafka/1"] and line[-1] == ""


def test_a_leader_that_is_silent_is_old(testapp: TestApp, kafka: Callable[..., None]) -> None:
    kafka({0: {"replica": [leader("t-0")]}, 1: {"replica": [follower("t-0")]}}, old=(0,))
    [_, line] = rows(testapp.get("/clusters/kafka/logs/lists/partitions?csv=all").text)
    assert (line[2], line[-1]) == ("kafka/0", "old")


def test_of_a_topic_without_a_known_leader_no_sum_is_told(testapp: TestApp, kafka: Callable[..., None]) -> None:
    kafka({0: {"replica": [leader("t-0"), follower("t-1")], "topic": [Fact("t", {"bytes_in_per_second": 3.0})]}})
    answer = testapp.get("/clusters/kafka/logs/lists/topics?csv=all")
    assert answer.content_disposition == 'attachment; filename="logs-topics.csv"'
    assert rows(answer.text)[1] == ["t", "2", "", "", "1", "", "150", "", "3", "", ""]
    assert "kafka/1: has told nothing yet" in testapp.get("/clusters/kafka/logs/lists/topics")


def test_old_facts_are_shown_as_old(testapp: TestApp, kafka: Callable[..., None]) -> None:
    kafka({0: {"group": [Fact("readers", {"lag": 5.0}, {"state": "Stable"})]}}, age=3600)
    page = testapp.get("/clusters/kafka/logs/lists/groups")
    assert 'class="is-stale"' in page and ">old</span>" in page and "kafka/0: last told 1 h 00 min ago" in page


def test_nothing_told_is_not_none(testapp: TestApp, kafka: Callable[..., None]) -> None:
    kafka({})
    assert "Nothing is known" in testapp.get("/clusters/kafka/logs/lists/groups")


def test_none_is_none(testapp: TestApp, kafka: Callable[..., None]) -> None:
    kafka({0: {"group": []}, 1: {"group": []}})
    assert "There are none" in testapp.get("/clusters/kafka/logs/lists/groups")


def test_hostile_names_are_text_and_stay_whole(testapp: TestApp, kafka: Callable[..., None]) -> None:
    kafka({0: {"group": [Fact(HOSTILE, {"lag": 1.0}, {"state": HOSTILE})]}})
    for query in ("", f"?of={HOSTILE}", f"?q={HOSTILE}", f"?by={HOSTILE}", f"?sort={HOSTILE}"):
        page = testapp.get(f"/clusters/kafka/logs/lists/groups{query}").text
        assert "<img src=x" not in page and "&lt;img" in page


def test_a_thousand_are_cut_into_pages(testapp: TestApp, kafka: Callable[..., None]) -> None:
    kafka({0: {"group": [Fact(f"g{number:04}", {"lag": float(number)}, {}) for number in range(1000)]}})
    page = testapp.get("/clusters/kafka/logs/lists/groups?page=2")
    assert "101–200 of 1,000" in page and "g0899" in page and "g0999" not in page
    assert "10 of 1,000" in testapp.get("/clusters/kafka/logs/lists/groups?q=g012")
    assert len(testapp.get("/clusters/kafka/logs/lists/groups?csv=all").text.splitlines()) == 1001


def test_what_they_say_no_more_is_not_none(testapp: TestApp, kafka: Callable[..., None]) -> None:
    kafka({0: {"group": []}, 1: {"group": []}}, age=3600)
    page = testapp.get("/clusters/kafka/logs/lists/groups")
    assert "Nothing is known" in page and "There are none" not in page


def test_many_values_to_choose_from_are_folded(testapp: TestApp, kafka: Callable[..., None]) -> None:
    kafka({0: {"group": [Fact(f"g{n}", {}, {"state": f"s{n:02}"}) for n in range(13)]}})
    page = testapp.get("/clusters/kafka/logs/lists/groups")
    assert "<summary>One of 13</summary>" in page
    assert "<summary>Only s07</summary>" in page.click(href="by=s07")


def test_one_thing_has_its_history_and_what_is_in_it(testapp: TestApp, kafka: Callable[..., None]) -> None:
    kafka({0: {"group": [Fact("readers", {"lag": 1.0}, {}), Fact("others", {}, {})]}})
    page = testapp.get("/clusters/kafka/logs/lists/groups?of=readers")
    assert "metric=kafka.group.lag%3Areaders" in page and "others" not in page
    assert "/lists/lags?q=readers" in page


def test_lists_that_are_not_there(testapp: TestApp, kafka: Callable[..., None]) -> None:
    kafka({})
    testapp.get("/clusters/kafka/logs/lists/queues", status=404)
    testapp.get("/clusters/zookeeper/none/lists/topics", status=404)


def test_every_list_has_a_tab() -> None:
    for service, listings in LISTINGS.items():
        assert {one.name for one in listings} == {name for tab in TABS[service] for name in tab.names}
