"""The one door: a wish, checked and planned, becomes an operation on the table."""

import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from minos_common.states import OperationState, StepState
from minos_web.clusterfile.description import ClusterDescription
from minos_web.clusterfile.load import load_cluster
from minos_web.clusterfile.problems import ClusterFileError
from minos_web.console import Console
from minos_web.models.clusters import Cluster, Task
from minos_web.models.operations import Operation, Step
from minos_web.models.packages import Package
from minos_web.operations.checks import check_confirmed, check_free, check_hosts, check_ports, check_tasks
from minos_web.operations.choosing import choose_package
from minos_web.operations.plan import Action, JobRules, PlanTask, Wave, make_plan
from minos_web.operations.refusal import Refused
from minos_web.operations.wish import Wish, action_of, cluster_of, selected_tasks
from minos_web.security.passwords import hash_password
from minos_web.store.configdir import current_revision, tree_at

__all__ = ["Draft", "Submitted", "Wish", "draft", "submit"]

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


@dataclass(frozen=True)
class Submitted:
    """``made_password`` is the cleanup password that was made because none was given; it is told only here."""

    operation: Operation
    made_password: str


def draft(session: Session, console: Console, wish: Wish) -> Draft:
    """Check and plan a wish. Raises Refused, with the field it is about and the way out."""
    action, cluster = action_of(wish), cluster_of(session, wish)
    revision = current_revision(session)
    tasks = selected_tasks(cluster, wish)
    check_tasks(action, cluster, tasks)
    check_ports(session, cluster, tasks, action)
    description = describe(session, console, cluster) if action in NEEDS_DESCRIPTION else None
    package = choose_package(session, description, wish, action) if description else None
    waves = _plan(console, action, cluster, tasks, wish)
    return Draft(action, cluster, tasks, waves, description, package, revision)


def submit(session: Session, console: Console, wish: Wish) -> Submitted:
    """Lay an operation on the table. Raises Refused, or Busy when another one is open on the cluster."""
    cluster = cluster_of(session, wish)
    check_free(session, cluster)
    drafted = draft(session, console, wish)
    check_hosts(session, console, drafted.tasks, drafted.action, wish.now)
    check_confirmed(drafted.action, cluster, wish)
    made = _set_cleanup_password(drafted, wish)
    operation = _operation(drafted, wish)
    session.add(operation)
    try:
        session.flush()
    except IntegrityError as error:
        # Somebody else came first between our look and our write; the unique index decides.
        raise Refused("busy", "another operation was started on this cluster a moment ago") from error
    session.add_all(_steps(drafted, operation, wish))
    session.flush()
    return Submitted(operation, made)


def describe(session: Session, console: Console, cluster: Cluster) -> ClusterDescription:
    """The cluster's description at the newest revision. Raises Refused with the first errors and their lines."""
    try:
        return load_cluster(tree_at(session, None), cluster.service, cluster.name, console.catalog)
    except ClusterFileError as error:
        errors = [str(problem) for problem in error.problems if problem.level == "error"]
        more = f" (and {len(errors) - 3} more)" if len(errors) > 3 else ""
        raise Refused("bad-config", "; ".join(errors[:3]) + more, "config") from error


def _plan(console: Console, action: Action, cluster: Cluster, tasks: Sequence[Task], wish: Wish) -> list[Wave]:
    planned = [PlanTask(t.id, t.job, t.number, t.address, f"{t.job}/{t.number} on {t.address}") for t in tasks]
    service = console.catalog.get(cluster.service)
    known = list(service.jobs) if service else []
    rules = []
    for job in known:
        ready = {f"{cluster.service}.{k}": list(v) for k, v in job.status.ready.items()} if job.status else {}
        patience = job.lifecycle.start_seconds + 60
        stop = job.lifecycle.stop_wait + 60
        rules.append(JobRules(job.name, ready, job.status.ready_seconds if job.status else 0, patience, stop))
    strange = sorted({t.job for t in tasks} - {job.name for job in known})
    rules += [JobRules(name) for name in strange]
    stop_order = [*strange, *(service.stop_jobs if service else ())]
    send = bool(wish.options.get("update_config", True)) or bool(wish.options.get("update_package"))
    return make_plan(action, planned, rules, stop_order, send)


def _set_cleanup_password(drafted: Draft, wish: Wish) -> str:
    """Before anything is on a host: keep the hash of the given password, or of one made here (returned to be shown
    once). A bootstrap that failed before it touched anything binds nobody to a password that may be lost.
    """
    if drafted.action is not Action.BOOTSTRAP or has_cleanup_password(drafted.cluster):
        return ""
    given = str(wish.options.get("cleanup_password") or "")
    password = given or secrets.token_urlsafe(12)
    drafted.cluster.cleanup_hash = hash_password(password)
    return "" if given else password


def has_cleanup_password(cluster: Cluster) -> bool:
    """Whether there is data on hosts that a password guards."""
    return bool(cluster.cleanup_hash) and any(task.bootstrapped for task in cluster.tasks)


def _operation(drafted: Draft, wish: Wish) -> Operation:
    secret = {"cleanup_password", "confirm"}
    return Operation(
        cluster_id=drafted.cluster.id,
        open_cluster_id=drafted.cluster.id,
        action=drafted.action.value,
        selection=wish.selection,
        options={key: value for key, value in wish.options.items() if key not in secret},
        state=OperationState.WAITING.value,
        created_by=wish.user,
        created_at=wish.now,
        config_revision=drafted.revision,
        package_id=drafted.package.id if drafted.package else None,
        wave_names=[wave.name for wave in drafted.waves],
    )


def _steps(drafted: Draft, operation: Operation, wish: Wish) -> list[Step]:
    hosts = {task.id: task.host_id for task in drafted.tasks}
    return [
        Step(
            operation_id=operation.id,
            wave=number,
            position=position,
            task_id=step.task.key,
            host_id=hosts[step.task.key],
            verb=step.verb,
            label=step.label,
            args=step.args,
            always=wave.always,
            state=StepState.WAITING.value,
            command_id=uuid.uuid4().hex,
            patience=step.patience,
            created_at=wish.now,
            created_by=wish.user,
        )
        for number, wave in enumerate(drafted.waves)
        for position, step in enumerate(wave.steps)
    ]
