"""API: quotas of an HDFS cluster: the newest numbers, reading them, setting one; and who hears of a user's."""

from typing import Any

import msgspec
from pyramid.httpexceptions import HTTPNotFound
from pyramid.request import Request
from pyramid.view import view_config
from sqlalchemy import select

from minos_web.models.clusters import Cluster
from minos_web.models.quotas import Quota, QuotaReading
from minos_web.models.runs import ClientRun
from minos_web.monitor.quotas.addresses import addresses_in, all_addresses, forget_addresses, keep_addresses, user_in
from minos_web.monitor.quotas.keeping import SERVICE, numbers_of, rows_of
from minos_web.monitor.quotas.naming import directories_in, user_of
from minos_web.monitor.quotas.reading import Wish, ask_to_read, serves, switch
from minos_web.monitor.quotas.rules import NAMES, SPACE, judged, limits_of
from minos_web.monitor.quotas.setting import Change, change_of, clearing, set_quota
from minos_web.operations.refusal import Refused
from minos_web.security.permissions import Permission
from minos_web.views.finding import found_cluster


class NewReading(msgspec.Struct, forbid_unknown_fields=True):
    """How a cluster is to be read; what is left out stays."""

    enabled: bool | None = None
    directories: list[str] | None = None


class NewQuota(msgspec.Struct, forbid_unknown_fields=True):
    """Quotas as they are to be: a number (space also as a text like 10 GB), null for none; what is left out stays."""

    names: int | str | msgspec.UnsetType | None = msgspec.UNSET
    space: int | str | msgspec.UnsetType | None = msgspec.UNSET


@view_config(route_name="api_quotas", request_method="GET", renderer="json", permission=Permission.VIEW)
def listed(request: Request) -> dict[str, Any]:
    """The newest numbers of every directory, and how the last read went."""
    return _json(request, hdfs_cluster(request))


@view_config(route_name="api_quotas", request_method="PUT", renderer="json", permission=Permission.OPERATE)
def change_reading(request: Request) -> dict[str, Any]:
    """Read it in rounds or not, and what beside the home directories."""
    cluster, body = hdfs_cluster(request), msgspec.json.decode(request.body, type=NewReading)
    reading = known_reading(request, cluster)
    enabled = body.enabled if body.enabled is not None else (reading is None or reading.enabled)
    lines = body.directories if body.directories is not None else (reading.directories if reading else [])
    switched(request, cluster, enabled, "\n".join(lines))
    return _json(request, cluster)


@view_config(route_name="api_quotas_read", request_method="POST", renderer="json", permission=Permission.OPERATE)
def read_post(request: Request) -> dict[str, Any]:
    """Read them now; the answer is that of GET, a moment later."""
    cluster = hdfs_cluster(request)
    read_now(request, cluster)
    request.response.status_int = 202
    return _json(request, cluster)


@view_config(route_name="api_quota", request_method="GET", renderer="json", permission=Permission.VIEW)
def one(request: Request) -> dict[str, Any]:
    """One directory."""
    return _quota_json(request, found_quota(request, hdfs_cluster(request)))


@view_config(route_name="api_quota", request_method="PUT", renderer="json", permission=Permission.ADMINISTER)
def put(request: Request) -> dict[str, Any]:
    """Set or clear quotas: client commands, whose ids the answer has."""
    row, body = found_quota(request, hdfs_cluster(request)), msgspec.json.decode(request.body, type=NewQuota)
    given = {kind: value for kind, value in ((NAMES, body.names), (SPACE, body.space)) if value is not msgspec.UNSET}
    if not given:
        raise Refused("bad-quota", "say names, space or both", "names")
    changes = [clearing(kind) if value is None else change_of(kind, str(value)) for kind, value in given.items()]
    runs = [quota_set(request, row, change).id for change in changes]
    request.response.status_int = 202
    return {"runs": runs}


@view_config(route_name="api_quota_addresses", request_method="GET", renderer="json", permission=Permission.OPERATE)
def addresses(request: Request) -> dict[str, Any]:
    """User -> mail addresses."""
    return {"addresses": all_addresses(request.db)}


@view_config(route_name="api_quota_addresses", request_method="PUT", renderer="json", permission=Permission.ADMINISTER)
def put_addresses(request: Request) -> dict[str, Any]:
    """Keep the addresses of the users that are named; others stay."""
    body = msgspec.json.decode(request.body, type=dict[str, list[str]])
    given = {user: addresses_in(" ".join(several)) for user, several in body.items()}
    strange = next((user for user in given if not user or user != user_in(user)), None)
    if strange is not None:
        raise Refused("bad-name", f"{strange[:80]!r} is no user: a name without @ and /", "user")
    kept(request, given)
    return {"addresses": all_addresses(request.db)}


