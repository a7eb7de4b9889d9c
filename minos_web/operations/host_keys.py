"""A new key for a worker: asked for, under way, done."""

import uuid
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_common.settings import ConsoleSettings
from minos_common.states import STEP_ENDED, HostState, StepState
from minos_web.models.hosts import Host
from minos_web.models.operations import Step
from minos_web.operations.refusal import Refused

VERB = "rotate-key"
PATIENCE = 60.0
TOLD_SECONDS = 3600.0
"""So long a failure is told."""


@dataclass(frozen=True)
class Change:
    """``under_way``: the worker was asked, or has made the key and does not use it yet. ``failure`` says why there is none."""

    under_way: bool = False
    failure: str = ""


def ask_for_key(session: Session, settings: ConsoleSettings, host: Host, user: str, now: float) -> Step:
    """Have a worker make a new key. Raises Refused."""
    if host.state != HostState.APPROVED:
        raise Refused(
            "host-pending", f"host {host.name} is {host.state}: only an approved worker gets a new key", "name"
        )
    if now - (host.beat_at or 0) > settings.lost_seconds:
        raise Refused("host-lost", f"no word from {host.name}: wait until its worker is back", "name")
    if change_of(session, host, now).under_way:
        raise Refused("busy", f"a new key for {host.name} is being made already", "name")
    step = Step(
        verb=VERB, args={"host": host.name}, host_id=host.id, label=f"new key for {host.name}", patience=PATIENCE,
        state=StepState.WAITING.value, command_id=uuid.uuid4().hex, created_by=user, created_at=now,
    )  # fmt: skip
    session.add(step)
    session.flush()
    return step


def change_of(session: Session, host: Host, now: float) -> Change:
    """What has become of the last wish for a new key."""
    step = session.scalar(
        select(Step).where(Step.host_id == host.id, Step.verb == VERB).order_by(Step.id.desc()).limit(1)
    )
    if step is None:
        return Change()
    # A key that is expected and does not come, because it is lost, must not keep anybody from asking again.
    if step.state not in STEP_ENDED or (host.next_key and now - (step.ended_at or 0) < PATIENCE):
        return Change(under_way=True)
    failed = step.state != StepState.DONE and now - (step.ended_at or 0) < TOLD_SECONDS
    return Change(failure=step.message or "the worker did not answer" if failed else "")
