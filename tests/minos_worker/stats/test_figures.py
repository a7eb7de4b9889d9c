"""Figures of host and task against what is known of them."""

import os
import subprocess
import sys
import time
from pathlib import Path

from minos_common.words import TaskName
from minos_worker.process.identity import ProcessId, stat_of
from minos_worker.process.tree import all_processes
from minos_worker.stats.host import HostFigures
from minos_worker.stats.task import TaskFigures

TASK = TaskName("s", "c", "j")
HOST = [
    "cpu_percent",
    "cpu_user",
    "cpu_system",
    "cpu_iowait",
    "load1",
    "load5",
    "load15",
    "memory_total",
    "memory_used",
    "memory_available",
    "memory_percent",
    "swap_used",
    "disk_total",
    "disk_used",
    "disk_free",
    "disk_percent",
    "processes",
    "uptime_seconds",
]
RATES = ["disk_read_bytes", "disk_write_bytes", "network_received_bytes", "network_sent_bytes"]


def test_the_hosts_figures(tmp_path: Path) -> None:
    host = HostFigures([tmp_path, tmp_path / "not-there-yet"])
    first = host.read()
    assert {f"host.{name}" for name in HOST} <= set(first)
    time.sleep(0.05)
    second = host.read()
    assert {f"host.{name}_per_second" for name in RATES} <= set(second)
    assert second["host.memory_total"] == os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    assert 0 <= second["host.cpu_percent"] <= 100 and 0 < second["host.disk_percent"] <= 100
    assert [name for name in second if name.startswith("host.disk_percent:/")]
    assert all(value >= 0 for value in second.values())


def test_a_tasks_figures_count_its_children() -> None:
    burn = "import threading, time\nt = threading.Thread(target=time.sleep, args=(60,)); t.start()\nwhile True: pass"
    parent = subprocess.Popen(["/bin/bash", "-c", f"{sys.executable} -c '{burn}' & wait"])
    try:
        figures = TaskFigures()
        found: dict[str, float] = {}
        stat = stat_of(parent.pid)
        assert stat is not None
        main, started = ProcessId(parent.pid, stat.tick), time.clock_gettime(time.CLOCK_BOOTTIME)
        assert "task.cpu_percent" not in figures.read(TASK, main, started, all_processes())
        until = time.monotonic() + 20
        while found.get("task.cpu_percent", 0.0) < 10.0 and time.monotonic() < until:
            time.sleep(0.3)
            found = figures.read(TASK, main, started, all_processes())
        assert found["task.cpu_percent"] >= 10.0
        assert found["task.threads"] >= 3 and found["task.rss_bytes"] > 2**20 and found["task.open_files"] >= 4
        assert 0 < found["task.uptime_seconds"] < 30
    finally:
        for pid, stat in all_processes().items():
            if stat.parent == parent.pid:
                os.kill(pid, 9)
        parent.kill()
        parent.wait()
