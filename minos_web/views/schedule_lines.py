"""Schedules, their times and the console's own rounds as pages show them."""

from collections.abc import Sequence
from dataclasses import dataclass

from pyramid.request import Request
from sqlalchemy import func, select

from minos_web.models.clusters import Cluster
from minos_web.models.schedules import Occurrence, Round, Schedule
from minos_web.monitor.timetable import TIMETABLE, late, next_run, state_of
from minos_web.operations.schedules.keeping import when_of
from minos_web.operations.schedules.kinds import what_words
from minos_web.operations.schedules.words import every_words, time_words, words_of
from minos_web.views.api.schedules import SHOWN_NEXT, cluster_of, upcoming
from minos_web.views.badges import Badge

_STATES = {
    "waiting": ("waiting", "waits"),
    "running": ("changing", "running"),
    "done": ("done", "done"),
    "failed": ("failed", "failed"),
    "missed": ("skipped", "missed"),
    "skipped": ("skipped", "left out"),
}
_ROUND_STATES = {
    "ok": ("running", "on time"),
    "running": ("changing", "running"),
    "late": ("down", "late"),
    "failing": ("degraded", "failed"),
    "new": ("waiting", "not yet"),
}
ROUNDS = {
    TIMETABLE: "The timetable itself",
    "health": "Health of clusters",
    "log-files": "Log files that are fetched",
    "wanted": "What is wanted on hosts",
    "derive": "Totals of facts",
    "renew-lease": "Sign of life of the engine",
    "prune": "What is not kept any more",
    "series": "Samples put in order",
    "forward": "Samples for OpenTSDB",
    "retire-packages": "Packages that nobody needs",
    "rehash": "Packages looked at anew",
    "alerts": "Alerts judged",
    "quotas": "Quotas of HDFS",
    "crashes": "Ends of processes told",
    "watch": "Pages and memory of tasks watched",
    "notify": "News sent",
    "row-counts": "Row counts of HBase",
    "schedules": "Schedules",
    "drills": "Failover drills",
}
"""What rounds are, in words; one that is not named here shows the name that the code has for it."""


@dataclass(frozen=True)
class Line:
    """One schedule. ``following`` are (time in words, moment) of its next times, ``last`` its last time, if any."""

    row: Schedule
    what: str
    when: str
    cluster: str
    following: list[tuple[str, float]]
    last: Occurrence | None
    badge: Badge | None


@dataclass(frozen=True)
class RoundLine:
    """One round of the console."""

    row: Round
    title: str
    every: str
    badge: Badge
    next_at: float | None


def line_of(row: Schedule, last: Occurrence | None, now: float) -> Line:
    """A schedule as lists show it."""
    following = [(time_words(at, row.zone, now), at) for at in upcoming(row, now, SHOWN_NEXT)]
    badge = occurrence_badge(last) if last is not None else None
    return Line(
        row, what_words(row.kind, row.arguments), words_of(when_of(row)), cluster_of(row), following, last, badge
    )


def lines_of(request: Request, rows: Sequence[Schedule]) -> list[Line]:
    """Schedules with the last of their times that has begun, ended or was left out."""
    ids = [row.id for row in rows]
    newest = select(func.max(Occurrence.id)).where(Occurrence.schedule_id.in_(ids)).group_by(Occurrence.schedule_id)
    found = request.db.scalars(select(Occurrence).where(Occurrence.id.in_(newest))) if ids else ()
    last = {one.schedule_id: one for one in found}
    return [line_of(row, last.get(row.id), request.now) for row in rows]


def lines_of_cluster(request: Request, cluster: Cluster) -> list[Line]:
    """Schedules of one cluster, the next ones first."""
    order = (Schedule.paused, Schedule.next_at.is_(None), Schedule.next_at, Schedule.name)
    rows = request.db.scalars(select(Schedule).where(Schedule.cluster_id == cluster.id).order_by(*order)).all()
    return lines_of(request, rows)


def occurrence_badge(one: Occurrence) -> Badge:
    """How one time went; since is when it ended, began, or was taken up."""
    kind, word = _STATES.get(one.state, ("unknown", one.state))
    return Badge(kind, word, one.ended_at or one.began_at or one.made_at, one.message)


def round_lines(request: Request) -> list[RoundLine]:
    """The console's own rounds: those that do not run well first."""
    found = []
    for row in request.db.scalars(select(Round)):
        kind, word = _ROUND_STATES[state_of(row, request.now)]
        why = late(row, request.now) or (row.error if row.failing_since is not None else "")
        badge = Badge(kind, word, row.failing_since, why)
        found.append(
            RoundLine(row, ROUNDS.get(row.name, row.name), every_words(round(row.seconds)), badge, next_run(row))
        )
    urgent = {"down": 0, "degraded": 1}
    return sorted(found, key=lambda line: (urgent.get(line.badge.kind, 2), line.row.name != TIMETABLE, line.title))
