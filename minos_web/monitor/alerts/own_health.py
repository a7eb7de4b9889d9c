"""How the console itself is: the figures of alerts about it."""

import shutil
from collections.abc import Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from minos_common.settings import ConsoleSettings
from minos_web.console import Console
from minos_web.models.clusters import Cluster
from minos_web.models.news import News
from minos_web.models.packages import Package
from minos_web.models.series import SampleBatch
from minos_web.monitor.alerts.folding import lost_at_once
from minos_web.monitor.alerts.things import Observed, Subject
from minos_web.monitor.series.forwarding import how_forwarded
from minos_web.operations.integrity import DAMAGED


def console_subject(session: Session, console: Console, seen: Observed, now: float, took: float) -> Subject:
    """The console with its figures; ``took``: seconds that the database needed for what alerts read."""
    reasons: dict[str, str] = {}
    figures = {
        "console.database_ms": took * 1000.0,
        **own_figures(session, console.settings, now),
        **_packages(session, reasons),
        **_forwarding(session, console, now, reasons),
        **_lost(seen, reasons),
    }
    return Subject("console", figures=figures, at=now, reasons=reasons, place="console")


def own_figures(session: Session, settings: ConsoleSettings, now: float) -> dict[str, float]:
    """Those figures that are read from rows, and from the disk, alone."""
    return {
        "console.health_late_seconds": _late(now, session.scalar(_OLDEST_HEALTH)),
        "console.samples_waiting_seconds": _late(now, session.scalar(_OLDEST_BATCH)),
        "console.news_waiting_seconds": _late(now, session.scalar(_OLDEST_NEWS)),
        "console.disk_free_bytes": float(shutil.disk_usage(settings.var).free),
    }


_OLDEST_HEALTH = select(func.min(func.coalesce(Cluster.health_at, Cluster.created_at))).where(
    Cluster.retired.is_(False)
)
_OLDEST_BATCH = select(SampleBatch.last).order_by(SampleBatch.id).limit(1)
_OLDEST_NEWS = select(func.min(News.at)).where(News.routed_at.is_(None))


def _late(now: float, since: float | None) -> float:
    return max(now - since, 0.0) if since is not None else 0.0


def _packages(session: Session, reasons: dict[str, str]) -> Mapping[str, float]:
    names = session.scalars(select(Package.name).where(Package.state == DAMAGED).order_by(Package.name)).all()
    if names:
        reasons["console.damaged_packages"] = f"damaged: {', '.join(names[:5])}" + (" ..." if len(names) > 5 else "")
    return {"console.damaged_packages": float(len(names))}


def _forwarding(session: Session, console: Console, now: float, reasons: dict[str, str]) -> Mapping[str, float]:
    """Where nothing is forwarded nothing is late."""
    if not console.settings.opentsdb_url:
        return {"console.forwarding_late_seconds": 0.0}
    how = how_forwarded(session, console.settings)
    failing = how.failed_at is not None and (how.succeeded_at or 0.0) < how.failed_at
    since = how.succeeded_at or how.waiting_since
    if how.error:
        reasons["console.forwarding_late_seconds"] = f"OpenTSDB takes no samples: {how.error}"
    return {"console.forwarding_late_seconds": _late(now, since) if failing and how.waiting else 0.0}


def _lost(seen: Observed, reasons: dict[str, str]) -> Mapping[str, float]:
    lost = lost_at_once(seen.lost, seen.hosts)
    if lost:
        reasons["console.hosts_lost_at_once"] = (
            f"{len(lost)} of {seen.hosts} hosts were lost within a minute: is it the console's side, or the network's?"
        )
    return {"console.hosts_lost_at_once": float(len(lost))}
