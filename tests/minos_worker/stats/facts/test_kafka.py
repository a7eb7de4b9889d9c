"""What Kafka 3.9 tells through Jolokia, and of its consumer groups, as it told it (shortened)."""

import json
from typing import Any

import pytest

from minos_common.facts import Fact
from minos_worker.stats.facts.kafka import QUESTION, kafka_broker
from minos_worker.stats.facts.kafka_groups import kafka_groups
from minos_worker.stats.readers import PageFailed

PARTITION = "kafka.cluster:name={},partition=1,topic=ledger,type=Partition"
LOG = "kafka.log:name={},partition=1,topic=ledger,type=Log"


def page(*answers: dict[str, Any]) -> bytes:
    return json.dumps([{"status": 200, "value": one} for one in answers]).encode()


def told(kind: str, body: bytes) -> list[Fact]:
    return [fact for one, fact in kafka_broker(body) if one == kind]


def values(pattern: str, **named: Any) -> dict[str, dict[str, Any]]:
    return {pattern.format(name): {"Value": value} for name, value in named.items()}


def test_who_leads_a_partition_tells_how_many_are_in_sync() -> None:
    leads = values(PARTITION, InSyncReplicasCount=2, ReplicasCount=3, UnderReplicated=1, UnderMinIsr=0)
    logs = values(LOG, Size=9474, LogEndOffset=328, LogStartOffset=3)
    assert told("replica", page(leads, logs)) == [
        Fact(
            "ledger-1",
            {
                "in_sync": 2.0, "replicas": 3.0, "under_replicated": 1.0, "under_min": 0.0, "size_bytes": 9474.0,
                "end_offset": 328.0, "start_offset": 3.0, "missing": 1.0,
            },
            {"topic": "ledger", "partition": "1", "role": "leader"},
        )
    ]  # fmt: skip


def test_what_a_follower_says_of_others_is_not_believed() -> None:
    follows = values(PARTITION, InSyncReplicasCount=0, ReplicasCount=0, UnderReplicated=0)
    [fact] = told("replica", page(follows, values(LOG, Size=5)))
    assert (fact.numbers, fact.texts["role"]) == ({"size_bytes": 5.0}, "follower")


def test_topics_go_through_a_broker() -> None:
    beans = {
        "kafka.server:name=BytesInPerSec,topic=ledger,type=BrokerTopicMetrics": {"Count": 12},
        "kafka.server:name=Unknown,topic=other,type=BrokerTopicMetrics": {"Count": 3},
    }
    assert told("topic", page(beans)) == [Fact("ledger", {"bytes_in": 12.0}, {"topic": "ledger"})]


def test_beans_that_are_not_there_are_left_out() -> None:
    body = json.dumps([{"status": 404, "error": "no such bean"}, {"status": 200, "value": None}, 5]).encode()
    assert list(kafka_broker(body)) == []


@pytest.mark.parametrize("body", [b"{}", b"junk", b"5"])
def test_other_pages_are_refused(body: bytes) -> None:
    with pytest.raises(PageFailed):
        list(kafka_broker(body))
    with pytest.raises(PageFailed):
        list(kafka_groups(body))


def test_the_question_is_one_for_all() -> None:
    assert [one["type"] for one in json.loads(QUESTION)] == ["read"] * 3


def groups(*partitions: list[Any], members: list[Any] | None = None) -> list[tuple[str, Fact]]:
    group = {"group": "readers", "state": "Stable", "members": members or [], "partitions": list(partitions)}
    return list(kafka_groups(json.dumps({"groups": [group]}).encode()))


def test_a_group_is_as_far_behind_as_its_partitions() -> None:
    member = {"client": "c1", "host": "/127.0.0.1", "partitions": [["ledger", 1]]}
    found = groups(["ledger", 0, 0, 0], ["ledger", 1, 100, 328], members=[member])
    assert found[1] == (
        "group-partition",
        Fact(
            "readers/ledger-1", {"committed": 100.0, "end_offset": 328.0, "lag": 228.0},
            {"group": "readers", "topic": "ledger", "partition": "1", "client": "c1", "host": "/127.0.0.1"},
        ),
    )  # fmt: skip
    assert found[-1] == (
        "group",
        Fact(
            "readers", {"members": 1.0, "partitions": 2.0, "lag": 228.0, "largest_lag": 228.0},
            {"group": "readers", "state": "Stable", "topics": "ledger"},
        ),
    )  # fmt: skip


def test_a_lag_that_is_not_known_is_not_told() -> None:
    found = dict(groups(["ledger", 0, -1, 5], ["ledger", 1, 3, None]))
    assert found["group-partition"].numbers == {"committed": 3.0}
    assert "lag" not in found["group"].numbers and "largest_lag" not in found["group"].numbers


def test_a_sum_over_some_of_them_is_not_told() -> None:
    [*_, (_, group)] = groups(["ledger", 0, -1, 5], ["ledger", 1, 3, 4])
    assert "lag" not in group.numbers and group.numbers["largest_lag"] == 1.0


def test_a_group_that_is_ahead_of_a_deleted_topic_is_not_behind() -> None:
    [(_, partition), _] = groups(["ledger", 0, 9, 4])
    assert partition.numbers["lag"] == 0.0
