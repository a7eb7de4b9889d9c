"""The health round of one cluster: rows in, health and its reason back onto the row."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_common.settings import ConsoleSettings
from minos_common.states import TaskState
from minos_web.catalog.description import HealthRule, Service
from minos_web.console import Console
from minos_web.models.clusters import Cluster, Task
from minos_web.models.hosts import Host
from minos_web.models.operations import Operation, Step
from minos_web.monitor.health import AtMost, ClusterHealth, JobDemand, JobHealth, OneOf, TaskFact, cluster_health
from minos_web.monitor.maintenance import of_job
from minos_web.monitor.status import HEALTH_KINDS, Kind, Status, is_fresh, is_young, task_status

NONE_ASKED: Mapping[str, int] = MappingProxyType({})


def check_cluster(session: Session, console: Console, cluster_id: int, now: float) -> None:
    """Judge one cluster and write what changed."""
    cluster = session.get(Cluster, cluster_id)
    if cluster is None:
        return
    hosts = {host.id: host for host in session.scalars(select(Host))}
    service, moving = console.catalog.get(cluster.service), _moving(session, cluster)
    rules = [rule for rule in service.health if rule.rule == "one-of"] if service else []
    roles = {rule.job: f"{cluster.service}.{rule.figure}" for rule in rules}
    facts = []
    for task in cluster.tasks:
        if task.leaving and task.state == TaskState.STOPPED:
            continue  # out of service, as it should be
        status = task_status(task, hosts.get(task.host_id or 0), now, console.settings.lost_seconds)
        if (
            status.kind is Kind.RUNNING and _coming_up(task, hosts.get(task.host_id or 0), roles.get(task.job, ""), now)
        ) or (task.id in moving and task.state == TaskState.STOPPED and status.kind in (Kind.STOPPED, Kind.DOWN)):
            status = replace(status, kind=Kind.CHANGING)
        facts.append(_fact(task, status, now, console.settings))
    calm = {job for job in {fact.job for fact in facts} if of_job(cluster.maintenance, job, now)}
    health = cluster_health(demands(service, facts, cluster.minimums or {}), facts, calm)
    _write(cluster, health, now)


def demands(service: Service | None, facts: list[TaskFact], least: Mapping[str, int] = NONE_ASKED) -> list[JobDemand]:
    """What the catalog's health rules ask of each job; jobs that only workers know come last, with no demand. ``least`` is
    how many tasks of a job the cluster's own configuration asks for.
    """
    jobs = [job.name for job in service.jobs] if service else []
    jobs += sorted({fact.job for fact in facts} - set(jobs))
    rules = service.health if service else ()
    name = service.name if service else ""
    found = [_demand(name, job, [rule for rule in rules if rule.job == job]) for job in jobs]
    return [replace(demand, least=least.get(demand.job, 1)) for demand in found]


def _demand(service: str, job: str, rules: list[HealthRule]) -> JobDemand:
    demand = JobDemand(job)
    for rule in rules:
        figure = f"{service}.{rule.figure}"
        match rule.rule:
            case "majority-runs":
                demand = replace(demand, quorum=not rule.when)
            case "share-runs":
                demand = replace(demand, share=rule.number)
            case "helps":
                demand = replace(demand, helper=rule.message)
            case "one-of":
                role = OneOf(tuple(rule.value.split()), rule.message or OneOf.message, rule.alone)
                demand = replace(demand, exactly_one={**demand.exactly_one, figure: role})
            case "at-most":
                demand = replace(demand, at_most={**demand.at_most, figure: AtMost(rule.number, rule.message)})
    return demand


def _moving(session: Session, cluster: Cluster) -> set[int]:
    """Tasks that an open operation starts or stops: while it is at work, one that does not run is no fault."""
    moves = select(Step.task_id).join(Operation).where(Operation.open_cluster_id == cluster.id)
    return set(session.scalars(moves.where(Step.verb.in_(("start", "stop")), Step.task_id.is_not(None))))


def _coming_up(task: Task, host: Host | None, role: str, now: float) -> bool:
    """It runs, but its figures are not its own yet, or do not tell the role by which it is judged."""
    ahead = max(host.clock_offset, 0.0) if host else 0.0  # figures have our times, the start has the host's
    if task.figures_at is None or task.figures_at < (task.started_at or 0) - ahead:
        return True
    return bool(role) and not task.texts.get(role) and is_young(task, now)


def _fact(task: Task, status: Status, now: float, settings: ConsoleSettings) -> TaskFact:
    """What health sees of a task. What it told long ago tells nothing of now."""
    fresh = is_fresh(task.figures_at, now, settings.sample_seconds, settings.lost_seconds)
    texts, figures = (task.texts, task.figures) if fresh else ({}, {})
    if not task.described and status.kind is Kind.RUNNING:
        label, why = f"{task.job} on {task.address}", "runs, but is not described"
        return TaskFact(task.job, label, Kind.DEGRADED, texts, why, figures)
    label, why = f"{task.job}/{task.number} on {task.address}", status.reason or status.word
    return TaskFact(task.job, label, status.kind, texts, why, figures)


def _write(cluster: Cluster, health: ClusterHealth, now: float) -> None:
    if cluster.health != health.level:
        cluster.health, cluster.health_since = health.level, now
    cluster.health_reason, cluster.health_at = health.reason, now
    cluster.health_jobs = {
        name: _job(job, (cluster.health_jobs or {}).get(name), now) for name, job in health.jobs.items()
    }


def _job(job: JobHealth, before: Mapping[str, Any] | None, now: float) -> dict[str, Any]:
    """A job's health as the row keeps it; it is so ``since`` it became so."""
    kind = HEALTH_KINDS[job.level][0].value
    since = before.get("since") if before and before.get("kind") == kind else now
    return {"running": job.running, "total": job.total, "kind": kind, "reason": job.reason, "since": since}
