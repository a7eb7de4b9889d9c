"""The shell of a cluster: client commands run on its hosts, watched, given lines, and kept for the next time."""

from typing import Any

import msgspec
from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config
from sqlalchemy import func, select

from minos_common.states import STEP_ENDED, HostState, StepState
from minos_web.models.clusters import Cluster
from minos_web.models.hosts import Host
from minos_web.models.runs import ClientRun, SavedCommand
from minos_web.operations.client_runs import USUAL_SECONDS, commands_of, lost_lines
from minos_web.operations.refusal import Refused
from minos_web.security.permissions import Permission
from minos_web.store.outputs import Outputs
from minos_web.views.api.runs import (
    NewRun,
    NewSaved,
    begin_run,
    end_run,
    forget,
    found_run,
    given_files,
    keep,
    run_json,
    saved_of,
    say_line,
    service_of,
)
from minos_web.views.badges import Badge, step_badge
from minos_web.views.clusters import cluster_frame
from minos_web.views.finding import found_cluster
from minos_web.views.frame import flash
from minos_web.views.paging import Page, wanted_page
from minos_web.views.presenting import sentence
from minos_web.views.sending import send_file

ROWS = 30
PIECE = 128 * 1024


@view_config(route_name="cluster_shell", renderer="shell.mako", request_method="GET", permission=Permission.OPERATE)
def shell_page(request: Request) -> dict[str, Any]:
    """What can be run here, what is kept, and what was run."""
    return _page(request, None, request.GET)


@view_config(
    route_name="cluster_shell",
    renderer="shell.mako",
    request_method="POST",
    permission=Permission.OPERATE,
    large_body=True,
)
def run_post(request: Request) -> Any:
    """Run what the form says; back to it with the reason when it is refused."""
    cluster, given = found_cluster(request), request.POST
    try:
        seconds = _seconds(given.get("minutes", ""))
        body = NewRun(given.get("command", ""), given.get("words", ""), given.get("host", ""), seconds)
        run = begin_run(request, cluster, body, given_files(request))
    except Refused as refused:
        request.tm.doom()
        request.response.status_int = 422
        return _page(request, refused, given)
    return HTTPSeeOther(request.route_path("run", id=run.id))


@view_config(route_name="run", renderer="run.mako", permission=Permission.OPERATE)
def run_page(request: Request) -> dict[str, Any]:
    """One run, live while it runs."""
    run = found_run(request)
    return {
        **cluster_frame(request, run.cluster),
        "title": f"{run.command} {run.words}"[:120],
        "run": run,
        "told": run_json(request, run),
        "run_badge": _badge(run),
        "over": run.step.state in STEP_ENDED,
        "lost": lost_lines(request.db, run),
        "mine": run.created_by == request.identity.user,
        "reads": run.interactive and not (run.typed and run.typed[-1]["end"]),
        "elapsed": (run.step.ended_at or request.now) - (run.step.sent_at or run.created_at),
    }


@view_config(route_name="run_output", renderer="json", permission=Permission.OPERATE)
def output(request: Request) -> dict[str, Any]:
    """A piece of its output as the log viewer wants it; ``ended`` when no more will come."""
    run = found_run(request)
    asked = request.GET.get("offset", "")
    offset = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 19 else 0
    ended = run.step.state in STEP_ENDED  # before the file is read: what comes after that is in it
    outputs = Outputs(request.console.var)
    size = outputs.size(run.step.command_id)
    text, used = whole_text(outputs.read(run.step.command_id, offset, PIECE), ended)
    waits = not ended and not size
    return {
        "state": "waiting" if waits else "ok",
        "message": run.step.message if waits else "",
        "text": text,
        "next_offset": offset + used,
        "size": size,
        "id": run.step.command_id,
        "cut_at": 0.0,
        "cleared": False,
        "ended": ended,
    }


@view_config(route_name="run_text", permission=Permission.OPERATE)
def download(request: Request) -> Response:
    """All that is here of its output, as a file."""
    run = found_run(request)
    path = Outputs(request.console.var).path(run.step.command_id)
    try:
        return send_file(request, path, f"{run.id}-{path.stat().st_size}", f"{run.command}-{run.id}.txt")
    except FileNotFoundError:
        raise HTTPNotFound("It has printed nothing.") from None


