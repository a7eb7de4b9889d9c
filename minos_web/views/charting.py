"""Which charts a page shows and where each gets its samples."""

import contextlib
from dataclasses import dataclass
from typing import Any

from pyramid.request import Request
from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_web.catalog.description import Chart as CatalogChart
from minos_web.catalog.description import Service
from minos_web.models.clusters import Cluster
from minos_web.models.series import Sample, Series
from minos_web.operations.drafting import describe
from minos_web.operations.refusal import Refused

_PROCESS = (
    ("cpu", "CPU", "of one core", ("task.cpu_percent",), "percent"),
    ("memory", "Memory", "resident", ("task.rss_bytes",), "bytes"),
    ("threads", "Threads", "", ("task.threads",), "count"),
    ("files", "Open files", "", ("task.open_files",), "count"),
)
_HOST = (
    ("cpu", "CPU", "of all cores", ("host.cpu_percent",), "percent"),
    ("memory", "Memory", "in use", ("host.memory_percent",), "percent"),
    ("load", "Load", "1 minute", ("host.load1",), "count"),
    ("disk", "Fullest disk", "", ("host.disk_percent",), "percent"),
    ("received", "Network received", "", ("host.network_received_bytes_per_second",), "bytes_per_second"),
    ("sent", "Network sent", "", ("host.network_sent_bytes_per_second",), "bytes_per_second"),
)


@dataclass(frozen=True)
class Chart:
    """One chart; its samples come from ``url``. ``titles`` are what people call its metrics."""

    id: str
    title: str
    note: str
    url: str
    unit: str
    titles: dict[str, str]


def service_charts(request: Request, service: Service | None, where: dict[str, str]) -> list[Chart]:
    """The service's charts, then those of the processes, for the series that ``where`` picks; none when it
    picks nothing of the last hour.

    ``where`` holds service and cluster, and may hold host, job and task; a job leaves out the charts of other jobs.
    """
    if not has_samples(request.db, where, request.now):
        return []
    drawn = []
    for number, chart in enumerate(service.charts if service else ()):
        if service and where.get("job") in (None, chart.job):
            metrics = tuple(f"{service.name}.{figure}" for figure in chart.figures)
            place = {**where, "job": chart.job}
            if _counted(service, chart) == set(chart.figures):
                place["rate"] = "1"
            unit, note = _unit(chart.unit)
            url, named = _url(request, metrics, place), _titles(service, chart)
            drawn.append(Chart(f"chart-{number}", chart.title, note, url, unit, named))
    titles = {chart.title for chart in drawn}
    return drawn + [chart for chart in process_charts(request, where) if chart.title not in titles]


def service_as_described(request: Request, cluster: Cluster) -> Service | None:
    """The service of a cluster; where its cluster file says what it is, as it says there."""
    service: Service | None = request.console.catalog.get(cluster.service)
    if service is None or not service.described_in_file:
        return service
    with contextlib.suppress(Refused):  # a file with a mistake says nothing of it, and its page tells of the mistake
        return describe(request.db, request.console, cluster).service
    return service


def process_charts(request: Request, where: dict[str, str]) -> list[Chart]:
    """CPU, memory, threads and files of the processes that ``where`` picks."""
    return [
        Chart(f"chart-{name}", title, note, _url(request, metrics, where), unit, dict.fromkeys(metrics, title))
        for name, title, note, metrics, unit in _PROCESS
    ]


def host_charts(request: Request, host: str) -> list[Chart]:
    """Charts of one host."""
    if not has_samples(request.db, {"host": host, "service": ""}, request.now):
        return []
    return [
        Chart(f"chart-{name}", title, note, _url(request, metrics, {"host": host}), unit, dict.fromkeys(metrics, title))
        for name, title, note, metrics, unit in _HOST
    ]


def has_samples(session: Session, where: dict[str, str], now: float) -> bool:
    """Whether anything was measured in the last hour of what ``where`` picks: charts of nothing are only noise."""
    sampled = select(Sample.at).where(Sample.series_id == Series.id, Sample.at > now - 3600).exists()
    named = [getattr(Series, name) == value for name, value in where.items()]
    return session.scalar(select(Series.id).where(*named, sampled).limit(1)) is not None


def _unit(text: str) -> tuple[str, str]:
    """The unit of the axis, and what is left of it for the title: packets/s is a number per second, of packets."""
    if text.endswith("/s") and text != "bytes/s":
        return "per_second", text.removesuffix("/s")
    return {"": "count", "bytes/s": "bytes_per_second"}.get(text, text), ""


def _counted(service: Service, chart: CatalogChart) -> set[str]:
    """Figures of a chart of which only the growth means something."""
    job = service.job(chart.job)
    figures = job.status.figures if job and job.status else ()
    return {figure.name for figure in figures if figure.kind == "counter"} & set(chart.figures)


def _titles(service: Service, chart: CatalogChart) -> dict[str, str]:
    job = service.job(chart.job)
    figures = job.status.figures if job and job.status else ()
    return {f"{service.name}.{figure.name}": figure.title for figure in figures if figure.name in chart.figures}


def _url(request: Request, metrics: tuple[str, ...], where: dict[str, Any]) -> str:
    query = [("metric", metric) for metric in metrics] + list(where.items())
    url: str = request.route_path("api_series", _query=query)
    return url
