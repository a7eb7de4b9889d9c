"""What the console does itself at certain times: look into its packages, tell how everything is."""

import re
from collections.abc import Sequence

import msgspec
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from minos_web.console import Console
from minos_web.models.clusters import Cluster
from minos_web.models.operations import Operation
from minos_web.models.packages import Package
from minos_web.models.schedules import Occurrence, Schedule
from minos_web.operations.integrity import DAMAGED
from minos_web.operations.refusal import Refused
from minos_web.operations.schedules.work import Begun, Progress, Work
from minos_web.store.packages import READY

STILL_SECONDS = 7200.0
"""When no package was looked at for so long, those that are left cannot be read."""
DAY = 86400.0
MOST_LINES = 50
_ADDRESS = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+")


class NoArguments(msgspec.Struct, forbid_unknown_fields=True):
    """Nothing is to be chosen."""


class ReportArguments(msgspec.Struct, forbid_unknown_fields=True):
    """Mail addresses of whom it is for; none: whom the routes of notifications name for reports."""

    recipients: list[str] = []


def check_integrity(work: Work, _arguments: NoArguments) -> None:
    """Raises Refused where packages are never looked at."""
    if not work.console.settings.rehash_days:
        raise Refused("bad-option", "packages are never looked at here: the ini says minos.rehash_days = 0", "kind")


def begin_integrity(work: Work, arguments: NoArguments) -> Begun:
    """Have all packages looked at anew, one after another, by the round that does so anyway. Raises Refused."""
    check_integrity(work, arguments)
    work.session.execute(update(Package).where(Package.state.in_((READY, DAMAGED))).values(checked_at=None))
    return Begun()


def follow_integrity(session: Session, _console: Console, occurrence: Occurrence, now: float) -> Progress:
    """Done when all were looked at, failed when some are damaged or cannot be read."""
    began = occurrence.began_at or 0.0
    kept = Package.state.in_((READY, DAMAGED))
    seen, newest = session.execute(
        select(func.count(), func.max(Package.checked_at)).where(kept, Package.checked_at >= began)
    ).one()
    left = (session.scalar(select(func.count()).select_from(Package).where(kept)) or 0) - seen
    if left and now - (newest or began) > STILL_SECONDS:
        return Progress("failed", f"{left} packages cannot be read; the console's log says why")
    if left:
        return Progress("running", f"{seen} looked at, {left} to go")
    names = session.scalars(select(Package.name).where(Package.state == DAMAGED).order_by(Package.name)).all()
    return Progress("failed", f"damaged: {', '.join(names)}") if names else Progress("done", f"{seen} looked at")


def integrity_words(_arguments: NoArguments) -> str:
    """All packages."""
    return "Look whether packages are still what they were"


def check_report(_work: Work, arguments: ReportArguments) -> None:
    """Raises Refused for what is no mail address."""
    for one in arguments.recipients:
        if len(one) > 254 or not _ADDRESS.fullmatch(one):
            raise Refused("bad-option", f"{one[:60]!r} is no mail address", "recipients")
    if len(arguments.recipients) > MOST_LINES:
        raise Refused("bad-option", f"a report has at most {MOST_LINES} recipients", "recipients")


def begin_report(work: Work, arguments: ReportArguments) -> Begun:
    """Put together how everything is."""
    return Begun(report=report_of(work.session, work.cluster, work.now), recipients=tuple(arguments.recipients))


def follow_report(_session: Session, _console: Console, _occurrence: Occurrence, _now: float) -> Progress:
    """It is told the moment it begins."""
    return Progress("done")


def report_words(arguments: ReportArguments) -> str:
    """For whom."""
    return f"Report to {', '.join(arguments.recipients)}" if arguments.recipients else "Report"


def report_of(session: Session, cluster: Cluster | None, now: float) -> tuple[str, str]:
    """Title and text: how clusters are, what failed in the last day, which schedules do not work."""
    clusters = [cluster] if cluster is not None else _clusters(session)
    unwell = [one for one in clusters if one.problem or one.health in ("warning", "error", "unknown")]
    about = f"{cluster.service}/{cluster.name}" if cluster is not None else f"{len(clusters)} clusters"
    state = f"{len(unwell)} unwell" if cluster is None and unwell else "unwell" if unwell else "all well"
    parts = [
        ("Clusters", [_cluster_line(one) for one in clusters]),
        ("Operations that failed in the last 24 hours", _failed(session, cluster, now)),
        ("Schedules that do not work", _failing(session, cluster)),
    ]
    text = "\n\n".join(f"{heading}\n{_lines(lines)}" for heading, lines in parts)
    return f"Report: {about}, {state}", text


def _clusters(session: Session) -> Sequence[Cluster]:
    there = select(Cluster).where(Cluster.retired.is_(False))
    return session.scalars(there.order_by(Cluster.service, Cluster.name)).all()


def _cluster_line(one: Cluster) -> str:
    why = one.problem or one.health_reason
    said = "cannot be read" if one.problem else {"ok": "runs"}.get(one.health, one.health)
    return f"{one.service}/{one.name}: {said}{f' ({why})' if why else ''}"


def _failed(session: Session, cluster: Cluster | None, now: float) -> list[str]:
    query = select(Operation).where(Operation.state == "failed", Operation.ended_at >= now - DAY)
    if cluster is not None:
        query = query.where(Operation.cluster_id == cluster.id)
    rows = session.scalars(query.order_by(Operation.id.desc()))
    return [
        f"{one.id}: {one.action.replace('_', ' ')} of {one.about} by {one.created_by}: {one.message}" for one in rows
    ]


def _failing(session: Session, cluster: Cluster | None) -> list[str]:
    query = select(Schedule).where(Schedule.failing.is_(True)).order_by(Schedule.name)
    if cluster is not None:
        query = query.where(Schedule.cluster_id == cluster.id)
    return [one.name for one in session.scalars(query)]


def _lines(lines: list[str]) -> str:
    shown = lines[:MOST_LINES] + ([f"and {len(lines) - MOST_LINES} more"] if len(lines) > MOST_LINES else [])
    return "\n".join(f"- {line}" for line in shown) or "- none"