@view_config(
    route_name="api_quota_addresses", request_method="DELETE", renderer="json", permission=Permission.ADMINISTER
)
def delete_addresses(request: Request) -> dict[str, Any]:
    """Forget the addresses of ``user``."""
    forgotten(request, request.params.get("user", ""))
    return {"addresses": all_addresses(request.db)}


def hdfs_cluster(request: Request) -> Cluster:
    """The cluster of the URL, which must be one of HDFS. Raises HTTPNotFound."""
    cluster = found_cluster(request)
    if cluster.service != SERVICE:
        raise HTTPNotFound(f"{cluster.name} is no cluster of {SERVICE}: it has no quotas.")
    return cluster


def found_quota(request: Request, cluster: Cluster) -> Quota:
    """The directory of ``{path}``. Raises HTTPNotFound."""
    path = "/" + request.matchdict["path"]
    row: Quota | None = request.db.scalar(select(Quota).filter_by(cluster_id=cluster.id, path=path))
    if row is None:
        raise HTTPNotFound(f"Nothing was read of {path[:200]} in {cluster.name}.")
    return row


def known_reading(request: Request, cluster: Cluster) -> QuotaReading | None:
    """How the cluster is read; None when it never was."""
    found: QuotaReading | None = request.db.scalar(select(QuotaReading).filter_by(cluster_id=cluster.id))
    return found


def read_now(request: Request, cluster: Cluster) -> None:
    """Have it read, with a line in the audit trail. Raises Refused."""
    ask_to_read(request.db, cluster, request.identity.user, request.now)
    request.audit("quota.read", f"{cluster.service}/{cluster.name}")


def switched(request: Request, cluster: Cluster, enabled: bool, text: str) -> None:
    """Change how it is read, with a line in the audit trail; ``text`` are directories, one a line. Raises Refused."""
    try:
        directories = directories_in(text)
    except ValueError as error:
        raise Refused("bad-directory", str(error), "directories") from None
    switch(request.db, cluster, Wish(enabled, directories, request.identity.user, request.now))
    what = {"enabled": enabled, "directories": directories}
    request.audit("quota.reading", f"{cluster.service}/{cluster.name}", **what)


def quota_set(request: Request, row: Quota, change: Change) -> ClientRun:
    """Have a quota set, with a line in the audit trail. Raises Refused."""
    run = set_quota(request.db, request.console, row, change, (request.identity.user, request.now))
    what = {"path": row.path, "kind": change.kind, "value": change.value, "run": run.id}
    request.audit("quota.set", f"{row.cluster.service}/{row.cluster.name}", **what)
    return run


def kept(request: Request, users: dict[str, list[str]]) -> None:
    """Keep addresses, with a line in the audit trail. Raises Refused."""
    keep_addresses(request.db, users, (request.identity.user, request.now))
    names = sorted(users)
    request.audit("quota.addresses", "quotas", users=names[:100], count=len(names))


def forgotten(request: Request, user: str) -> None:
    """Forget a user's addresses, with a line in the audit trail. Raises HTTPNotFound."""
    if not forget_addresses(request.db, [user]):
        raise HTTPNotFound(f"No addresses of {user[:80]!r} are kept.")
    request.audit("quota.addresses-forgotten", "quotas", user=user)


def _json(request: Request, cluster: Cluster) -> dict[str, Any]:
    reading = known_reading(request, cluster)
    return {
        "enabled": reading is None or reading.enabled,
        "directories": reading.directories if reading else [],
        "active": serves(request.db, cluster),
        "reading": bool(reading and (reading.reading or reading.asked_at or reading.changes)),
        "read_at": reading.read_at if reading else None,
        "tried_at": reading.tried_at if reading else None,
        "error": reading.error if reading else "",
        "quotas": [_quota_json(request, row) for row in rows_of(request.db, cluster)],
    }


def _quota_json(request: Request, row: Quota) -> dict[str, Any]:
    numbers = numbers_of(row)
    findings = judged(numbers, limits_of(request.console.settings))
    return {
        "path": row.path,
        "user": user_of(row.path),
        "names": {"quota": numbers.name_quota, "used": numbers.names_used, "left": numbers.names_left},
        "space": {"quota": numbers.space_quota, "used": numbers.space_used, "left": numbers.space_left},
        "at": row.at,
        "error": row.error,
        "findings": [{"kind": one.kind, "level": one.level, "words": one.words} for one in findings],
        "change": row.change,
    }
