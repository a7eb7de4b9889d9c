"""Whether a described cluster fits the site: hosts, ports, package, memory."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_web.clusterfile.problems import Problem
from minos_web.console import Console
from minos_web.models.clusters import Task
from minos_web.models.hosts import Host
from minos_web.operations.describe import check_saved
from tests.minos_web.conftest import Browser
from tests.minos_web.scene import add_cluster, add_hosts, add_package, cluster_file

FILE = "conf/zookeeper/zookeeper-dptst.cfg"
GIB = 1 << 30


@pytest.fixture
def site(session: Session, console: Console) -> None:
    """Three hosts of 4 GiB, a package, a cluster that fits."""
    for host in add_hosts(session):
        host.facts = {"memory": 4 * GIB}
    add_package(session)
    add_cluster(session, console)


def found(session: Session, console: Console, *edits: tuple[str, str]) -> list[Problem]:
    text = cluster_file()
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    return check_saved(session, console, FILE, text)


@pytest.mark.usefixtures("site")
def test_what_fits_is_fine(session: Session, console: Console) -> None:
    assert found(session, console) == []


HEAP = ("  [[arguments]]", "  [[arguments]]\n    jvm_args=-Xmx{}")


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("version=3.9.9", "version=3.8.1", 3, "no package of zookeeper has version 3.8.1 in its name"),
        (
            "version=3.9.9",
            "version=3.9.9\n  package_name=zookeeper-3.9.9.tar.gz\n  revision=r9\n  timestamp=20260101-000000",
            4,
            "pins zookeeper-3.9.9.tar.gz r9 20260101-000000, which is not in the store",
        ),
        ("=127.0.0.32", "=127.0.0.99", 9, "no approved host has the address 127.0.0.99: install a worker there"),
        ("  host.2=127.0.0.33\n", "", 6, "2 zookeeper tasks decide by majority"),
        (HEAP[0], HEAP[1].format("5g"), 12, "a heap of 5.0 GiB (-Xmx5g) for zookeeper 0, but host-31 has 4.0 GiB"),
    ],
)
def test_what_does_not_fit_is_told_at_its_line(
    session: Session, console: Console, old: str, new: str, line: int, words: str
) -> None:
    [problem] = found(session, console, (old, new))
    assert (problem.level, problem.file, problem.line) == ("warning", FILE, line)
    assert words in problem.message


@pytest.mark.usefixtures("site")
def test_the_smallest_host_speaks_for_a_heap(session: Session, console: Console) -> None:
    session.scalars(select(Host).where(Host.name == "host-33")).one().facts = {"memory": GIB}
    [problem] = found(session, console, (HEAP[0], HEAP[1].format("2g")))
    assert "zookeeper 2, but host-33 has 1.0 GiB" in problem.message


@pytest.mark.usefixtures("site")
def test_nothing_is_said_of_the_memory_of_a_host_that_never_told(session: Session, console: Console) -> None:
    for host in session.scalars(select(Host)):
        host.facts = {}
    assert found(session, console, (HEAP[0], HEAP[1].format("900g"))) == []


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize("bootstrapped", [True, False])
def test_ports_of_others_count_described_or_held(session: Session, console: Console, bootstrapped: bool) -> None:
    add_cluster(session, console, "lake", ["host-32"])  # the same host by its name
    for task in session.scalars(select(Task).where(Task.address == "host-32")):
        task.bootstrapped = bootstrapped
    session.flush()
    [problem] = found(session, console)
    assert problem.line == 9, "the line of host.1"
    said = "belong to zookeeper/0 of lake" if bootstrapped else "are described for zookeeper/0 of lake as well"
    assert f"ports 12000, 12001, 12002, 12003 of 127.0.0.32 {said}: choose another base_port" in problem.message


@pytest.mark.usefixtures("testapp", "site")  # in this order: signing in writes
def test_the_plan_tells_it_on_its_page_and_in_the_api(session: Session, testapp: Browser) -> None:
    session.scalars(select(Host).where(Host.name == "host-31")).one().facts = {"memory": 1 << 20}
    session.commit()
    page = testapp.get("/clusters/zookeeper/dptst/act/bootstrap")
    assert "Worth a look first" in page.text and "host-31 has 1 MiB" in page.text
    answer = testapp.get("/api/v1/clusters/zookeeper/dptst/plan?action=bootstrap").json
    [warning] = answer["warnings"]
    assert "host-31" in warning["message"] and warning["line"]
