"""What a worker that says hello does not know of is due again at once."""

import time

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_common.states import StepState
from minos_web.console import Console
from minos_web.models.clusters import Task
from minos_web.models.hosts import Host
from minos_web.operations.ask import ask
from minos_web.operations.settle import repeat_lost
from tests.minos_web.scene import add_cluster, add_hosts

NOW = time.time()


@pytest.mark.parametrize(
    ("state", "known", "again"),
    [
        (StepState.WAITING, False, False),  # never sent
        (StepState.SENT, False, True),
        (StepState.RUNNING, False, True),
        (StepState.UNKNOWN, False, True),
        (StepState.RUNNING, True, False),  # at work
        (StepState.DONE, False, False),
        (StepState.CANCELLED, False, False),
    ],
)
def test_what_was_sent_and_is_not_known_is_due(
    session: Session, console: Console, state: StepState, known: bool, again: bool
) -> None:
    hosts = add_hosts(session)
    add_cluster(session, console)
    task = session.scalars(select(Task).where(Task.host_id == hosts[0].id)).one()
    step = ask(session, task, "show", {}, "vera", NOW)
    step.state, step.resent_at = state.value, NOW
    session.commit()
    repeat_lost(session, session.get_one(Host, hosts[1].id), [])
    assert step.resent_at == NOW  # another host's
    repeat_lost(session, session.get_one(Host, hosts[0].id), [step.command_id] if known else ["another"])
    assert step.resent_at == (0.0 if again else NOW)
