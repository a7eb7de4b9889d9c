"""Which cluster a request is about: what the policy asks before it looks at anybody's grants.

A route that names ``{service}/{cluster}`` is about that cluster; one with an id is about the cluster of its row, see
``_BY_ID``; a path of the config directory about the cluster that the file describes. Everything else, and an id that leads
nowhere, is about the console as a whole: only the role that counts everywhere opens it.
"""

from collections.abc import Callable, Sequence
from urllib.parse import parse_qsl

from pyramid.request import Request
from sqlalchemy import select
from sqlalchemy.orm import Session
from webob.multidict import MultiDict

from minos_web.clusterfile.bases import builders
from minos_web.clusterfile.tree import cluster_of
from minos_web.models.alerts import Alert, Silence
from minos_web.models.brakes import Brake
from minos_web.models.clusters import Cluster
from minos_web.models.operations import Operation, Step
from minos_web.models.people import Approval
from minos_web.models.runs import ClientRun
from minos_web.models.schedules import Schedule
from minos_web.security.permissions import CONSOLE
from minos_web.store.configdir import tree_at

SOMEWHERE = "?"
"""The cluster stands in the body, or is chosen on the page: whoever may do it on some cluster gets in, and the view asks
``request.require`` for the one that it is about in the end.
"""
SAID_LATER = frozenset(
    {
        ("alerts_bulk", "POST"),
        ("api_brake", "POST"),
        ("api_questions", "POST"),
        ("api_schedules", "POST"),
        ("api_silences", "POST"),
        ("api_search", "GET"),
        ("brake", "GET"),
        ("brake", "POST"),
        ("config_new", "GET"),
        ("hosts_bulk", "POST"),
        ("schedules_new", "GET"),
        ("schedules_new", "POST"),
        ("search", "GET"),
        ("silences", "POST"),
        ("tasks_bulk", "POST"),
    }
)
"""Route and method. What the editor makes is saved at its path, which is asked about then."""


def _of_cluster(cluster: Cluster | None) -> str:
    return f"{cluster.service}/{cluster.name}" if cluster is not None else CONSOLE


def _of_operation(session: Session, number: int) -> str:
    row = session.get(Operation, number)
    return _of_cluster(row.cluster if row else None)


def _of_run(session: Session, number: int) -> str:
    row = session.get(ClientRun, number)
    return _of_cluster(row.cluster if row else None)


def _of_step(session: Session, number: int) -> str:
    row = session.get(Step, number)
    if row is not None and row.task is not None:
        return _of_cluster(row.task.cluster)
    run = session.scalar(select(ClientRun).where(ClientRun.step_id == number))
    return _of_cluster(run.cluster if run else None)


def _of_schedule(session: Session, number: int) -> str:
    row = session.get(Schedule, number)
    return _of_cluster(row.cluster if row else None)


def _of_alert(session: Session, number: int) -> str:
    row = session.get(Alert, number)
    return named(row.service, row.cluster) if row else CONSOLE


def _of_silence(session: Session, number: int) -> str:
    row = session.get(Silence, number)
    return named(row.service, row.cluster) if row else CONSOLE


def _of_brake(session: Session, number: int) -> str:
    row = session.get(Brake, number)
    return _of_cluster(row.cluster if row else None)


def _of_approval(session: Session, number: int) -> str:
    row = session.get(Approval, number)
    return row.cluster if row else CONSOLE


_BY_ID: dict[str, Callable[[Session, int], str]] = {
    "operation": _of_operation,
    "run": _of_run,
    "log_file": _of_step,
    "question": _of_step,
    "schedule": _of_schedule,
    "occurrences": _of_schedule,
    "alert": _of_alert,
    "silence": _of_silence,
    "approval": _of_approval,
    "brake": _of_brake,
}
"""First word of the names of routes (behind "api_") whose ``{id}`` leads to a cluster."""
_NOT_BY_ID = ("alert_rule",)
_SERVICE_WIDE = frozenset({("saved_delete", "POST"), ("api_commands", "POST"), ("api_commands", "DELETE")})
"""Commands are kept for all clusters of a service, wherever they were kept."""


def named(service: str, cluster: str) -> str:
    """A cluster, all of a service (no ``cluster``), or the console as a whole (no ``service``: any cluster's)."""
    return f"{service}/{cluster or '*'}" if service else CONSOLE


def scope_of(request: Request) -> str:
    """service/cluster, ``CONSOLE`` or ``SOMEWHERE``. Looked up once for a request."""
    known: str | None = getattr(request, "minos_scope", None)
    if known is None:
        known = request.minos_scope = _found(request)
    return known


def _found(request: Request) -> str:
    route = getattr(request, "matched_route", None)
    if route is None:
        return CONSOLE
    if (route.name, request.method) in SAID_LATER:
        return SOMEWHERE
    given = request.matchdict
    if "service" in given and "cluster" in given:
        wide = (route.name, request.method) in _SERVICE_WIDE
        return named(given["service"], "" if wide else given["cluster"])
    return _of_row_or_file(request, route.name, given)


def _of_row_or_file(request: Request, route: str, given: dict[str, str]) -> str:
    if "path" in given and "config" in route:
        return _of_path(request, given["path"])
    if "id" in given:
        return _of_id(request, route, given)
    if route in ("api_series", "api_events"):
        return _of_question(request.GET)
    if route == "api_series_several":
        return _of_charts(request.GET.getall("q"))
    return CONSOLE


def _of_question(asked: MultiDict) -> str:
    """The cluster that figures or happenings are asked of."""
    return named(asked.get("service", ""), asked.get("cluster", ""))


def _of_charts(texts: Sequence[str]) -> str:
    """The one cluster that all charts are about, each a query as the view reads it; the console as soon as there are two."""
    places = {_of_question(MultiDict(parse_qsl(text))) for text in texts}
    return places.pop() if len(places) == 1 else CONSOLE


def _of_id(request: Request, route: str, given: dict[str, str]) -> str:
    name = route.removeprefix("api_")
    look = next((look for word, look in _BY_ID.items() if f"{name}_".startswith(f"{word}_")), None)
    number = int(given["id"])
    if look is None or name.startswith(_NOT_BY_ID) or number >= 2**63:
        return CONSOLE
    with request.console.readers() as session:
        found = look(session, number)
    if route == "run_control" and given["verb"] == "save":
        return named(found.partition("/")[0], "")
    return found


def _of_path(request: Request, path: str) -> str:
    """The cluster whose file it is. A file that others build on, or that describes none, is everybody's."""
    cluster = cluster_of(path)
    if cluster is None:
        return CONSOLE
    with request.console.readers() as session:
        shared = next(builders(tree_at(session), path), None) is not None
    return CONSOLE if shared else named(*cluster)
