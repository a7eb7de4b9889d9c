"""The tree of a ZooKeeper cluster: one znode to a page, and the same for programs."""

import base64
from dataclasses import asdict
from typing import Any

from pyramid.httpexceptions import HTTPNotFound
from pyramid.request import Request
from pyramid.view import view_config

from minos_web.boards.zookeeper.node import (
    BadPath,
    Node,
    child_of,
    matching,
    node_path,
    parents,
    shown_data,
    stat_rows,
    visible,
)
from minos_web.boards.zookeeper.reading import NoSuchNode, NotAllowed, TooManyReaders, Unanswered, read_node
from minos_web.boards.zookeeper.servers import Server
from minos_web.models.clusters import Cluster
from minos_web.security.permissions import Permission
from minos_web.views.clusters import cluster_frame
from minos_web.views.errors import Refusal
from minos_web.views.finding import found_cluster
from minos_web.views.paging import cut, wanted_page

CHILDREN = 200
CHILDREN_OF_API = 1000
SERVICE = "zookeeper"
FAILURES = (BadPath, NotAllowed, NoSuchNode, TooManyReaders, Unanswered)


@view_config(
    route_name="zookeeper_tree", request_method="GET", renderer="zookeeper_tree.mako", permission=Permission.VIEW
)
def tree_page(request: Request) -> dict[str, Any]:
    """The znode at ``path``: its data (operators only), stat, ACLs, and children that hold ``q``; or why it cannot be read."""
    cluster = zookeeper_cluster(request)
    asked, text = request.GET.get("path", "/").strip() or "/", request.GET.get("q", "").strip()
    found: dict[str, Any] = {
        "asked": asked, "q": text, "node": None, "problem": "", "servers": (), "parents": parents("/"),
        "may_read": bool(request.has_permission(Permission.OPERATE)), "visible": visible, "data": None, "rows": [],
        "page": None, "children": [],
    }  # fmt: skip
    try:
        path = node_path(asked)
        found["parents"] = parents(path)
        found |= _shown(read_node(servers_of(cluster), path, found["may_read"]), request, text)
    except FAILURES as error:
        request.response.status_int = status_of(error)
        found |= {"problem": str(error), "servers": getattr(error, "servers", ())}
    return {**cluster_frame(request, cluster), **found}


def _shown(node: Node, request: Request, text: str) -> dict[str, Any]:
    names = matching(node.children or (), text)
    page = cut(names, wanted_page(request.GET), CHILDREN)
    return {
        "node": node,
        "data": None if node.data is None else shown_data(node.data),
        "rows": list(stat_rows(node.stat)),
        "page": page,
        "children": [(name, child_of(node.path, name)) for name in page.items],
    }


@view_config(route_name="api_zookeeper_node", request_method="GET", renderer="json", permission=Permission.VIEW)
def node(request: Request) -> dict[str, Any]:
    """One znode for programs. Raises Refusal."""
    cluster = zookeeper_cluster(request)
    try:
        path = node_path(request.GET.get("path", "/"))
        found = read_node(servers_of(cluster), path, bool(request.has_permission(Permission.OPERATE)))
    except FAILURES as error:
        codes = {403: "no-permission", 404: "not-found", 422: "bad-path", 503: "busy", 504: "no-answer"}
        status = status_of(error)
        servers = [{"server": one.name, "says": one.says} for one in getattr(error, "servers", ())]
        more = {"servers": servers} if servers else {}
        raise Refusal(status, codes[status], str(error), "path" if status in (404, 422) else "", **more) from error
    return node_json(found, request.GET.get("q", ""), wanted_page(request.GET))


def node_json(found: Node, text: str, number: int) -> dict[str, Any]:
    """PURE. A znode as the API tells it; of its children those of one page that hold ``text``."""
    page = cut(matching(found.children or (), text), number, CHILDREN_OF_API)
    children = {"total": page.total, "page": page.number, "pages": page.pages, "names": list(page.items)}
    return {
        "path": found.path,
        "server": found.server,
        "stat": {**asdict(found.stat), "owner": f"0x{found.stat.owner & 2**64 - 1:x}" if found.stat.owner else None},
        "data": _data_json(found.data),
        "children": children if found.children is not None else None,
        "acls": [{"scheme": a.scheme, "id": a.id, "permissions": a.permissions.split()} for a in found.acls or ()]
        if found.acls is not None
        else None,
        "refused": found.refused,
    }


def _data_json(data: bytes | None) -> dict[str, Any] | None:
    if data is None:
        return None
    try:
        return {"encoding": "text", "content": data.decode()}
    except UnicodeDecodeError:
        return {"encoding": "base64", "content": base64.b64encode(data).decode()}


def status_of(error: Exception) -> int:
    """PURE. The status that tells a program what kind of failure it is."""
    return {BadPath: 422, NotAllowed: 403, NoSuchNode: 404, TooManyReaders: 503}.get(type(error), 504)  # type: ignore[call-overload, no-any-return]


def zookeeper_cluster(request: Request) -> Cluster:
    """The cluster of the URL, when it is one of ZooKeeper. Raises HTTPNotFound."""
    cluster = found_cluster(request)
    if cluster.service != SERVICE:
        raise HTTPNotFound(f"{cluster.name} is no ZooKeeper cluster: it has no tree.")
    return cluster


def servers_of(cluster: Cluster) -> list[Server]:
    """Where the servers that the cluster's description names take clients: nothing of it comes from the request."""
    return [(task.address, task.ports["client"]) for task in cluster.tasks if task.described and "client" in task.ports]
