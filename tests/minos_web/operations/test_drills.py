"""Drills over rows: refused where they have no place, planned, who takes over found, what they found kept and told once."""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from webtest import TestApp

from minos_web.console import Console
from minos_web.engine.carrying import Carrying
from minos_web.engine.drilling import due_drills, keep_drill
from minos_web.engine.own_steps import carry_out
from minos_web.engine.presence import Presence
from minos_web.models.clusters import Cluster, Task
from minos_web.models.drills import Drill
from minos_web.models.news import News
from minos_web.models.operations import Operation, Step
from minos_web.models.people import AuditEntry
from minos_web.operations.describe import refresh_clusters
from minos_web.operations.drills import KILL, ground_of, mark_ground
from minos_web.operations.refusal import Refused
from minos_web.operations.schedules.performing import check, words
from minos_web.operations.schedules.work import Person, Work
from minos_web.operations.submit import submit
from minos_web.operations.wish import NewOperation, Wish
from minos_web.store.configdir import Edit, remove
from minos_web.views.drills import lately
from tests.minos_web.conftest import Browser
from tests.minos_web.scene import add_cluster, add_hosts, mark_prepared

FILE = "conf/zookeeper/zookeeper-dptst.cfg"
PAGE = "/clusters/zookeeper/dptst/drills"
NOW = time.time()


@pytest.fixture
def cluster(session: Session, console: Console) -> Cluster:
    """An ensemble that runs and is led by zookeeper/1, marked as a test cluster."""
    add_hosts(session)
    add_cluster(session, console)
    mark_prepared(session, console)
    for task in session.scalars(select(Task)):
        task.wanted, task.state, task.pid, task.started_at, task.figures_at = "running", "RUNNING", 1, NOW - 900, NOW
        task.texts = {"zookeeper.role": "leader" if task.number == 1 else "follower"}
    found = session.scalars(select(Cluster)).one()
    mark_ground(session, found, True, "admin", NOW)
    session.commit()
    return found


def begin(session: Session, console: Console, **options: Any) -> Operation:
    wish = Wish(
        "zookeeper", "dptst", "drill", "ann", time.time(), options={"drill": "leader", "confirm": "dptst", **options}
    )
    return submit(session, console, wish).operation


def test_the_plan(session: Session, console: Console, cluster: Cluster) -> None:
    operation = begin(session, console)
    verbs = [(step.verb, step.task.number if step.task else None, step.always) for step in operation.steps]
    assert verbs == [
        ("gate", None, False), ("client", 0, False), ("kill", 1, False), ("takeover", None, False), ("gate", None, False),
        ("client", 0, False), ("client", 0, False), ("client", 0, True),
    ]  # fmt: skip


def two_leaders(cluster: Cluster) -> None:
    for task in cluster.tasks:
        task.texts = {"zookeeper.role": "leader"}


def no_leader(cluster: Cluster) -> None:
    for task in cluster.tasks:
        task.texts = {}


def all_others_stopped(cluster: Cluster) -> None:
    for task in cluster.tasks:
        task.state = "RUNNING" if task.number == 1 else "STOPPED"


@pytest.mark.parametrize(
    ("change", "options", "code"),
    [
        (None, {"drill": "follower"}, "unknown-drill"),
        (None, {"confirm": "dp"}, "confirm"),
        (two_leaders, {}, "no-victim"),
        (no_leader, {}, "no-victim"),
        (all_others_stopped, {}, "no-successor"),
    ],
)
def test_refusals(
    session: Session,
    console: Console,
    cluster: Cluster,
    change: Callable[[Cluster], None] | None,
    options: dict[str, Any],
    code: str,
) -> None:
    if change is not None:
        change(cluster)
    with pytest.raises(Refused) as refused:
        begin(session, console, **options)
    assert refused.value.code == code


def test_only_on_test_clusters(session: Session, console: Console, cluster: Cluster) -> None:
    assert mark_ground(session, cluster, False, "admin", NOW)
    assert not mark_ground(session, cluster, False, "admin", NOW)
    with pytest.raises(Refused, match="not marked as a test cluster") as refused:
        begin(session, console)
    assert refused.value.code == "no-test-cluster"


def unmarked(session: Session, cluster: Cluster) -> None:
    mark_ground(session, cluster, False, "admin", NOW)


