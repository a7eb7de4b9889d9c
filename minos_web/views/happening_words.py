"""How a line of the history is put: what happened, to what, by whom, and where to look."""

from collections.abc import Callable
from typing import Any

from pyramid.request import Request

from minos_common.states import OperationState, TaskState
from minos_web.clusterfile.tree import cluster_of
from minos_web.models.alerts import Alert
from minos_web.models.clusters import TaskChange
from minos_web.models.config import ConfigRevision
from minos_web.models.operations import Operation
from minos_web.models.packages import Package
from minos_web.models.people import AuditEntry
from minos_web.monitor.happening_sources import Happening
from minos_web.views import presenting
from minos_web.views.alert_words import headline, subject
from minos_web.views.finding import place_of

_TONES = {
    OperationState.DONE: "running",
    OperationState.FAILED: "down",
    OperationState.CANCELLED: "stopped",
    TaskState.RUNNING: "running",
    TaskState.STARTING: "down",
    TaskState.STOPPED: "stopped",
    TaskState.EXITED: "down",
    TaskState.BACKOFF: "down",
    TaskState.FATAL: "down",
}
_CHANGES = {
    TaskState.RUNNING: "runs",
    TaskState.STARTING: "ended and is started again",
    TaskState.STOPPED: "stopped",
    TaskState.EXITED: "ended",
    TaskState.BACKOFF: "ended and waits to be started again",
    TaskState.FATAL: "failed for good",
}
_ACTS = {
    "alert-rule.as-shipped": "{target}: as it was shipped",
    "alert-rule.change": "{target} changed",
    "alert-rule.delete": "{target} deleted",
    "brake.pull": "Brake pulled for {target}",
    "brake.release": "Brake released for {target}",
    "drills.mark": "Failover drills of {target}",
    "host.approve": "{target} approved",
    "host.key": "{target} has a new key",
    "host.new-key": "A new key of {target} asked for",
    "host.reject": "{target} rejected",
    "host.revoke": "{target} revoked",
    "keytab.delete": "A keytab of {target} deleted",
    "keytab.put": "A keytab of {target} kept",
    "quota.set": "Quota set on {target}",
    "silence.begin": "{target} begun",
    "silence.end": "{target} ended",
    "watching.change": "Watching of {target} changed",
}
_CONTROLS = {"cancel": "cancelled", "pause": "paused", "resume": "resumed", "retry": "tried again", "skip": "skipped"}
_ENDINGS = {
    "add": "added",
    "change": "changed",
    "delete": "deleted",
    "run": "run now",
    "pause": "paused",
    "resume": "resumed",
}


def event_json(request: Request, one: Happening) -> dict[str, Any]:
    """{at, until, kind, tone, title, text, url}: ``title`` says what, ``text`` what more there is to say, and may be empty."""
    told = history_json(request, one)
    kind = "task" if one.kind == "crash" else one.kind
    text = " · ".join(part for part in (_by(told["who"]), told["text"]) if part)
    if isinstance(one.row, Operation):
        text = " · ".join(part for part in (told["state"], _by(told["who"]), one.row.message) if part)
    return {
        "at": one.at,
        "until": one.until,
        "kind": kind,
        "text": text,
        **{n: told[n] for n in ("tone", "title", "url")},
    }


def history_json(request: Request, one: Happening) -> dict[str, Any]:
    """The same with who did it (empty: no person), and the service, cluster and host it is about, as far as it is about one."""
    said = {"who": "", "service": "", "cluster": "", "host": "", "state": ""}
    key = f"{one.source}-{one.row.id}"
    return {
        "id": key,
        "at": one.at,
        "until": one.until,
        "kind": one.kind,
        **said,
        **_SHAPES[type(one.row)](request, one),
    }


def _by(who: str) -> str:
    return f"by {who}" if who else ""


def _operation(request: Request, one: Happening) -> dict[str, Any]:
    operation: Operation = one.row
    what, about = presenting.deed(operation)
    cluster = operation.cluster
    return {
        "tone": _TONES.get(OperationState(operation.state), "changing"),
        "title": f"{what}{about}",
        "text": operation.message,
        "state": str(operation.state),
        "url": request.route_path("operation", id=operation.id),
        "who": operation.created_by,
        **({"service": cluster.service, "cluster": cluster.name} if cluster else {}),
    }


def _change(request: Request, one: Happening) -> dict[str, Any]:
    change: TaskChange = one.row
    task, state = one.task, TaskState(change.after)
    assert task is not None
    ended = presenting.exit_words(change.last_exit) if one.kind == "crash" else ""
    return {
        "tone": _TONES[state],
        "title": f"{task.job}/{task.number} of {task.cluster.name} {_CHANGES[state]}",
        "text": " · ".join(text for text in (f"on {task.address}", ended, change.reason) if text),
        "url": request.route_path("task", **place_of(task)),
        "service": task.cluster.service,
        "cluster": task.cluster.name,
        "host": one.host,
    }


