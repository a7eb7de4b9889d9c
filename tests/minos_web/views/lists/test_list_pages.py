"""Lists on their pages: filtered, sorted, cut, counted, kept and sent as a file, all by the database."""

import csv
import io
import time

import pytest
from sqlalchemy.orm import Session

from minos_web.models.clusters import Cluster, Task
from minos_web.models.hosts import Host
from minos_web.models.inventory import Machine
from minos_web.models.operations import Operation
from minos_web.models.packages import Package
from tests.minos_web.conftest import Browser

HOSTILE = '"><script>alert(1)</script>'


@pytest.fixture
def fleet(session: Session) -> Session:
    """60 hosts in three racks, each with a datanode; some are silent, some tasks are down."""
    now = time.time()
    cluster = Cluster(service="hdfs", name="lake", created_at=now, bootstrapped_at=now)
    session.add(cluster)
    session.flush()
    for number in range(60):
        beat = now - 3600 if number % 10 == 0 else now + 3600
        host = Host(
            name=f"db-{number:02}", address=f"10.0.{number % 2}.{number}", public_key=f"{number:040}", state="approved",
            first_seen=now, beat_at=beat, worker_version="1.0", figures={"host.cpu_percent": float(number)},
            facts={"rack": "R2"} if number == 7 else {},
        )  # fmt: skip
        session.add(host)
        session.flush()
        if number < 20:
            session.add(
                Machine(host=host.name, rack=f"r{number % 2}", created_at=now, changed_at=now, changed_by="admin")
            )
        state = "FATAL" if number % 7 == 3 else "RUNNING"
        session.add(
            Task(
                cluster_id=cluster.id, job="datanode", job_order=1, number=number, address=host.address, host_id=host.id,
                state=state, wanted="running", bootstrapped=True, pid=number, figures={"task.cpu_percent": 60.0 - number},
            )
        )  # fmt: skip
    session.add(Host(name="waits", address="10.9.9.9", public_key="w" * 40, state="pending", first_seen=now))
    session.commit()
    return session


def names(browser: Browser, address: str) -> list[str]:
    return [row.th.a.text for row in browser.get(address).html.select("tbody[data-rows] tr")]


HOST_CASES = (
    ("", 50, "db-00"),
    ("?page=2", 10, "db-49"),
    ("?page=99", 10, "db-49"),
    ("?size=200", 60, "db-00"),
    ("?sort=host&size=25", 25, "db-00"),
    ("?sort=-host", 50, "db-59"),
    ("?sort=cpu", 50, "db-59"),
    ("?sort=-cpu", 50, "db-00"),
    ("?q=db-3", 10, "db-30"),
    ("?q=10.0.1", 30, "db-01"),
    ("?q=%25", 0, ""),
    ("?q=rack:r1", 10, "db-01"),
    ("?q=rack:R2", 0, ""),
    ("?q=rack:r0,r1", 20, "db-00"),
    ("?q=rack:10.0.1", 20, "db-21"),
    ("?q=state:unknown", 6, "db-00"),
    ("?kind=unknown", 6, "db-00"),
    ("?q=-state:unknown", 50, "db-01"),
    ("?q=role:datanode+db-1", 10, "db-10"),
    ("?q=role:namenode", 0, ""),
    ("?q=cluster:lake+service:hdfs+worker:1.0", 50, "db-00"),
)


def test_hosts(testapp: Browser, fleet: Session) -> None:
    for query, count, first in HOST_CASES:
        found = names(testapp, f"/hosts{query}")
        assert (len(found), found[:1]) == (count, [first] if first else []), query


def test_a_rack_that_only_the_worker_tells(testapp: Browser, fleet: Session) -> None:
    fleet.add(
        Host(name="far", address="1.2.3.4", public_key="f" * 40, state="approved", first_seen=1, facts={"rack": "R9"})
    )
    fleet.commit()
    assert names(testapp, "/hosts?q=rack:r9") == ["far"]


def test_states_are_counted_for_the_rest_of_the_filter(testapp: Browser, fleet: Session) -> None:
    page = testapp.get("/hosts?q=db-1&kind=running").html
    chips = {chip.contents[0].strip(): chip.b.text for chip in page.select("#chips .mn-chip")}
    assert chips == {"unknown": "1", "running": "9"}
    assert "1–9 of 9 hosts, of 60 in all" in page.select_one(".mn-pager").text
    assert page.select_one(".mn-list__all")["href"] == "/hosts?q="


def test_an_unknown_key_shows_nothing_and_says_what_is_known(testapp: Browser, fleet: Session) -> None:
    page = testapp.get("/hosts?q=rak:r1")
    assert "There is no key" in page.text and "rack" in page.html.select_one("#q-error").text
    assert not page.html.select("tbody[data-rows] tr")
    assert "There is no state" in testapp.get("/hosts?kind=%3Cb%3E").text


def test_hostile_parameters_are_text(testapp: Browser, fleet: Session) -> None:
    given = dict.fromkeys(("q", "kind", "sort", "size", "col", "page", "part", "format"), HOSTILE)
    for address in ("/hosts", "/tasks", "/operations", "/packages", "/clusters/hdfs/lake"):
        assert HOSTILE not in testapp.get(address, given).text


