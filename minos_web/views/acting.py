"""Asking for an operation on a cluster: first what would happen, then the confirmation, then the operation."""

from dataclasses import dataclass
from typing import Any

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.request import Request
from pyramid.view import view_config

from minos_common.states import TaskState
from minos_web.catalog.description import Service
from minos_web.models.clusters import Cluster
from minos_web.models.packages import Package
from minos_web.operations.checks import check_hosts
from minos_web.operations.comparing import Comparison, compare
from minos_web.operations.drafting import Draft, draft
from minos_web.operations.fitting import fit_problems
from minos_web.operations.plan import Action
from minos_web.operations.plan_id import plan_id
from minos_web.operations.refusal import Busy, Refused
from minos_web.operations.submit import Submitted, has_cleanup_password, submit
from minos_web.operations.wish import Wish
from minos_web.security.permissions import Permission
from minos_web.store import packages
from minos_web.views.clusters import cluster_frame, task_rows
from minos_web.views.finding import found_cluster
from minos_web.views.frame import flash


@dataclass(frozen=True)
class Act:
    """How a page speaks of an action. ``typed``: the cluster's name must be typed."""

    name: str
    verb: str
    icon: str
    means: str
    typed: bool = True
    danger: bool = False
    sends: bool = False


ACTS = {
    act.name: act
    for act in (
        Act(
            "bootstrap",
            "Bootstrap",
            "bootstrap",
            "Makes the directories of every task, brings package and files, does what is done once, and starts.",
            sends=True,
        ),
        Act(
            "start",
            "Start",
            "start",
            "Starts what does not run. A task that runs is left alone.",
            typed=False,
            sends=True,
        ),
        Act("stop", "Stop", "stop", "Stops the processes. Their data stays where it is.", danger=True),
        Act(
            "restart", "Restart", "restart", "Stops the chosen tasks, then starts them again.", danger=True, sends=True
        ),
        Act("show", "Show", "show", "Asks every task how it is. Changes nothing.", typed=False),
        Act(
            "cleanup",
            "Clean up",
            "cleanup",
            "Deletes log and data of stopped tasks, for ever. The cluster must be bootstrapped again afterwards.",
            danger=True,
        ),
    )
}


@view_config(route_name="cluster_act", request_method="GET", renderer="cluster_act.mako", permission=Permission.OPERATE)
def confirm_page(request: Request) -> dict[str, Any]:
    """What would happen, and the form to confirm it."""
    return _page(request, None)


