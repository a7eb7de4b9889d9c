"""The health round of one cluster: rows in, health and its reason back onto the row."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_web.catalog.description import HealthRule, Service
from minos_web.console import Console
from minos_web.models.clusters import Cluster, Task
from minos_web.models.hosts import Host
from minos_web.monitor.health import ClusterHealth, JobDemand, TaskFact, cluster_health
from minos_web.monitor.status import HEALTH_KINDS, Kind, task_status


def check_cluster(session: Session, console: Console, cluster_id: int, now: float) -> None:
    """Judge one cluster and write what changed."""
    cluster = session.get(Cluster, cluster_id)
    if cluster is None:
        return
    hosts = {host.id: host for host in session.scalars(select(Host))}
    facts = [_fact(task, hosts.get(task.host_id or 0), now, console.settings.lost_seconds) for task in cluster.tasks]
    service = console.catalog.get(cluster.service)
    health = cluster_health(demands(service, facts), facts)
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


def _fact(task: Task, host: Host | None, now: float, lost_seconds: float) -> TaskFact:
    status = task_status(task, host, now, lost_seconds)
    if not task.described and status.kind is Kind.RUNNING:
        return TaskFact(
            task.job, f"{task.job} on {task.address}", Kind.DEGRADED, task.texts, "runs, but is not described"
        )
    # A task that has only just come up has no figures yet: it cannot be judged by its role.
    kind = Kind.CHANGING if status.kind is Kind.RUNNING and task.figures_at is None else status.kind
    return TaskFact(
        task.job, f"{task.job} {task.number} on {task.address}", kind, task.texts, status.reason or status.word
    )


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
