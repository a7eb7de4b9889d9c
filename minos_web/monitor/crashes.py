"""Crashes of tasks, from the worker's word to the news: noted with the change of state, told in batches by a round."""

import logging
from collections.abc import Sequence

from sqlalchemy import and_, delete, or_, select
from sqlalchemy.orm import Session

from minos_common.instants import utc
from minos_common.states import TaskState
from minos_common.words import TaskEvent
from minos_web.console import Console
from minos_web.models.alerts import Silence
from minos_web.models.clusters import Cluster, Task
from minos_web.models.crashes import Crash
from minos_web.models.hosts import Host
from minos_web.models.operations import Operation, Step
from minos_web.monitor.crash import (
    CRASH,
    FATAL,
    LONGEST_HOLD,
    WINDOW_SECONDS,
    TaskLines,
    Waiting,
    crash_title,
    due_tasks,
    ending_of,
    fatal_title,
    safe_lines,
    text_of,
)
from minos_web.monitor.maintenance import note_of, of_job
from minos_web.monitor.silencing import that_fits
from minos_web.monitor.telling import Told, tell

log = logging.getLogger(__name__)

TOUCHING = ("prepare", "start", "stop", "clean", "kill")
"""Verbs that end or begin a task's process: what happens meanwhile is theirs."""
AROUND_SECONDS = 2.0
"""Clocks of hosts may differ by so much (see monitor/clocks), and reports may come after what they report."""
KEEP_DAYS = 90.0
RULES = {CRASH: "task-crashed", FATAL: "task-given-up"}
"""What a silence calls them."""
_WAITING = and_(Crash.told_at.is_(None), Crash.quiet == "")


def note_end(session: Session, host: Host, task: Task, event: TaskEvent, now: float) -> Crash | None:
    """Keep a change of state that people may have to hear of, in the transaction that keeps the change itself."""
    kind = ending_of(event)
    if not kind:
        return None
    at = event.at - host.clock_offset
    crash = Crash(
        cluster_id=task.cluster_id,
        task_id=task.id,
        kind=kind,
        at=at,
        noted_at=now,
        host=host.name,
        pid=task.pid if task.state == event.before else None,
        again=event.status.state in (TaskState.STARTING, TaskState.BACKOFF),
        reason=event.status.reason[:500],
        lines=safe_lines(event.status.last_lines),
        quiet=_why_quiet(session, host, task, kind, at, now)[:255],
    )
    session.add(crash)
    return crash


def is_news(session: Session) -> bool:
    """Whether anything waits to be told."""
    return session.scalar(select(Crash.id).where(_WAITING).limit(1)) is not None


def tell_crashes(session: Session, console: Console, now: float) -> None:
    """Tell what is due, cluster by cluster; what is told stands beside what was told of, in one transaction."""
    for cluster_id in session.scalars(select(Crash.cluster_id).where(_WAITING).distinct()).all():
        cluster = session.get_one(Cluster, cluster_id)
        try:
            with session.begin_nested():
                _tell_given_up(session, console, cluster, now)
                _tell_crashed(session, console, cluster, now)
        except Exception:
            # What cannot be told of one cluster must not keep back that of the others.
            log.exception("crashes of cluster %s", cluster_id)


def forget_crashes(session: Session, before: float) -> None:
    """Delete what happened before ``before``."""
    session.execute(delete(Crash).where(Crash.at < before))


def silence_of(session: Session, rule: str, task: Task, host: str, now: float) -> Silence | None:
    """A silence that counts now and fits a task."""
    service, cluster = task.cluster.service, task.cluster.name
    own = {"rule": rule, "service": service, "cluster": cluster, "job": task.job, "host": host}
    return that_fits(session, own, now)


def _why_quiet(session: Session, host: Host, task: Task, kind: str, at: float, now: float) -> str:
    """Why nobody is to hear of it; empty: somebody is."""
    note = note_of(host.maintenance, now) or of_job(task.cluster.maintenance, task.job, now)
    if note is not None:
        return note.words
    touching = (
        select(Operation.id)
        .join(Step, Step.operation_id == Operation.id)
        .where(Step.task_id == task.id, Step.verb.in_(TOUCHING))
        .where(Step.sent_at <= at + AROUND_SECONDS)
        .where(or_(Step.ended_at.is_(None), Step.ended_at >= at - AROUND_SECONDS))
    )
    operation = session.scalar(touching.order_by(Operation.id.desc()).limit(1))
    if operation is not None:
        return f"operation {operation} was at work on it"
    silence = silence_of(session, RULES[kind], task, host.name, now)
    return f"silenced by {silence.by}: {silence.reason}" if silence is not None else ""


