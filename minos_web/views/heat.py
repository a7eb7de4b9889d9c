"""Heat maps: one square for each host, or each task of a cluster, coloured by the newest value of a figure."""

from collections.abc import Iterable, Sequence
from typing import Any

from pyramid.request import Request
from pyramid.view import view_config
from sqlalchemy import select

from minos_common.states import HostState
from minos_web.models.clusters import Cluster, Task
from minos_web.models.hosts import Host
from minos_web.monitor.exposition import Around
from minos_web.operations.inventory import all_machines
from minos_web.security.permissions import Permission
from minos_web.views.clusters import cluster_frame
from minos_web.views.finding import found_cluster
from minos_web.views.heat_scale import Cell, grouped, scale_of, summary_of
from minos_web.views.metric_words import MetricWords, known_metrics, words_of

PER_CORE = "host.load1_per_core"
DENSE = 150
"""With more squares than this their names are left to the pointer and to readers of screens."""
_FIRST = ("host.cpu_percent", "task.cpu_percent")


@view_config(route_name="heat", renderer="heat.mako", permission=Permission.VIEW)
def hosts_page(request: Request) -> dict[str, Any]:
    """Approved hosts, by rack."""
    hosts = list(request.db.scalars(select(Host).where(Host.state == HostState.APPROVED).order_by(Host.name)))
    racks, around = all_machines(request.db), _around(request)
    figures = {host.id: host_figures(host) for host in hosts}
    told = _metrics(figures.values(), {})
    metric = _wanted(request, told)
    cells = [
        Cell(
            host.name,
            f"Rack {racks.rack(host)}",
            request.route_path("host", name=host.name),
            *newest(figures[host.id], metric, host.figures_at, around),
        )
        for host in hosts
    ]
    return {"section": "hosts", "title": "Heat map of hosts", **_page(request, metric, cells, told, {})}


@view_config(route_name="cluster_heat", renderer="cluster_heat.mako", permission=Permission.VIEW)
def tasks_page(request: Request) -> dict[str, Any]:
    """Tasks of a cluster, by job."""
    cluster = found_cluster(request)
    tasks = _tasks(request, cluster)
    at = {"service": cluster.service, "cluster": cluster.name}
    jobs = dict.fromkeys(task.job for task in tasks)
    links = {job: request.route_path("task", **at, job=job, number="0")[:-1] for job in jobs}
    known = known_metrics(request.console.catalog.services.values())
    told = _metrics((task.figures or {} for task in tasks), known)
    metric, around = _wanted(request, told), _around(request)
    cells = [
        Cell(
            f"{task.number} on {task.address}",  # its job stands above
            task.job,
            f"{links[task.job]}{task.number}",
            *newest(task.figures or {}, metric, task.figures_at, around),
        )
        for task in tasks
    ]
    return {**cluster_frame(request, cluster), **_page(request, metric, cells, told, known)}


def host_figures(host: Host) -> dict[str, float]:
    """The figures of a host, and its load by its cores."""
    figures, cores = dict(host.figures or {}), (host.facts or {}).get("cores")
    if cores and "host.load1" in figures:
        figures[PER_CORE] = figures["host.load1"] / cores
    return figures


def newest(figures: dict[str, float], metric: str, at: float | None, around: Around) -> tuple[float | None, str]:
    """The value that stands for now; else None and why: what is old or was never told is unknown."""
    if at is None:
        return None, "no figures yet"
    if not around.fresh(at):
        return None, "its figures are old"
    if metric not in figures:
        return None, "it does not tell this figure"
    return figures[metric], ""


def _tasks(request: Request, cluster: Cluster) -> Sequence[Any]:
    """Rows: all that is known of thousands of tasks would take longer to read than the page to make."""
    shown = select(Task.job, Task.number, Task.address, Task.figures, Task.figures_at)
    own = shown.where(Task.cluster_id == cluster.id, Task.retired.is_(False))
    rows: Sequence[Any] = request.db.execute(own.order_by(Task.job_order, Task.number)).all()
    return rows


def _around(request: Request) -> Around:
    return Around(request.console.settings, request.console.catalog.services, request.now)


def _wanted(request: Request, told: list[str]) -> str:
    """The figure that the query names; without one, or with one that nobody tells, the CPU or else the first."""
    asked = str(request.GET.get("figure", ""))
    usual = next((metric for metric in _FIRST if metric in told), next(iter(told), ""))
    return asked if asked in told else usual


def _metrics(figures: Iterable[dict[str, float]], known: dict[str, MetricWords]) -> list[str]:
    """Figures that can be shown: none of parts, no counters since the start, of which one value says nothing."""
    names = set().union(*figures)
    return sorted(name for name in names if ":" not in name and not words_of(name, known).counter)


def _page(
    request: Request, metric: str, cells: list[Cell], told: list[str], known: dict[str, MetricWords]
) -> dict[str, Any]:
    by_value = request.GET.get("order") == "value"
    words = words_of(metric, known)
    choices = [words_of(name, known) for name in told]
    scale = scale_of((cell.value for cell in cells if cell.value is not None), words.unit)
    return {
        "metric": words,
        "metrics": sorted(choices, key=lambda one: one.title.lower()),
        "groups": grouped(cells, by_value),
        "scale": scale,
        "summary": summary_of(cells),
        "by_value": by_value,
        "dense": len(cells) > DENSE,
    }
