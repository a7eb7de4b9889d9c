"""PURE. What a rule may say of a figure, parsed and never evaluated: ``> 90%``, ``>= 1.5 and < 4``, ``outside 1..5``,
``rate > 10``, ``is down or degraded``; and which figure it says it of: one, or one divided by another.
"""

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

LONGEST = 120
MOST_PARTS = 8
EVERY_PART = "*"
"""In place of a part: each of them by itself, e.g. ``host.disk_percent:*``."""


class BadCondition(ValueError):
    """What was written cannot be understood. ``place`` is where, counted from 0."""

    def __init__(self, text: str, place: int, message: str) -> None:
        near = text[place : place + 20].strip()
        where = f"at {near!r} (character {place + 1})" if near else "at the end"
        super().__init__(f"{where}: {message}")
        self.place = place


@dataclass(frozen=True)
class Compare:
    """One comparison with a number, in the unit of the figure."""

    sign: str
    number: float

    def holds(self, value: float) -> bool:
        """Whether it is so of this value."""
        return bool(_SIGNS[self.sign](value, self.number))

    def hold(self, values: Any) -> Any:
        """The same of each of many, as an array of numpy."""
        return _SIGNS[self.sign](values, self.number)


@dataclass(frozen=True)
class Condition:
    """What must be so. ``ways``: one of them must hold, with all of its comparisons. ``rate``: it is said of the growth per
    second. With ``words`` it is said of a word; ``negated``: of any but these.
    """

    text: str
    ways: tuple[tuple[Compare, ...], ...] = ()
    rate: bool = False
    words: frozenset[str] = frozenset()
    negated: bool = False

    def holds(self, value: float) -> bool:
        """Whether it is so of a number."""
        return any(all(one.holds(value) for one in way) for way in self.ways)

    def holds_word(self, word: str) -> bool:
        """Whether it is so of a word."""
        return (word.lower() in self.words) is not self.negated

    @property
    def edges(self) -> list[float]:
        """The numbers in it, lowest first: lines across a chart."""
        return sorted({one.number for way in self.ways for one in way})


