"""Quotas of an HDFS: all directories with what is used of them, the history, and reading them anew."""

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.view import view_config

from minos_web.boards.board import Said, csv_answer, series_chart
from minos_web.boards.tables import WHOLE, Column, Plan, Row, Value, chip, table
from minos_web.models.clusters import Cluster
from minos_web.models.quotas import Quota, QuotaReading
from minos_web.monitor.quotas.addresses import count_users
from minos_web.monitor.quotas.keeping import GONE, SERVICE, numbers_of, rows_of, sum_of
from minos_web.monitor.quotas.naming import outermost, series_name, total_name, user_of
from minos_web.monitor.quotas.reading import serves
from minos_web.monitor.quotas.rules import SPACE, Limits, judged, limits_of
from minos_web.monitor.quotas.sizes import size_words
from minos_web.operations.refusal import Refused
from minos_web.security.permissions import Permission
from minos_web.views.api.quotas import hdfs_cluster, known_reading, read_now, switched
from minos_web.views.charting import Chart
from minos_web.views.clusters import cluster_frame
from minos_web.views.frame import flash
from minos_web.views.presenting import count, duration, sentence, utc

CHARTED = 10
OLD_ROUNDS = 3
"""Numbers that so many rounds could not renew are called old."""
PLAN = Plan(
    "Directories", "row",
    (
        Column("user", "User"), Column("state", "State"),
        Column("space_quota", "Space quota", "bytes"), Column("space_used", "Space used", "bytes", bar=True),
        Column("space_left", "Space left", "bytes"),
        Column("name_quota", "Name quota", WHOLE), Column("names_used", "Names used", WHOLE, bar=True),
        Column("names_left", "Names left", WHOLE),
    ),
    "user", ("user", "state"), empty="The first round comes when a namenode is active; Read now asks at once.", ages=True,
)  # fmt: skip


@view_config(route_name="hdfs_quotas", request_method="GET", renderer="hdfs_quotas.mako", permission=Permission.VIEW)
def quotas_page(request: Request) -> Any:
    """All directories; ``csv=all`` as a file."""
    cluster = hdfs_cluster(request)
    page = _page(request, cluster)
    return csv_answer(f"{cluster.name}-quotas", page["table"]) if "csv" in request.GET else page


@view_config(
    route_name="hdfs_quotas", request_method="POST", renderer="hdfs_quotas.mako", permission=Permission.OPERATE
)
def quotas_post(request: Request) -> Any:
    """Read them now (``do=read``), or change how they are read (``do=reading``)."""
    cluster, given = hdfs_cluster(request), request.POST
    try:
        if given.get("do") == "reading":
            switched(request, cluster, "enabled" in given, given.get("directories", ""))
            flash(request, "success", "Kept. It counts from the next read on.")
        else:
            read_now(request, cluster)
            flash(request, "success", "The quotas are read now; the numbers follow in a moment.")
    except Refused as refused:
        request.tm.doom()
        if refused.field == "directories":
            request.response.status_int = 422
            more = {"directories": given.get("directories", ""), "error": sentence(refused.message)}
            return {**_page(request, cluster), **more}
        flash(request, "warning", sentence(refused.message))
    return HTTPSeeOther(quotas_path(request, cluster))


def quotas_path(request: Request, cluster: Cluster) -> str:
    """The page of all directories, with a range of time in which hourly numbers make a line."""
    path: str = request.route_path("hdfs_quotas", service=SERVICE, cluster=cluster.name, _query={"range": "7d"})
    return path


def quota_path(request: Request, cluster: Cluster, path: str) -> str:
    """The page of one directory."""
    at = {"service": SERVICE, "cluster": cluster.name}
    url: str = request.route_path("hdfs_quota", path=path[1:], _query={"range": "7d"}, **at)
    return url


def how_fresh(request: Request, cluster: Cluster, reading: QuotaReading | None) -> list[tuple[str, str]]:
    """What there is to say of the numbers' age: kinds of statuses, and sentences."""
    now, period, found = request.now, request.console.settings.quota_seconds, []
    if reading is not None and reading.error:
        tried = duration(now - (reading.tried_at or now))
        found.append(("down", f"The last try, {tried} ago, failed: {sentence(reading.error)}"))
    if reading is not None and (reading.reading or reading.asked_at is not None):
        found.append(("changing", "The quotas are being read."))
    elif not serves(request.db, cluster):
        found.append(("unknown", f"No namenode of {cluster.name} is active: nothing is read until one is."))
    elif (reading is not None and not reading.enabled) or not period:
        found.append(("info", "The quotas are read only when somebody asks for it."))
    if period and reading is not None and reading.read_at and now - reading.read_at > OLD_ROUNDS * period:
        found.append(("unknown", f"These numbers are old: they were read {duration(now - reading.read_at)} ago."))
    return found


