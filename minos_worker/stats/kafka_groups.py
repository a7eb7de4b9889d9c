"""Asks a broker for the consumer groups that it coordinates, with Kafka's own protocol: what they read and how far they are."""

import json
import logging
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from minos_worker.stats.readers import PageFailed

MOST_GROUPS = 500


def ask_groups(address: str, timeout: float) -> bytes:
    """JSON ``{"groups": [{"group", "state", "members": [{"client", "host", "partitions": [[topic, number]]}], "partitions":
    [[topic, number, committed, end]]}]}`` of the broker at ``address``; -1 where nothing was committed, null where the end
    is not known. Raises PageFailed.
    """
    # Read when the first broker is asked: most workers have none.
    from kafka.errors import KafkaError

    logging.getLogger("kafka").setLevel(logging.CRITICAL)  # what goes wrong is told on the page, once
    patience, until = max(int(timeout * 1000), 200), time.monotonic() + timeout
    try:
        with _talking(address, patience) as client:
            return json.dumps({"groups": _groups(client, address, until)}).encode()
    except (KafkaError, OSError, ValueError, KeyError, TypeError) as error:
        said = str(error) or type(error).__name__
        raise PageFailed(f"{address} does not tell its consumer groups: {said}"[:250]) from error


@contextmanager
def _talking(address: str, patience: int) -> Iterator[Any]:
    from kafka.admin import KafkaAdminClient

    class Client(KafkaAdminClient):  # type: ignore[misc]
        """One that leaves no thread behind when nobody answers: the library's own closes only what was begun whole."""

        def __init__(self, **settings: Any) -> None:
            try:
                super().__init__(**settings)
            except BaseException:
                self._closed = False
                self.close()
                raise

    client = Client(
        bootstrap_servers=[address], client_id="minos", request_timeout_ms=patience, bootstrap_timeout_ms=patience
    )
    try:
        yield client
    finally:
        client.close()


def _groups(client: Any, address: str, until: float) -> list[dict[str, Any]]:
    own = _own_id(client, address)
    listed = client.list_groups(broker_ids=None if own is None else [own])
    names = sorted(str(one["group_id"]) for one in listed if one.get("protocol_type") in ("consumer", ""))[:MOST_GROUPS]
    if not names:
        return []
    described = client.describe_groups(names, group_coordinator_id=own)
    offsets: dict[str, Any] = {}
    for name in names:  # one by one: older brokers know no other way
        if time.monotonic() > until:
            raise TimeoutError(f"it has {len(names)} consumer groups, and took too long to tell of them all")
        offsets |= client.list_group_offsets(name)
    wanted = {partition for found in offsets.values() for partition in found}
    ends = _ends(client, wanted)
    return [_group(name, described.get(name) or {}, offsets.get(name) or {}, ends) for name in names]


def _own_id(client: Any, address: str) -> int | None:
    """The number of the broker that listens at ``address``; None when it tells other addresses than it is asked at."""
    host, _, port = address.rpartition(":")
    for broker in client.describe_cluster().get("brokers") or ():
        if (str(broker.get("host")), str(broker.get("port"))) == (host.strip("[]"), port):
            return int(broker.get("node_id", broker.get("broker_id")))
    return None


def _ends(client: Any, wanted: Iterable[Any]) -> dict[Any, int]:
    from kafka.admin import OffsetSpec

    asked = dict.fromkeys(wanted, OffsetSpec.LATEST)
    found = client.list_partition_offsets(asked) if asked else {}
    return {partition: int(one.offset) for partition, one in found.items()}


def _group(name: str, told: dict[str, Any], offsets: dict[Any, Any], ends: dict[Any, int]) -> dict[str, Any]:
    members = [
        {
            "client": str(member.get("client_id") or ""),
            "host": str(member.get("client_host") or ""),
            "partitions": _assigned(member.get("member_assignment")),
        }
        for member in told.get("members") or ()
    ]
    state = told.get("group_state") or told.get("state") or ""
    partitions = [
        [str(at.topic), int(at.partition), int(one.offset), ends.get(at)] for at, one in sorted(offsets.items())
    ]
    return {"group": name, "state": str(getattr(state, "value", state)), "members": members, "partitions": partitions}


def _assigned(assignment: Any) -> list[list[Any]]:
    told = assignment.get("assigned_partitions") if isinstance(assignment, dict) else None
    return [[str(one["topic"]), int(number)] for one in told or () for number in one.get("partitions") or ()]
