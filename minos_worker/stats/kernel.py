"""What Linux tells of itself in small files: pressure, open files, threads, TCP. A file that is not there tells nothing."""

from contextlib import suppress
from pathlib import Path

PROC = Path("/proc")


def pressure(proc: Path = PROC) -> dict[str, float]:
    """Percent of the last ten seconds in which some, or all, processes waited for a processor, the disk or memory."""
    figures: dict[str, float] = {}
    for kind in ("cpu", "io", "memory"):
        for line in _text(proc / "pressure" / kind).splitlines():
            share, *pairs = line.split()
            for pair in pairs:
                name, _, value = pair.partition("=")
                if name == "avg10" and share in ("some", "full"):
                    with suppress(ValueError):
                        figures[f"host.pressure_{kind}_{share}"] = float(value)
    return figures


def open_files(proc: Path = PROC) -> dict[str, float]:
    """Files that are open on the whole host."""
    words = _text(proc / "sys" / "fs" / "file-nr").split()
    return {"host.open_files": float(words[0])} if words and words[0].isdigit() else {}


def threads(proc: Path = PROC) -> dict[str, float]:
    """Threads of all processes, and how many of them want a processor."""
    words = _text(proc / "loadavg").split()
    running, slash, every = words[3].partition("/") if len(words) > 3 else ("", "", "")
    if not (slash and running.isdigit() and every.isdigit()):
        return {}
    return {"host.threads": float(every), "host.threads_running": float(running)}


_TCP = {"inuse": "host.tcp_in_use", "tw": "host.tcp_time_wait", "orphan": "host.tcp_orphaned"}


def connections(proc: Path = PROC) -> dict[str, float]:
    """TCP sockets by what they are doing, from the kernel's own counts: no socket is looked at."""
    figures: dict[str, float] = {}
    for file, family in (("sockstat", "TCP:"), ("sockstat6", "TCP6:")):
        for line in _text(proc / "net" / file).splitlines():
            head, *words = line.split()
            if head != family:
                continue
            for name, value in zip(words[::2], words[1::2], strict=False):
                if name in _TCP and value.isdigit():
                    figures[_TCP[name]] = figures.get(_TCP[name], 0.0) + float(value)
    rows = [line.split() for line in _text(proc / "net" / "snmp").splitlines() if line.startswith("Tcp:")]
    counted = dict(zip(rows[0], rows[1], strict=False)) if len(rows) > 1 else {}
    if counted.get("CurrEstab", "").isdigit():
        figures["host.tcp_established"] = float(counted["CurrEstab"])
    return figures


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:  # an older kernel, or pressure is not counted (psi=0)
        return ""
