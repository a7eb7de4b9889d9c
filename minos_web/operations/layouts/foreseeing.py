"""The plan of a bootstrap of what is described but not saved: nothing is written, no row is touched.

Plans are made of rows. Here the rows are made up for a moment: those that the cluster has are copied, those that it would
have are added, and none of them belongs to the session.
"""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_common.states import HostState
from minos_web.clusterfile.description import ClusterDescription, TaskSlot
from minos_web.console import Console
from minos_web.models.clusters import Cluster, Task
from minos_web.models.hosts import Host
from minos_web.operations.checks import check_hosts
from minos_web.operations.choosing import choose_package
from minos_web.operations.comparing import Comparison, compare
from minos_web.operations.describe import instance_of
from minos_web.operations.drafting import Draft
from minos_web.operations.job_rules import check_first, joining_jobs, plan_task, rules_of
from minos_web.operations.manner import way_of
from minos_web.operations.plan import Action, make_plan
from minos_web.operations.refusal import Refused
from minos_web.operations.wish import Wish
from minos_web.store.configdir import current_revision


@dataclass(frozen=True)
class Foreseen:
    """A plan with what it would bring; ``trouble`` is what would be in its way now. ``seal`` differs when the plan does."""

    draft: Draft | None = None
    comparison: Comparison | None = None
    trouble: Refused | None = None

    @property
    def seal(self) -> str:
        """A short name of waves and package."""
        if self.draft is None:
            return ""
        steps = [(wave.name, [(step.verb, step.label, step.args) for step in wave.steps]) for wave in self.draft.waves]
        package = self.draft.package.sha256 if self.draft.package else ""
        return hashlib.sha256(f"{steps} {package}".encode()).hexdigest()[:16]


def foresee(
    session: Session,
    console: Console,
    description: ClusterDescription,
    wish: Wish,
    fresh: Collection[tuple[str, str]] | None = None,
) -> Foreseen:
    """The bootstrap of the described cluster; ``fresh`` (job, address) are the tasks that it is about, None: all of them."""
    cluster = _made_up(session, description)
    tasks = [task for task in cluster.tasks if fresh is None or (task.job, task.address) in fresh]
    try:
        drafted = _draft(session, description, cluster, tasks, wish)
        comparison = compare(session, console, drafted, wish)
    except Refused as refused:
        return Foreseen(trouble=refused)
    try:
        check_hosts(session, console, tasks, Action.BOOTSTRAP, wish.now)
    except Refused as refused:
        return Foreseen(drafted, comparison, refused)
    return Foreseen(drafted, comparison)


def _draft(session: Session, description: ClusterDescription, cluster: Cluster, tasks: list[Task], wish: Wish) -> Draft:
    if not tasks:
        raise Refused("bad-selection", "there is no task to bootstrap", "tasks")
    service = description.service
    package = choose_package(session, description, wish, Action.BOOTSTRAP)
    check_first(cluster, service, tasks)
    way = way_of(Action.BOOTSTRAP, wish.options, len(tasks))
    planned = [plan_task(task) for task in tasks]
    rules = rules_of(cluster, service, tasks)
    waves = make_plan(Action.BOOTSTRAP, planned, rules, service.stop_jobs, way.send, joining_jobs(cluster, service))
    return Draft(Action.BOOTSTRAP, cluster, tasks, waves, description, package, current_revision(session), way)


def _made_up(session: Session, description: ClusterDescription) -> Cluster:
    """The cluster with its tasks as they would be; rows that no session knows."""
    service, name = description.service.name, description.name
    rows = select(Task).join(Cluster).where(Cluster.service == service, Cluster.name == name, Task.retired.is_(False))
    known = {(task.job, task.address, task.instance): task for task in session.scalars(rows)}
    approved = select(Host).where(Host.state == HostState.APPROVED)
    hosts = {key: host.id for host in session.scalars(approved) for key in (host.name, host.address)}
    tasks = [
        _task(order, slot, known.get((slot.job, slot.host_address, instance_of(slot))), hosts)
        for order, job in enumerate(description.jobs)
        for slot in job.tasks
    ]
    for number, task in enumerate(tasks):
        task.id = -1 - number
    return Cluster(id=-1, service=service, name=name, tasks=tasks, cleanup_hash="")


def _task(order: int, slot: TaskSlot, known: Task | None, hosts: dict[str, int]) -> Task:
    return Task(
        job=slot.job,
        job_order=order,
        number=slot.task_id,
        address=slot.host_address,
        host_number=slot.host_id,
        instance=instance_of(slot),
        host_id=hosts.get(slot.host_address),
        base_port=slot.base_port,
        ports=dict(slot.ports),
        described=True,
        leaving=slot.leaves,
        bootstrapped=known.bootstrapped if known else False,
        state=known.state if known else "STOPPED",
        texts={},
        config_revision="",
    )
