"""Operations: the list, one operation with its waves and steps, and its controls."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.view import view_config
from sqlalchemy import func, select

from minos_common.states import OPERATION_ENDED, STEP_ENDED, OperationState, StepState
from minos_web.models.clusters import Cluster
from minos_web.models.operations import Operation, Step
from minos_web.models.packages import Package
from minos_web.models.schedules import Occurrence, Schedule
from minos_web.operations.control import control, failed_steps
from minos_web.operations.refusal import Refused
from minos_web.security.permissions import Permission
from minos_web.views.api.operations import check_may, may_control
from minos_web.views.badges import Badge, operation_badge, step_badge
from minos_web.views.finding import found_operation, service_title
from minos_web.views.frame import flash
from minos_web.views.paging import Page, wanted_page
from minos_web.views.presenting import deed, sentence
from minos_web.views.spreads import spread_in

ROWS = 50
SHOWN_STEPS = 60
"""Steps of a wave that are shown without asking for all of them; those that need a look come first."""
_STATES = {
    "open": [state for state in OperationState if state not in OPERATION_ENDED],
    **{state.value: [state] for state in OPERATION_ENDED},
}
_LOOK_FIRST = (StepState.FAILED, StepState.UNKNOWN, StepState.RUNNING, StepState.SENT)
CONTROLS = {
    OperationState.WAITING: ("pause", "cancel"),
    OperationState.RUNNING: ("pause", "cancel"),
    OperationState.PAUSED: ("resume", "cancel"),
    OperationState.FAILED: ("retry",),
    OperationState.CANCELLED: ("retry",),
}


@dataclass(frozen=True)
class StepLine:
    """A step as the page shows it; ``took`` in seconds."""

    step: Step
    badge: Badge
    took: float | None


@dataclass(frozen=True)
class WaveView:
    """A wave: its state, its steps (those ``hidden`` are too many to show), and how many have ended."""

    number: int
    name: str
    kind: str
    always: bool
    ended: int
    total: int
    tally: str
    blocks: list[tuple[str, str]]
    lines: list[StepLine]
    hidden: int

    @property
    def open(self) -> bool:
        """Whether the wave is unfolded at first: what moves or went wrong is, the rest is folded."""
        return self.kind in ("changing", "failed", "unknown", "paused")


@view_config(route_name="operations", renderer="operations.mako", permission=Permission.VIEW)
def operations_page(request: Request) -> dict[str, Any]:
    """All operations, newest first, filtered by ``state`` and ``cluster`` (service/name)."""
    state, cluster = request.GET.get("state", ""), request.GET.get("cluster", "")
    query = select(Operation).outerjoin(Cluster, Cluster.id == Operation.cluster_id)
    if state in _STATES:
        query = query.where(Operation.state.in_(_STATES[state]))
    if cluster == "workers":
        query = query.where(Operation.cluster_id.is_(None))
    if "/" in cluster:
        service, _, name = cluster.partition("/")
        query = query.where(Cluster.service == service, Cluster.name == name)
    total = request.db.scalar(select(func.count()).select_from(query.subquery())) or 0
    number = min(wanted_page(request.GET), max(1, -(-total // ROWS)))
    found = request.db.scalars(query.order_by(Operation.id.desc()).offset((number - 1) * ROWS).limit(ROWS))
    clusters = request.db.execute(select(Cluster.service, Cluster.name).order_by(Cluster.service, Cluster.name))
    return {
        "section": "operations",
        "title": "Operations",
        "page": Page([(one, operation_badge(one)) for one in found], number, ROWS, total),
        "wanted": {"state": state, "cluster": cluster},
        "states": list(_STATES),
        "clusters": [*(f"{service}/{name}" for service, name in clusters), "workers"],
    }


@view_config(route_name="operation", renderer="operation.mako", permission=Permission.VIEW)
def operation_page(request: Request) -> dict[str, Any]:
    """One operation, live while it is open."""
    operation = found_operation(request)
    cluster = operation.cluster
    package = request.db.get(Package, operation.package_id) if operation.package_id else None
    counts = Counter(step.state for step in operation.steps)
    state = OperationState(operation.state)
    end = operation.ended_at or request.now
    return {
        "section": "operations",
        "title": "".join(deed(operation)),
        "operation": operation,
        "badge": operation_badge(operation),
        "open": state not in OPERATION_ENDED,
        "elapsed": end - (operation.started_at or operation.created_at),
        "waves": waves_of(operation, "all" in request.GET),
        "ended": sum(number for step_state, number in counts.items() if step_state in STEP_ENDED),
        "total": len(operation.steps),
        "counts": counts,
        "failed": [step for step in operation.steps if step.state == StepState.FAILED][:5],
        "schedule": request.db.scalar(select(Schedule).join(Occurrence).where(Occurrence.operation_id == operation.id)),
        "controls": [one for one in controls_of(operation) if may_control(request, operation, one[0])],
        "way_back": way_back(request, operation),
        "package": package,
        "spread": spread_in(request.db, operation, package, request.now, "all" in request.GET) if package else None,
        "about": service_title(request.console.catalog, cluster.service) if cluster else "Workers",
    }


@view_config(route_name="operation_control", request_method="POST", permission=Permission.OPERATE)
def control_post(request: Request) -> HTTPSeeOther:
    """Pause, resume, skip, cancel or retry."""
    number, verb = int(request.matchdict["id"]), request.matchdict["verb"]
    operation = found_operation(request)
    check_may(request, operation, verb)
    try:
        control(request.db, number, verb, request.identity.user, request.now)
    except Refused as refused:
        request.tm.doom()
        flash(request, "warning", sentence(refused.message))
    else:
        request.audit(f"operation.{verb}", operation.about, operation=number)
    return HTTPSeeOther(request.route_path("operation", id=number))


def controls_of(operation: Operation) -> tuple[tuple[str, str], ...]:
    """(verb, text) of what may be done to an operation now."""
    state = OperationState(operation.state)
    stands = failed_steps(operation) if state is OperationState.PAUSED else []
    if stands and all(step.verb == "gate" for step in stands):
        return (("resume", "Look again"), ("skip", "Go on all the same"), ("cancel", "Cancel"))
    if stands:
        return (
            ("retry", "Try again"),
            ("resume", f"Go on without {'it' if len(stands) == 1 else 'them'}"),
            ("cancel", "Cancel"),
        )
    return tuple((verb, verb.capitalize()) for verb in CONTROLS.get(state, ()))


def way_back(request: Request, operation: Operation) -> str:
    """Address of the plan that leads to what was before the operation; empty while it goes on, or when it brought nothing
    or its cluster or the right is missing.
    """
    cluster = operation.cluster
    standing = operation.state in OPERATION_ENDED
    if cluster is None or not standing or not operation.options.get("before"):
        return ""
    if cluster.retired or not request.has_permission(Permission.OPERATE):
        return ""
    chosen = operation.selection or {}
    jobs, numbers = chosen.get("jobs") or [], chosen.get("tasks") or []
    ticked = [task for task in cluster.tasks if task.number in numbers and task.job in (jobs or [task.job])]
    query = [("back_to", str(operation.id)), *(("task", f"{task.job}/{task.number}") for task in ticked)]
    query += [("job", job) for job in jobs if not ticked]
    query += [("host", host) for host in chosen.get("hosts") or []]
    place = {"service": cluster.service, "cluster": cluster.name, "action": "rolling_update"}
    return str(request.route_path("cluster_act", **place, _query=query))


def waves_of(operation: Operation, everything: bool) -> list[WaveView]:
    """The waves of an operation in order, with their steps."""
    by_wave: dict[int, list[Step]] = {}
    for step in operation.steps:
        by_wave.setdefault(step.wave, []).append(step)
    names = operation.wave_names
    return [
        _wave(number, names[number] if number < len(names) else "", by_wave[number], everything)
        for number in sorted(by_wave)
    ]


def _wave(number: int, name: str, steps: list[Step], everything: bool) -> WaveView:
    shown = steps
    if len(steps) > SHOWN_STEPS and not everything:
        shown = sorted(steps, key=lambda step: (step.state not in _LOOK_FIRST, step.position))[:SHOWN_STEPS]
        shown.sort(key=lambda step: step.position)
    return WaveView(
        number=number,
        name=name,
        kind=wave_kind([step.state for step in steps]),
        always=steps[0].always,
        ended=sum(step.state in STEP_ENDED for step in steps),
        total=len(steps),
        tally=tally([step.state for step in steps]),
        blocks=[(step_badge(step).kind, f"{step.label}: {step_badge(step).word}") for step in steps[:500]],
        lines=[StepLine(step, step_badge(step), _took(step)) for step in shown],
        hidden=len(steps) - len(shown),
    )


def tally(states: list[str]) -> str:
    """How far a wave is: 2 of 3, 1 failed."""
    counts = Counter(states)
    ends = (StepState.FAILED, StepState.SKIPPED, StepState.CANCELLED)
    others = [f"{counts[state]} {state}" for state in ends if counts[state]]
    done = [f"{counts[StepState.DONE]} of {len(states)}"] if counts[StepState.DONE] or not others else []
    return ", ".join(done + others)


def wave_kind(states: list[str]) -> str:
    """The kind of a wave's badge from the states of its steps: the worst that is worth a look."""
    for state, kind in (
        (StepState.FAILED, "failed"),
        (StepState.UNKNOWN, "unknown"),
        (StepState.RUNNING, "changing"),
        (StepState.SENT, "changing"),
    ):
        if state in states:
            return kind
    if StepState.WAITING in states:
        return "waiting" if set(states) == {StepState.WAITING} else "changing"
    for state, kind in ((StepState.CANCELLED, "cancelled"), (StepState.SKIPPED, "skipped")):
        if state in states:
            return kind
    return "done"


def _took(step: Step) -> float | None:
    """Seconds from the sending of a step to its end; None while there is no end."""
    return step.ended_at - step.sent_at if step.ended_at is not None and step.sent_at is not None else None
