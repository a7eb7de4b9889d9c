"""What passes through disks and network interfaces: each physical one, and all of them together."""

from pathlib import Path
from typing import Any

import psutil

MOST_DEVICES = 48
"""More disks or interfaces than this are told in the sum only: a host of containers may have thousands."""
_BUSY = "disk_busy"


def counters_of_disks() -> dict[str, float]:
    """What each physical disk and all of them together have done since boot: name -> bytes, operations, busy ms."""
    every = psutil.disk_io_counters(perdisk=True, nowrap=False) or {}
    whole = [name for name in every if Path(f"/sys/block/{name}").exists()]
    disks = [name for name in whole if Path(f"/sys/block/{name}/device").exists()] or whole
    return _summed({name: _of_disk(every[name]) for name in disks})


def _of_disk(counted: Any) -> dict[str, float]:
    return {
        "disk_read_bytes": float(counted.read_bytes),
        "disk_write_bytes": float(counted.write_bytes),
        "disk_reads": float(counted.read_count),
        "disk_writes": float(counted.write_count),
        _BUSY: float(counted.busy_time),
    }


def counters_of_network() -> dict[str, float]:
    """The same of network interfaces: bytes, packets, errors, drops. What goes through a bridge to a container, or stays on
    this host, is not counted where there is a real interface."""
    every = psutil.net_io_counters(pernic=True, nowrap=False) or {}
    real = [name for name in every if Path(f"/sys/class/net/{name}/device").exists()]
    chosen = real or [name for name in every if name != "lo"] or list(every)
    return _summed({name: _of_interface(every[name]) for name in chosen})


def _of_interface(counted: Any) -> dict[str, float]:
    return {
        "network_received_bytes": float(counted.bytes_recv),
        "network_sent_bytes": float(counted.bytes_sent),
        "network_received_packets": float(counted.packets_recv),
        "network_sent_packets": float(counted.packets_sent),
        "network_errors": float(counted.errin + counted.errout),
        "network_drops": float(counted.dropin + counted.dropout),
    }


def _summed(devices: dict[str, dict[str, float]]) -> dict[str, float]:
    """Counters of each device under "<counter>:<device>", and of all under "<counter>"."""
    counters: dict[str, float] = {}
    for device, counted in devices.items():
        for name, value in counted.items():
            counters[name] = counters.get(name, 0.0) + value
            if len(devices) <= MOST_DEVICES:
                counters[f"{name}:{device}"] = value
    return counters


def figures_of(counters: dict[str, float], last: dict[str, float], seconds: float) -> dict[str, float]:
    """Growth per second since the last look, ``seconds`` ago; of milliseconds at work the percent, and of all disks that of
    the busiest. A counter that went down belongs to a device that went away or came anew: it tells nothing this time. PURE.
    """
    figures: dict[str, float] = {}
    for name, value in counters.items():
        if name not in last or value < last[name] or seconds <= 0:
            continue
        plain, colon, device = name.partition(":")
        growth = (value - last[name]) / seconds
        if plain != _BUSY:
            figures[f"host.{plain}_per_second{colon}{device}"] = growth
            continue
        percent = min(growth / 10.0, 100.0)
        if device:
            figures[f"host.disk_busy_percent:{device}"] = percent
            figures["host.disk_busy_percent"] = max(percent, figures.get("host.disk_busy_percent", 0.0))
    return figures
