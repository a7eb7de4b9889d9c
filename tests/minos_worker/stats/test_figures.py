"""Figures of host and task against what is known of them."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from minos_common.words import TaskName
from minos_worker.process.identity import ProcessId, stat_of
from minos_worker.process.tree import all_processes
from minos_worker.stats.host import HostFigures, cpu_figures
from minos_worker.stats.task import TaskFigures, in_lines

WRITER = """
import os, sys
path = sys.argv[1]
while True:
    with open(path, "wb") as file:
        file.write(os.urandom(1 << 20))
        os.fsync(file.fileno())
"""
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
    "disk_inodes_percent",
    "cpu_nice",
    "cpu_interrupts",
    "cpu_steal",
    "cpu_idle",
    "memory_cached",
    "swap_total",
    "swap_percent",
    "open_files",
    "threads",
    "threads_running",
    "tcp_in_use",
    "tcp_established",
    "processes",
    "uptime_seconds",
]
RATES = [
    "disk_read_bytes",
    "disk_write_bytes",
    "disk_reads",
    "disk_writes",
    "network_received_bytes",
    "network_sent_bytes",
    "network_received_packets",
    "network_sent_packets",
    "network_errors",
    "network_drops",
    "swap_in_bytes",
    "swap_out_bytes",
]


def test_the_hosts_figures(tmp_path: Path) -> None:
    host = HostFigures([tmp_path, tmp_path / "not-there-yet"])
    host.read()
    time.sleep(0.05)
    second = host.read()
    assert {f"host.{name}" for name in HOST} <= set(second)
    assert {f"host.{name}_per_second" for name in RATES} <= set(second)
    assert second["host.memory_total"] == os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    assert 0 <= second["host.cpu_percent"] <= 100 and 0 < second["host.disk_percent"] <= 100
    for figure in ("percent", "used", "free", "total"):
        assert [name for name in second if name.startswith(f"host.disk_{figure}:/")]
    modes = ("user", "system", "iowait", "steal", "idle")
    assert sum(second[f"host.cpu_{mode}"] for mode in modes) == pytest.approx(100.0)
    assert all(value >= 0 for value in second.values())


BEFORE = dict.fromkeys(("user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal"), 100.0)


@pytest.mark.parametrize(
    ("spent", "figures"),
    [
        ({}, {}),
        (
            {"user": 2.0, "nice": 1.0, "system": 1.0, "softirq": 1.0, "steal": 1.0, "iowait": 1.0, "idle": 3.0},
            {
                "percent": 60,
                "user": 30,
                "nice": 10,
                "system": 20,
                "interrupts": 10,
                "steal": 10,
                "iowait": 10,
                "idle": 30,
            },
        ),
        ({"user": 0.01, "idle": 0.01}, {"percent": 50, "user": 50, "idle": 50}),
        ({"idle": 1.0, "iowait": -0.5}, {"percent": 0, "idle": 100, "iowait": 0}),
    ],
)
def test_processors(spent: dict[str, float], figures: dict[str, float]) -> None:
    found = cpu_figures(BEFORE, {mode: seconds + spent.get(mode, 0.0) for mode, seconds in BEFORE.items()})
    assert bool(found) == bool(figures)
    assert {name: found[f"host.cpu_{name}"] for name in figures} == pytest.approx(figures)


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
        assert found["task.children"] == 1 and found["task.swap_bytes"] >= 0
        assert found["task.voluntary_switches_per_second"] >= 0
    finally:
        for pid, stat in all_processes().items():
            if stat.parent == parent.pid:
                os.kill(pid, 9)
        parent.kill()
        parent.wait()


def test_what_a_task_writes_is_seen(tmp_path: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path / "file")])
    try:
        figures, found = TaskFigures(), {}
        stat = stat_of(process.pid)
        assert stat is not None
        until = time.monotonic() + 20
        while found.get("task.write_bytes_per_second", 0.0) < 1.0 and time.monotonic() < until:
            time.sleep(0.1)
            found = figures.read(TASK, ProcessId(process.pid, stat.tick), 0.0, all_processes())
        assert found["task.write_bytes_per_second"] > 0 and found["task.read_bytes_per_second"] >= 0
    finally:
        process.kill()
        process.wait()


def test_numbers_in_lines() -> None:
    text = "Name:\tjava: 12\nVmSwap:\t    12 kB\nThreads:\t37\nSigQ:\t0/63\nCpus_allowed:\tff\n\nread_bytes: 4096\n"
    assert in_lines(text) == {"VmSwap": 12 * 1024.0, "Threads": 37.0, "read_bytes": 4096.0}
