"""Reads service folders: ``<folder>/service.toml``, its ``charts.toml``, ``alerts.toml`` and ``sizes.toml``, its ``conf/`` files, its cluster template, names it knows."""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from minos_web.catalog.alerts import AlertFile, ShippedRule
from minos_web.catalog.clients import Procedure
from minos_web.catalog.description import Job, Service
from minos_web.catalog.drills import Drill
from minos_web.catalog.gates import Gate
from minos_web.catalog.more_charts import add_charts
from minos_web.catalog.sizes import Size, SizeFile, mistake_in

SHIPPED = Path(__file__).parent
"""The directory of the services that come with Minos."""


@dataclass(frozen=True)
class CatalogProblem:
    """Why a service folder (or a part of it) cannot be used. ``key`` is a path such as ``jobs[0].ports``, or empty."""

    folder: str
    file: str
    key: str
    message: str

    def __str__(self) -> str:
        where = f"{self.folder}/{self.file}"
        return f"{where}: {self.key}: {self.message}" if self.key else f"{where}: {self.message}"


@dataclass(frozen=True)
class Catalog:
    """Services by name, what is wrong with the folders that could not be read, names of the site's ``own``, and the rules of
    ``alerts`` that belong to no service.
    """

    services: dict[str, Service] = field(default_factory=dict)
    problems: list[CatalogProblem] = field(default_factory=list)
    own: set[str] = field(default_factory=set)
    alerts: list[ShippedRule] = field(default_factory=list)

    def __getitem__(self, service: str) -> Service:
        return self.services[service]

    def get(self, service: str) -> Service | None:
        """The service of this name, or None."""
        return self.services.get(service)

    def known_names(self, service: str, file: str) -> dict[str, str]:
        """Names of the properties of ``file`` with their defaults, as the service or else another one knows them."""
        own = self.services[service].known if service in self.services else {}
        if file in own:
            return own[file]
        return next((one.known[file] for one in self.services.values() if file in one.known), {})

    def default_files(self) -> dict[str, str]:
        """Virtual path -> text of every file that a new site starts with (``conf/<service>/...``)."""
        return {
            f"conf/{name}/{path}": text
            for name, service in self.services.items()
            for path, text in service.conf.items()
        }


class _Broken(Exception):
    """A folder that cannot be read; ``key`` says where in the file."""

    def __init__(self, file: str, key: str, message: str) -> None:
        super().__init__(message)
        self.file = file
        self.key = key


def load_catalog(paths: Iterable[Path] = (SHIPPED,)) -> Catalog:
    """Read every folder with a ``service.toml`` below ``paths``; a later path replaces a service of an earlier one.

    Never raises: a broken folder becomes a CatalogProblem, and an earlier service of its name stays.
    """
    catalog = Catalog()
    for path in paths:
        try:
            folders = sorted(folder for folder in path.iterdir() if (folder / "service.toml").is_file())
        except OSError as error:
            catalog.problems.append(CatalogProblem(str(path), "", "", f"cannot be listed: {error.strerror}"))
            continue
        for folder in folders:
            _load_into(catalog, folder)
        _load_alerts(catalog, path)
    return catalog


def _load_alerts(catalog: Catalog, path: Path) -> None:
    """Rules of hosts, racks and the console: those of a later path take the place of earlier ones of their names."""
    try:
        rules = _read_alerts(path)
    except _Broken as broken:
        catalog.problems.append(CatalogProblem(path.name, broken.file, broken.key, str(broken)))
    else:
        names = {rule.name for rule in rules}
        catalog.alerts[:] = [*(one for one in catalog.alerts if one.name not in names), *rules]


def _load_into(catalog: Catalog, folder: Path) -> None:
    try:
        service = _shipped(folder) if folder.parent == SHIPPED else _read_service(folder)
    except _Broken as broken:
        catalog.problems.append(CatalogProblem(folder.name, broken.file, broken.key, str(broken)))
    else:
        catalog.services[service.name] = service
        if folder.parent != SHIPPED:
            catalog.own.add(service.name)


@cache
def _shipped(folder: Path) -> Service:
    """What comes with Minos is the same for as long as the process lives."""
    return _read_service(folder)


def _read_service(folder: Path) -> Service:
    data = _read_toml(folder)
    data.setdefault("name", folder.name)
    _read_charts(folder, data)
    for key in ("conf", "template", "known", "alerts", "sizes"):
        if key in data:
            raise _Broken("service.toml", key, "is a file or folder of its own, not a key")
    template = folder / "cluster.template.cfg"
    data["conf"] = {file.relative_to(folder / "conf").as_posix(): _text(folder, file) for file in _conf_files(folder)}
    data["known"] = {file.stem: _known(folder, file) for file in sorted((folder / "known").glob("*.tsv"))}
    data["template"] = _text(folder, template) if template.is_file() else ""
    try:
        service = msgspec.convert(data, Service)
    except msgspec.ValidationError as error:
        raise _unfit("service.toml", error) from error
    service = msgspec.structs.replace(service, alerts=_read_alerts(folder), sizes=_read_sizes(folder))
    if service.name != folder.name:
        raise _Broken("service.toml", "name", f"is {service.name!r}, but the folder is called {folder.name!r}")
    _check(service)
    return service


