"""What a step printed, read from its end; and the log of a step's task beside the operation."""

from dataclasses import dataclass
from typing import Any

from pyramid.httpexceptions import HTTPNotFound
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config
from sqlalchemy import select

from minos_common import instants
from minos_web.models.clusters import Task
from minos_web.models.operations import Step
from minos_web.security.permissions import Permission
from minos_web.views.finding import found_operation, place_of
from minos_web.views.tasks import main_log

MOST_TEXT = 256 * 1024
"""Characters of an output that a page loads; all of it can be downloaded."""


@dataclass(frozen=True)
class Drawer:
    """The log of one step's task: ``minute`` is when the step ended, as logs write it; empty while it has not."""

    step: Step
    task: Task
    file: str
    place: dict[str, object]
    minute: str


@view_config(route_name="operation_output", renderer="json", permission=Permission.VIEW)
def output(request: Request) -> dict[str, Any] | Response:
    """The end of what a step printed, in the form of a piece of a log; with ``whole`` all of it as text."""
    step = _step(request, int(request.matchdict["step"]))
    if step is None:
        raise HTTPNotFound("This operation has no such step.")
    if "whole" in request.GET:
        name = f"operation-{step.operation_id}-step-{step.id}.txt"
        disposition = f'attachment; filename="{name}"'
        return Response(step.output, content_type="text/plain", charset="utf-8", content_disposition=disposition)
    text = step.output[-MOST_TEXT:]
    first = len(step.output) - len(text)
    return {
        "state": "ok",
        "message": "",
        "offset": first,
        "next_offset": len(step.output),
        "size": len(step.output),
        "text": text if not first else f"… {first:,} characters before this are in the raw output\n{text}",
        "id": f"{step.id}.{step.attempt}",
        "cut_at": 0.0,
        "cleared": False,
    }


def drawer_of(request: Request) -> Drawer | None:
    """The log that ``log=<step>`` in the address stands for; None where there is none."""
    text = request.GET.get("log", "")
    step = _step(request, int(text)) if text.isascii() and text.isdigit() and len(text) < 19 else None
    task = step.task if step else None
    if step is None or task is None or task.host_id is None:
        return None
    minute = instants.utc(step.ended_at)[:16] if step.ended_at is not None else ""
    return Drawer(step, task, main_log(request, task), place_of(task), minute)


def _step(request: Request, number: int) -> Step | None:
    """A step of this operation, none of another one."""
    if number >= 2**63:
        return None
    query = select(Step).where(Step.id == number, Step.operation_id == found_operation(request).id)
    step: Step | None = request.db.scalar(query)
    return step
