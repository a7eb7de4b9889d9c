"""API: client commands of a cluster's service, run on one of its hosts."""

from typing import Any

import msgspec
from pyramid.httpexceptions import HTTPNotFound
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config
from sqlalchemy import select

from minos_common.states import STEP_ENDED
from minos_web.catalog.description import Service
from minos_web.models.clusters import Cluster
from minos_web.models.hosts import Host
from minos_web.models.operations import Step
from minos_web.models.runs import ClientRun, SavedCommand
from minos_web.operations.client_runs import (
    USUAL_SECONDS,
    Asked,
    cancel_run,
    commands_of,
    give_line,
    run_client,
    save_command,
)
from minos_web.operations.refusal import Refused
from minos_web.security.permissions import Permission
from minos_web.store.outputs import Outputs
from minos_web.store.run_files import MOST_FILES, BadFile, RunFiles
from minos_web.views.api import lists
from minos_web.views.api.params import id_of, number_of
from minos_web.views.errors import Refusal
from minos_web.views.finding import found_cluster
from minos_web.views.sending import send_file

PIECE = 256 * 1024


class NewRun(msgspec.Struct, forbid_unknown_fields=True):
    """Body of a new run."""

    command: str
    words: str = ""
    host: str = ""
    seconds: float = USUAL_SECONDS


class NewLine(msgspec.Struct, forbid_unknown_fields=True):
    """A line for a command that reads."""

    text: str = ""
    end: bool = False


class NewSaved(msgspec.Struct, forbid_unknown_fields=True):
    """Body of a command to keep."""

    name: str
    command: str
    words: str = ""


@view_config(route_name="api_commands", request_method="GET", renderer="json", permission=Permission.VIEW)
def commands(request: Request) -> dict[str, Any]:
    """What can be run on this cluster by who asks, and what is kept under names."""
    return commands_json(request, service_of(request, found_cluster(request)))


@view_config(route_name="api_commands", request_method="POST", renderer="json", permission=Permission.OPERATE)
def save(request: Request) -> dict[str, Any]:
    """Keep a command under a name, for everybody, on all clusters of the service."""
    cluster = found_cluster(request)
    keep(request, service_of(request, cluster), msgspec.json.decode(request.body, type=NewSaved))
    return commands_json(request, service_of(request, cluster))


@view_config(route_name="api_commands", request_method="DELETE", renderer="json", permission=Permission.OPERATE)
def drop(request: Request) -> dict[str, Any]:
    """Keep the command called ``name`` no more."""
    service = service_of(request, found_cluster(request))
    forget(request, service, request.GET.get("name", ""))
    return commands_json(request, service)


@view_config(
    route_name="api_runs", request_method="POST", renderer="json", permission=Permission.OPERATE, large_body=True
)
def start(request: Request) -> dict[str, Any]:
    """Run a client command: 201 with its id. The body is JSON, or a form with the same fields and files."""
    if request.content_type == "multipart/form-data":
        fields = {name: request.POST[name] for name in ("command", "words", "host", "seconds") if name in request.POST}
        body = msgspec.convert(fields, NewRun, strict=False)
    else:
        body = msgspec.json.decode(request.body, type=NewRun)
    run = begin_run(request, found_cluster(request), body, given_files(request))
    request.response.status_int = 201
    return {"id": run.id, "url": request.route_url("api_run", id=run.id)}


@view_config(route_name="api_runs", request_method="GET", renderer="json", permission=Permission.OPERATE)
def newest(request: Request) -> dict[str, Any]:
    """Runs on the cluster, newest first; ?limit= (at most 200) and ?before=<id> page through them."""
    cluster = found_cluster(request)
    rows, further = lists.newest(request, select(ClientRun).where(ClientRun.cluster_id == cluster.id), ClientRun.id)
    return {"runs": [run_json(request, row) for row in rows], "next": further}


@view_config(route_name="api_run", request_method="GET", renderer="json", permission=Permission.OPERATE)
def one(request: Request) -> dict[str, Any]:
    """How far a run is."""
    return run_json(request, found_run(request))


@view_config(route_name="api_run_output", request_method="GET", permission=Permission.OPERATE)
def output(request: Request) -> Response:
    """What it printed, from byte ``offset`` on, as far as it is here: the run's state says whether more will come."""
    run, offset = found_run(request), number_of(request, "offset") or 0
    body = Outputs(request.console.var).read(run.step.command_id, offset, PIECE)
    return Response(body, content_type="application/octet-stream")


@view_config(route_name="api_run_lines", request_method="POST", renderer="json", permission=Permission.OPERATE)
def line(request: Request) -> dict[str, Any]:
    """Give it a line to read; with ``end`` it is the last."""
    body = msgspec.json.decode(request.body, type=NewLine)
    run = found_run(request)
    say_line(request, run, body.text, body.end)
    return run_json(request, run)


@view_config(route_name="api_run_cancel", request_method="POST", renderer="json", permission=Permission.OPERATE)
def cancel(request: Request) -> dict[str, Any]:
    """End it."""
    run = found_run(request)
    end_run(request, run)
    return run_json(request, run)


@view_config(route_name="api_run_file", request_method="GET", permission=Permission.SUPPLY)
def file(request: Request) -> Response:
    """A worker fetches a file that was given with a command."""
    step, number = request.db.get(Step, id_of(request)), int(request.matchdict["number"])
    files = step.args.get("files", []) if step is not None else []
    if number >= len(files):
        raise HTTPNotFound("there is no such file")
    given = files[number]
    return send_file(request, run_files(request).path(given["sha256"]), given["sha256"], given["name"])


