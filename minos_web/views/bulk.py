"""Doing something with many hosts or tasks: first what would come of it, row by row, then that and nothing else.

Whoever operates some clusters only gets in as well: tasks of other clusters are left alone, and told so.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import Any

from pyramid.request import Request
from pyramid.view import view_config
from sqlalchemy import func, select

from minos_common.states import HostState
from minos_common.wire import fingerprint
from minos_web.models.clusters import Cluster, Task
from minos_web.models.hosts import Host
from minos_web.models.operations import Step
from minos_web.monitor.maintenance import note_of
from minos_web.operations.describe import refresh_clusters
from minos_web.operations.refusal import Refused
from minos_web.operations.submit import submit
from minos_web.operations.wish import Wish
from minos_web.security.enrolment import CannotDecide, decide
from minos_web.security.permissions import CONSOLE, Permission
from minos_web.views.api.maintenance import NewMaintenance, begin, end
from minos_web.views.bulk_page import Doing, Fate, carried_out, hours_in, lacks, nothing, page_of
from minos_web.views.lists.hosts import host_list
from minos_web.views.lists.reading import rows_of
from minos_web.views.lists.scene import Scene
from minos_web.views.lists.scope import as_selection, chosen_ids
from minos_web.views.lists.tasks import task_list
from minos_web.views.presenting import count, sentence

MOST_TASKS = 2000
"""Tasks that one action on many hosts or tasks may move."""

_TITLES = {
    "maintenance": "Begin a maintenance of",
    "maintenance-end": "End the maintenance of",
    "approve": "Approve",
    "start": "Start the tasks of",
    "restart": "Restart the tasks of",
    "stop": "Stop the tasks of",
}


@view_config(route_name="hosts_bulk", request_method="POST", renderer="bulk.mako", permission=Permission.OPERATE)
def hosts_post(request: Request) -> dict[str, Any]:
    """Look at, or do, something with many hosts."""
    request.require(Permission.VIEW)
    do, back = request.POST.get("do", ""), request.route_path("hosts")
    acts: dict[str, Callable[[Request, Doing, Sequence[Host]], Iterable[Fate]]] = {
        "maintenance": _begin,
        "maintenance-end": _end,
        "approve": _approve,
        **dict.fromkeys(("start", "restart", "stop"), _of_hosts),
    }
    if do not in acts:
        return page_of(request, nothing(back, f"There is no such action; there are {', '.join(acts)}."))
    if do == "approve":
        ids = _waiting(request)
        doing = Doing(do, _TITLES[do], count(len(ids), "waiting host"), back, "go" not in request.POST, ids)
        hosts = [*request.db.scalars(select(Host).where(Host.id.in_(ids)).order_by(Host.name, Host.id))]
    else:
        shape = host_list(Scene.of(request))
        try:
            ids = chosen_ids(request, shape)
        except Refused as refused:
            return page_of(request, nothing(back, sentence(refused.message)))
        doing = Doing(do, _TITLES[do], count(len(ids), "host"), back, "go" not in request.POST, ids)
        hosts = [host for part in _parts(ids) for host in rows_of(request.db, shape, part)]
    act = acts[do] if acts[do] is _of_hosts or request.may(Permission.OPERATE) else _of_the_console
    return carried_out(request, doing, lambda: act(request, doing, hosts))


@view_config(route_name="tasks_bulk", request_method="POST", renderer="bulk.mako", permission=Permission.OPERATE)
def tasks_post(request: Request) -> dict[str, Any]:
    """Look at, or do, something with many tasks."""
    request.require(Permission.VIEW)
    do, back = request.POST.get("do", ""), request.route_path("tasks")
    if do not in ("start", "restart", "stop"):
        return page_of(request, nothing(back, "There is no such action; there are start, restart, stop."))
    shape = task_list(Scene.of(request))
    try:
        ids = chosen_ids(request, shape)
    except Refused as refused:
        return page_of(request, nothing(back, sentence(refused.message)))
    words = count(len(ids), "task")
    doing = Doing(do, do.capitalize(), words, back, "go" not in request.POST, ids)
    tasks = [task for part in _parts(ids) for task in rows_of(request.db, shape, part)]
    return carried_out(request, doing, lambda: _of_tasks(request, doing, tasks))


def _parts(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    return (ids[start : start + 500] for start in range(0, len(ids), 500))


def _begin(request: Request, doing: Doing, hosts: Sequence[Host]) -> Iterable[Fate]:
    given = request.POST
    new = NewMaintenance(given.get("reason", ""), hours_in(given.get("hours", "")))
    for host in hosts:
        note = note_of(host.maintenance, request.now)
        if note is not None:
            yield _host_fate(request, host, f"it is in {note.words} already", False)
            continue
        if not doing.looked:
            begin(request, host, new)
        yield _host_fate(request, host, "goes into maintenance" if doing.looked else "in maintenance", True)


def _end(request: Request, doing: Doing, hosts: Sequence[Host]) -> Iterable[Fate]:
    for host in hosts:
        if note_of(host.maintenance, request.now) is None:
            yield _host_fate(request, host, "it is in no maintenance", False)
            continue
        if not doing.looked:
            end(request, host)
        yield _host_fate(request, host, "its maintenance ends" if doing.looked else "its maintenance is over", True)


def _approve(request: Request, doing: Doing, hosts: Sequence[Host]) -> Iterable[Fate]:
    """Approving asks for each fingerprint to be compared: nothing is ticked before."""
    ticked = {int(text) for text in request.POST.getall("pick") if text.isdigit() and len(text) < 19}
    found = [host for host in hosts if doing.looked or host.id in ticked]
    fates = []
    for host in found:
        print_of = fingerprint(host.public_key)
        try:
            decide(request.db, host, "approve", request.identity.user, request.now)
        except CannotDecide as error:
            fates.append(Fate(host.name, "", str(error), False, print_of))
            continue
        if not doing.looked:
            request.audit("host.approve", f"host {host.name}", fingerprint=print_of)
        request.db.flush()
        fates.append(Fate(host.name, "", "can be approved" if doing.looked else "approved", True, print_of, host.id))
    if not doing.looked and any(fate.done for fate in fates):
        refresh_clusters(request.db, request.console, request.now)
    return fates


def _of_the_console(request: Request, _doing: Doing, hosts: Sequence[Host]) -> Iterable[Fate]:
    """A host is of the console as a whole, whatever runs on it."""
    for host in hosts:
        yield _host_fate(request, host, f"a host is of no cluster: {lacks(request, CONSOLE)}", False)


def _waiting(request: Request) -> list[int]:
    waits = select(Host.id).where(Host.state == HostState.PENDING.value)
    return [*request.db.scalars(waits.order_by(Host.name, Host.id).limit(500))]


def _of_hosts(request: Request, doing: Doing, hosts: Sequence[Host]) -> Iterable[Fate]:
    tasks = [
        task
        for part in _parts([host.id for host in hosts])
        for task in request.db.scalars(select(Task).where(Task.host_id.in_(part), Task.retired.is_(False)))
    ]
    with_tasks = {task.host_id for task in tasks}
    for host in hosts:
        if host.id not in with_tasks:
            yield _host_fate(request, host, "no task is on it", False)
    yield from _of_tasks(request, doing, tasks)


def _of_tasks(request: Request, doing: Doing, tasks: Sequence[Task]) -> Iterable[Fate]:
    """An operation for each cluster of which tasks are chosen."""
    if len(tasks) > MOST_TASKS:
        text = f"these are {len(tasks):,} tasks; at most {MOST_TASKS:,} are moved at a time: choose fewer"
        raise Refused("bad-selection", text, "pick")
    chosen = sorted(tasks, key=lambda task: task.cluster_id)
    for _, group in groupby(chosen, key=lambda task: task.cluster_id):
        yield _of_cluster(request, doing, [*group])


def _of_cluster(request: Request, doing: Doing, tasks: list[Task]) -> Fate:
    cluster: Cluster = tasks[0].cluster
    place = {"service": cluster.service, "cluster": cluster.name}
    name, url = f"{cluster.service}/{cluster.name}", request.route_path("cluster", **place)
    words = count(len(tasks), "task")
    if why := lacks(request, name):
        return Fate(name, url, why, False, words)
    selection = as_selection(tasks, cluster.tasks)
    if selection is None:
        return Fate(name, url, "tick tasks of one job at a time, or the same numbers of each job", False, words)
    part = request.db.begin_nested()
    try:
        submitted = submit(request.db, request.console, _wish(request, doing, cluster, selection))
    except Refused as refused:
        part.rollback()
        return Fate(name, url, refused.message, False, words)
    number = submitted.operation.id
    steps = request.db.scalar(select(func.count()).select_from(Step).where(Step.operation_id == number)) or 0
    if doing.looked:
        part.rollback()
        return Fate(name, url, f"an operation of {count(steps, 'step')}", True, words)
    part.commit()
    request.audit(
        f"operation.{doing.name}", name, operation=number, **{key: [*value] for key, value in selection.items()}
    )
    return Fate(
        name, request.route_path("operation", id=number), f"operation {number}, {count(steps, 'step')}", True, words
    )


def _wish(request: Request, doing: Doing, cluster: Cluster, selection: Any) -> Wish:
    """Only processes are moved: what lies on the hosts stays as it is."""
    return Wish(
        service=cluster.service,
        cluster=cluster.name,
        action=doing.name,
        user=request.identity.user,
        now=request.now,
        may_override=False,
        options={"confirm": cluster.name, "update_config": False, "update_package": False},
        **selection,
    )


def _host_fate(request: Request, host: Host, said: str, done: bool) -> Fate:
    return Fate(host.name, request.route_path("host", name=host.name), said, done, host.address)
