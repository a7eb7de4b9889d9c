"""PURE. Lists made of facts, as a service describes them: which columns they have, and the table that they become."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from minos_web.boards.tables import TEXT, Column, Plan, Row, Value
from minos_web.monitor.facts import Told

KEY = "key"
"""The name of the first column."""


@dataclass(frozen=True)
class Line:
    """One thing of a list. ``old``: what it was when it was last told, not what it is."""

    key: str
    numbers: Mapping[str, float] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    old: bool = False


@dataclass(frozen=True)
class History:
    """A chart of one thing: series of totals, as ``<total>.<number>``, with what people call each."""

    title: str
    unit: str
    series: Mapping[str, str]


Source = Callable[[str], Told]
"""A kind of fact -> what the tasks of a cluster told of it."""


def lines_of(told: Told) -> list[Line]:
    """A line for each fact."""
    return [Line(fact.key, fact.numbers, fact.texts, one.old) for one in told.tasks for fact in one.facts]


@dataclass(frozen=True)
class Listing:
    """A list of one service. ``kinds`` are the facts that it is made of, by ``make`` where a fact is not simply a line.
    ``key`` is the title of the first column and ``about`` the text that stands there (empty: the key of the fact); ``key_unit``
    is that of its Column.
    ``sort`` is the column that it begins with, as that of a Plan; ``by`` a text with few values, to choose from. ``charts``
    show the history of one thing, ``inside`` are other lists of the service that are narrowed to it by its name.
    """

    name: str
    title: str
    kinds: tuple[str, ...]
    key: str
    columns: tuple[Column, ...]
    sort: str = KEY
    note: str = ""
    about: str = ""
    by: str = ""
    make: Callable[[Source], list[Line]] | None = None
    charts: tuple[History, ...] = ()
    inside: tuple[str, ...] = ()
    key_unit: str = TEXT

    def lines(self, source: Source) -> list[Line]:
        """All of its lines."""
        return self.make(source) if self.make else lines_of(source(self.kinds[0]))

    def called(self, line: Line) -> str:
        """What stands in the first column."""
        return line.texts.get(self.about, line.key) if self.about else line.key

    def chosen(self, lines: Iterable[Line], by: str, of: str) -> list[Line]:
        """The lines that have this value, and are this one thing; empty asks for all."""
        return [one for one in lines if by in ("", one.texts.get(self.by)) and of in ("", self.called(one))]

    def values(self, lines: Iterable[Line]) -> list[tuple[str, int]]:
        """Each value of the text to choose from, with how many lines have it."""
        counts: dict[str, int] = {}
        for line in lines:
            value = line.texts.get(self.by, "") if self.by else ""
            if value:
                counts[value] = counts.get(value, 0) + 1
        return sorted(counts.items())

    def plan(self) -> Plan:
        """The table that it becomes; all of its texts are searched, those without a column too."""
        columns = (Column(KEY, self.key, self.key_unit), *self.columns)
        return Plan(self.title, self.key.lower(), columns, self.sort, (), ages=True)

    def rows(self, lines: Sequence[Line], address: Callable[[str], str]) -> list[Row]:
        """Rows of that table. One thing's name leads to its ``address`` where there is a history of it. A number that was not
        told is unknown; a text that was not told is none.
        """
        none: dict[str, Value] = {column.name: "" for column in self.columns if not column.is_number}
        rows = []
        for line in lines:
            called = self.called(line)
            links = {KEY: address(called)} if self.charts else {}
            rows.append(Row({**none, **line.numbers, **line.texts, KEY: called}, links, old=line.old))
        return rows
