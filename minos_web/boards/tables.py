"""PURE. Long tables of boards: filtered, sorted, cut into pages, or whole as CSV."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from minos_web.operations.spreadsheet import harmless
from minos_web.views import presenting
from minos_web.views.paging import Page, cut, wanted_page

ROWS = 100
TEXT, WORD, LONG = "text", "word", "long"
"""Of columns with texts: WORD stays on one line, LONG may take several and is cut after two."""
MOMENT, WHOLE = "moment", "whole"
"""Of columns with numbers: seconds since 1970, shown as an age; WHOLE is told to the last digit."""
Value = float | str | None
"""What stands in a cell; None is not known, which is neither 0 nor an empty text."""
ABSENT = "–"


@dataclass(frozen=True)
class Column:
    """``unit`` as show.figure knows it, or one of those above. With ``bar`` a cell shows its part of the largest one of the
    column too; a value over ``bad`` is marked.
    """

    name: str
    title: str
    unit: str = TEXT
    bar: bool = False
    bad: float | None = None

    @property
    def is_number(self) -> bool:
        """Whether it stands on the right."""
        return self.unit not in (TEXT, WORD, LONG)

    def text(self, row: "Row") -> str:
        """What stands in a cell; a moment is left to the page, which tells its age."""
        value = row.cells.get(self.name)
        if value is None:
            return ABSENT if row.notes.get(self.name) else "unknown"
        if isinstance(value, str):
            return value or ABSENT
        if self.unit == WHOLE:
            return f"{value:,.0f}" if value == int(value) else presenting.figure(value, "count")
        return presenting.figure(value, self.unit)

    def marks(self, row: "Row") -> bool:
        """Whether the value is over what is good."""
        value = row.cells.get(self.name)
        return self.bad is not None and isinstance(value, int | float) and value > self.bad


@dataclass(frozen=True)
class Row:
    """Cells by the names of their columns; ``links`` lead somewhere, ``notes`` are shown when one points at a cell, ``bad`` says
    in a word what is wrong with one. ``old``: what it was when it was last told, not what it is.
    """

    cells: Mapping[str, Value]
    links: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    old: bool = False
    bad: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Chip:
    """A filter that is one click: where it leads, and whether it is on."""

    text: str
    count: int
    query: list[tuple[str, str]]
    on: bool


@dataclass(frozen=True)
class Table:
    """A table as somebody asked for it. ``found`` are all rows that fit, ``page`` those that are shown; parameters of the query
    begin with ``prefix``. ``known`` is how many there were before the filter, ``most`` the largest value of each column with bars.
    """

    title: str
    what: str
    columns: Sequence[Column]
    found: Sequence[Row]
    page: Page
    known: int
    sort: str
    down: bool
    q: str
    prefix: str
    query: Sequence[tuple[str, str]]
    chips: Sequence[Chip] = ()
    empty: str = ""
    most: Mapping[str, float] = field(default_factory=dict)
    ages: bool = False

    def sorted_by(self, column: Column) -> list[tuple[str, str]]:
        """The query that sorts by a column: numbers from the largest on, the other way round at the second click."""
        first_down = column.is_number
        down = not self.down if column.name == self.sort else first_down
        kept = [pair for pair in self.query if pair[0] not in (f"{self.prefix}sort", f"{self.prefix}page")]
        return [*kept, (f"{self.prefix}sort", f"-{column.name}" if down else column.name)]

    def csv_query(self) -> list[tuple[str, str]]:
        """The query that gives the same rows, all of them, as CSV."""
        return [*(pair for pair in self.query if pair[0] != f"{self.prefix}page"), ("csv", self.prefix or "all")]

    def part(self, row: Row, column: Column) -> float | None:
        """Percent of the largest value of the column; None where there is nothing to compare."""
        value, most = row.cells.get(column.name), self.most.get(column.name, 0.0)
        return value / most * 100 if most > 0 and isinstance(value, int | float) else None


@dataclass(frozen=True)
class Plan:
    """What a table is before somebody asks for it in a certain way. ``sort`` is a column's name, with - in front from the largest
    on. ``searched`` are columns in which ``q`` is looked for: in all texts where it is empty. ``ages``: some rows may be old.
    """

    title: str
    what: str
    columns: Sequence[Column]
    sort: str
    searched: Sequence[str]
    prefix: str = ""
    empty: str = ""
    ages: bool = False


def table(plan: Plan, rows: Sequence[Row], params: Mapping[str, str], chips: Sequence[Chip] = ()) -> Table:
    """The rows as ``params`` (a query) want them: ``q``, ``sort`` and ``page``, each with the plan's prefix."""
    q = params.get(f"{plan.prefix}q", "").strip()
    wanted = params.get(f"{plan.prefix}sort", plan.sort)
    if wanted.removeprefix("-") not in {column.name for column in plan.columns}:
        wanted = plan.sort
    name, down = wanted.removeprefix("-"), wanted.startswith("-")
    found = [row for row in rows if _fits(row, q, plan.searched)]
    known = [row for row in found if row.cells.get(name) not in (None, "")]
    known.sort(key=lambda row: _sortable(row.cells[name]), reverse=down)
    # what is not known stands last either way
    found = known + [row for row in found if row.cells.get(name) in (None, "")]
    page_params = {"page": params.get(f"{plan.prefix}page", "1")}
    return Table(
        plan.title, plan.what, plan.columns, found, cut(found, wanted_page(page_params), ROWS), len(rows), name, down, q,
        plan.prefix, list(params.items()), chips, plan.empty, _most(plan.columns, found), plan.ages,
    )  # fmt: skip


def _most(columns: Sequence[Column], rows: Sequence[Row]) -> dict[str, float]:
    """The largest value of each column that has bars."""
    named = {column.name: [row.cells.get(column.name) for row in rows] for column in columns if column.bar}
    return {name: max((v for v in values if isinstance(v, int | float)), default=0.0) for name, values in named.items()}


def _fits(row: Row, q: str, searched: Sequence[str]) -> bool:
    texts = (row.cells.get(name) for name in searched or row.cells)
    return not q or any(q.lower() in text.lower() for text in texts if isinstance(text, str))


def _sortable(value: Value) -> tuple[float, str]:
    return (value, "") if isinstance(value, int | float) else (0.0, str(value).lower())


def chip(text: str, count: int, params: Mapping[str, str], name: str, value: str) -> Chip:
    """A chip that sets ``name`` to ``value``, or takes it away when it is on."""
    on = params.get(name, "") == value
    kept = [pair for pair in params.items() if pair[0] not in (name, "page")]
    return Chip(text, count, kept if on else [*kept, (name, value)], on)


def as_csv(shown: Table) -> str:
    """All rows that fit, with names and plain numbers; empty where something is not known."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([column.name for column in shown.columns] + ["old"] * shown.ages)
    for row in shown.found:
        cells = [_plain(column, row.cells.get(column.name)) for column in shown.columns]
        writer.writerow(cells + ["old" if row.old else ""] * shown.ages)
    return out.getvalue()


def _plain(column: Column, value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return harmless(value)
    if isinstance(value, int) and column.unit != MOMENT:
        return str(value)  # all of its digits: bytes of large disks have more than ten
    return presenting.iso(value) if column.unit == MOMENT else f"{value:.10g}"


def query_text(query: Sequence[tuple[str, str]]) -> str:
    """A query as it stands in an address."""
    return "?" + urlencode(list(query))
