"""Facts of Kafka's consumer groups out of what a broker was asked: how far behind each is, by partition. PURE."""

from collections.abc import Iterator
from typing import Any

from minos_common.facts import Fact
from minos_worker.stats.facts.reader import Told, json_page
from minos_worker.stats.readers import PageFailed


def kafka_groups(body: bytes) -> Iterator[Told]:
    """Facts of kind "group" (by name) and "group-partition" ("group/topic-partition"). A lag is told only where something
    was committed and the end is known. Raises PageFailed.
    """
    page = json_page(body)
    if not isinstance(page, dict) or not isinstance(page.get("groups"), list):
        raise PageFailed("this is not what is asked of a broker")
    for group in page["groups"]:
        name = str(group["group"])
        readers = {
            (topic, number): member for member in group["members"] for topic, number in member.get("partitions") or ()
        }
        lags, unknown = [], 0
        for topic, number, committed, end in group["partitions"]:
            fact = _partition(name, topic, number, committed, end)
            fact.texts.update(_reader(readers.get((topic, number))))
            if "lag" in fact.numbers:
                lags.append(fact.numbers["lag"])
            else:
                unknown += 1
            yield "group-partition", fact
        yield "group", _group(name, group, lags, unknown)


def _partition(group: str, topic: str, number: int, committed: int, end: int | None) -> Fact:
    found = {}
    if committed >= 0:
        found["committed"] = float(committed)
    if end is not None and end >= 0:
        found["end_offset"] = float(end)
    if len(found) == 2:
        found["lag"] = max(0.0, found["end_offset"] - found["committed"])
    texts = {"group": group, "topic": topic, "partition": str(number)}
    return Fact(f"{group}/{topic}-{number}", found, texts)


def _reader(member: dict[str, Any] | None) -> dict[str, str]:
    if member is None:
        return {}
    return {name: str(member[name]) for name in ("client", "host") if member.get(name)}


def _group(name: str, group: dict[str, Any], lags: list[float], unknown: int) -> Fact:
    found = {"members": float(len(group["members"])), "partitions": float(len(group["partitions"]))}
    if lags and not unknown:
        found |= {"lag": sum(lags), "largest_lag": max(lags)}
    elif lags:
        found["largest_lag"] = max(lags)
    topics = sorted({str(one[0]) for one in group["partitions"]})
    return Fact(name, found, {"group": name, "state": str(group.get("state") or ""), "topics": ", ".join(topics)})
