"""Looks at the rows: everything that rules may judge now, with what it tells. A handful of queries, whatever their number."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from minos_common.settings import ConsoleSettings
from minos_common.states import HostState, TaskState
from minos_web.models.clusters import Cluster, Task, TaskChange
from minos_web.models.hosts import Host
from minos_web.models.inventory import Machine
from minos_web.models.keytabs import Keytab
from minos_web.monitor.alerts.things import Observed, Subject
from minos_web.monitor.clocks import wrong_clock
from minos_web.monitor.status import Kind, Status, host_status, is_fresh, task_status

ENDS_SECONDS = 600.0
DAY = 86400.0


@dataclass(frozen=True)
class Look:
    """When it is looked, and what counts as silent."""

    settings: ConsoleSettings
    now: float


def observe(session: Session, look: Look) -> Observed:
    """Hosts, tasks and clusters as they are now."""
    seen = Observed()
    hosts = _hosts(session, look, seen)
    clusters = _clusters(session, look, seen)
    _tasks(session, look, seen, hosts, clusters)
    return seen


def _hosts(session: Session, look: Look, seen: Observed) -> dict[int, Any]:
    columns = (
        Host.id, Host.name, Host.address, Host.state, Host.beat_at, Host.degraded, Host.clock_offset,
        Host.worker_started, Host.first_seen, Host.maintenance, Host.facts,
        Host.figures, Host.figures_at,
    )  # fmt: skip
    rows = {row.id: row for row in session.execute(select(*columns))}
    found = seen.subjects["host"] = []
    settings = look.settings
    racks = _said_racks(session)
    for row in rows.values():
        if row.state != HostState.APPROVED:
            continue
        seen.hosts += 1
        status = host_status(_calmless(row), look.now, settings.late_seconds, settings.lost_seconds)
        word = status.word.replace(" ", "-")
        words, reasons = {"host.status": word}, {"host.status": status.reason}
        if word == "lost":
            seen.lost[row.name] = row.beat_at
        figures = dict(row.figures or {}) if _fresh(row.figures_at, look) else {}
        if word in ("in-touch", "degraded"):
            figures["host.clock_wrong_seconds"] = abs(row.clock_offset) if wrong_clock(row.clock_offset) else 0.0
        if row.maintenance:
            seen.host_notes[row.name] = row.maintenance
        rack = racks.get(row.name.lower()) or racks.get(row.address) or str((row.facts or {}).get("rack", ""))
        seen.rack[row.name] = rack.lower()
        at = row.figures_at or 0.0
        found.append(Subject("host", row.name, figures=figures, at=at, words=words, reasons=reasons))
    return rows


def _clusters(session: Session, look: Look, seen: Observed) -> dict[int, Any]:
    columns = (
        Cluster.id, Cluster.service, Cluster.name, Cluster.health, Cluster.health_reason, Cluster.health_at,
        Cluster.problem, Cluster.needs, Cluster.maintenance,
    )  # fmt: skip
    keytabs = select(Keytab.cluster_id, func.min(Keytab.uploaded_at)).group_by(Keytab.cluster_id)
    oldest = {number: at for number, at in session.execute(keytabs)}
    rows = {row.id: row for row in session.execute(select(*columns).where(Cluster.retired.is_(False)))}
    found = seen.subjects["cluster"] = []
    stale = max(30.0, 3 * look.settings.sample_seconds)
    for row in rows.values():
        place = f"{row.service}/{row.name}"
        known = row.health_at is not None and look.now - row.health_at <= stale
        words = {"cluster.readable": "no" if row.problem else "yes"} | ({"cluster.health": row.health} if known else {})
        reasons = {"cluster.health": row.health_reason, "cluster.readable": row.problem}
        figures = {}
        if row.id in oldest:
            figures["cluster.keytab_days"] = (look.now - oldest[row.id]) / DAY
        seen.needs[place] = list(row.needs or ())
        if row.maintenance:
            seen.cluster_notes[place] = row.maintenance
        subject = Subject(
            "cluster", "", row.service, row.name, figures=figures, at=look.now, words=words, reasons=reasons
        )
        subject.place, subject.off = place, known and row.health == "stopped"
        found.append(subject)
    return rows


def _tasks(session: Session, look: Look, seen: Observed, hosts: Mapping[int, Any], clusters: Mapping[int, Any]) -> None:
    columns = (
        Task.id, Task.cluster_id, Task.job, Task.number, Task.instance, Task.address, Task.host_id, Task.state, Task.since,
        Task.heard_at, Task.wanted, Task.bootstrapped, Task.reason, Task.started_at, Task.unattended, Task.figures_error,
        Task.figures, Task.texts, Task.figures_at, Task.leaving,
    )  # fmt: skip
    ended = (TaskState.EXITED.value, TaskState.BACKOFF.value, TaskState.FATAL.value)
    changes = select(TaskChange.task_id, func.count()).where(
        TaskChange.at > look.now - ENDS_SECONDS,
        TaskChange.before == TaskState.RUNNING.value,
        TaskChange.after.in_(ended),
    )
    ends = {number: count for number, count in session.execute(changes.group_by(TaskChange.task_id))}
    found = seen.subjects["task"] = []
    calmless = {number: _calmless(row) for number, row in hosts.items()}
    nobody = SimpleNamespace(maintenance=None)
    for row in session.execute(select(*columns).where(Task.retired.is_(False))):
        cluster = clusters.get(row.cluster_id)
        if cluster is None:
            continue
        subject = _task(row, cluster, hosts.get(row.host_id or 0), look)
        status = task_status(
            _Calmless(row, nobody), calmless.get(row.host_id or 0), look.now, look.settings.lost_seconds
        )
        if row.leaving and status.kind in (Kind.STOPPED, Kind.UNKNOWN):
            subject.off = True  # out of service, as it should be
        _say(subject, status, ends.get(row.id, 0), look)
        _stands_on(seen, subject, status)
        found.append(subject)


class _Calmless:
    """A task's row whose cluster nobody works on: what is wrong is judged as it is, and muted afterwards."""

    __slots__ = ("_row", "cluster")

    def __init__(self, row: Any, cluster: Any) -> None:
        self._row = row
        self.cluster = cluster

    def __getattr__(self, name: str) -> Any:
        return getattr(self._row, name)


