"""Which series exist: their metrics and labels, for those who choose; and which belong to what is there no more."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from minos_common.states import HostState
from minos_web.models.clusters import Cluster, Task
from minos_web.models.hosts import Host
from minos_web.models.series import Series
from minos_web.monitor.dashboard import LABELS

MOST_VALUES = 2000
"""So many values of one label are told."""


@dataclass(frozen=True)
class Places:
    """Which series are meant: those of ``metrics`` (none: of all) with these labels (label -> value)."""

    labels: dict[str, str]
    metrics: tuple[str, ...] = ()


def metrics_at(session: Session, places: Places) -> dict[str, int]:
    """Metric -> number of series, in the order of names."""
    wanted = select(Series.metric, func.count()).where(*_filters(places)).group_by(Series.metric)
    return {metric: number for metric, number in session.execute(wanted.order_by(Series.metric))}


def labels_at(session: Session, places: Places) -> dict[str, list[str]]:
    """Label -> values in order. A label's own value does not narrow it down: one may still choose another."""
    found = {}
    for label in LABELS:
        column = getattr(Series, label)
        others = Places({name: value for name, value in places.labels.items() if name != label}, places.metrics)
        wanted = select(column).distinct().where(column != "", *_filters(others)).order_by(column)
        found[label] = list(session.scalars(wanted.limit(MOST_VALUES)))
    return found


def _filters(places: Places) -> list[ColumnElement[bool]]:
    chosen: list[ColumnElement[bool]] = [
        getattr(Series, name) == value for name, value in places.labels.items() if value
    ]
    if places.metrics:
        chosen.append(Series.metric.in_(places.metrics))
    return chosen


def gone(session: Session, labels: Sequence[dict[str, str]]) -> set[int]:
    """Positions of those ``labels`` whose task is retired or moved, or whose host is approved no more."""
    hosts = set(session.scalars(select(Host.name).where(Host.state == HostState.APPROVED)))
    rows = session.execute(
        select(Cluster.service, Cluster.name, Task.job, Task.instance, Host.name)
        .join(Cluster, Task.cluster_id == Cluster.id)
        .join(Host, Task.host_id == Host.id)
        .where(Task.retired.is_(False))
    )
    tasks = {
        (service, cluster, job, "" if number < 0 else str(number), host) for service, cluster, job, number, host in rows
    }
    away = set()
    for position, own in enumerate(labels):
        place = tuple(own.get(name, "") for name in ("service", "cluster", "job", "task", "host"))
        if (own.get("job") and place not in tasks) or (own.get("host", "") not in hosts and own.get("host")):
            away.add(position)
    return away
