"""Keytabs of a cluster: whose keys there are, which files name them, and the form that takes a new one."""

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.view import view_config

from minos_web.operations.refusal import Refused
from minos_web.security.keytab_file import MOST_BYTES
from minos_web.security.keytabs import kept
from minos_web.security.permissions import Permission
from minos_web.views.api.keytabs import drop, take
from minos_web.views.clusters import cluster_frame
from minos_web.views.finding import found_cluster
from minos_web.views.frame import flash


@view_config(route_name="cluster_keytabs", request_method="GET", renderer="keytabs.mako", permission=Permission.OPERATE)
def keytabs_page(request: Request) -> dict[str, Any]:
    """What there is."""
    return _page(request, None)


@view_config(
    route_name="cluster_keytabs", request_method="POST", renderer="keytabs.mako", permission=Permission.ADMINISTER
)
def change(request: Request) -> Any:
    """Take one in, or forget one; back to the form with the reason when it is refused."""
    cluster, given = found_cluster(request), request.POST
    if "delete" in given:
        drop(request, cluster, given["delete"], given.get("host", ""))
        flash(
            request, "success", f"{given['delete']} is forgotten. Hosts keep theirs until their tasks are cleaned up."
        )
        return _back(request)
    file = given.get("file")
    try:
        if not hasattr(file, "file"):
            raise Refused("bad-keytab", "choose a file", "file")
        name = given.get("name", "").strip() or file.filename
        row = take(request, cluster, name, given.get("host", ""), file.file.read(MOST_BYTES + 1))
    except Refused as refused:
        request.tm.doom()
        request.response.status_int = 422
        return _page(request, refused)
    flash(
        request, "success", f"{row.name} is kept. It goes to its hosts with the next start, restart or rolling update."
    )
    return _back(request)


def _back(request: Request) -> HTTPSeeOther:
    return HTTPSeeOther(request.route_path("cluster_keytabs", **request.matchdict))


def _page(request: Request, refused: Refused | None) -> dict[str, Any]:
    cluster = found_cluster(request)
    return {
        **cluster_frame(request, cluster),
        "title": f"Keytabs · {cluster.name}",
        "keytabs": kept(request.db, cluster),
        "addresses": sorted({task.address for task in cluster.tasks if task.described}),
        "refused": refused,
        "given": request.POST if request.method == "POST" else {},
        "may_change": bool(request.has_permission(Permission.ADMINISTER)),
    }