@view_config(
    route_name="cluster_act", request_method="POST", renderer="cluster_act.mako", permission=Permission.OPERATE
)
def act(request: Request) -> Any:
    """Lay the operation on the table; back to the form with the reason when it is refused."""
    cluster = found_cluster(request)
    try:
        wish = _wish(request, cluster, request.POST)
        submitted = submit(request.db, request.console, wish)
    except Refused as refused:
        request.tm.doom()
        request.response.status_int = 409 if isinstance(refused, Busy) else 422
        return _page(request, refused)
    request.audit(
        f"operation.{wish.action}",
        f"{cluster.service}/{cluster.name}",
        operation=submitted.operation.id,
        **wish.selection,
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
    service = request.console.catalog.get(cluster.service)
    rows = task_rows(request, cluster.tasks)
    chosen = {task.id for task in plan.tasks} if plan else None
    frame = cluster_frame(request, cluster)
    return {
        **frame,
        "title": f"{doing.verb} {cluster.name}",
        "act": doing,
        "rows": rows,
        "chosen": [row for row in rows if chosen is None or row.task.id in chosen],
        "jobs": list(dict.fromkeys(row.task.job for row in rows)),
        "hosts": sorted({row.task.address for row in rows}),
        "ticked": {name: set(given.getall(name)) for name in ("job", "host", "task")},
        "plan": plan,
        "comparison": comparison if doing.sends else None,
        "plan_id": plan_id(plan, comparison) if plan and comparison else "",
        "refused": refused,
        "trouble": None if refused and trouble and refused.message == trouble.message else trouble,
        "busy": refused.operation_id if isinstance(refused, Busy) else None,
        "packages": _packages(request, cluster) if doing.sends else [],
        "given": given,
        "losses": losses(service, plan) if doing.name in ("stop", "restart") and plan and service else [],
        "cautions": fit_problems(request.db, plan.description) if plan and plan.description else [],
        "guarded": has_cleanup_password(cluster),
    }


def losses(service: Service, plan: Draft) -> list[str]:
    """What clients will lose while the plan is carried out: jobs of which then no majority runs."""
    found = []
    for rule in service.health:
        tasks = [task for task in plan.cluster.tasks if task.job == rule.job and task.described]
        stopped = [task for task in plan.tasks if task.job == rule.job]
        serving = sum(task.state == TaskState.RUNNING and task not in stopped for task in tasks)
        up = sum(task.state == TaskState.RUNNING for task in tasks)
        needed = len(tasks) // 2 + 1
        if rule.rule == "majority-runs" and stopped and serving < needed <= up:
            one_by_one = plan.action is Action.RESTART and len(stopped) > 1
            way_out = " To keep it serving, restart one task after another." if one_by_one else ""
            found.append(
                f"Meanwhile {serving} of {len(tasks)} {rule.job} tasks run, and {needed} are needed: "
                f"clients of {plan.cluster.name} are not served.{way_out}"
            )
    return found


def _plan(request: Request, cluster: Cluster, given: Any) -> tuple[Draft | None, Refused | None]:
    """What would happen, and what would be in its way; one may come without the other."""
    plan = None
    try:
        plan = draft(request.db, request.console, _wish(request, cluster, given))
        check_hosts(request.db, request.console, plan.tasks, plan.action, request.now)
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
        return compare(request.db, request.console, plan, _wish(request, cluster, given)), trouble
    except Refused as refused:
        return None, trouble or refused


def _act(request: Request) -> Act:
    found = ACTS.get(request.matchdict["action"])
    if found is None:
        raise HTTPNotFound(f"There is no action {request.matchdict['action']}; known are {', '.join(ACTS)}.")
    return found


def _wish(request: Request, cluster: Cluster, given: Any) -> Wish:
    options: dict[str, Any] = {
        "confirm": given.get("confirm", "").strip(),
        "cleanup_password": given.get("cleanup_password", ""),
    }
    options["plan"] = given.get("plan", "") if request.method == "POST" else ""
    if (request.method == "POST" or "look" in given) and _act(request).sends:
        options["update_config"] = "update_config" in given
        options["update_package"] = "update_package" in given
    if given.get("package_id", "").isdigit():
        options["package_id"] = int(given["package_id"])
    jobs, tasks = ticked_tasks(given.getall("task"))
    return Wish(
        service=cluster.service,
        cluster=cluster.name,
        action=_act(request).name,
        jobs=[*jobs, *(job for job in given.getall("job") if job and job not in jobs)],
        tasks=tasks,
        hosts=[host for host in given.getall("host") if host],
        options=options,
        user=request.identity.user,
        now=request.now,
    )


def ticked_tasks(texts: list[str]) -> tuple[list[str], list[int]]:
    """Jobs and numbers of ticked tasks, each written job/number.

    Raises Refused when jobs times numbers would be more than what was ticked.
    """
    pairs = {_pair(text) for text in texts if text}
    jobs = sorted({job for job, _ in pairs})
    numbers = sorted({number for _, number in pairs})
    if len(pairs) != len(jobs) * len(numbers):
        raise Refused("bad-selection", "tick tasks of one job at a time, or the same numbers of each job", "tasks")
    return jobs, numbers


def _pair(text: str) -> tuple[str, int]:
    job, _, number = text.partition("/")
    if not (number.isascii() and number.isdigit() and len(number) < 9):
        raise Refused("bad-selection", f"a task is named job/number, not {text!r}", "tasks")
    return job, int(number)


def _packages(request: Request, cluster: Cluster) -> list[Package]:
    service = request.console.catalog.get(cluster.service)
    return packages.find(request.db, artifact=service.artifact)[:50] if service else []