def led_by_another(session: Session, cluster: Cluster) -> None:
    for task in cluster.tasks:
        task.texts = {"zookeeper.role": "leader" if task.number == 2 else "follower"}


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (unmarked, "not killed: its cluster is not marked as a test cluster any more"),
        (led_by_another, "not killed: it does not lead any more; begin a new drill"),
        (None, "never sent: "),
    ],
)
def test_a_kill_that_comes_late_looks_again(
    session: Session, console: Console, cluster: Cluster, change: Callable[..., None] | None, why: str
) -> None:
    operation = begin(session, console)
    kill = next(step for step in operation.steps if step.verb == KILL)
    for step in operation.steps[: operation.steps.index(kill)]:
        step.state, step.ended_at = "done", NOW
    if change is not None:
        change(session, cluster)
    session.commit()
    for _ in range(2):
        Carrying(console, Presence()).carry_on(time.time())
    session.expire_all()
    assert kill.state == "failed" and kill.message.startswith(why)


def test_who_has_the_name_later_is_no_test_cluster(session: Session, console: Console, cluster: Cluster) -> None:
    for task in cluster.tasks:
        task.bootstrapped, task.pid = False, None
    assert ground_of(session, cluster) is not None
    remove(session, Edit(FILE, "olga", NOW))
    refresh_clusters(session, console, NOW)
    assert cluster.retired and ground_of(session, cluster) is None


class Killed:
    """A drill whose leader was killed at NOW."""

    def __init__(self, session: Session, console: Console, operation: Operation) -> None:
        self.session, self.console, self.operation = session, console, operation
        self.takeover = next(step for step in operation.steps if step.verb == "takeover")
        kill = next(step for step in operation.steps if step.verb == "kill")
        kill.state, kill.sent_at, kill.ended_at = "done", NOW - 1, NOW

    def look(self, at: float) -> None:
        self.session.flush()
        carry_out(self.session, self.console, self.takeover, NOW + at)

    def probes(self) -> list[Step]:
        return list(self.session.scalars(select(Step).where(Step.verb == "probe").order_by(Step.id)))

    def end(self, state: str, message: str = "") -> None:
        """The operation ends, and the round looks at it twice."""
        self.operation.state, self.operation.message = state, message
        self.operation.ended_at, self.operation.open_cluster_id = NOW + 99, None
        for _ in range(2):
            self.session.flush()
            for one in due_drills(self.session):
                keep_drill(self.session, self.console, one, NOW + 100)


@pytest.fixture
def killed(session: Session, console: Console, cluster: Cluster) -> Killed:
    return Killed(session, console, begin(session, console))


def test_the_first_that_leads_again_ends_the_wait(killed: Killed) -> None:
    killed.look(0.5)
    probes = killed.probes()
    assert [probe.task.number for probe in probes if probe.task] == [0, 1, 2]
    assert probes[0].operation_id is None
    assert probes[0].args == {"kind": "status", "expect": {"zookeeper.role": ["leader"]}}
    killed.look(2)
    assert killed.takeover.state == "running" and killed.takeover.message == "nobody has taken over for 2 s"
    probes[0].state, probes[0].message, probes[0].ended_at = "failed", "refused", NOW + 1  # harms nothing
    probes[2].state, probes[2].ended_at = "done", NOW + 3.25
    killed.look(4)
    assert (killed.takeover.state, killed.takeover.message) == ("done", "zookeeper/2 has taken over after 3.2 s")
    assert killed.takeover.data["seconds"] == 3.25 and probes[1].cancel_asked_at == NOW + 4
    assert len(killed.probes()) == 3


def test_nobody_takes_over(killed: Killed) -> None:
    killed.look(0.5)
    for probe in killed.probes():
        probe.state, probe.message, probe.ended_at = "failed", "role is looking", NOW + 90
    killed.look(91)
    assert killed.takeover.state == "failed"
    assert "nobody took over within 90 s (zookeeper/0: role is looking;" in killed.takeover.message


def test_answers_that_never_come_end_it_too(killed: Killed) -> None:
    killed.look(0)
    killed.look(104)
    assert killed.takeover.state == "running"
    killed.look(106)
    assert killed.takeover.state == "failed"


