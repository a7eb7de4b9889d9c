"""A wish checked and planned: what would be carried out. Writes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from minos_common.states import LIVE_TASK_STATES
from minos_web.catalog.description import Service
from minos_web.clusterfile.description import ClusterDescription
from minos_web.clusterfile.load import load_cluster
from minos_web.clusterfile.problems import ClusterFileError
from minos_web.clusterfile.tree import ConfigTree
from minos_web.console import Console
from minos_web.models.clusters import Cluster, Task
from minos_web.models.packages import Package
from minos_web.operations.checks import check_ports, check_tasks
from minos_web.operations.choosing import choose_package
from minos_web.operations.drills import drill_of, drill_waves, helper_of, victim_of
from minos_web.operations.going_back import Before, before_of
from minos_web.operations.job_rules import (
    check_first,
    clearing_waves,
    errands_of,
    in_rolling_order,
    joining_jobs,
    most_together,
    plan_task,
    rules_of,
    strange_jobs,
)
from minos_web.operations.keytabs import with_keytabs
from minos_web.operations.leaving import leaving_waves, parts_of
from minos_web.operations.manner import Way, way_of
from minos_web.operations.plan import LEAVING_ACTIONS, Action, Wave, make_plan
from minos_web.operations.procedures import procedure_of, procedure_waves, task_of
from minos_web.operations.refusal import Refused
from minos_web.operations.rolling import RollingJob, rolling_waves
from minos_web.operations.wish import Wish, action_of, cluster_of, selected_tasks
from minos_web.store.configdir import current_revision, tree_at

STARTING = frozenset({Action.BOOTSTRAP, Action.START, Action.RESTART, Action.ROLLING_UPDATE})
NEEDS_DESCRIPTION = STARTING | {Action.INSTALL}


@dataclass(frozen=True)
class Draft:
    """A wish as it would be carried out; nothing is written yet. ``others``: tasks that it is not about, of which steps
    need something all the same.
    """

    action: Action
    cluster: Cluster
    tasks: list[Task]
    waves: list[Wave]
    description: ClusterDescription | None
    package: Package | None
    revision: int
    way: Way
    others: list[Task] = field(default_factory=list)

    @property
    def involved(self) -> list[Task]:
        """Every task of a step."""
        return [*self.tasks, *self.others]


def draft(session: Session, console: Console, wish: Wish) -> Draft:
    """Check and plan a wish. Raises Refused, with the field it is about and the way out."""
    action, cluster = action_of(wish), cluster_of(session, wish)
    service = console.catalog.get(cluster.service)
    if action is Action.PROCEDURE:
        return _procedure(session, service, cluster, wish)
    if action is Action.DRILL:
        return _drill(session, service, cluster, wish)
    tasks = selected_tasks(cluster, wish)
    if action in LEAVING_ACTIONS:
        return _leaving(session, service, cluster, wish, action)
    tasks = _staying(tasks) if action in STARTING else tasks
    tasks = _daemons(service, action, tasks)
    check_tasks(action, cluster, tasks)
    if action is Action.ROLLING_UPDATE:
        tasks = _running(tasks)
    check_ports(session, cluster, tasks, action)
    way = way_of(action, wish.options, len(tasks))
    before = before_of(session, cluster, way.back_to) if way.back_to else None
    revision = before.revision if before else current_revision(session)
    description = describe(session, console, cluster, revision) if action in NEEDS_DESCRIPTION else None
    if description is not None and description.service.described_in_file:
        service = description.service
    package = _package(session, description, wish, action, before) if description else None
    if action is Action.BOOTSTRAP and service is not None:
        check_first(cluster, service, tasks)
    waves = with_keytabs(session, cluster, _plan(service, action, cluster, tasks, way))
    return Draft(action, cluster, tasks, waves, description, package, revision, way)


def _procedure(session: Session, service: Service | None, cluster: Cluster, wish: Wish) -> Draft:
    procedure = procedure_of(service, wish.options)
    if procedure.admin and not wish.may_override:
        raise Refused("not-allowed", f"{procedure.title} is for administrators", "procedure")
    task = task_of(procedure, cluster.tasks)
    way = way_of(Action.PROCEDURE, wish.options, 1)
    waves = procedure_waves(procedure, task, wish.options)
    return Draft(Action.PROCEDURE, cluster, [task], waves, None, None, current_revision(session), way)


def _drill(session: Session, service: Service | None, cluster: Cluster, wish: Wish) -> Draft:
    drill = drill_of(session, service, cluster, wish.options)
    victim = victim_of(drill, cluster)
    helper = helper_of(drill, cluster, victim)
    way = way_of(Action.DRILL, wish.options, 1)
    gated = service is not None and any(gate.job == drill.job for gate in service.gates)
    waves = drill_waves(drill, cluster, victim, helper, gated)
    others = [helper] if helper is not victim else []
    return Draft(Action.DRILL, cluster, [victim], waves, None, None, current_revision(session), way, others)


def _leaving(session: Session, service: Service | None, cluster: Cluster, wish: Wish, action: Action) -> Draft:
    """Those who leave or come back, and those who are told of it."""
    parts = parts_of(action, cluster, service, wish)
    tasks = [task for part in parts for task in part.tasks]
    readers = list(dict.fromkeys(task for part in parts for task in part.readers))
    way = way_of(action, wish.options, len(tasks))
    waves = with_keytabs(session, cluster, leaving_waves(action, cluster, service, parts, way.rolling.gate_seconds))
    return Draft(action, cluster, tasks, waves, None, None, current_revision(session), way, readers)


def _daemons(service: Service | None, action: Action, tasks: list[Task]) -> list[Task]:
    """What can run at all. Raises Refused when the action is about running and none of the tasks does."""
    if action not in (Action.START, Action.STOP, Action.RESTART, Action.ROLLING_UPDATE) or service is None:
        return tasks
    found = [task for task in tasks if (job := service.job(task.job)) is None or job.daemon]
    if not found:
        text = f"{service.title or service.name} has nothing that runs: install or bootstrap bring its package"
        raise Refused("nothing-to-start", text, "action")
    return found


def _staying(tasks: Sequence[Task]) -> list[Task]:
    """What is decommissioned stays stopped until it is recommissioned. Raises Refused when nothing else is chosen."""
    found = [task for task in tasks if not task.leaving]
    if not found:
        raise Refused("leaving", "all of these tasks are decommissioned: recommission them", "tasks")
    return found


def describe(
    session: Session, console: Console, cluster: Cluster, revision: int | None = None, tree: ConfigTree | None = None
) -> ClusterDescription:
    """The cluster's description at a revision, the newest if None; who describes many gives the ``tree`` of them all. Raises
    Refused with the first errors and their lines.
    """
    try:
        return load_cluster(tree or tree_at(session, revision), cluster.service, cluster.name, console.catalog)
    except ClusterFileError as error:
        errors = [str(problem) for problem in error.problems if problem.level == "error"]
        more = f" (and {len(errors) - 3} more)" if len(errors) > 3 else ""
        raise Refused("bad-config", "; ".join(errors[:3]) + more, "config") from error


def _package(
    session: Session, description: ClusterDescription, wish: Wish, action: Action, before: Before | None
) -> Package | None:
    return before.package if before else choose_package(session, description, wish, action)


def _running(tasks: Sequence[Task]) -> list[Task]:
    """What is updated while it serves; what somebody stopped stays so. Raises Refused when nothing is left."""
    found = [task for task in tasks if task.state in LIVE_TASK_STATES or task.wanted == "running"]
    if not found:
        raise Refused("not-running", "none of these tasks runs: start them, they get everything new then", "tasks")
    return found


def _plan(service: Service | None, action: Action, cluster: Cluster, tasks: Sequence[Task], way: Way) -> list[Wave]:
    rules = rules_of(cluster, service, tasks)
    if action is Action.ROLLING_UPDATE:
        jobs = [
            RollingJob(
                one,
                [plan_task(task) for task in in_rolling_order(service, one.name, tasks)],
                gated=service is not None and any(gate.job == one.name for gate in service.gates),
                most=most_together(cluster, service, one.name),
                errands=errands_of(service, one.name),
            )
            for one in rules
            if any(task.job == one.name for task in tasks)
        ]
        return rolling_waves(jobs, way.rolling)
    stop_order = [*strange_jobs(service, tasks), *(service.stop_jobs if service else ())]
    planned = [plan_task(task) for task in tasks]
    waves = make_plan(action, planned, rules, stop_order, way.send, joining_jobs(cluster, service))
    return [*waves, *(clearing_waves(cluster, service, tasks) if action is Action.CLEANUP else ())]
