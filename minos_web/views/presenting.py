"""PURE. Numbers, times and exits as people read them; the same units as the charts in the browser."""

import json
import signal
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from minos_common import instants

_BINARY = ("B", "KB", "MB", "GB", "TB", "PB")
_DECIMAL = ("", "k", "M", "G", "T")
_ENDINGS = (
    ("_bytes_per_second", "bytes_per_second"),
    ("_per_second", "per_second"),
    ("_bytes", "bytes"),
    ("_percent", "percent"),
    ("_seconds", "seconds"),
    ("_ms", "ms"),
)
_EXIT_HINTS = {
    126: "the program may not be executed",
    127: "the program was not found",
}
_SIGNAL_HINTS = {
    "SIGKILL": "killed at once, as an operator or the kernel short of memory does",
    "SIGTERM": "asked to stop",
    "SIGSEGV": "crashed",
    "SIGABRT": "gave up by itself",
    "SIGINT": "interrupted",
    "SIGHUP": "its terminal went away",
}


def json_text(value: object) -> str:
    """A value for a data attribute that a script reads."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def scope(selection: dict[str, list[Any]] | None, of: str = "of ") -> str:
    """What part of a cluster an operation is about, as it stands before the cluster's name: "zookeeper/1 of "; empty for
    all of it.
    """
    chosen = selection or {}
    jobs, tasks, hosts = (chosen.get(name) or [] for name in ("jobs", "tasks", "hosts"))
    job = ", ".join(jobs)
    if len(tasks) == 1 and len(jobs) == 1:
        what = f"{job}/{tasks[0]}"
    elif tasks:
        what = count(len(tasks) * max(1, len(jobs)), f"{job} task" if len(jobs) == 1 else "task")
    else:
        what = f"job{'s' if len(jobs) > 1 else ''} {job}" if jobs else ""
    if hosts:
        where = hosts[0] if len(hosts) == 1 else count(len(hosts), "host")
        what = f"{what or 'all'} on {where}"
    return f"{what} {of}" if what else ""


def action(name: str) -> str:
    """An action as a heading says it: Rolling update, Upgrade."""
    return name.partition("-")[0].replace("_", " ").capitalize() if name.startswith("upgrade") else _spoken(name)


def _spoken(name: str) -> str:
    return name.replace("_", " ").replace("-", " ").capitalize()


def deed(operation: Any) -> tuple[str, str]:
    """What an operation (its row) does, and to what: ("Stop zookeeper/1 of ", "dptst"), ("Upgrade ", "3 workers")."""
    verb = action(operation.options.get("procedure") or operation.action)
    if operation.cluster is None:
        return f"{verb} ", count(len(operation.selection["hosts"]), "worker")
    where = "on " if operation.action == "procedure" else scope(operation.selection)
    where = f"of {where}" if operation.action == "rolling_update" else where
    return f"{verb} {where}", operation.cluster.name


def sentence(text: object) -> str:
    """What an error says as a sentence: with a capital, unless it begins with an address or a file's name, and a full stop."""
    said = str(text)
    first = said.partition(" ")[0].rstrip(",:;")
    begun = said if "." in first or "/" in first else said[:1].upper() + said[1:]
    return begun + ("" if said.endswith(".") or not said else ".")


def iso(at: float | None) -> str:
    """Seconds since the epoch as 2026-11-23T23:59:01Z, for machines; empty for None."""
    return "" if at is None else datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def utc(at: float | None) -> str:
    """Seconds since the epoch as 2026-11-23 23:59:01 UTC, for people; an en dash for None."""
    return "–" if at is None else instants.utc(at)


