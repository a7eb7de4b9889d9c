"""API: schedules and what became of their times."""

from typing import Any

import msgspec
from pyramid.httpexceptions import HTTPNotFound
from pyramid.request import Request
from pyramid.view import view_config
from sqlalchemy import func, select

from minos_web.models.schedules import Occurrence, Schedule
from minos_web.monitor.telling import Told, tell
from minos_web.operations.schedules import keeping
from minos_web.operations.schedules.keeping import Draft, when_of
from minos_web.operations.schedules.kinds import what_words
from minos_web.operations.schedules.when import next_times
from minos_web.operations.schedules.words import words_of
from minos_web.operations.schedules.work import Person
from minos_web.security.permissions import Permission
from minos_web.views.api.lists import newest, paged
from minos_web.views.api.params import id_of

SHOWN_NEXT = 3


@view_config(route_name="api_schedules", request_method="GET", renderer="json", permission=Permission.VIEW)
def schedules(request: Request) -> dict[str, Any]:
    """All of them by name, with their next times."""
    rows = request.db.scalars(select(Schedule).order_by(func.lower(Schedule.name)))
    return paged(request, "schedules", rows.all(), lambda row: schedule_json(row, request.now))


@view_config(route_name="api_schedules", request_method="POST", renderer="json", permission=Permission.OPERATE)
def new(request: Request) -> dict[str, Any]:
    """A new one, done in the name of whoever sends it."""
    row = made(request, body_of(request))
    request.response.status_int = 201
    return schedule_json(row, request.now)


@view_config(route_name="api_schedule", request_method="GET", renderer="json", permission=Permission.VIEW)
def schedule(request: Request) -> dict[str, Any]:
    """One schedule."""
    return schedule_json(found_schedule(request), request.now)


@view_config(route_name="api_schedule", request_method="PUT", renderer="json", permission=Permission.OPERATE)
def save(request: Request) -> dict[str, Any]:
    """Save over it; it is done in the name of whoever sends this from now on."""
    row = found_schedule(request)
    changed(request, row, body_of(request))
    return schedule_json(row, request.now)


@view_config(route_name="api_schedule", request_method="DELETE", renderer="json", permission=Permission.OPERATE)
def delete(request: Request) -> dict[str, Any]:
    """It is gone, with its history."""
    row = found_schedule(request)
    number = row.id
    removed(request, row)
    return {"deleted": number}


@view_config(route_name="api_schedule_control", request_method="POST", renderer="json", permission=Permission.OPERATE)
def control(request: Request) -> dict[str, Any]:
    """Pause, resume, or run it now."""
    row = found_schedule(request)
    controlled(request, row, request.matchdict["verb"])
    return schedule_json(row, request.now)


@view_config(route_name="api_occurrences", request_method="GET", renderer="json", permission=Permission.VIEW)
def occurrences(request: Request) -> dict[str, Any]:
    """What became of its times, newest first; ?limit= (at most 200) and ?before=<id> page through them."""
    row = found_schedule(request)
    wanted = select(Occurrence).where(Occurrence.schedule_id == row.id)
    rows, further = newest(request, wanted, Occurrence.id)
    return {"occurrences": [occurrence_json(one) for one in rows], "next": further}


def asking(request: Request, cluster: str) -> Person:
    """Who sends this request about a cluster (service/name), or about none in particular."""
    return Person(request.identity.user, request.may(Permission.ADMINISTER, cluster))


def found_schedule(request: Request) -> Schedule:
    """The one of the URL. Raises HTTPNotFound."""
    number = id_of(request)
    row: Schedule | None = request.db.get(Schedule, number)
    if row is None:
        raise HTTPNotFound(f"There is no schedule {number}.")
    return row


def made(request: Request, draft: Draft) -> Schedule:
    """Keep a new one, and say so in the audit trail. Raises Refused."""
    request.require(Permission.OPERATE, draft.cluster)
    row = keeping.create(request.db, request.console, draft, asking(request, draft.cluster), request.now)
    request.audit("schedule.add", target_of(row), **_told(row))
    return row


def changed(request: Request, row: Schedule, draft: Draft) -> None:
    """Save over it, and say so in the audit trail. Raises Refused."""
    request.require(Permission.OPERATE, draft.cluster)
    owner = row.owner
    keeping.change(request.db, request.console, row, draft, asking(request, draft.cluster), request.now)
    before = {"owner_before": owner} if owner != row.owner else {}
    request.audit("schedule.change", target_of(row), **_told(row), **before)


def removed(request: Request, row: Schedule) -> None:
    """Delete it, and say so in the audit trail with what is needed to make it again. That it failed is over with it."""
    if row.failing:
        over = Told("recovery", "info", f"Schedule {row.name} was deleted", key=f"schedule:{row.id}", path="/schedules")
        tell(request.db, over, request.now)
    request.audit("schedule.delete", target_of(row), **_told(row), owner=row.owner)
    keeping.remove(request.db, row)


def controlled(request: Request, row: Schedule, verb: str) -> None:
    """Pause, resume or run it now, and say so in the audit trail. Raises Refused."""
    user, now = request.identity.user, request.now
    if verb == "pause":
        keeping.pause(request.db, row, user, now)
    elif verb == "resume":
        keeping.resume(row, now)
    else:
        keeping.run_now(request.db, row, user, now)
    request.audit(f"schedule.{verb}", target_of(row))


def body_of(request: Request) -> Draft:
    """The draft that was sent."""
    return msgspec.json.decode(request.body or b"{}", type=Draft)


def target_of(row: Schedule) -> str:
    """What an audit entry calls it."""
    return f"schedule {row.id} {row.name}"


def cluster_of(row: Schedule) -> str:
    """service/name; empty for none."""
    return f"{row.cluster.service}/{row.cluster.name}" if row.cluster else ""


def schedule_json(row: Schedule, now: float) -> dict[str, Any]:
    """One schedule with its words and next times."""
    when = when_of(row)
    return {
        "id": row.id,
        "name": row.name,
        "kind": row.kind,
        "what": what_words(row.kind, row.arguments),
        "cluster": cluster_of(row),
        "arguments": row.arguments,
        "timing": row.timing,
        "at": row.at if row.timing in ("once", "every") else None,
        "every": row.every,
        "cron": row.cron,
        "zone": row.zone,
        "hours": str(when.hours).replace("–", "-") if when.hours else "",
        "when": words_of(when),
        "missed": row.missed,
        "paused": row.paused,
        "failing": row.failing,
        "owner": row.owner,
        "created_at": row.created_at,
        "changed_at": row.changed_at,
        "next": upcoming(row, now, SHOWN_NEXT),
    }


def upcoming(row: Schedule, now: float, most: int) -> list[float]:
    """Its next times; none while it is paused."""
    if row.paused or row.next_at is None:
        return []
    return next_times(when_of(row), max(now, row.next_at - 0.5), most)


def occurrence_json(one: Occurrence) -> dict[str, Any]:
    """What became of one time."""
    names = ("id", "state", "message", "asked_by", "run_id", "began_at", "ended_at", "begin_by")
    return {
        **{name: getattr(one, name) for name in names},
        "at": one.nominal_at,
        "operation": one.operation_id,
    }


def _told(row: Schedule) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "cluster": cluster_of(row),
        "when": words_of(when_of(row)),
        "missed": row.missed,
        "arguments": row.arguments,
    }
