"""API: what happened in a span of time, for the marks on charts and the list below them."""

from typing import Any

from pyramid.request import Request
from pyramid.view import view_config

from minos_common.states import OperationState, TaskState
from minos_web.models.clusters import TaskChange
from minos_web.models.config import ConfigRevision
from minos_web.models.operations import Operation
from minos_web.models.people import AuditEntry
from minos_web.monitor.happenings import Asked, Happening, happenings
from minos_web.operations.refusal import Refused
from minos_web.security.permissions import Permission
from minos_web.views import presenting
from minos_web.views.api.params import number_in, number_of
from minos_web.views.finding import place_of

MOST = 500
USUAL = 300
_TONES = {
    OperationState.DONE: "running",
    OperationState.FAILED: "down",
    OperationState.CANCELLED: "stopped",
    TaskState.RUNNING: "running",
    TaskState.STOPPED: "stopped",
    TaskState.EXITED: "down",
    TaskState.BACKOFF: "down",
    TaskState.FATAL: "down",
}
_CHANGES = {
    TaskState.RUNNING: "runs",
    TaskState.STOPPED: "stopped",
    TaskState.EXITED: "ended",
    TaskState.BACKOFF: "ended and waits to be started again",
    TaskState.FATAL: "failed for good",
}


@view_config(route_name="api_events", request_method="GET", renderer="json", permission=Permission.VIEW)
def events(request: Request) -> dict[str, Any]:
    """Newest first; ``more`` says that there was more than ``limit``."""
    params = request.GET
    end = number_in(params, "to", request.now)
    start = number_in(params, "from", end - 3600.0)
    if start >= end:
        raise Refused("bad-request", "from must lie before to", "from")
    if params.get("cluster") and not params.get("service"):
        raise Refused("bad-request", "name the service of the cluster as well", "service")
    limit = min(number_of(request, "limit") or USUAL, MOST)
    parts = {part: params.get(part, "") for part in ("service", "cluster", "host")}
    found, more = happenings(request.db, Asked(start, end, **parts, limit=limit))
    return {"from": start, "to": end, "more": more, "events": [event_json(request, one) for one in found]}


def event_json(request: Request, one: Happening) -> dict[str, Any]:
    """{at, until, kind, tone, title, text, url}: ``title`` says what, ``text`` what more there is to say, and may be empty."""
    return {"at": one.at, "until": one.until, **_SHAPES[type(one.row)](request, one)}


def _operation(request: Request, one: Happening) -> dict[str, Any]:
    operation: Operation = one.row
    what, subject = presenting.deed(operation)
    state = str(operation.state)
    return {
        "kind": "operation",
        "tone": _TONES.get(OperationState(state), "changing"),
        "title": f"{what}{subject}",
        "text": f"{state} · by {operation.created_by}" + (f" · {operation.message}" if operation.message else ""),
        "url": request.route_path("operation", id=operation.id),
    }


def _change(request: Request, one: Happening) -> dict[str, Any]:
    change: TaskChange = one.row
    task, state = one.task, TaskState(change.after)
    assert task is not None
    ended = presenting.exit_words(change.last_exit) if state not in (TaskState.RUNNING, TaskState.STOPPED) else ""
    return {
        "kind": "task",
        "tone": _TONES[state],
        "title": f"{task.job}/{task.number} of {task.cluster.name} {_CHANGES[state]}",
        "text": " · ".join(text for text in (f"on {task.address}", ended, change.reason) if text),
        "url": request.route_path("task", **place_of(task)),
    }


def _revision(request: Request, one: Happening) -> dict[str, Any]:
    revision: ConfigRevision = one.row
    path = revision.file.path
    deleted = revision.content is None
    return {
        "kind": "config",
        "tone": "changing",
        "title": f"{path.rpartition('/')[2]} {'deleted' if deleted else 'saved'}",
        "text": f"by {revision.author}" + (f" · {revision.note}" if revision.note else ""),
        "url": request.route_path("config_history", path=path),
    }


def _maintenance(request: Request, one: Happening) -> dict[str, Any]:
    entry: AuditEntry = one.row
    service, slash, name = entry.target.partition("/")
    job, reason = entry.details.get("job"), entry.details.get("reason")
    host = entry.target.removeprefix("host ")
    return {
        "kind": "maintenance",
        "tone": "maintenance",
        "title": f"Maintenance of {f'{job} of ' if job else ''}{name if slash else host} "
        + ("begun" if entry.action.endswith("begin") else "over"),
        "text": f"by {entry.user}" + (f" · {reason}" if reason else ""),
        "url": request.route_path("cluster", service=service, cluster=name)
        if slash
        else request.route_path("host", name=host),
    }


_SHAPES = {Operation: _operation, TaskChange: _change, ConfigRevision: _revision, AuditEntry: _maintenance}
