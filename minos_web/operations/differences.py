"""PURE. How what is wanted differs from what is on the hosts, the same difference of many tasks told once."""

import difflib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from minos_common.parts import COMMAND, ENVIRONMENT, FILE, KEEPING, LIMITS, PACKAGE

CONTEXT = 2
"""Lines shown around a change."""
_SECRET = re.compile(r"(?i)pass(?:word|wd|phrase)|secret|credential|private[._-]?key|token$")
_NO_SECRET = re.compile(r"(?i)(?:file|path|dir|location|class|provider|enabled|type)s?$")
"""Ends of names that only speak of secrets: where they lie, whether there are some."""
_ASSIGNED = re.compile(r"(?s)(.*?[=:>]\s*)(\S.*)")
_XML_NAME = re.compile(r"<name>([^<]*)</name>")
_XML_VALUE = re.compile(r"(\s*<value>)[^<]*(.*)")
MASK = "••••••"
_TITLES = {
    PACKAGE: "Package",
    COMMAND: "Start command",
    ENVIRONMENT: "Environment",
    LIMITS: "Limits",
    KEEPING: "How it is kept running",
}
_ORDER = tuple(_TITLES)


class Kind(StrEnum):
    """What happens to a part: it comes, goes, changes, or changes from something whose text only the host knows."""

    NEW = "new"
    GONE = "gone"
    CHANGED = "changed"
    UNSEEN = "unseen"


_WORDS = {Kind.NEW: "new", Kind.GONE: "taken away", Kind.UNSEEN: "edited on the host, and put right"}


@dataclass(frozen=True)
class Change:
    """One part of one task. ``before`` and ``after`` are texts; ``unseen``: there is another one, but not known here."""

    task: str
    part: str
    before: str | None
    after: str | None
    unseen: bool = False

    @property
    def kind(self) -> Kind:
        """What happens to the part."""
        if self.unseen:
            return Kind.UNSEEN
        if self.before is None:
            return Kind.NEW
        return Kind.GONE if self.after is None else Kind.CHANGED


@dataclass(frozen=True)
class Line:
    """``sign`` is "+", "-", " " (context) or "@" (lines are left out)."""

    sign: str
    text: str


@dataclass(frozen=True)
class Group:
    """One difference with all tasks that have it. ``changed`` counts added and removed lines, the larger of the two; what
    is new, gone or not known has no lines.
    """

    kind: Kind
    lines: tuple[Line, ...]
    changed: int
    tasks: tuple[str, ...]

    @property
    def words(self) -> str:
        """What happens, in words."""
        if self.kind is Kind.CHANGED:
            return f"{self.changed} line{'' if self.changed == 1 else 's'} changed"
        return _WORDS[self.kind]


@dataclass(frozen=True)
class PartDifference:
    """A part with its differences, the most common first; ``same`` tasks have it as it is wanted."""

    part: str
    title: str
    groups: tuple[Group, ...]
    same: int

    @property
    def summary(self) -> str:
        """One line: "3 lines changed, 12 tasks; 1 different: dn-077"."""
        told = [f"{group.words}, {_count(group)}" for group in self.groups[:1]]
        told += [f"{group.words}: {_named(group.tasks)}" for group in self.groups[1:3]]
        if len(self.groups) > 3:
            told.append(f"{len(self.groups) - 3} more kinds of change")
        if self.same:
            told.append(f"{self.same} as wanted")
        return "; ".join(told)


def fold(changes: Iterable[Change], tasks: int) -> list[PartDifference]:
    """Changes of ``tasks`` tasks by part. What differs between two texts is the same when the same lines go and come."""
    found: dict[str, dict[tuple[object, ...], tuple[Change, tuple[Line, ...], list[str]]]] = {}
    known: dict[tuple[str | None, str | None], tuple[Line, ...]] = {}
    for change in changes:
        pair = (change.before, change.after)
        if change.kind is not Kind.CHANGED:
            lines: tuple[Line, ...] = ()  # the whole text is on the task's page
        elif pair in known:
            lines = known[pair]
        else:
            lines = known[pair] = tuple(masked(lines_of(change.before or "", change.after or "")))
        key = (change.kind, tuple(line for line in lines if line.sign in "+-"))
        found.setdefault(change.part, {}).setdefault(key, (change, lines, []))[2].append(change.task)
    return [_part(part, list(groups.values()), tasks) for part, groups in sorted(found.items(), key=_by_part)]


