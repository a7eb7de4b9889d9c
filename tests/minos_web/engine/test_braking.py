"""The emergency brake in the engine: nothing more is sent, nothing fails by it, workers hear of it and are believed."""

import time
from typing import Any

import pytest
import zmq
from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_common.states import Outcome
from minos_common.words import Beat, BeatAnswer, Brake, Command, Hello, Report
from minos_web.console import Console
from minos_web.engine.braking import Brakes
from minos_web.engine.carrying import Carrying
from minos_web.engine.dispatcher import Dispatcher
from minos_web.engine.presence import Presence
from minos_web.models.clusters import Cluster
from minos_web.models.hosts import Host
from minos_web.models.operations import Operation, Step
from minos_web.operations.ask import ask
from minos_web.operations.braking import pull, release, revision
from minos_web.operations.settle import settle_step
from minos_web.operations.submit import submit
from minos_web.operations.wish import Wish
from tests.minos_web.engine.talker import approved, hello
from tests.minos_web.scene import add_running


class Engine:
    """Carries on over rows; every host is there. ``sent`` are the verbs of one pass."""

    def __init__(self, session: Session, console: Console) -> None:
        self.session, self.console = session, console
        add_running(session, console)
        self.cluster = session.scalars(select(Cluster)).one()
        self.brakes, self.presence, self.now = Brakes(), Presence(), time.time()
        hosts = session.scalars(select(Host)).all()
        self.presence.approve_only({host.public_key: (host.id, host.name) for host in hosts})
        for host in hosts:
            self.presence.heard(host.public_key, b"route", self.now, self.now)
        self.carrying = Carrying(console, self.presence, self.brakes)
        options = {"confirm": "dptst", "update_config": False, "parallel": 1}
        wish = Wish("zookeeper", "dptst", "restart", "ann", self.now, options=options)
        self.operation = submit(session, console, wish).operation
        session.commit()

    def sent(self, later: float = 0.2) -> list[str]:
        self.now += later
        for peer in self.presence.peers.values():
            peer.heard_at = self.now
        self.session.commit()
        found = [one.message.verb for one in self.carrying.carry_on(self.now) if isinstance(one.message, Command)]
        self.session.expire_all()
        return found

    def report(self, step: Step, outcome: Outcome = Outcome.DONE, **more: Any) -> None:
        host = self.session.get_one(Host, step.host_id)
        settle_step(self.session, host, Report(step.command_id, outcome, "said", step.attempt, **more), self.now)
        self.session.commit()

    def steps(self, state: str) -> list[Step]:
        return list(self.session.scalars(select(Step).filter_by(state=state).order_by(Step.wave, Step.position)))


@pytest.fixture
def engine(session: Session, console: Console) -> Engine:
    return Engine(session, console)


def test_what_is_under_way_settles_and_nothing_more_is_sent_until_the_release(engine: Engine) -> None:
    assert engine.sent() == ["stop"]
    row, is_new = pull(engine.session, engine.cluster, "fire in rack 3", "bob", engine.now)
    assert is_new and engine.sent() == []
    (under_way,) = engine.steps("sent")
    engine.report(under_way)
    for later in (0.2, 100.0, 100_000.0):
        assert engine.sent(later) == []
    operation = engine.session.get_one(Operation, engine.operation.id)
    assert operation.state == "running" and operation.held is not None
    assert operation.held.startswith("the emergency brake of zookeeper/dptst was pulled by bob at ")
    assert operation.held.endswith(": fire in rack 3")
    assert {step.state for step in operation.steps} == {"done", "waiting"}
    release(engine.session, row, "dptst", "ann", engine.now)
    assert engine.sent() == ["stop"]
    assert engine.session.get_one(Operation, operation.id).held is None


def test_a_step_that_its_worker_refused_for_the_brake_did_not_fail(engine: Engine) -> None:
    assert engine.sent() == ["stop"]
    (step,) = engine.steps("sent")
    before = step.command_id
    engine.report(step, Outcome.REFUSED, data={"brake": 3})
    engine.session.refresh(step)
    assert (step.state, step.attempt, step.resent_at) == ("waiting", 2, None) and step.command_id != before
    assert engine.sent() == ["stop"]


def test_what_was_lost_on_the_way_is_repeated_only_to_who_obeys(engine: Engine) -> None:
    assert engine.sent() == ["stop"]
    pull(engine.session, None, "stop everything", "bob", engine.now)
    assert engine.sent(10.0) == []
    engine.session.commit()
    engine.brakes.look(engine.session)
    for peer in engine.presence.peers.values():
        peer.brake = engine.brakes.told.revision
    assert engine.sent(10.0) == ["stop"]


def test_questions_go_on_and_what_changes_something_alone_is_refused(engine: Engine) -> None:
    pull(engine.session, None, "stop everything", "bob", engine.now)
    task = engine.cluster.tasks[0]
    question = ask(engine.session, task, "show", {}, "ann", engine.now)
    deed = Step(verb="clear-log", args={}, created_by="ann", created_at=engine.now, task_id=task.id, label="clear-log")
    deed.host_id, deed.state, deed.command_id = task.host_id, "waiting", "deed"
    engine.session.add(deed)
    engine.session.commit()
    numbers = question.id, deed.id
    assert engine.sent() == ["show"]
    asked, changed = (engine.session.get_one(Step, number) for number in numbers)
    assert asked.state == "sent"
    assert changed.state == "failed" and changed.message.startswith(
        "never sent: the emergency brake of all clusters was pulled by bob"
    )


def told(talker: Any) -> Brake:
    """The next word of the brake, whatever else comes."""
    while (answer := talker.answer()) is not None:
        if isinstance(answer, Brake):
            return answer
    raise AssertionError("nothing was said of the brake")


def test_a_worker_hears_of_it_at_once_with_its_beats_and_when_it_is_back(
    dispatcher: Dispatcher, context: zmq.Context[Any], session: Session
) -> None:
    talker = approved(context, dispatcher)
    talker.say(Beat("s1", 1, time.time(), brake=0))
    assert isinstance(talker.answer(), BeatAnswer)
    row, _ = pull(session, None, "fire", "bob", time.time())
    session.commit()
    first = told(talker)
    assert first.revision == 1 and first.everything.endswith(": fire")
    talker.say(Beat("s1", 2, time.time(), brake=0))  # it was lost, or could not be written down
    assert told(talker) == first
    talker.say(Beat("s1", 3, time.time(), brake=1))
    release(session, row, "all", "bob", time.time())
    session.commit()
    assert told(talker) == Brake(2)
    talker.say(with_brake(hello(), 1))
    assert told(talker) == Brake(2)


def test_a_table_that_was_restored_outgrows_what_workers_remember(
    dispatcher: Dispatcher, context: zmq.Context[Any], session: Session, console: Console
) -> None:
    talker = approved(context, dispatcher)
    talker.say(with_brake(hello(), 41))
    assert told(talker) == Brake(42)
    session.rollback()
    assert revision(session) == 42
    talker.say(with_brake(hello(), 2**60))  # nobody can have counted that far
    talker.say(Beat("s1", 1, time.time(), brake=2**60))
    while not isinstance(talker.answer(), BeatAnswer):
        pass
    session.rollback()
    assert revision(session) == 42


def with_brake(message: Hello, number: int) -> Hello:
    message.brake = number
    return message
