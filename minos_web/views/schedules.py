"""Schedules: the list with the console's own rounds, one with its history, made and changed by a form with a preview."""

from dataclasses import dataclass, field
from typing import Any

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.request import Request
from pyramid.view import view_config
from sqlalchemy import func, select

from minos_web.models.clusters import Cluster
from minos_web.models.packages import Package
from minos_web.models.schedules import Occurrence, Schedule
from minos_web.operations.checks import TYPED
from minos_web.operations.client_runs import commands_of
from minos_web.operations.drafting import draft as planned
from minos_web.operations.guarding import risks
from minos_web.operations.manner import LOG_LEVELS
from minos_web.operations.plan import Action
from minos_web.operations.refusal import Refused
from minos_web.operations.schedules import kinds
from minos_web.operations.schedules.keeping import Draft, when_of, when_of_draft
from minos_web.operations.schedules.missed import POLICIES
from minos_web.operations.schedules.when import checked as checked_when
from minos_web.operations.schedules.when import next_times, zones
from minos_web.operations.schedules.words import DAYS, time_words, words_of
from minos_web.operations.schedules.work import Work
from minos_web.operations.wish import Wish
from minos_web.security.permissions import Permission
from minos_web.store import packages
from minos_web.views.api.schedules import asking, changed, cluster_of, controlled, found_schedule, made, removed
from minos_web.views.frame import flash
from minos_web.views.paging import Page, cut, wanted_page
from minos_web.views.presenting import sentence
from minos_web.views.schedule_forms import (
    UNITS,
    What,
    choices,
    cluster_in,
    clusters_for,
    draft_of,
    given_of,
    named_cluster,
    value_of,
    what_of,
)
from minos_web.views.schedule_lines import line_of, lines_of, occurrence_badge, round_lines

ROWS = 50
SHOWN_PREVIEW = 5
_STATES = ("on", "paused", "failing")
_SAID = {
    "pause": "Paused. Nothing of it begins until it is resumed.",
    "resume": "It goes on with its next time.",
    "run": "It begins within a few seconds.",
}


@dataclass(frozen=True)
class Preview:
    """What a form would give: when in words and the next times, what is wrong, and what would be in its way today."""

    when: str = ""
    following: list[tuple[str, float]] = field(default_factory=list)
    problem: str = ""
    cautions: list[str] = field(default_factory=list)


@view_config(route_name="schedules", renderer="schedules.mako", permission=Permission.VIEW)
def list_page(request: Request) -> dict[str, Any]:
    """All schedules, the next ones first, filtered by ``q``, ``state`` and ``cluster``; below them the console's rounds."""
    wanted = {name: request.GET.get(name, "").strip() for name in ("q", "state", "cluster")}
    order = (Schedule.paused, Schedule.next_at.is_(None), Schedule.next_at, func.lower(Schedule.name))
    rows = list(request.db.scalars(select(Schedule).order_by(*order)))
    shown = [row for row in rows if _fits(row, wanted)]
    page = cut(shown, wanted_page(request.GET), ROWS)
    lines = lines_of(request, page.items)
    return {
        "section": "schedules",
        "title": "Schedules",
        "wanted": wanted,
        "page": Page(lines, page.number, page.size, page.total),
        "total": len(rows),
        "states": _STATES,
        "clusters": sorted({cluster_of(row) for row in rows if row.cluster}),
        "rounds": round_lines(request),
    }


