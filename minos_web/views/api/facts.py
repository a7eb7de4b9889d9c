"""API: facts of a cluster, as its tasks' status pages told them last."""

from typing import Any

from pyramid.request import Request
from pyramid.view import view_config

from minos_web.monitor.facts import TaskTold, kinds_of, told_of
from minos_web.operations.refusal import Refused
from minos_web.security.permissions import Permission
from minos_web.views.api.clusters import cluster_of


@view_config(route_name="api_facts", request_method="GET", renderer="json", permission=Permission.VIEW)
def facts(request: Request) -> dict[str, Any]:
    """Facts of one ``kind``; without it the kinds that there are. Those that are old, or of a task that does not run, are left
    out; ``tasks`` says when each task told, and why it does not.
    """
    cluster = cluster_of(request)
    service = request.console.catalog.get(cluster.service)
    kinds = {kind.name: kind.title for _, _, kind in kinds_of(service)} if service else {}
    wanted = request.params.get("kind", "")
    if not wanted:
        return {"kinds": [{"kind": name, "title": title} for name, title in kinds.items()], "tasks": [], "facts": []}
    if wanted not in kinds:
        known = f"it tells {', '.join(kinds)}" if kinds else "it tells none"
        raise Refused("bad-request", f"{cluster.service} tells no facts of the kind {wanted!r}; {known}", "kind")
    told = told_of(request.db, service, cluster, wanted, request.now)
    return {
        "kinds": [{"kind": wanted, "title": kinds[wanted]}],
        "tasks": [_task(one) for one in told.tasks],
        "facts": [
            {"task": _name(task.job, task.number), "key": fact.key, "numbers": fact.numbers, "texts": fact.texts}
            for task, fact in told.fresh
        ],
    }


def _task(one: TaskTold) -> dict[str, Any]:
    return {
        "task": _name(one.task.job, one.task.number),
        "at": one.at,
        "old": one.old,
        "error": one.error,
        "left_out": one.left_out,
    }


def _name(job: str, number: int) -> str:
    return f"{job}/{number}"
