"""Which charts a page shows and where each gets its samples."""

import contextlib
from dataclasses import dataclass
from typing import Any

from pyramid.request import Request
from sqlalchemy.orm import Session

from minos_web.catalog.description import Chart as CatalogChart
from minos_web.catalog.description import Service
from minos_web.models.clusters import Cluster
from minos_web.monitor.series.asking import measured_since
from minos_web.operations.drafting import describe
from minos_web.operations.refusal import Refused

_PROCESS = (
    ("cpu", "CPU", "of one core", ("task.cpu_percent",), "percent"),
    ("memory", "Memory", "resident", ("task.rss_bytes",), "bytes"),
    ("threads", "Threads", "", ("task.threads",), "count"),
    ("files", "Open files", "", ("task.open_files",), "count"),
    ("read", "Read from disks", "", ("task.read_bytes_per_second",), "bytes_per_second"),
    ("written", "Written to disks", "", ("task.write_bytes_per_second",), "bytes_per_second"),
    ("heap", "JVM heap", "in use", ("jvm.heap_used_bytes",), "bytes"),
    ("collecting", "JVM garbage collection", "of the time", ("jvm.gc_percent",), "percent"),
    ("metaspace", "JVM metaspace", "in use", ("jvm.metaspace_used_bytes",), "bytes"),
)
OVERVIEW, PROCESS = "Overview", "Process"
"""Sections of a page of charts: what is seen first, and what every process needs."""
_RATE = "bytes_per_second"
_HOST: tuple[tuple[str, str, str, str, dict[str, str], str], ...] = (
    (OVERVIEW, "cpu", "CPU", "of all cores", {"cpu_percent": "CPU"}, "percent"),
    (OVERVIEW, "memory", "Memory", "in use", {"memory_percent": "Memory"}, "percent"),
    (OVERVIEW, "load", "Load", "1 minute", {"load1": "Load"}, "count"),
    (OVERVIEW, "disk", "Fullest disk", "", {"disk_percent": "Fullest disk"}, "percent"),
    (OVERVIEW, "busy", "Busiest disk", "of the time", {"disk_busy_percent": "Busiest disk"}, "percent"),
    (OVERVIEW, "disk-read", "Read from disks", "", {"disk_read_bytes_per_second": "Read from disks"}, _RATE),
    (OVERVIEW, "disk-written", "Written to disks", "", {"disk_write_bytes_per_second": "Written to disks"}, _RATE),
    (OVERVIEW, "received", "Network received", "", {"network_received_bytes_per_second": "Network received"}, _RATE),
    (OVERVIEW, "sent", "Network sent", "", {"network_sent_bytes_per_second": "Network sent"}, _RATE),
    ("Processors", "modes", "CPU by mode", "of all cores",
     {"cpu_user": "User", "cpu_system": "System", "cpu_iowait": "Waiting for disks", "cpu_steal": "Stolen"}, "percent"),
    ("Processors", "loads", "Load", "over longer times",
     {"load1": "1 minute", "load5": "5 minutes", "load15": "15 minutes"}, "count"),
    ("Processors", "pressure", "Pressure", "time in which some waited",
     {"pressure_cpu_some": "For a processor", "pressure_io_some": "For a disk", "pressure_memory_some": "For memory"},
     "percent"),
    ("Processors", "threads", "Threads", "", {"threads": "All", "threads_running": "Running"}, "count"),
    ("Memory", "memory-bytes", "Memory", "",
     {"memory_used": "In use", "memory_cached": "Cache", "memory_available": "Available"}, "bytes"),
    ("Memory", "swapping", "Swapping", "",
     {"swap_in_bytes_per_second": "In", "swap_out_bytes_per_second": "Out"}, _RATE),
    ("Disks", "inodes", "Inodes in use", "of the fullest disk", {"disk_inodes_percent": "Inodes"}, "percent"),
    ("Disks", "open-files", "Open files", "", {"open_files": "Open files"}, "count"),
    ("Network", "faults", "Errors and drops", "packets",
     {"network_errors_per_second": "Errors", "network_drops_per_second": "Drops"}, "per_second"),
    ("Network", "sockets", "Connections", "TCP",
     {"tcp_established": "Open", "tcp_time_wait": "Closing", "tcp_orphaned": "Orphaned"}, "count"),
)  # fmt: skip
"""(section, id, title, note, figures below ``host.`` with their titles, unit)."""


