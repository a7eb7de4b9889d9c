"""Alerts: the open ones by incident, and those that are over."""

from typing import Any

from pyramid.request import Request
from pyramid.view import view_config
from sqlalchemy import select

from minos_web.models.alerts import Alert
from minos_web.models.clusters import Cluster
from minos_web.monitor.alert_lists import LEVELS, STATES, Wanted, incidents, over_page
from minos_web.notify.routing import Switchboard
from minos_web.security.permissions import Permission
from minos_web.views.alert_frame import alerts_frame, wanted_in
from minos_web.views.paging import Page, cut, wanted_page

ROWS = 100
SHOWN_SYMPTOMS = 50
"""Symptoms of an incident that its row lists; all of them stand on its page."""


@view_config(route_name="alerts", renderer="alerts.mako", permission=Permission.VIEW)
def open_page(request: Request) -> dict[str, Any]:
    """Open alerts, symptoms under what they come from, the worst first; filtered by the query."""
    wanted = wanted_in(request.GET)
    found = incidents(request.db, wanted)
    page = cut(found, wanted_page(request.GET), ROWS)
    return {
        **alerts_frame(request, "open"),
        "title": "Alerts",
        "page": page,
        "wanted": wanted,
        "choices": _choices(request, wanted),
        "shown_symptoms": SHOWN_SYMPTOMS,
        "symptoms": sum(len(one.symptoms) for one in found),
        "nobody_hears": not Switchboard.of(request.db, request.console).leads(),
    }


@view_config(route_name="alerts_history", renderer="alerts_history.mako", permission=Permission.VIEW)
def history_page(request: Request) -> dict[str, Any]:
    """Alerts that are over, newest end first; filtered by the query."""
    wanted = wanted_in(request.GET)
    rows, number, total = over_page(request.db, wanted, wanted_page(request.GET), ROWS)
    return {
        **alerts_frame(request, "history"),
        "title": "History of alerts",
        "page": Page(rows, number, ROWS, total),
        "wanted": wanted,
        "choices": _choices(request, wanted),
    }


def _choices(request: Request, wanted: Wanted) -> dict[str, list[str]]:
    """What the filters offer; what is asked for is there even if nothing has it."""
    clusters = request.db.execute(select(Cluster.service, Cluster.name).where(Cluster.retired.is_(False))).all()
    found = {
        "service": {service for service, _ in clusters},
        "cluster": {name for _, name in clusters},
        "rule": set(request.db.scalars(select(Alert.rule).distinct())),
    }
    for name, values in found.items():
        values.update({getattr(wanted, name)} - {""})
    return {**{name: sorted(values) for name, values in found.items()}, "level": [*LEVELS], "state": [*STATES]}
