"""The quota of one directory: its numbers, its history, and setting it."""

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.view import view_config

from minos_common.states import STEP_ENDED
from minos_web.boards.board import Said, known, series_chart
from minos_web.boards.hdfs.quotas import how_fresh, quota_path, quotas_path, state_of
from minos_web.models.clusters import Cluster
from minos_web.models.quotas import Quota
from minos_web.models.runs import ClientRun
from minos_web.monitor.quotas.addresses import all_addresses
from minos_web.monitor.quotas.keeping import numbers_of
from minos_web.monitor.quotas.naming import principal_of, series_name, user_of
from minos_web.monitor.quotas.rules import NAMES, SPACE, judged, limits_of, names_words
from minos_web.monitor.quotas.setting import COMMAND, Change, change_of, clearing
from minos_web.operations.refusal import Refused
from minos_web.security.permissions import Permission
from minos_web.store.outputs import Outputs
from minos_web.views.api.quotas import found_quota, hdfs_cluster, known_reading, quota_set
from minos_web.views.badges import Badge, step_badge
from minos_web.views.charting import Chart
from minos_web.views.clusters import cluster_frame
from minos_web.views.frame import flash
from minos_web.views.presenting import sentence

SHOWN = 4000
"""Bytes of what the last change printed."""


@view_config(route_name="hdfs_quota", request_method="GET", renderer="hdfs_quota.mako", permission=Permission.VIEW)
def quota_page(request: Request) -> dict[str, Any]:
    """One directory."""
    cluster = hdfs_cluster(request)
    return _page(request, cluster, found_quota(request, cluster))


@view_config(
    route_name="hdfs_quota", request_method="POST", renderer="hdfs_quota.mako", permission=Permission.ADMINISTER
)
def quota_post(request: Request) -> Any:
    """Set (``do=set``) or clear a quota of ``kind``; what would be run is shown first, and run when it comes with ``sure``."""
    cluster, given = hdfs_cluster(request), request.POST
    row, kind = found_quota(request, cluster), given.get("kind", "")
    try:
        change = clearing(kind) if given.get("do") == "clear" else change_of(kind, given.get(kind, ""))
        if "sure" not in given:
            return {**_page(request, cluster, row), "asked": change}
        quota_set(request, row, change)
    except Refused as refused:
        request.tm.doom()
        request.response.status_int = 422
        more = {"given": given.get(kind, ""), "refused": refused, "error": sentence(refused.message)}
        return {**_page(request, cluster, row), **more}
    flash(request, "success", "The command is under way; the numbers are read anew when it is done.")
    return HTTPSeeOther(quota_path(request, cluster, row.path))


def _page(request: Request, cluster: Cluster, row: Quota) -> dict[str, Any]:
    reading = known_reading(request, cluster)
    user = user_of(row.path)
    frame = cluster_frame(request, cluster)
    asked: Change | None = None
    return {
        **frame,
        "title": f"Quota of {user} · {frame['title']}",
        "row": row,
        "user": user,
        "fresh": how_fresh(request, cluster, reading),
        "reading": reading,
        "said": _said(request, row),
        "findings": judged(numbers_of(row), limits_of(request.console.settings)),
        "addresses": all_addresses(request.db).get(principal_of(row.path), []) if _operates(request) else [],
        "change": _last_change(request, row) if _operates(request) else None,
        "charts": _charts(request, cluster, row),
        "above": quotas_path(request, cluster),
        "here": quota_path(request, cluster, row.path),
        "command": COMMAND,
        "kinds": (SPACE, NAMES),
        "asked": asked,
        "given": "",
        "refused": None,
        "error": "",
    }


def _operates(request: Request) -> bool:
    return bool(request.has_permission(Permission.OPERATE))


def _said(request: Request, row: Quota) -> list[Said]:
    numbers, unread = numbers_of(row), row.at is None
    none = "unknown" if unread else "no quota"
    return [
        Said("State", state_of(row, limits_of(request.console.settings))),
        Said("Space quota", none if numbers.space_quota is None else known(numbers.space_quota, "bytes")),
        Said("Space used", known(numbers.space_used, "bytes"), note="with all copies"),
        Said("Space left", none if numbers.space_left is None else known(numbers.space_left, "bytes")),
        Said("Name quota", none if numbers.name_quota is None else names_words(numbers.name_quota)),
        Said(
            "Names used",
            "unknown" if numbers.names_used is None else names_words(numbers.names_used),
            note="files and directories, itself among them",
        ),
        Said("Names left", none if numbers.names_left is None else names_words(numbers.names_left)),
    ]


def _last_change(request: Request, row: Quota) -> tuple[ClientRun, Badge, str, bool] | None:
    """The command that set a quota last: how it went, what it printed, whether it is over."""
    run = request.db.get(ClientRun, row.change) if row.change else None
    if run is None:
        return None
    printed = Outputs(request.console.var).read(run.step.command_id, 0, SHOWN).decode(errors="replace")
    return run, step_badge(run.step), printed.replace("\0", "").strip(), run.step.state in STEP_ENDED


def _charts(request: Request, cluster: Cluster, row: Quota) -> list[Chart]:
    def names(*pairs: tuple[str, str]) -> dict[str, str]:
        return {series_name(name, row.path): title for name, title in pairs}

    space = names(("used_space_quota", "used"), ("space_quota", "quota"), ("remaining_space_quota", "left"))
    files = names(("used_quota", "used"), ("quota", "quota"), ("remaining_quota", "left"))
    return [
        series_chart(request, cluster, ("quota-space", "Space", "bytes"), space),
        series_chart(request, cluster, ("quota-names", "Names", "count"), files),
    ]