@view_config(route_name="run_control", request_method="POST", permission=Permission.OPERATE)
def control(request: Request) -> Response:
    """Give it a line, cancel it, or keep its command under a name."""
    run, verb, given = found_run(request), request.matchdict["verb"], request.POST
    try:
        if verb == "lines":
            say_line(request, run, given.get("text", ""), "end" in given)
        elif verb == "cancel":
            end_run(request, run)
        else:
            service = service_of(request, run.cluster)
            keep(request, service, NewSaved(given.get("name", "").strip(), run.command, run.words))
            flash(request, "success", f"Kept as {given.get('name', '').strip()}: it stands on the shell's page.")
    except Refused as refused:
        if "application/json" in request.headers.get("Accept", ""):
            raise
        request.tm.doom()
        flash(request, "warning", sentence(refused.message))
    if "application/json" in request.headers.get("Accept", ""):
        return Response(msgspec.json.encode({"state": "ok"}), content_type="application/json", charset="UTF-8")
    return HTTPSeeOther(request.route_path("run", id=run.id))


@view_config(route_name="saved_delete", request_method="POST", permission=Permission.OPERATE)
def delete(request: Request) -> HTTPSeeOther:
    """Keep a command no more."""
    cluster = found_cluster(request)
    row = request.db.get(SavedCommand, int(request.matchdict["id"]))
    if row is not None and row.service == cluster.service:
        flash(request, "success", f"{row.name} is kept no more.")
        forget(request, service_of(request, cluster), row.name)
    return HTTPSeeOther(request.route_path("cluster_shell", service=cluster.service, cluster=cluster.name))


def whole_text(data: bytes, ended: bool) -> tuple[str, int]:
    """Text of a piece of output and how many bytes that takes: a character that the piece's end cuts in two is left for the
    next one, unless there will be none.
    """
    for cut in range(0 if ended else 4):
        piece = data[: len(data) - cut]
        try:
            return piece.decode().replace("\0", ""), len(piece)
        except UnicodeDecodeError as error:
            if error.end < len(piece) or error.reason != "unexpected end of data":
                break
    return data.decode(errors="replace").replace("\0", ""), len(data)


def _page(request: Request, refused: Refused | None, given: Any) -> dict[str, Any]:
    cluster = found_cluster(request)
    service = service_of(request, cluster)
    commands = commands_of(service, bool(request.has_permission(Permission.ADMINISTER)))
    query = select(ClientRun).where(ClientRun.cluster_id == cluster.id)
    total = request.db.scalar(select(func.count()).select_from(query.subquery())) or 0
    number = min(wanted_page(request.GET), max(1, -(-total // ROWS)))
    runs = request.db.scalars(query.order_by(ClientRun.id.desc()).offset((number - 1) * ROWS).limit(ROWS))
    frame = cluster_frame(request, cluster)
    return {
        **frame,
        "title": f"Shell · {frame['title']}",
        "commands": commands,
        "chosen": given.get("command") or (commands[0].name if commands else ""),
        "hosts": _hosts(request, cluster),
        "saved": saved_of(request, service),
        "page": Page([(run, _badge(run)) for run in runs], number, ROWS, total),
        "refused": refused,
        "given": given,
        "usual_minutes": int(USUAL_SECONDS / 60),
    }


def _hosts(request: Request, cluster: Cluster) -> list[Host]:
    ids = {task.host_id for task in cluster.tasks if task.host_id and task.described}
    query = select(Host).where(Host.id.in_(ids), Host.state == HostState.APPROVED).order_by(Host.name)
    return list(request.db.scalars(query))


def _badge(run: ClientRun) -> Badge:
    """Its step's state; a command that ended by itself, however, is not an operation that failed."""
    step = run.step
    code = step.data.get("exit_code")
    if step.state == StepState.FAILED and code is not None:
        return Badge("failed", f"exit {code}" if code >= 0 else f"signal {-code}")
    return Badge("done", "exit 0") if step.state == StepState.DONE else step_badge(step)


def _seconds(minutes: str) -> float:
    """Seconds of so many minutes. Raises Refused."""
    if not minutes.strip():
        return USUAL_SECONDS
    try:
        return float(minutes) * 60
    except ValueError:
        raise Refused("bad-option", f"minutes is a number, not {minutes[:40]!r}", "seconds") from None