def _revision(request: Request, one: Happening) -> dict[str, Any]:
    revision: ConfigRevision = one.row
    path, number = revision.file.path, revision.number
    service, cluster = cluster_of(path) or ("", "")
    differs = {"from": number - 1, "to": number}
    return {
        "tone": "changing",
        "title": f"{path.rpartition('/')[2]} {'deleted' if one.gone else 'saved'}",
        "text": revision.note,
        "url": request.route_path("config_history", path=path, _query=differs if number > 1 else {}),
        "who": revision.author,
        "service": service,
        "cluster": cluster,
    }


def _alert(request: Request, one: Happening) -> dict[str, Any]:
    alert: Alert = one.row
    over = one.source == "resolved"
    took = presenting.duration(one.at - (alert.fired_at or alert.since)) if over else ""
    return {
        "tone": "running" if over else "down" if alert.level == "error" else "degraded",
        "title": f"{headline(alert)}: {subject(alert)}",
        "text": f"over after {took}" if over else alert.reason,
        "state": "resolved" if over else alert.level,
        "url": request.route_path("alert", id=alert.id),
        **{name: getattr(alert, name) for name in ("service", "cluster", "host")},
    }


def _package(request: Request, one: Happening) -> dict[str, Any]:
    package: Package = one.row
    state = "" if package.state == "ready" else package.state
    said = (f"revision {package.revision}", presenting.size(package.size), package.reason if state else "")
    return {
        "tone": "down" if state in ("quarantined", "damaged") else "stopped" if state else "running",
        "title": f"{package.name} came",
        "text": " · ".join(text for text in said if text),
        "state": state,
        "url": request.route_path("package", id=package.id),
        "who": package.uploaded_by,
    }


def _entry(request: Request, one: Happening) -> dict[str, Any]:
    entry: AuditEntry = one.row
    where = _target(entry.target)
    words = _MAKERS.get(entry.action.partition(".")[0], _act)(entry)
    return {"tone": "changing", "who": entry.user, "url": _url(request, entry, where), **where, **words}


def _maintenance(entry: AuditEntry) -> dict[str, str]:
    where, job = _target(entry.target), entry.details.get("job")
    name = where.get("cluster") or where.get("host") or entry.target
    of = f"{job} of {name}" if job else name
    begun = "begun" if entry.action.endswith("begin") else "over"
    return {
        "tone": "maintenance",
        "title": f"Maintenance of {of} {begun}",
        "text": str(entry.details.get("reason") or ""),
    }


def _control(entry: AuditEntry) -> dict[str, str]:
    number, verb = entry.details.get("operation"), entry.action.partition(".")[2]
    what = _CONTROLS.get(verb, verb)
    return {"title": f"Operation {number} {what}", "text": f"of {entry.target}"}


def _schedule(entry: AuditEntry) -> dict[str, str]:
    verb = entry.action.partition(".")[2]
    name = str(entry.details.get("name") or "")
    return {"title": f"{_capital(entry.target)} {_ENDINGS.get(verb, verb)}", "text": name}


def _gone_package(entry: AuditEntry) -> dict[str, str]:
    return {"tone": "stopped", "title": f"{entry.details.get('name') or entry.target} deleted", "text": ""}


def _act(entry: AuditEntry) -> dict[str, str]:
    shape = _ACTS.get(entry.action)
    reason = str(entry.details.get("reason") or "")
    if shape is None:
        return {"title": f"{_capital(entry.action.replace('.', ' '))}: {entry.target}", "text": reason}
    before, _, after = shape.partition("{target}")
    tone = {"tone": "down"} if entry.action == "brake.pull" else {}
    return {**tone, "title": _capital(f"{before}{entry.target}{after}"), "text": reason}


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _target(target: str) -> dict[str, str]:
    """The cluster or host that the audit calls so."""
    if target.startswith("host "):
        return {"host": target.removeprefix("host ")}
    service, slash, name = target.partition("/")
    return {"service": service, "cluster": name} if slash and " " not in target else {}


def _url(request: Request, entry: AuditEntry, where: dict[str, str]) -> str:
    number = entry.target.rpartition(" ")[2]
    kind = entry.action.partition(".")[0]
    if kind == "operation" and entry.details.get("operation"):
        return str(request.route_path("operation", id=entry.details["operation"]))
    if kind == "package" and number.isdigit():
        return str(request.route_path("package", id=number))
    if where.get("cluster"):
        return str(request.route_path("cluster", **where))
    if where.get("host"):
        return str(request.route_path("host", name=where["host"]))
    route = _PAGES.get(kind)
    return str(request.route_path(route)) if route else ""


_PAGES = {"silence": "silences", "schedule": "schedules", "alert-rule": "alert_rules"}
_MAKERS: dict[str, Callable[[AuditEntry], dict[str, str]]] = {
    "maintenance": _maintenance, "operation": _control, "schedule": _schedule, "package": _gone_package,
}  # fmt: skip
_SHAPES: dict[type, Callable[[Request, Happening], dict[str, Any]]] = {
    Operation: _operation, TaskChange: _change, ConfigRevision: _revision, Alert: _alert, Package: _package,
    AuditEntry: _entry,
}  # fmt: skip
