"""The one door: a wish, checked and planned, becomes an operation on the table."""

import secrets
import uuid
from dataclasses import dataclass, replace

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from minos_common.states import OperationState, StepState
from minos_web.console import Console
from minos_web.models.clusters import Cluster
from minos_web.models.operations import Operation, Step
from minos_web.operations.approving import check_second
from minos_web.operations.braking import check_brake
from minos_web.operations.checks import check_confirmed, check_free, check_hosts
from minos_web.operations.comparing import SENDING, compare
from minos_web.operations.drafting import Draft, draft
from minos_web.operations.going_back import remembered
from minos_web.operations.guarding import check_guard
from minos_web.operations.leaving import mark, parts_of
from minos_web.operations.manner import OF_A_WAY
from minos_web.operations.plan import LEAVING_ACTIONS, Action
from minos_web.operations.plan_id import plan_id, what_changed
from minos_web.operations.refusal import Refused
from minos_web.operations.wish import Wish, cluster_of
from minos_web.security.passwords import hash_password
from minos_web.store.configdir import current_revision


@dataclass(frozen=True)
class Submitted:
    """``made_password`` is the cleanup password that was made because none was given; it is told only here."""

    operation: Operation
    made_password: str


def submit(session: Session, console: Console, wish: Wish) -> Submitted:
    """Lay an operation on the table. Raises Refused, or Busy when another one is open on the cluster."""
    cluster = cluster_of(session, wish)
    if wish.action != Action.SHOW:
        check_brake(session, cluster)
    check_second(console.settings, wish)
    check_free(session, cluster)
    drafted = draft(session, console, wish)
    _check_seen(session, console, drafted, wish)
    check_hosts(session, console, drafted.involved, drafted.action, wish.now)
    check_guard(session, console, drafted, wish)
    check_confirmed(drafted.action, cluster, wish)
    drafted = _marked(session, console, drafted, wish)
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


def _check_seen(session: Session, console: Console, drafted: Draft, wish: Wish) -> None:
    """What somebody looked at and confirmed is what is done. Raises Refused with what changed meanwhile."""
    seen = str(wish.options.get("plan") or "")
    if not seen:
        return
    changed = what_changed(seen, plan_id(drafted, compare(session, console, drafted, wish)))
    if changed:
        raise Refused("plan-changed", f"{changed}: look at the plan as it is now", "plan")


def _marked(session: Session, console: Console, drafted: Draft, wish: Wish) -> Draft:
    """Who leaves or comes back stands in the cluster file, and the operation brings what that says."""
    if drafted.action not in LEAVING_ACTIONS:
        return drafted
    cluster = drafted.cluster
    parts = parts_of(drafted.action, cluster, console.catalog.get(cluster.service), wish)
    mark(session, console, cluster, parts, wish)
    return replace(drafted, revision=current_revision(session))


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
    left_out = {"cleanup_password", "confirm", "plan", *OF_A_WAY}  # secret, or kept as they were understood
    before = remembered(drafted.tasks) if drafted.action in SENDING and drafted.action is not Action.BOOTSTRAP else {}
    return Operation(
        cluster_id=drafted.cluster.id,
        open_cluster_id=drafted.cluster.id,
        action=drafted.action.value,
        selection=wish.selection,
        options={
            **{key: value for key, value in wish.options.items() if key not in left_out},
            **drafted.way.options(),
            **before,
        },
        state=OperationState.WAITING.value,
        created_by=wish.user,
        created_at=wish.now,
        config_revision=drafted.revision,
        package_id=drafted.package.id if drafted.package else None,
        wave_names=[wave.name for wave in drafted.waves],
    )


def _steps(drafted: Draft, operation: Operation, wish: Wish) -> list[Step]:
    hosts = {task.id: task.host_id for task in drafted.involved}
    return [
        Step(
            operation_id=operation.id,
            wave=number,
            position=position,
            task_id=step.task.key if step.task else None,
            host_id=hosts[step.task.key] if step.task else None,
            verb=step.verb,
            label=step.label,
            args=step.args,
            always=wave.always,
            undoes=wave.undoes,
            state=StepState.WAITING.value,
            command_id=uuid.uuid4().hex,
            patience=step.patience,
            created_at=wish.now,
            created_by=wish.user,
        )
        for number, wave in enumerate(drafted.waves)
        for position, step in enumerate(wave.steps)
    ]
