"""PURE. Which figures there are, and in which unit: those of hosts, processes and JVMs, those of the catalog's status pages,
totals of facts, and those that are made of the console's own rows for alerts alone.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from minos_web.catalog.loader import Catalog
from minos_web.monitor.alerts.grammar import RATIO, Metric

WORD = "word"


@dataclass(frozen=True)
class Known:
    """A figure: its name without a part, what it is of (host, task, cluster ...), its unit (``word``: it is one), whether it only
    grows. ``made``: for alerts alone, so that no history of it is stored. ``service`` and ``job`` of a status page's.
    """

    name: str
    about: str
    unit: str = ""
    counter: bool = False
    made: bool = False
    service: str = ""
    job: str = ""
    title: str = ""


_HOST = {
    "percent": "cpu_percent cpu_user cpu_nice cpu_system cpu_interrupts cpu_iowait cpu_steal cpu_idle memory_percent"
    " swap_percent disk_percent disk_inodes_percent disk_busy_percent pressure_cpu_some pressure_cpu_full"
    " pressure_io_some pressure_io_full pressure_memory_some pressure_memory_full",
    "bytes": "memory_total memory_used memory_available memory_cached swap_total swap_used disk_total disk_used disk_free"
    " swap_in_bytes_per_second swap_out_bytes_per_second disk_read_bytes_per_second disk_write_bytes_per_second"
    " network_received_bytes_per_second network_sent_bytes_per_second",
    "s": "uptime_seconds",
    "": "load1 load5 load15 processes threads threads_running open_files tcp_established tcp_in_use tcp_time_wait"
    " tcp_orphaned disk_reads_per_second disk_writes_per_second network_received_packets_per_second"
    " network_sent_packets_per_second network_errors_per_second network_drops_per_second",
}
_TASK = {
    "percent": "task.cpu_percent jvm.gc_percent",
    "bytes": "task.rss_bytes task.swap_bytes task.read_bytes_per_second task.write_bytes_per_second jvm.heap_used_bytes"
    " jvm.heap_committed_bytes jvm.heap_max_bytes jvm.metaspace_used_bytes jvm.metaspace_committed_bytes",
    "s": "task.uptime_seconds",
    "": "task.threads task.open_files task.children task.voluntary_switches_per_second jvm.threads",
}
_GROWING = {"s": "jvm.gc_seconds jvm.safepoint_seconds", "": "jvm.gc_count jvm.safepoints"}
MADE: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        "host.status": ("host", WORD, "in-touch, degraded, late, lost or never-heard"),
        "host.clock_wrong_seconds": ("host", "s", "Seconds by which its clock differs from the console's"),
        "rack.lost_percent": ("rack", "percent", "Hosts of the rack that are lost"),
        "task.status": ("task", WORD, "running, degraded, down, stopped, changing, unknown or maintenance"),
        "task.ends": ("task", "", "Times in the last ten minutes that its process ended unasked"),
        "cluster.health": ("cluster", WORD, "ok, warning, error, stopped, changing, unknown or maintenance"),
        "cluster.readable": ("cluster", WORD, "yes, or no: its description cannot be read"),
        "cluster.keytab_days": ("cluster", "days", "Days since its oldest keytab was put here"),
        "console.health_late_seconds": ("console", "s", "Seconds since the cluster looked at longest ago was judged"),
        "console.samples_waiting_seconds": ("console", "s", "Seconds that samples wait to be put in order"),
        "console.news_waiting_seconds": ("console", "s", "Seconds that news wait for somebody to hear them"),
        "console.database_ms": ("console", "ms", "Time that the database took for what alerts read of it"),
        "console.forwarding_late_seconds": ("console", "s", "Seconds since OpenTSDB took samples, while some wait"),
        "console.disk_free_bytes": ("console", "bytes", "Free space where the console keeps its files"),
        "console.damaged_packages": ("console", "", "Packages that are not what they were when they came"),
        "console.hosts_lost_at_once": ("console", "", "Hosts lost inside a minute, when these are very many"),
    }
)
"""Figures made of the console's own rows: name -> (about, unit, what it is)."""


def known_figures(catalog: Catalog) -> Iterator[Known]:
    """All of them."""
    yield from _own()
    for service in catalog.services.values():
        for job in service.jobs:
            for one in job.status.figures if job.status else ():
                unit = WORD if one.kind == "word" else one.unit
                counter = one.kind == "counter"
                yield Known(
                    f"{service.name}.{one.name}", "task", unit, counter, False, service.name, job.name, one.title
                )
            for source in job.status.facts if job.status else ():
                for kind in source.kinds:
                    for total in kind.totals:
                        for number in (*total.sums, *total.largest, *total.smallest, *total.means):
                            name = f"{service.name}.{total.name}.{number}"
                            yield Known(name, "cluster", service=service.name, job=job.name, title=kind.title)


def _own() -> Iterator[Known]:
    for unit, names in _HOST.items():
        yield from (Known(f"host.{name}", "host", unit) for name in names.split())
    for unit, names in _TASK.items():
        yield from (Known(name, "task", unit) for name in names.split())
    for unit, names in _GROWING.items():
        yield from (Known(name, "task", unit, counter=True) for name in names.split())
    for name, (about, unit, title) in MADE.items():
        yield Known(name, about, unit, made=True, title=title)


def find(name: str, catalog: Catalog) -> Known | None:
    """The figure of this name, with or without a part."""
    plain = name.partition(":")[0]
    return next((one for one in known_figures(catalog) if one.name == plain), None)


def units_of(catalog: Catalog) -> dict[str, str]:
    """Name of each figure -> its unit."""
    return {one.name: one.unit for one in known_figures(catalog)}


def unit_of(metric: Metric, units: Mapping[str, str]) -> str:
    """The unit of what a metric tells; empty when it is not known."""
    return RATIO if metric.below else units.get(metric.figure.partition(":")[0], "")
