"""Small files of the kernel, whole, odd and missing."""

from pathlib import Path

import pytest

from minos_worker.stats.kernel import connections, open_files, pressure, threads

SNMP = "Ip: Forwarding\nIp: 1\nTcp: MaxConn CurrEstab InSegs\nTcp: -1 248 383392\n"


def proc(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


@pytest.mark.parametrize(
    ("files", "figures"),
    [
        ({}, {}),
        (
            {
                "pressure/cpu": "some avg10=72.47 avg60=80.39 avg300=81.09 total=854821865\n",
                "pressure/memory": "some avg10=1.50 avg60=0 total=0\nfull avg10=0.25 avg60=0 total=0\n",
            },
            {"host.pressure_cpu_some": 72.47, "host.pressure_memory_some": 1.5, "host.pressure_memory_full": 0.25},
        ),
        ({"pressure/io": "some avg10=x\nodd avg10=1\nfull\n"}, {}),
    ],
)
def test_pressure(tmp_path: Path, files: dict[str, str], figures: dict[str, float]) -> None:
    assert pressure(proc(tmp_path, files)) == figures


@pytest.mark.parametrize(("text", "figures"), [("7039\t0\t9\n", {"host.open_files": 7039.0}), ("", {}), ("x", {})])
def test_open_files(tmp_path: Path, text: str, figures: dict[str, float]) -> None:
    assert open_files(proc(tmp_path, {"sys/fs/file-nr": text})) == figures


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("7.3 11.8 8.3 2/1654 6642\n", {"host.threads": 1654.0, "host.threads_running": 2.0}),
        ("7.3 11.8 8.3\n", {}),
        ("", {}),
    ],
)
def test_threads(tmp_path: Path, text: str, figures: dict[str, float]) -> None:
    assert threads(proc(tmp_path, {"loadavg": text})) == figures


@pytest.mark.parametrize(
    ("files", "figures"),
    [
        ({}, {}),
        (
            {
                "net/sockstat": "sockets: used 456\nTCP: inuse 319 orphan 1 tw 206 alloc 319 mem 171\n",
                "net/sockstat6": "TCP6: inuse 4\nUDP6: inuse 9\n",
                "net/snmp": SNMP,
            },
            {
                "host.tcp_in_use": 323.0,
                "host.tcp_orphaned": 1.0,
                "host.tcp_time_wait": 206.0,
                "host.tcp_established": 248.0,
            },
        ),
        ({"net/snmp": "Tcp: A CurrEstab\nTcp: 1\n", "net/sockstat": "TCP: inuse\n"}, {}),
    ],
)
def test_connections(tmp_path: Path, files: dict[str, str], figures: dict[str, float]) -> None:
    assert connections(proc(tmp_path, files)) == figures
