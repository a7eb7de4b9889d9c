"""The whole status page of a task, flattened: every bean, attribute and value, whatever is collected of it. PURE."""

import json
import math
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from minos_worker.stats.readers import READERS, PageFailed, Reader, as_number, bean_name, jolokia_called, page_object

MOST_TEXT = 400
MOST_PARTS = 100
MOST_BYTES = 300 * 1024
"""Of one answer: it is a message, and a row on the console's table."""
_SECRET = re.compile(r"passw(or)?d|secret|credential|token|keytab", re.IGNORECASE)
HIDDEN = "(hidden: it may hold a secret)"
_TRUTHS = {"tag.HAState": "active", "tag.IsOutOfSync": "true", "tag.isActiveMaster": "true"}
"""Texts that are a yes or a no, and the word for yes."""


class Row(NamedTuple):
    """One value. ``group`` is its bean; ``key`` is what our readers call it. A text may stand beside its number."""

    group: str
    name: str
    key: str
    number: float | None
    text: str


def hadoop_beans(body: bytes) -> Iterator[Row]:
    """Of a Hadoop daemon's ``/jmx``. Raises PageFailed."""
    try:
        beans = [(str(bean["name"]), bean) for bean in json.loads(body)["beans"]]
    except (ValueError, KeyError, TypeError) as error:
        raise PageFailed(f"the page is not that of a Hadoop daemon's beans: {error!r}"[:200]) from error
    for bean, attributes in beans:
        short = bean_name(bean)
        for name, value in attributes.items():
            if name not in ("name", "modelerType"):
                yield from _rows(bean, str(name), f"{short}.{name}", value, ".")


def jolokia_beans(body: bytes) -> Iterator[Row]:
    """Of Jolokia's answer to a question for every bean. Raises PageFailed."""
    try:
        answers = json.loads(body)
        answer = answers[0] if isinstance(answers, list) else answers
        if answer["status"] != 200:
            raise PageFailed(f"Jolokia refuses: {answer.get('error', answer['status'])}"[:300])
        beans = list(answer["value"].items())
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise PageFailed(f"the page is not that of a Jolokia agent: {error!r}"[:200]) from error
    for bean, attributes in beans:
        if isinstance(attributes, dict):
            for name, value in attributes.items():
                yield from _rows(bean, str(name), jolokia_called(f"{bean}/{name}"), value, "/")


def json_object(body: bytes) -> Iterator[Row]:
    """Of any page that is a JSON object: its members are the groups, or stand together when they are plain. Raises
    PageFailed."""
    page = page_object(body)
    for member, value in page.items():
        if isinstance(value, dict):
            yield from _deep(str(member), "", str(member), value)
        else:
            yield from _rows("", str(member), str(member), value, ".")


def _deep(group: str, name: str, key: str, value: Any, depth: int = 0) -> Iterator[Row]:
    if isinstance(value, dict | list) and value and depth < 8:
        parts = value.items() if isinstance(value, dict) else enumerate(value)
        for part, one in list(parts)[:MOST_PARTS]:
            yield from _deep(group, f"{name}.{part}" if name else str(part), f"{key}.{part}", one, depth + 1)
    else:
        yield from _rows(group, name, key, value, ".")


def samples(body: bytes) -> Iterator[Row]:
    """Of a page in Prometheus' text format: a metric is a group, its labels are the names. Raises PageFailed."""
    for key, value in READERS["prometheus"].parse(body).items():
        metric, _, labels = key.partition("{")
        yield from _rows(metric, labels.rstrip("}") or "(all)", key, value, ".")


def _plain(reader: Reader) -> Callable[[bytes], Iterator[Row]]:
    def rows(body: bytes) -> Iterator[Row]:
        for name, value in reader.parse(body).items():
            number = as_number(value) if isinstance(value, str) else None
            yield from _rows("", str(name), str(name), value if number is None else number, ".")

    return rows


def _rows(group: str, name: str, key: str, value: Any, between: str) -> Iterator[Row]:
    """The value itself; of a list or map its length, and of a map also its plain parts."""
    yield _row(group, name, key, value)
    if isinstance(value, dict):
        for part, one in list(value.items())[:MOST_PARTS]:
            if not isinstance(one, dict | list):
                yield _row(group, f"{name}.{part}", f"{key}{between}{part}", one)


def _row(group: str, name: str, key: str, value: Any) -> Row:
    if _SECRET.search(name) and isinstance(value, str):
        return Row(group, name, key, None, HIDDEN)
    match value:
        case None:
            return Row(group, name, key, 0.0, "null")
        case bool():
            return Row(group, name, key, float(value), str(value).lower())
        case int() | float():
            return _numeric(group, name, key, value)
        case dict() | list():
            return Row(group, name, key, float(len(value)), _shown(json.dumps(value, default=str)))
    yes = _TRUTHS.get(name)
    return Row(group, name, key, None if yes is None else float(value == yes), _shown(str(value)))


def _numeric(group: str, name: str, key: str, value: float) -> Row:
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    return Row(group, name, key, number, "") if math.isfinite(number) else Row(group, name, key, None, str(value)[:40])


def _shown(text: str) -> str:
    if _SECRET.search(text):
        return HIDDEN
    return text if len(text) <= MOST_TEXT else text[:MOST_TEXT] + "…"


def jvm_counters(values: dict[str, int | str]) -> Iterator[Row]:
    """Of what HotSpot shares: "sun.gc.collector.0.time" stands in the group "sun.gc"."""
    for key, value in values.items():
        parts = key.split(".")
        cut = min(2, len(parts) - 1)
        yield from _rows(".".join(parts[:cut]), ".".join(parts[cut:]), key, value, ".")


EVERY_BEAN = json.dumps(
    [{"type": "read", "mbean": "*:*", "config": {"ignoreErrors": True, "maxCollectionSize": 200, "maxDepth": 4}}]
).encode()
"""What Jolokia is asked for all that it has."""

WHOLE: dict[str, Callable[[bytes], Iterator[Row]]] = {
    "hadoop-jmx": hadoop_beans,
    "jolokia": jolokia_beans,
    "json": json_object,
    "prometheus": samples,
    "storm-nimbus": _plain(READERS["storm-nimbus"]),
    "zookeeper-admin": _plain(READERS["zookeeper-admin"]),
    "zookeeper-mntr": _plain(READERS["zookeeper-mntr"]),
}


def chosen(rows: Iterable[Row], text: str, only: Iterable[tuple[str, str]]) -> list[Row]:
    """Those that hold ``text`` in their group, name or value, whatever its case; with ``only`` those of these (group, name)."""
    wanted, low = set(only), text.strip().lower()
    if wanted:
        return [row for row in rows if (row.group, row.name) in wanted]
    return [
        row for row in rows if not low or low in row.group.lower() or low in row.name.lower() or low in row.text.lower()
    ]


def as_answer(rows: list[Row], kept: dict[str, str]) -> dict[str, Any]:
    """{groups: {group: {name: [number, text, figure]}}, count, left_out}: what fits into one answer, groups in the order of the
    alphabet. ``figure`` is what a value is called where it is collected, by ``kept`` (our readers' name -> ours)."""
    groups: dict[str, dict[str, list[Any]]] = {}
    size = left_out = 0
    for row in sorted(rows, key=lambda row: row.group):
        size += len(row.name) + len(row.text.encode()) + 24 + (0 if row.group in groups else len(row.group) + 8)
        if size > MOST_BYTES:
            left_out += 1
        else:
            groups.setdefault(row.group, {})[row.name] = [row.number, row.text, kept.get(row.key, "")]
    return {"groups": groups, "count": len(rows), "left_out": left_out}
