"""API: alerts, and what people do with them; clusters that are unwell now."""

from typing import Any

import msgspec
from pyramid.httpexceptions import HTTPNotFound
from pyramid.request import Request
from pyramid.view import view_config
from sqlalchemy import select

from minos_web.models.alerts import Alert, AlertEvent, label_of
from minos_web.models.clusters import Cluster
from minos_web.monitor.alert_handling import acknowledge, note, take_back
from minos_web.monitor.alert_lists import LEVELS, STATES, Wanted, events_of_alert, open_alerts, over_page, symptoms_of
from minos_web.monitor.status import Kind, Status, cluster_status
from minos_web.operations.refusal import Refused
from minos_web.security.permissions import Permission
from minos_web.views.alert_words import subject
from minos_web.views.api.lists import MOST, USUAL, limit_of, page_of, paged
from minos_web.views.api.params import id_of, number_of, text_of
from minos_web.views.api.shapes import status_json

_KINDS = {"error": Kind.DOWN, "warning": Kind.DEGRADED, "info": Kind.DEGRADED}


class Said(msgspec.Struct, forbid_unknown_fields=True):
    """Body of what a person does with an alert."""

    text: str = ""


@view_config(route_name="api_alerts", request_method="GET", renderer="json", permission=Permission.VIEW)
def alerts(request: Request) -> dict[str, Any]:
    """Open alerts, the worst first; with state=resolved those that are over. Beside them the clusters that are unwell."""
    wanted, limit, page = _wanted(request), limit_of(request, USUAL, MOST), page_of(request)
    clusters = unwell_clusters(request)
    if wanted.state != "resolved":
        found = paged(request, "alerts", open_alerts(request.db, wanted), lambda row: alert_json(request, row))
        return {**found, "clusters": clusters}
    rows, _, total = over_page(request.db, wanted, page, limit)
    shown = [alert_json(request, row) for row in rows]
    further = page + 1 if page * limit < total else None
    return {"alerts": shown, "total": total, "next": further, "clusters": clusters}


@view_config(route_name="api_alert", request_method="GET", renderer="json", permission=Permission.VIEW)
def alert(request: Request) -> dict[str, Any]:
    """One alert with its events and symptoms."""
    return whole_json(request, found_alert(request))


@view_config(route_name="api_alert_act", request_method="POST", renderer="json", permission=Permission.OPERATE)
def act(request: Request) -> dict[str, Any]:
    """Acknowledge, take back, note."""
    row = found_alert(request, changing=True)
    body = msgspec.json.decode(request.body or b"{}", type=Said)
    acted(request, row, request.matchdict["verb"], body.text)
    request.db.flush()
    return whole_json(request, row)


def acted(request: Request, alert: Alert, verb: str, text: str) -> str:
    """Do it, and say so in the audit trail where anything changed; what to tell whoever did it. Raises Refused."""
    user, target = request.identity.user, f"alert {alert.id} {alert.title}"
    if verb == "acknowledge":
        if acknowledge(request.db, alert, user, request.now, text):
            request.audit("alert.acknowledge", target, key=alert.key, text=text.strip())
            return "You look after it now: everybody sees that."
        whose = "you" if alert.acknowledged_by == user else alert.acknowledged_by
        return f"Somebody looks after it already: {whose}."
    if verb == "unacknowledge":
        whose = alert.acknowledged_by
        if take_back(request.db, alert, user, request.now):
            request.audit("alert.unacknowledge", target, key=alert.key, of=whose)
        return "Nobody looks after it now."
    note(request.db, alert, user, request.now, text)
    request.audit("alert.note", target, key=alert.key, text=text.strip())
    return "Noted."


def found_alert(request: Request, changing: bool = False) -> Alert:
    """The alert of ``{id}``; one that is to be changed is kept from the rounds meanwhile. Raises HTTPNotFound."""
    number = id_of(request)
    alert: Alert | None = request.db.get(Alert, number, with_for_update=True if changing else None)
    if alert is None:
        raise HTTPNotFound(f"There is no alert {number}; alerts that are over for long are forgotten.")
    return alert


def unwell_clusters(request: Request) -> list[dict[str, Any]]:
    """Clusters that are not well now, with the reason and since when."""
    found = []
    order = (Cluster.service, Cluster.name)
    for cluster in request.db.scalars(select(Cluster).where(Cluster.retired.is_(False)).order_by(*order)):
        status = cluster_status(cluster, request.now)
        if status.kind in (Kind.DOWN, Kind.DEGRADED, Kind.UNKNOWN):
            found.append({"service": cluster.service, "cluster": cluster.name, "status": status_json(status)})
    return found


def alert_json(request: Request, row: Alert) -> dict[str, Any]:
    """One alert. ``status`` says it in the words of everything else that has a status."""
    return {
        "id": row.id,
        "url": request.route_path("alert", id=row.id),
        "key": row.key,
        "rule": row.rule,
        "about": row.about,
        "service": row.service,
        "cluster": row.cluster,
        "job": row.job or None,
        "task_id": row.number,
        "host": row.host or None,
        "part": row.part,
        "labels": label_of(row),
        "subject": subject(row),
        "title": row.title,
        "reason": row.reason,
        "level": row.level,
        "state": row.state,
        "unknown": row.unknown_since is not None,
        "muted": row.muted,
        "parent": row.parent_id,
        "metric": row.metric,
        "value": row.value,
        "since": row.since,
        "fired_at": row.fired_at,
        "unknown_since": row.unknown_since,
        "resolved_at": row.resolved_at,
        "changed_at": row.checked_at,
        "acknowledged_at": row.acknowledged_at,
        "acknowledged_by": row.acknowledged_by or None,
        "status": status_json(_status(row)),
    }


def whole_json(request: Request, row: Alert) -> dict[str, Any]:
    """One alert with its newest events, in their order, and its symptoms."""
    symptoms, total = symptoms_of(request.db, row, USUAL)
    events, events_total = events_of_alert(request.db, row, USUAL)
    return {
        **alert_json(request, row),
        "events": [_event_json(one) for one in events],
        "events_total": events_total,
        "symptoms": [alert_json(request, one) for one in symptoms],
        "symptoms_total": total,
    }


def _event_json(event: AlertEvent) -> dict[str, Any]:
    return {"at": event.at, "kind": event.kind, "by": event.by or None, "text": event.text}


def _status(row: Alert) -> Status:
    kind, word = _KINDS.get(row.level, Kind.UNKNOWN), "acknowledged" if row.acknowledged_at is not None else row.state
    if row.open_key is None:
        kind, word = Kind.RUNNING, "resolved"
    elif row.unknown_since is not None:
        kind, word = Kind.UNKNOWN, "unknown"
    reason = f"{row.title}: {row.reason}" if row.reason else row.title
    return Status(kind, word, reason, row.fired_at or row.since, None, stale=row.unknown_since is not None)


def _wanted(request: Request) -> Wanted:
    texts = {name: text_of(request, name) for name in ("service", "cluster", "job", "host", "level", "state", "rule")}
    for name, known in (("level", LEVELS), ("state", (*STATES, "resolved"))):
        if texts[name] and texts[name] not in known:
            raise Refused("bad-request", f"{name} is one of {', '.join(known)}, not {texts[name][:40]!r}", name)
    return Wanted(**texts, number=number_of(request, "task"))
