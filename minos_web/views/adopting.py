"""Taking over what was edited on a host: the config editor opens with the text that would give just that."""

from typing import Any

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from minos_common.parts import FILE, digest
from minos_common.states import StepState
from minos_web.models.clusters import Task
from minos_web.operations.adopting import adopt
from minos_web.operations.describe import check_saved
from minos_web.operations.rendering import CannotRender
from minos_web.security.permissions import Permission
from minos_web.store import configdir
from minos_web.views.config_editing import editor
from minos_web.views.finding import found_task, place_of
from minos_web.views.frame import flash
from minos_web.views.presenting import sentence
from minos_web.views.questions import asked
from minos_web.views.side_by_side import side_by_side
from minos_web.views.tasks import task_frame

FRESH_SECONDS = 10.0


@view_config(route_name="task_adopt", renderer="task_adopt.mako", permission=Permission.CONFIGURE)
def adopt_page(request: Request) -> Any:
    """Ask the worker for the file as it lies there, then open the editor with what would give it. Nothing is saved."""
    task, name = found_task(request), request.matchdict["name"]
    step = asked(request, task, "read-files", {}, FRESH_SECONDS) if task.host_id else None
    if task.host_id and step is None:
        return {**task_frame(request, task), "name": name}
    if request.headers.get("HX-Request"):  # the page that waited is left for the one with the answer
        return Response(headers={"HX-Redirect": request.url})
    text = step.data.get("files", {}).get(name) if step is not None and step.state == StepState.DONE else None
    if text is None:
        return _back(request, task, (step.message if step else "") or f"{name} cannot be read on its host")
    if digest(text.encode()) != (task.held or {}).get(f"{FILE}{name}"):
        return _back(request, task, f"{name} is not on its host as it was a moment ago, or is too long: try again")
    try:
        found = adopt(request.db, request.console, task, name, text)
    except KeyError as error:
        raise HTTPNotFound(f"{task.job}/{task.number} gets no file {name}.") from error
    except CannotRender as error:
        return _back(request, task, str(error))
    latest = configdir.read(request.db, found.path)
    saved = (latest.content or b"").decode("utf-8", "replace") if latest else ""
    problems = check_saved(request.db, request.console, found.path, found.text)
    page = editor(request, found.path, found.text, latest.id if latest else 0, problems)
    request.override_renderer = "config_file.mako"
    note = f"{name} as it was on {task.address}"
    return {**page, "note": note, "stretches": side_by_side(saved, found.text), "adopted": note, "cannot": found.cannot}


def _back(request: Request, task: Task, message: str) -> HTTPSeeOther:
    flash(request, "warning", f"Nothing was taken over. {sentence(message)}")
    return HTTPSeeOther(request.route_path("task_files", **place_of(task)))
