"""The round that makes series of facts: totals of whole clusters, which no single host can tell."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_common.states import LIVE_TASK_STATES
from minos_web.catalog.description import Service
from minos_web.catalog.loader import Catalog
from minos_web.console import Console
from minos_web.models.clusters import Cluster
from minos_web.monitor.derived import samples_of
from minos_web.monitor.facts import Told, kinds_of, told_of
from minos_web.monitor.series.port import Batch, Sample, SeriesName
from minos_web.monitor.series.writing import SeriesWriter

SENDER = "facts"
GONE_SECONDS = 600.0
"""A task that has told nothing for so long is no longer waited for."""


def derive(session: Session, catalog: Catalog, period: float, now: float) -> list[Sample]:
    """The totals of every cluster as of now. Where a task that should tell does not, its totals are a gap: a sum over the
    others would look like a drop.
    """
    samples: list[Sample] = []
    for cluster in session.scalars(select(Cluster).where(Cluster.retired.is_(False))):
        service = catalog.get(cluster.service)
        if service is not None:
            found = totals_of(session, service, cluster, period, now)
            names = (SeriesName(metric, "", cluster.service, cluster.name) for metric in found)
            samples += [(name, int(now), found[name.metric]) for name in names]
    return samples


def derive_round(console: Console, writer: SeriesWriter, now: float) -> int:
    """Make totals and store them; how many there were. Nobody waits for the database while they are being made."""
    with console.readers() as session:
        samples = derive(session, console.catalog, console.settings.sample_seconds, now)
    if samples:
        with console.writers.begin() as session:
            writer.store(session, Batch(SENDER, f"{now:.3f}"), samples)
    return len(samples)


def totals_of(session: Session, service: Service, cluster: Cluster, period: float, now: float) -> dict[str, float]:
    """Metric -> value of the totals of a cluster that are known now."""
    found: dict[str, float] = {}
    for _, source, kind in kinds_of(service):
        if kind.totals:
            told = told_of(session, service, cluster, kind.name, now)
            if is_whole(told, 3 * period * source.every, now):
                found |= samples_of(service.name, told.facts, kind.totals)
    return found


def is_whole(told: Told, seconds: float, now: float) -> bool:
    """Whether every task that should tell has told within ``seconds``, and all that it knows."""
    heard = [one for one in told.tasks if one.at is not None and now - one.at <= GONE_SECONDS]
    waited_for = [one for one in heard if one.task.state in LIVE_TASK_STATES]
    return bool(waited_for) and all(now - (one.at or 0.0) <= seconds and not one.left_out for one in waited_for)