def begin_run(request: Request, cluster: Cluster, body: NewRun, files: list[dict[str, Any]]) -> ClientRun:
    """Have it run, and say so in the audit trail. Raises Refused."""
    asked = Asked(
        command=body.command,
        words=body.words.strip(),
        host=body.host.strip(),
        user=request.identity.user,
        now=request.now,
        may_run_code=bool(request.has_permission(Permission.ADMINISTER)),
        seconds=body.seconds,
        files=files,
    )
    run = run_client(request.db, request.console, cluster, asked)
    target = f"{cluster.service}/{cluster.name}"
    details = {"command": run.command, "words": run.words[:1000], "host": run.step.args["host"], "run": run.id}
    request.audit("run.start", target, **details, **({"files": [one["name"] for one in files]} if files else {}))
    return run


def keep(request: Request, service: Service, body: NewSaved) -> None:
    """Save a command, and say so in the audit trail. Raises Refused."""
    user, now = request.identity.user, request.now
    save_command(request.db, service, body.name, Asked(body.command, body.words.strip(), "", user, now))
    request.audit("command.save", service.name, name=body.name, command=body.command, words=body.words[:1000])


def forget(request: Request, service: Service, name: str) -> None:
    """Delete a saved command, and say so in the audit trail. Raises Refusal."""
    row = request.db.scalar(select(SavedCommand).filter_by(service=service.name, name=name))
    if row is None:
        raise Refusal(404, "not-found", f"no command is saved as {name[:60]!r}", "name")
    request.db.delete(row)
    request.audit("command.delete", service.name, name=name)


def say_line(request: Request, run: ClientRun, text: str, end: bool) -> None:
    """Give a run a line, and say so in the audit trail. Raises Refused."""
    if run.created_by != request.identity.user:
        raise Refused("not-yours", f"only {run.created_by}, who started it, may give it lines", "text")
    at = Outputs(request.console.var).size(run.step.command_id)
    give_line(request.db, run, text, end, at, request.now)
    request.audit("run.line", _target(run), run=run.id, text=text[:1000], end=end)


def end_run(request: Request, run: ClientRun) -> None:
    """Cancel a run, and say so in the audit trail."""
    if cancel_run(run, request.identity.user, request.now):
        request.audit("run.cancel", _target(run), run=run.id)


def given_files(request: Request) -> list[dict[str, Any]]:
    """Files of a form, kept. Raises Refused."""
    if request.content_type != "multipart/form-data":
        return []
    given = [one for one in request.POST.getall("file") if hasattr(one, "file")]
    if len(given) > MOST_FILES:
        raise Refused("too-many", f"at most {MOST_FILES} files can be given at a time", "file")
    try:
        found = [run_files(request).take(one.filename.replace("\\", "/").rpartition("/")[2], one.file) for one in given]
    except BadFile as error:
        raise Refused("bad-file", str(error), "file") from error
    if len({one["name"] for one in found}) < len(found):
        raise Refused("bad-file", "two of the files have the same name", "file")
    return found


def run_files(request: Request) -> RunFiles:
    """Where given files lie."""
    return RunFiles(request.console.var, request.console.settings.keep_free_bytes)


def found_run(request: Request) -> ClientRun:
    """The run of ``{id}``. Raises HTTPNotFound."""
    run: ClientRun | None = request.db.get(ClientRun, id_of(request))
    if run is None:
        raise HTTPNotFound(f"There is no run {request.matchdict['id']}: it was never, or is not kept any more.")
    return run


def saved_of(request: Request, service: Service) -> list[SavedCommand]:
    """Commands that are kept for a service."""
    query = select(SavedCommand).where(SavedCommand.service == service.name).order_by(SavedCommand.name)
    return list(request.db.scalars(query))


def service_of(request: Request, cluster: Cluster) -> Service:
    """The service of a cluster. Raises Refusal where its folder is gone."""
    service: Service | None = request.console.catalog.get(cluster.service)
    if service is None:
        raise Refusal(404, "not-found", f"there is no service folder {cluster.service}", "service")
    return service


def commands_json(request: Request, service: Service) -> dict[str, Any]:
    """{commands, saved} of a service, for who asks."""
    may_run_code = bool(request.has_permission(Permission.ADMINISTER))
    return {
        "commands": [
            {
                "name": command.name,
                "title": command.title,
                "example": command.example,
                "interactive": command.interactive,
                "runs_code": command.runs_code,
            }
            for command in commands_of(service, may_run_code)
        ],
        "saved": [
            {"name": one.name, "command": one.command, "words": one.words, "created_by": one.created_by}
            for one in saved_of(request, service)
        ],
    }


def run_json(request: Request, run: ClientRun) -> dict[str, Any]:
    """One run; ``printed`` are the bytes of output that are here."""
    step = run.step
    host = request.db.get(Host, step.host_id) if step.host_id else None
    return {
        "id": run.id,
        "service": run.cluster.service,
        "cluster": run.cluster.name,
        "command": run.command,
        "words": run.words,
        "interactive": run.interactive,
        "host": host.name if host else None,
        "state": step.state,
        "over": step.state in STEP_ENDED,
        "message": step.message,
        "exit_code": step.data.get("exit_code"),
        "printed": Outputs(request.console.var).size(step.command_id),
        "created_by": run.created_by,
        "created_at": run.created_at,
        "ended_at": step.ended_at,
        "files": [{"name": one["name"], "size": one["size"]} for one in run.files],
        "lines": len(run.typed),
    }


def _target(run: ClientRun) -> str:
    return f"{run.cluster.service}/{run.cluster.name}"
