"""Alerts: the open ones by incident, and those that are over, as lists."""

from typing import Any

from pyramid.request import Request
from pyramid.view import view_config
from sqlalchemy import select

from minos_web.models.alerts import Alert
from minos_web.notify.routing import Switchboard
from minos_web.security.permissions import Permission
from minos_web.views.alert_frame import alerts_frame
from minos_web.views.lists.alerts import open_list, over_list
from minos_web.views.lists.scene import Scene
from minos_web.views.lists.showing import Shown, as_csv, show

SHOWN_SYMPTOMS = 50
"""Symptoms of an incident that its row lists; all of them stand on its page."""
OLD = {name: name for name in ("service", "cluster", "rule", "host", "job")} | {"number": "task", "level": "kind"}
"""Parameters that these pages had before they were lists."""
OLD_OPEN = {**OLD, "state": "state"}
BULK = (("acknowledge", "Acknowledge"), ("unacknowledge", "Take back"), ("silence", "Silence"))


@view_config(route_name="alerts", renderer="alerts.mako", permission=Permission.VIEW)
def open_page(request: Request) -> Any:
    """Open alerts, symptoms under what they come from, the worst first."""
    file = as_csv(request, open_list, OLD_OPEN)
    if file is not None:
        return file
    view = show(request, open_list(Scene.of(request)), OLD_OPEN)
    return {
        **alerts_frame(request, "open"),
        "title": "Alerts",
        "view": view,
        "bulk": BULK,
        "fits": _fitting(request, view),
        "shown_symptoms": SHOWN_SYMPTOMS,
        "symptoms": sum(len(line.symptoms) for line in view.page.items),
        "nobody_hears": not Switchboard.of(request.db, request.console).leads(),
    }


@view_config(route_name="alerts_history", renderer="alerts_history.mako", permission=Permission.VIEW)
def history_page(request: Request) -> Any:
    """Alerts that are over, newest end first."""
    file = as_csv(request, over_list, OLD)
    if file is not None:
        return file
    view = show(request, over_list(Scene.of(request)), OLD)
    return {**alerts_frame(request, "history"), "title": "History of alerts", "view": view}


def _fitting(request: Request, view: Shown) -> set[int]:
    """Ids of the alerts shown that are themselves as asked for, and not only one of their symptoms."""
    if view.asked.problem:
        return set()
    ids, own = [line.alert.id for line in view.page.items], open_list(Scene.of(request), own=True)
    return {*request.db.scalars(select(Alert.id).where(Alert.id.in_(ids), *own.tests(view.asked)))}
