"""Figures of the host. Rates are over the time since the last look."""

import os
import time
from pathlib import Path

import psutil

from minos_worker.stats.devices import counters_of_disks, counters_of_network, figures_of
from minos_worker.stats.kernel import connections, open_files, pressure, threads

MOST_MOUNTS = 64
_MODES = ("user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal")


class HostFigures:
    """Looks at the host now and then; keeps the counters of the last look."""

    def __init__(self, roots: list[Path]) -> None:
        self._roots = roots
        self._last_clock = 0.0
        self._last: dict[str, float] = {}
        self._last_times = _times()

    def read(self) -> dict[str, float]:
        """All figures of the host as of now. A part of it is named after a colon: ``host.disk_percent:/data``."""
        rates = {**self._cpu(), **self._rates()}
        return {**rates, **_load(), **_memory(), **_disks(self._roots), **_rest(), **pressure(), **connections()}

    def _cpu(self) -> dict[str, float]:
        last, self._last_times = self._last_times, _times()
        return cpu_figures(last, self._last_times)

    def _rates(self) -> dict[str, float]:
        counters = {**counters_of_disks(), **counters_of_network(), **_swapped()}
        clock = time.monotonic()
        seconds, last = clock - self._last_clock, self._last
        self._last_clock, self._last = clock, counters
        return figures_of(counters, last, seconds)


def _load() -> dict[str, float]:
    load1, load5, load15 = os.getloadavg()
    return {"host.load1": load1, "host.load5": load5, "host.load15": load15}


def _times() -> dict[str, float]:
    times = psutil.cpu_times()
    return {mode: getattr(times, mode, 0.0) for mode in _MODES}


def cpu_figures(last: dict[str, float], now: dict[str, float]) -> dict[str, float]:
    """Percent of all processors' time in each mode, between two looks at seconds spent in it. PURE.

    What a guest system used is counted as user time already. A kernel may turn a mode's seconds back a little.
    """
    spent = {mode: max(now[mode] - last[mode], 0.0) for mode in _MODES}
    every = sum(spent.values())
    if every <= 0:
        return {}
    part = {mode: 100.0 * seconds / every for mode, seconds in spent.items()}
    return {
        "host.cpu_percent": max(0.0, 100.0 - part["idle"] - part["iowait"]),
        "host.cpu_user": part["user"] + part["nice"],
        "host.cpu_nice": part["nice"],
        "host.cpu_system": part["system"] + part["irq"] + part["softirq"],
        "host.cpu_interrupts": part["irq"] + part["softirq"],
        "host.cpu_iowait": part["iowait"],
        "host.cpu_steal": part["steal"],
        "host.cpu_idle": part["idle"],
    }


def _memory() -> dict[str, float]:
    memory, swap = psutil.virtual_memory(), psutil.swap_memory()
    return {
        "host.memory_total": float(memory.total),
        "host.memory_used": float(memory.used),
        "host.memory_available": float(memory.available),
        "host.memory_cached": float(memory.cached),
        "host.memory_percent": memory.percent,
        "host.swap_total": float(swap.total),
        "host.swap_used": float(swap.used),
        "host.swap_percent": swap.percent,
    }


def _swapped() -> dict[str, float]:
    swap = psutil.swap_memory()
    return {"swap_in_bytes": float(swap.sin), "swap_out_bytes": float(swap.sout)}


def _disks(roots: list[Path]) -> dict[str, float]:
    """Of each mount that a root is on; without a name behind them those of the fullest."""
    figures: dict[str, float] = {}
    worst = -1.0
    for mount in sorted({_mount_of(root) for root in roots})[:MOST_MOUNTS]:
        try:
            usage, counts = psutil.disk_usage(mount), os.statvfs(mount)
        except OSError:
            continue
        found = {
            "host.disk_percent": usage.percent,
            "host.disk_total": float(usage.total),
            "host.disk_used": float(usage.used),
            "host.disk_free": float(usage.free),
        }
        if counts.f_files:  # some file systems have no bound of them
            found["host.disk_inodes_percent"] = 100.0 * (counts.f_files - counts.f_ffree) / counts.f_files
        figures |= {f"{name}:{mount}": value for name, value in found.items()}
        if usage.percent > worst:
            worst = usage.percent
            figures |= found
    return figures


def _rest() -> dict[str, float]:
    return {
        "host.processes": float(sum(path.name.isdigit() for path in Path("/proc").iterdir())),
        "host.uptime_seconds": time.clock_gettime(time.CLOCK_BOOTTIME),
        **threads(),
        **open_files(),
    }


def _mount_of(path: Path) -> str:
    """Mount point of the file system that ``path`` is on."""
    current = path.absolute()
    while not current.exists() or not current.is_mount():
        if current == current.parent:
            break
        current = current.parent
    return str(current)
