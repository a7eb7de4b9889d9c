"""Log files and cleared output from the pages: asked for here, told of on the page that one came from."""

from dataclasses import dataclass

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.view import view_config

from minos_common.states import STEP_ENDED, StepState
from minos_web.models.hosts import Host
from minos_web.models.operations import Step
from minos_web.operations.ask import answer_of
from minos_web.operations.log_files import CLEAR, SEND, ready_file, spool_of
from minos_web.operations.refusal import Refused
from minos_web.security.permissions import Permission
from minos_web.views import presenting
from minos_web.views.api.log_files import begin_clear, begin_fetch, end_fetch
from minos_web.views.finding import found_task, place_of
from minos_web.views.frame import flash
from minos_web.views.presenting import sentence

LARGEST_ID = 2**63 - 1


@dataclass(frozen=True)
class Told:
    """What has become of something that was asked on this page. ``kind`` is of the flash messages, "changing" while it is
    under way; ``have`` of ``size`` bytes are here; ``ready`` when the file can be saved; ``may_cancel`` who looks.
    """

    step: Step
    kind: str
    words: str
    have: int = 0
    size: int | None = None
    ready: bool = False
    may_cancel: bool = False

    @property
    def is_file(self) -> bool:
        """Whether it is about a log file, rather than about cleared output."""
        return self.step.verb == SEND

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come."""
        return self.step.state in STEP_ENDED


def told(request: Request) -> Told | None:
    """What ``told=<number>`` in the page's address stands for; None without one, or when it is forgotten."""
    text = request.GET.get("told", "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else LARGEST_ID
    step = answer_of(request.db, number)
    if step is None or step.verb not in (SEND, CLEAR):
        return None
    return _file_told(request, step) if step.verb == SEND else _clear_told(step)


def _file_told(request: Request, step: Step) -> Told:
    file = spool_of(request.console).find(step.id)
    have, size = (file.have, file.size) if file else (0, step.data.get("size"))
    may_cancel = step.created_by == request.identity.user or bool(request.has_permission(Permission.OPERATE))
    if step.state == StepState.DONE:
        ready = ready_file(request.console, step) is not None
        words = "" if ready else "It is not kept any more: download it again."
        return Told(step, "success" if ready else "info", words, have, size, ready)
    if step.state in STEP_ENDED:
        return Told(step, "info" if step.state == StepState.CANCELLED else "danger", step.message, have, size)
    waits = (step.message if step.state == StepState.WAITING else "") or "the worker begins to send it"
    return Told(step, "changing", "" if have else waits, have, size, may_cancel=may_cancel)


def _clear_told(step: Step) -> Told:
    if step.state not in STEP_ENDED:
        return Told(step, "changing", step.message or "Asking the worker to clear the output …")
    if step.state != StepState.DONE:
        return Told(step, "danger", f"The output was not cleared: {step.message}")
    files = step.data.get("files", 0)
    if not files:
        return Told(step, "success", "There was no output to clear.")
    size = presenting.size(step.data.get("bytes"))
    return Told(step, "success", f"The output was cleared: {presenting.count(files, 'file')}, {size}.")


@view_config(route_name="task_log_fetch", request_method="POST", permission=Permission.VIEW)
def fetch_post(request: Request) -> HTTPSeeOther:
    """Have a whole log file (``name``) brought here; the log page then tells how far it is."""
    task = found_task(request)
    query = {"file": request.POST.get("file", "")}
    try:
        step = begin_fetch(request, task, request.POST.get("name", ""))
    except Refused as refused:
        flash(request, "warning", sentence(refused.message))
    else:
        query["told"] = str(step.id)
    return HTTPSeeOther(request.route_path("task_log", _query=query, **place_of(task)))


@view_config(route_name="task_log_clear", request_method="POST", permission=Permission.OPERATE)
def clear_post(request: Request) -> HTTPSeeOther:
    """Have the captured output of a task emptied; back to where one came from (``back``: host or log)."""
    task = found_task(request)
    host = request.db.get(Host, task.host_id) if task.host_id else None
    query = {}
    try:
        query["told"] = str(begin_clear(request, task).id)
    except Refused as refused:
        flash(request, "warning", sentence(refused.message))
    if request.POST.get("back") == "host" and host is not None:
        return HTTPSeeOther(request.route_path("host", name=host.name, _query=query))
    query["file"] = request.POST.get("file", "")
    return HTTPSeeOther(request.route_path("task_log", _query=query, **place_of(task)))


@view_config(route_name="log_file_cancel", request_method="POST", permission=Permission.VIEW)
def cancel_post(request: Request) -> HTTPSeeOther:
    """Have a log file no more."""
    step = end_fetch(request)
    if step.task is None:
        return HTTPSeeOther(request.route_path("home"))
    query = {"file": request.POST.get("file", ""), "told": step.id}
    return HTTPSeeOther(request.route_path("task_log", _query=query, **place_of(step.task)))
