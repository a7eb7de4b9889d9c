"""Doing something with many hosts or tasks: looked at first, then done, and what is skipped says why."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_common.states import HostState
from minos_web.console import Console
from minos_web.models.clusters import Task
from minos_web.models.hosts import Host
from minos_web.models.operations import Operation
from minos_web.models.people import AuditEntry
from minos_web.security.people import add_grant, find_user
from minos_web.security.permissions import Grant, Role
from minos_web.views.lists.scope import as_selection
from tests.minos_web.conftest import Browser
from tests.minos_web.scene import add_cluster, add_hosts, add_running


def post(browser: Browser, address: str, status: int = 200, **given: Any) -> Any:
    return browser.post(address, {"csrf_token": browser.csrf_token, **given}, status=status).html


def told(page: Any, title: str) -> list[list[str]]:
    panel = page.find(id=f"{title}-title")
    rows = panel.find_parent("section").select("tbody tr") if panel else []
    return [[" ".join(cell.text.split()) for cell in row.select("th, td")] for row in rows]


def rows(console: Console, query: Any) -> list[Any]:
    """What is kept now; read apart from the test's own session, which would keep others from writing."""
    with console.readers() as reader:
        return list(reader.scalars(query))


def task(number: int, job: str, host: str) -> Task:
    return Task(id=number * 10 + len(job), job=job, number=number, address=host)


EVERY = [task(n, job, f"h{n}") for job in ("nn", "datanode") for n in range(3)]


@pytest.mark.parametrize(
    ("chosen", "selection"),
    [
        (EVERY, {}),
        (EVERY[:3], {"jobs": ["nn"]}),
        ([EVERY[0], EVERY[3]], {"hosts": ["h0"]}),
        (EVERY[3:5], {"jobs": ["datanode"], "hosts": ["h0", "h1"]}),
        ([EVERY[0], EVERY[4]], None),
    ],
)
def test_tasks_are_said_as_a_selection(chosen: list[Task], selection: Any) -> None:
    assert as_selection(chosen, EVERY) == selection


def test_maintenance_of_ticked_hosts(testapp: Browser, session: Session, console: Console) -> None:
    hosts = add_hosts(session)
    hosts[1].maintenance = {"reason": "disks", "by": "eve", "at": 1.0, "until": None}
    session.commit()
    ids = [host.id for host in hosts]
    session.commit()
    ticked = {"pick": ids[:2], "do": "maintenance"}
    looked = post(testapp, "/hosts/bulk", **ticked)
    assert [row[0] for row in told(looked, "good")] == ["host-31"]
    assert told(looked, "skipped") == [["host-32", "127.0.0.32", "It is in maintenance by eve: disks already."]]
    assert rows(console, select(Host.maintenance).order_by(Host.id))[0] is None, "it was only looked at"
    done = post(testapp, "/hosts/bulk", **ticked, go="1", reason="racks move", hours="2")
    assert "1 done, 1 skipped" in " ".join(done.select_one(".mn-head__sub").text.split())
    notes = rows(console, select(Host.maintenance).order_by(Host.id))
    assert notes[0]["reason"] == "racks move" and notes[1]["reason"] == "disks"
    assert "already" in told(post(testapp, "/hosts/bulk", **ticked, go="1"), "skipped")[0][2], "a second click"
    assert (
        "hours is a number"
        in post(testapp, "/hosts/bulk", 422, do="maintenance", pick=ids[2:], go="1", hours="x").text.lower()
    )
    assert len(told(post(testapp, "/hosts/bulk", do="maintenance-end", all="1", query="q=host-3", go="1"), "good")) == 2


def test_all_that_fit_are_those_of_the_filter(testapp: Browser, session: Session) -> None:
    add_hosts(session)
    session.commit()
    looked = post(testapp, "/hosts/bulk", do="maintenance", all="1", query="q=host-31+state:running")
    assert [row[0] for row in told(looked, "good")] == ["host-31"]
    assert [box["value"] for box in looked.select("#go input[name=pick]")] == ["1"], (
        "what was looked at is what is done"
    )
    assert "no key" in post(testapp, "/hosts/bulk", 422, do="maintenance", all="1", query="q=no:key").text
    assert "No host is chosen" in post(testapp, "/hosts/bulk", 422, do="maintenance", all="1", query="q=none").text
    assert "No host is chosen" in post(testapp, "/hosts/bulk", 422, do="maintenance", pick=["99", "x", "-1"]).text
    assert "no such action" in post(testapp, "/hosts/bulk", 422, do="explode").text


