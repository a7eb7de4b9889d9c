"""The history: one line of time of everything that happened, of the whole site or of one cluster, and as a file."""

import csv
import io
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config
from sqlalchemy import select

from minos_web.models.clusters import Cluster, Task, TaskChange
from minos_web.models.operations import Operation
from minos_web.monitor.happening_sources import Happening
from minos_web.monitor.happenings import KINDS, by_day, cursor_of, happenings
from minos_web.operations.refusal import Refused
from minos_web.operations.spreadsheet import harmless
from minos_web.security.permissions import Permission
from minos_web.views.badges import operation_badge
from minos_web.views.clusters import cluster_frame
from minos_web.views.finding import found_cluster
from minos_web.views.happening_words import history_json
from minos_web.views.history_asking import Filter, filter_of, typed
from minos_web.views.presenting import iso, sentence
from minos_web.views.sending import attachment

ROWS = 100
MOST_LINES = 10_000
"""Lines of a file; the newest."""
KIND_WORDS = {
    "operation": ("Operations", "operations"),
    "config": ("Configuration", "config"),
    "alert": ("Alerts", "alerts"),
    "crash": ("Crashes", "error"),
    "task": ("Starts and stops", "task"),
    "package": ("Packages", "packages"),
    "maintenance": ("Maintenance", "status-maintenance"),
    "act": ("Other acts", "user"),
}
"""Kind -> how a page calls it, and its icon."""
SPANS = ((30, "30 minutes"), (120, "2 hours"), (1440, "day"))
"""How long before something one may look, in minutes."""
COLUMNS = ("at", "until", "kind", "title", "state", "text", "who", "service", "cluster", "host", "url")
OPERATIONS_SHOWN, CHANGES_SHOWN = 50, 200


@dataclass(frozen=True)
class DayOfLines:
    """One day with its lines, as ``history_json`` puts them."""

    title: str
    lines: list[dict[str, Any]]


@view_config(route_name="history", renderer="history.mako", permission=Permission.VIEW)
def history_page(request: Request) -> dict[str, Any]:
    """The whole site's."""
    return {"section": "history", "title": "History", **line_of_time(request, {})}


@view_config(route_name="cluster_history", renderer="cluster_history.mako", permission=Permission.VIEW)
def cluster_page(request: Request) -> dict[str, Any]:
    """A cluster's: the line of time; or its operations; or every change of state of its tasks."""
    cluster = found_cluster(request)
    show = request.GET.get("show", "")
    found = {
        **cluster_frame(request, cluster),
        "show_what": show,
        **_frame(request, None, {}),
        "operations": [],
        "changes": [],
    }
    if show == "operations":
        return {**found, "operations": _operations(request, cluster)}
    if show == "changes":
        return {**found, "changes": _changes(request, cluster)}
    return {**found, "show_what": "", **line_of_time(request, {"service": cluster.service, "cluster": cluster.name})}


@view_config(route_name="history_csv", permission=Permission.VIEW)
def csv_file(request: Request) -> Response:
    """What the filter shows, as a file for a spreadsheet."""
    found, _more = happenings(request.db, filter_of(request).page(MOST_LINES))
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for one in found:
        told = history_json(request, one)
        told |= {"at": iso(told["at"]), "until": iso(told["until"])}
        writer.writerow([harmless(str(told[name])) for name in COLUMNS])
    return attachment(file.getvalue().encode(), "minos-history.csv", "text/csv")


def line_of_time(request: Request, fixed: dict[str, str]) -> dict[str, Any]:
    """A page of the history with its filter; ``fixed`` is what the page is about anyway. A query that makes no sense is told
    in words, at its field.
    """
    try:
        wanted = filter_of(request, fixed)
    except Refused as refused:
        request.response.status_int = 422
        return {**_frame(request, None, fixed), "error": sentence(refused.message), "field": refused.field}
    found, more = happenings(request.db, wanted.page(ROWS))
    return {
        **_frame(request, wanted, fixed),
        "days": days_of(request, found),
        "older": cursor_of(found[-1]) if more else "",
    }


def days_of(request: Request, found: list[Happening]) -> list[DayOfLines]:
    """The lines of each day; days are those of UTC, as all times that the console writes."""
    today = int(request.now // 86400)
    near = {today: "Today", today - 1: "Yesterday"}
    return [
        DayOfLines(near.get(day.number) or _date(day.number), [history_json(request, one) for one in day.rows])
        for day in by_day(found)
    ]


def before_query(at: float, **where: str) -> dict[str, str]:
    """The query of the history before a moment, as far as it is about ``where``."""
    return {"before": repr(at), **{name: value for name, value in where.items() if value}}


def query_with(request: Request, changes: dict[str, object]) -> str:
    """The query as it is, with some of it set otherwise (empty: left out), and from the newest on."""
    left = [(name, value) for name, value in request.GET.items() if name not in changes and name != "cursor"]
    return urlencode([*left, *((name, str(value)) for name, value in changes.items() if value)])


def _date(number: int) -> str:
    return datetime.fromtimestamp(number * 86400, UTC).strftime("%A, %-d %B %Y")


def _frame(request: Request, wanted: Filter | None, fixed: dict[str, str]) -> dict[str, Any]:
    kinds = wanted.kinds if wanted else ()
    texts = (
        wanted.texts if wanted else {name: request.GET.get(name, "") for name in ("service", "cluster", "host", "who")}
    )
    return {
        "wanted": wanted,
        "fixed": fixed,
        "texts": texts,
        "kinds": [(kind, *KIND_WORDS[kind], kind in kinds) for kind in KINDS],
        "icons": {kind: icon for kind, (_, icon) in KIND_WORDS.items()},
        "times": {"from": typed(wanted.start), "to": typed(wanted.end)} if wanted and wanted.before is None else {},
        "spans": SPANS,
        "before_query": before_query,
        "query": lambda **changes: query_with(request, changes),
        "services": list(request.db.scalars(select(Cluster.service).distinct().order_by(Cluster.service))),
        "days": [],
        "older": "",
        "error": "",
        "field": "",
    }


def _operations(request: Request, cluster: Cluster) -> list[Any]:
    query = select(Operation).where(Operation.cluster_id == cluster.id).order_by(Operation.id.desc())
    return [(one, operation_badge(one)) for one in request.db.scalars(query.limit(OPERATIONS_SHOWN))]


def _changes(request: Request, cluster: Cluster) -> list[Any]:
    query = select(TaskChange, Task).join(Task, Task.id == TaskChange.task_id).where(Task.cluster_id == cluster.id)
    return list(request.db.execute(query.order_by(TaskChange.at.desc()).limit(CHANGES_SHOWN)))
