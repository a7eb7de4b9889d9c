"""Steps of the console itself: facts looked at until they hold, and standing still."""

import time
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_common.states import OperationState, StepState
from minos_web.console import Console
from minos_web.engine.carrying import Carrying
from minos_web.engine.own_steps import carry_out
from minos_web.engine.presence import Presence
from minos_web.models.clusters import Task
from minos_web.models.operations import Operation, Step
from minos_web.operations.braking import pull, release
from minos_web.operations.submit import submit
from minos_web.operations.wish import Wish
from tests.minos_web.scene import add_cluster, add_hosts, add_package, mark_prepared

BEGIN = 1_800_000_000.0


@pytest.fixture
def operation(console: Console, session: Session) -> Operation:
    """A rolling update of an ensemble whose second server leads; it runs."""
    add_hosts(session)
    add_package(session)
    add_cluster(session, console)
    session.flush()
    mark_prepared(session, console)
    for task in session.scalars(select(Task)):
        task.state = task.wanted = "RUNNING"
    told(session, BEGIN)
    options = {"confirm": "dptst", "min_healthy": 5, "deadline": 20, "pause_after_first": True}
    wish = Wish("zookeeper", "dptst", "rolling_update", "olga", time.time(), options=options)
    made = submit(session, console, wish).operation
    made.state = OperationState.RUNNING.value
    session.flush()
    return made


def told(session: Session, at: float, **changed: dict[str, Any]) -> None:
    """Every server told at ``at`` what it is; ``t0`` to ``t2`` change columns of one."""
    for task in session.scalars(select(Task)):
        task.figures_at, task.figures_error, task.state = at, "", "RUNNING"
        task.texts = {"zookeeper.role": "leader" if task.number == 1 else "follower"}
        task.figures = {"zookeeper.synced_followers": 2.0} if task.number == 1 else {}
        for name, value in changed.get(f"t{task.number}", {}).items():
            setattr(task, name, value)
    session.flush()


def gates(operation: Operation) -> list[Step]:
    return [step for step in operation.steps if step.verb == "gate"]


def test_facts_that_hold_end_the_first_look_and_are_kept(
    session: Session, console: Console, operation: Operation
) -> None:
    first = gates(operation)[0]
    told(session, BEGIN)
    carry_out(session, console, first, BEGIN)
    assert first.state == StepState.DONE, first.message
    assert first.data["facts"] and all(fact["holds"] for fact in first.data["facts"])
    assert "holds: " in first.output


def test_figures_from_before_the_step_count_for_nothing(
    session: Session, console: Console, operation: Operation
) -> None:
    step = gates(operation)[1]
    told(session, BEGIN - 1)
    carry_out(session, console, step, BEGIN)
    assert step.state == StepState.RUNNING
    assert "nothing was read of it yet" in step.message


def test_facts_must_hold_for_as_long_as_asked_at_a_stretch(
    session: Session, console: Console, operation: Operation
) -> None:
    step = gates(operation)[1]
    told(session, BEGIN)
    for seconds, state in ((0, StepState.RUNNING), (4, StepState.RUNNING)):
        told(session, BEGIN + seconds)
        carry_out(session, console, step, BEGIN + seconds)
        assert step.state == state
    told(session, BEGIN + 4.5, t0={"state": "BACKOFF"})
    carry_out(session, console, step, BEGIN + 4.5)
    assert step.data["held_since"] is None
    told(session, BEGIN + 6)
    carry_out(session, console, step, BEGIN + 6)
    assert step.state == StepState.RUNNING, "the stretch began anew"
    told(session, BEGIN + 11)
    carry_out(session, console, step, BEGIN + 11)
    assert (step.state, step.message.endswith("for 5 s")) == (StepState.DONE, True)


def test_a_fact_that_does_not_come_fails_with_what_was_waited_for(
    session: Session, console: Console, operation: Operation
) -> None:
    step = gates(operation)[1]
    for seconds in (0, 26):
        told(session, BEGIN + seconds, t0={"state": "FATAL"}, t1={"state": "FATAL"})
        carry_out(session, console, step, BEGIN + seconds)
    assert step.state == StepState.FAILED
    assert step.message.startswith("after 26 s still not so: ")
    assert "zookeeper/0: is FATAL" in step.message
    assert "NOT SO" in step.output


def test_a_cancelled_look_ends(session: Session, console: Console, operation: Operation) -> None:
    step = gates(operation)[0]
    step.cancel_asked_at = BEGIN
    carry_out(session, console, step, BEGIN)
    assert step.state == StepState.CANCELLED


def test_the_operation_stands_still_as_asked(session: Session, console: Console, operation: Operation) -> None:
    step = next(one for one in operation.steps if one.verb == "pause")
    carry_out(session, console, step, BEGIN)
    assert (operation.state, step.state) == (OperationState.PAUSED, StepState.RUNNING)
    assert operation.message.startswith("paused as asked: the first batch of zookeeper is done (zookeeper/0")


def test_an_operation_that_cannot_be_carried_on_holds_up_no_other(
    session: Session, console: Console, operation: Operation
) -> None:
    operation.options = {"tolerate": "many"}
    number = operation.id
    session.commit()
    Carrying(console, Presence()).carry_on(BEGIN)
    session.expire_all()
    assert "the console cannot carry it on (ValueError" in session.get_one(Operation, number).message


def test_a_look_that_the_brake_interrupts_begins_anew_after_the_release(
    session: Session, console: Console, operation: Operation
) -> None:
    """The time while it is pulled does not count against the patience with facts."""
    first = gates(operation)[0]
    told(session, BEGIN - 1)
    session.commit()
    carrying = Carrying(console, Presence())
    carrying.carry_on(BEGIN)
    session.refresh(first)
    assert first.state == StepState.RUNNING and "waits: " in first.message
    row, _ = pull(session, None, "fire", "bob", BEGIN)
    session.commit()
    carrying.carry_on(BEGIN + 1_000_000)
    session.refresh(first)
    assert (first.state, first.sent_at) == (StepState.WAITING, None)
    release(session, row, "all", "ann", BEGIN)
    session.commit()
    for _ in range(2):
        carrying.carry_on(BEGIN + 2_000_000)
    session.refresh(first)
    assert (first.state, first.sent_at) == (StepState.RUNNING, BEGIN + 2_000_000)
