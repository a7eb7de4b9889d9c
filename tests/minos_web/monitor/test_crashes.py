"""Crashes over rows: told once and together, with what people need; not told when somebody knows; over when it is over."""

import time
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_common.states import TaskState
from minos_common.words import ExitInfo, TaskEvent, TaskName, TaskStatus
from minos_web.console import Console
from minos_web.models.alerts import Silence
from minos_web.models.clusters import Cluster, Task
from minos_web.models.crashes import Crash
from minos_web.models.hosts import Host
from minos_web.models.news import News
from minos_web.models.operations import Operation, Step
from minos_web.monitor import crashes
from minos_web.monitor.crashes import forget_crashes, is_news, note_end, tell_crashes
from minos_web.monitor.states import apply_status, record_change
from tests.minos_web.scene import add_cluster, add_hosts

S = TaskState
NOW = time.time()


@pytest.fixture
def cluster(session: Session, console: Console) -> Cluster:
    """An ensemble that runs."""
    add_hosts(session)
    add_cluster(session, console)
    for task in session.scalars(select(Task)):
        task.bootstrapped, task.wanted, task.state, task.pid = True, "running", "RUNNING", 4000 + task.number
        task.started_at = NOW - 5000
    session.commit()
    return session.scalars(select(Cluster)).one()


class Teller:
    """A worker's word of its tasks, by a clock of ours."""

    def __init__(self, session: Session, console: Console, cluster: Cluster) -> None:
        self.session, self.console, self.cluster = session, console, cluster
        self._number = 0

    def task(self, number: int) -> Task:
        return next(task for task in self.cluster.tasks if task.number == number)

    def change(self, number: int, at: float, state: TaskState, **more: Any) -> TaskEvent:
        """The task's change to ``state``, told and taken in."""
        self._number += 1
        task = self.task(number)
        name = TaskName("zookeeper", "dptst", "zookeeper")
        status = TaskStatus(name, state, at, wanted=more.pop("wanted", "running"), bootstrapped=True, **more)
        event = TaskEvent(f"event-{self._number}", at, TaskState(task.state), status)
        self.hear(event, task, at)
        return event

    def hear(self, event: TaskEvent, task: Task, now: float) -> None:
        host = self.session.get_one(Host, task.host_id)
        found = record_change(self.session, host, event)
        if found is not None:
            note_end(self.session, host, found, event, now)
        apply_status(self.session, host, event.status, now)
        self.session.flush()

    def crash(self, number: int, at: float, state: TaskState = S.STARTING) -> TaskEvent:
        """It is killed, and comes up again if that is the state."""
        info = ExitInfo("signal", 9, at, expected=False)
        lines = ["all is well", "password=hunter2", "out of luck"]
        reason = "restarted after signal 9 (KILL)" if state is S.STARTING else "10 unexpected exits in 10 minutes"
        event = self.change(number, at, state, reason=reason, last_exit=info, last_lines=lines)
        if state is S.STARTING:
            self.change(number, at + 0.1, S.RUNNING, pid=5000, started_at=at)
        return event

    def news(self, now: float) -> list[News]:
        """What is told at this moment, by a round of its own; a second round in the same moment tells nothing."""
        before = set(self.session.scalars(select(News.id)))
        for _ in range(2):
            if is_news(self.session):
                tell_crashes(self.session, self.console, now)
            self.session.commit()  # a console that is killed now and starts anew finds what stands here
        return [one for one in self.session.scalars(select(News).order_by(News.id)) if one.id not in before]


@pytest.fixture
def teller(session: Session, console: Console, cluster: Cluster) -> Teller:
    return Teller(session, console, cluster)


