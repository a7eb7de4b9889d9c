"""API: questions to workers (read a log, list logs, show). Ask, then fetch the answer by its id."""

from typing import Any

import msgspec
from pyramid.httpexceptions import HTTPNotFound
from pyramid.request import Request
from pyramid.view import view_config
from sqlalchemy import select

from minos_common.states import StepState
from minos_web.models.clusters import Cluster, Task
from minos_web.models.operations import Step
from minos_web.operations.ask import answer_of, ask
from minos_web.operations.refusal import Refused
from minos_web.security.permissions import Permission
from minos_web.views.api.shapes import step_json
from minos_web.views.errors import Refusal
from minos_web.views.questions import asked

ASKING = {"state": "asking"}
"""What is said while a worker has not answered."""


class NewQuestion(msgspec.Struct, forbid_unknown_fields=True):
    """Body of a question."""

    service: str
    cluster: str
    job: str
    task: int
    verb: str
    args: dict[str, Any] = {}


@view_config(route_name="api_questions", request_method="POST", renderer="json", permission=Permission.VIEW)
def put(request: Request) -> dict[str, Any]:
    """Ask the worker of one task: 202 with the question's id and URL."""
    body = msgspec.json.decode(request.body, type=NewQuestion)
    request.require(Permission.VIEW, f"{body.service}/{body.cluster}")
    task = find_task(request, body.service, body.cluster, body.job, body.task)
    try:
        step = ask(request.db, task, body.verb, body.args, request.identity.user, request.now)
    except ValueError as error:
        raise Refused("bad-verb", str(error), "verb") from error
    request.response.status_int = 202
    return {"id": step.id, "url": request.route_url("api_question", id=step.id)}


@view_config(route_name="api_question", request_method="GET", renderer="json", permission=Permission.VIEW)
def get(request: Request) -> dict[str, Any]:
    """The question and, once its state is done or failed, its answer in ``data``."""
    step = answer_of(request.db, int(request.matchdict["id"]))
    if step is None:
        raise HTTPNotFound(f"there is no question {request.matchdict['id']}; answers are kept for a while only")
    return step_json(step)


def answered(request: Request, task: Task, verb: str, args: dict[str, Any], fresh: float) -> Step | None:
    """What the worker of a task answered, at most ``fresh`` seconds ago; while it has not, None, and the answer becomes a
    202: say ``ASKING`` then. Raises Refusal (504) when it did not answer.
    """
    step = asked(request, task, verb, args, fresh)
    if step is None:
        request.response.status_int = 202
        request.response.headers["Retry-After"] = "1"
    elif step.state != StepState.DONE:
        raise Refusal(504, "no-answer", step.message or "the worker did not answer")
    return step


def find_task(request: Request, service: str, cluster: str, job: str, number: int) -> Task:
    """The task row of these names; 404 otherwise."""
    found: Task | None = request.db.scalar(
        select(Task)
        .join(Cluster, Task.cluster_id == Cluster.id)
        .where(Cluster.service == service, Cluster.name == cluster, Task.job == job, Task.number == number)
        .where(Task.retired.is_(False))
        .order_by(Task.described.desc())
    )
    if found is None:
        raise HTTPNotFound(f"there is no task {number} of {job} in {service}/{cluster}")
    return found
