"""How rows look in the API's JSON."""

from collections.abc import Iterable, Sequence
from typing import Any

from minos_common.settings import ConsoleSettings
from minos_web.catalog.description import Service
from minos_web.models.clusters import Cluster, Task
from minos_web.models.hosts import Host
from minos_web.models.operations import Operation, Step
from minos_web.monitor.entry import entry_of, versions_of
from minos_web.monitor.series.forwarding import Forwarded
from minos_web.monitor.status import Status, cluster_status, task_status
from minos_web.operations.causes import Cause
from minos_web.operations.eta import Eta
from minos_web.operations.wave_sums import WaveSum


def status_json(status: Status) -> dict[str, Any]:
    """{kind, word, reason, since, heard_at, stale}."""
    return {
        "kind": status.kind.value,
        "word": status.word,
        "reason": status.reason,
        "since": status.since,
        "heard_at": status.heard_at,
        "stale": status.stale,
    }


def forwarding_json(told: Forwarded) -> dict[str, Any]:
    """How samples go on to OpenTSDB; ``address`` is null when they do not."""
    return {
        "address": told.address or None,
        "well": told.well,
        "waiting": told.waiting,
        "waiting_since": told.waiting_since,
        "succeeded_at": told.succeeded_at,
        "failed_at": told.failed_at,
        "error": told.error,
        "sent": told.sent,
        "refused": told.refused,
    }


def cluster_json(cluster: Cluster, service: Service | None, now: float, open_operation: int | None) -> dict[str, Any]:
    """One cluster without its tasks; ``service`` is its folder, as far as there is one."""
    return {
        "service": cluster.service,
        "name": cluster.name,
        "version": cluster.version,
        "running_versions": versions_of(service, cluster.tasks),
        "entry": entry_of(service, cluster.tasks) or None,
        "description": cluster.description,
        "problem": cluster.problem,
        "status": status_json(cluster_status(cluster, now)),
        "jobs": cluster.health_jobs,
        "bootstrapped_at": cluster.bootstrapped_at,
        "open_operation": open_operation,
    }


def task_json(task: Task, host: Host | None, now: float, settings: ConsoleSettings) -> dict[str, Any]:
    """One task with its status, process and latest figures."""
    return {
        "job": task.job,
        "task_id": task.number,
        "host": host.name if host else None,
        "address": task.address,
        "host_id": task.host_number,
        "instance_id": max(task.instance, 0),
        "base_port": task.base_port,
        "ports": task.ports,
        "described": task.described,
        "decommissioned": task.leaving,
        "status": status_json(task_status(task, host, now, settings.lost_seconds)),
        "state": task.state,
        "wanted": task.wanted,
        "bootstrapped": task.bootstrapped,
        "pid": task.pid,
        "started_at": task.started_at,
        "restarts": task.restarts,
        "last_exit": task.last_exit,
        "last_lines": task.last_lines,
        "package": task.package,
        "config_revision": task.config_revision,
        "http_url": task.http_url,
        "figures": task.figures,
        "texts": task.texts,
        "figures_at": task.figures_at,
        "figures_error": task.figures_error,
    }


def operation_json(operation: Operation) -> dict[str, Any]:
    """One operation without its steps."""
    return {
        "id": operation.id,
        "service": operation.cluster.service if operation.cluster else None,
        "cluster": operation.cluster.name if operation.cluster else None,
        "action": operation.action,
        "selection": operation.selection,
        "options": operation.options,
        "state": operation.state,
        "message": operation.message,
        "held": operation.held or "",
        "created_by": operation.created_by,
        "created_at": operation.created_at,
        "started_at": operation.started_at,
        "ended_at": operation.ended_at,
        "config_revision": operation.config_revision,
        "package_id": operation.package_id,
    }


def waves_json(waves: Sequence[WaveSum], steps: Iterable[Step]) -> list[dict[str, Any]]:
    """Every wave with how many of its steps are in each state, and those of the given steps that belong to it."""
    shapes = {
        wave.number: {"name": wave.name, "always": wave.always, "states": dict(wave.states), "steps": []}
        for wave in waves
    }
    for step in steps:
        shapes[step.wave]["steps"].append(step_json(step))  # type: ignore[attr-defined]
    return list(shapes.values())


def cause_json(cause: Cause) -> dict[str, Any]:
    """Steps that failed in one way."""
    return {
        "cause": cause.key,
        "pattern": cause.pattern,
        "count": cause.count,
        "example": cause.example,
        "at": cause.at,
        "places": list(cause.places),
        "steps": list(cause.steps),
    }


def eta_json(eta: Eta | None) -> dict[str, Any] | None:
    """When an operation will be done; None where that would be a guess."""
    if eta is None:
        return None
    return {"seconds": round(eta.seconds, 1), "text": eta.words, "own_steps": eta.own, "earlier_steps": eta.earlier}


def step_json(step: Step) -> dict[str, Any]:
    """One step, with whatever answer it has."""
    return {
        "id": step.id,
        "label": step.label,
        "verb": step.verb,
        "job": step.task.job if step.task else None,
        "task_id": step.task.number if step.task else None,
        "address": step.task.address if step.task else None,
        "host": step.args.get("host"),
        "passed_over": step.passed_over,
        "always": step.always,
        "state": step.state,
        "attempt": step.attempt,
        "message": step.message,
        "output": step.output,
        "data": step.data,
        "fraction": step.fraction,
        "sent_at": step.sent_at,
        "accepted_at": step.accepted_at,
        "ended_at": step.ended_at,
    }