def _waiting(session: Session, cluster: Cluster, kind: str) -> list[Crash]:
    query = select(Crash).where(_WAITING, Crash.cluster_id == cluster.id, Crash.kind == kind)
    return list(session.scalars(query.order_by(Crash.at, Crash.id)))


def _tell_crashed(session: Session, console: Console, cluster: Cluster, now: float) -> None:
    waiting = _waiting(session, cluster, CRASH)
    if not waiting:
        return
    lately = session.execute(
        select(Crash.task_id, Crash.told_at)
        .where(Crash.cluster_id == cluster.id, Crash.kind == CRASH, Crash.told_at > now - 6 * LONGEST_HOLD)
        .distinct()
    ).all()
    told: dict[int, set[float]] = {}
    for task_id, at in lately:
        if at is not None:
            told.setdefault(task_id, set()).add(at)
    batches = len({at for times in told.values() for at in times if at > now - WINDOW_SECONDS})
    patience = console.settings.crash_batch_seconds
    due = due_tasks([Waiting(one.task_id, one.noted_at) for one in waiting], told, batches, patience, now)
    chosen = [one for one in waiting if one.task_id in due]
    if not chosen:
        return
    lines = _by_task(console, chosen)
    level = "warning" if all(one.again for one in chosen) else "error"
    title = crash_title(_called(cluster), lines)
    _tell(session, cluster, Told(CRASH, level, title, text_of(lines), _key(cluster, chosen)), chosen, now)


def _key(cluster: Cluster, rows: Sequence[Crash]) -> str:
    """One for each news: what is told of some tasks does not take the place of what was told of others."""
    return f"crash {_path(cluster)} {min(row.id for row in rows)}"


def _tell_given_up(session: Session, console: Console, cluster: Cluster, now: float) -> None:
    """That it happened, with its last lines. That it is so, until it is over, is told by alerts of the task or its cluster."""
    waiting = _waiting(session, cluster, FATAL)
    for one in waiting:
        if one.task.state != TaskState.FATAL:
            one.quiet = "it was over before anybody was told"
    chosen = [one for one in waiting if not one.quiet]
    if not chosen or now - min(one.noted_at for one in chosen) < console.settings.crash_batch_seconds:
        return
    lines = _by_task(console, chosen)
    told = Told(CRASH, "error", fatal_title(_called(cluster), lines), text_of(lines), _key(cluster, chosen))
    _tell(session, cluster, told, chosen, now)
    tasks = {one.task_id for one in chosen}
    for crash in _waiting(session, cluster, CRASH):
        if crash.task_id in tasks:
            crash.told_at = now  # what came before the end is part of it


def _tell(session: Session, cluster: Cluster, told: Told, rows: Sequence[Crash], now: float) -> None:
    tell(session, _about(told, cluster, rows), now)
    for row in rows:
        row.told_at = now


def _about(told: Told, cluster: Cluster, rows: Sequence[Crash]) -> Told:
    hosts, tasks = {row.host for row in rows}, {row.task_id for row in rows}
    path = f"/clusters/{_path(cluster)}/watching"
    if len(tasks) == 1:
        path = _log_path(rows[0].task)
    return Told(
        told.kind,
        told.level,
        told.title,
        told.text,
        told.key,
        service=cluster.service,
        cluster=cluster.name,
        host=hosts.pop() if len(hosts) == 1 else "",
        path=path,
    )


def _by_task(console: Console, rows: Sequence[Crash]) -> list[TaskLines]:
    """One for each task, by its last crash; ``rows`` are in the order of time."""
    found: dict[int, list[Crash]] = {}
    for row in rows:
        found.setdefault(row.task_id, []).append(row)
    return [
        TaskLines(
            label=_label(own[-1].task),
            host=own[-1].host,
            pid=own[-1].pid,
            at=utc(own[-1].at),
            reason=own[-1].reason,
            lines=own[-1].lines,
            more=len(own) - 1,
            since=utc(own[0].at),
            link=f"{console.settings.url.rstrip('/')}{_log_path(own[-1].task)}",
        )
        for own in found.values()
    ]


def _label(task: Task) -> str:
    return f"{task.job}/{task.number}"


def _log_path(task: Task) -> str:
    return f"/clusters/{_path(task.cluster)}/tasks/{task.job}/{task.number}/log"


def _path(cluster: Cluster) -> str:
    return f"{cluster.service}/{cluster.name}"


def _called(cluster: Cluster) -> str:
    return f"{cluster.service} {cluster.name}"
