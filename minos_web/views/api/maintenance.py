"""API: maintenance of hosts, clusters and jobs."""

from typing import Any

import msgspec
from pyramid.request import Request
from pyramid.view import view_config

from minos_web.models.clusters import Cluster
from minos_web.models.hosts import Host
from minos_web.monitor.maintaining import Work, begin_on_cluster, begin_on_host, end_on_cluster, end_on_host
from minos_web.monitor.maintenance import note_of
from minos_web.security.permissions import Permission
from minos_web.views.finding import found_cluster, found_host


class NewMaintenance(msgspec.Struct, forbid_unknown_fields=True):
    """Body of a maintenance that begins."""

    reason: str = ""
    hours: float | None = None
    job: str = ""


@view_config(route_name="api_host_maintenance", request_method="POST", renderer="json", permission=Permission.OPERATE)
def begin_host(request: Request) -> dict[str, Any]:
    """A host is worked on from now on."""
    host = found_host(request)
    begin(request, host, _body(request))
    return {"maintenance": host.maintenance}


@view_config(route_name="api_host_maintenance", request_method="DELETE", renderer="json", permission=Permission.OPERATE)
def end_host(request: Request) -> dict[str, Any]:
    """It is over."""
    host = found_host(request)
    end(request, host)
    return {"maintenance": host.maintenance}


@view_config(
    route_name="api_cluster_maintenance", request_method="POST", renderer="json", permission=Permission.OPERATE
)
def begin_cluster(request: Request) -> dict[str, Any]:
    """A cluster, or a job of it, is worked on from now on."""
    cluster = found_cluster(request)
    begin(request, cluster, _body(request))
    return {"maintenance": current(cluster, request.now)}


@view_config(
    route_name="api_cluster_maintenance", request_method="DELETE", renderer="json", permission=Permission.OPERATE
)
def end_cluster(request: Request) -> dict[str, Any]:
    """It is over: of the job ?job=, or of the whole cluster."""
    cluster = found_cluster(request)
    end(request, cluster, request.GET.get("job", ""))
    return {"maintenance": current(cluster, request.now)}


def begin(request: Request, subject: Host | Cluster, body: NewMaintenance) -> None:
    """Begin, and say so in the audit trail. Raises Refused."""
    work = Work(body.reason, request.identity.user, request.now, body.hours)
    if isinstance(subject, Host):
        begin_on_host(subject, work)
        request.audit("maintenance.begin", f"host {subject.name}", reason=body.reason, hours=body.hours)
    else:
        begin_on_cluster(subject, body.job, work)
        target = f"{subject.service}/{subject.name}"
        request.audit("maintenance.begin", target, job=body.job, reason=body.reason, hours=body.hours)


def end(request: Request, subject: Host | Cluster, job: str = "") -> None:
    """End, and say so in the audit trail where there was something to end."""
    if isinstance(subject, Host):
        if end_on_host(subject):
            request.audit("maintenance.end", f"host {subject.name}")
    elif end_on_cluster(subject, job):
        request.audit("maintenance.end", f"{subject.service}/{subject.name}", job=job)


def current(cluster: Cluster, now: float) -> dict[str, Any]:
    """Job ("" for all) -> note, of those that count."""
    return {job: kept for job, kept in (cluster.maintenance or {}).items() if note_of(kept, now)}


def _body(request: Request) -> NewMaintenance:
    return msgspec.json.decode(request.body or b"{}", type=NewMaintenance)
