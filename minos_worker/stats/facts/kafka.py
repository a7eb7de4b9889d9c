"""Facts of a Kafka broker from its Jolokia agent: replicas of partitions that it holds, and topics that go through it. PURE."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from minos_common.facts import Fact
from minos_worker.stats.facts.reader import Told, json_page
from minos_worker.stats.readers import PageFailed

_PARTITION = {
    "InSyncReplicasCount": "in_sync", "ReplicasCount": "replicas", "UnderReplicated": "under_replicated",
    "UnderMinIsr": "under_min", "LastStableOffsetLag": "unstable",
}  # fmt: skip
_LOG = {
    "Size": "size_bytes",
    "LogEndOffset": "end_offset",
    "LogStartOffset": "start_offset",
    "NumLogSegments": "segments",
}
_TOPIC = {
    "BytesInPerSec": "bytes_in", "BytesOutPerSec": "bytes_out", "MessagesInPerSec": "messages_in",
    "TotalProduceRequestsPerSec": "produce_requests", "TotalFetchRequestsPerSec": "fetch_requests",
    "FailedProduceRequestsPerSec": "failed_produce", "FailedFetchRequestsPerSec": "failed_fetch",
}  # fmt: skip
QUESTION = json.dumps(
    [
        {"type": "read", "mbean": "kafka.cluster:type=Partition,*", "attribute": "Value"},
        {"type": "read", "mbean": "kafka.log:type=Log,*", "attribute": "Value"},
        {"type": "read", "mbean": "kafka.server:type=BrokerTopicMetrics,topic=*,*", "attribute": "Count"},
    ]
).encode()


def kafka_broker(body: bytes) -> Iterator[Told]:
    """Facts of kind "replica" ("topic-partition"; its text role is leader where this broker leads) and "topic" (what went
    through this broker). Raises PageFailed.
    """
    replicas: dict[str, Fact] = {}
    topics: dict[str, Fact] = {}
    for keys, value in _told(body):
        name, topic, partition = keys.get("name", ""), keys.get("topic", ""), keys.get("partition", "")
        if not topic:
            continue
        if partition:
            ours = (_PARTITION if keys.get("type") == "Partition" else _LOG).get(name)
            texts = {"topic": topic, "partition": partition}
            fact = replicas.setdefault(f"{topic}-{partition}", Fact(f"{topic}-{partition}", {}, texts))
        else:
            ours = _TOPIC.get(name)
            fact = topics.setdefault(topic, Fact(topic, {}, {"topic": topic}))
        if ours:
            fact.numbers[ours] = value
    for fact in replicas.values():
        _judge(fact)
        yield "replica", fact
    yield from (("topic", fact) for fact in topics.values() if fact.numbers)


def _judge(fact: Fact) -> None:
    """Only who leads a partition knows how many are in sync: elsewhere the broker says 0, which means nothing."""
    in_sync = fact.numbers.get("in_sync")
    leads = bool(in_sync)
    if in_sync is not None:
        fact.texts["role"] = "leader" if leads else "follower"
    if not leads:
        for name in _PARTITION.values():
            fact.numbers.pop(name, None)
    elif "replicas" in fact.numbers and in_sync is not None:
        fact.numbers["missing"] = max(0.0, fact.numbers["replicas"] - in_sync)


def _told(body: bytes) -> Iterator[tuple[Mapping[str, str], float]]:
    """Keys of each bean's name, and its one number."""
    page = json_page(body)
    if not isinstance(page, list):
        raise PageFailed("the page is not that of a Jolokia agent")
    for answer in page:
        beans = answer.get("value") if isinstance(answer, dict) and answer.get("status") == 200 else None
        for bean, attributes in beans.items() if isinstance(beans, dict) else ():
            yield from ((_keys(bean), float(value)) for value in _values(attributes) if isinstance(value, int | float))


def _values(attributes: Any) -> list[Any]:
    return list(attributes.values()) if isinstance(attributes, dict) else []


def _keys(bean: str) -> dict[str, str]:
    return dict(pair.partition("=")[::2] for pair in bean.partition(":")[2].split(","))
