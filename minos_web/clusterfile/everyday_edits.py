"""PURE. Everyday changes of a cluster, written into the text of its file; lines that say the same stay as they are."""

from collections.abc import Iterator
from itertools import count

from minos_web.clusterfile.edits import CannotWrite, edited, quoted, with_values
from minos_web.clusterfile.everyday import HEAP, Everyday, HostLine, JobPart
from minos_web.clusterfile.parse import parse


def write_everyday(text: str, before: Everyday, after: Everyday) -> str:
    """``text``, which says ``before``, made to say ``after``. Raises CannotWrite."""
    if after.version != before.version:
        text = with_values(text, ("cluster",), {"version": after.version})
    if after.pin != before.pin:
        keys = ("package_name", "revision", "timestamp")
        text = with_values(text, ("cluster",), dict(zip(keys, after.pin or (None, None, None), strict=True)))
    for old, new in zip(before.jobs, after.jobs, strict=True):
        text = _write_job(text, old, new)
    return text


def _write_job(text: str, old: JobPart, new: JobPart) -> str:
    values: dict[str, str | None] = {}
    if new.base_port != old.base_port:
        values["base_port"] = new.base_port
    kept = {line.key: line for line in new.hosts if line.key}
    for line in old.hosts:
        if line.key not in kept:
            values[line.key] = None
        elif kept[line.key].value != line.value:
            values[line.key] = kept[line.key].value
    values.update({f"host.{line.number}": line.value for line in new.hosts if not line.key})
    if values:
        text = with_values(text, (new.name,), values)
    return _with_heap(text, new) if new.heap != old.heap else text


def _with_heap(text: str, job: JobPart) -> str:
    """The job's own -Xmx changed in its place, put first, or taken out."""
    root, _problems = parse(text, "")
    arguments = root.sections[job.name].sections.get("arguments")
    entry = arguments.entries.get("jvm_args") if arguments else None
    wanted = f"-Xmx{job.heap}" if job.heap else ""
    if entry is None or entry.value == "":
        return with_values(text, (job.name, "arguments"), {"jvm_args": wanted or None})
    if not isinstance(entry.value, str):
        raise CannotWrite(f"jvm_args of {job.name} is a list with commas: change its heap in the text")
    if not HEAP.search(entry.value):
        value = f"{wanted} {entry.value}"
    elif wanted:
        value = HEAP.sub(wanted, entry.value)
    else:
        value = HEAP.sub("", entry.value).strip()
    written = {"jvm_args": quoted(value, literal=False) if value else None}  # it may hold expressions that count
    return edited(text, (job.name, "arguments"), written)


def new_hosts(text: str, taken: list[HostLine]) -> list[HostLine]:
    """Host lines of the addresses in ``text``: blanks or line ends between them, ``/key=value`` behind one, and
    ``dn-[01-20]`` for twenty of them. They get the next free numbers. Raises CannotWrite."""
    numbers = count(max((line.number for line in taken), default=-1) + 1)
    lines = []
    for word in text.split():
        address, *pairs = word.split("/")
        instances = [pair.removeprefix("instance_num=") for pair in pairs if pair.startswith("instance_num=")]
        attributes = tuple(pair for pair in pairs if pair and not pair.startswith("instance_num="))
        for one in _expanded(address):
            lines.append(HostLine(next(numbers), one, instances[-1] if instances else "1", attributes))
    return lines


MOST_AT_ONCE = 1000


def _expanded(address: str) -> Iterator[str]:
    head, opened, rest = address.partition("[")
    span, closed, tail = rest.partition("]")
    if not opened:
        yield address
        return
    first, dash, last = span.partition("-")
    if not (closed and dash and first.isdecimal() and last.isdecimal() and first.isascii() and last.isascii()):
        raise CannotWrite(f"{address!r}: a row of hosts is written like dn-[01-20]")
    if not 0 <= int(last) - int(first) < MOST_AT_ONCE:
        raise CannotWrite(f"{address!r} names no hosts, or more than {MOST_AT_ONCE}")
    width = len(first) if first.startswith("0") else 0
    for number in range(int(first), int(last) + 1):
        yield f"{head}{number:0{width}d}{tail}"
