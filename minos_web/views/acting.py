"""Asking for an operation on a cluster: first what would happen, then the confirmation, then the operation."""

from typing import Any

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.request import Request
from pyramid.view import view_config

from minos_web.models.clusters import Cluster, Task
from minos_web.models.packages import Package
from minos_web.models.people import Approval
from minos_web.operations.braking import check_brake
from minos_web.operations.checks import check_hosts
from minos_web.operations.comparing import Comparison, compare
from minos_web.operations.drafting import Draft, draft
from minos_web.operations.fitting import fit_problems
from minos_web.operations.guarding import risks
from minos_web.operations.manner import LOG_LEVELS
from minos_web.operations.plan import Action
from minos_web.operations.plan_id import plan_id
from minos_web.operations.refusal import Busy, Refused
from minos_web.operations.submit import Submitted, has_cleanup_password
from minos_web.security.permissions import Permission
from minos_web.store import packages
from minos_web.views.acts import ACTS, Act
from minos_web.views.api.approvals import submit_or_ask
from minos_web.views.clusters import cluster_frame, task_rows
from minos_web.views.finding import found_cluster
from minos_web.views.frame import flash
from minos_web.views.later import comes_later
from minos_web.views.wishing import wish_of


@view_config(route_name="cluster_act", request_method="GET", renderer="cluster_act.mako", permission=Permission.OPERATE)
def confirm_page(request: Request) -> dict[str, Any]:
    """What would happen, and the form to confirm it; of a big cluster first the page, then what is in it."""
    cluster, doing = found_cluster(request), _act(request)
    if comes_later(request, cluster.service, cluster.name):
        request.override_renderer = "cluster_act_later.mako"
        again = request.current_route_path(_query=[*request.GET.items(), ("now", "1")])
        return {
            **cluster_frame(request, cluster),
            "title": f"{doing.verb} {cluster.name}",
            "act": doing,
            "again": again,
        }
    return _page(request, None)


@view_config(
    route_name="cluster_act", request_method="POST", renderer="cluster_act.mako", permission=Permission.OPERATE
)
def act(request: Request) -> Any:
    """Lay the operation on the table; back to the form with the reason when it is refused."""
    cluster = found_cluster(request)
    try:
        wish = wish_of(request, cluster, _act(request), request.POST)
        submitted = submit_or_ask(request, wish)
    except Refused as refused:
        request.tm.doom()
        request.response.status_int = 409 if isinstance(refused, Busy) else 422
        return _page(request, refused)
    if isinstance(submitted, Approval):
        return HTTPSeeOther(request.route_path("approval", id=submitted.id))
    request.audit(
        f"operation.{wish.action}",
        f"{cluster.service}/{cluster.name}",
        operation=submitted.operation.id,
        **wish.selection,
        **({"override": True} if wish.options.get("override") else {}),
    )
    _tell_password(request, submitted)
    return HTTPSeeOther(request.route_path("operation", id=submitted.operation.id))


def _tell_password(request: Request, submitted: Submitted) -> None:
    """A cleanup password that was made up is shown on the next page and nowhere after."""
    if submitted.made_password:
        flash(
            request,
            "warning",
            f"Cleanup password of this cluster: {submitted.made_password} — write it down now, it is not shown again. "
            "Without it the cluster's data cannot be deleted from here.",
        )


def _page(request: Request, refused: Refused | None) -> dict[str, Any]:
    cluster = found_cluster(request)
    given = request.POST if request.method == "POST" else request.GET
    doing = _act(request)
    plan, trouble = _plan(request, cluster, given)
    comparison, trouble = _compared(request, cluster, plan, trouble, given)
    rows = task_rows(request, cluster.tasks)
    chosen = {task.id for task in plan.tasks} if plan else set() if doing.chooses else None
    offered = [row for row in rows if _can(request, doing, row.task)]
    frame = cluster_frame(request, cluster)
    return {
        **frame,
        "title": f"{doing.verb} {cluster.name}",
        "act": doing,
        "rows": rows,
        "chosen": [row for row in rows if chosen is None or row.task.id in chosen],
        "offered": offered,
        "jobs": list(dict.fromkeys(row.task.job for row in offered)),
        "hosts": sorted({row.task.address for row in offered}),
        "ticked": {name: set(given.getall(name)) for name in ("job", "host", "task")},
        "plan": plan,
        "comparison": comparison if doing.sends else None,
        "plan_id": plan_id(plan, comparison) if plan and comparison else "",
        "refused": refused,
        "trouble": None if refused and trouble and refused.message == trouble.message else trouble,
        "busy": refused.operation_id if isinstance(refused, Busy) else None,
        "packages": _packages(request, cluster) if doing.sends or doing.picks else [],
        "given": given,
        "risks": risks(request.db, request.console, plan, request.now) if plan else [],
        "may_override": bool(request.has_permission(Permission.ADMINISTER)),
        "log_levels": LOG_LEVELS,
        "cautions": fit_problems(request.db, plan.description) if plan and plan.description else [],
        "guarded": has_cleanup_password(cluster),
    }


def _can(request: Request, doing: Act, task: Task) -> bool:
    """Whether a task is offered: not every one can leave, and only those that left come back."""
    if not doing.chooses:
        return True
    service = request.console.catalog.get(task.cluster.service)
    job = service.job(task.job) if service else None
    return bool(job and job.leaving) and (task.leaving or doing.name == "decommission")


def _plan(request: Request, cluster: Cluster, given: Any) -> tuple[Draft | None, Refused | None]:
    """What would happen, and what would be in its way; one may come without the other."""
    plan = None
    try:
        plan = draft(request.db, request.console, wish_of(request, cluster, _act(request), given))
        check_hosts(request.db, request.console, plan.involved, plan.action, request.now)
        if plan.action is not Action.SHOW:
            check_brake(request.db, cluster)
    except Refused as trouble:
        return plan, trouble
    return plan, None


def _compared(
    request: Request, cluster: Cluster, plan: Draft | None, trouble: Refused | None, given: Any
) -> tuple[Comparison | None, Refused | None]:
    """What the plan would change on the hosts; what is in the way of saying so is in the way of the plan."""
    if plan is None:
        return None, trouble
    try:
        return compare(request.db, request.console, plan, wish_of(request, cluster, _act(request), given)), trouble
    except Refused as refused:
        return None, trouble or refused


def _act(request: Request) -> Act:
    found = ACTS.get(request.matchdict["action"])
    if found is None:
        raise HTTPNotFound(f"There is no action {request.matchdict['action']}; known are {', '.join(ACTS)}.")
    return found


def _packages(request: Request, cluster: Cluster) -> list[Package]:
    service = request.console.catalog.get(cluster.service)
    return packages.find(request.db, artifact=service.artifact)[:50] if service else []
