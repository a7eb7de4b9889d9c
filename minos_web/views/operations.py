"""Operations: the list of them."""

from typing import Any

from pyramid.request import Request
from pyramid.view import view_config

from minos_web.security.permissions import Permission
from minos_web.views.lists.operations import operation_list
from minos_web.views.lists.scene import Scene
from minos_web.views.lists.showing import as_csv, show

OLD = {"state": "kind", "cluster": "cluster"}
"""Parameters of the page that its filter has now."""


@view_config(route_name="operations", renderer="operations.mako", permission=Permission.VIEW)
def operations_page(request: Request) -> Any:
    """All operations as a list, newest first."""
    file = as_csv(request, operation_list, OLD)
    if file is not None:
        return file
    view = show(request, operation_list(Scene.of(request)), OLD)
    return {"section": "operations", "title": "Operations", "view": view}