def test_one_crash_is_told_once_with_all_that_people_need(teller: Teller) -> None:
    event = teller.crash(0, NOW)
    assert teller.news(NOW + 29) == []
    (told,) = teller.news(NOW + 31)
    assert (told.kind, told.level, told.service, told.cluster, told.host) == (
        "crash", "warning", "zookeeper", "dptst", "host-31"
    )  # fmt: skip
    assert told.title == "zookeeper/0 of zookeeper dptst ended unexpectedly: restarted after signal 9 (KILL)"
    assert told.path == "/clusters/zookeeper/dptst/tasks/zookeeper/0/log"
    assert "pid 4000" in told.text and "    out of luck" in told.text and "hunter2" not in told.text
    assert time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(NOW)) in told.text
    teller.hear(event, teller.task(0), NOW + 40)  # its worker tells it again
    assert teller.news(NOW + 5000) == []


def test_those_of_a_batch_are_one(teller: Teller) -> None:
    for number in range(3):
        teller.crash(number, NOW + number)
    (told,) = teller.news(NOW + 31)
    assert told.title == "3 tasks of zookeeper dptst ended unexpectedly" and told.host == ""
    assert told.path == "/clusters/zookeeper/dptst/watching"
    assert all(f"zookeeper/{number} on host-3{number + 1}" in told.text for number in range(3))


def test_a_task_that_comes_and_goes_is_one_news_not_ten(teller: Teller) -> None:
    teller.crash(0, NOW)
    assert len(teller.news(NOW + 31)) == 1
    for number in range(15):
        teller.crash(0, NOW + 40 + number)
        assert teller.news(NOW + 40 + number) == []
    assert teller.news(NOW + 600) == []
    (told,) = teller.news(NOW + 700)
    assert "ended unexpectedly 15 times" in told.title and "And 14 more times since" in told.text


def test_what_is_given_up_is_told_once_with_what_it_did_before(teller: Teller) -> None:
    teller.crash(0, NOW)
    assert len(teller.news(NOW + 31)) == 1
    teller.crash(0, NOW + 40)
    teller.crash(0, NOW + 50, S.FATAL)
    assert teller.news(NOW + 60) == []
    (told,) = teller.news(NOW + 81)
    assert (told.kind, told.level) == ("crash", "error")
    assert told.title == "zookeeper/0 of zookeeper dptst is given up: 10 unexpected exits in 10 minutes"
    assert teller.news(NOW + 1500) == []  # the crash before it was part of it
    teller.change(0, NOW + 2000, S.RUNNING, pid=1, started_at=NOW + 2000)
    assert teller.news(NOW + 9000) == []  # that it runs again is told by the alert that it did not


def test_several_that_are_given_up_together_are_one(teller: Teller) -> None:
    for number in (0, 1):
        teller.crash(number, NOW, S.FATAL)
    (told,) = teller.news(NOW + 31)
    assert told.title == "2 tasks of zookeeper dptst are given up"


def test_news_of_one_cluster_do_not_take_each_others_place(teller: Teller) -> None:
    teller.crash(0, NOW)
    (first,) = teller.news(NOW + 31)
    teller.crash(1, NOW + 100)
    (second,) = teller.news(NOW + 300)
    assert first.key != second.key


def test_what_cannot_be_told_of_one_cluster_keeps_back_no_other(
    teller: Teller, monkeypatch: pytest.MonkeyPatch
) -> None:
    teller.crash(0, NOW)
    monkeypatch.setattr(crashes, "text_of", lambda lines: 1 / 0)
    assert teller.news(NOW + 31) == []
    monkeypatch.undo()
    assert len(teller.news(NOW + 33)) == 1


def test_what_was_over_before_anybody_was_told_is_not_told(teller: Teller) -> None:
    teller.crash(0, NOW, S.FATAL)
    teller.change(0, NOW + 5, S.RUNNING, pid=1, started_at=NOW + 5)
    assert teller.news(NOW + 100) == []
    assert not is_news(teller.session)


