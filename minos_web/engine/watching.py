"""The round that looks at watched tasks: their pages and memory, counted check by check, told, and restarted if wished."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from minos_common.states import HostState, TaskState
from minos_web.console import Console
from minos_web.models.clusters import Cluster, Task
from minos_web.models.hosts import Host
from minos_web.models.operations import Operation, Step
from minos_web.models.watching import Watched, WatchPolicy
from minos_web.monitor.alerts.folding import AT_ONCE_SECONDS
from minos_web.monitor.crashes import silence_of
from minos_web.monitor.maintenance import note_of, of_job
from minos_web.monitor.status import ANSWERS_WITHIN, is_fresh
from minos_web.monitor.telling import Told, tell
from minos_web.monitor.watch import (
    HOUR,
    MEMORY,
    PAGE,
    Around,
    Count,
    Held,
    Looked,
    PageRule,
    counted,
    held_back,
    memory_fault,
    page_fault,
)
from minos_web.monitor.watch_policies import for_job
from minos_web.operations.braking import CODE
from minos_web.operations.refusal import Refused
from minos_web.operations.submit import submit
from minos_web.operations.wish import Wish
from minos_web.security.audit import NewEntry, record

log = logging.getLogger(__name__)

RULES = {PAGE: "page-watch", MEMORY: "memory-watch"}
"""What a silence calls them."""
USER = "minos"
HELD_SECONDS = 300.0
"""After so long people hear of a task that waits for its restart."""
_NO_PLAIN_TASK = frozenset({TaskState.STOPPED, TaskState.STOPPING})


@dataclass(frozen=True)
class _Rule:
    """A policy as far as it speaks of one kind."""

    kind: str
    checks: int
    action: str
    policy: WatchPolicy


@dataclass(frozen=True)
class _Scene:
    """What one look at a cluster needs beside its tasks."""

    session: Session
    console: Console
    cluster: Cluster
    hosts: dict[int, Host]
    moving: set[int]
    now: float

    @property
    def name(self) -> str:
        """service/cluster."""
        return f"{self.cluster.service}/{self.cluster.name}"


def due_clusters(session: Session) -> Sequence[int]:
    """Ids of clusters with policies, or with tasks whose policies went away."""
    watched = select(Task.cluster_id).join(Watched, Watched.task_id == Task.id)
    return session.scalars(select(WatchPolicy.cluster_id).union(watched)).all()


def watch_cluster(session: Session, console: Console, cluster_id: int, now: float) -> None:
    """One look at every watched task of a cluster, as far as its figures are new."""
    cluster = session.get(Cluster, cluster_id)
    if cluster is None:
        return
    rows = list(session.scalars(select(WatchPolicy).filter_by(cluster_id=cluster.id)))
    hosts = {host.id: host for host in session.scalars(select(Host))}
    scene = _Scene(session, console, cluster, hosts, _moving(session, cluster), now)
    known: dict[tuple[int, str], Watched] = {}
    for row in session.scalars(select(Watched).join(Task).where(Task.cluster_id == cluster.id)):
        known[(row.task_id, row.kind)] = row
    for task in cluster.tasks:
        policy = for_job(rows, task.job)
        for rule in _rules(policy) if policy is not None else ():
            _look(scene, task, rule, known.pop((task.id, rule.kind), None))
    for row in known.values():
        _recover(scene, row, "it is not watched any more")
        session.delete(row)


def _rules(policy: WatchPolicy) -> list[_Rule]:
    found = []
    if policy.page_checks:
        found.append(_Rule(PAGE, policy.page_checks, policy.page_action, policy))
    if policy.memory_checks:
        found.append(_Rule(MEMORY, policy.memory_checks, policy.memory_action, policy))
    return found


def _moving(session: Session, cluster: Cluster) -> set[int]:
    moves = select(Step.task_id).join(Operation).where(Operation.open_cluster_id == cluster.id)
    return set(session.scalars(moves.where(Step.verb.in_(("start", "stop")), Step.task_id.is_not(None))))


def _look(scene: _Scene, task: Task, rule: _Rule, row: Watched | None) -> None:
    """One check of one thing of one task, if its figures are new; what somebody works on is not looked at."""
    host = scene.hosts.get(task.host_id or 0)
    if host is None or task.id in scene.moving or _is_calm(task, host, scene.now):
        if row is not None:
            row.bad = row.good = 0
        return
    if task.state in _NO_PLAIN_TASK and task.wanted != "running":
        if row is not None:
            _recover(scene, row, "it was stopped")
            scene.session.delete(row)
        return
    if task.state == TaskState.RUNNING and _is_new(scene, task, row):
        row = _check(scene, task, rule, row)
    if row is None:
        return
    if row.fired_at is not None:
        _act(scene, task, rule, row)
    elif not row.bad and not row.fires and not row.restarts:
        scene.session.delete(row)


def _is_calm(task: Task, host: Host, now: float) -> bool:
    return bool(note_of(host.maintenance, now) or of_job(task.cluster.maintenance, task.job, now))


def _is_new(scene: _Scene, task: Task, row: Watched | None) -> bool:
    at, settings = task.figures_at, scene.console.settings
    if at is None or not is_fresh(at, scene.now, settings.sample_seconds, settings.lost_seconds):
        return False
    return row is None or at > row.checked_at


def _check(scene: _Scene, task: Task, rule: _Rule, row: Watched | None) -> Watched | None:
    fault = _fault(scene, task, rule)
    if row is None:
        if not fault:
            return None
        row = Watched(task_id=task.id, kind=rule.kind, bad=0, good=0, fires=[], restarts=[], told=False, held="")
        scene.session.add(row)
    before = Count(row.bad, row.good, row.fired_at is not None, row.fires)
    after = counted(before, fault, rule.checks, scene.now)
    row.bad, row.good, row.fires = after.bad, after.good, list(after.fires)
    row.restarts = [at for at in row.restarts if at > scene.now - HOUR]
    row.checked_at = task.figures_at or scene.now
    row.reason = fault or row.reason
    if after.fired and not before.fired:
        row.fired_at, row.told, row.held, row.operation_id = scene.now, False, "", None
    elif before.fired and not after.fired:
        words = "its status page answers as it should" if rule.kind == PAGE else "its memory is within its limit"
        _recover(scene, row, words)
    return row


def _fault(scene: _Scene, task: Task, rule: _Rule) -> str | None:
    policy, host = rule.policy, scene.hosts[task.host_id or 0]
    at = task.figures_at or 0.0
    looked = Looked(
        at, at - ((task.started_at or 0.0) - host.clock_offset), task.figures, task.texts, task.figures_error
    )
    if looked.up < 0:
        return None  # they are of the process before
    if rule.kind == MEMORY:
        return memory_fault(policy.memory_bytes, looked)
    page = PageRule(policy.page_checks, policy.page_seconds, policy.page_grace, policy.page_figure, policy.page_values)
    return page_fault(page, looked)


def _act(scene: _Scene, task: Task, rule: _Rule, row: Watched) -> None:
    """Of one that is wrong: restart it if that is wished and may be, and see that people hear of it."""
    if rule.action != "restart":
        _problem(scene, task, row, "")
        return
    if task.state != TaskState.RUNNING or row.bad < rule.checks:
        return  # what was done has not been looked at often enough
    held = _restart(scene, task, rule, row)
    if held is None:
        row.held = ""
        _problem(scene, task, row, f"It is restarted by operation {row.operation_id}.")
    elif not held.passes:
        if not row.held:
            row.told = False  # that it is not helped is news of its own
        row.held = held.why
        _problem(scene, task, row, f"It is not restarted: {held.why}.")
    elif held.passes and scene.now - (row.fired_at or scene.now) > HELD_SECONDS:
        _problem(scene, task, row, f"It is not restarted yet: {held.why}.")


def _restart(scene: _Scene, task: Task, rule: _Rule, row: Watched) -> Held | None:
    held = held_back(_around(scene, task, rule))
    if held is not None:
        return held
    reason = f"{task.job}/{task.number} on {task.address}: {row.reason}"
    wish = Wish(
        scene.cluster.service,
        scene.cluster.name,
        "restart",
        USER,
        scene.now,
        jobs=(task.job,),
        tasks=(task.number,),
        options={"confirm": scene.cluster.name, "update_config": False, "reason": reason[:500]},
    )
    try:
        with scene.session.begin_nested():
            operation = submit(scene.session, scene.console, wish).operation
    except Refused as refused:
        return Held(refused.message, passes=refused.code in ("busy", CODE))
    details = {"operation": operation.id, "jobs": [task.job], "tasks": [task.number], "reason": reason}
    record(scene.session, scene.console.secret, NewEntry(scene.now, USER, "operation.restart", scene.name, "", details))
    row.restarts, row.bad, row.operation_id = [*row.restarts, scene.now], 0, operation.id
    log.warning("%s %s is restarted by operation %s", scene.name, reason, operation.id)
    return None


def _around(scene: _Scene, task: Task, rule: _Rule) -> Around:
    lost_after = scene.console.settings.lost_seconds
    approved = [host for host in scene.hosts.values() if host.state == HostState.APPROVED and host.beat_at is not None]
    silent = [scene.now - (host.beat_at or 0.0) for host in approved]
    others = [one for one in scene.cluster.tasks if one.job == task.job and one.id != task.id and one.described]
    restarts = scene.session.scalars(
        select(Watched.restarts).join(Task).where(Task.cluster_id == scene.cluster.id, Task.job == task.job)
    )
    opened = select(func.max(Operation.id)).where(Operation.open_cluster_id == scene.cluster.id)
    patience = max(ANSWERS_WITHIN, rule.policy.page_grace)
    return Around(
        operation=scene.session.scalar(opened) or 0,
        hosts=len(approved),
        lost=sum(seconds > lost_after for seconds in silent),
        lost_together=sum(lost_after < seconds <= lost_after + AT_ONCE_SECONDS for seconds in silent),
        restarts=sum(at > scene.now - HOUR for times in restarts for at in times),
        most_per_hour=rule.policy.most_per_hour,
        away=[f"{one.job}/{one.number}" for one in others if _is_away(scene, one, patience)],
    )


def _is_away(scene: _Scene, task: Task, patience: float) -> bool:
    """It should run and does not, or has been started so lately that it does not answer yet: ``patience`` seconds long."""
    if task.wanted != "running" or task.leaving:
        return False
    host = scene.hosts.get(task.host_id or 0)
    if task.state != TaskState.RUNNING or host is None:
        return True
    if host.beat_at is None or scene.now - host.beat_at > scene.console.settings.lost_seconds:
        return True
    begun = (task.started_at or 0.0) - host.clock_offset
    answers = task.figures_at is not None and task.figures_at >= begun and not task.figures_error
    return scene.now - begun < patience and not answers


def _problem(scene: _Scene, task: Task, row: Watched, done: str) -> None:
    if row.told:
        return
    host = scene.hosts[task.host_id or 0]
    if silence_of(scene.session, RULES[row.kind], task, host.name, scene.now) is not None:
        return
    row.told = True
    what = "does not answer as it should" if row.kind == PAGE else "needs more memory than it may"
    title = f"{task.job}/{task.number} of {scene.cluster.service} {scene.cluster.name} {what}: {row.reason}"
    text = "\n".join(line for line in (f"On {host.name}: {row.reason}.", done) if line)
    level = "error" if row.kind == PAGE or row.held else "warning"
    tell(scene.session, _told(scene, task, row, ("problem", level, title, text)), scene.now)


def _recover(scene: _Scene, row: Watched, words: str) -> None:
    """It is over; those who heard of the problem hear of its end."""
    told, task = row.told, row.task
    row.fired_at, row.told, row.held = None, False, ""
    if told:
        title = f"{task.job}/{task.number} of {scene.cluster.service} {scene.cluster.name}: {words}"
        tell(scene.session, _told(scene, task, row, ("recovery", "info", title, "")), scene.now)


def _told(scene: _Scene, task: Task, row: Watched, said: tuple[str, str, str, str]) -> Told:
    host = scene.hosts.get(task.host_id or 0)
    return Told(
        *said,
        key=f"watch-{row.kind} {scene.name}/{task.job}/{task.number}",
        service=scene.cluster.service,
        cluster=scene.cluster.name,
        host=host.name if host else "",
        path=f"/clusters/{scene.name}/tasks/{task.job}/{task.number}",
    )
