"""PURE. What people call a metric, in which unit it is, and whether only its growth means something: the catalog knows."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from minos_web.catalog.description import Service
from minos_web.views.presenting import unit_of

_UNITS = {"bytes/s": "bytes_per_second", "/s": "per_second", "": "count"}

_PLAIN = {
    "host.cpu_percent": "Host: CPU",
    "host.cpu_iowait": "Host: CPU that waits for disks",
    "host.memory_percent": "Host: memory in use",
    "host.memory_available": "Host: memory available",
    "host.load1": "Host: load, 1 minute",
    "host.load5": "Host: load, 5 minutes",
    "host.load15": "Host: load, 15 minutes",
    "host.disk_percent": "Host: fullest disk",
    "host.disk_free": "Host: room on the fullest disk",
    "host.disk_read_bytes_per_second": "Host: read from disks",
    "host.disk_write_bytes_per_second": "Host: written to disks",
    "host.network_received_bytes_per_second": "Host: network received",
    "host.network_sent_bytes_per_second": "Host: network sent",
    "host.load1_per_core": "Host: load per core, 1 minute",
    "host.pressure_cpu_some": "Host: pressure, some wait for CPU",
    "host.pressure_io_some": "Host: pressure, some wait for disks",
    "host.pressure_io_full": "Host: pressure, all wait for disks",
    "host.pressure_memory_some": "Host: pressure, some wait for memory",
    "host.pressure_memory_full": "Host: pressure, all wait for memory",
    "host.disk_busy_percent": "Host: busiest disk",
    "host.uptime_seconds": "Host: up for",
    "task.cpu_percent": "Process: CPU, of one core",
    "task.rss_bytes": "Process: memory, resident",
    "task.threads": "Process: threads",
    "task.open_files": "Process: open files",
    "task.page_seconds": "Process: time of its status page",
}
_KINDS = {"host": "Host", "task": "Process", "jvm": "JVM"}
_SHORT = {"cpu": "CPU", "io": "I/O", "tcp": "TCP", "rss": "resident", "gc": "GC"}
_OTHER_UNITS = (
    (re.compile(r"host\.(cpu_[a-z]+|pressure_[a-z_]+)(:.*)?"), "percent"),
    (re.compile(r"host\.(disk|memory|swap)_(total|used|free|available|cached)(:.*)?"), "bytes"),
    (re.compile(r"host\.uptime_seconds"), "seconds"),
)


@dataclass(frozen=True)
class MetricWords:
    """What is known of one metric. ``title`` is its name where nobody gave it one."""

    name: str
    title: str
    unit: str
    counter: bool = False


def known_metrics(services: Iterable[Service]) -> dict[str, MetricWords]:
    """Metric -> words, of every figure that a service folder tells of."""
    found: dict[str, MetricWords] = {}
    for service in services:
        for job in service.jobs:
            for figure in job.status.figures if job.status else ():
                name = f"{service.name}.{figure.name}"
                unit = _UNITS.get(figure.unit, figure.unit)
                title = f"{service.title or service.name}: {figure.title}"
                found.setdefault(name, MetricWords(name, title, unit, figure.kind == "counter"))
    return found


def words_of(metric: str, known: dict[str, MetricWords]) -> MetricWords:
    """Of a metric that may be known to nobody: a pushed counter, a figure of a host."""
    return known.get(metric) or MetricWords(metric, _PLAIN.get(metric) or _spoken(metric), _plain_unit(metric))


def _spoken(metric: str) -> str:
    """A figure of a host, process or JVM in words: host.disk_percent:/data is Host: disk, /data. Others are left as they are."""
    kind, _, rest = metric.partition(".")
    if kind not in _KINDS or not rest:
        return metric
    name, _, part = rest.partition(":")
    words = re.sub(r"_(per_second|percent|seconds)$", "", name).split("_")
    said = " ".join(_SHORT.get(word, word) for word in words)
    return f"{_KINDS[kind]}: {said}{f', {part}' if part else ''}"


def _plain_unit(metric: str) -> str:
    named = metric.partition(":")[0]
    return next((unit for pattern, unit in _OTHER_UNITS if pattern.fullmatch(metric)), unit_of(named))


def fits(words: MetricWords, wanted: str) -> bool:
    """Whether name or title hold all words of a search."""
    text = f"{words.name} {words.title}".lower()
    return all(word in text for word in wanted.lower().split())
