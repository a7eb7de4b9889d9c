"""Hosts: who is in touch, who waits for approval, and how each is."""

from dataclasses import dataclass
from typing import Any

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.request import Request
from pyramid.view import view_config
from sqlalchemy import func, select

from minos_common.states import AT_REST_TASK_STATES, HostState, TaskState
from minos_common.wire import fingerprint
from minos_web.models.clusters import Task
from minos_web.models.engine_counts import REASONS, EngineCount
from minos_web.models.hosts import Host
from minos_web.monitor.alert_lists import Wanted, open_count
from minos_web.monitor.maintenance import note_of
from minos_web.monitor.series.forwarding import how_forwarded
from minos_web.operations.describe import refresh_clusters
from minos_web.operations.host_keys import ask_for_key, change_of
from minos_web.operations.inventory import machine_of
from minos_web.operations.refusal import Refused
from minos_web.security.enrolment import CannotDecide, decide
from minos_web.security.permissions import Permission
from minos_web.views import presenting
from minos_web.views.charting import host_charts, sections
from minos_web.views.finding import found_host
from minos_web.views.frame import flash
from minos_web.views.lists.hosts import HostLine, host_lines, host_list
from minos_web.views.lists.scene import Scene
from minos_web.views.lists.showing import as_csv, show
from minos_web.views.lists.tasks import TaskRow, task_lines
from minos_web.views.log_files import told
from minos_web.views.machine_lines import FROM, lines
from minos_web.views.presenting import sentence

_WAITING = (HostState.PENDING.value,)
_WHEN_UP = [("restart", "Restart"), ("stop", "Stop")]
_GONE = (HostState.REJECTED.value, HostState.REVOKED.value)
MOST = 100
"""Workers that wait, or were turned away, that the page shows; all of them are counted."""
BULK = (
    ("maintenance", "Begin a maintenance"),
    ("maintenance-end", "End their maintenance"),
    ("start", "Start their tasks"),
    ("restart", "Restart their tasks"),
    ("stop", "Stop their tasks"),
)
"""What can be done with many hosts at once."""


def _bulk(request: Request) -> tuple[tuple[str, str], ...]:
    """Of these, what who asks may do: a host itself is of no cluster."""
    whole = request.may(Permission.OPERATE)
    return BULK if whole else tuple(one for one in BULK if not one[0].startswith("maintenance"))


@view_config(route_name="hosts", renderer="hosts.mako", permission=Permission.VIEW)
def hosts_page(request: Request) -> Any:
    """Approved hosts as a list, and workers that wait or were turned away. With ``part`` only that one of them."""
    file = as_csv(request, host_list)
    if file is not None:
        return file
    part = request.GET.get("part", "") if request.headers.get("HX-Request") == "true" else ""
    page: dict[str, Any] = {"section": "hosts", "title": "Hosts", "part": part, "bulk": _bulk(request), "view": None}
    if part != "around":
        page["view"] = show(request, host_list(Scene.of(request)))
    return {**page, **(_around(request) if part != "hosts" else _NOTHING)}


_NOTHING = dict.fromkeys(("waiting", "waiting_count", "gone", "gone_count", "refused", "forwarded"))


def _around(request: Request) -> dict[str, Any]:
    """What stands above and below the list."""
    waiting, gone = (_of(request, states) for states in (_WAITING, _GONE))
    return {
        "waiting": waiting[0],
        "waiting_count": waiting[1],
        "gone": gone[0],
        "gone_count": gone[1],
        "refused": refused(request),
        "forwarded": how_forwarded(request.db, request.console.settings),
    }


def _of(request: Request, states: tuple[str, ...]) -> tuple[list[HostLine], int]:
    """The newest workers in these states, and how many there are."""
    wanted = select(Host).where(Host.state.in_(states))
    total = request.db.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    rows = request.db.scalars(wanted.order_by(Host.first_seen.desc(), Host.id).limit(MOST)).all()
    return host_lines(Scene.of(request), rows), total


_REFUSED = {
    "malformed": "no message of a worker: another program, another version, or noise",
    "unapproved": "more than hello from a worker that is not approved, a join token not taken, or one too many waiting",
    "undeliverable": "could not be sent to its worker; commands are repeated by themselves",
    "broken": "an error of the engine's own; its log says more",
}


@dataclass(frozen=True)
class Dropped:
    """What the engine dropped for one reason. ``fingerprint`` of the last key, "" when there was none."""

    count: EngineCount
    words: str
    fingerprint: str


