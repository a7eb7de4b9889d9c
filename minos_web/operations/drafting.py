"""A wish checked and planned: what would be carried out. Writes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from minos_web.catalog.description import Service, Wait
from minos_web.clusterfile.description import ClusterDescription
from minos_web.clusterfile.load import load_cluster
from minos_web.clusterfile.problems import ClusterFileError
from minos_web.console import Console
from minos_web.models.clusters import Cluster, Task
from minos_web.models.packages import Package
from minos_web.operations.checks import check_ports, check_tasks
from minos_web.operations.choosing import choose_package
from minos_web.operations.plan import Action, JobRules, PlanTask, Target, WaitRule, Wave, make_plan
from minos_web.operations.refusal import Refused
from minos_web.operations.wish import Wish, action_of, cluster_of, selected_tasks
from minos_web.store.configdir import current_revision, tree_at

NEEDS_DESCRIPTION = frozenset({Action.BOOTSTRAP, Action.START, Action.RESTART})


@dataclass(frozen=True)
class Draft:
    """A wish as it would be carried out; nothing is written yet."""

    action: Action
    cluster: Cluster
    tasks: list[Task]
    waves: list[Wave]
    description: ClusterDescription | None
    package: Package | None
    revision: int


def draft(session: Session, console: Console, wish: Wish) -> Draft:
    """Check and plan a wish. Raises Refused, with the field it is about and the way out."""
    action, cluster = action_of(wish), cluster_of(session, wish)
    revision = current_revision(session)
    tasks = selected_tasks(cluster, wish)
    check_tasks(action, cluster, tasks)
    check_ports(session, cluster, tasks, action)
    description = describe(session, console, cluster) if action in NEEDS_DESCRIPTION else None
    package = choose_package(session, description, wish, action) if description else None
    service = console.catalog.get(cluster.service)
    if action is Action.BOOTSTRAP and service is not None:
        _check_first(cluster, service, tasks)
    waves = _plan(service, action, cluster, tasks, wish)
    return Draft(action, cluster, tasks, waves, description, package, revision)


def describe(session: Session, console: Console, cluster: Cluster) -> ClusterDescription:
    """The cluster's description at the newest revision. Raises Refused with the first errors and their lines."""
    try:
        return load_cluster(tree_at(session, None), cluster.service, cluster.name, console.catalog)
    except ClusterFileError as error:
        errors = [str(problem) for problem in error.problems if problem.level == "error"]
        more = f" (and {len(errors) - 3} more)" if len(errors) > 3 else ""
        raise Refused("bad-config", "; ".join(errors[:3]) + more, "config") from error


def _plan(service: Service | None, action: Action, cluster: Cluster, tasks: Sequence[Task], wish: Wish) -> list[Wave]:
    planned = [PlanTask(t.id, t.job, t.number, t.address, f"{t.job}/{t.number} on {t.address}") for t in tasks]
    known = list(service.jobs) if service else []
    rules = []
    for job in known:
        waits = tuple(_wait(cluster, wait) for wait in service.waits if wait.before == job.name) if service else ()
        ready = {f"{cluster.service}.{k}": list(v) for k, v in job.status.ready.items()} if job.status else {}
        patience = job.lifecycle.start_seconds + 60
        stop = job.lifecycle.stop_wait + 60
        ready_seconds = job.status.ready_seconds if job.status else 0
        late, alone = job.late, job.first_alone
        rules.append(JobRules(job.name, ready, ready_seconds, patience, stop, late, alone, waits))
    strange = sorted({t.job for t in tasks} - {job.name for job in known})
    rules += [JobRules(name) for name in strange]
    stop_order = [*strange, *(service.stop_jobs if service else ())]
    send = bool(wish.options.get("update_config", True)) or bool(wish.options.get("update_package"))
    return make_plan(action, planned, rules, stop_order, send, _joining(cluster, service) if service else frozenset())


def _wait(cluster: Cluster, wait: Wait) -> WaitRule:
    tasks = [task for task in cluster.tasks if task.job == wait.of and task.described and wait.port in task.ports]
    if wait.of_tasks == "first":  # the first, or where a job waits for itself, one that holds something already
        holding = [task for task in tasks if task.bootstrapped] if wait.of == wait.before else []
        tasks = (holding or [task for task in tasks if task.number == 0])[:1]
    targets = tuple(Target(task.address, task.ports[wait.port], f"{task.job}/{task.number}") for task in tasks)
    name = targets[0].label if wait.of_tasks == "first" and targets else wait.of
    return WaitRule(name, targets, frozenset(map(Action, wait.at)), wait.of == wait.before, wait.seconds)


def _joining(cluster: Cluster, service: Service) -> frozenset[str]:
    """Jobs of which only the first task begins something, and a task has begun it: others join what it holds."""
    first = {once.job for once in service.bootstrap if once.tasks == "first"}
    return frozenset(task.job for task in cluster.tasks if task.job in first and task.bootstrapped)


def _check_first(cluster: Cluster, service: Service, tasks: Sequence[Task]) -> None:
    """Tasks that join another one have it: it is there, or is brought up with them. Raises Refused."""
    joining = _joining(cluster, service)
    for job in service.jobs:
        chosen = sorted(task.number for task in tasks if task.job == job.name)
        if job.first_alone and chosen and chosen[0] != 0 and job.name not in joining:
            text = (
                f"{job.name}/{chosen[0]} takes what it holds from {job.name}/0, which is not bootstrapped: choose both"
            )
            raise Refused("first-missing", text, "tasks")