def duration(seconds: float | None) -> str:
    """0.8 s · 12 s · 3 min 05 s · 2 h 05 min · 3 d 4 h; an en dash for None."""
    if seconds is None:
        return "–"
    if seconds < 10:
        return f"{max(0.0, seconds):.1f} s"
    whole = int(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes = whole // 60
    if minutes < 60:
        return f"{minutes} min {whole % 60:02d} s"
    hours = minutes // 60
    if hours < 24:
        return f"{hours} h {minutes % 60:02d} min"
    return f"{hours // 24} d {hours % 24} h"


def size(count: float | None) -> str:
    """Bytes as 512 B, 1.5 GB (powers of 1024); an en dash for None."""
    return "–" if count is None else _scaled(count, 1024, _BINARY, " ")


def figure(value: float | None, unit: str) -> str:
    """A number with its unit, one of the words of ``unit_of``; an unknown unit is written behind the number."""
    if value is None:
        return "–"
    known = _FIGURES.get(unit)
    return known(value) if known else f"{_plain(value)} {unit}"


def unit_of(metric: str) -> str:
    """Unit that the name of a figure tells by its ending; "count" where it tells none."""
    return next((unit for ending, unit in _ENDINGS if metric.endswith(ending)), "count")


def exit_words(last_exit: dict[str, Any] | None) -> str:
    """How a process ended (a row's ``last_exit``), in words; empty when it never did."""
    if not last_exit:
        return ""
    kind, value = last_exit.get("kind"), last_exit.get("value")
    words = _ended(str(kind), value)
    if last_exit.get("forced"):
        words += ", because it did not stop in time when asked"
    if last_exit.get("expected"):
        words += "; this was expected"
    return words


def count(number: int, one: str, many: str = "") -> str:
    """1 task · 2 tasks."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def ports(named: dict[str, int]) -> str:
    """Ports in short: 12000–12003 when they follow one another, else each; an en dash for none."""
    numbers = sorted(named.values())
    if len(numbers) > 2 and numbers[-1] - numbers[0] == len(numbers) - 1:
        return f"{numbers[0]}–{numbers[-1]}"
    return " ".join(str(number) for number in numbers) or "–"


def package_name(package: dict[str, Any] | None) -> str:
    """A task's package without the ending of its file name; an en dash for none."""
    name = str((package or {}).get("name", ""))
    for ending in (".tar.gz", ".tgz", ".tar.xz", ".tar.bz2", ".zip"):
        name = name.removesuffix(ending)
    return name or "–"


def _ended(kind: str, value: Any) -> str:
    if kind == "signal" and isinstance(value, int):
        return f"ended by signal {value} ({_signal(value)})"
    if kind != "code" or not isinstance(value, int):
        return "ended in a way nobody saw"
    if value > 128 and _signal(value - 128):
        return f"exit code {value} ({_signal(value - 128)})"
    hint = _EXIT_HINTS.get(value) or ("by itself, without complaint" if value == 0 else "by itself, after an error")
    return f"exit code {value} ({hint})"


def _signal(number: int) -> str:
    try:
        name = signal.Signals(number).name
    except ValueError:
        return ""
    hint = _SIGNAL_HINTS.get(name)
    return f"{name}: {hint}" if hint else name


def _short(value: float) -> str:
    """Three significant digits without needless zeros."""
    if abs(value) >= 100 or value == int(value):
        return f"{value:.0f}"
    return f"{value:.{1 if abs(value) >= 10 else 2}f}".rstrip("0").rstrip(".")


def _plain(value: float) -> str:
    return _scaled(value, 1000, _DECIMAL, "")


def _scaled(value: float, base: int, names: tuple[str, ...], gap: str) -> str:
    step = 0
    while abs(value) >= base and step < len(names) - 1:
        value /= base
        step += 1
    return f"{_short(value)}{gap}{names[step]}".strip()


_FIGURES: dict[str, Callable[[float], str]] = {
    "bytes": size,
    "bytes_per_second": lambda value: size(value) + "/s",
    "percent": lambda value: f"{_short(value)} %",
    "seconds": duration,
    "ms": lambda value: duration(value / 1000) if abs(value) >= 10_000 else f"{_short(value)} ms",
    "per_second": lambda value: _plain(value) + "/s",
    "bool": lambda value: "yes" if value else "no",
    "count": _plain,
    "": _plain,
}
