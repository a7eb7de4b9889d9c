"""Counters of disks and interfaces made into figures."""

import pytest

from minos_worker.stats.devices import MOST_DEVICES, _summed, counters_of_network, figures_of


@pytest.mark.parametrize(
    ("counters", "last", "figures"),
    [
        ({"disk_reads:sda": 30.0}, {"disk_reads:sda": 10.0}, {"host.disk_reads_per_second:sda": 2.0}),
        ({"network_sent_bytes": 10.0}, {"network_sent_bytes": 10.0}, {"host.network_sent_bytes_per_second": 0.0}),
        ({"disk_reads:sda": 5.0}, {"disk_reads:sda": 10.0}, {}),  # another disk of that name
        ({"disk_reads:sdb": 5.0}, {"disk_reads:sda": 10.0}, {}),  # new
        (
            {"disk_busy": 9e9, "disk_busy:sda": 5000.0, "disk_busy:sdb": 12000.0},
            {"disk_busy": 0.0, "disk_busy:sda": 0.0, "disk_busy:sdb": 0.0},
            {
                "host.disk_busy_percent:sda": 50.0,
                "host.disk_busy_percent:sdb": 100.0,
                "host.disk_busy_percent": 100.0,
            },
        ),
    ],
)
def test_growth_per_second(counters: dict[str, float], last: dict[str, float], figures: dict[str, float]) -> None:
    assert figures_of(counters, last, 10.0) == figures


def test_without_time_between_there_is_no_figure() -> None:
    assert figures_of({"disk_reads": 2.0}, {"disk_reads": 1.0}, 0.0) == {}


def test_devices_are_told_one_by_one_and_together_unless_there_are_too_many() -> None:
    two = _summed({"eth0": {"network_drops": 1.0}, "eth1": {"network_drops": 2.0}})
    assert two == {"network_drops": 3.0, "network_drops:eth0": 1.0, "network_drops:eth1": 2.0}
    many = _summed({f"veth{number}": {"network_drops": 1.0} for number in range(MOST_DEVICES + 1)})
    assert many == {"network_drops": MOST_DEVICES + 1.0}


def test_what_stays_on_this_host_is_no_traffic() -> None:
    counters = counters_of_network()
    others = {name.partition(":")[2] for name in counters} - {""}
    assert others == {"lo"} or "lo" not in others
