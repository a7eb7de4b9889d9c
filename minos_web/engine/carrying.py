"""Carries open operations and questions on: what may go becomes commands, what is overdue becomes unknown."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from minos_common.brake import FREEZES
from minos_common.states import OPERATION_ENDED, STEP_OPEN, OperationState, StepState
from minos_common.wire import raw
from minos_common.words import Cancel, Command, FromConsole
from minos_web.console import Console
from minos_web.engine.braking import Brakes
from minos_web.engine.own_steps import OWN_VERBS, carry_out
from minos_web.engine.presence import Presence
from minos_web.models.operations import Operation, Step
from minos_web.operations.braking import Frozen, frozen_now
from minos_web.operations.control import ALONE, wait_again
from minos_web.operations.drills import KILL, why_spared
from minos_web.operations.progress import Decision, Manner, StepView, decide
from minos_web.operations.rendering import CannotRender, Renderer
from minos_web.operations.settle import end_operation

log = logging.getLogger(__name__)

FIRST_RESEND, LONGEST_RESEND = 2.0, 30.0
GRACE = 10.0
"""Seconds past its patience in which a step's report may still be on its way."""


_CONCERNED = or_(
    Step.state.in_([state.value for state in STEP_OPEN]),
    and_(Step.state == StepState.WAITING.value, or_(Step.resent_at.is_not(None), Step.operation_id.is_(None))),
)
"""Steps that something may be sent for. Those of an operation whose turn has not come are none, and may be thousands."""


@dataclass(frozen=True)
class Outgoing:
    """A message for the worker of one host."""

    host_id: int
    message: FromConsole