def _page(request: Request, cluster: Cluster) -> dict[str, Any]:
    reading, rows = known_reading(request, cluster), rows_of(request.db, cluster)
    limits, wanted = limits_of(request.console.settings), request.GET.get("state", "")
    lines = [_row(request, cluster, row, reading, limits) for row in rows]
    groups = {
        "bad": [line for line in lines if line.bad],
        "none": [line for line in lines if line.cells["state"] == "no quota"],
    }
    chips = [chip("need a look", len(groups["bad"]), request.GET, "state", "bad")]
    chips.append(chip("without a quota", len(groups["none"]), request.GET, "state", "none"))
    return {
        **cluster_frame(request, cluster),
        "reading": reading,
        "fresh": how_fresh(request, cluster, reading),
        "said": _said(rows, len(groups["bad"]), limits) if rows else [],
        "table": table(PLAN, groups.get(wanted, lines), request.GET, chips if rows else ()),
        "charts": _charts(request, cluster, rows) if rows else [],
        "period": request.console.settings.quota_seconds,
        "here": request.route_path("hdfs_quotas", service=SERVICE, cluster=cluster.name),
        "enabled": reading is None or reading.enabled,
        "directories": "\n".join(reading.directories) if reading else "",
        "error": "",
        "addresses": count_users(request.db),
    }


def _row(request: Request, cluster: Cluster, row: Quota, reading: QuotaReading | None, limits: Limits) -> Row:
    numbers = numbers_of(row)
    findings = judged(numbers, limits)
    cells: dict[str, Value] = {
        "user": user_of(row.path),
        "state": state_of(row, limits),
        "space_quota": numbers.space_quota, "space_used": numbers.space_used, "space_left": numbers.space_left,
        "name_quota": numbers.name_quota, "names_used": numbers.names_used, "names_left": numbers.names_left,
    }  # fmt: skip
    notes: dict[str, str] = {}
    if row.at is not None:
        absent = (
            (("space_quota", "space_left"), numbers.space_quota),
            (("name_quota", "names_left"), numbers.name_quota),
        )
        notes = {name: "no quota" for names, quota in absent if quota is None for name in names}
    behind = bool(row.at and reading is not None and reading.read_at and row.at < reading.read_at)
    old = numbers.names_used is not None and (behind or bool(row.error))
    if old:
        notes["state"] = f"{row.error or 'not read again'}; the numbers are of {utc(row.at)}"
    elif row.error:
        notes["state"] = row.error
    bad = {"space_left" if one.kind == SPACE else "names_left": one.short for one in findings}
    return Row(cells, {"user": quota_path(request, cluster, row.path)}, notes, old, bad)


def state_of(row: Quota, limits: Limits) -> str:
    """How a directory is, in a few words."""
    numbers = numbers_of(row)
    findings = judged(numbers, limits)
    if numbers.names_used is None:
        return "not there" if row.error == GONE else "not read"
    if findings:
        return ", ".join(f"{one.kind} {one.short}" for one in findings)
    if numbers.space_quota is None and numbers.name_quota is None:
        return "no quota"
    return "well"


def _said(rows: list[Quota], bad: int, limits: Limits) -> list[Said]:
    rows = [row for row in rows if row.error != GONE]  # what is not there holds nothing
    outer = outermost(row.path for row in rows)
    space = sum_of(row.space_used for row in rows if row.path in outer)
    names = sum_of(row.names_used for row in rows if row.path in outer)
    least = f"less than {size_words(limits.space)} or {count(limits.names, 'name')} left, or more than {limits.percent:g} % used"
    return [
        Said("Space used", "unknown" if space is None else size_words(space), note="by all directories, with all copies"),
        Said("Names used", "unknown" if names is None else f"{names:,}", note="files and directories"),
        Said("Need a look", f"{bad:,}", note=least),
    ]  # fmt: skip


def _charts(request: Request, cluster: Cluster, rows: list[Quota]) -> list[Chart]:
    largest = sorted(rows, key=lambda row: -(row.space_used or 0))[:CHARTED]
    lines = {series_name("used_space_quota", row.path): user_of(row.path) for row in largest}
    total = {total_name("used_space_quota"): "space used"}
    names = {total_name("used_quota"): "names used"}
    return [
        series_chart(request, cluster, ("quota-space", "Space used by all", "bytes"), total),
        series_chart(request, cluster, ("quota-names", "Names used by all", "count"), names),
        series_chart(request, cluster, ("quota-largest", "Space used by the largest", "bytes"), lines),
    ]