def title_of(part: str) -> str:
    """The part as people call it."""
    return part.removeprefix(FILE) if part.startswith(FILE) else _TITLES.get(part, part)


def _by_part(pair: tuple[str, object]) -> tuple[int, str]:
    part = pair[0]
    return (_ORDER.index(part) if part in _ORDER else len(_ORDER), part)


def _part(part: str, groups: list[tuple[Change, tuple[Line, ...], list[str]]], tasks: int) -> PartDifference:
    made = [Group(change.kind, lines, _changed(lines), tuple(labels)) for change, lines, labels in groups]
    made.sort(key=lambda group: (-len(group.tasks), group.tasks))
    return PartDifference(part, title_of(part), tuple(made), tasks - sum(len(group.tasks) for group in made))


def _count(group: Group) -> str:
    return f"{len(group.tasks)} task{'' if len(group.tasks) == 1 else 's'}"


def _named(tasks: Sequence[str]) -> str:
    return ", ".join(tasks[:3]) + (f" and {len(tasks) - 3} more" if len(tasks) > 3 else "")


def _changed(lines: Iterable[Line]) -> int:
    signs = [line.sign for line in lines]
    return max(signs.count("+"), signs.count("-"))


def lines_of(before: str, after: str) -> list[Line]:
    """The difference of two texts with some lines around each change; equal heads and tails are skipped first."""
    old, new = before.splitlines(), after.splitlines()
    head = _common(old, new)
    tail = _common(old[head:][::-1], new[head:][::-1])
    middle = difflib.SequenceMatcher(None, old[head : len(old) - tail], new[head : len(new) - tail], autojunk=False)
    steps = [(tag, a + head, b + head, c + head, d + head) for tag, a, b, c, d in middle.get_opcodes()]
    changes = [step for step in steps if step[0] != "equal"]
    return list(_with_context(changes, old, new))


def _common(one: list[str], other: list[str]) -> int:
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _with_context(changes: Sequence[tuple[str, int, int, int, int]], old: list[str], new: list[str]) -> Iterator[Line]:
    shown = 0  # lines of the old text that are told or left out
    for number, (_tag, first, last, start, end) in enumerate(changes):
        begin = max(shown, first - CONTEXT)
        if begin > shown or (number == 0 and begin > 0):
            yield Line("@", f"line {begin + 1}")
        yield from (Line(" ", text) for text in old[begin:first])
        yield from (Line("-", text) for text in old[first:last])
        yield from (Line("+", text) for text in new[start:end])
        following = changes[number + 1][1] if number + 1 < len(changes) else len(old)
        shown = min(last + CONTEXT, following)
        yield from (Line(" ", text) for text in old[last:shown])


def masked(lines: Iterable[Line]) -> Iterator[Line]:
    """Lines without what looks like a secret: passwords, tokens, private keys; that they change stays visible."""
    hides = False  # the name of an XML property was a secret's
    for line in lines:
        name = _XML_NAME.search(line.text)
        value = _XML_VALUE.match(line.text)
        if value is not None and name is None:
            yield Line(line.sign, f"{value[1]}{MASK}{value[2]}") if hides else line
            continue
        if line.sign in " +-" and name is not None:
            hides = is_secret(name[1])
            yield line
            continue
        yield Line(line.sign, mask(line.text))


def is_secret(name: str) -> bool:
    """Whether the value of a key of this name is to be hidden."""
    return bool(_SECRET.search(name)) and not _NO_SECRET.search(name)


def mask(text: str) -> str:
    """One line ``name=value`` (or with a colon) without its value where the name is a secret's."""
    parts = _ASSIGNED.fullmatch(text)
    if parts is None or not is_secret(parts[1].rstrip(" =:>")):
        return text
    return f"{parts[1]}{MASK}"
