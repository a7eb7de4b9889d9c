"""Which pages are due, and messages of what they told."""

import pytest

from minos_common.facts import MOST_PACKED, Fact, unpack
from minos_common.verbs import FactPage, StatusPage
from minos_common.wire import pack
from minos_common.words import FactGroup, TaskName
from minos_worker.stats.facts.sending import due_facts, fact_groups, fact_messages
from minos_worker.stats.pages import ToldFacts

TASK = TaskName("hbase", "c", "regionserver")


@pytest.mark.parametrize(
    ("every", "rounds"), [(1, [1, 2, 3, 4, 5, 6, 7]), (2, [1, 3, 5, 7]), (3, [1, 4, 7]), (0, [1, 2, 3, 4, 5, 6, 7])]
)
def test_the_first_round_and_every_nth_after_it(every: int, rounds: list[int]) -> None:
    page = StatusPage("json", "h:1", facts=(FactPage("x", "h:1", every=every),))
    assert [number for number in range(1, 8) if due_facts(page, number)] == rounds


def test_a_group_for_each_kind_also_when_it_is_empty() -> None:
    page = FactPage("x", "h:1", kinds=("region", "peer"))
    regions, peers = fact_groups(TASK, [ToldFacts(page, 5.0, {"region": [Fact("r")]})], "7.9")
    assert (regions.kind, regions.at, regions.run, unpack(regions.packed)) == ("region", 5.0, "7.9", [Fact("r")])
    assert (peers.kind, unpack(peers.packed)) == ("peer", [])


def test_a_page_that_failed_is_told_for_each_kind() -> None:
    page = FactPage("x", "h:1", kinds=("region", "peer"))
    groups = list(fact_groups(TASK, [ToldFacts(page, 5.0, error="no answer")], ""))
    assert [(group.kind, group.error, group.packed) for group in groups] == [
        ("region", "no answer", b""), ("peer", "no answer", b""),
    ]  # fmt: skip


def test_messages_stay_within_the_wire() -> None:
    groups = [FactGroup(TASK, str(n), 5.0, bytes(MOST_PACKED if n % 3 == 0 else 5)) for n in range(9)]
    messages = list(fact_messages(groups))
    assert [group for message in messages for group in message.groups] == groups
    assert all(sum(map(len, pack(message))) < 1024 * 1024 for message in messages)
    assert list(fact_messages([])) == []
    assert len(list(fact_messages([FactGroup(TASK, "x", 5.0)] * 250))) == 3
