"""Which tables of an HBase cluster are counted in rounds, how many rows they had, and when the next hours begin."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.request import Request
from pyramid.view import view_config
from sqlalchemy import select

from minos_web.models.clusters import Cluster
from minos_web.models.row_counts import RowCount
from minos_web.monitor.facts import told_of
from minos_web.operations.refusal import Refused
from minos_web.operations.row_counting import SERVICE, hours_of, progress_of, unwant, want
from minos_web.operations.row_windows import Hours, is_due
from minos_web.security.permissions import Permission
from minos_web.views.badges import Badge
from minos_web.views.clusters import cluster_frame
from minos_web.views.finding import found_cluster
from minos_web.views.frame import flash
from minos_web.views.presenting import count, sentence

MOST_OTHERS = 500


@dataclass(frozen=True)
class Line:
    """One table that is counted, or was."""

    row: RowCount
    badge: Badge
    progress: int | None


@view_config(
    route_name="hbase_row_counting",
    request_method="GET",
    renderer="hbase_row_counting.mako",
    permission=Permission.VIEW,
)
def page(request: Request) -> dict[str, Any]:
    """Both lists: those that are counted with their newest numbers, and those that are not."""
    return _page(request, _cluster(request))


@view_config(
    route_name="hbase_row_counting",
    request_method="POST",
    renderer="hbase_row_counting.mako",
    permission=Permission.OPERATE,
)
def change(request: Request) -> Any:
    """Count a table (``add``) or count it no more (``cancel``)."""
    cluster = _cluster(request)
    add, cancel = request.POST.get("add", "").strip(), request.POST.get("cancel", "").strip()
    try:
        if cancel:
            unwant(request.db, cluster, cancel, request.identity.user, request.now)
        else:
            want(request.db, cluster, add, request.identity.user)
    except Refused as error:
        request.tm.doom()
        request.response.status_int = 422
        return {**_page(request, cluster), "add": add, "error": sentence(error)}
    what, table = ("cancel", cancel) if cancel else ("add", add)
    request.audit(f"row-count.{what}", f"{cluster.service}/{cluster.name}", table=table)
    words = f"{table} is counted no more." if cancel else f"The rows of {table} are counted from now on."
    flash(request, "success", words)
    return HTTPSeeOther(request.route_path("hbase_row_counting", service=cluster.service, cluster=cluster.name))


def _cluster(request: Request) -> Cluster:
    cluster = found_cluster(request)
    if cluster.service != SERVICE:
        raise HTTPNotFound("Only tables of HBase have rows to count.")
    return cluster


def _page(request: Request, cluster: Cluster) -> dict[str, Any]:
    session, console = request.db, request.console
    hours = hours_of(console.settings)
    now = datetime.fromtimestamp(request.now).astimezone()
    rows = list(session.scalars(select(RowCount).filter_by(cluster_id=cluster.id).order_by(RowCount.table)))
    told = told_of(session, console.catalog.get(SERVICE), cluster, "region", request.now)
    wanted = {row.table for row in rows if row.wanted}
    kept = {row.table: row for row in rows if not row.wanted}
    names = {fact.texts["table"] for fact in told.facts if "table" in fact.texts} | set(kept)
    others = sorted(names - wanted)
    return {
        **cluster_frame(request, cluster),
        "hours": hours,
        "zone": now.tzname() or "",
        "began": hours.began(now) is not None,
        "next_start": hours.next_start(now).timestamp(),
        "lines": [_line(request, row, hours, now) for row in rows if row.wanted],
        "others": [(name, kept.get(name)) for name in others[:MOST_OTHERS]],
        "more": max(0, len(others) - MOST_OTHERS),
        "told": bool(told.facts),
        "add": "",
        "error": "",
    }


def _line(request: Request, row: RowCount, hours: Hours, now: datetime) -> Line:
    progress = progress_of(request.db, request.console, row)
    if row.counting:
        word = "counting" if progress is None else f"counting, {progress} %"
        return Line(row, Badge("changing", word, row.tried_at), progress)
    if row.error:
        return Line(row, Badge("failed", "failed", row.tried_at, row.error), None)
    if is_due(row, hours, now):
        return Line(row, Badge("waiting", "waits for its turn"), None)
    age = count(round(hours.period_days), "day")
    return Line(row, Badge("done", "counted", None, f"counted again after {age}"), None)