def _read_toml(folder: Path, file: str = "service.toml") -> dict[str, Any]:
    try:
        return tomllib.loads(_text(folder, folder / file))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise _Broken(file, "", str(error)) from error


def _read_charts(folder: Path, data: dict[str, Any]) -> None:
    """What ``charts.toml`` adds, where the folder has one."""
    if not (folder / "charts.toml").is_file():
        return
    try:
        add_charts(data, _read_toml(folder, "charts.toml"))
    except msgspec.ValidationError as error:
        raise _unfit("charts.toml", error) from error
    except (ValueError, AttributeError, TypeError) as error:
        raise _Broken("charts.toml", "", str(error)) from error


def _read_alerts(folder: Path) -> tuple[ShippedRule, ...]:
    """The rules of ``alerts.toml``, where there is one."""
    if not (folder / "alerts.toml").is_file():
        return ()
    try:
        rules = msgspec.convert(_read_toml(folder, "alerts.toml"), AlertFile).rules
    except msgspec.ValidationError as error:
        raise _unfit("alerts.toml", error) from error
    names = [rule.name for rule in rules]
    for name in names:
        if names.count(name) > 1:
            raise _Broken("alerts.toml", "rules", f"two rules are called {name!r}")
    return rules


def _read_sizes(folder: Path) -> tuple[Size, ...]:
    """The sizes of ``sizes.toml``, where there is one."""
    if not (folder / "sizes.toml").is_file():
        return ()
    try:
        return msgspec.convert(_read_toml(folder, "sizes.toml"), SizeFile).sizes
    except msgspec.ValidationError as error:
        raise _unfit("sizes.toml", error) from error


def _unfit(file: str, error: msgspec.ValidationError) -> _Broken:
    message, _, key = str(error).partition(" - at `$")
    return _Broken(file, key.strip("`.").replace("[...]", "[]"), message)


def _conf_files(folder: Path) -> list[Path]:
    return sorted(file for file in (folder / "conf").rglob("*") if file.is_file())


def _known(folder: Path, file: Path) -> dict[str, str]:
    """Name -> default of a list whose lines are a name and, behind a tab, a default."""
    pairs = (line.partition("\t") for line in _text(folder, file).splitlines() if line.strip())
    return {name.strip(): default.strip() for name, _, default in pairs}


