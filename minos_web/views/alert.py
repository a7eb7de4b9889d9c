"""One alert: what, where, since when and why, its figure around that moment, what changed before; and what people do with it."""

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.view import view_config
from sqlalchemy import select

from minos_web.models.alerts import Alert
from minos_web.models.clusters import Cluster, Task
from minos_web.monitor.alert_lists import events_of_alert, symptoms_of
from minos_web.monitor.alerts.grammar import BadCondition, parse_metric
from minos_web.monitor.alerts.known import MADE
from minos_web.monitor.happening_sources import Asked, Happening
from minos_web.monitor.happenings import happenings
from minos_web.monitor.silencing import about
from minos_web.operations.refusal import Refused
from minos_web.security.permissions import Permission
from minos_web.views.alert_frame import about_url, alerts_frame, query_of
from minos_web.views.alert_rules import rule_behind
from minos_web.views.alert_words import event_line, silence_times, subject
from minos_web.views.api.alerts import acted, found_alert
from minos_web.views.api.series_names import all_known
from minos_web.views.charting import Chart
from minos_web.views.dashboards import linked
from minos_web.views.frame import flash
from minos_web.views.happening_words import event_json
from minos_web.views.metric_words import words_of
from minos_web.views.paging import Page, wanted_page
from minos_web.views.presenting import iso, sentence
from minos_web.views.tasks import series_of

BEFORE = 1800.0
"""So long before an alert is looked for what changed."""
AROUND = 3600.0
MOST_HAPPENINGS, MOST_EVENTS = 60, 300
SYMPTOMS = 100
"""Symptoms to a page."""


@view_config(route_name="alert", renderer="alert.mako", permission=Permission.VIEW)
def alert_page(request: Request) -> dict[str, Any]:
    """One alert, live while it is open."""
    alert = found_alert(request)
    number = wanted_page(request.GET)
    symptoms, total = symptoms_of(request.db, alert, SYMPTOMS, number)
    events, events_total = events_of_alert(request.db, alert, MOST_EVENTS)
    changed, more = what_changed(request, alert)
    window = moment_of(alert, request.now)
    return {
        **alerts_frame(request, "open" if alert.open_key else "history"),
        "title": alert.title,
        "alert": alert,
        "cause": request.db.get(Alert, alert.parent_id) if alert.parent_id else None,
        "symptoms": Page(symptoms, number, SYMPTOMS, total),
        "changed": [event_json(request, one) for one in changed],
        "changed_more": more,
        "lines": [(event, *event_line(event)) for event in events],
        "lines_total": events_total,
        "chart": chart_of(request, alert),
        "window": "&".join(f"{name}={iso(at)}" for name, at in zip(("from", "to"), window, strict=True)),
        "chart_events": events_of(alert),
        "chart_url": chart_url(request, alert),
        "linked": linked,
        "rule": rule_behind(request, alert.rule),
        "silences": [(row, silence_times(row, request.now)) for row in about(request.db, alert, request.now)],
        "silence_url": request.route_path("silences", _query=[*query_of(alert), ("rule", alert.rule)], _anchor="begin"),
    }


@view_config(route_name="alert_act", request_method="POST", permission=Permission.OPERATE)
def act_post(request: Request) -> HTTPSeeOther:
    """Acknowledge, take back or note; a second click changes nothing."""
    alert, verb = found_alert(request, changing=True), request.matchdict["verb"]
    after = HTTPSeeOther(request.route_path("alert", id=alert.id))
    try:
        said = acted(request, alert, verb, request.POST.get("text", ""))
    except Refused as refused:
        request.tm.doom()
        flash(request, "warning", sentence(refused.message))
    else:
        flash(request, "success", said)
    return after


def moment_of(alert: Alert, now: float) -> tuple[float, float]:
    """From when to when its figure is worth a look: an hour before and after it began, as far as that is past."""
    return alert.since - AROUND, min(now, alert.since + AROUND)


def chart_of(request: Request, alert: Alert) -> Chart | None:
    """Its figure, of what it is about; None where no samples of it are stored."""
    names = stored_figures(alert)
    if not names:
        return None
    known = all_known(request)
    words = [words_of(name, known) for name in names]
    query = [*(("metric", name) for name in names), *series_labels(request, alert).items()]
    query += [("rate", "1")] if words[0].counter else []
    url = request.route_path("api_series", _query=query)
    titles = {one.name: one.title for one in words}
    return Chart("chart-alert", " and ".join(titles.values()), subject(alert), url, words[0].unit, titles)


def stored_figures(alert: Alert) -> tuple[str, ...]:
    """The figures, as series call them, that its rule looks at; those made for alerts alone are not stored."""
    try:
        names = parse_metric(alert.metric).of_part(alert.part).names if alert.metric else ()
    except BadCondition:
        return ()
    return tuple(name for name in names if name not in MADE)


def series_labels(request: Request, alert: Alert) -> dict[str, str]:
    """What picks the samples of what an alert is about."""
    if alert.cluster and alert.job and alert.number is not None:
        of_cluster = (Cluster.service == alert.service, Cluster.name == alert.cluster)
        one = (Task.job == alert.job, Task.number == alert.number)
        query = select(Task).join(Cluster, Task.cluster_id == Cluster.id).where(*of_cluster, *one)
        task = request.db.scalars(query.order_by(Task.retired)).first()
        if task is not None:
            return {name: value for name, value in series_of(request, task).items() if value}
    return dict(query_of(alert))


def events_of(alert: Alert) -> dict[str, str]:
    """What the marks on its chart are about."""
    if alert.service and alert.cluster:
        return {"service": alert.service, "cluster": alert.cluster}
    return {"host": alert.host} if alert.host else {}


def chart_url(request: Request, alert: Alert) -> str:
    """The page of charts of what an alert is about, at that moment; empty where there is none."""
    window = [(name, iso(at)) for name, at in zip(("from", "to"), moment_of(alert, request.now), strict=True)]
    at = {"service": alert.service, "cluster": alert.cluster}
    if alert.cluster and alert.job and alert.number is not None:
        return str(request.route_path("task_charts", **at, job=alert.job, number=alert.number, _query=window))
    if alert.cluster and alert.service:
        return str(request.route_path("cluster_charts", **at, _query=window))
    url = about_url(request, alert)
    return f"{url}?{'&'.join(f'{name}={value}' for name, value in window)}#charts-title" if url else ""


def what_changed(request: Request, alert: Alert) -> tuple[list[Happening], bool]:
    """What happened in the time before an alert, to its cluster and on its host, newest first; whether there was more."""
    start, end = alert.since - BEFORE, alert.since
    places = [{"service": alert.service, "cluster": alert.cluster}] if alert.service else []
    places += [{"host": alert.host}] if alert.host else []
    found: dict[tuple[type, int], Happening] = {}
    more = False
    for place in places or [{}]:
        some, cut = happenings(
            request.db,
            Asked(
                start, end, place.get("service", ""), place.get("cluster", ""), place.get("host", ""), MOST_HAPPENINGS
            ),
        )
        found.update({(type(one.row), one.row.id): one for one in some})
        more = more or cut
    rows = sorted(found.values(), key=lambda one: one.at, reverse=True)
    return rows[:MOST_HAPPENINGS], more or len(rows) > MOST_HAPPENINGS
