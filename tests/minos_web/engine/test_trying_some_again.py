"""A retry of some steps in the engine: only these are sent, the brake included, and the operation then stands as before."""

import time

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_common.states import Outcome
from minos_common.words import Command, Report
from minos_web.console import Console
from minos_web.engine.carrying import Carrying
from minos_web.engine.presence import Presence
from minos_web.models.hosts import Host
from minos_web.models.operations import Operation, Step
from minos_web.operations.control import retry_some
from minos_web.operations.refusal import Refused
from minos_web.operations.settle import settle_step
from minos_web.operations.submit import submit
from minos_web.operations.wish import Wish
from tests.minos_web.scene import add_running


class Engine:
    """Carries a restart of three tasks on; every host is there."""

    def __init__(self, session: Session, console: Console, on_failure: str) -> None:
        self.session = session
        add_running(session, console)
        self.presence, self.now = Presence(), time.time()
        hosts = session.scalars(select(Host)).all()
        self.presence.approve_only({host.public_key: (host.id, host.name) for host in hosts})
        for host in hosts:
            self.presence.heard(host.public_key, b"route", self.now, self.now)
        self.carrying = Carrying(console, self.presence)
        options = {"confirm": "dptst", "update_config": False, "on_failure": on_failure}
        wish = Wish("zookeeper", "dptst", "restart", "ann", self.now, options=options)
        self.number = submit(session, console, wish).operation.id
        session.commit()

    def carry_on(self, *outcomes: Outcome | None) -> list[str]:
        """One pass; what it sends is answered one after another, in the order of the tasks. Returns what was sent."""
        self.now += 1.0
        for peer in self.presence.peers.values():
            peer.heard_at = self.now
        self.session.commit()
        sent = [one.message for one in self.carrying.carry_on(self.now) if isinstance(one.message, Command)]
        self.session.expire_all()
        steps = [self.session.scalars(select(Step).filter_by(command_id=one.command_id)).one() for one in sent]
        steps.sort(key=lambda step: step.position)
        for step, outcome in zip(steps, outcomes, strict=False):
            if outcome is not None:
                host = self.session.get_one(Host, step.host_id)
                data = {"brake": 3} if outcome is Outcome.REFUSED else {}
                report = Report(
                    step.command_id, outcome, f"it said {step.position}{step.verb}", step.attempt, data=data
                )
                settle_step(self.session, host, report, self.now)
        self.session.commit()
        return [step.label for step in steps]

    @property
    def operation(self) -> Operation:
        return self.session.get_one(Operation, self.number)

    def retry(self, *labels: str) -> None:
        steps = [step.id for step in self.operation.steps if step.label in labels and step.state == "failed"]
        retry_some(self.session, self.number, steps, "bob", self.now)
        self.session.commit()


DONE, FAILED = Outcome.DONE, Outcome.FAILED


def test_of_what_is_over_the_chosen_go_on_to_their_end(session: Session, console: Console) -> None:
    engine = Engine(session, console, "stop")
    assert len(engine.carry_on(FAILED, FAILED, DONE)) == 3
    assert engine.carry_on() == []
    assert engine.operation.state == "failed"
    engine.retry(engine.operation.steps[0].label)
    first = engine.operation.steps[0].label
    assert engine.carry_on(Outcome.REFUSED) == [first], "for a brake that was pulled a moment ago"
    assert engine.carry_on(DONE) == [first]
    (started,) = engine.carry_on(DONE)
    assert started.startswith("start: ") and started.partition(": ")[2] == first.partition(": ")[2]
    while engine.operation.state == "running":
        engine.carry_on(DONE)
    assert engine.operation.state == "failed"
    assert engine.operation.message == f"{engine.operation.steps[1].label}: it said 1stop"
    assert [step.attempt for step in engine.operation.steps[:3]] == [3, 1, 1]


def test_where_it_stands_still_it_stands_still_again_at_the_others(session: Session, console: Console) -> None:
    engine = Engine(session, console, "pause")
    engine.carry_on(FAILED, FAILED, DONE)
    assert (engine.carry_on(), engine.operation.state) == ([], "paused")
    engine.retry(engine.operation.steps[0].label)
    assert engine.carry_on(DONE) == [engine.operation.steps[0].label]
    assert (engine.carry_on(), engine.operation.state) == ([], "paused")
    assert engine.operation.message.startswith(f"paused: {engine.operation.steps[1].label}")


def test_a_second_click_is_refused(session: Session, console: Console) -> None:
    engine = Engine(session, console, "stop")
    engine.carry_on(FAILED, FAILED, DONE)
    engine.carry_on()
    chosen = engine.operation.steps[0]
    retry_some(session, engine.number, [chosen.id], "bob", engine.now)
    with pytest.raises(Refused, match="is running: it cannot be tried again"):
        retry_some(session, engine.number, [chosen.id], "bob", engine.now)
    assert chosen.attempt == 2