def refused(request: Request) -> list[Dropped]:
    """One for each reason for which anything was dropped since the engine started."""
    counts = {row.reason: row for row in request.db.scalars(select(EngineCount).where(EngineCount.number > 0))}
    return [
        Dropped(
            counts[reason], _REFUSED[reason], fingerprint(counts[reason].last_key) if counts[reason].last_key else ""
        )
        for reason in REASONS
        if reason in counts
    ]


@view_config(route_name="host", renderer="host.mako", permission=Permission.VIEW)
def host_page(request: Request) -> dict[str, Any]:
    """One host: what it is made of, how it is, what runs there."""
    host = found_host(request)
    tasks = list(
        request.db.scalars(
            select(Task)
            .where(Task.host_id == host.id, Task.retired.is_(False))
            .order_by(Task.cluster_id, Task.job_order, Task.number)
        )
    )
    return {
        "section": "hosts",
        "title": host.name,
        "line": host_lines(Scene.of(request), [host])[0],
        "host": host,
        "tasks": task_lines(Scene.of(request), tasks),
        "clusters_here": list({task.cluster_id: task.cluster for task in tasks}.values()),
        "sections": sections(host_charts(request, host.name)),
        "told": told(request),
        "alerts_here": open_count(request.db, Wanted(host=host.name)),
        "place": lines([host], machine_of(request.db, host))[0],
        "place_from": FROM,
        "maintenance": host.maintenance if note_of(host.maintenance, request.now) else None,
        "key": change_of(request.db, host, request.now),
        "offered": offered,
        "why_not": why_not,
    }


def offered(row: TaskRow) -> list[tuple[str, str]]:
    """(action, text) of what makes sense for a task as it is; all of it when that is not known."""
    state = TaskState(row.task.state)
    if row.badge.stale or state is TaskState.UNKNOWN:
        return [("start", "Start"), *_WHEN_UP]
    if state not in AT_REST_TASK_STATES:
        return _WHEN_UP
    # One that failed for good is still wanted running: stopping it says that it shall stay down.
    return [("start", "Start"), *([("stop", "Stop")] if row.task.wanted == "running" else [])]


def why_not(row: TaskRow) -> tuple[str, float | None]:
    """Why a task has no process, in words, and when it ended where that is the reason."""
    task = row.task
    if row.badge.title:
        return row.badge.title, None
    if task.last_exit:
        ended = presenting.exit_words(task.last_exit)
        return f"{ended[:1].upper()}{ended[1:]}", task.last_exit.get("at")
    return "Not started yet" if task.bootstrapped else "Nothing of it is on this host", None


@view_config(route_name="host_decide", request_method="POST", permission=Permission.OPERATE)
def decide_post(request: Request) -> HTTPSeeOther:
    """Approve, reject or revoke a worker's key; the cluster rows then learn which tasks are on the host."""
    decision, number = request.matchdict["decision"], int(request.matchdict["id"])
    host = request.db.get(Host, number) if number < 2**63 else None
    if host is None:
        raise HTTPNotFound("There is no such host.")
    after = request.route_path("hosts")
    if decision == "revoke" and request.POST.get("confirm", "").strip() != host.name:
        flash(request, "danger", f"Nothing was revoked: type the name {host.name} to confirm.")
        return HTTPSeeOther(request.route_path("host", name=host.name))
    try:
        changed = decide(request.db, host, decision, request.identity.user, request.now)
    except CannotDecide as error:
        request.tm.doom()
        flash(request, "danger", sentence(error))
        return HTTPSeeOther(after)
    if changed:
        refresh_clusters(request.db, request.console, request.now)
        request.audit(f"host.{decision}", f"host {host.name}", fingerprint=fingerprint(host.public_key))
        flash(request, "success", f"Host {host.name} is {host.state}.")
    return HTTPSeeOther(after)


@view_config(route_name="host_key", request_method="POST", permission=Permission.OPERATE)
def key_post(request: Request) -> HTTPSeeOther:
    """Have the worker make a new key and use it from then on."""
    host = found_host(request)
    try:
        ask_for_key(request.db, request.console.settings, host, request.identity.user, request.now)
    except Refused as refused:
        flash(request, "warning", sentence(refused.message))
    else:
        request.audit("host.new-key", f"host {host.name}", fingerprint=fingerprint(host.public_key))
    return HTTPSeeOther(request.route_path("host", name=host.name))
