"""A list read from the database: how many there are of what, and the rows of one page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from minos_web.views.lists.asking import Asked
from minos_web.views.lists.shape import Shape
from minos_web.views.paging import Page

CHUNK = 200
"""Rows that are held at a time where all of them go by."""


@dataclass(frozen=True)
class Listed:
    """``page`` has lines, ready to be shown. ``chips`` are (state, how many fit the rest of the filter); ``total`` counts all
    rows of the list.
    """

    shape: Shape
    asked: Asked
    page: Page
    chips: list[tuple[str, int]]
    total: int


def listed(session: Session, shape: Shape, asked: Asked) -> Listed:
    """One page; the last one when there are fewer. With a filter that is not understood nothing is shown."""
    total = session.scalar(shape.base.with_only_columns(func.count(), maintain_column_froms=True)) or 0
    if asked.problem:
        return Listed(shape, asked, Page([], 1, asked.size, 0), [], total)
    chips = _chips(session, shape, asked)
    matching = dict(chips).get(asked.kind, 0) if asked.kind else sum(number for _, number in chips)
    number = min(asked.page, max(1, -(-matching // asked.size)))
    ids = session.scalars(
        matching_ids(shape, asked).order_by(*shape.order(asked)).offset((number - 1) * asked.size).limit(asked.size)
    ).all()
    lines = shape.lines(session, rows_of(session, shape, ids))
    return Listed(shape, asked, Page(lines, number, asked.size, matching), chips, total)


def matching_ids(shape: Shape, asked: Asked) -> Select[Any]:
    """Ids of all rows that fit; no order yet."""
    found = shape.base.where(*shape.tests(asked))
    return found.where(shape.kind == asked.kind) if asked.kind else found


def rows_of(session: Session, shape: Shape, ids: Sequence[int]) -> list[Any]:
    """The rows in the order of their ids. They are read apart from being sorted: what is wide in a row is not carried along."""
    found = {row.id: row for row in session.scalars(select(shape.row).where(shape.row.id.in_(ids)))}
    return [found[one] for one in ids if one in found]


def all_lines(session: Session, shape: Shape, asked: Asked) -> Iterator[Any]:
    """Every line that fits, a few hundred of them in memory at a time."""
    ids = session.scalars(matching_ids(shape, asked).order_by(*shape.order(asked))).all()
    for start in range(0, len(ids), CHUNK):
        yield from shape.lines(session, rows_of(session, shape, ids[start : start + CHUNK]))
        session.expunge_all()


def _chips(session: Session, shape: Shape, asked: Asked) -> list[tuple[str, int]]:
    query = shape.base.where(*shape.tests(asked))
    counted = query.with_only_columns(shape.kind.label("row_kind"), func.count(), maintain_column_froms=True)
    found = {kind: number for kind, number in session.execute(counted.group_by("row_kind"))}
    if asked.kind:
        found.setdefault(asked.kind, 0)
    return [(kind, found[kind]) for kind in shape.kinds if kind in found]
