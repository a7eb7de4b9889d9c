"""A task's pages: state, figures, charts, history; its rendered files; its logs."""

from typing import Any

from pyramid.request import Request
from pyramid.view import view_config
from sqlalchemy import select

from minos_common.states import StepState
from minos_web.catalog.description import Service
from minos_web.clusterfile.running import BY_DEFAULT
from minos_web.models.clusters import Task, TaskChange
from minos_web.models.hosts import Host
from minos_web.models.operations import Step
from minos_web.monitor.alert_lists import Wanted, open_count
from minos_web.monitor.ignoring import HOURS
from minos_web.operations.rendering import CannotRender, rendered_task
from minos_web.security.permissions import Permission
from minos_web.views import presenting
from minos_web.views.charting import service_as_described, service_charts
from minos_web.views.clusters import cluster_frame, task_rows
from minos_web.views.drifting import drift_rows
from minos_web.views.finding import found_task, place_of
from minos_web.views.log_files import Told, told
from minos_web.views.questions import asked
from minos_web.views.running import described, limit_rows, task_after_reboot

LISTED_SECONDS = 20.0
CHUNK = 49152
MOST_MATCHES = 200
AROUND = 4096
"""Bytes shown before the line that a search found."""


@view_config(route_name="task", renderer="task.mako", permission=Permission.VIEW)
def task_page(request: Request) -> dict[str, Any]:
    """How a task is, and why."""
    task = found_task(request)
    service = service_as_described(request, task.cluster)
    changes = request.db.scalars(
        select(TaskChange).where(TaskChange.task_id == task.id).order_by(TaskChange.at.desc()).limit(20)
    )
    return {
        **task_frame(request, task),
        "reboot": task_after_reboot(request, task),
        "figures": figures_of(task, service),
        "changes": [(change, task) for change in changes],
        "log": main_log(request, task),
        "charts": service_charts(request, service, series_of(request, task)) if task.host_id else [],
    }


@view_config(route_name="task_files", renderer="task_files.mako", permission=Permission.VIEW)
def files_page(request: Request) -> dict[str, Any]:
    """The files and the command that a start would send now, and with ``disk`` what lies on the host."""
    task = found_task(request)
    found: dict[str, Any] = {"rendered": None, "error": "", "disk_files": None, "disk_error": "", "asking": False}
    found["limits"] = limit_rows(described(request, task.cluster).get(task.job, BY_DEFAULT))
    try:
        found["rendered"] = rendered_task(request.db, request.console, task)
    except CannotRender as error:
        found["error"] = str(error)
    if "disk" in request.GET and task.host_id:
        found.update(_on_disk(asked(request, task, "read-files", {}, LISTED_SECONDS)))
    return {**task_frame(request, task), **found, "drift_rows": drift_rows(request, task), "ignore_hours": HOURS}


def _on_disk(step: Step | None) -> dict[str, Any]:
    if step is None:
        return {"asking": True}
    if step.state != StepState.DONE:
        return {"disk_error": step.message or "the worker did not answer"}
    return {"disk_files": step.data.get("files", {})}


@view_config(route_name="task_log", renderer="task_log.mako", permission=Permission.VIEW)
def log_page(request: Request) -> dict[str, Any]:
    """A live tail of ``file`` (empty: the newest stdout; left out: the service's own log), beside the list of logs.

    With ``q``: the lines that hold it, newest first, above the byte ``before``. With ``at``: the file from that byte on,
    standing still. With ``told``: what has become of a download, or of clearing the output.
    """
    task = found_task(request)
    news = told(request)
    step = _listing(request, task, news)
    file = request.GET.get("file", main_log(request, task))
    found: dict[str, Any] = {"q": request.GET.get("q", "").strip(), "at": _byte(request, "at"), "search": None}
    if found["q"] and file and task.host_id:
        args = {"name": file, "text": found["q"], "before": _byte(request, "before"), "limit": MOST_MATCHES}
        found["search"] = asked(request, task, "search-log", args, LISTED_SECONDS)
    return {**task_frame(request, task), **found, "file": file, "listing": step, "around": AROUND, "told": news}


