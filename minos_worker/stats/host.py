"""Figures of the host, from psutil. Rates are over the time since the last look."""

import os
import time
from pathlib import Path

import psutil


class HostFigures:
    """Looks at the host now and then; keeps the counters of the last look."""

    def __init__(self, roots: list[Path]) -> None:
        self._roots = roots
        self._last_clock = 0.0
        self._last: dict[str, float] = {}
        psutil.cpu_times_percent()  # the first call tells nothing; it is the beginning of the second

    def read(self) -> dict[str, float]:
        """All figures of the host as of now."""
        return {**_cpu(), **_memory(), **self._disks(), **self._rates(), **_rest()}

    def _disks(self) -> dict[str, float]:
        figures: dict[str, float] = {}
        worst = -1.0
        for mount in sorted({_mount_of(root) for root in self._roots}):
            try:
                usage = psutil.disk_usage(mount)
            except OSError:
                continue
            figures[f"host.disk_percent:{mount}"] = usage.percent
            if usage.percent > worst:
                worst = usage.percent
                figures["host.disk_percent"] = usage.percent
                figures["host.disk_total"] = float(usage.total)
                figures["host.disk_used"] = float(usage.used)
                figures["host.disk_free"] = float(usage.free)
        return figures

    def _rates(self) -> dict[str, float]:
        counters = _counters()
        clock = time.monotonic()
        seconds, last = clock - self._last_clock, self._last
        self._last_clock, self._last = clock, counters
        # A counter that went down belongs to a device that went away or came anew.
        return {
            f"host.{name}_per_second": max(value - last[name], 0.0) / seconds
            for name, value in counters.items()
            if name in last and seconds > 0
        }


def _counters() -> dict[str, float]:
    counters: dict[str, float] = {}
    disk = psutil.disk_io_counters()
    if disk is not None:
        counters["disk_read_bytes"] = float(disk.read_bytes)
        counters["disk_write_bytes"] = float(disk.write_bytes)
    network = psutil.net_io_counters()
    if network is not None:
        counters["network_received_bytes"] = float(network.bytes_recv)
        counters["network_sent_bytes"] = float(network.bytes_sent)
    return counters


def _cpu() -> dict[str, float]:
    times = psutil.cpu_times_percent()
    load1, load5, load15 = os.getloadavg()
    return {
        "host.cpu_percent": max(0.0, min(100.0, 100.0 - times.idle - times.iowait)),
        "host.cpu_user": times.user + times.nice,
        "host.cpu_system": times.system + times.irq + times.softirq,
        "host.cpu_iowait": times.iowait,
        "host.load1": load1,
        "host.load5": load5,
        "host.load15": load15,
    }


def _memory() -> dict[str, float]:
    memory, swap = psutil.virtual_memory(), psutil.swap_memory()
    return {
        "host.memory_total": float(memory.total),
        "host.memory_used": float(memory.used),
        "host.memory_available": float(memory.available),
        "host.memory_percent": memory.percent,
        "host.swap_used": float(swap.used),
    }


def _rest() -> dict[str, float]:
    return {
        "host.processes": float(sum(path.name.isdigit() for path in Path("/proc").iterdir())),
        "host.uptime_seconds": time.clock_gettime(time.CLOCK_BOOTTIME),
    }


def _mount_of(path: Path) -> str:
    """Mount point of the file system that ``path`` is on."""
    current = path.absolute()
    while not current.exists() or not current.is_mount():
        if current == current.parent:
            break
        current = current.parent
    return str(current)