@pytest.mark.parametrize(
    ("took", "state", "outcome", "told"),
    [
        (3.0, "done", "good", None),
        (31.0, "done", "slow", "warning"),
        (3.0, "failed", "failed", "error"),
        (3.0, "cancelled", "cancelled", None),
        (None, "failed", "failed", "error"),
    ],
)
def test_what_a_drill_found_is_kept_and_told_once(
    killed: Killed, took: float | None, state: str, outcome: str, told: str | None
) -> None:
    assert due_drills(killed.session) == [killed.operation.id]
    keep_drill(killed.session, killed.console, killed.operation.id, NOW)
    assert killed.session.scalars(select(Drill.outcome)).one() == "open"
    if took is not None:
        killed.look(0)
        probe = killed.probes()[2]
        probe.state, probe.ended_at = "done", NOW + took
        killed.look(took)
        gate = [step for step in killed.operation.steps if step.verb == "gate"][1]
        gate.state, gate.ended_at = "done", NOW + took + 5
    killed.end(state, "the znode is gone")
    row = killed.session.scalars(select(Drill)).one()
    assert (row.outcome, row.victim, row.seconds, row.limit_seconds) == (outcome, "zookeeper/1", took, 30.0)
    assert row.well_seconds == (None if took is None else took + 5)
    news = killed.session.scalars(select(News)).all()
    assert [one.level for one in news] == ([told] if told else [])
    assert all("The drill Kill the leader on zookeeper dptst" in one.title for one in news)
    assert due_drills(killed.session) == []


def test_the_page(testapp: Browser, browser_as: Callable[[str], Browser], session: Session, cluster: Cluster) -> None:
    assert PAGE in testapp.get("/clusters/zookeeper/dptst/watching").text
    testapp.post(PAGE, {"test": "no"}, headers=testapp.csrf, status=303)
    page = testapp.get(PAGE)
    assert "is not marked as a test cluster" in page.text and not page.html.select_one("#confirm-leader")
    operator = browser_as("operator")
    operator.post(PAGE, {"test": "yes"}, headers=operator.csrf, status=403)
    refused = operator.post(PAGE, {"drill": "leader", "confirm": "dptst"}, headers=operator.csrf, status=422)
    assert "an administrator marks it" in refused.text
    testapp.post(PAGE, {"test": "yes"}, headers=testapp.csrf, status=303)
    begun = operator.post(PAGE, {"drill": "leader", "confirm": "dptst"}, headers=operator.csrf, status=303)
    assert "/operations/" in begun.location
    assert "Drill" in operator.get(begun.location).html.h1.text
    operator.post(PAGE, {"drill": "leader", "confirm": "dptst"}, headers=operator.csrf, status=409)
    actions = [row.action for row in session.scalars(select(AuditEntry).order_by(AuditEntry.id))]
    assert actions == ["drills.mark", "drills.mark", "operation.drill"]


def test_the_list_and_the_api(
    testapp: Browser, api_as: Callable[[str], TestApp], session: Session, killed: Killed
) -> None:
    killed.end("failed", "nobody took over")
    number = killed.operation.id
    session.commit()
    row = testapp.get(PAGE).html.select_one("#done tbody tr")
    assert "Nobody took over." in row.text and "zookeeper/1" in row.text and "failed" in row.text
    told = api_as("viewer").get(f"/api/v1{PAGE}").json
    assert told["test_cluster"] is True and [one["name"] for one in told["drills"]] == ["leader"]
    assert told["done"][0]["outcome"] == "failed" and told["done"][0]["operation"] == number
    api_as("operator").put_json(f"/api/v1{PAGE}", {"test_cluster": False}, status=403)
    assert api_as("admin").put_json(f"/api/v1{PAGE}", {"test_cluster": False}).json["test_cluster"] is False


def row(seconds: float | None, outcome: str = "good") -> Drill:
    return Drill(seconds=seconds, outcome=outcome)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([], "never done here"),
        ([row(None, "open"), row(1.0, "cancelled")], "never done here"),
        ([row(2.0), row(4.0), row(None, "failed")], "2 of the last 3 went well, half of them within 3.0 s"),
        (
            [row(2.0)] * 10 + [row(9.0)],
            "10 of the last 10 went well, half of them within 2.0 s; before that it was 9.0 s",
        ),
    ],
)
def test_how_it_went_lately(rows: list[Drill], words: str) -> None:
    assert lately(rows) == words


def test_a_timetable_may_drill(session: Session, console: Console, cluster: Cluster) -> None:
    arguments = NewOperation("drill", options={"drill": "leader"})
    work = Work(session, console, cluster, Person("ann", False), time.time(), "dptst")
    check(work, arguments)
    assert words(arguments) == "Drill leader"
    with pytest.raises(Refused, match="type the cluster's name"):
        check(replace(work, confirm=""), arguments)
    with pytest.raises(Refused, match="has no option 'batch'"):
        check(work, NewOperation("drill", options={"drill": "leader", "batch": "2"}))
    mark_ground(session, cluster, False, "admin", NOW)
    with pytest.raises(Refused, match="not marked as a test cluster"):
        check(work, arguments)