def test_columns_are_chosen(testapp: Browser, fleet: Session) -> None:
    page = testapp.get("/hosts?col=cpu&col=starts").html
    assert [head.text.strip() for head in page.select("thead th")][-3:] == ["Host", "CPU", "Starts"]
    assert len(page.select("tbody[data-rows] tr")[0].select("th, td")) == 4


def test_it_asks_again_for_what_is_shown(testapp: Browser, fleet: Session) -> None:
    assert testapp.get("/clusters/hdfs/lake").html.select_one("#cluster")["hx-get"] == "/clusters/hdfs/lake"
    page = testapp.get("/hosts?q=db&page=2&evil=1").html.select_one("#hosts")
    assert page["hx-get"] == "/hosts?q=db&page=2&part=hosts"


def test_a_part_comes_alone(testapp: Browser, fleet: Session) -> None:
    htmx = {"HX-Request": "true"}
    alone = testapp.get("/hosts?page=1&part=hosts", headers=htmx)
    assert alone.html.select_one("#hosts") and "Waiting for approval" not in alone.text
    around = testapp.get("/hosts?part=around", headers=htmx)
    assert around.html.select_one("#waiting") and not around.html.select_one("#hosts")
    assert (
        testapp.get("/hosts?part=around", headers={**htmx, "If-None-Match": around.headers["ETag"]}).status_int == 304
    )


TASK_CASES = (
    ("?q=state:down", 8, "datanode/3"),
    ("?q=state:fatal", 9, "datanode/3"),
    ("?job=datanode", 50, "datanode/0"),
    ("?job=none", 0, ""),
    ("?sort=cpu", 50, "datanode/0"),
    ("?sort=memory&q=number:5", 1, "datanode/5"),
    ("?q=host:db-11,db-12", 2, "datanode/11"),
    ("?kind=down&q=db-1", 1, "datanode/17"),
)


def test_tasks_of_a_cluster(testapp: Browser, fleet: Session) -> None:
    for query, count, first in TASK_CASES:
        found = names(testapp, f"/clusters/hdfs/lake{query}")
        assert (len(found), found[:1]) == (count, [first] if first else []), query


def test_tasks_of_all(testapp: Browser, fleet: Session) -> None:
    assert names(testapp, "/tasks")[0] == "datanode/3", "the unwell come first"
    assert len(names(testapp, "/tasks?cluster=lake&size=100")) == 60
    assert names(testapp, "/tasks?q=-cluster:lake") == []


def test_operations(testapp: Browser, fleet: Session) -> None:
    for number, state in enumerate(("done", "failed", "running", "done")):
        ended = None if state == "running" else 100.0 + number
        fleet.add(
            Operation(
                cluster_id=1 if number else None, action="restart", state=state, created_by="admin", created_at=float(number),
                ended_at=ended, message="=1+1", selection={"hosts": ["db-1"]}, options={},
            )
        )  # fmt: skip
    fleet.commit()
    rows = lambda address: len(testapp.get(address).html.select("tbody[data-rows] tr"))  # noqa: E731
    assert rows("/operations") == 4 and rows("/operations?state=open") == 1 and rows("/operations?state=done") == 2
    assert rows("/operations?cluster=workers") == 1 and rows("/operations?cluster=hdfs/lake&state=failed") == 1
    assert rows("/operations?q=by:admin+state:running") == 1 and rows("/operations?q=action:stop") == 0
    assert rows("/operations?q=-cluster:lake") == 1 and rows("/operations?q=-cluster:pond+-state:running") == 3
    lines = list(csv.reader(io.StringIO(testapp.get("/operations?format=csv").text)))
    assert len(lines) == 5 and lines[1][-1] == "'=1+1", "a spreadsheet would compute it"


def test_a_file_holds_all_that_fits(testapp: Browser, fleet: Session) -> None:
    answer = testapp.get("/hosts?format=csv&q=db-&size=25&col=cpu&sort=cpu")
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="minos-hosts.csv"')
    lines = list(csv.reader(io.StringIO(answer.text)))
    assert lines[0] == ["Host", "CPU"] and lines[1] == ["db-59", "59"] and len(lines) == 61
    assert len(list(csv.reader(io.StringIO(testapp.get("/clusters/hdfs/lake?format=csv&kind=down").text)))) == 9
    assert len(testapp.get("/hosts?format=csv&q=no:key").text.splitlines()) == 1


def test_packages(testapp: Browser, session: Session) -> None:
    for number in range(3):
        for artifact in ("hadoop", "hbase"):
            session.add(
                Package(
                    artifact=artifact, name=f"{artifact}-{number}.tar.gz", revision="r", timestamp="t", size=number,
                    sha256=f"{number}{artifact}", sha1="", uploaded_by="admin", uploaded_at=float(number), path="p",
                )
            )  # fmt: skip
    session.commit()
    assert names(testapp, "/packages?artifact=hadoop") == [f"hadoop-{n}.tar.gz" for n in (2, 1, 0)]
    assert names(testapp, "/packages?sort=size")[0].endswith("2.tar.gz") and len(names(testapp, "/packages")) == 6
    assert [row.th.a.text for row in testapp.get("/packages").html.select("tr:has(.mn-chip--accent)")] == [
        "hbase-2.tar.gz",
        "hadoop-2.tar.gz",
    ]
