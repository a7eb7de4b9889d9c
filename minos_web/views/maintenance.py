"""Maintenance from the pages of hosts and clusters."""

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.view import view_config

from minos_web.models.hosts import Host
from minos_web.operations.refusal import Refused
from minos_web.security.permissions import Permission
from minos_web.views.api.maintenance import NewMaintenance, begin, end
from minos_web.views.finding import found_cluster, found_host
from minos_web.views.frame import flash
from minos_web.views.presenting import sentence


@view_config(route_name="host_maintenance", request_method="POST", permission=Permission.OPERATE)
def host(request: Request) -> HTTPSeeOther:
    """Begin or end that of a host, and back to its page."""
    subject = found_host(request)
    _change(request, subject)
    return HTTPSeeOther(request.route_path("host", name=subject.name))


@view_config(route_name="cluster_maintenance", request_method="POST", permission=Permission.OPERATE)
def cluster(request: Request) -> HTTPSeeOther:
    """Begin or end that of a cluster or a job, and back to its page."""
    subject = found_cluster(request)
    _change(request, subject)
    return HTTPSeeOther(request.route_path("cluster", service=subject.service, cluster=subject.name))


def _change(request: Request, subject: Any) -> None:
    given = request.POST
    job = given.get("job", "")
    if "end" in given:
        end(request, subject, *([] if isinstance(subject, Host) else [job]))
        flash(request, "success", "The maintenance is over: what is wrong is told again.")
        return
    try:
        begin(request, subject, NewMaintenance(given.get("reason", ""), _hours(given.get("hours", "")), job))
    except Refused as refused:
        request.tm.doom()
        flash(request, "warning", sentence(refused.message))
    else:
        flash(request, "success", "In maintenance: what is wrong is shown, and nobody is called.")


def _hours(text: str) -> float | None:
    if not text.strip():
        return None
    try:
        return float(text)
    except ValueError:
        raise Refused("bad-option", f"hours is a number, not {text[:40]!r}", "hours") from None
