"""Watched tasks over rows, round by round: told, restarted by an operation, held back, over; never twice, never unasked."""

import time
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_web.console import Console
from minos_web.engine.watching import due_clusters, watch_cluster
from minos_web.models.clusters import Cluster, Task
from minos_web.models.hosts import Host
from minos_web.models.news import News
from minos_web.models.operations import Operation
from minos_web.models.people import AuditEntry
from minos_web.models.watching import Watched
from minos_web.monitor.watch_policies import MemoryWatch, PageWatch, Policy, replace_policies
from minos_web.operations.braking import pull, release
from tests.minos_web.scene import add_cluster, add_hosts, mark_prepared

TELL = Policy("zookeeper", page=PageWatch())
RESTART = Policy("zookeeper", page=PageWatch(action="restart"))
GIB = 1024.0**3


class Ensemble:
    """Three servers, their figures and a clock that goes on by a sample with each round."""

    def __init__(self, session: Session, console: Console, cluster: Cluster) -> None:
        self.session, self.console, self.cluster = session, console, cluster
        self.now = time.time()
        self.errors: dict[int, str] = {}
        self.memory: dict[int, float] = {}
        self.silent: set[str] = set()
        self.old = False

    def task(self, number: int) -> Task:
        return next(task for task in self.cluster.tasks if task.number == number)

    def host(self, number: int) -> Host:
        return self.session.get_one(Host, self.task(number).host_id)

    def watch(self, *policies: Policy) -> None:
        replace_policies(self.session, self.cluster, policies, "ann", self.now)
        self.session.commit()

    def round(self, times: int = 1) -> None:
        """So many samples, each looked at twice, as rounds and samples keep no step."""
        for _ in range(times):
            self.now += 10
            for host in self.session.scalars(select(Host)):
                host.beat_at = self.now - (500 if host.name in self.silent else 0)
            for task in self.cluster.tasks:
                if task.state == "RUNNING" and not self.old:
                    task.figures_at, task.figures_error = self.now - 1, self.errors.get(task.number, "")
                    task.figures = {"task.rss_bytes": self.memory.get(task.number, GIB)}
                    if not task.figures_error:
                        task.figures = {**task.figures, "task.page_seconds": 0.01}
            for _again in range(2):
                self.session.commit()
                assert self.cluster.id in due_clusters(self.session)
                watch_cluster(self.session, self.console, self.cluster.id, self.now)
                self.session.commit()

    def operations(self) -> list[Operation]:
        return list(self.session.scalars(select(Operation).order_by(Operation.id)))

    def end_operation(self) -> None:
        """The open one ends well: its task was started again."""
        operation = self.operations()[-1]
        operation.state, operation.open_cluster_id, operation.ended_at = "done", None, self.now
        for step in operation.steps:
            step.state, step.ended_at = "done", self.now
            if step.task is not None:
                step.task.started_at = self.now
        self.session.commit()

    def told(self) -> list[tuple[str, str]]:
        return [(one.kind, one.title) for one in self.session.scalars(select(News).order_by(News.id))]


@pytest.fixture
def ensemble(session: Session, console: Console) -> Ensemble:
    add_hosts(session)
    add_cluster(session, console)
    mark_prepared(session, console)
    cluster = session.scalars(select(Cluster)).one()
    for task in cluster.tasks:
        task.wanted, task.state, task.pid, task.started_at = "running", "RUNNING", 1, time.time() - 5000
    session.commit()
    return Ensemble(session, console, cluster)


def test_a_page_that_hangs_is_told_once_and_its_end_too(ensemble: Ensemble) -> None:
    ensemble.watch(TELL)
    ensemble.round(3)
    ensemble.errors[1] = "no answer within 8 s"
    ensemble.round(2)
    assert ensemble.told() == []
    ensemble.round(20)
    title = "zookeeper/1 of zookeeper dptst does not answer as it should: no answer within 8 s"
    assert ensemble.told() == [("problem", title)]
    assert ensemble.operations() == []
    ensemble.errors.clear()
    ensemble.round(3)
    over = "zookeeper/1 of zookeeper dptst: its status page answers as it should"
    assert ensemble.told() == [("problem", title), ("recovery", over)]
    one, other = ensemble.session.scalars(select(News))
    assert one.key == other.key and one.host == "host-32" and one.path == "/clusters/zookeeper/dptst/tasks/zookeeper/1"