def _calmless(row: Any) -> Any:
    names = ("name", "state", "beat_at", "degraded", "clock_offset", "worker_started", "first_seen")
    return SimpleNamespace(**{name: getattr(row, name) for name in names}, maintenance=None)


def _task(row: Any, cluster: Any, host: Any, look: Look) -> Subject:
    name = host.name if host is not None else row.address
    subject = Subject("task", name, cluster.service, cluster.name, row.job, row.number)
    instance = "" if row.instance < 0 else f".{row.instance}"
    subject.place = f"{cluster.service}/{cluster.name} {row.job}{instance}@{row.address}"
    if _fresh(row.figures_at, look):
        subject.figures, subject.words, subject.at = row.figures or {}, row.texts or {}, row.figures_at
    return subject


def _say(subject: Subject, status: Status, ends: int, look: Look) -> None:
    """What its status is, beside what its page tells."""
    subject.off = subject.off or status.kind is Kind.STOPPED
    subject.figures = {**subject.figures, "task.ends": float(ends)}
    if status.kind is Kind.UNKNOWN:
        subject.words = dict(subject.words)  # its host is silent: nobody knows how it is
        return
    subject.words = {**subject.words, "task.status": status.kind.value}
    subject.reasons = {"task.status": status.reason or status.word}


def _stands_on(seen: Observed, subject: Subject, status: Status) -> None:
    cluster = f"{subject.service}/{subject.cluster}"
    if status.kind in (Kind.DOWN, Kind.DEGRADED, Kind.UNKNOWN) and not subject.off:
        worked_on = subject.host in seen.host_notes
        (seen.worked_on if worked_on else seen.unwell).setdefault(cluster, set()).add(subject.host)


def _fresh(at: float | None, look: Look) -> bool:
    return is_fresh(at, look.now, look.settings.sample_seconds, look.settings.lost_seconds)


def _said_racks(session: Session) -> dict[str, str]:
    """Name or address in small letters -> rack, as the inventory has it. Nobody guesses: a whole site may be one network."""
    rows = session.execute(select(Machine.host, Machine.ip, Machine.rack)).all()
    return {name: rack for host, ip, rack in rows for name in (ip, host) if name and rack}


def racks(seen: Observed) -> Iterable[Subject]:
    """Racks with two hosts or more, where somebody said which those are, as things to judge."""
    together: dict[str, list[str]] = {}
    for subject in seen.subjects["host"]:
        if seen.rack[subject.host]:
            together.setdefault(seen.rack[subject.host], []).append(subject.host)
    for name, hosts in sorted(together.items()):
        lost = [host for host in hosts if host in seen.lost]
        if len(hosts) > 1:
            share = 100.0 * len(lost) / len(hosts)
            reasons = {"rack.lost_percent": f"{len(lost)} of its {len(hosts)} hosts are lost"}
            yield Subject(
                "rack", part=name, figures={"rack.lost_percent": share}, reasons=reasons, place=f"rack {name}"
            )
