"""A file of a task line by line, and where a line comes from."""

from typing import Any

from pyramid.httpexceptions import HTTPNotFound
from pyramid.request import Request
from pyramid.view import view_config

from minos_web.clusterfile.explain import Origin
from minos_web.operations.differences import Line, masked
from minos_web.operations.explaining import explained, spread, written
from minos_web.operations.rendering import CannotRender
from minos_web.security.permissions import Permission
from minos_web.views.finding import found_task
from minos_web.views.tasks import task_frame

MOST_LINES = 5000
_NOTHING: dict[str, Any] = {
    "lines": [], "more": 0, "chosen": None, "error": "", "origin": None, "hidden": False, "written": None,
    "replaced": [], "spread": None,
}  # fmt: skip


@view_config(route_name="task_file", renderer="task_file.mako", permission=Permission.VIEW)
def file_page(request: Request) -> dict[str, Any]:
    """One file as a start would send it; ``line``: where that line comes from, who wrote it, who else gets it."""
    task, name = found_task(request), request.matchdict["name"]
    try:
        lines = explained(request.db, request.console, task, name)
    except KeyError as error:
        raise HTTPNotFound(f"{task.job}/{task.number} gets no file {name}.") from error
    except CannotRender as error:
        return {**task_frame(request, task), **_NOTHING, "name": name, "error": str(error)}
    number = request.GET.get("line", "")
    chosen = int(number) if number.isdecimal() and 0 < int(number[:8]) <= len(lines) else None
    shown = [one.text for one in masked(Line(" ", origin.text) for origin in lines[:MOST_LINES])]
    found = {**_NOTHING, "name": name, "lines": shown, "more": max(0, len(lines) - MOST_LINES), "chosen": chosen}
    if chosen is not None:
        found |= _about(request, lines[chosen - 1], shown[chosen - 1])
        found["spread"] = spread(request.db, request.console, task, name, lines[chosen - 1])
    return {**task_frame(request, task), **found}


def _about(request: Request, origin: Origin, shown: str) -> dict[str, Any]:
    hidden = origin.text != shown  # a secret: neither it nor what it replaced is told
    return {
        "origin": origin,
        "hidden": hidden,
        "written": written(request.db, origin.place) if origin.place else None,
        "replaced": [] if hidden else origin.replaced,
    }
