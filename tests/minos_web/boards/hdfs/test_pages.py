"""HDFS' boards over facts that namenodes have told."""

import time

import pytest
from webtest import TestApp

from minos_common.facts import Fact
from minos_web.console import Console
from minos_web.models.clusters import Cluster
from tests.minos_web.boards.telling import a_cluster, tell

AT = "/clusters/hdfs/lake-files"
GB = 1024.0**3


@pytest.fixture
def full(console: Console) -> None:
    now = time.time()
    with console.writers.begin() as session:
        cluster = a_cluster(session, now, "hdfs", "lake-files", {"namenode": 2, "datanode": 2})
        for task in cluster.tasks:
            task.texts = {"hdfs.role": ("active", "standby")[task.number]} if task.job == "namenode" else {}
        for number, role in enumerate(("active", "standby")):
            numbers = {
                "capacity_bytes": 100 * GB,
                "used_bytes": 25 * GB,
                "missing": 0.0,
                "corrupt": 3.0,
                "blocks": 29.0 - number,
            }
            tell(session, cluster, f"namenode/{number}", "namenode", now, [Fact("h", numbers, {"role": role})])
            tell(session, cluster, f"namenode/{number}", "datanode", now, [
                Fact("a:1", {"capacity_bytes": 4 * GB, "remaining_bytes": GB}, {"state": "live", "admin_state": "In Service"}),
                Fact("b:1", {"under_replicated": 7.0, "only_replicas": 2.0}, {"state": "decommissioning"}),
                Fact("c:1", {"contact_seconds": 99.0}, {"state": "dead"}),
            ])  # fmt: skip
            tell(session, cluster, f"namenode/{number}", "operation", now, [
                Fact("CreateFile", {"count": 39.0 + number, "count_per_second": 1.5}), Fact("Rename", {"count": 0.0}),
            ])  # fmt: skip
            about = {"operation": "create", "user": "<b>eve</b>", "window": "5 min"}
            tell(session, cluster, f"namenode/{number}", "user-operation", now, [
                Fact("create/eve/5 min", {"count": 600.0, "minutes": 5.0}, about),
                Fact("create/eve/25 min", {"count": 900.0, "minutes": 25.0}, {**about, "window": "25 min"}),
            ])  # fmt: skip


@pytest.mark.usefixtures("full")
def test_storage_as_the_active_namenode_tells_it(testapp: TestApp) -> None:
    page = testapp.get(f"{AT}/storage")
    for text in (
        "100 GB",
        "25 GB",
        "25 % of it",
        ">29<",
        ">3<",
        "75 %",
        "7 blocks to copy",
        "dead <b>1</b>",
        "in service",
    ):
        assert text in page, text
    assert "a:1" not in testapp.get(f"{AT}/storage?state=dead")
    assert testapp.get(f"{AT}/storage?csv=all&sort=node").text.splitlines()[1].startswith("a:1,in service,75,")


@pytest.mark.usefixtures("full")
def test_operations_and_who_asks_most(testapp: TestApp) -> None:
    page = testapp.get(f"{AT}/namenode-operations")
    for text in ("CreateFile", "1.5/s", "39", "2/s", "&lt;b&gt;eve&lt;/b&gt;"):
        assert text in page, text
    assert "Rename" not in page and "900" not in page and "<b>eve" not in page
    assert "900" in testapp.get(f"{AT}/namenode-operations?window=25+min")


@pytest.mark.usefixtures("full")
def test_without_an_active_namenode_nothing_is_known(testapp: TestApp, console: Console) -> None:
    with console.writers.begin() as session:
        cluster = session.query(Cluster).one()
        cluster.tasks[0].state = "STOPPED"
        cluster.tasks[0].texts = {}
    page = testapp.get(f"{AT}/storage")
    assert "no namenode says that it is active" in page and "namenode/0: does not run" in page
    assert "100 GB" not in page and "a:1" not in page