def test_it_is_restarted_when_that_is_wished(ensemble: Ensemble) -> None:
    ensemble.watch(RESTART)
    ensemble.errors[1] = "no answer within 8 s"
    ensemble.round(3)
    (operation,) = ensemble.operations()
    assert (operation.action, operation.created_by, operation.selection["tasks"]) == ("restart", "minos", [1])
    assert [step.verb for step in operation.steps if step.task_id] == ["stop", "start"] or {
        step.task_id for step in operation.steps if step.verb == "stop"
    } == {ensemble.task(1).id}
    assert operation.options["reason"] == "zookeeper/1 on 127.0.0.32: no answer within 8 s"
    assert not any(step.verb == "prepare" for step in operation.steps)  # nothing new is brought in the night
    assert ensemble.session.scalars(select(AuditEntry.action)).all()[-1] == "operation.restart"
    assert [kind for kind, _ in ensemble.told()] == ["problem"]
    assert f"restarted by operation {operation.id}" in ensemble.session.scalars(select(News.text)).one()
    ensemble.round(10)  # the operation is at work on it
    ensemble.errors.clear()
    ensemble.end_operation()
    ensemble.round(10)
    assert [kind for kind, _ in ensemble.told()] == ["problem", "recovery"]
    assert len(ensemble.operations()) == 1


def test_restarts_are_limited_and_then_people_hear_of_it(ensemble: Ensemble) -> None:
    ensemble.watch(Policy("", page=PageWatch(grace=0, action="restart"), most_per_hour=2))
    ensemble.errors[1] = "HTTP 500"
    for restarts in (1, 2):
        ensemble.round(4)
        assert len(ensemble.operations()) == restarts
        ensemble.end_operation()
    ensemble.round(30)
    assert len(ensemble.operations()) == 2
    assert [kind for kind, _ in ensemble.told()] == ["problem", "problem"]
    last = ensemble.session.scalars(select(News.text).order_by(News.id.desc()).limit(1)).one()
    assert "not restarted: tasks of its job were restarted 2 times within the hour" in last
    ensemble.round(360)
    assert len(ensemble.operations()) == 3  # the next hour


def test_one_task_of_a_job_at_a_time(ensemble: Ensemble) -> None:
    ensemble.watch(Policy("", page=PageWatch(grace=0, action="restart"), most_per_hour=9))
    ensemble.errors = dict.fromkeys(range(3), "HTTP 500")
    ensemble.round(5)
    assert len(ensemble.operations()) == 1
    del ensemble.errors[ensemble.operations()[0].selection["tasks"][0]]
    ensemble.end_operation()
    ensemble.round(2)
    assert len(ensemble.operations()) == 2
    assert ensemble.operations()[0].selection["tasks"] != ensemble.operations()[1].selection["tasks"]


def test_a_quorum_stays(ensemble: Ensemble) -> None:
    other = ensemble.task(2)
    other.state, other.wanted, other.pid = "STOPPED", "stopped", None  # on purpose
    ensemble.watch(RESTART)
    ensemble.errors[1] = "HTTP 500"
    ensemble.round(5)
    assert ensemble.operations() == []
    assert "not restarted: " in ensemble.session.scalars(select(News.text)).one()
    assert "leaves 1 of 3 zookeeper tasks running" in ensemble.session.scalars(select(Watched.held)).one()


def test_another_task_that_is_away_is_waited_for_and_then_told(ensemble: Ensemble) -> None:
    ensemble.task(2).state = "BACKOFF"
    ensemble.watch(RESTART)
    ensemble.errors[1] = "HTTP 500"
    ensemble.round(20)
    assert (ensemble.operations(), ensemble.told()) == ([], [])
    ensemble.round(20)
    assert "not restarted yet: zookeeper/2 of the same job is away" in ensemble.session.scalars(select(News.text)).one()


def test_an_open_operation_is_waited_for(ensemble: Ensemble) -> None:
    ensemble.watch(RESTART)
    operation = Operation(
        cluster_id=ensemble.cluster.id, open_cluster_id=ensemble.cluster.id, action="show", state="running",
        created_by="ann", created_at=ensemble.now,
    )  # fmt: skip
    ensemble.session.add(operation)
    ensemble.errors[1] = "HTTP 500"
    ensemble.round(10)
    assert (len(ensemble.operations()), ensemble.told()) == (1, [])
    operation.state, operation.open_cluster_id = "done", None
    ensemble.round()
    assert len(ensemble.operations()) == 2


