"""Hosts: who is in touch, who waits for approval, and how each is."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.request import Request
from pyramid.view import view_config
from sqlalchemy import select

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
from minos_web.views.badges import Badge, host_badge, urgency
from minos_web.views.charting import host_charts, sections
from minos_web.views.clusters import TaskRow, task_rows
from minos_web.views.finding import found_host
from minos_web.views.frame import flash
from minos_web.views.log_files import told
from minos_web.views.machine_lines import FROM, lines
from minos_web.views.paging import cut, wanted_page
from minos_web.views.presenting import sentence

ROWS = 100
_WAITING = (HostState.PENDING.value,)
_WHEN_UP = [("restart", "Restart"), ("stop", "Stop")]
_GONE = (HostState.REJECTED.value, HostState.REVOKED.value)


@dataclass(frozen=True)
class HostLine:
    """One line of the hosts table. ``disks`` are (path, percent in use)."""

    host: Host
    badge: Badge
    fingerprint: str
    disks: list[tuple[str, float]]
    running: int
    total: int


@view_config(route_name="hosts", renderer="hosts.mako", permission=Permission.VIEW)
def hosts_page(request: Request) -> dict[str, Any]:
    """All hosts: those that wait first, then the unwell ones; filtered by ``q`` and ``kind``."""
    lines = _lines(request, list(request.db.scalars(select(Host).order_by(Host.name, Host.id))))
    text, kind = request.GET.get("q", "").strip().lower(), request.GET.get("kind", "")
    known = [line for line in lines if line.host.state == HostState.APPROVED]
    shown = [
        line
        for line in known
        if (not text or text in line.host.name.lower() or text in line.host.address.lower())
        and (not kind or line.badge.kind == kind)
    ]
    shown.sort(key=lambda line: (urgency(line.badge.kind), line.host.name))
    return {
        "section": "hosts",
        "title": "Hosts",
        "waiting": [line for line in lines if line.host.state in _WAITING],
        "gone": [line for line in lines if line.host.state in _GONE],
        "kinds": sorted(Counter(line.badge.kind for line in known).items(), key=lambda pair: urgency(pair[0])),
        "refused": refused(request),
        "page": cut(shown, wanted_page(request.GET), ROWS),
        "known": len(known),
        "wanted": {"q": request.GET.get("q", ""), "kind": kind},
        "forwarded": how_forwarded(request.db, request.console.settings),
    }


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
        "line": _lines(request, [host])[0],
        "host": host,
        "tasks": task_rows(request, tasks),
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


def _lines(request: Request, hosts: list[Host]) -> list[HostLine]:
    total: Counter[int | None] = Counter()
    running: Counter[int | None] = Counter()
    for host_id, state in request.db.execute(select(Task.host_id, Task.state)):
        total[host_id] += 1
        running[host_id] += state == TaskState.RUNNING
    settings, now = request.console.settings, request.now
    return [
        HostLine(
            host,
            host_badge(host, settings, now),
            fingerprint(host.public_key),
            disks_of(host.figures),
            running[host.id],
            total[host.id],
        )
        for host in hosts
    ]


def disks_of(figures: dict[str, float]) -> list[tuple[str, float]]:
    """(mount or name, percent in use) of each disk that a host's figures tell of; the fullest first."""
    start = "host.disk_percent"
    found = [(name.removeprefix(start).strip(".:"), value) for name, value in figures.items() if name.startswith(start)]
    several = [pair for pair in found if pair[0]]
    return sorted(several or [("disk", value) for _, value in found], key=lambda pair: -pair[1])
