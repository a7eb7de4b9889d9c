"""What Prometheus reads: states, counts and the newest figures as metric families. A figure that grew old is left out:
a gap in a graph is true, a flat line is not.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily, Metric
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from minos_common.settings import ConsoleSettings
from minos_common.states import HostState
from minos_common.version import VERSION
from minos_web.catalog.description import Service
from minos_web.models.clusters import Cluster, Task
from minos_web.models.engine_counts import REASONS, EngineCount
from minos_web.models.hosts import Host
from minos_web.models.notify import Delivery
from minos_web.models.operations import Operation
from minos_web.monitor.counters import OLD_SECONDS, fresh_counters
from minos_web.monitor.exposition_own import own
from minos_web.monitor.series.forwarding import how_forwarded
from minos_web.monitor.status import Kind, cluster_status, host_status, is_fresh, task_status

_TASK = ("service", "cluster", "job", "task", "host")
_Family = GaugeMetricFamily | CounterMetricFamily
_NO_NAME = re.compile(r"[^a-zA-Z0-9_]")


@dataclass(frozen=True)
class Around:
    """What judging rows needs beside the rows. ``services`` by name: they say which figures are counters."""

    settings: ConsoleSettings
    services: dict[str, Service]
    now: float

    def fresh(self, at: float | None) -> bool:
        """Whether figures of this time still tell what is."""
        return is_fresh(at, self.now, self.settings.sample_seconds, self.settings.lost_seconds)


class Families:
    """Collects samples by name; each name becomes one family, whatever the order they come in."""

    def __init__(self) -> None:
        self._families: dict[str, _Family] = {}

    def __iter__(self) -> Iterator[Metric]:
        return iter(self._families.values())

    def gauge(self, name: str, about: str, labels: dict[str, str], value: float) -> None:
        """One sample of a value as it is."""
        self._put(GaugeMetricFamily, name, about, labels, value)

    def counter(self, name: str, about: str, labels: dict[str, str], value: float) -> None:
        """One sample of a value of which only the growth means something."""
        self._put(CounterMetricFamily, name, about, labels, value)

    def _put(self, kind: type[_Family], name: str, about: str, labels: dict[str, str], value: float) -> None:
        family = self._families.get(name)
        if family is None:
            family = self._families[name] = kind(name, about, labels=tuple(labels))
        family.add_metric(tuple(labels.values()), value)


def families(session: Session, around: Around) -> Iterable[Metric]:
    """Everything, as prometheus_client writes it out."""
    found = Families()
    hosts = {host.id: host for host in session.scalars(select(Host).where(Host.state == HostState.APPROVED))}
    clusters = session.scalars(
        select(Cluster).where(Cluster.retired.is_(False)).order_by(Cluster.service, Cluster.name)
    ).all()
    tasks = session.scalars(select(Task).where(Task.retired.is_(False)).order_by(Task.id)).all()
    _hosts(found, hosts.values(), around)
    _clusters(found, clusters, around)
    _tasks(found, tasks, {cluster.id: cluster for cluster in clusters}, hosts, around)
    by_state = select(Operation.state, func.count()).group_by(Operation.state).order_by(Operation.state)
    for state, number in session.execute(by_state):
        found.gauge("minos_operations", "Operations by state.", {"state": state}, number)
    _engine(found, session)
    _counters(found, session, around.now)
    _forwarding(found, session, around)
    _messages(found, session, around.now)
    own(found.gauge, found.counter, session, around.settings, around.now)
    return [InfoMetricFamily("minos_build", "This console.", value={"version": VERSION}), *found]


def _engine(found: Families, session: Session) -> None:
    """Every reason from the beginning, zero or not: an alert on growth needs the value before."""
    numbers = dict.fromkeys(REASONS, 0) | {row.reason: row.number for row in session.scalars(select(EngineCount))}
    for reason in REASONS:
        about = "Frames that the engine dropped since it started."
        found.counter("minos_engine_frames_dropped", about, {"reason": reason}, numbers[reason])


def _counters(found: Families, session: Session, now: float) -> None:
    """Counters that were pushed lately; what their values mean only their unit tells."""
    about = "Newest value of a counter that a program pushed."
    for row in fresh_counters(session, now, OLD_SECONDS):
        labels = {"group": row.group, "name": row.name, "endpoint": row.endpoint, "unit": row.unit}
        found.gauge("minos_counter", about, labels, row.value)


def _messages(found: Families, session: Session, now: float) -> None:
    """Whether people hear of what they should: over a mail server that is away the console cannot tell them so itself."""
    late = (Delivery.state.in_(("waiting", "sending")), Delivery.due_at <= now)
    tried = (Delivery.state == "waiting", Delivery.attempts > 0)
    lost = (Delivery.state == "failed", Delivery.kind != "test", Delivery.due_at > now - 86400)
    for name, about, where in (
        ("due", "Messages that should be going out now.", late),
        ("retried", "Messages that a channel did not take yet.", tried),
        ("given_up", "Messages of the last day that were given up.", lost),
    ):
        number = session.scalar(select(func.count()).select_from(Delivery).where(*where))
        found.gauge(f"minos_messages_{name}", about, {}, number or 0)


def _forwarding(found: Families, session: Session, around: Around) -> None:
    """How samples go on to OpenTSDB; nothing where they do not. What is not known (no try yet) is left out."""
    told = how_forwarded(session, around.settings)
    if not told.address:
        return
    behind = around.now - told.waiting_since if told.waiting_since is not None else 0.0
    gauges: tuple[tuple[str, str, float | None], ...] = (
        ("well", "1 when the last try to send samples to OpenTSDB went well.", told.well),
        ("waiting_chunks", "Chunks of samples that wait for OpenTSDB.", told.waiting),
        ("behind_seconds", "Age of the oldest sample that OpenTSDB has not; 0 when it has all.", max(0.0, behind)),
        ("last_success_timestamp_seconds", "When OpenTSDB last took samples.", told.succeeded_at),
        ("last_failure_timestamp_seconds", "When it last took none, or not all.", told.failed_at),
    )
    for name, about, value in gauges:
        if value is not None:
            found.gauge(f"minos_forwarding_{name}", about, {}, value)
    found.counter("minos_forwarding_points_sent", "Points that OpenTSDB took.", {}, told.sent)
    found.counter("minos_forwarding_points_refused", "Points that OpenTSDB will never take.", {}, told.refused)


def _hosts(found: Families, hosts: Iterable[Host], around: Around) -> None:
    settings = around.settings
    for host in hosts:
        status = host_status(host, around.now, settings.late_seconds, settings.lost_seconds)
        labels = {"host": host.name, "address": host.address}
        in_touch = status.kind in (Kind.RUNNING, Kind.DEGRADED)
        found.gauge("minos_host_in_touch", "1 when the host's worker was heard in time.", labels, in_touch)
        _state(found, "minos_host_state", "State of a host, 1 for the one it has.", labels, status.word)
        if host.beat_at is not None:
            about = "When the host's worker was last heard, in seconds since the epoch."
            found.gauge("minos_host_last_beat_timestamp_seconds", about, labels, host.beat_at)
        found.counter("minos_host_worker_starts", "Starts of the host's worker.", labels, host.worker_starts)
        if around.fresh(host.figures_at):
            for name, value in host.figures.items():
                plain, _, part = name.partition(":")
                if part:
                    kind, about = _kind_of_part(plain)
                    found.gauge(f"{_metric(plain)}_of_{kind}", about, {**labels, kind: part}, value)
                else:
                    found.gauge(_metric(plain), "Figure of a host.", labels, value)


def _kind_of_part(figure: str) -> tuple[str, str]:
    """Of what a figure with a part behind its colon is: the label, and the sentence."""
    if figure.startswith("host.network_"):
        return "interface", "Figure of one network interface of a host."
    if figure.endswith("_per_second") or figure == "host.disk_busy_percent":
        return "disk", "Figure of one physical disk of a host."
    return "mount", "Figure of one mounted file system of a host."


def _clusters(found: Families, clusters: Iterable[Cluster], around: Around) -> None:
    for cluster in clusters:
        status = cluster_status(cluster, around.now)
        labels = {"service": cluster.service, "cluster": cluster.name}
        healthy = status.kind is Kind.RUNNING
        found.gauge("minos_cluster_healthy", "1 when a cluster is known to be well.", labels, healthy)
        _state(found, "minos_cluster_state", "State of a cluster, 1 for the one it has.", labels, str(status.kind))


def _tasks(
    found: Families, tasks: Iterable[Task], clusters: dict[int, Cluster], hosts: dict[int, Host], around: Around
) -> None:
    for task in tasks:
        cluster, host = clusters[task.cluster_id], hosts.get(task.host_id or 0)
        where = (cluster.service, cluster.name, task.job, str(task.number), host.name if host else "")
        labels = dict(zip(_TASK, where, strict=True))
        status = task_status(task, host, around.now, around.settings.lost_seconds)
        running = status.kind in (Kind.RUNNING, Kind.DEGRADED)
        found.gauge("minos_task_running", "1 when a task is known to run.", labels, running)
        _state(found, "minos_task_state", "State of a task, 1 for the one it has.", labels, str(status.kind))
        found.counter("minos_task_restarts", "Restarts of a task that ended by itself.", labels, task.restarts)
        if task.pid and not status.stale and around.fresh(task.figures_at):
            _figures(found, task, labels, around.services.get(cluster.service))


def _figures(found: Families, task: Task, labels: dict[str, str], service: Service | None) -> None:
    job = service.job(task.job) if service else None
    described = {f"{service.name}.{f.name}": f for f in job.status.figures} if service and job and job.status else {}
    for name, value in task.figures.items():
        figure = described.get(name)
        plain, _, part = name.partition(":")
        about = figure.title if figure else "Figure of a task's process."
        add = found.counter if (figure and figure.kind == "counter") or plain in _GROWING else found.gauge
        if part:
            add(
                f"{_metric(plain)}_of_collector",
                "Figure of one collector of a JVM.",
                labels | {"collector": part},
                value,
            )
        else:
            add(_metric(name), about, labels, value)


_GROWING = frozenset({"jvm.gc_count", "jvm.gc_seconds", "jvm.safepoint_seconds", "jvm.safepoints"})


def _state(found: Families, name: str, about: str, labels: dict[str, str], state: str) -> None:
    found.gauge(name, about, {**labels, "state": state}, 1)


def _metric(name: str) -> str:
    return "minos_" + _NO_NAME.sub("_", name)
