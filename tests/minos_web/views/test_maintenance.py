"""Maintenance of hosts, clusters and jobs: told everywhere, no fault anywhere, over when it is over."""

import time
from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from webtest import TestApp

from minos_web.console import Console
from minos_web.models.clusters import Cluster, Task
from minos_web.models.people import AuditEntry
from minos_web.monitor.checking import check_cluster
from tests.minos_web.conftest import Browser
from tests.minos_web.scene import add_cluster, add_hosts

HOST = "/hosts/host-31"
CLUSTER = "/clusters/zookeeper/dptst"


@pytest.fixture
def scene(session: Session, console: Console) -> Session:
    """An ensemble of which one server on host-31 failed; judged."""
    add_hosts(session)
    add_cluster(session, console)
    for task in session.scalars(select(Task)):
        task.bootstrapped, task.wanted, task.state, task.pid = True, "running", "RUNNING", 1
        task.figures_at, task.texts = time.time(), {"zookeeper.role": "leader" if task.number == 1 else "follower"}
        if task.number == 0:
            task.state = "FATAL"
    judge(session, console)
    return session


def judge(session: Session, console: Console) -> None:
    session.flush()
    session.expire_all()
    for cluster in session.scalars(select(Cluster)):
        check_cluster(session, console, cluster.id, time.time())
    session.commit()


def kind(browser: Browser, address: str) -> str:
    found = browser.get(address).html.select_one(".mn-head .mn-status")
    return next(
        name.removeprefix("mn-status--")
        for name in found["class"]
        if name.startswith("mn-status--") and name != "mn-status--large"
    )


def alerts(program: TestApp) -> list[str]:
    return [one["cluster"] for one in program.get("/api/v1/alerts").json["clusters"]]


def test_a_host_that_is_worked_on_makes_its_cluster_no_fault(
    testapp: Browser, scene: Session, console: Console, api_as: Callable[[str], TestApp]
) -> None:
    assert alerts(api_as("viewer")) == ["dptst"]
    testapp.post(f"{HOST}/maintenance", {"reason": "new disks", "hours": "2"}, headers=testapp.csrf, status=303)
    judge(scene, console)
    assert alerts(api_as("viewer")) == []
    page = testapp.get(HOST)
    assert "in maintenance" in page.html.select_one(".mn-maintenance").text
    assert "new disks" in page.text
    task = testapp.get(f"{CLUSTER}/tasks/zookeeper/0")
    assert "failed, in maintenance" in task.text
    testapp.post(f"{HOST}/maintenance", {"end": "1"}, headers=testapp.csrf, status=303)
    judge(scene, console)
    assert alerts(api_as("viewer")) == ["dptst"]
    scene.commit()
    actions = scene.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert [one for one in actions if one.startswith("maintenance")] == ["maintenance.begin", "maintenance.end"]


@pytest.mark.parametrize("job", ["", "zookeeper"])
def test_a_cluster_or_a_job_is_worked_on(
    testapp: Browser, scene: Session, console: Console, api_as: Callable[[str], TestApp], job: str
) -> None:
    operator = api_as("operator")
    told = operator.post_json(f"/api/v1{CLUSTER}/maintenance", {"job": job, "reason": "x"}).json["maintenance"]
    assert list(told) == [job]
    judge(scene, console)
    assert alerts(operator) == []
    assert testapp.get(CLUSTER).html.select_one(".mn-maintenance")
    assert operator.delete(f"/api/v1{CLUSTER}/maintenance?job={job}").json["maintenance"] == {}
    judge(scene, console)
    assert alerts(operator) == ["dptst"]


def test_it_ends_by_itself(scene: Session, console: Console, api_as: Callable[[str], TestApp]) -> None:
    operator = api_as("operator")
    operator.post_json(f"/api/v1{CLUSTER}/maintenance", {"hours": 0.5})
    cluster = scene.scalars(select(Cluster)).one()
    assert cluster.maintenance is not None
    kept = cluster.maintenance[""]
    assert 1700 < kept["until"] - kept["at"] <= 1800
    cluster.maintenance = {"": {**kept, "until": time.time() - 1}}
    judge(scene, console)
    assert alerts(operator) == ["dptst"]


@pytest.mark.parametrize(
    ("body", "field"),
    [({"hours": 0}, "hours"), ({"hours": 99999}, "hours"), ({"reason": "x" * 300}, "reason"), ({"job": "no"}, "job")],
)
def test_what_makes_no_sense_is_refused(
    scene: Session, api_as: Callable[[str], TestApp], body: dict[str, object], field: str
) -> None:
    refused = api_as("operator").post_json(f"/api/v1{CLUSTER}/maintenance", body, status=422).json["error"]
    assert refused["field"] == field
    api_as("viewer").post_json(f"/api/v1{CLUSTER}/maintenance", {}, status=403)


def test_a_wrong_number_is_told_on_the_page(testapp: Browser, scene: Session) -> None:
    page = testapp.post(f"{CLUSTER}/maintenance", {"hours": "soon"}, headers=testapp.csrf, status=303).follow()
    assert "Hours is a number" in page.text
