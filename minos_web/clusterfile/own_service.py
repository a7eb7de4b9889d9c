"""A service that a cluster file describes by itself: its jobs, ports, files and figures, without a folder."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from minos_web.catalog.description import Chart, GeneratedFile, Job, Service
from minos_web.clusterfile.document import Document, Table
from minos_web.clusterfile.problems import Problem, error_at

KEYS = (
    "title", "program", "ports", "web", "log", "status", "figures", "counters", "ready", "quorum", "start_seconds",
    "ready_seconds",
    "stop_wait", "stop_signal", "expected_exits",
)  # fmt: skip
"""What the section of a job may say of it."""
_PAIR = re.compile(r"([a-z][a-z0-9_]{0,31})[:=](\S+)")
_FORMATS = {".xml": "site-xml", ".yaml": "yaml", ".yml": "yaml"}


def own_service(service: Service, document: Document) -> tuple[Service, list[Problem]]:
    """``service`` with the jobs and files that the cluster file says, and what is wrong with them."""
    cluster = document.tables.get("cluster") or Table(document.tables["configuration"].place)
    problems: list[Problem] = []
    jobs = []
    for name in dict.fromkeys(cluster.text("jobs").split()):
        table = document.tables.get(name)
        job, found = _job(name, table) if table is not None else (None, [])
        problems += found
        jobs += [job] if job else []
    return msgspec.structs.replace(
        service,
        artifact=cluster.text("artifact") or service.artifact,
        jobs=tuple(jobs) or service.jobs,
        files=tuple(_files(document.tables["configuration"])),
        charts=tuple(_charts(jobs)),
    ), problems


def _charts(jobs: list[Job]) -> Iterator[Chart]:
    """One for each number that is kept."""
    for job in jobs:
        of_job = f", {job.title or job.name}" if len(jobs) > 1 else ""
        for figure in job.status.figures if job.status else ():
            if figure.kind != "word":
                unit = "/s" if figure.kind == "counter" else ""
                yield Chart(f"{figure.title}{of_job}", job.name, (figure.name,), unit)


def _files(configuration: Table) -> list[GeneratedFile]:
    return [
        GeneratedFile(name, next((fmt for ending, fmt in _FORMATS.items() if name.endswith(ending)), "properties"))
        for name in configuration.tables
    ]


def _job(name: str, table: Table) -> tuple[Job | None, list[Problem]]:
    try:
        said: dict[str, Any] = {
            "name": name,
            "multi_instance": True,
            "own_keys": KEYS,
            "lifecycle": {"expected_exits": (0, 143)},
        }
        for key, read in _READ.items():
            if table.text(key):
                read(said, table.text(key))
        _status(said, table)
        said["needs_java"] = not said.get("program")
        job = msgspec.convert(said, Job)
    except (ValueError, msgspec.ValidationError) as error:
        named = re.match(r"(\w+)", str(error)), re.search(r"\$\.(?:lifecycle\.)?(\w+)", str(error))
        key = next((match[1] for match in named if match and match[1] in KEYS), "")
        place = table.values[key].place if key in table.values else table.place
        return None, [error_at(place, f"[{name}]: {error}")]
    missing = [port for port in (job.web, job.status.port if job.status else "") if port and port not in job.ports]
    if missing:
        return None, [error_at(table.place, f"[{name}]: {missing[0]} is not among its ports= ({', '.join(job.ports)})")]
    return job, []


def _pairs(key: str, text: str) -> dict[str, str]:
    found = [(word, _PAIR.fullmatch(word)) for word in text.split()]
    wrong = [word for word, match in found if match is None]
    if wrong:
        raise ValueError(f"{key}= is made of pairs such as name=value, not {wrong[0]!r}")
    return {match[1]: match[2] for _, match in found if match}


def _ports(said: dict[str, Any], text: str) -> None:
    pairs = _pairs("ports", text)
    strange = [offset for offset in pairs.values() if not offset.isdecimal()]
    if strange:
        raise ValueError(f"ports= counts from the base port: http:0 admin:1, not {strange[0]!r}")
    said["ports"] = {name: int(offset) for name, offset in pairs.items()}


def _status(said: dict[str, Any], table: Table) -> None:
    """status="reader port path", figures=, counters= and ready=; without the first the others mean nothing."""
    words = table.text("status").split()
    if not words:
        alone = [key for key in ("figures", "counters", "ready") if table.text(key)]
        if alone:
            raise ValueError(f"{alone[0]}= needs status=: the reader, the port and the path of its page")
        return
    if len(words) not in (2, 3):
        raise ValueError("status= is the reader, the port and the path: json http /status")
    figures = _pairs("figures", table.text("figures"))
    ready = _pairs("ready", table.text("ready"))
    counters = table.text("counters").split()
    for key, names in (("ready", list(ready)), ("counters", counters)):
        unknown = [name for name in names if name not in figures]
        if unknown:
            raise ValueError(f"{key}= names {unknown[0]}, which is not among figures=")
    kinds = {name: "word" if name in ready else "counter" if name in counters else "gauge" for name in figures}
    said["status"] = {
        "reader": words[0],
        "port": words[1],
        "path": words[2] if len(words) == 3 else "",
        "ready": {name: tuple(value.split("|")) for name, value in ready.items()},
        "figures": [
            {"name": name, "source": source, "title": name.replace("_", " ").capitalize(), "kind": kinds[name]}
            for name, source in figures.items()
        ],
        **(
            {"ready_seconds": _seconds("ready_seconds", table.text("ready_seconds"))}
            if table.text("ready_seconds")
            else {}
        ),
    }


def _seconds(key: str, text: str) -> float:
    if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]+)?", text):
        raise ValueError(f"{key} {text!r} is no number of seconds")
    return float(text)


def _lifecycle(key: str, value: Callable[[str], Any]) -> Callable[[dict[str, Any], str], None]:
    def read(said: dict[str, Any], text: str) -> None:
        said["lifecycle"][key] = value(text)

    return read


def _exits(text: str) -> tuple[int, ...]:
    if not all(word.isdecimal() for word in text.split()):
        raise ValueError(f"expected_exits {text!r} are no exit codes")
    return tuple(int(word) for word in text.split())


def _taken(key: str) -> Callable[[dict[str, Any], str], None]:
    def read(said: dict[str, Any], text: str) -> None:
        said[key] = text

    return read


def _quorum(said: dict[str, Any], text: str) -> None:
    if text not in ("yes", "no"):
        raise ValueError(f"quorum {text!r} is neither yes nor no")
    said["quorum"] = text == "yes"


_READ: dict[str, Callable[[dict[str, Any], str], None]] = {
    **{key: _taken(key) for key in ("title", "program", "web", "log")},
    "ports": _ports,
    "quorum": _quorum,
    "start_seconds": _lifecycle("start_seconds", lambda text: _seconds("start_seconds", text)),
    "stop_wait": _lifecycle("stop_wait", lambda text: _seconds("stop_wait", text)),
    "stop_signal": _lifecycle("stop_signal", str),
    "expected_exits": _lifecycle("expected_exits", _exits),
}
