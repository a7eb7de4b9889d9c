"""Pages of counters: what programs outside Minos push, how old it is, and its history."""

from typing import Any

from pyramid.httpexceptions import HTTPNotFound
from pyramid.request import Request
from pyramid.view import view_config
from sqlalchemy import Select, func, or_, select

from minos_web.models.counters import Counter
from minos_web.monitor.counters import FRESH_SECONDS, OLD_SECONDS, age_of, metric_of
from minos_web.security.permissions import Permission
from minos_web.views.api.params import id_of
from minos_web.views.badges import Badge
from minos_web.views.charting import Chart
from minos_web.views.paging import Page, wanted_page

ROWS = 100
_KINDS = {"fresh": "running", "late": "unknown", "old": "stopped"}


@view_config(route_name="counters", renderer="counters.mako", permission=Permission.VIEW)
def counters_page(request: Request) -> dict[str, Any]:
    """All counters by group and name, filtered by ``group`` and ``q`` (a part of name, endpoint or label)."""
    wanted = {name: request.GET.get(name, "").strip() for name in ("group", "q")}
    query = _matching(wanted)
    total = request.db.scalar(select(func.count()).select_from(query.subquery())) or 0
    number = min(wanted_page(request.GET), max(1, -(-total // ROWS)))
    order = (Counter.group, Counter.name, Counter.endpoint)
    rows = request.db.scalars(query.order_by(*order).offset((number - 1) * ROWS).limit(ROWS))
    return {
        "section": "counters",
        "title": "Counters",
        "wanted": wanted,
        "page": Page([(row, badge_of(row, request.now)) for row in rows], number, ROWS, total),
        "groups": list(request.db.scalars(select(Counter.group).distinct().order_by(Counter.group))),
        "days": request.console.settings.keep_counters_days,
    }


@view_config(route_name="counter", renderer="counter.mako", permission=Permission.VIEW)
def counter_page(request: Request) -> dict[str, Any]:
    """One counter with its last hour; those of the same name from other endpoints stand beside it."""
    row = request.db.get(Counter, id_of(request))
    if row is None:
        raise HTTPNotFound("there is no such counter; those that nobody pushes are forgotten after a while")
    metric = metric_of(row.group, row.name)
    url = request.route_path("api_series", _query=[("metric", metric)])
    same = request.db.scalars(select(Counter).filter_by(group=row.group, name=row.name).order_by(Counter.endpoint))
    return {
        "section": "counters",
        "title": row.name,
        "counter": row,
        "badge": badge_of(row, request.now),
        "others": [(one, badge_of(one, request.now)) for one in same if one.id != row.id],
        "charts": [Chart("chart-counter", row.name, row.unit, url, "count", {metric: row.name})],
        "days": request.console.settings.keep_counters_days,
    }


def badge_of(row: Counter, now: float) -> Badge:
    """How old the value is: fresh, late, old."""
    age = age_of(row.at, now)
    title = {
        "fresh": "",
        "late": f"nobody pushed it for more than {FRESH_SECONDS:.0f} s",
        "old": f"nobody pushed it for more than {OLD_SECONDS:.0f} s: what it says is of the past",
    }[age]
    return Badge(_KINDS[age], age, row.at, title, stale=age == "old")


def _matching(wanted: dict[str, str]) -> Select[Counter]:
    query = select(Counter)
    if wanted["group"]:
        query = query.where(Counter.group == wanted["group"])
    if wanted["q"]:
        columns = (Counter.name, Counter.endpoint, Counter.label)
        query = query.where(or_(*(column.icontains(wanted["q"], autoescape=True) for column in columns)))
    return query
