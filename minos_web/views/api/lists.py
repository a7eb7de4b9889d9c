"""API: one way through every list. Lists that grow at their newest end go on ``before`` an id; others have pages.

The description says which with ``x-list``, and gets the parameters and what the answer tells of them from here.
"""

from collections.abc import Callable, Sequence
from typing import Any

from pyramid.request import Request
from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute

from minos_web.views.api.params import LARGEST_ID, number_of
from minos_web.views.errors import Refusal

USUAL, MOST = 1000, 5000
"""Of lists with pages."""
USUAL_NEWEST, MOST_NEWEST = 50, 200
"""Of those that go on before an id."""


def limit_of(request: Request, usual: int, most: int) -> int:
    """How many at most. Raises Refusal."""
    return _within(request, "limit", usual, most)


def page_of(request: Request) -> int:
    """Which page, from 1. Raises Refusal."""
    return _within(request, "page", 1, 10**9)


def _within(request: Request, name: str, usual: int, most: int) -> int:
    number = number_of(request, name)
    if number is None:
        return usual
    if not 1 <= number <= most:
        raise Refusal(422, "invalid", f"{name} is a number from 1 to {most}, not {number}", name)
    return number


def paged(
    request: Request, name: str, rows: Sequence[Any], shape: Callable[[Any], Any] = lambda row: row
) -> dict[str, Any]:
    """One page of ``rows`` under ``name``, each as ``shape`` makes it; ``next`` is the page after it, null at the end."""
    limit, page = limit_of(request, USUAL, MOST), page_of(request)
    end = page * limit
    return {
        name: [shape(row) for row in rows[end - limit : end]],
        "total": len(rows),
        "next": page + 1 if end < len(rows) else None,
    }


def newest(request: Request, wanted: Select[Any], key: InstrumentedAttribute[int]) -> tuple[list[Any], int | None]:
    """The newest rows of ``wanted``, or those ``before`` an id; and the ``before`` that goes on, None at the end."""
    limit, before = limit_of(request, USUAL_NEWEST, MOST_NEWEST), number_of(request, "before")
    if before is not None:
        wanted = wanted.where(key < min(before, LARGEST_ID))
    rows = list(request.db.scalars(wanted.order_by(key.desc()).limit(limit + 1)))
    return rows[:limit], rows[limit - 1].id if len(rows) > limit else None


_NUMBER = {"type": "integer", "minimum": 1}
_LIMIT = "At most so many."
DESCRIBED: dict[str, tuple[list[dict[str, Any]], dict[str, Any]]] = {
    "page": (
        [
            {"name": "limit", "in": "query", "schema": {**_NUMBER, "maximum": MOST, "default": USUAL}, "description": _LIMIT},
            {"name": "page", "in": "query", "schema": {**_NUMBER, "maximum": 10**9, "default": 1}},
        ],
        {
            "total": {"type": "integer", "description": "How many there are on all pages."},
            "next": {"type": ["integer", "null"], "description": "The page after this one; null: this is the last."},
        },
    ),
    "before": (
        [
            {
                "name": "limit", "in": "query", "description": _LIMIT,
                "schema": {**_NUMBER, "maximum": MOST_NEWEST, "default": USUAL_NEWEST},
            },
            {
                "name": "before", "in": "query", "schema": {"type": "integer", "minimum": 0, "maximum": 10**18 - 1},
                "description": "Only those with a smaller id.",
            },
        ],
        {"next": {"type": ["integer", "null"], "description": "The `before` that goes on; null: these are the last."}},
    ),
}  # fmt: skip
"""Kind of list -> its parameters, and what its answer tells beside the items."""
