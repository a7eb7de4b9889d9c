"""The row that a URL names, or a page that says it is not there."""

from pyramid.httpexceptions import HTTPNotFound
from pyramid.request import Request
from sqlalchemy import select

from minos_web.catalog.loader import Catalog
from minos_web.models.clusters import Cluster, Task
from minos_web.models.hosts import Host
from minos_web.models.operations import Operation


def found_cluster(request: Request) -> Cluster:
    """The cluster of ``{service}/{cluster}``. Raises HTTPNotFound."""
    service, name = request.matchdict["service"], request.matchdict["cluster"]
    query = select(Cluster).where(Cluster.service == service, Cluster.name == name)
    cluster: Cluster | None = request.db.scalar(query)
    if cluster is None:
        raise HTTPNotFound(f"There is no {service} cluster named {name}.")
    return cluster


def found_task(request: Request) -> Task:
    """The task of ``{service}/{cluster}/tasks/{job}/{number}``. Raises HTTPNotFound."""
    cluster = found_cluster(request)
    job, number = request.matchdict["job"], int(request.matchdict["number"])
    query = select(Task).where(Task.cluster_id == cluster.id, Task.job == job, Task.number == number)
    task: Task | None = request.db.scalars(query.order_by(Task.retired, Task.described.desc(), Task.id)).first()
    if task is None:
        raise HTTPNotFound(f"Cluster {cluster.name} has no task {job}/{number}.")
    return task


def place_of(task: Task) -> dict[str, object]:
    """The task as routes name it: the other way of ``found_task``."""
    cluster = task.cluster
    return {"service": cluster.service, "cluster": cluster.name, "job": task.job, "number": task.number}


def found_host(request: Request) -> Host:
    """The host of ``{name}``; an approved one before one that waits under the same name. Raises HTTPNotFound."""
    name = request.matchdict["name"]
    query = select(Host).where(Host.name == name).order_by(Host.state, Host.id)
    host: Host | None = request.db.scalars(query).first()
    if host is None:
        raise HTTPNotFound(f"There is no host named {name}.")
    return host


def found_operation(request: Request) -> Operation:
    """The operation of ``{id}``. Raises HTTPNotFound."""
    number = int(request.matchdict["id"])
    operation: Operation | None = request.db.get(Operation, number) if number < 2**63 else None
    if operation is None:
        raise HTTPNotFound(f"There is no operation {number}.")
    return operation


def service_title(catalog: Catalog, name: str) -> str:
    """The name of a service as people write it, e.g. ZooKeeper."""
    service = catalog.get(name)
    return (service.title or service.name) if service else name
