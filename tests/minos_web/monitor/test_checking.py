"""The health round over rows: what was told long ago, since when, what the configuration asks for, the cluster's own page."""

import time
from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from webtest import TestApp

from minos_common.states import TaskState
from minos_web.console import Console
from minos_web.models.clusters import Cluster, Task
from minos_web.monitor.checking import check_cluster
from minos_web.operations.describe import refresh_clusters
from minos_web.store.configdir import Edit, save
from tests.minos_web.conftest import Browser
from tests.minos_web.operations.test_leaving import FILE, TEXT
from tests.minos_web.scene import add_cluster, add_default_files, add_hosts


@pytest.fixture
def cluster(session: Session, console: Console) -> Cluster:
    """An HDFS that runs and is well, its files those that are shipped (three copies of each block)."""
    now = time.time()
    add_hosts(session, [f"127.0.0.3{number}" for number in range(1, 6)])
    add_cluster(session, console)
    text = TEXT.replace("jobs=journalnode", 'description="Nightly <b>files</b>"\n  jobs=journalnode')
    save(session, Edit(FILE, "admin", now), text.encode())
    refresh_clusters(session, console, now)
    found = session.scalars(select(Cluster).filter_by(service="hdfs")).one()
    for task in found.tasks:
        task.state, task.wanted, task.pid, task.bootstrapped = TaskState.RUNNING, "running", 1, True
        task.started_at, task.figures_at = now - 600, now
        task.texts = {"hdfs.role": "active" if task.number == 0 else "standby", "hdfs.version": "3.4.2"}
        task.http_url = f"http://{task.address}:{task.base_port + 1}"
    session.commit()
    return found


def judge(session: Session, console: Console, cluster: Cluster, later: float = 0.0) -> tuple[str, str]:
    check_cluster(session, console, cluster.id, time.time() + later)
    return cluster.health, cluster.health_reason


def tasks(cluster: Cluster, job: str) -> list[Task]:
    return [task for task in cluster.tasks if task.job == job]


def test_it_is_well(session: Session, console: Console, cluster: Cluster) -> None:
    assert judge(session, console, cluster) == ("ok", "")


def test_the_number_of_copies_counts(session: Session, console: Console, cluster: Cluster) -> None:
    assert cluster.minimums == {"datanode": 3}
    for task in tasks(cluster, "datanode")[:4]:
        task.state = TaskState.FATAL
    level, reason = judge(session, console, cluster)
    assert (level, "2 of 6 run, 3 needed" in reason) == ("error", True), reason


def test_what_was_told_long_ago_is_not_told(session: Session, console: Console, cluster: Cluster) -> None:
    for task in tasks(cluster, "namenode"):
        task.figures_at = time.time() - 300
    level, reason = judge(session, console, cluster)
    assert (level, "none says that it is active" in reason) == ("unknown", True), reason


def test_since_when_a_job_is_so(session: Session, console: Console, cluster: Cluster) -> None:
    judge(session, console, cluster)
    first = cluster.health_jobs["zkfc"]["since"]
    tasks(cluster, "zkfc")[0].state = TaskState.FATAL
    judge(session, console, cluster)
    fallen = cluster.health_jobs["zkfc"]["since"]
    judge(session, console, cluster)
    assert first < fallen == cluster.health_jobs["zkfc"]["since"]
    assert cluster.health_jobs["namenode"]["since"] == first


def test_a_majority_of_kafkas_voters(session: Session, console: Console) -> None:
    now = time.time()
    hosts = "\n".join(f"  host.{number}=127.0.0.3{number}" for number in range(1, 4))
    add_default_files(session, console, now)
    for name, base, zookeeper in (("kraft", "kafka-kraft-tst.cfg", ""), ("tst-old", "kafka-tst.cfg", "tst")):
        text = (
            f"[cluster]\n  name={name}\n  version=3.9\n  jobs=kafka\n[kafka]\n  base_port=12000\n{hosts}\n"
            f"  [[arguments]]\n[configuration]\n  base=%{{config_dir}}/conf/kafka/common/{base}\n"
        )
        save(session, Edit(f"conf/kafka/kafka-{name}.cfg", "admin", now), text.encode())
        assert zookeeper in name
    refresh_clusters(session, console, now)
    found = {row.name: row for row in session.scalars(select(Cluster).filter_by(service="kafka"))}
    assert found["kraft"].problem == ""
    assert found["kraft"].minimums == {"kafka": 2}
    assert not found["tst-old"].minimums


def test_pages_and_programs_are_told(
    session: Session, console: Console, cluster: Cluster, testapp: Browser, api_as: Callable[[str], TestApp]
) -> None:
    tasks(cluster, "zkfc")[0].state = TaskState.FATAL
    judge(session, console, cluster)
    entry = tasks(cluster, "namenode")[0].http_url
    session.commit()
    for url in ("/", "/clusters/hdfs/dptst-files", "/clusters/hdfs/dptst-files/charts", "/services/hdfs"):
        page = testapp.get(url).text
        assert f'href="{entry}"' in page and "Nightly &lt;b&gt;files&lt;/b&gt;" in page and "3.4.2" in page
        assert "zkfc: 1 of 2 run" in page
    (told,) = [one for one in api_as("viewer").get("/api/v1/clusters").json["clusters"] if one["service"] == "hdfs"]
    assert (told["entry"], told["running_versions"]) == (entry, ["3.4.2"])
    assert told == api_as("viewer").get("/api/v1/clusters/hdfs/dptst-files").json
