"""API: stored figures for charts."""

from dataclasses import dataclass
from typing import Any

from pyramid.request import Request
from pyramid.view import view_config
from webob.multidict import MultiDict

from minos_web.monitor.combining import WAYS, combined
from minos_web.monitor.series.choosing import Asking
from minos_web.monitor.series.forwarding import how_forwarded
from minos_web.monitor.series.port import PARTS, Line, SeriesQuery
from minos_web.monitor.series_names import gone
from minos_web.operations.refusal import Refused
from minos_web.security.permissions import Permission
from minos_web.views.api.params import number_in
from minos_web.views.api.shapes import forwarding_json

MOST_COMBINED = 2000
"""So many series are put together at most."""


@view_config(route_name="api_series", request_method="GET", renderer="json", permission=Permission.VIEW)
def series(request: Request) -> dict[str, Any]:
    """Averages over equal steps between from and to (epoch seconds; the last hour when left out); rate=1 turns counters
    into growth per second; combine=sum, average or top (with top=N) makes one series of each metric, or keeps the highest.
    """
    params = request.params
    end = number_in(params, "to", request.now)
    start = number_in(params, "from", end - 3600)
    points = min(2000, max(1, int(number_in(params, "points", 300))))
    asking = Asking(request.db, request.console.settings, request.now)
    wanted, lines = asked(asking, params, Span(start, end, points))
    return {"from": start, "to": end, "step": wanted.step, "series": lines, "notes": asking.notes}


@view_config(route_name="api_forwarding", request_method="GET", renderer="json", permission=Permission.VIEW)
def forwarding(request: Request) -> dict[str, Any]:
    """How samples go on to OpenTSDB: what waits, when it last took any, what last went wrong."""
    return forwarding_json(how_forwarded(request.db, request.console.settings))


@dataclass(frozen=True)
class Span:
    """Epoch seconds that are asked about, in about ``points`` steps."""

    start: float
    end: float
    points: int


def asked(
    asking: Asking, params: MultiDict, span: Span, limit: int = SeriesQuery.limit
) -> tuple[SeriesQuery, list[Line]]:
    """What a query (metric, where, rate, combine, top) asks for, and its lines. Raises Refused."""
    metrics = tuple(params.getall("metric"))
    if not metrics:
        raise Refused("bad-request", "name at least one metric: ?metric=host.cpu_percent", "metric")
    parts = {part: params.get(part, "") for part in PARTS}
    rate = params.get("rate") in ("1", "true")
    how = params.get("combine") or "each"
    if how not in WAYS:
        raise Refused("bad-request", f"combine is one of {', '.join(WAYS)}, not {how[:40]!r}", "combine")
    limit = MOST_COMBINED if how != "each" else limit
    wanted = SeriesQuery(metrics, span.start, span.end, span.points, **parts, rate=rate, limit=limit)
    found = asking.lines(wanted)
    if how == "each":
        return wanted, found
    if len(found) >= MOST_COMBINED:
        raise Refused(
            "bad-request", f"more than {MOST_COMBINED} series are not put together; narrow them down", "metric"
        )
    top = min(200, max(1, int(number_in(params, "top", 5))))
    away = gone(asking.session, [one["labels"] for one in found]) if how == "sum" else set()
    return wanted, combined(found, how, top, wanted.step, away)