def test_while_the_brake_is_pulled_it_waits_and_people_hear_why(ensemble: Ensemble) -> None:
    row, _ = pull(ensemble.session, ensemble.cluster, "fire", "bob", ensemble.now)
    ensemble.watch(RESTART)
    ensemble.errors[1] = "HTTP 500"
    ensemble.round(40)
    assert ensemble.operations() == [] and [kind for kind, _ in ensemble.told()] == ["problem"]
    assert "not restarted yet: the emergency brake of" in ensemble.session.scalars(select(News.text)).one()
    release(ensemble.session, row, "dptst", "bob", ensemble.now)
    ensemble.round(3)
    assert [one.action for one in ensemble.operations()] == ["restart"]


def test_nothing_is_restarted_while_many_hosts_are_lost(ensemble: Ensemble) -> None:
    ensemble.silent = {"host-33"}  # one of three
    ensemble.watch(RESTART)
    ensemble.errors[1] = "HTTP 500"
    ensemble.round(10)
    assert ensemble.operations() == [] and len(ensemble.told()) == 1
    assert "1 of 3 hosts are lost" in ensemble.session.scalars(select(News.text)).one()


@pytest.mark.parametrize("where", ["host", "job", "cluster"])
def test_in_maintenance_nobody_looks(ensemble: Ensemble, where: str) -> None:
    note: dict[str, Any] = {"reason": "", "by": "ann", "at": ensemble.now, "until": None}
    if where == "host":
        ensemble.host(1).maintenance = note
    else:
        ensemble.cluster.maintenance = {"zookeeper" if where == "job" else "": note}
    ensemble.watch(RESTART)
    ensemble.errors[1] = "HTTP 500"
    ensemble.round(50)
    assert (ensemble.operations(), ensemble.told()) == ([], [])
    ensemble.host(1).maintenance = ensemble.cluster.maintenance = None
    ensemble.round(2)
    assert ensemble.operations() == []  # it counts anew
    ensemble.round(2)
    assert len(ensemble.operations()) == 1


def test_what_was_stopped_is_not_missed(ensemble: Ensemble) -> None:
    ensemble.watch(TELL)
    ensemble.errors[1] = "HTTP 500"
    ensemble.round(5)
    task = ensemble.task(1)
    task.state, task.wanted, task.figures_at, task.figures_error = "STOPPED", "stopped", None, ""
    ensemble.session.commit()
    ensemble.round(5)
    assert [title.rpartition(": ")[2] for _, title in ensemble.told()] == ["HTTP 500", "it was stopped"]


def test_a_worker_that_says_nothing_new_says_nothing(ensemble: Ensemble) -> None:
    ensemble.watch(RESTART)
    ensemble.errors[1] = "HTTP 500"
    ensemble.round()
    ensemble.old = True
    ensemble.round(100)
    assert (ensemble.operations(), ensemble.told()) == ([], [])


def test_a_task_that_has_just_started_need_not_answer(ensemble: Ensemble) -> None:
    ensemble.watch(RESTART)
    ensemble.task(1).started_at = ensemble.now
    ensemble.errors[1] = "refused"
    ensemble.round(6)
    assert ensemble.operations() == []
    ensemble.round(4)
    assert len(ensemble.operations()) == 1


@pytest.mark.parametrize(("action", "operations"), [("tell", 0), ("restart", 1)])
def test_memory_that_grows(ensemble: Ensemble, action: str, operations: int) -> None:
    ensemble.watch(Policy("", memory=MemoryWatch(2 * GIB, action=action)))
    ensemble.round(5)
    assert ensemble.told() == []
    ensemble.memory[2] = 2.5 * GIB
    ensemble.round(4)
    assert len(ensemble.operations()) == operations
    (told,) = ensemble.told()
    words = "needs more memory than it may: it has 2.5 GiB of memory, and 2 GiB are allowed"
    assert told == ("problem", f"zookeeper/2 of zookeeper dptst {words}")


def test_a_policy_that_goes_ends_what_it_told(ensemble: Ensemble) -> None:
    ensemble.watch(TELL)
    ensemble.errors[1] = "HTTP 500"
    ensemble.round(4)
    ensemble.watch()
    watch_cluster(ensemble.session, ensemble.console, ensemble.cluster.id, ensemble.now)
    ensemble.session.commit()
    assert [kind for kind, _ in ensemble.told()] == ["problem", "recovery"]
    assert ensemble.session.scalars(select(Watched)).all() == [] and list(due_clusters(ensemble.session)) == []


def test_well_tasks_leave_no_rows(ensemble: Ensemble) -> None:
    ensemble.watch(
        TELL,
    )
    ensemble.errors[1] = "HTTP 500"
    ensemble.round(2)
    ensemble.errors.clear()
    ensemble.round(2)
    assert ensemble.session.scalars(select(Watched)).all() == []
