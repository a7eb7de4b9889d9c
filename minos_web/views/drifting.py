"""Drift as pages tell it: three states of each part, and what can be done."""

from dataclasses import dataclass

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.view import view_config

from minos_common.parts import FILE, MISSING
from minos_web.models.clusters import Task
from minos_web.models.drift import DriftIgnored
from minos_web.monitor.drift import Drift, drift_of
from minos_web.monitor.ignoring import Leave, ignore, ignored
from minos_web.operations.differences import title_of
from minos_web.operations.refusal import Refused
from minos_web.security.permissions import Permission
from minos_web.views.finding import found_task, place_of
from minos_web.views.frame import flash
from minos_web.views.presenting import sentence


@dataclass(frozen=True)
class DriftRow:
    """One part: what lies on the host and what runs, seen from what is wanted; ``left`` when somebody leaves it so."""

    part: str
    title: str
    host: str
    process: str
    left: DriftIgnored | None


def drifts_of(request: Request, tasks: list[Task]) -> dict[int, Drift]:
    """Task id -> its drift, without what is left alone."""
    left = ignored(request.db, tasks, request.now)
    return {task.id: _drift(request, task).without(left.get(task.id, {})) for task in tasks}


def drift_rows(request: Request, task: Task) -> list[DriftRow]:
    """Every part of a task that drifts, those that are left alone too."""
    drift, left = _drift(request, task), ignored(request.db, [task], request.now).get(task.id, {})
    return [_row(task, drift, part, left.get(part)) for part in drift.parts]


def _drift(request: Request, task: Task) -> Drift:
    service = request.console.catalog.get(task.cluster.service)
    return drift_of(task, {f"{FILE}{name}" for name in service.read_again} if service else ())


def _row(task: Task, drift: Drift, part: str, left: DriftIgnored | None) -> DriftRow:
    held = task.held or {}
    if held.get(part) == MISSING:
        host = "gone from the host"
    elif part in drift.edited:
        host = "edited on the host"
    elif part in drift.unsent:
        host = (
            "not there yet" if part not in held else "no longer wanted" if _unwanted(task, part) else "as sent before"
        )
    else:
        host = "as wanted"
    process = "with something else" if part in drift.restart else "with that" if task.pid else "–"
    return DriftRow(part, title_of(part), host, process, left)


def _unwanted(task: Task, part: str) -> bool:
    return part not in (task.wanted_parts or {})


@view_config(route_name="task_ignore", request_method="POST", permission=Permission.OPERATE)
def ignore_post(request: Request) -> HTTPSeeOther:
    """Leave a part of a task as it lies on its host, for some hours; 0: no longer."""
    task = found_task(request)
    hours, part = request.POST.get("hours", ""), request.POST.get("part", "")
    try:
        leave = Leave(
            part, int(hours) if hours.isdigit() and len(hours) < 6 else -1, request.identity.user, request.now
        )
        ignore(request.db, task, leave)
    except Refused as refused:
        request.tm.doom()
        flash(request, "warning", sentence(refused.message))
    else:
        about = f"{task.cluster.service}/{task.cluster.name} {task.job}/{task.number}"
        request.audit("drift.ignore" if leave.hours else "drift.look", about, part=part, hours=leave.hours)
    return HTTPSeeOther(request.route_path("task_files", **place_of(task)))
