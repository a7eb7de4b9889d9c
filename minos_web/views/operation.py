"""One operation: how far it is, what went wrong and why, its steps, and its controls."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from pyramid.httpexceptions import HTTPNotModified, HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from minos_common.states import OPERATION_ENDED, STEP_ENDED, OperationState, StepState
from minos_web.models.operations import Operation, Step
from minos_web.models.packages import Package
from minos_web.models.schedules import Occurrence, Schedule
from minos_web.operations.causes import Cause
from minos_web.operations.control import control, retry_some
from minos_web.operations.happened import Line, beside_the_plan
from minos_web.operations.refusal import Refused
from minos_web.operations.step_rows import (
    Wanted,
    count_of,
    eta_of,
    marks_of,
    operation_causes,
    rows_of,
    stands_at,
    wave_sums,
    why_not_done,
)
from minos_web.operations.wave_sums import STATES, WaveSum, filter_counts, states_of
from minos_web.security.permissions import Permission
from minos_web.views.api.operations import check_may, chosen_steps, may_control
from minos_web.views.badges import operation_badge
from minos_web.views.finding import found_operation, service_title
from minos_web.views.frame import flash
from minos_web.views.operation_events import events_of
from minos_web.views.operation_output import drawer_of
from minos_web.views.operation_picture import lanes_of, scale_of, ticks_of
from minos_web.views.operation_waves import LINES, block_size, line_of, wave_kind, waves_of, waves_page
from minos_web.views.paging import Page, wanted_page
from minos_web.views.presenting import deed, sentence
from minos_web.views.spreads import spread_in

LIVE_SECONDS = 5
"""Of what goes on a page is made anew at least so often, though nothing was written: its picture moves with the clock."""
CONTROLS = {
    OperationState.WAITING: ("pause", "cancel"),
    OperationState.RUNNING: ("pause", "cancel"),
    OperationState.PAUSED: ("resume", "cancel"),
    OperationState.FAILED: ("retry",),
    OperationState.CANCELLED: ("retry",),
}
_TRIED_AGAIN = (OperationState.PAUSED, OperationState.FAILED, OperationState.CANCELLED)


@dataclass(frozen=True)
class Filter:
    """What the address asks for: steps of one ``wave``, in a ``state`` of the filter, with a ``text``, of one ``cause``."""

    wave: int | None
    state: str
    text: str
    cause: Cause | None

    @property
    def any(self) -> bool:
        """Whether a list of steps is asked for, rather than the waves."""
        return self.wave is not None or bool(self.state or self.text or self.cause)

    @property
    def wanted(self) -> Wanted:
        """As the rows are asked for it."""
        waves = None if self.wave is None else (self.wave,)
        return Wanted(waves, self.state, self.text)


@view_config(route_name="operation", renderer="operation.mako", permission=Permission.VIEW)
def operation_page(request: Request) -> dict[str, Any] | Response:
    """One operation, live while it is open. A poll finds out cheaply that nothing changed."""
    operation = found_operation(request)
    stamp = _stamp(request, operation)
    if request.headers.get("HX-Request") == "true":
        if stamp in request.if_none_match:
            return HTTPNotModified(headers={"Cache-Control": "no-cache, private", "Vary": "HX-Request"}, etag=stamp)
        request.response.etag = stamp
    return _page(request, operation)


def _page(request: Request, operation: Operation) -> dict[str, Any]:
    waves = wave_sums(request.db, operation)
    states = states_of(waves)
    over = operation.state in OPERATION_ENDED
    causes = operation_causes(request.db, operation.id) if states[StepState.FAILED] else []
    wanted = _filter(request, causes)
    package = request.db.get(Package, operation.package_id) if operation.package_id else None
    shown = waves_page(waves, wanted_page({"page": request.GET["waves"]}) if "waves" in request.GET else None, over)
    cluster = operation.cluster
    return {
        "section": "operations",
        "title": "".join(deed(operation)),
        "operation": operation,
        "badge": operation_badge(operation),
        "open": not over,
        "live_seconds": 1 if states.total() <= 500 else 2,
        "ended": sum(number for state, number in states.items() if state in STEP_ENDED),
        "total": states.total(),
        "counts": states,
        "causes": causes,
        "wanted": wanted,
        "choices": {"": states.total(), **filter_counts(states)},
        "address": lambda **changes: _address(request, operation, changes),
        "schedule": request.db.scalar(select(Schedule).join(Occurrence).where(Occurrence.operation_id == operation.id)),
        "controls": [one for one in controls_of(request.db, operation) if may_control(request, operation, one[0])],
        "may_retry": operation.state in _TRIED_AGAIN and may_control(request, operation, "retry"),
        "way_back": way_back(request, operation),
        "package": package,
        "spread": spread_in(request.db, operation, package, request.now, "all" in request.GET) if package else None,
        "about": service_title(request.console.catalog, cluster.service) if cluster else "Workers",
        "events": events_of(request.db, operation, causes, request.now),
        "drawer": drawer_of(request),
        "planned": _planned(request, operation, shown.items) if over else [],
        **_progress(request, operation, waves),
        **_steps(request, operation, shown, wanted),
    }


def _progress(request: Request, operation: Operation, waves: Sequence[WaveSum]) -> dict[str, Any]:
    """Where it is in its waves, what it looks at, how many failures it bears, and how long it will take."""
    current = next((place for place, wave in enumerate(waves, 1) if not wave.over), len(waves))
    if operation.state == OperationState.PAUSED:  # it may stand still at what failed in a wave that is over
        failed = [place for place, wave in enumerate(waves[:current], 1) if wave.states[StepState.FAILED]]
        current = failed[-1] if failed else current
    tolerated = int(operation.options.get("tolerate") or 0)
    looking = select(Step.message).where(
        Step.operation_id == operation.id, Step.verb == "gate", Step.state == StepState.RUNNING.value
    )
    failed_tasks = select(func.count(func.distinct(Step.task_id))).where(
        Step.operation_id == operation.id, Step.state == StepState.FAILED.value, Step.passed_over.is_(False)
    )
    return {
        "wave_now": current,
        "wave_count": len(waves),
        "tolerated": tolerated,
        "failed_tasks": (request.db.scalar(failed_tasks) or 0) if tolerated else 0,
        "looks": request.db.scalar(looking.limit(1)) or "",
        "eta": eta_of(request.db, operation, waves, request.now),
    }


def _steps(request: Request, operation: Operation, shown: Page, wanted: Filter) -> dict[str, Any]:
    """The picture, and below it the waves, or the steps that are asked for."""
    marks = marks_of(request.db, operation.id, [wave.number for wave in shown.items], block_size(shown.items))
    kinds = {wave.number: wave_kind(wave.states) for wave in shown.items}
    begin = operation.started_at or operation.created_at
    scale = scale_of(begin, operation.ended_at, request.now)
    found = _found(request, operation, wanted) if wanted.any else None
    return {
        "found": found,
        "waves": [] if found else waves_of(request.db, operation, shown.items, marks),
        "waves_page": shown,
        "scale": scale,
        "ticks": ticks_of(scale),
        "lanes": lanes_of(shown.items, kinds, marks, scale) if operation.started_at else [],
    }


def _found(request: Request, operation: Operation, wanted: Filter) -> Page:
    """The steps that are asked for; those of a cause are known already, and nothing else narrows them."""
    cause = wanted.cause
    total = cause.count if cause else count_of(request.db, operation.id, wanted.wanted)
    number = min(wanted_page(request.GET), max(1, -(-total // LINES)))
    first = (number - 1) * LINES
    if cause:
        rows = rows_of(request.db, operation.id, Wanted(ids=cause.steps[first : first + LINES]), 0, LINES)
    else:
        rows = rows_of(request.db, operation.id, wanted.wanted, first, LINES)
    return Page([line_of(row) for row in rows], number, LINES, total)


def _planned(request: Request, operation: Operation, shown: Sequence[WaveSum]) -> list[Line]:
    return beside_the_plan(shown, why_not_done(request.db, operation))


def _filter(request: Request, causes: Sequence[Cause]) -> Filter:
    """What the address asks for; what makes no sense in it asks for nothing."""
    wave, state = request.GET.get("wave", ""), request.GET.get("state", "")
    key = request.GET.get("cause", "")
    return Filter(
        wave=int(wave) if wave.isascii() and wave.isdigit() and len(wave) < 9 else None,
        state=state if state in STATES else "",
        text=request.GET.get("q", "").strip()[:200],
        cause=next((cause for cause in causes if cause.key == key), None) if key else None,
    )


def _address(request: Request, operation: Operation, changes: dict[str, Any]) -> str:
    """This page with something else asked for; what is None or empty is left out, and another list begins at its top."""
    names = ("wave", "state", "q", "cause", "log", "waves", "all", *(("page",) if changes.keys() == {"log"} else ()))
    query = {key: value for key, value in request.GET.items() if key in names}
    query.update({key: str(value) for key, value in changes.items() if value not in (None, "")})
    kept = [(key, value) for key, value in query.items() if value and changes.get(key, value) not in (None, "")]
    path = str(request.route_path("operation", id=operation.id))
    return f"{path}?{urlencode(kept)}" if kept else path


def _stamp(request: Request, operation: Operation) -> str:
    """Changes whenever the page may: with any step, with who looks and for what, and while it goes on with the clock."""
    counted = request.db.execute(
        select(
            func.count(), func.max(Step.ended_at), func.max(Step.sent_at), func.max(Step.accepted_at),
            func.sum(Step.attempt), func.sum(func.coalesce(Step.fraction, 0.0)), func.sum(func.length(Step.message)),
        )
        .where(Step.operation_id == operation.id)
        .group_by(Step.state, Step.passed_over)
        .order_by(Step.state, Step.passed_over)
    ).all()  # fmt: skip
    clock = 0 if operation.state in OPERATION_ENDED else int(request.now / LIVE_SECONDS)
    rest = (operation.state, operation.message, operation.ended_at, clock, request.query_string)
    who = (request.identity.user, str(request.identity.role), request.static_path("minos_web.static:dist/icons.svg"))
    return hashlib.sha256(repr((counted, rest, who)).encode()).hexdigest()[:32]


@view_config(route_name="operation_control", request_method="POST", permission=Permission.OPERATE)
def control_post(request: Request) -> HTTPSeeOther:
    """Pause, resume, skip, cancel or retry; with ``cause`` only what failed in that way is tried again."""
    number, verb = int(request.matchdict["id"]), request.matchdict["verb"]
    operation = found_operation(request)
    check_may(request, operation, verb)
    stood, cause = operation.message, request.POST.get("cause", "")
    more: dict[str, Any] = {}
    try:
        if verb == "retry" and cause:
            steps = chosen_steps(request, operation, None, cause)
            retry_some(request.db, number, steps, request.identity.user, request.now)
            more = {"cause": cause, "steps": len(steps)}
        else:
            control(request.db, number, verb, request.identity.user, request.now)
    except Refused as refused:
        request.tm.doom()
        flash(request, "warning", sentence(refused.message))
    else:
        request.audit(f"operation.{verb}", operation.about, operation=number, stood=stood[:300], **more)
    return HTTPSeeOther(request.route_path("operation", id=number))


def controls_of(session: Session, operation: Operation) -> tuple[tuple[str, str], ...]:
    """(verb, text) of what may be done to an operation now."""
    state = OperationState(operation.state)
    stands = stands_at(session, operation.id) if state is OperationState.PAUSED else []
    if stands and all(verb == "gate" for verb in stands):
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
    ticked = [
        task
        for task in (cluster.tasks if numbers else ())
        if task.number in numbers and task.job in (jobs or [task.job])
    ]
    query = [("back_to", str(operation.id)), *(("task", f"{task.job}/{task.number}") for task in ticked)]
    query += [("job", job) for job in jobs if not ticked]
    query += [("host", host) for host in chosen.get("hosts") or []]
    place = {"service": cluster.service, "cluster": cluster.name, "action": "rolling_update"}
    return str(request.route_path("cluster_act", **place, _query=query))
