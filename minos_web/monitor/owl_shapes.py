"""What tools of Owl read, in its shapes: newest figures of tasks, definitions of charts, counters."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_web.catalog.description import Figure, Job, Service
from minos_web.models.clusters import Cluster, Task
from minos_web.models.counters import Counter
from minos_web.models.hosts import Host
from minos_web.monitor.exposition import Around
from minos_web.monitor.status import Kind, task_status

_JAVAS_OWN = ("Memory.", "Runtime.", "Threading.", "OperatingSystem.", "ClassLoading.")
_NOT_LEGAL = re.compile(r"[^\w.\-/]", re.ASCII)


@dataclass(frozen=True)
class Point:
    """One number: what of (``endpoint``), in which ``group``, under which ``key``."""

    endpoint: str
    group: str
    key: str
    value: float
    unit: str = ""


def metrics_shape(points: Iterable[Point], now: float) -> dict[str, Any] | None:
    """{timestamp, data: endpoint -> group -> key -> {type, unit, value}}; None when there is nothing to tell."""
    data: dict[str, dict[str, dict[str, Any]]] = {}
    for point in points:
        group = data.setdefault(point.endpoint, {}).setdefault(point.group, {})
        group[point.key] = {"type": 0, "unit": point.unit, "value": _number(point.value)}
    return {"timestamp": int(now), "data": data} if data else None


def config_shape(services: Iterable[Service]) -> list[dict[str, str]]:
    """Every distinct chart definition: {group, key, unit}, in the groups and under the keys of ``metrics_shape``."""
    found: dict[tuple[str, str, str], None] = {}
    for service in services:
        for chart in service.charts:
            job = service.job(chart.job)
            for figure in job.status.figures if job and job.status else ():
                if figure.name in chart.figures and job is not None:
                    found[group_of(service, job, figure), key_of(job, figure), figure.unit or chart.unit] = None
    return [{"group": group, "key": key, "unit": unit} for group, key, unit in found]


def counters_shape(counters: Sequence[Counter]) -> dict[str, Any]:
    """endpoint -> group -> name -> {value, unit}."""
    data: dict[str, dict[str, dict[str, Any]]] = {}
    for row in counters:
        group = data.setdefault(row.endpoint, {}).setdefault(row.group, {})
        group[row.name] = {"value": _number(row.value), "unit": row.unit}
    return data


def group_of(service: Service, job: Job, figure: Figure) -> str:
    """The service that a bean names, where the page has beans; the job's name elsewhere and for what is java's own."""
    beans = job.status.beans if job.status else ""
    return beans if beans and not figure.source.startswith(_JAVAS_OWN) else f"{service.name}-{job.name}"


def key_of(job: Job, figure: Figure) -> str:
    """The attribute of the bean as its page calls it, where the page has beans; our own name elsewhere."""
    if not (job.status and job.status.beans) or figure.source.startswith(_JAVAS_OWN):
        return figure.name
    return figure.source.rpartition(".")[2].replace("~", "-")


def legal(text: str) -> str:
    """A text as a key: what is no letter, digit, dot, dash, slash or underscore becomes an underscore."""
    return _NOT_LEGAL.sub("_", text)


def of_tasks(session: Session, around: Around) -> Iterator[Point]:
    """Figures of every task that is well: endpoint ``host-port``, the port of its own page, else its first."""
    hosts = {host.id: host for host in session.scalars(select(Host))}
    query = select(Task, Cluster.service).join(Cluster, Task.cluster_id == Cluster.id).where(Task.retired.is_(False))
    for task, name in session.execute(query.order_by(Task.id)):
        service, host = around.services.get(name), hosts.get(task.host_id or 0)
        status = task_status(task, host, around.now, around.settings.lost_seconds)
        if service is None or host is None or status.kind is not Kind.RUNNING or not around.fresh(task.figures_at):
            continue
        yield from _of_task(task, f"{host.name}-{_port(service.job(task.job), task)}", service)


def _of_task(task: Task, endpoint: str, service: Service) -> Iterator[Point]:
    job = service.job(task.job)
    described = {f"{service.name}.{figure.name}": figure for figure in job.status.figures} if job and job.status else {}
    taken: set[tuple[str, str]] = set()
    for name, value in task.figures.items():
        figure = described.get(name)
        if job is None or figure is None:
            group, _, key = name.partition(".")
            yield Point(endpoint, group, key or name, value)
            continue
        place = (group_of(service, job, figure), key_of(job, figure))
        if place in taken:  # two beans have an attribute of this name: the second is told under our own
            place = (place[0], figure.name)
        taken.add(place)
        yield Point(endpoint, *place, value, figure.unit)


def _port(job: Job | None, task: Task) -> int:
    port = task.ports.get(job.web) if job and job.web else None
    return port or task.base_port


def _number(value: float) -> float | int:
    """Whole numbers without a fraction, as pages tell them."""
    return int(value) if value == int(value) and abs(value) < 2**53 else value
