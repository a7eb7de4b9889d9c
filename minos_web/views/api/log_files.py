"""API: logs of a task: listed, fetched whole from its host, downloaded; and its captured output cleared."""

import posixpath
import re
import zlib
from typing import Any

import msgspec
from pyramid.httpexceptions import HTTPNotFound
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from minos_common.states import STEP_ENDED, StepState
from minos_common.verbs import LOG_PIECE
from minos_web.models.clusters import Task
from minos_web.models.operations import Step
from minos_web.operations.log_files import cancel_fetch, clear_log, fetch_log, fetched, ready_file, spool_of
from minos_web.security.permissions import Permission
from minos_web.store.spool import Misplaced, NoRoom, Piece
from minos_web.views.api.params import id_of, number_of
from minos_web.views.api.questions import ASKING, answered, find_task
from minos_web.views.errors import Refusal
from minos_web.views.sending import send_file

LISTED_SECONDS = 2.0
_RUN = re.compile(r"[0-9a-f]{1,64}")


class Wanted(msgspec.Struct, forbid_unknown_fields=True):
    """Which log file."""

    name: str = ""


@view_config(route_name="api_logs", request_method="GET", renderer="json", permission=Permission.VIEW)
def listing(request: Request) -> dict[str, Any]:
    """The task's log files, newest first; 202 while its worker has not answered: ask again in a second."""
    step = answered(request, _task(request), "list-logs", {}, LISTED_SECONDS)
    if step is None:
        return dict(ASKING)
    return {"files": step.data.get("files", [])}


@view_config(route_name="api_logs_fetch", request_method="POST", renderer="json", permission=Permission.VIEW)
def fetch(request: Request) -> dict[str, Any]:
    """Have a log file brought from its host: 202 with what there is to see of it."""
    wanted = msgspec.json.decode(request.body or b"{}", type=Wanted)
    step = begin_fetch(request, _task(request), wanted.name)
    request.response.status_int = 202
    return log_file_json(request, step)


@view_config(route_name="api_logs_clear", request_method="POST", renderer="json", permission=Permission.OPERATE)
def clear(request: Request) -> dict[str, Any]:
    """Have the captured output of a task emptied: 202 with the question that tells how it went."""
    step = begin_clear(request, _task(request))
    request.response.status_int = 202
    return {"id": step.id, "url": request.route_url("api_question", id=step.id)}


@view_config(route_name="api_log_file", request_method="GET", renderer="json", permission=Permission.VIEW)
def get(request: Request) -> dict[str, Any]:
    """How far a log file is."""
    return log_file_json(request, found_fetch(request))


@view_config(route_name="api_log_file", request_method="DELETE", renderer="json", permission=Permission.VIEW)
def cancel(request: Request) -> dict[str, Any]:
    """Have it no more."""
    return log_file_json(request, end_fetch(request))


@view_config(route_name="api_log_file_bytes", request_method="GET", permission=Permission.VIEW)
def download(request: Request) -> Response:
    """The file's bytes, once all of them are here; ``Range`` takes a part."""
    step = found_fetch(request)
    if step.state not in STEP_ENDED:
        raise Refusal(409, "not-yet", "the file is still on its way; its state says how far it is")
    file = ready_file(request.console, step)
    gone = step.message if step.state != StepState.DONE else "the file is not kept any more; fetch it again"
    try:
        if file is not None:
            return send_file(request, file.path, f"{step.id}-{file.run}", download_name(step))
    except FileNotFoundError:  # it made way for others just now
        pass
    raise Refusal(410, "gone", gone)