@dataclass(frozen=True)
class Chart:
    """One chart; its samples come from ``url``. ``titles`` are what people call its metrics."""

    id: str
    title: str
    note: str
    url: str
    unit: str
    titles: dict[str, str]
    group: str = OVERVIEW


@dataclass(frozen=True)
class Section:
    """Charts that belong together; ``id`` is its place in the page."""

    id: str
    title: str
    charts: list[Chart]


def service_charts(
    request: Request, service: Service | None, where: dict[str, str], everything: bool = False
) -> list[Chart]:
    """The service's first charts (``everything``: all), then those of the processes, for the series that ``where`` picks;
    none when nothing was ever measured of it.

    ``where`` holds service and cluster, and may hold host, job and task; a job leaves out the charts of other jobs.
    """
    if not ever_measured(request.db, where):
        return []
    shown = [
        chart
        for chart in (service.charts if service else ())
        if where.get("job") in (None, chart.job) and (everything or not chart.group)
    ]
    drawn = [_service_chart(request, service, chart, where) for chart in shown] if service else []
    titles = {chart.title for chart in drawn if chart.group == OVERVIEW}
    return drawn + [chart for chart in process_charts(request, where) if chart.title not in titles]


def _service_chart(request: Request, service: Service, chart: CatalogChart, where: dict[str, str]) -> Chart:
    metrics = tuple(f"{service.name}.{figure}" for figure in chart.figures)
    place = {**where, "job": chart.job}
    if _counted(service, chart) == set(chart.figures):
        place["rate"] = "1"
    unit, note = unit_of(chart.unit)
    group = (chart.group or OVERVIEW) if "job" in where else _job_title(service, chart.job)
    number = service.charts.index(chart)
    return Chart(
        f"chart-{number}", chart.title, note, _url(request, metrics, place), unit, _titles(service, chart), group
    )


def _job_title(service: Service, name: str) -> str:
    job = service.job(name)
    return (job.title or name) if job else name


def sections(charts: list[Chart]) -> list[Section]:
    """The charts by their groups, in the order in which these come first; those of the processes last."""
    titles = list(dict.fromkeys(chart.group for chart in charts))
    titles.sort(key=lambda title: title == PROCESS)
    return [
        Section(f"charts-{number}", title, [chart for chart in charts if chart.group == title])
        for number, title in enumerate(titles)
    ]


def service_as_described(request: Request, cluster: Cluster) -> Service | None:
    """The service of a cluster; where its cluster file says what it is, as it says there."""
    service: Service | None = request.console.catalog.get(cluster.service)
    if service is None or not service.described_in_file:
        return service
    with contextlib.suppress(Refused):  # a file with a mistake says nothing of it, and its page tells of the mistake
        return describe(request.db, request.console, cluster).service
    return service


def comparing_charts(request: Request, service: Service) -> list[Chart]:
    """Charts with a line for each cluster of the service, where there are several that tell something."""
    where = {"service": service.name, "host": ""}
    if not service.comparisons or not ever_measured(request.db, where):
        return []
    drawn = []
    for number, one in enumerate(service.comparisons):
        unit, note = unit_of(one.unit)
        url = _url(request, (one.metric,), {"service": service.name})
        drawn.append(Chart(f"chart-compared-{number}", one.title, note, url, unit, {one.metric: one.title}))
    return drawn


def process_charts(request: Request, where: dict[str, str]) -> list[Chart]:
    """CPU, memory, threads, files and disk traffic of the processes that ``where`` picks; of JVMs their heap too."""
    return [
        Chart(f"chart-{name}", title, note, _url(request, metrics, where), unit, dict.fromkeys(metrics, title), PROCESS)
        for name, title, note, metrics, unit in _PROCESS
        if not metrics[0].startswith("jvm.") or ever_measured(request.db, where | {"metric": metrics[0]})
    ]


def host_charts(request: Request, host: str) -> list[Chart]:
    """Charts of one host."""
    if not ever_measured(request.db, {"host": host, "service": ""}):
        return []
    return [
        Chart(
            f"chart-{name}",
            title,
            note,
            _url(request, tuple(f"host.{figure}" for figure in figures), {"host": host}),
            unit,
            {f"host.{figure}": words for figure, words in figures.items()},
            group,
        )
        for group, name, title, note, figures, unit in _HOST
    ]


def ever_measured(session: Session, where: dict[str, str]) -> bool:
    """Whether there is any series of what ``where`` picks: charts of nothing are only noise."""
    return measured_since(session, where, 0.0)


def unit_of(text: str) -> tuple[str, str]:
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
