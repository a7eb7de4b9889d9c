"""PURE. Failures by their cause: messages that differ only in numbers, addresses, paths and names of hosts are one."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

LONGEST = 400
"""Characters of a message that count; what stands behind them is detail."""
SHOWN_PLACES = 5
_SHORTEST_NAME = 3
_KINDS = re.compile(
    r"""
    (?P<kept>\b(?:exit\ code|exit\ status|signal|errno|status|HTTP)[ :=]{0,2}\d+)
  | (?P<time>\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?(?:[.,]\d+)?Z?|\b\d\d:\d\d:\d\d(?:[.,]\d+)?)
  | (?P<address>\b[a-z][a-z0-9+.]{0,20}://[^\s'")>\]]+
      |\[?\b(?:[0-9a-f]{1,4}:){3,7}[0-9a-f:]{0,9}\]?(?::\d+)?|\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?)
  | (?P<path>(?<![\w/.])(?:/[\w.@%+~=-]+)+/?)
  | (?P<id>\b0x[0-9a-f]+\b|\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b(?=[a-f]*\d)[0-9a-f]{8,64}\b)
  | (?P<duration>\b\d+(?:\.\d+)?\ ?(?:ms|s|sec|min|h|d|seconds?|minutes?|hours?|days?)\b
      (?:\ \d+\ ?(?:s|min|h)\b)?)
  | (?P<size>\b\d+(?:\.\d+)?\ ?(?:B|[KMGTP]i?B|bytes)\b)
  | (?P<number>\d+(?:[.,]\d+)*)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_MASKS = {"number": "#"}


@dataclass(frozen=True)
class Failure:
    """A step that failed. ``names`` are those of its own task and host: which one it was is no part of the cause."""

    id: int
    message: str
    label: str = ""
    names: tuple[str, ...] = ()
    place: str = ""
    at: float | None = None


@dataclass(frozen=True)
class Cause:
    """Steps that failed in one way. ``places`` are the first few tasks or hosts, ``example`` is the first one's message,
    ``at`` is when the first of them failed.
    """

    key: str
    pattern: str
    example: str
    label: str
    steps: tuple[int, ...]
    places: tuple[str, ...]
    at: float | None = None

    @property
    def count(self) -> int:
        """How many steps."""
        return len(self.steps)

    @property
    def more(self) -> int:
        """Places that ``places`` leaves out."""
        return max(0, self.count - len(self.places))


def pattern_of(message: str, names: Sequence[str] = ()) -> str:
    """A message with everything masked that differs from host to host. What tells causes apart stays: words, and the
    codes with which programs and pages end.
    """
    return _pattern(message[: 4 * LONGEST], tuple(names))


@lru_cache(maxsize=16384)
def _pattern(message: str, names: tuple[str, ...]) -> str:
    text = " ".join("".join(one if one.isprintable() else " " for one in message).split())[:LONGEST]
    for name in sorted(set(names), key=len, reverse=True):
        text = _without(text, name)
    return _KINDS.sub(_masked, text)


def _masked(found: re.Match[str]) -> str:
    kind = found.lastgroup or ""
    return found.group() if kind == "kept" else _MASKS.get(kind, f"‹{kind}›")


def _without(text: str, name: str) -> str:
    """The text with a name masked wherever it stands by itself: node1 is not in node10."""
    if len(name) < _SHORTEST_NAME:
        return text
    begin = text.find(name)
    while begin >= 0:
        end = begin + len(name)
        if _is_edge(text[begin - 1 : begin]) and _is_edge(text[end : end + 1]):
            text = f"{text[:begin]}‹it›{text[end:]}"
            end = begin + 4
        begin = text.find(name, end)
    return text


def _is_edge(one: str) -> bool:
    return not (one.isalnum() or one in ("-", "_")) or not one


def key_of(pattern: str) -> str:
    """The short name of a cause: the same pattern has the same one in every operation."""
    return hashlib.sha256(pattern.encode()).hexdigest()[:12]


def causes_of(failures: Iterable[Failure]) -> list[Cause]:
    """The causes, the one with most steps first; those with as many in the order in which they came."""
    by_pattern: dict[str, list[Failure]] = {}
    for one in failures:
        by_pattern.setdefault(pattern_of(one.message, one.names), []).append(one)
    found = [_cause(pattern, some) for pattern, some in by_pattern.items()]
    return sorted(found, key=lambda cause: -cause.count)


def _cause(pattern: str, failures: Sequence[Failure]) -> Cause:
    places = list(dict.fromkeys(one.place or one.label for one in failures))
    first = failures[0]
    steps = tuple(one.id for one in failures)
    at = min((one.at for one in failures if one.at is not None), default=None)
    return Cause(key_of(pattern), pattern, first.message, first.label, steps, tuple(places[:SHOWN_PLACES]), at)


def in_ways(steps: int, ways: int) -> str:
    """287 failed in 3 ways."""
    if steps == 1:
        return "1 failed"
    return f"{steps:,} failed in {'one way' if ways == 1 else f'{ways:,} ways'}"
