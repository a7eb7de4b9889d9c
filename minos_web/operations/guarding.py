"""What others lose while an operation is carried out, and what is not done unless an administrator insists."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_common.states import TaskState
from minos_web.catalog.description import Job, Service
from minos_web.console import Console
from minos_web.models.clusters import Cluster, Task
from minos_web.models.hosts import Host
from minos_web.operations.choosing import holds_version
from minos_web.operations.drafting import Draft, describe
from minos_web.operations.leaving import copies_missing
from minos_web.operations.plan import Action
from minos_web.operations.refusal import Refused
from minos_web.operations.wish import Wish

GUARDED = frozenset({Action.STOP, Action.RESTART, Action.ROLLING_UPDATE})


@dataclass(frozen=True)
class Risk:
    """``text`` in words. What ``breaks`` the cluster, or others that need it, is refused without an override."""

    text: str
    breaks: bool = False


@dataclass(frozen=True)
class _Away:
    """Tasks of a job: how many there are, run now, and are away together at the worst moment."""

    members: int
    up: int
    away: int

    @property
    def left(self) -> int:
        return self.up - self.away


def risks(session: Session, console: Console, plan: Draft, now: float) -> list[Risk]:
    """What the plan puts at risk: by a package of another version, job by job, then who depends on the cluster."""
    return [*_other_version(plan), *_losses(session, console, plan, now)]


def _other_version(plan: Draft) -> list[Risk]:
    package, description = plan.package, plan.description
    if package is None or description is None or not package.version or holds_version(package, description.version):
        return []
    if package.version == description.version:
        return []
    text = f"{package.name} is of version {package.version}, and the cluster file says version={description.version}."
    return [Risk(text)]


def _losses(session: Session, console: Console, plan: Draft, now: float) -> list[Risk]:
    """Empty for what stops nothing."""
    service = console.catalog.get(plan.cluster.service)
    if plan.action is Action.DECOMMISSION and service is not None:
        return _no_place(session, console, plan, service)
    if plan.action not in GUARDED or service is None:
        return []
    lost = {
        host.id
        for host in session.scalars(select(Host))
        if host.beat_at is None or now - host.beat_at > console.settings.lost_seconds
    }
    running = [task for task in plan.cluster.tasks if task.described and _runs(task, lost)]
    if not any(task in running for task in plan.tasks):
        return []
    needing = dependents(session, console, plan.cluster, now)
    whole = plan.action is not Action.ROLLING_UPDATE and all(task in plan.tasks for task in running)
    found = []
    for job in service.jobs:
        standing = _standing(plan, job, running)
        risk = _risk(plan, job, standing, deliberate=whole and not needing)
        found += [risk] if risk else []
    if needing:
        text = f"{_several([_name(console, one) for one in needing])} {'needs' if len(needing) == 1 else 'need'} this cluster"
        found.append(Risk(f"{text} and run{'s' if len(needing) == 1 else ''} now.", breaks=whole))
    return found


def _no_place(session: Session, console: Console, plan: Draft, service: Service) -> list[Risk]:
    """What is stored on tasks that leave has to have a place on those that stay."""
    description = describe(session, console, plan.cluster)
    found = [copies_missing(description, job, plan.cluster, plan.tasks) for job in service.jobs if job.leaving]
    return [Risk(text, breaks=True) for text in found if text]


def check_guard(session: Session, console: Console, plan: Draft, wish: Wish) -> None:
    """What breaks a quorum, the last of two, or others that need the cluster, needs an administrator's override. Raises
    Refused with what would be lost.
    """
    broken = [risk.text for risk in risks(session, console, plan, wish.now) if risk.breaks]
    if plan.way.override and not wish.may_override:
        raise Refused("override", "only an administrator may do this in spite of what depends on it", "override")
    if broken and not plan.way.override:
        way_out = (
            "tick that it is to be done all the same (API: options.override)"
            if wish.may_override
            else "an administrator may do it all the same"
        )
        raise Refused("breaks-service", f"{' '.join(broken)} Not done without an override: {way_out}", "override")


def dependents(session: Session, console: Console, cluster: Cluster, now: float) -> list[Cluster]:
    """Clusters that need this one and of which a task runs."""
    name = f"{cluster.service}/{cluster.name}"
    rows = session.scalars(select(Cluster).where(Cluster.retired.is_(False)).order_by(Cluster.service, Cluster.name))
    return [
        row
        for row in rows
        if row.id != cluster.id
        and name in _needs(session, console, row)
        and any(task.state == TaskState.RUNNING for task in row.tasks)
    ]


def _needs(session: Session, console: Console, row: Cluster) -> Sequence[str]:
    if row.needs is not None:
        return row.needs
    try:
        return describe(session, console, row).needs
    except Refused:
        return ()


def _runs(task: Task, lost: set[int]) -> bool:
    return task.state == TaskState.RUNNING and task.host_id not in lost


def _standing(plan: Draft, job: Job, running: Sequence[Task]) -> _Away:
    there = [task for task in running if task.job == job.name]
    touched = [task for task in there if task in plan.tasks]
    together = len(touched)
    if plan.action is Action.ROLLING_UPDATE:
        stops = [wave for wave in plan.waves if any(step.verb == "stop" for step in wave.steps)]
        ids = {task.id for task in touched}
        sizes = [sum(step.task is not None and step.task.key in ids for step in wave.steps) for wave in stops]
        together = max(sizes, default=0)
    members = sum(task.job == job.name and task.described for task in plan.cluster.tasks)
    return _Away(members, len(there), together)


def _risk(plan: Draft, job: Job, stand: _Away, deliberate: bool) -> Risk | None:
    """Of jobs that are needed in a certain number: how many are left. ``deliberate``: the whole cluster is stopped and
    nobody needs it."""
    if not stand.away or not (job.quorum or job.first_alone or job.roll_last):
        return None
    needed = stand.members // 2 + 1 if job.quorum else 1
    leaves = f"leaves {stand.left} of {stand.members} {job.name} tasks running, and {needed} {_is(needed)} needed"
    verb = {Action.STOP: "Stopping this", Action.RESTART: "Meanwhile this", Action.ROLLING_UPDATE: "Each step"}
    text = f"{verb[plan.action]} {leaves}"
    if stand.left >= needed:
        return Risk(f"{text}.")
    if stand.up < needed:
        return Risk(
            f"Only {stand.up} of {stand.members} {job.name} tasks run as it is, and {needed} {_is(needed)} needed."
        )
    rolling = plan.action is Action.RESTART and stand.members > 1 and len(plan.tasks) > 1
    way_out = " A rolling update takes one after another and keeps it serving." if rolling else ""
    alone = stand.members == 1 and plan.action is not Action.STOP  # a lone one has nobody to take over in any case
    return Risk(f"{text}: {plan.cluster.name} does not serve.{way_out}", breaks=not deliberate and not alone)


def _is(number: int) -> str:
    return "is" if number == 1 else "are"


def _name(console: Console, cluster: Cluster) -> str:
    service = console.catalog.get(cluster.service)
    return f"{service.title if service else cluster.service} {cluster.name}"


def _several(names: Sequence[str]) -> str:
    shown = list(names[:5]) + ([f"{len(names) - 5} more"] if len(names) > 5 else [])
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"