@dataclass(frozen=True)
class Metric:
    """A figure, or (``below``) the ratio of two."""

    figure: str
    below: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Every figure that it needs."""
        return (self.figure, self.below) if self.below else (self.figure,)

    @property
    def by_part(self) -> bool:
        """Whether each part of what is measured is judged by itself."""
        return self.figure.endswith(f":{EVERY_PART}")

    def of_part(self, part: str) -> "Metric":
        """The same of one part: names that end in ``:*`` name it."""
        return Metric(*(_named(name, part) for name in (self.figure, self.below)))


_SIGNS: Mapping[str, Callable[[Any, float], Any]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
    "=": operator.eq,
    "!=": operator.ne,
}
_SIZES = {"b": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9, "tb": 10**12, "pb": 10**15}
_SIZES |= {"kib": 2**10, "mib": 2**20, "gib": 2**30, "tib": 2**40, "pib": 2**50}
_TIMES = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0, "min": 60.0, "h": 3600.0, "d": 86400.0}
_OWN_SIZES = {"bytes": 1, "MB": 2**20, "GB": 2**30}
_OWN_TIMES = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0, "seconds": 1.0, "days": 86400.0}
RATIO = "ratio"
"""The unit of one figure divided by another: 90 % of it is 0.9."""
_TOKEN = re.compile(
    r"\s*(?:(>=|<=|!=|>|<|=|\.\.)|([-+]?(?:\d+\.?\d*?|\.\d+)(?:[eE][-+]?\d+)?(?=\.\.|[^\d.]|$))|(%|[A-Za-z][\w-]*)|(\S))"
)
_METRIC = re.compile(r"[A-Za-z_][\w.-]*(?::[^\s]+)?")


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    place: int


def parse(text: str, unit: str = "") -> Condition:
    """What a condition says of a figure in this unit (bytes, ms, percent, ratio ...). Raises BadCondition."""
    return _Parser(text, unit).condition()


def parse_metric(text: str) -> Metric:
    """Which figure is meant: ``name``, or ``name / name``. Raises BadCondition."""
    names = re.split(r"\s+/\s+", text.strip())
    for name in names:
        if not _METRIC.fullmatch(name):
            place = max(text.find(name), 0)
            raise BadCondition(text, place, "this is no name of a figure; write one, or two with ' / ' between them")
    if len(names) > 2:
        raise BadCondition(text, text.find(names[2]), "only two figures can be divided")
    metric = Metric(*names)
    if metric.below.endswith(f":{EVERY_PART}") and not metric.by_part:
        raise BadCondition(text, text.find(metric.below), "only the first figure has parts; write :* behind it as well")
    return metric


def _named(name: str, part: str) -> str:
    return f"{name[:-1]}{part}" if name.endswith(f":{EVERY_PART}") else name


class _Parser:
    """Walks once through the words of a condition."""

    def __init__(self, text: str, unit: str) -> None:
        self._text, self._unit = text, unit
        if len(text) > LONGEST:
            raise BadCondition(text, LONGEST, f"a condition has at most {LONGEST} characters")
        self._tokens = list(self._split())
        self._at = 0

    def _split(self) -> list[_Token]:
        found = []
        for match in _TOKEN.finditer(self._text):
            kind = ("sign", "number", "word", "other")[(match.lastindex or 4) - 1]
            found.append(_Token(kind, match[match.lastindex or 0], match.start(match.lastindex or 0)))
        return found

    def condition(self) -> Condition:
        if not self._tokens:
            raise BadCondition(self._text, 0, "say what must be so, for example > 90")
        if self._take("is"):
            made = self._words()
        else:
            rate = self._take("rate")
            made = Condition(self._text.strip(), self._ways(), rate)
        if self._at < len(self._tokens):
            raise self._wrong("this is not expected here; comparisons are joined with and, or")
        return made

    def _words(self) -> Condition:
        negated, words = self._take("not"), set()
        while True:
            token = self._next("word")
            if token is None:
                raise self._wrong("a word is expected here")
            words.add(token.text.lower())
            if not self._take("or"):
                return Condition(self._text.strip(), words=frozenset(words), negated=negated)

    def _ways(self) -> tuple[tuple[Compare, ...], ...]:
        ways = self._all_of()
        while self._take("or"):
            ways += self._all_of()
            if sum(map(len, ways)) > MOST_PARTS:
                raise self._wrong(f"a condition has at most {MOST_PARTS} comparisons")
        return ways

    def _all_of(self) -> tuple[tuple[Compare, ...], ...]:
        ways = self._one()
        while self._take("and"):
            other = self._one()
            ways = tuple(one + more for one in ways for more in other)
            if sum(map(len, ways)) > MOST_PARTS:
                raise self._wrong(f"a condition has at most {MOST_PARTS} comparisons")
        return ways

    def _one(self) -> tuple[tuple[Compare, ...], ...]:
        for word in ("outside", "inside"):
            if self._take(word):
                low, high = self._range()
                if word == "inside":
                    return ((Compare(">=", low), Compare("<=", high)),)
                return (Compare("<", low),), (Compare(">", high),)
        sign = self._next("sign")
        if sign is None or sign.text not in _SIGNS:
            self._at -= sign is not None
            raise self._wrong(f"one of {', '.join(_SIGNS)}, outside, inside or is is expected here")
        return ((Compare(sign.text, self._number()),),)

    def _range(self) -> tuple[float, float]:
        place, low = self._at, self._number()
        dots = self._next("sign")
        if dots is None or dots.text != "..":
            self._at -= dots is not None
            raise self._wrong("two numbers with .. between them are expected here, for example outside 1..5")
        high = self._number()
        if low > high:
            self._at = place
            raise self._wrong("the first number of a range is the lower one")
        return low, high

    def _number(self) -> float:
        token = self._next("number")
        if token is None:
            raise self._wrong("a number is expected here")
        number = float(token.text)
        if self._at < len(self._tokens) and self._tokens[self._at].kind == "word":
            word = self._tokens[self._at].text
            if word.lower() not in ("and", "or"):
                number *= self._factor(word)
                self._at += 1
        return number

    def _factor(self, word: str) -> float:
        """What one of this unit is in the unit of the figure."""
        low = word.lower()
        if word == "%":
            if self._unit == RATIO:
                return 0.01
            if self._unit in ("percent", "%", ""):
                return 1.0
            raise self._wrong(f"the figure is in {self._unit}, not in percent")
        for units, own in ((_SIZES, _OWN_SIZES), (_TIMES, _OWN_TIMES)):
            if low in units:
                if self._unit in own:
                    return float(units[low]) / own[self._unit]
                if self._unit == "" and units is _SIZES:
                    return float(units[low])
                known = f"is in {self._unit}" if self._unit else "has no unit of time that is known here"
                raise self._wrong(f"the figure {known}; write a plain number")
        raise self._wrong(
            f"no unit is called {word!r}; there are %, {', '.join((*_TIMES, 'KiB', 'MiB', 'GiB', 'TiB'))}"
        )

    def _take(self, word: str) -> bool:
        """Whether this word comes next; it is taken then."""
        if self._at < len(self._tokens) and self._tokens[self._at].text.lower() == word:
            self._at += 1
            return True
        return False

    def _next(self, kind: str) -> _Token | None:
        """The next word, if it is of this kind; it is taken then."""
        if self._at < len(self._tokens) and self._tokens[self._at].kind == kind:
            self._at += 1
            return self._tokens[self._at - 1]
        return None

    def _wrong(self, message: str) -> BadCondition:
        place = self._tokens[self._at].place if self._at < len(self._tokens) else len(self._text)
        return BadCondition(self._text, place, message)
