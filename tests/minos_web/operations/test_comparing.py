"""A plan against what workers tell: nothing to do, a changed line, an edited file, an older worker; and its name."""

import time
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_common.parts import MISSING
from minos_web.console import Console
from minos_web.models.clusters import Task
from minos_web.operations.comparing import Comparison, compare
from minos_web.operations.describe import refresh_clusters
from minos_web.operations.differences import Kind
from minos_web.operations.drafting import draft
from minos_web.operations.plan_id import plan_id, what_changed
from minos_web.operations.refusal import Refused
from minos_web.operations.submit import submit
from minos_web.operations.wish import Wish
from minos_web.store.configdir import Edit, save
from tests.minos_web.scene import add_cluster, add_hosts, add_package, cluster_file, mark_prepared

FILE = "conf/zookeeper/zookeeper-dptst.cfg"


def wish(action: str = "restart", **options: Any) -> Wish:
    return Wish("zookeeper", "dptst", action, "olga", time.time(), options={"confirm": "dptst", **options})


@pytest.fixture
def ready(console: Console, session: Session) -> Session:
    """Three tasks that were prepared with what is described."""
    add_hosts(session)
    add_package(session)
    add_cluster(session, console)
    session.flush()
    mark_prepared(session, console)
    session.flush()
    return session


def tasks(session: Session) -> list[Task]:
    return list(session.scalars(select(Task).order_by(Task.number)))


def compared(session: Session, console: Console, asked: Wish) -> Comparison:
    return compare(session, console, draft(session, console, asked), asked)


def name(session: Session, console: Console, asked: Wish) -> str:
    return plan_id(draft(session, console, asked), compared(session, console, asked))


def describe(session: Session, console: Console, old: str, new: str) -> None:
    text = cluster_file().replace(old, new)
    save(session, Edit(FILE, "admin", time.time()), text.encode())
    refresh_clusters(session, console, time.time())
    session.flush()


BASE = "zookeeper-tst.cfg\n"
TICK = f"{BASE}  [[zookeeper.cfg]]\n    tick_time=3000\n"


def test_what_is_there_as_wanted_is_no_difference(ready: Session, console: Console) -> None:
    found = compared(ready, console, wish())
    assert (found.differences, found.tasks, found.untold) == ((), 3, ())


def test_a_changed_line_of_all_tasks_is_told_once(ready: Session, console: Console) -> None:
    describe(ready, console, BASE, TICK)
    (part,) = compared(ready, console, wish()).differences
    (group,) = part.groups
    assert (part.part, group.kind, group.changed, len(group.tasks), part.same) == (
        "file:zookeeper.cfg", Kind.CHANGED, 1, 3, 0,
    )  # fmt: skip
    assert [f"{line.sign}{line.text}" for line in group.lines if line.sign in "+-"] == [
        "-tickTime=2000",
        "+tickTime=3000",
    ]


def test_without_sending_only_the_package_counts(ready: Session, console: Console) -> None:
    describe(ready, console, BASE, TICK)
    assert compared(ready, console, wish(update_config=False)).differences == ()
    other = add_package(ready, "3.9.10")
    (part,) = compared(ready, console, wish(update_config=False, package_id=other.id)).differences
    assert (part.part, part.groups[0].kind, len(part.groups[0].tasks)) == ("package", Kind.CHANGED, 3)


def test_a_file_that_was_edited_on_its_host_is_told_apart(ready: Session, console: Console) -> None:
    one = tasks(ready)[1]
    one.held = {**(one.held or {}), "file:zookeeper.cfg": "0123456789abcdef"}
    (part,) = compared(ready, console, wish()).differences
    assert (part.groups[0].kind, part.groups[0].tasks, part.same) == (Kind.UNSEEN, ("zookeeper/1",), 2)
    one.held = {**one.held, "file:zookeeper.cfg": MISSING, "file:old.cfg": "00"}
    found = {part.part: part.groups[0].kind for part in compared(ready, console, wish()).differences}
    assert found["file:zookeeper.cfg"] is Kind.UNSEEN and "file:old.cfg" in found


def test_a_new_task_gets_everything(ready: Session, console: Console) -> None:
    for task in tasks(ready):
        task.bootstrapped, task.held, task.package = False, None, None
    found = compared(ready, console, wish("bootstrap")).differences
    assert {group.kind for part in found for group in part.groups} == {Kind.NEW}
    assert {"package", "command", "file:zookeeper.cfg"} <= {part.part for part in found}
    assert all(not group.lines for part in found for group in part.groups)


def test_of_an_older_worker_nothing_is_claimed(ready: Session, console: Console) -> None:
    tasks(ready)[0].held = None
    found = compared(ready, console, wish())
    assert (found.untold, found.differences) == (("zookeeper/0",), ())


def test_the_plan_that_was_seen_is_carried_out(ready: Session, console: Console) -> None:
    seen = name(ready, console, wish())
    assert "plan" not in submit(ready, console, wish(plan=seen)).operation.options


def test_a_newer_revision_that_changes_nothing_here_is_no_change(ready: Session, console: Console) -> None:
    seen = name(ready, console, wish())
    save(ready, Edit("conf/zookeeper/notes.txt", "admin", time.time()), b"hello\n")
    assert name(ready, console, wish()) != seen
    submit(ready, console, wish(plan=seen))


@pytest.mark.parametrize("what", ["configuration", "package", "hosts", "tasks", "nonsense"])
def test_a_plan_that_is_out_of_date_is_refused_with_what_changed(ready: Session, console: Console, what: str) -> None:
    seen, asked = name(ready, console, wish()), wish()
    expected = {
        "configuration": "the configuration (revision", "package": "the package", "hosts": "what is on the hosts",
        "tasks": "the chosen tasks", "nonsense": "no plan of this console",
    }[what]  # fmt: skip
    match what:
        case "configuration":
            describe(ready, console, BASE, TICK)
        case "package":
            asked = wish(package_id=add_package(ready, "3.9.10").id)
        case "hosts":
            tasks(ready)[2].held = {"command": "00"}
        case "tasks":
            asked = Wish("zookeeper", "dptst", "restart", "olga", time.time(), tasks=[1], options=asked.options)
        case "nonsense":
            seen = "12"
    asked.options["plan"] = seen
    with pytest.raises(Refused) as refused:
        submit(ready, console, asked)
    assert refused.value.code == "plan-changed" and expected in refused.value.message


@pytest.mark.parametrize(
    ("seen", "now", "text"),
    [
        ("1.a.b.c.d", "1.a.b.c.d", ""),
        ("1.a.b.c.d", "2.a.b.c.d", ""),
        (
            "1.a.b.c.d",
            "2.a.b.x.d",
            "the configuration (revision 1, now 2) and what would be sent changed since you looked",
        ),
        ("1.a.b.c.d", "1.a.b.c.x", "what is on the hosts changed since you looked"),
    ],
)
def test_what_changed(seen: str, now: str, text: str) -> None:
    assert what_changed(seen, now) == text