@view_config(route_name="api_log_file_piece", request_method="PUT", renderer="json", permission=Permission.DELIVER)
def piece(request: Request) -> dict[str, Any]:
    """A worker brings a piece. Asks no session of the request: hundreds of these must not queue at the write lock."""
    number, place = id_of(request), _place(request)
    with request.console.readers() as session:
        step = fetched(session, number)
        wanted = step is not None and step.state not in STEP_ENDED
        why = step.message if step is not None else "nobody asked for this file"
    if not wanted:
        raise Refusal(410, "gone", why or "nobody wants this file any more")
    try:
        return {"next": spool_of(request.console).put(number, place, _unpacked(request.body))}
    except Misplaced as error:
        request.response.status_int = 409
        return {"next": error.have}
    except NoRoom as error:
        raise Refusal(507, "no-room", str(error)) from error


def begin_fetch(request: Request, task: Task, name: str) -> Step:
    """Ask for a log file, once, and say so in the audit trail."""
    step, is_new = fetch_log(request.db, task, name, request.identity.user, request.now)
    if is_new:
        request.audit("log.fetch", _target(task), file=name or "newest stdout")
    return step


def begin_clear(request: Request, task: Task) -> Step:
    """Have output cleared, and say so in the audit trail."""
    step = clear_log(request.db, task, request.identity.user, request.now)
    request.audit("log.clear", _target(task))
    return step


def found_fetch(request: Request) -> Step:
    """The log file that the URL names. Raises HTTPNotFound."""
    step = fetched(request.db, id_of(request))
    if step is None:
        raise HTTPNotFound(f"there is no log file {request.matchdict['id']}; they are kept for a while only")
    return step


def end_fetch(request: Request) -> Step:
    """Cancel the log file that the URL names: one's own, or anybody's as an operator."""
    step = found_fetch(request)
    if step.created_by != request.identity.user and not request.has_permission(Permission.OPERATE):
        raise Refusal(403, "forbidden", f"only {step.created_by} or an operator may cancel this")
    cancel_fetch(step, request.identity.user, request.now)
    return step


def log_file_json(request: Request, step: Step) -> dict[str, Any]:
    """One log file; ``received`` of ``size`` bytes are at the console."""
    file = spool_of(request.console).find(step.id)
    ready = ready_file(request.console, step) is not None
    return {
        "id": step.id,
        "url": request.route_path("api_log_file", id=step.id),
        "state": step.state,
        "message": step.message,
        "name": step.data.get("name") or step.args["name"],
        "received": file.have if file else 0,
        "size": file.size if file else step.data.get("size"),
        "file_url": request.route_path("api_log_file_bytes", id=step.id) if ready else None,
        "created_by": step.created_by,
        "created_at": step.created_at,
        "ended_at": step.ended_at,
    }


def download_name(step: Step) -> str:
    """What the file is called on a person's disk: files of several tasks must not get the same name."""
    base: str = posixpath.basename(step.data.get("name") or step.args["name"])
    if step.task is None:
        return base
    return f"{step.task.cluster.name}-{step.task.job}-{step.task.number}-{base}"


def _task(request: Request) -> Task:
    match = request.matchdict
    return find_task(request, match["service"], match["cluster"], match["job"], int(match["number"]))


def _target(task: Task) -> str:
    return f"{task.cluster.service}/{task.cluster.name} {task.job}/{task.number}"


def _place(request: Request) -> Piece:
    run, offset, size = request.GET.get("run", ""), number_of(request, "offset"), number_of(request, "size")
    if not _RUN.fullmatch(run) or offset is None or size is None:
        raise Refusal(422, "invalid", "run (hexadecimal), offset and size say where the piece belongs", "run")
    return Piece(run, offset, size)


def _unpacked(body: bytes) -> bytes:
    """The bytes of a compressed piece. Raises Refusal for one that is broken, or larger than a piece may be."""
    unpack = zlib.decompressobj(wbits=31)
    try:
        data = unpack.decompress(body, LOG_PIECE + 1)
    except zlib.error as error:
        raise Refusal(422, "invalid", f"the piece is not what was packed: {error}", "body") from error
    if len(data) > LOG_PIECE or not unpack.eof or unpack.unused_data:
        raise Refusal(422, "invalid", f"a piece is one gzip member of at most {LOG_PIECE} bytes", "body")
    return data
