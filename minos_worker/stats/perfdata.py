"""Counters that HotSpot shares in a file of memory: parsed, and made into figures. PURE.

The layout is that of version 2 of the JVM's own description: a prologue of 32 bytes, then entries, each with its length, where
its name and its value are (from its own beginning), and a letter for the type: J is a long of 8 bytes, B with a length a text.
"""

import struct
from typing import NamedTuple

MAGIC = b"\xca\xfe\xc0\xc0"
_PROLOGUE_BYTES = 32
_ENTRY_BYTES = 20
_LONGEST_TEXT = 4096
MOST_ENTRIES = 10_000


class BadPerfData(Exception):
    """Not such a file, or one that is not ready yet; the text says why."""


class _Entry(NamedTuple):
    length: int
    name: int
    vector: int
    kind: int
    data: int


def parse(data: bytes) -> dict[str, int | str]:
    """Name -> value of every long and text. Raises BadPerfData."""
    if len(data) < _PROLOGUE_BYTES or data[:4] != MAGIC:
        raise BadPerfData("it does not begin as such a file does")
    order, major, _, accessible = data[4:8]
    if order not in (0, 1) or major != 2:
        raise BadPerfData(f"byte order {order} and version {major} are not known")
    if not accessible:
        raise BadPerfData("the JVM is not ready")
    ends = "<" if order else ">"
    at, count = struct.unpack_from(f"{ends}ii", data, 24)
    values: dict[str, int | str] = {}
    for _ in range(min(count, MOST_ENTRIES)):
        entry = _entry(data, at, ends)
        if entry is None:
            break  # what stands behind it is still being written
        name = _text(data, at + entry.name, entry.data - entry.name)
        value = _value(data, at + entry.data, entry, ends)
        if name and value is not None:
            values[name] = value
        at += entry.length
    return values


def _entry(data: bytes, at: int, ends: str) -> _Entry | None:
    if at < 0 or at + _ENTRY_BYTES > len(data):
        return None
    length, name, vector, kind, value = struct.unpack_from(f"{ends}iiiB3xi", data, at)
    fits = length >= _ENTRY_BYTES and at + length <= len(data) and 0 < name < value <= length and vector >= 0
    return _Entry(length, name, vector, kind, value) if fits else None


def _value(data: bytes, at: int, entry: _Entry, ends: str) -> int | str | None:
    room = entry.length - entry.data
    if entry.kind == ord("J") and entry.vector == 0 and room >= 8:
        return int(struct.unpack_from(f"{ends}q", data, at)[0])
    if entry.kind == ord("B") and entry.vector > 0:
        return _text(data, at, min(entry.vector, room, _LONGEST_TEXT))
    return None


def _text(data: bytes, at: int, most: int) -> str:
    return data[at : at + max(most, 0)].partition(b"\0")[0].decode(errors="replace")


_COLLECTORS = ("young", "old", "concurrent")
"""What HotSpot's collectors 0, 1, 2 do, as jstat has it in its columns YGC, FGC, CGC."""
_APART = ("Copy:", "ParScav:", "ParNew:")
"""How the policies begin whose generations divide the heap between them; of others each may grow to the whole heap."""


def figures(values: dict[str, int | str]) -> dict[str, float]:
    """Figures by our names; what the JVM does not tell is left out. Seconds and counts grow from its start."""
    found: dict[str, float] = {}
    numbers = {name: value for name, value in values.items() if isinstance(value, int)}
    found |= _heap(values, numbers)
    for ours, theirs in (
        ("jvm.metaspace_used_bytes", "sun.gc.metaspace.used"),
        ("jvm.metaspace_committed_bytes", "sun.gc.metaspace.capacity"),
        ("jvm.threads", "java.threads.live"),
        ("jvm.safepoints", "sun.rt.safepoints"),
    ):
        if theirs in numbers:
            found[ours] = float(numbers[theirs])
    per_second = numbers.get("sun.os.hrt.frequency", 0)
    if per_second > 0:
        found |= _seconds(numbers, per_second)
    return found | _collections(numbers)


def _heap(values: dict[str, int | str], numbers: dict[str, int]) -> dict[str, float]:
    used = committed = 0
    most: list[int] = []
    for generation in (0, 1):
        before = f"sun.gc.generation.{generation}"
        if f"{before}.maxCapacity" in numbers:
            most.append(numbers[f"{before}.maxCapacity"])
        for space in range(8):
            used += numbers.get(f"{before}.space.{space}.used", 0)
            committed += numbers.get(f"{before}.space.{space}.capacity", 0)
    if not most:
        return {}
    apart = str(values.get("sun.gc.policy.name", "")).startswith(_APART)
    return {
        "jvm.heap_used_bytes": float(used),
        "jvm.heap_committed_bytes": float(committed),
        "jvm.heap_max_bytes": float(sum(most) if apart else max(most)),
    }


def _seconds(numbers: dict[str, int], per_second: int) -> dict[str, float]:
    found = {}
    if "sun.rt.safepointTime" in numbers:
        found["jvm.safepoint_seconds"] = numbers["sun.rt.safepointTime"] / per_second
    times = {
        kind: numbers[f"sun.gc.collector.{index}.time"] / per_second
        for index, kind in enumerate(_COLLECTORS)
        if f"sun.gc.collector.{index}.time" in numbers
    }
    return found | _parts("jvm.gc_seconds", times)


def _collections(numbers: dict[str, int]) -> dict[str, float]:
    counts = {
        kind: float(numbers[f"sun.gc.collector.{index}.invocations"])
        for index, kind in enumerate(_COLLECTORS)
        if f"sun.gc.collector.{index}.invocations" in numbers
    }
    return _parts("jvm.gc_count", counts)


def _parts(name: str, parts: dict[str, float]) -> dict[str, float]:
    """The sum under the name, and each part behind a colon."""
    if not parts:
        return {}
    return {name: sum(parts.values())} | {f"{name}:{part}": value for part, value in parts.items()}
