"""A cluster's page of failover drills: the mark of a test cluster, what can be drilled, and how it went over time."""

from statistics import median
from typing import Any

from pyramid.httpexceptions import HTTPForbidden, HTTPSeeOther
from pyramid.request import Request
from pyramid.view import view_config

from minos_web.models.clusters import Cluster
from minos_web.models.drills import Drill
from minos_web.operations.drills import ground_of
from minos_web.operations.plan import Action
from minos_web.operations.refusal import Busy, Refused
from minos_web.operations.submit import submit
from minos_web.operations.wish import Wish
from minos_web.security.permissions import Permission
from minos_web.views.api.drills import described, mark, newest
from minos_web.views.badges import Badge
from minos_web.views.clusters import cluster_frame
from minos_web.views.finding import found_cluster
from minos_web.views.frame import flash

_KINDS = {"open": "changing", "good": "done", "slow": "degraded", "failed": "failed", "cancelled": "cancelled"}
LATELY = 10


@view_config(
    route_name="cluster_drills", request_method="GET", renderer="cluster_drills.mako", permission=Permission.VIEW
)
def page(request: Request) -> dict[str, Any]:
    """What there is."""
    return _page(request, found_cluster(request), None)


@view_config(
    route_name="cluster_drills", request_method="POST", renderer="cluster_drills.mako", permission=Permission.OPERATE
)
def change(request: Request) -> Any:
    """Mark the cluster (``test``: yes or no; for administrators), or begin the drill ``drill``."""
    cluster, given = found_cluster(request), request.POST
    here = request.route_path("cluster_drills", service=cluster.service, cluster=cluster.name)
    if "test" in given:
        if not request.has_permission(Permission.ADMINISTER):
            raise HTTPForbidden("to mark a test cluster needs the role admin")
        mark(request, cluster, given["test"] == "yes")
        words = (
            "is a test cluster: its daemons may be killed in drills" if given["test"] == "yes" else "is no test cluster"
        )
        flash(request, "success", f"{cluster.name} {words}.")
        return HTTPSeeOther(here)
    options = {"drill": given.get("drill", ""), "confirm": given.get("confirm", "").strip()}
    who, now = request.identity.user, request.now
    wish = Wish(cluster.service, cluster.name, Action.DRILL.value, who, now, options=options)
    try:
        operation = submit(request.db, request.console, wish).operation
    except Refused as refused:
        request.tm.doom()
        request.response.status_int = 409 if isinstance(refused, Busy) else 422
        return _page(request, cluster, refused)
    target = f"{cluster.service}/{cluster.name}"
    request.audit("operation.drill", target, operation=operation.id, drill=options["drill"])
    return HTTPSeeOther(request.route_path("operation", id=operation.id))


def _page(request: Request, cluster: Cluster, refused: Refused | None) -> dict[str, Any]:
    rows, known = newest(request, cluster), described(request, cluster)
    longest = max((row.seconds for row in rows if row.seconds is not None), default=0.0)
    return {
        **cluster_frame(request, cluster),
        "ground": ground_of(request.db, cluster),
        "known": known,
        "titles": {one.name: one.title for one in known},
        "lately": {one.name: lately([row for row in rows if row.name == one.name]) for one in known},
        "rows": [
            (row, badge_of(row), 100 * row.seconds / longest if row.seconds and longest else None) for row in rows
        ],
        "refused": refused,
        "given": request.POST if request.method == "POST" else {},
    }


def lately(rows: list[Drill]) -> str:
    """How the last drills of a kind went, in words; ``rows`` are newest first."""
    done = [row for row in rows if row.outcome not in ("open", "cancelled")]
    if not done:
        return "never done here"
    last, before = ([row.seconds for row in part if row.seconds is not None] for part in (done[:LATELY], done[LATELY:]))
    words = f"{sum(row.outcome == 'good' for row in done[:LATELY])} of the last {len(done[:LATELY])} went well"
    if last:
        words += f", half of them within {median(last):.1f} s"
    if last and before:
        words += f"; before that it was {median(before):.1f} s"
    return words


def badge_of(row: Drill) -> Badge:
    """How a drill went."""
    return Badge(_KINDS[row.outcome], {"open": "under way"}.get(row.outcome, row.outcome), row.at, row.reason)