def _listing(request: Request, task: Task, news: Told | None) -> Step | None:
    """The list of logs; while output is being cleared there is none, and afterwards one from before does not count."""
    fresh = LISTED_SECONDS
    if news is not None and not news.is_file:
        if not news.is_over:
            return None
        fresh = min(fresh, request.now - (news.step.ended_at or 0.0))
    return asked(request, task, "list-logs", {}, fresh) if task.host_id else None


@view_config(route_name="task_log_chunk", renderer="json", permission=Permission.VIEW)
def log_chunk(request: Request) -> dict[str, Any]:
    """A piece of a log for the viewer: {file, offset, next_offset, size, text, id, cut_at, cleared, state, message}. The
    text belongs to what the viewer has only while ``id`` and ``cut_at`` stay the same, see docs/wire.md.
    """
    task = found_task(request)
    name = request.GET.get("file", "")
    offset = _byte(request, "offset")
    if task.host_id is None:
        return _no_text("error", f"no host has the address {task.address}")
    step = asked(request, task, "read-log", {"name": name, "offset": offset, "limit": CHUNK})
    if step is None:
        return _no_text("waiting", "")
    if step.state != StepState.DONE:
        return _no_text("error", step.message or "the worker did not answer")
    data = step.data
    return {
        "state": "ok",
        "message": "",
        "file": data.get("name", name),
        "offset": data.get("offset", 0),
        "next_offset": data.get("next_offset", 0),
        "size": data.get("size", 0),
        "text": data.get("text", ""),
        "id": data.get("file", ""),
        "cut_at": data.get("cut_at", 0.0),
        "cleared": data.get("cleared", False),
    }


def _byte(request: Request, name: str) -> int | None:
    """A place in a file, as the query gives it; None for anything that is none."""
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def figures_of(task: Task, service: Service | None) -> list[tuple[str, str, str]]:
    """(name, value with unit, title) of everything a task's status page and process said last."""
    job = service.job(task.job) if service else None
    known = (
        {f"{service.name}.{one.name}": one for one in (job.status.figures if job and job.status else ())}
        if service
        else {}
    )
    rows = [(name, text, known[name].title if name in known else _title(name)) for name, text in task.texts.items()]
    for name, value in task.figures.items():
        unit = (known[name].unit if name in known else "") or presenting.unit_of(name)
        rows.append((name, presenting.figure(value, unit), known[name].title if name in known else _title(name)))
    order = {name: number for number, name in enumerate(known)}
    return sorted(rows, key=lambda row: (order.get(row[0], len(order)), row[0]))


def _title(name: str) -> str:
    """A figure's own name as words: task.open_files is Open files."""
    words = name.rpartition(".")[2]
    for ending in ("_bytes", "_percent", "_seconds"):
        words = words.removesuffix(ending)
    words = words.replace("_", " ")
    return {"cpu": "CPU", "rss": "Resident memory"}.get(words, words[:1].upper() + words[1:])


def main_log(request: Request, task: Task) -> str:
    """The log file that tells what the service does, as read-log takes it; empty is the newest stdout."""
    service = request.console.catalog.get(task.cluster.service)
    job = service.job(task.job) if service else None
    return f"log/{job.log}" if job and job.log else ""


def _no_text(state: str, message: str) -> dict[str, Any]:
    return {"state": state, "message": message}


def series_of(request: Request, task: Task) -> dict[str, str]:
    """What picks the samples of one task: its host, and its instance where the host has several."""
    host = request.db.get(Host, task.host_id)
    place = {"service": task.cluster.service, "cluster": task.cluster.name, "job": task.job}
    instance = {"task": str(task.instance)} if task.instance >= 0 else {}
    return {**place, "host": host.name if host else "", **instance}


def task_frame(request: Request, task: Task) -> dict[str, Any]:
    """What the header of every page of a task shows."""
    return {
        **cluster_frame(request, task.cluster),
        "title": f"{task.job}/{task.number} · {task.cluster.name}",
        "task": task,
        "place": place_of(task),
        "row": task_rows(request, [task])[0],
        "alerts_here": open_count(
            request.db,
            Wanted(service=task.cluster.service, cluster=task.cluster.name, job=task.job, number=task.number),
        ),
        "exit_words": presenting.exit_words(task.last_exit),
    }
