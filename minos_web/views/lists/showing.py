"""A list as its page is given it: what was asked, the lines, addresses of other views of it, and all of it as a file."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response

from minos_web.models.saved_filters import SavedFilter
from minos_web.operations.spreadsheet import harmless
from minos_web.views.lists.asking import SIZES, Asked, asked, changed, same_filter
from minos_web.views.lists.reading import Listed, all_lines, listed
from minos_web.views.lists.saving import saved_by, usual_query
from minos_web.views.lists.scene import Scene
from minos_web.views.lists.shape import Column, Shape
from minos_web.views.paging import Page
from minos_web.views.presenting import utc
from minos_web.views.sending import disposition

_TIMES = frozenset({"beat", "seen", "since", "started", "uploaded", "ended"})
"""Columns whose numbers are points in time."""


@dataclass(frozen=True)
class Shown:
    """What a template asks of a list."""

    listed: Listed
    pairs: list[tuple[str, str]]
    path: str
    saved: list[SavedFilter]

    @property
    def shape(self) -> Shape:
        """What the list is."""
        return self.listed.shape

    @property
    def asked(self) -> Asked:
        """What was asked for."""
        return self.listed.asked

    @property
    def page(self) -> Page:
        """The lines."""
        return self.listed.page

    @property
    def columns(self) -> list[Column]:
        """Those that are shown."""
        return [self.shape.column(name) for name in self.asked.columns]

    @property
    def sizes(self) -> list[int]:
        """How many rows to a page may be chosen."""
        return sorted({*SIZES, self.asked.size})

    @property
    def query(self) -> str:
        """The filter as a query."""
        return urlencode(changed(self.pairs, {}))

    def url(self, **changes: str) -> str:
        """The same list with something else asked for. With nothing left to ask, a query that says so: the bare address may
        mean what its user wants usually."""
        query = urlencode(changed(self.pairs, changes)) or "q="
        return f"{self.path}?{query}"

    def live(self, **more: str) -> str:
        """The address that is asked again for what is shown, page and all; ``more`` are parameters of the page's own."""
        page = {"page": str(self.page.number)} if self.page.number > 1 else {}
        query = urlencode(changed(self.pairs, {**page, **more}))
        return f"{self.path}?{query}" if query else self.path

    def sort_url(self, column: Column) -> str:
        """Sorted by a column; by the one it is sorted by, the other way."""
        turned = column.name == self.asked.sort and not self.asked.turned
        return self.url(sort=f"-{column.name}" if turned else column.name)

    def direction(self, column: Column) -> str:
        """How it is sorted by a column, as ARIA says it; empty when it is not."""
        if column.name != self.asked.sort:
            return ""
        return "descending" if column.high_first != self.asked.turned else "ascending"

    def is_current(self, one: SavedFilter) -> bool:
        """Whether a kept filter is what is shown."""
        return same_filter([*_pairs_of(one)], self.pairs)

    def saved_url(self, one: SavedFilter) -> str:
        """The address of a kept filter."""
        return f"{self.path}?{one.query or 'q='}"


def _pairs_of(one: SavedFilter) -> Iterator[tuple[str, str]]:
    yield from parse_qsl(one.query)


def understood(request: Request, old: Mapping[str, str]) -> list[tuple[str, str]]:
    """The query with parameters that lists had before: ``old`` name -> "kind", or a key of the filter that it is now."""
    pairs = [(name, value) for name, value in request.GET.items() if name not in old]
    for name, now in old.items():
        value = request.GET.get(name, "").strip()
        if not value:
            continue
        if now == "kind":
            pairs.append(("kind", value))
            continue
        said = f'"{value}"' if set(value) & set(' ,"') else value
        typed = next((text for key, text in pairs if key == "q"), "")
        pairs = [*((key, text) for key, text in pairs if key != "q"), ("q", f"{typed} {now}:{said}".strip())]
    return pairs


def show(request: Request, shape: Shape, old: Mapping[str, str] | None = None) -> Shown:
    """The list as this request asks for it. Raises HTTPSeeOther to what its user wants usually, for a bare address."""
    saved = saved_by(request.db, request.identity.user_id, shape.name)
    usual = usual_query(saved)
    if usual and not request.GET and request.headers.get("HX-Request") != "true":
        raise HTTPSeeOther(f"{request.path}?{urlencode(usual)}")
    pairs = understood(request, old or {})
    wanted = wanted_of(shape, pairs)
    return Shown(listed(request.db, shape, wanted), pairs, request.path, saved)


def wanted_of(shape: Shape, pairs: list[tuple[str, str]]) -> Asked:
    """What a query asks of a list."""
    return asked(dict(pairs), [value for name, value in pairs if name == "col"], shape.names)


def as_csv(request: Request, make: Any, old: Mapping[str, str] | None = None) -> Response | None:
    """All that fits the filter as a file, when the query says ``format=csv``; ``make`` makes the list's shape of a scene."""
    if request.GET.get("format") != "csv":
        return None
    shape = make(Scene.of(request))
    wanted = wanted_of(shape, understood(request, old or {}))
    response = Response(content_type="text/csv", charset="UTF-8", app_iter=_file(Scene.of(request), make, wanted))
    response.content_disposition = disposition(f"minos-{shape.name}.csv")
    return response


def _file(scene: Scene, make: Any, wanted: Asked) -> Iterator[bytes]:
    """Line by line: a session of its own, as the request's is over when the file is written."""
    with scene.console.readers() as session:
        shape: Shape = make(Scene(session, scene.console, scene.now))
        columns = [shape.column(name) for name in wanted.columns]
        yield _row([column.title for column in columns])
        if not wanted.problem:
            for line in all_lines(session, shape, wanted):
                yield _row([_cell(column, column.value(line)) for column in columns])


def _cell(column: Column, value: object) -> str:
    if value is None:
        return ""
    if column.name in _TIMES and isinstance(value, float | int):
        return utc(float(value))
    return harmless(f"{value:.6g}" if isinstance(value, float) else str(value))


def _row(cells: list[str]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerow(cells)
    return out.getvalue().encode()
