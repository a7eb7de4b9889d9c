"""PURE. The lists of a Kafka: topics, partitions and consumer groups, put together of what each broker tells."""

from collections.abc import Iterable

from minos_web.boards.listing import History, Line, Listing, Source
from minos_web.boards.tables import LONG, TEXT, WHOLE, WORD, Column
from minos_web.monitor.facts import Told

_RATES = (
    "bytes_in_per_second",
    "bytes_out_per_second",
    "messages_in_per_second",
    "failed_produce_per_second",
    "failed_fetch_per_second",
)
_LEADERS = (
    "in_sync",
    "replicas",
    "under_replicated",
    "under_min",
    "missing",
    "end_offset",
    "start_offset",
    "end_offset_per_second",
)


def partitions(source: Source) -> list[Line]:
    """A line for each partition: who leads it, who holds it, how many are in sync. Without a leader that tells of it, what
    only a leader knows is not known; that a broker which tells nothing new led it is told as old.
    """
    replicas: dict[str, list[tuple[str, Line]]] = {}
    for broker, line in _replicas(source("replica")):
        replicas.setdefault(line.key, []).append((broker, line))
    return [_partition(key, held) for key, held in replicas.items()]


def _partition(key: str, held: list[tuple[str, Line]]) -> Line:
    first = held[0][1]
    sizes = [line.numbers["size_bytes"] for _, line in held if "size_bytes" in line.numbers]
    numbers = {"held": float(len(held))} | ({"size_bytes": sum(sizes)} if sizes else {})
    texts = {"topic": first.texts.get("topic", ""), "partition": first.texts.get("partition", "")}
    texts["held_by"] = ", ".join(f"{broker} (silent)" if line.old else broker for broker, line in held)
    leaders = sorted((one for one in held if one[1].texts.get("role") == "leader"), key=lambda one: one[1].old)
    if not leaders:
        return Line(key, numbers, {**texts, "state": "no leader known"}, all(line.old for _, line in held))
    broker, line = leaders[0]
    numbers |= {name: line.numbers[name] for name in _LEADERS if name in line.numbers}
    if {"end_offset", "start_offset"} <= line.numbers.keys():
        numbers["messages"] = line.numbers["end_offset"] - line.numbers["start_offset"]
    state = "under-replicated" if numbers.get("missing") else "in sync"
    return Line(key, numbers, {**texts, "leader": broker, "state": state}, line.old)


def _replicas(told: Told) -> Iterable[tuple[str, Line]]:
    for one in told.tasks:
        for fact in one.facts:
            yield f"{one.task.job}/{one.task.number}", Line(fact.key, fact.numbers, fact.texts, one.old)


def topics(source: Source) -> list[Line]:
    """A line for each topic: sums over its partitions, and over brokers of what goes through them."""
    rates: dict[str, dict[str, float]] = {}
    for one in source("topic").tasks:
        for fact in () if one.old else one.facts:
            sums = rates.setdefault(fact.key, {})
            for name in _RATES:
                if name in fact.numbers:
                    sums[name] = sums.get(name, 0.0) + fact.numbers[name]
    found: dict[str, list[Line]] = {}
    for line in partitions(source):
        found.setdefault(line.texts["topic"], []).append(line)
    return [_topic(name, found.get(name, []), rates.get(name, {})) for name in sorted(found.keys() | rates.keys())]


def _topic(name: str, parts: list[Line], rates: dict[str, float]) -> Line:
    numbers = dict(rates)
    if parts:
        leaderless = sum("leader" not in part.texts for part in parts)
        numbers |= {"partitions": float(len(parts)), "leaderless": float(leaderless)}
        numbers["size_bytes"] = sum(part.numbers.get("size_bytes", 0.0) for part in parts)
        if not leaderless:  # of a sum over some of them nobody would know what it means
            numbers["messages"] = sum(part.numbers.get("messages", 0.0) for part in parts)
            numbers["under_replicated"] = float(sum(bool(part.numbers.get("missing")) for part in parts))
            numbers["replicas"] = max(part.numbers.get("replicas", 0.0) for part in parts)
    return Line(name, numbers, {"topic": name}, any(part.old for part in parts))


LISTINGS = (
    Listing(
        name="topics", title="Topics", kinds=("replica", "topic"), key="Topic", make=topics,
        note="sizes are those of all replicas; messages those that are still there",
        columns=(
            Column("partitions", "Partitions", WHOLE), Column("replicas", "Replicas", WHOLE),
            Column("under_replicated", "Under-replicated", WHOLE, bad=0), Column("leaderless", "Without leader", WHOLE, bad=0),
            Column("messages", "Messages", WHOLE), Column("size_bytes", "Size", "bytes"),
            Column("messages_in_per_second", "Messages in", "per_second"),
            Column("bytes_in_per_second", "In", "bytes_per_second"), Column("bytes_out_per_second", "Out", "bytes_per_second"),
        ),
        charts=(
            History("Bytes", "bytes_per_second", {"topic.bytes_in_per_second": "In", "topic.bytes_out_per_second": "Out"}),
            History("Messages in", "per_second", {"topic.messages_in_per_second": "Messages"}),
            History("Size", "bytes", {"topic.size_bytes": "All replicas"}),
            History("Replicas missing", "count", {"topic.missing": "Not in sync"}),
            History(
                "Refused requests", "per_second",
                {"topic.failed_produce_per_second": "Produce", "topic.failed_fetch_per_second": "Fetch"},
            ),
        ),
        inside=("partitions", "lags"),
    ),
    Listing(
        name="partitions", title="Partitions", kinds=("replica",), key="Partition", sort="-missing", make=partitions, by="state",
        columns=(
            Column("state", "State", WORD), Column("leader", "Leader", WORD), Column("held_by", "Held by", TEXT),
            Column("replicas", "Replicas", WHOLE), Column("in_sync", "In sync", WHOLE), Column("missing", "Missing", WHOLE, bad=0),
            Column("messages", "Messages", WHOLE), Column("start_offset", "First offset", WHOLE), Column("end_offset", "Next offset", WHOLE),
            Column("end_offset_per_second", "Written", "per_second"), Column("size_bytes", "Size", "bytes"),
        ),
    ),
    Listing(
        name="groups", title="Consumer groups", kinds=("group",), key="Group", sort="-lag", by="state",
        note="lag is what was written and not yet committed, of all partitions together",
        columns=(
            Column("state", "State", WORD), Column("members", "Members", WHOLE), Column("partitions", "Partitions", WHOLE),
            Column("lag", "Lag", WHOLE), Column("largest_lag", "Largest lag", WHOLE), Column("topics", "Topics", LONG),
        ),
        charts=(
            History("Lag", "count", {"group.lag": "All partitions", "group.largest_lag": "Largest of one"}),
            History("Members", "count", {"group.members": "Members"}),
        ),
        inside=("lags",),
    ),
    Listing(
        name="lags", title="Lag by partition", kinds=("group-partition",), key="Group and partition", sort="-lag", by="group",
        columns=(
            Column("group", "Group", TEXT), Column("topic", "Topic", TEXT), Column("partition", "Partition", WORD),
            Column("committed", "Committed", WHOLE), Column("end_offset", "Next offset", WHOLE), Column("lag", "Lag", WHOLE),
            Column("committed_per_second", "Read", "per_second"), Column("client", "Client", TEXT), Column("host", "From", TEXT),
        ),
    ),
)  # fmt: skip