def add_step(teller: Teller, number: int, sent: float | None, ended: float | None, verb: str = "stop") -> None:
    operation = Operation(
        cluster_id=teller.cluster.id, open_cluster_id=None, action="restart", state="done", created_by="admin",
        created_at=NOW - 1000, ended_at=NOW + 1000,
    )  # fmt: skip
    teller.session.add(operation)
    teller.session.flush()
    step = Step(
        operation_id=operation.id, task_id=teller.task(number).id, verb=verb, state="done", command_id=f"{sent}"
    )
    step.created_at, step.sent_at, step.ended_at = NOW - 1000, sent, ended
    teller.session.add(step)
    teller.session.flush()


def in_maintenance(teller: Teller, where: str) -> None:
    note = {"reason": "new disks", "by": "ann", "at": NOW - 10, "until": None}
    if where == "host":
        teller.session.get_one(Host, teller.task(0).host_id).maintenance = note
    else:
        teller.cluster.maintenance = {"zookeeper" if where == "job" else "": note}


@pytest.mark.parametrize("where", ["host", "job", "cluster"])
def test_what_is_in_maintenance_is_not_told(teller: Teller, where: str) -> None:
    in_maintenance(teller, where)
    teller.crash(0, NOW)
    assert teller.news(NOW + 100) == []
    assert teller.session.scalars(select(Crash.quiet)).one() == "maintenance by ann: new disks"
    teller.crash(1, NOW)
    assert len(teller.news(NOW + 100)) == (1 if where == "host" else 0)


@pytest.mark.parametrize(
    ("verb", "sent", "ended", "told"),
    [
        ("stop", -3, None, 0),
        ("start", -100, 2, 0),
        ("start", -100, -20, 1),
        ("prepare", -1, -1, 0),
        ("stop", None, None, 1),
        ("stop", 60, None, 1),
        ("client", -3, None, 1),
    ],
)
def test_what_a_step_does_is_not_told_while_it_does_it(
    teller: Teller, verb: str, sent: float | None, ended: float | None, told: int
) -> None:
    add_step(teller, 0, None if sent is None else NOW + sent, None if ended is None else NOW + ended, verb)
    teller.crash(0, NOW)
    assert len(teller.news(NOW + 100)) == told


def test_an_operation_on_another_task_is_no_excuse(teller: Teller) -> None:
    add_step(teller, 1, NOW - 1, None)
    teller.crash(0, NOW)
    assert len(teller.news(NOW + 100)) == 1


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({}, 0),
        ({"rule": "task-crashed", "cluster": "dptst", "host": "host-31"}, 0),
        ({"rule": "task-given-up"}, 1),
        ({"cluster": "other"}, 1),
        ({"until": NOW - 1}, 1),
        ({"ended_at": NOW - 1}, 1),
    ],
)
def test_silences(teller: Teller, said: dict[str, Any], told: int) -> None:
    kept = {"reason": "known", "by": "ann", "at": NOW - 10, "until": NOW + 900, **said}
    teller.session.add(Silence(**kept))
    teller.crash(0, NOW)
    assert len(teller.news(NOW + 100)) == told


def test_what_is_not_started_again_is_worse(teller: Teller) -> None:
    info = ExitInfo("code", 1, NOW, expected=False)
    teller.change(0, NOW, S.EXITED, reason="ended unexpectedly with exit code 1; not restarted", last_exit=info)
    (told,) = teller.news(NOW + 31)
    assert told.level == "error" and told.title.endswith("exit code 1; not restarted")


def test_a_clock_that_is_wrong_makes_no_wrong_times(teller: Teller) -> None:
    teller.session.get_one(Host, teller.task(0).host_id).clock_offset = 3600.0
    teller.crash(0, NOW + 3600)
    assert teller.session.scalars(select(Crash.at)).one() == pytest.approx(NOW)


def test_old_ones_are_forgotten(teller: Teller) -> None:
    teller.crash(0, NOW)
    teller.crash(1, NOW + 9, S.FATAL)
    teller.news(NOW + 60)
    forget_crashes(teller.session, NOW + 1)
    assert teller.session.scalars(select(Crash.kind)).all() == ["fatal"]