@view_config(route_name="schedule", renderer="schedule.mako", permission=Permission.VIEW)
def one_page(request: Request) -> dict[str, Any]:
    """One schedule and what became of its times."""
    row = found_schedule(request)
    of_it = select(Occurrence).where(Occurrence.schedule_id == row.id)
    total = request.db.scalar(select(func.count()).select_from(of_it.subquery())) or 0
    number = min(wanted_page(request.GET), max(1, -(-total // ROWS)))
    found = request.db.scalars(of_it.order_by(Occurrence.id.desc()).offset((number - 1) * ROWS).limit(ROWS)).all()
    times = [(one, occurrence_badge(one), time_words(one.nominal_at, row.zone, request.now)) for one in found]
    return {
        "section": "schedules",
        "title": row.name,
        "line": line_of(row, found[0] if found and number == 1 else None, request.now),
        "missed": POLICIES.get(row.missed, row.missed),
        "hours": when_of(row).hours,
        "page": Page(times, number, ROWS, total),
    }


@view_config(
    route_name="schedules_new", request_method="GET", renderer="schedule_edit.mako", permission=Permission.OPERATE
)
def new_page(request: Request) -> dict[str, Any]:
    """First what and where; then the form for that."""
    return _form(request, None, request.GET, None)


@view_config(
    route_name="schedules_new", request_method="POST", renderer="schedule_edit.mako", permission=Permission.OPERATE
)
def new_post(request: Request) -> Any:
    """Keep it; back to the form with the reason when it is refused."""
    try:
        row = made(request, _draft(request, request.POST.get("what", ""), request.POST.get("cluster", "")))
    except Refused as refused:
        return _again(request, None, refused)
    flash(request, "success", f"{row.name} is kept. It is done in your name.")
    return HTTPSeeOther(request.route_path("schedule", id=row.id))


@view_config(
    route_name="schedule_edit", request_method="GET", renderer="schedule_edit.mako", permission=Permission.OPERATE
)
def edit_page(request: Request) -> dict[str, Any]:
    """One in the form."""
    row = found_schedule(request)
    return _form(request, row, request.GET if "look" in request.GET else given_of(row), None)


@view_config(
    route_name="schedule_edit", request_method="POST", renderer="schedule_edit.mako", permission=Permission.OPERATE
)
def edit_post(request: Request) -> Any:
    """Save over it."""
    row = found_schedule(request)
    owner = row.owner
    try:
        changed(request, row, _draft(request, value_of(row), cluster_of(row)))
    except Refused as refused:
        return _again(request, row, refused)
    taken = f" It is done in your name from now on, no more in that of {owner}." if owner != row.owner else ""
    flash(request, "success", f"{row.name} is changed.{taken}")
    return HTTPSeeOther(request.route_path("schedule", id=row.id))


@view_config(route_name="schedule_control", request_method="POST", permission=Permission.OPERATE)
def control_post(request: Request) -> HTTPSeeOther:
    """Pause, resume, run now, delete."""
    row, verb = found_schedule(request), request.matchdict["verb"]
    if verb == "delete":
        name = row.name
        removed(request, row)
        flash(request, "success", f"{name} is deleted. What it began goes on.")
        return HTTPSeeOther(request.route_path("schedules"))
    try:
        controlled(request, row, verb)
    except Refused as refused:
        request.tm.doom()
        flash(request, "danger", sentence(refused.message))
    else:
        flash(request, "success", _SAID[verb])
    return HTTPSeeOther(request.route_path("schedule", id=int(request.matchdict["id"])))


def _fits(row: Schedule, wanted: dict[str, str]) -> bool:
    state = "failing" if row.failing else "paused" if row.paused else "on"
    text = f"{row.name} {row.owner} {kinds.what_words(row.kind, row.arguments)} {cluster_of(row)}".lower()
    return (
        (not wanted["state"] or wanted["state"] == state)
        and (not wanted["cluster"] or wanted["cluster"] == cluster_of(row))
        and wanted["q"].lower() in text
    )


def _draft(request: Request, value: str, cluster: str) -> Draft:
    what = what_of(request, value)
    if what is None:
        raise Refused("bad-option", "choose what is to be done", "what")
    return draft_of(request, what, cluster_in(request, what, cluster), request.POST)


def _again(request: Request, row: Schedule | None, refused: Refused) -> dict[str, Any]:
    request.tm.doom()
    request.response.status_int = 422
    return _form(request, row, request.POST, refused)


def _form(request: Request, row: Schedule | None, given: Any, refused: Refused | None) -> dict[str, Any]:
    what = what_of(request, value_of(row) if row else given.get("what", ""))
    if row is not None and what is None:
        raise HTTPNotFound("What this schedule does is no more known here; delete it and make a new one.")
    text, cluster = (cluster_of(row) if row else given.get("cluster", "")), None
    try:
        cluster = cluster_in(request, what, text) if what else None
    except Refused as trouble:
        # Choosing comes first; without a cluster there is nothing to fill in.
        refused = refused or (trouble if "what" in given else None)
        what_shown = None
    else:
        what_shown = what
    values = {
        "section": "schedules",
        "title": f"Change {row.name}" if row else "New schedule",
        "row": row,
        "given": given,
        "refused": refused,
        "what": what_shown,
        "chosen": {"what": what.value if what else "", "cluster": text},
        "groups": choices(request),
        "clusters": clusters_for(request, what),
        "cluster": cluster,
    }
    return {**values, **_filling(request, what_shown, cluster, given)} if what_shown else values


def _filling(request: Request, what: What, cluster: Cluster | None, given: Any) -> dict[str, Any]:
    """What the second step of the form offers."""
    service = request.console.catalog.get(cluster.service) if cluster else None
    admin = request.may(Permission.ADMINISTER, named_cluster(cluster))
    act = what.act
    tasks = cluster.tasks if cluster else []
    return {
        "act": act,
        "procedure": service.procedure(what.procedure) if service and what.procedure else None,
        "typed": bool(what.drill) or (act is not None and Action(act.name) in TYPED),
        "fresh": not any(name in given for name in ("timing", "name")),
        "tasks": tasks,
        "jobs": list(dict.fromkeys(task.job for task in tasks)),
        "hosts": sorted({task.address for task in tasks}),
        "packages": _packages(request, act, service),
        "commands": commands_of(service, admin) if service and what.kind == "command" else [],
        "may_override": admin,
        "log_levels": LOG_LEVELS,
        "policies": POLICIES,
        "units": UNITS,
        "days": DAYS,
        "zones": zones(),
        "preview": _preview(request, what, cluster, given),
    }


def _packages(request: Request, act: Any, service: Any) -> list[Package]:
    wanted = act is not None and service is not None and (act.sends or act.picks)
    return packages.find(request.db, artifact=service.artifact)[:50] if wanted else []


def _preview(request: Request, what: What, cluster: Cluster | None, given: Any) -> Preview:
    if "timing" not in given:
        return Preview()
    try:
        draft = draft_of(request, what, cluster, given)
        when = when_of_draft(draft, request.now)
        checked_when(when, request.now)
        following = next_times(when, request.now, SHOWN_PREVIEW)
        times = [(time_words(at, draft.zone, request.now), at) for at in following]
    except Refused as refused:
        return Preview(problem=refused.message)
    person, name = asking(request, named_cluster(cluster)), cluster.name if cluster else ""
    work = Work(request.db, request.console, cluster, person, request.now, confirm=name)
    try:
        kinds.checked(work, kinds.kind_of(draft.kind), draft.arguments)
    except Refused as refused:
        return Preview(words_of(when), times, refused.message)
    return Preview(words_of(when), times, cautions=_cautions(request, cluster, draft))


def _cautions(request: Request, cluster: Cluster | None, draft: Draft) -> list[str]:
    """What would be in the way of an operation if it were to begin now; tonight it may be another thing."""
    if cluster is None or draft.kind != "operation":
        return []
    said = draft.arguments
    wish = Wish(
        service=cluster.service,
        cluster=cluster.name,
        action=said["action"],
        user=request.identity.user,
        now=request.now,
        jobs=said.get("jobs", []),
        tasks=said.get("tasks", []),
        hosts=said.get("hosts", []),
        may_override=asking(request, named_cluster(cluster)).admin,
        options=said["options"],
    )
    try:
        plan = planned(request.db, request.console, wish)
    except Refused as refused:
        return [f"If it began now it would be refused: {refused.message}."]
    return [risk.text for risk in risks(request.db, request.console, plan, request.now)]
