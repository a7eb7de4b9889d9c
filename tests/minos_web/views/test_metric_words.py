"""What people call a metric, and in which unit it is."""

import pytest

from minos_web.catalog.loader import load_catalog
from minos_web.views.metric_words import fits, known_metrics, words_of

KNOWN = known_metrics(load_catalog().services.values())


@pytest.mark.parametrize(
    ("metric", "title", "unit", "counter"),
    [
        ("host.cpu_percent", "Host: CPU", "percent", False),
        ("host.cpu_idle", "Host: CPU idle", "percent", False),
        ("host.pressure_io_full:x", "Host: pressure I/O full, x", "percent", False),
        ("host.disk_percent:/data", "Host: disk, /data", "percent", False),
        ("host.disk_free:/data", "Host: disk free, /data", "bytes", False),
        ("host.swap_used", "Host: swap used", "bytes", False),
        ("host.disk_reads_per_second:sda", "Host: disk reads, sda", "per_second", False),
        ("host.network_sent_bytes_per_second:eth0", "Host: network sent bytes, eth0", "bytes_per_second", False),
        ("host.load1_per_core", "Host: load per core, 1 minute", "count", False),
        ("task.swap_bytes", "Process: swap bytes", "bytes", False),
        ("zookeeper.received", "ZooKeeper: Packets received", "count", True),
        ("zookeeper.latency_avg", "ZooKeeper: Average latency", "ms", False),
        ("counter.shop.orders", "counter.shop.orders", "count", False),
        ("host", "host", "count", False),
        ("", "", "count", False),
    ],
)
def test_words(metric: str, title: str, unit: str, counter: bool) -> None:
    found = words_of(metric, KNOWN)
    assert (found.title, found.unit, found.counter) == (title, unit, counter)


@pytest.mark.parametrize(
    ("wanted", "fitting"), [("", True), ("CPU", True), ("percent host", True), ("host disk", False), ("%", False)]
)
def test_a_search_finds_names_and_titles(wanted: str, fitting: bool) -> None:
    assert fits(words_of("host.cpu_percent", {}), wanted) is fitting