class Carrying:
    """One pass over everything that is open. Belongs to the dispatcher's thread."""

    def __init__(self, console: Console, presence: Presence, brakes: Brakes | None = None) -> None:
        self._console = console
        self._brakes = brakes or Brakes()
        self._frozen = Frozen("", {})
        self._presence = presence
        self._renderer = Renderer(console)

    def carry_on(self, now: float) -> list[Outgoing]:
        """Move what can be moved; returns the messages to send once the rows are committed."""
        if not self._anything_open():
            return []
        with self._console.writers.begin() as session:
            self._frozen = frozen_now(session)
            operations = session.scalars(select(Operation).where(Operation.open_cluster_id.is_not(None))).all()
            for operation in operations:
                self._advance_guarded(session, operation, now)
            return list(self._messages(session, session.scalars(select(Step).where(_CONCERNED)).all(), now))

    def _anything_open(self) -> bool:
        states = [s.value for s in STEP_OPEN | {StepState.WAITING}]
        with self._console.readers() as session:
            if session.scalar(select(Operation.id).where(Operation.open_cluster_id.is_not(None)).limit(1)) is not None:
                return True
            return session.scalar(select(Step.id).where(Step.state.in_(states)).limit(1)) is not None

    def _advance_guarded(self, session: Session, operation: Operation, now: float) -> None:
        """One operation that cannot be carried on must not hold up all others; its page says so."""
        try:
            with session.begin_nested():
                self._advance(session, operation, now)
        except (TypeError, ValueError, KeyError, AttributeError, AssertionError) as error:
            log.exception("operation %s cannot be carried on", operation.id)
            operation.message = f"the console cannot carry it on ({type(error).__name__}: {error}); see its log"

    def _advance(self, session: Session, operation: Operation, now: float) -> None:
        decision = decide(OperationState(operation.state), [_view(s) for s in operation.steps], manner_of(operation))
        steps = {step.id: step for step in operation.steps}
        self._hold(operation, decision)
        for chosen, state in ((decision.skip, StepState.SKIPPED), (decision.cancel, StepState.CANCELLED)):
            for step_id in chosen:
                steps[step_id].state, steps[step_id].ended_at = state.value, now
        for step_id in decision.send:
            if steps[step_id].resent_at is None:
                steps[step_id].resent_at = now  # from now on the step may be sent; patience with an absent host begins
        for step_id in decision.ask_to_stop:
            steps[step_id].cancel_asked_at = steps[step_id].cancel_asked_at or now
        operation.started_at = operation.started_at or now
        if decision.message:
            operation.message = decision.message
        if decision.state in OPERATION_ENDED:
            end_operation(session, operation, decision.state, operation.message, now)
        else:
            operation.state = decision.state.value

    def _hold(self, operation: Operation, decision: Decision) -> None:
        """While the brake is pulled nothing more of an operation goes that changes anything. Nothing of it fails by that: the
        patience of what waits, and of facts that are looked at, begins anew when it is released.
        """
        why = self._frozen.why(operation.cluster_id)
        if not why or not any(step.verb in FREEZES for step in operation.steps):
            operation.held = None
            return
        operation.held = why
        decision.send = []
        for step in operation.steps:
            if step.state == StepState.WAITING:
                step.resent_at = None
            elif step.verb == "gate" and step.state in STEP_OPEN:
                wait_again(step)

    def _stopped(self, step: Step) -> str:
        """Why the brake keeps a step from its worker; empty when it may go."""
        if step.operation is not None:
            return step.operation.held or ""
        return self._frozen.holds(step.verb, step.task.cluster_id if step.task else None)

    def _messages(self, session: Session, steps: Iterable[Step], now: float) -> Iterable[Outgoing]:
        for step in steps:
            if step.verb in OWN_VERBS:
                if step.resent_at is not None or step.state != StepState.WAITING:
                    carry_out(session, self._console, step, now)
                continue
            if step.operation_id is None and step.resent_at is None:
                step.resent_at = now
            if step.state == StepState.WAITING:
                why = self._stopped(step)
                if why and step.operation_id is None:
                    _fail(step, f"never sent: {why}", now)
                elif step.resent_at is not None and not why:
                    yield from self._first_send(session, step, now)
            else:
                yield from self._remind(session, step, now)

    def _first_send(self, session: Session, step: Step, now: float) -> Iterable[Outgoing]:
        """Send a step whose turn it is; a host that is away is waited for as long as the step's patience lasts."""
        if step.verb == KILL and (why := why_spared(session, self._console.catalog, step)):
            _fail(step, why, now)
            return
        if step.host_id is None:
            _fail(
                step,
                f"{step.label}: no approved host has this address; approve its worker, or correct the host line",
                now,
            )
            return
        peer = self._presence.by_host(step.host_id)
        lost = self._console.settings.lost_seconds
        if peer is None or peer.route is None or now - peer.heard_at > lost:
            waited = now - (step.resent_at or now)
            name = peer.name if peer else "the host"
            if peer is None or waited > min(step.patience, 60.0):
                _fail(step, f"never sent: no word from {name} for {waited:.0f} s; see the hosts page", now)
            else:
                step.message = f"waits for {name}, which is silent"
            return
        try:
            command = self._command(session, step, step.patience)
        except CannotRender as error:
            _fail(step, str(error), now)
            return
        step.state, step.sent_at, step.resent_at, step.message = StepState.SENT.value, now, now, ""
        yield Outgoing(step.host_id, command)

    def _remind(self, session: Session, step: Step, now: float) -> Iterable[Outgoing]:
        """Repeat what was not acknowledged, ask cancelled steps to stop, and admit what we do not know."""
        assert step.sent_at is not None and step.host_id is not None and step.resent_at is not None
        age = now - step.sent_at
        if age > step.patience + GRACE and step.state != StepState.UNKNOWN:
            step.state = StepState.UNKNOWN.value
            step.message = "no answer in time; what became of it is not known until the host answers"
            if step.operation_id is None:
                _fail(step, "the host did not answer in time", now)
                return
        interval = min(LONGEST_RESEND, max(FIRST_RESEND, age / 2))
        if now - step.resent_at < interval:
            return
        step.resent_at = now
        if step.cancel_asked_at is not None:
            yield Outgoing(step.host_id, Cancel(step.command_id, step.attempt))
        if step.accepted_at is None and self._stopped(step) and not self._obeys(step.host_id):
            return  # who has not heard of the brake might begin with what was lost on the way
        try:
            # Past its patience a command is only asked for its report: a worker that never met it says expired.
            yield Outgoing(step.host_id, self._command(session, step, max(0.0, step.patience - age)))
        except CannotRender as error:
            log.warning("step %s can no longer be rendered: %s", step.id, error)

    def _obeys(self, host_id: int) -> bool:
        peer = self._presence.by_host(host_id)
        return peer is not None and peer.brake == self._brakes.told.revision

    def _command(self, session: Session, step: Step, expires_in: float) -> Command:
        args = self._renderer.args_of(session, step)
        return Command(step.command_id, step.verb, raw(args), expires_in, step.attempt)


def _view(step: Step) -> StepView:
    return StepView(
        step.id,
        step.wave,
        StepState(step.state),
        step.always,
        step.label,
        step.message,
        step.passed_over,
        step.task_id,
        step.sent_at is not None,
        step.undoes,
        alone=bool(step.data.get(ALONE)),
    )


def manner_of(operation: Operation) -> Manner:
    """How the operator wanted it, from what the operation keeps of the wish."""
    options = operation.options
    together, tolerated = int(options.get("parallel") or 0), int(options.get("tolerate") or 0)
    return Manner(options.get("on_failure") == "pause", together, tolerated)


def _fail(step: Step, message: str, now: float) -> None:
    step.state, step.message, step.ended_at = StepState.FAILED.value, message, now
