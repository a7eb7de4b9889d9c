"""What a list is: its columns, what one may filter by, and where its rows come from."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from inspect import isfunction
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, not_, or_
from sqlalchemy.orm import Session

from minos_web.views.lists.asking import Asked, Names
from minos_web.views.lists.terms import Term

Test = Callable[[str], ColumnElement[bool]]
"""A condition on a row for a value that was typed."""


@dataclass(frozen=True)
class Column:
    """``sort``: what the database orders by, ``high_first`` where the greatest is what one looks for. ``value``: of a line,
    for a spreadsheet. A column that is not ``usual`` is shown when it is chosen; a ``fixed`` one always.
    """

    name: str
    title: str
    value: Callable[[Any], object]
    sort: tuple[Any, ...] = ()
    number: bool = False
    high_first: bool = False
    usual: bool = True
    fixed: bool = False


@dataclass(frozen=True)
class Shape:
    """``base`` selects the ids of all rows of the list; ``row`` is their class. ``kind`` is the state by which they are
    counted, in the order of ``kinds``. ``lines`` makes what a template shows of rows. ``words``, columns or tests, are searched
    for plain text.
    """

    name: str
    one: str
    many: str
    row: Any
    base: Select[Any]
    columns: Sequence[Column]
    keys: Mapping[str, Test]
    words: Sequence[Any]
    kind: Any
    kinds: Sequence[str]
    usual_sort: str
    lines: Callable[[Session, Sequence[Any]], list[Any]]
    hint: str = ""
    kind_titles: Mapping[str, str] = field(default_factory=dict)

    @property
    def names(self) -> Names:
        """What one may ask for by name."""
        return Names(
            columns=[one.name for one in self.columns],
            usual=[one.name for one in self.columns if one.usual],
            fixed=[one.name for one in self.columns if one.fixed],
            sorts=[one.name for one in self.columns if one.sort],
            keys=[*self.keys],
            kinds=self.kinds,
            usual_sort=self.usual_sort,
        )

    def column(self, name: str) -> Column:
        """The column of that name."""
        return next(one for one in self.columns if one.name == name)

    def tests(self, asked: Asked) -> list[ColumnElement[bool]]:
        """What was typed, as conditions."""
        return [self._test(term) for term in asked.terms]

    def order(self, asked: Asked) -> list[Any]:
        """What the rows are sorted by; equal ones by their ids, so that pages do not overlap."""
        column = self.column(asked.sort)
        first = [_way(one, column.high_first != asked.turned) for one in column.sort]
        usual = [] if asked.sort == self.usual_sort else [*self.column(self.usual_sort).sort]
        return [*first, *usual, self.row.id]

    def _test(self, term: Term) -> ColumnElement[bool]:
        if term.key:
            found = or_(*(self.keys[term.key](value) for value in term.values))
        else:
            found = or_(*(_said(word, term.values[0]) for word in self.words)) if term.values else and_(True)
        # Where a row has no value at all it is not known whether it fits: turned round, it does.
        return not_(func.coalesce(found, false())) if term.negated else found


def _said(word: Any, text: str) -> ColumnElement[bool]:
    """Whether a word of a list, a column or a test, holds a text."""
    found: ColumnElement[bool] = word(text) if isfunction(word) else has(word, text)
    return found


def has(column: Any, text: str) -> ColumnElement[bool]:
    """Whether a text holds another, small letters or capital ones; signs of patterns are just signs."""
    found: ColumnElement[bool] = column.icontains(text, autoescape=True)
    return found


def known(column: Any, lacking: Any = -1.0) -> ColumnElement[Any]:
    """What is sorted by where a row may have no value: databases do not agree where such rows go."""
    return func.coalesce(column, lacking)


def _way(column: Any, high_first: bool) -> Any:
    return column.desc() if high_first else column.asc()
