"""API: what a cluster's tasks are watched for beside their process, and which of them are not as they should be."""

from collections.abc import Sequence
from typing import Any

import msgspec
from pyramid.request import Request
from pyramid.view import view_config
from sqlalchemy import select

from minos_web.models.clusters import Cluster, Task
from minos_web.models.watching import Watched
from minos_web.monitor.watch_policies import Policy, policies_of, replace_policies
from minos_web.security.permissions import Permission
from minos_web.views.finding import found_cluster


class NewWatching(msgspec.Struct, forbid_unknown_fields=True):
    """Body of a PUT: all policies of the cluster."""

    policies: list[Policy]


@view_config(route_name="api_watching", request_method="GET", renderer="json", permission=Permission.VIEW)
def watching(request: Request) -> dict[str, Any]:
    """Policies, and tasks that are wrong by them."""
    return _json(request, found_cluster(request))


@view_config(route_name="api_watching", request_method="PUT", renderer="json", permission=Permission.OPERATE)
def put(request: Request) -> dict[str, Any]:
    """These policies and no others."""
    cluster = found_cluster(request)
    keep(request, cluster, msgspec.json.decode(request.body, type=NewWatching).policies)
    return _json(request, cluster)


def keep(request: Request, cluster: Cluster, policies: Sequence[Policy]) -> None:
    """Put these in the place of what there is, and say so in the audit trail. Raises Refused."""
    if replace_policies(request.db, cluster, policies, request.identity.user, request.now):
        told = msgspec.to_builtins(policies_of(request.db, cluster))
        request.audit("watching.change", f"{cluster.service}/{cluster.name}", policies=told)


def wrong_now(request: Request, cluster: Cluster) -> list[Watched]:
    """Tasks that are wrong by their policies, the oldest first."""
    query = select(Watched).join(Task).where(Task.cluster_id == cluster.id, Watched.fired_at.is_not(None))
    return list(request.db.scalars(query.order_by(Watched.fired_at, Watched.id)))


def _json(request: Request, cluster: Cluster) -> dict[str, Any]:
    return {
        "policies": msgspec.to_builtins(policies_of(request.db, cluster)),
        "wrong": [
            {
                "job": row.task.job,
                "number": row.task.number,
                "kind": row.kind,
                "reason": row.reason,
                "since": row.fired_at,
                "restarts": list(row.restarts),
                "operation": row.operation_id,
                "held": row.held,
            }
            for row in wrong_now(request, cluster)
        ],
    }