def test_approving_wants_each_to_be_ticked(testapp: Browser, session: Session, console: Console) -> None:
    add_hosts(session, ("127.0.0.31", "127.0.0.32", "127.0.0.33"), HostState.PENDING)
    session.commit()
    looked = post(testapp, "/hosts/bulk", do="approve")
    assert len(looked.select("input[name=pick][form=go]")) == 3 and not looked.select("input[name=pick][checked]")
    assert not rows(console, select(Host).where(Host.state == "approved"))
    done = post(testapp, "/hosts/bulk", do="approve", go="1", pick=["1", "3"])
    assert [row[0] for row in told(done, "good")] == ["host-31", "host-33"]
    assert rows(console, select(Host.state).order_by(Host.id)) == ["approved", "pending", "approved"]
    assert len(rows(console, select(AuditEntry).where(AuditEntry.action == "host.approve"))) == 2


def test_tasks_of_hosts_are_stopped_by_an_operation_of_their_cluster(
    testapp: Browser, session: Session, console: Console
) -> None:
    add_running(session, console)
    add_hosts(session, ["127.0.0.99"])
    session.commit()
    looked = post(testapp, "/hosts/bulk", do="stop", all="1", query="")
    assert told(looked, "good")[0][0] == "zookeeper/dptst" and told(looked, "skipped")[0][2] == "No task is on it."
    assert not rows(console, select(Operation))
    ids = [box["value"] for box in looked.select("#go input[name=pick]")]
    assert (
        "type stop 4 hosts to confirm"
        in post(testapp, "/hosts/bulk", 422, do="stop", pick=ids, go="1", confirm="stop").text
    )
    done = post(testapp, "/hosts/bulk", do="stop", pick=ids, go="1", confirm="stop 4 hosts")
    assert "Operation 1, 3 steps" in told(done, "good")[0][2]
    assert rows(console, select(Operation.action)) == ["stop"]
    again = post(testapp, "/hosts/bulk", do="stop", pick=ids, go="1", confirm="stop 4 hosts")
    assert any("operation 1 is still open" in row[2].lower() for row in told(again, "skipped"))


def test_tasks_that_are_ticked(testapp: Browser, session: Session, console: Console) -> None:
    add_running(session, console)
    ids = rows(console, select(Task.id).order_by(Task.id))
    done = post(testapp, "/tasks/bulk", do="start", pick=[*ids[:2]], go="1")
    assert "Operation 1" in told(done, "good")[0][2]
    assert rows(console, select(Operation.selection))[0]["hosts"] == ["127.0.0.31", "127.0.0.32"]


def test_viewers_may_not(browser_as: Callable[[str], Browser], session: Session) -> None:
    add_hosts(session)
    session.commit()
    viewer = browser_as("viewer")
    assert not viewer.get("/hosts").html.select("#bulk, input[name=pick]")
    for address in ("/hosts/bulk", "/tasks/bulk"):
        viewer.post(address, {"csrf_token": viewer.csrf_token, "do": "stop", "all": "1"}, status=403)


def test_who_operates_some_clusters_acts_on_those(
    browser_as: Callable[[str], Browser], session: Session, console: Console
) -> None:
    add_running(session, console)
    add_hosts(session, ["127.0.0.34"])
    add_cluster(session, console, "other", ["127.0.0.34"])
    for row in session.scalars(select(Task)):
        row.bootstrapped = True
    user = find_user(session, "viewer")
    assert user is not None
    add_grant(session, user, Grant(Role.OPERATOR, "zookeeper/dptst"), "admin", 1.0)
    session.commit()
    viewer = browser_as("viewer")
    assert [one["value"] for one in viewer.get("/hosts").html.select("#bulk option")] == ["start", "restart", "stop"]
    assert len(viewer.get("/tasks").html.select("input[name=pick]")) == 4
    looked = post(viewer, "/tasks/bulk", do="start", all="1", query="")
    assert [row[0] for row in told(looked, "good")] == ["zookeeper/dptst"]
    ((name, _, why),) = told(looked, "skipped")
    assert name == "zookeeper/other" and why.startswith("Role viewer lacks the permission operate on zookeeper/other")
    done = post(viewer, "/hosts/bulk", do="start", all="1", query="", go="1")
    assert [row[0] for row in told(done, "good")] == ["zookeeper/dptst"] and len(told(done, "skipped")) == 1
    assert rows(console, select(Operation.created_by)) == ["viewer"]
    left = told(post(viewer, "/hosts/bulk", do="maintenance", all="1", query="", go="1"), "skipped")
    assert len(left) == 4 and "a host is of no cluster" in left[0][2].lower()
    assert rows(console, select(Host.maintenance)) == [None] * 4


def test_who_sees_some_clusters_only_gets_no_list_of_all(
    browser_as: Callable[[str], Browser], session: Session, console: Console
) -> None:
    add_running(session, console)
    user = find_user(session, "none")
    assert user is not None
    add_grant(session, user, Grant(Role.OPERATOR, "zookeeper/dptst"), "admin", 1.0)
    session.commit()
    nobody = browser_as("none")
    nobody.post("/tasks/bulk", {"csrf_token": nobody.csrf_token, "do": "start", "all": "1"}, status=403)