def _text(folder: Path, file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8")
    except OSError as error:
        raise _Broken(str(file.relative_to(folder)), "", f"cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise _Broken(str(file.relative_to(folder)), "", f"is not UTF-8 text (byte {error.start})") from error


def _check(service: Service) -> None:
    """What types alone cannot say: names inside the folder must refer to something."""
    jobs = {job.name: job for job in service.jobs}
    if len(jobs) != len(service.jobs):
        raise _Broken("service.toml", "jobs", "two jobs have the same name")
    if service.stop_order and sorted(service.stop_order) != sorted(jobs):
        raise _Broken("service.toml", "stop_order", f"must name each job once: {', '.join(jobs)}")
    if mistake := mistake_in(service.sizes, jobs):
        raise _Broken("sizes.toml", "sizes", mistake)
    _check_names(service, jobs)
    _check_commands(service)
    for job in service.jobs:
        _check_ports(job)
        _check_figures("ready", job, job.status.ready if job.status else ())
        _check_figures("roll_last", job, job.roll_last)
        _check_facts(job)
    for gate in _all_gates(service):
        _check_figures(f"gates ({gate.title})", jobs[gate.looks_at], gate.figures)
    for chart in service.charts:
        _check_figures(f"charts ({chart.title})", jobs[chart.job], chart.figures)
    _check_health(service, jobs)


def _check_health(service: Service, jobs: dict[str, Job]) -> None:
    """Rules have what they look at, and numbers where they need one."""
    for rule in service.health:
        key = f"health ({rule.rule} of {rule.job})"
        if rule.rule in ("one-of", "at-most"):
            _check_figures(key, jobs[rule.job], [rule.figure])
        if rule.rule in ("share-runs", "at-most"):
            try:
                good = rule.number >= 0 and (rule.rule == "at-most" or rule.number <= 1)
            except ValueError:
                good = False
            if not good:
                raise _Broken("service.toml", key, f"has the value {rule.value!r}, which is no such number")
    if service.entry and service.entry.figure:
        _check_figures("entry", jobs[service.entry.job], [service.entry.figure])


def _check_names(service: Service, jobs: dict[str, Job]) -> None:
    """Jobs and ports that are spoken of are there."""
    named = [("bootstrap", action.job) for action in service.bootstrap]
    named += [("cleanup", action.job) for action in service.cleanup]
    named += [("charts", chart.job) for chart in service.charts] + [("health", rule.job) for rule in service.health]
    named += [("waits", name) for wait in service.waits for name in (wait.before, wait.of)]
    named += [("gates", name) for gate in _all_gates(service) for name in (gate.job, gate.looks_at)]
    named += [("jobs.leaving", job.leaving.read_by) for job in service.jobs if job.leaving and job.leaving.read_by]
    named += [("jobs.hosts_from", job.hosts_from) for job in service.jobs if job.hosts_from]
    named += [("entry", service.entry.job)] if service.entry else []
    for key, name in named:
        if name not in jobs:
            raise _Broken("service.toml", key, f"names the job {name!r}, which this service does not have")
    for alert in service.alerts:
        if alert.job and alert.job not in jobs:
            text = f"names the job {alert.job!r}, which this service does not have"
            raise _Broken("alerts.toml", f"rules ({alert.name})", text)
    for wait in service.waits:
        if wait.port not in jobs[wait.of].ports:
            raise _Broken("service.toml", "waits", f"names the port {wait.port!r}, which {wait.of} does not have")
        if wait.of == wait.before and wait.of_tasks != "first":
            raise _Broken("service.toml", "waits", f'has {wait.of} wait for all of itself: say of_tasks = "first"')


def _check_commands(service: Service) -> None:
    """Client commands can be run and are told apart; steps name one that is there."""
    names = [command.name for command in service.commands]
    for command in service.commands:
        if sum(map(bool, (command.main, command.program, command.class_from_jar))) != 1:
            text = "needs one of main, program and class_from_jar"
            raise _Broken("service.toml", f"commands ({command.name})", text)
        if names.count(command.name) > 1:
            raise _Broken("service.toml", "commands", f"two commands are called {command.name!r}")
    for procedure in service.procedures:
        _check_procedure(service, procedure)
    for drill in service.drills:
        _check_drill(service, drill)
    for job in service.jobs:
        leaving = job.leaving.steps if job.leaving else ()
        for step in (*job.vacate, *job.reoccupy, *job.before_all, *job.after_all, *job.after_cleanup, *leaving):
            if step.command not in names:
                text = f"names the command {step.command!r}, which is not among commands"
                raise _Broken("service.toml", f"jobs ({job.name})", text)


def _all_gates(service: Service) -> list[Gate]:
    leaving = [gate for job in service.jobs if job.leaving for gate in job.leaving.gates]
    return [*service.gates, *leaving, *(gate for procedure in service.procedures for gate in procedure.gates)]


_ASKED = re.compile(r"@([a-z_]+)@")


def _check_procedure(service: Service, procedure: Procedure) -> None:
    key = f"procedures ({procedure.name})"
    if sum(one.name == procedure.name for one in service.procedures) > 1:
        raise _Broken("service.toml", "procedures", f"two procedures are called {procedure.name!r}")
    if service.job(procedure.job) is None:
        raise _Broken("service.toml", key, f"names the job {procedure.job!r}, which this service does not have")
    for step in procedure.steps:
        if service.command(step.command) is None:
            raise _Broken("service.toml", key, f"names the command {step.command!r}, which is not among commands")
        for asked in _ASKED.findall(" ".join((*step.args, step.input))):
            if asked not in procedure.asks:
                raise _Broken("service.toml", key, f"has @{asked}@ in a step, which is not among asks")


def _check_drill(service: Service, drill: Drill) -> None:
    key, job = f"drills ({drill.name})", service.job(drill.job)
    if sum(one.name == drill.name for one in service.drills) > 1:
        raise _Broken("service.toml", "drills", f"two drills are called {drill.name!r}")
    if job is None:
        raise _Broken("service.toml", key, f"names the job {drill.job!r}, which this service does not have")
    _check_figures(key, job, [drill.figure])
    for step in drill.steps:
        if service.command(step.command) is None:
            raise _Broken("service.toml", key, f"names the command {step.command!r}, which is not among commands")


def _check_ports(job: Job) -> None:
    status = job.status
    for port in (job.web, status.port if status else "", status.fallback if status else ""):
        if port and port not in job.ports:
            raise _Broken("service.toml", f"jobs ({job.name})", f"names the port {port!r}, which is not in its ports")


def _check_facts(job: Job) -> None:
    sources = job.status.facts if job.status else ()
    kinds = [kind.name for source in sources for kind in source.kinds]
    for source in sources:
        key = f"jobs ({job.name}) facts ({source.reader})"
        if source.port and source.port not in job.ports:
            raise _Broken("service.toml", key, f"names the port {source.port!r}, which is not in its ports")
        _check_figures(key, job, source.where)
    for kind in kinds:
        if kinds.count(kind) > 1:
            raise _Broken("service.toml", f"jobs ({job.name}) facts", f"two kinds are called {kind!r}")


def _check_figures(key: str, job: Job, figures: Iterable[str]) -> None:
    known = {figure.name for figure in job.status.figures} if job.status else set()
    for figure in figures:
        if figure not in known:
            raise _Broken("service.toml", key, f"names the figure {figure!r}, which no status page gives")
