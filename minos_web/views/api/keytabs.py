"""API: keytabs of a cluster. They go in, and to hosts; nobody gets them out here."""

from typing import Any

from pyramid.httpexceptions import HTTPNotFound
from pyramid.request import Request
from pyramid.view import view_config
from sqlalchemy import select

from minos_web.models.clusters import Cluster
from minos_web.models.keytabs import Keytab
from minos_web.operations.refusal import Refused
from minos_web.security.keytab_file import MOST_BYTES, BadKeytab
from minos_web.security.keytabs import Given, keep, kept
from minos_web.security.permissions import Permission
from minos_web.views.api.lists import paged
from minos_web.views.finding import found_cluster


@view_config(route_name="api_keytabs", request_method="GET", renderer="json", permission=Permission.OPERATE)
def listed(request: Request) -> dict[str, Any]:
    """Which keytabs there are, and for whom they have keys."""
    return paged(request, "keytabs", kept(request.db, found_cluster(request)), _json)


@view_config(route_name="api_keytab", request_method="PUT", renderer="json", permission=Permission.ADMINISTER)
def put(request: Request) -> dict[str, Any]:
    """Keep the body as the keytab of this name; with ?host=<address> for that host alone."""
    data = request.body_file.read(MOST_BYTES + 1)
    return _json(take(request, found_cluster(request), request.matchdict["name"], request.params.get("host", ""), data))


@view_config(route_name="api_keytab", request_method="DELETE", renderer="json", permission=Permission.ADMINISTER)
def delete(request: Request) -> dict[str, Any]:
    """Forget it. Hosts keep what they have until their tasks are cleaned up."""
    cluster, name = found_cluster(request), request.matchdict["name"]
    drop(request, cluster, name, request.params.get("host", ""))
    return {"deleted": name}


def take(request: Request, cluster: Cluster, name: str, address: str, data: bytes) -> Keytab:
    """Keep a keytab, with a line in the audit trail. Raises Refused."""
    given = Given(name, address, data, request.identity.user, request.now)
    try:
        row = keep(request.db, request.console.secret, cluster, given)
    except BadKeytab as error:
        raise Refused("bad-keytab", f"this is not taken as a keytab: {error}", "file") from error
    what = {"name": name, "host": address, "sha256": row.sha256}
    request.audit("keytab.put", f"{cluster.service}/{cluster.name}", **what)
    return row


def drop(request: Request, cluster: Cluster, name: str, address: str) -> None:
    """Forget a keytab, with a line in the audit trail. Raises HTTPNotFound."""
    wanted = select(Keytab).filter_by(cluster_id=cluster.id, name=name, address=address)
    row = request.db.scalar(wanted)
    if row is None:
        raise HTTPNotFound(f"{cluster.name} has no keytab {name}{f' for {address}' if address else ' for all hosts'}")
    request.db.delete(row)
    request.audit("keytab.delete", f"{cluster.service}/{cluster.name}", name=name, host=address)


def _json(row: Keytab) -> dict[str, Any]:
    return {
        "name": row.name,
        "host": row.address,
        "entries": row.entries,
        "sha256": row.sha256,
        "uploaded_by": row.uploaded_by,
        "uploaded_at": row.uploaded_at,
    }
