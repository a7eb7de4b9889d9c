"""The health round of one cluster: rows in, health and its reason back onto the row."""

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_common.states import TaskState
from minos_web.catalog.description import HealthRule, Service
from minos_web.console import Console
from minos_web.models.clusters import Cluster, Task
from minos_web.models.hosts import Host
from minos_web.models.operations import Operation, Step
from minos_web.monitor.health import ClusterHealth, JobDemand, TaskFact, cluster_health
from minos_web.monitor.maintenance import of_job
from minos_web.monitor.status import HEALTH_KINDS, Kind, Status, is_young, task_status


def check_cluster(session: Session, console: Console, cluster_id: int, now: float) -> None:
    """Judge one cluster and write what changed."""
    cluster = session.get(Cluster, cluster_id)
    if cluster is None:
        return
    hosts = {host.id: host for host in session.scalars(select(Host))}
    service, moving = console.catalog.get(cluster.service), _moving(session, cluster)
    roles = {rule.job: f"{cluster.service}.{rule.figure}" for rule in service.health if rule.figure} if service else {}
    facts = []
    for task in cluster.tasks:
        if task.leaving and task.state == TaskState.STOPPED:
            continue  # out of service, as it should be
        status = task_status(task, hosts.get(task.host_id or 0), now, console.settings.lost_seconds)
        if (status.kind is Kind.RUNNING and _coming_up(task, roles.get(task.job, ""), now)) or (
            task.id in moving and task.state == TaskState.STOPPED and status.kind in (Kind.STOPPED, Kind.DOWN)
        ):
            status = replace(status, kind=Kind.CHANGING)
        facts.append(_fact(task, status))
    calm = {job for job in {fact.job for fact in facts} if of_job(cluster.maintenance, job, now)}
    health = cluster_health(demands(service, facts), facts, calm)
    _write(cluster, health, now)


def demands(service: Service | None, facts: list[TaskFact]) -> list[JobDemand]:
    """What the catalog's health rules ask of each job; jobs that only workers know come last, with no demand."""
    jobs = [job.name for job in service.jobs] if service else []
    jobs += sorted({fact.job for fact in facts} - set(jobs))
    rules = service.health if service else ()
    name = service.name if service else ""
    return [_demand(name, job, [rule for rule in rules if rule.job == job]) for job in jobs]


def _demand(service: str, job: str, rules: list[HealthRule]) -> JobDemand:
    ones = {f"{service}.{rule.figure}": tuple(rule.value.split()) for rule in rules if rule.rule == "one-of"}
    return JobDemand(job, quorum=any(rule.rule == "majority-runs" for rule in rules), exactly_one=ones)


def _moving(session: Session, cluster: Cluster) -> set[int]:
    """Tasks that an open operation starts or stops: while it is at work, one that does not run is no fault."""
    moves = select(Step.task_id).join(Operation).where(Operation.open_cluster_id == cluster.id)
    return set(session.scalars(moves.where(Step.verb.in_(("start", "stop")), Step.task_id.is_not(None))))


def _coming_up(task: Task, role: str, now: float) -> bool:
    """It runs, but its figures are not its own yet, or do not tell the role by which it is judged."""
    if task.figures_at is None or task.figures_at < (task.started_at or 0):
        return True
    return bool(role) and not task.texts.get(role) and is_young(task, now)


def _fact(task: Task, status: Status) -> TaskFact:
    if not task.described and status.kind is Kind.RUNNING:
        return TaskFact(
            task.job, f"{task.job} on {task.address}", Kind.DEGRADED, task.texts, "runs, but is not described"
        )
    label, why = f"{task.job}/{task.number} on {task.address}", status.reason or status.word
    return TaskFact(task.job, label, status.kind, task.texts, why)


def _write(cluster: Cluster, health: ClusterHealth, now: float) -> None:
    if cluster.health != health.level:
        cluster.health, cluster.health_since = health.level, now
    cluster.health_reason, cluster.health_at = health.reason, now
    cluster.health_jobs = {
        name: {
            "running": job.running,
            "total": job.total,
            "kind": HEALTH_KINDS[job.level][0].value,
            "reason": job.reason,
        }
        for name, job in health.jobs.items()
    }
