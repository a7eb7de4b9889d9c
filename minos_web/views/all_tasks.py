"""Tasks of all clusters on one page."""

from typing import Any

from pyramid.request import Request
from pyramid.view import view_config

from minos_web.security.permissions import Permission
from minos_web.views.lists.scene import Scene
from minos_web.views.lists.showing import as_csv, show
from minos_web.views.lists.tasks import task_list

OLD = {"job": "job", "host": "host", "cluster": "cluster", "service": "service"}
BULK = (("start", "Start"), ("restart", "Restart"), ("stop", "Stop"))


@view_config(route_name="tasks", renderer="tasks.mako", permission=Permission.VIEW)
def tasks_page(request: Request) -> Any:
    """All tasks, the unwell ones first."""
    file = as_csv(request, task_list, OLD)
    if file is not None:
        return file
    view = show(request, task_list(Scene.of(request)), OLD)
    return {"section": "tasks", "title": "Tasks", "view": view, "bulk": BULK}
