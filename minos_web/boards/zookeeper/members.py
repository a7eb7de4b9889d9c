"""PURE. The servers of an ensemble beside each other, one figure a row, with whatever should be the same and is not marked."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from minos_web.views import presenting

UNKNOWN = "–"


@dataclass(frozen=True)
class Member:
    """One server: figures and texts by their names without the service, empty when it tells none; ``mode`` and ``zxid`` are
    what it said itself just now, and ``serves`` is False when it was asked now and does not. ``old``: its figures are from
    long ago.
    """

    name: str
    figures: Mapping[str, float] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    mode: str = ""
    zxid: int | None = None
    says: str = ""
    old: bool = False
    serves: bool | None = None


@dataclass(frozen=True)
class Cell:
    """``text``, and ``mark``: a word when this member differs, with the reason in ``why``."""

    text: str
    mark: str = ""
    why: str = ""
    old: bool = False


@dataclass(frozen=True)
class Row:
    """One figure of all members, in their order."""

    title: str
    cells: tuple[Cell, ...]
    numbers: bool = True


_FIGURES = (
    ("latency_avg", "Latency, average", "ms"),
    ("latency_max", "Latency, longest", "ms"),
    ("read_p99", "Reads, slowest of a hundred", "ms"),
    ("update_p99", "Writes, slowest of a hundred", "ms"),
    ("fsync_max", "Longest write to its disk", "ms"),
    ("connections", "Client connections", ""),
    ("outstanding", "Requests waiting", ""),
    ("watches", "Watches", ""),
    ("znodes", "Znodes", ""),
    ("ephemerals", "Ephemeral znodes", ""),
    ("data_bytes", "Data", "bytes"),
    ("digest_mismatches", "Disagreements about the data", ""),
    ("uptime", "Serving for", "ms"),
)
_SAME = {"znodes", "ephemerals", "data_bytes"}
"""What every member should have as much of, once it has caught up."""


def member_rows(members: Sequence[Member]) -> list[Row]:
    """The rows of the table."""
    return [
        Row("Role", tuple(_role(one) for one in members), numbers=False),
        Row("Epoch", _texts(members, lambda one: "" if one.zxid is None else str(one.zxid >> 32))),
        Row("Last transaction", tuple(_transaction(one, members) for one in members)),
        *(Row(title, _numbers(members, name, unit)) for name, title, unit in _FIGURES),
        Row("Version", _texts(members, lambda one: version_of(one.texts.get("version", "")), old=True), numbers=False),
    ]


def leaders(members: Sequence[Member]) -> int:
    """How many say that they lead; a lone server does."""
    return sum(_mode(one) in ("leader", "standalone") for one in members)


def version_of(text: str) -> str:
    """ "3.9.3" of "3.9.3-c26634f34490bb0ea7a09cc51e05ede3b4e320ee, built on 2024-10-17 23:21 UTC"."""
    return text.partition(",")[0].partition("-")[0]


def _mode(member: Member) -> str:
    """What it says now, else what it said when its figures were read."""
    then = "" if member.old or member.serves is False else member.texts.get("role", "")
    return member.mode or then


def _role(member: Member) -> Cell:
    mode = _mode(member)
    if mode:
        return Cell(mode)
    return Cell(UNKNOWN, why=member.says)


def _transaction(member: Member, members: Sequence[Member]) -> Cell:
    if member.zxid is None:
        return Cell(UNKNOWN)
    text = f"0x{member.zxid:x}"
    newest = max(one.zxid for one in members if one.zxid is not None)
    if newest >> 32 != member.zxid >> 32:
        return Cell(text, "behind", "another member is in a later epoch")
    behind = newest - member.zxid
    return Cell(text, f"{behind:,} behind", f"the newest is 0x{newest:x}") if behind else Cell(text)


def _texts(members: Sequence[Member], text_of: Callable[[Member], str], old: bool = False) -> tuple[Cell, ...]:
    texts = [text_of(one) for one in members]
    usual = most_common([text for text in texts if text])
    return tuple(
        Cell(text or UNKNOWN, *_mark(text, usual), old=old and one.old)
        for text, one in zip(texts, members, strict=True)
    )


def _numbers(members: Sequence[Member], name: str, unit: str) -> tuple[Cell, ...]:
    values = [one.figures.get(name) for one in members]
    usual = most_common([f"{one:.0f}" for one in values if one is not None]) if name in _SAME else ""
    cells = []
    for value, member in zip(values, members, strict=True):
        mark = _mark("" if value is None else f"{value:.0f}", usual)
        cells.append(Cell(number(value, unit), *mark, old=member.old))
    if name == "digest_mismatches":
        return tuple(
            Cell(c.text, "wrong", "its data is not the leader's", c.old) if v else c
            for c, v in zip(cells, values, strict=True)
        )
    return tuple(cells)


def number(value: float | None, unit: str) -> str:
    """Whole numbers to the last digit, so that two can be compared; others with their unit."""
    if value is None:
        return UNKNOWN
    return f"{value:,.0f}" if not unit else presenting.figure(value, unit)


def most_common(texts: Sequence[str]) -> str:
    """What more than half of them are; empty when there is no such text, so that nobody can be said to differ."""
    for text, count in Counter(texts).most_common(1):
        return text if 2 * count > len(texts) else ""
    return ""


def _mark(text: str, usual: str) -> tuple[str, str]:
    return ("differs", f"most have {usual}") if text and usual and text != usual else ("", "")
