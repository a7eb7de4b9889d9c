"""A worker's answers onto steps, and what follows when an operation ends."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_common.states import STEP_ENDED, STEP_OPEN, OperationState, Outcome, StepState
from minos_common.words import Progress, Report
from minos_web.models.hosts import Host
from minos_web.models.operations import Operation, Step
from minos_web.operations.control import wait_again
from minos_web.operations.describe import retire_gone
from minos_web.operations.plan import Action
from minos_web.security.rotation import BadKey, expect

_STEP_STATES = {Outcome.DONE: StepState.DONE, Outcome.CANCELLED: StepState.CANCELLED}
"""Every other outcome is a failed step."""


def step_of_command(session: Session, host: Host, command_id: str) -> Step | None:
    """The step of a command, if it was meant for this very host: a worker cannot answer for another one."""
    return session.scalar(select(Step).where(Step.command_id == command_id, Step.host_id == host.id))


def accept_step(session: Session, host: Host, command_id: str, now: float) -> None:
    """The worker has the command in its journal."""
    step = step_of_command(session, host, command_id)
    if step is not None and step.state in (StepState.SENT, StepState.UNKNOWN):
        step.state, step.accepted_at = StepState.RUNNING.value, step.accepted_at or now


def repeat_lost(session: Session, host: Host, known: list[str]) -> None:
    """The worker is (again) there, and these commands of ours are open with it: any other that we sent is due at once.
    It may have been lost on the way, or with a worker that died: of questions the journal knows nothing.
    """
    sent = select(Step).where(Step.host_id == host.id, Step.state.in_(STEP_OPEN), Step.command_id.not_in(known))
    for step in session.scalars(sent):
        step.resent_at = 0.0


def progress_step(session: Session, host: Host, message: Progress) -> None:
    """How far a running step is."""
    step = step_of_command(session, host, message.command_id)
    if step is not None and step.state not in STEP_ENDED:
        step.message, step.fraction = message.message, message.fraction


def settle_step(session: Session, host: Host, report: Report, now: float) -> None:
    """The worker's last word on a step. A step that has ended already keeps its end: reports may come twice."""
    step = step_of_command(session, host, report.command_id)
    if step is None or step.state in STEP_ENDED:
        return
    if step.operation_id is not None and report.outcome == Outcome.REFUSED and "brake" in report.data:
        wait_again(step)  # it did not fail: its turn comes when the brake is released
        return
    step.state = _STEP_STATES.get(report.outcome, StepState.FAILED).value
    step.message, step.output, step.data = report.message, report.output, report.data
    step.ended_at, step.fraction = now, None
    if step.verb == "rotate-key" and step.state == StepState.DONE:
        try:
            expect(session, host, report.data.get("public_key"))
        except BadKey as error:
            step.state, step.message = StepState.FAILED.value, str(error)


def end_operation(session: Session, operation: Operation, state: OperationState, message: str, now: float) -> None:
    """Close an operation: the cluster is free for the next one, and what it changed for good is remembered."""
    operation.state, operation.message = state.value, message
    operation.ended_at, operation.open_cluster_id, operation.held = now, None, None
    cluster = operation.cluster
    if cluster is None:
        return
    if operation.action == Action.BOOTSTRAP and state is OperationState.DONE and cluster.bootstrapped_at is None:
        cluster.bootstrapped_at = now
    if operation.action == Action.CLEANUP:
        for step in operation.steps:
            if step.verb == "clean" and step.state == StepState.DONE and step.task is not None:
                step.task.bootstrapped = False  # the worker's own word may come a moment later
    if operation.action == Action.CLEANUP and not any(task.bootstrapped for task in cluster.tasks):
        cluster.bootstrapped_at, cluster.cleanup_hash = None, ""
    if operation.action == Action.CLEANUP:
        retire_gone(session, cluster)
