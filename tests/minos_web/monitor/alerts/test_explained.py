"""What is explained by something else is told with it, or not at all: folded and muted alerts, over rows."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_common.states import TaskState
from minos_web.console import Console
from minos_web.models.alerts import Silence
from minos_web.models.clusters import Task
from minos_web.models.inventory import Machine
from minos_web.models.news import News
from minos_web.models.operations import Operation
from minos_web.monitor.maintaining import Work, begin_on_cluster, begin_on_host, end_on_host
from tests.minos_web.monitor.alerts.judged import EVERY, Site


def test_a_lost_host_with_all_it_has_is_one_incident(session: Session, console: Console) -> None:
    site = Site(session, console, 4)
    tasks = list(site.cluster.tasks)
    for number in range(20):
        copy = Task(
            cluster_id=site.cluster.id, job="zookeeper", job_order=0, number=10 + number, address="127.0.0.31",
            instance=number, host_id=site.hosts[0].id, state=TaskState.RUNNING, wanted="running", bootstrapped=True,
            started_at=site.now - 600, figures={"jvm.heap_used_bytes": 99.0, "jvm.heap_max_bytes": 100.0},
        )  # fmt: skip
        session.add(copy)
    site.disk(93)
    session.commit()
    site.check()
    site.silent.add("host-31")
    told = site.check(6)
    assert told == [("problem", "A host is lost: host-31")]
    news = session.scalars(select(News)).one()
    assert "What comes of it" in news.text and "A cluster is not well: zookeeper/dptst" in news.text
    lost = next(alert for alert in site.alerts if alert.rule == "host-lost")
    folded = [alert for alert in site.alerts if alert.parent_id == lost.id]
    # The disk was bad once and is not told of any more: nobody ever heard of it, and nobody has to.
    assert {alert.rule for alert in folded} == {"cluster-health", "heap"}
    assert all(alert.muted == "it comes of this: A host is lost, on host-31" for alert in folded)
    assert len(tasks) == 4
    site.silent.clear()
    assert site.check() == [("recovery", "Over: A host is lost: host-31")]
    told = site.check(4)
    assert told == [("problem", "A disk is nearly full: host-31 /data")], "it was bad before, and still is"


def test_a_rack_is_one_incident(session: Session, console: Console) -> None:
    site = Site(session, console, 11)
    for host in site.hosts[:3]:
        session.add(Machine(host=host.name, rack="r12", created_at=0, changed_at=0, changed_by="admin"))
        site.silent.add(host.name)
    told = site.check(6)
    assert told == [("problem", "A rack is lost: rack r12")]
    news = session.scalars(select(News)).one()
    assert "3 of its 3 hosts are lost" in news.text and "A host is lost: host-33" in news.text


def test_many_hosts_at_once_are_one_question(session: Session, console: Console) -> None:
    site = Site(session, console, 9)
    for host in site.hosts[:4]:
        session.add(Machine(host=host.name, rack="r12", created_at=0, changed_at=0, changed_by="admin"))
    site.silent |= {host.name for host in site.hosts[:5]}
    assert site.check(6) == [("problem", "Many hosts were lost at once")]
    news = session.scalars(select(News)).one()
    assert "5 of 9 hosts were lost within a minute: is it the console's side" in news.text
    parents = {alert.rule: alert.parent_id is not None for alert in site.alerts}
    assert parents == {"hosts-lost": False, "rack-lost": True, "host-lost": True, "cluster-health": True}


def test_what_somebody_works_on_is_muted_and_told_afterwards(site: Site) -> None:
    begin_on_host(site.hosts[0], Work("new disk", "ann", site.now))
    site.disk(99)
    assert site.check(6) == []
    assert site.alerts[0].muted == "maintenance by ann: new disk"
    end_on_host(site.hosts[0])
    assert site.check() == [("problem", "A disk is nearly full: host-31 /data")]
    begin_on_cluster(site.cluster, "", Work("moved", "ann", site.now, hours=1))
    site.cluster.tasks[2].state = TaskState.FATAL
    assert site.check(6) == []
    assert site.check(120) == [("problem", "A cluster is not well: zookeeper/dptst")]


def operation(site: Site, **other: object) -> Operation:
    made = Operation(
        cluster_id=site.cluster.id, open_cluster_id=site.cluster.id, action="restart", state="running",
        created_by="ann", created_at=site.now, **other,
    )  # fmt: skip
    site.session.add(made)
    return made


def test_an_operation_explains_what_it_causes(site: Site) -> None:
    made = operation(site)
    site.cluster.tasks[2].state = TaskState.FATAL
    assert site.check(6) == []
    assert f"operation {made.id} (restart) is at work" in {alert.muted for alert in site.alerts}
    made.state, made.open_cluster_id, made.ended_at = "failed", None, site.now
    assert site.check(3) == [], "it has just ended"
    assert site.check(2) == [("problem", "A cluster is not well: zookeeper/dptst")]


def test_an_operation_explains_nothing_that_was_there_before(site: Site) -> None:
    site.cluster.tasks[2].state = TaskState.FATAL
    site.check(2)
    operation(site)
    assert site.check() == [("problem", "A cluster is not well: zookeeper/dptst")]


def test_a_silence_that_is_coming_silences_nobody_yet(site: Site) -> None:
    later = site.now + 4 * EVERY
    site.session.add(Silence(host="host-31", reason="known", by="ann", at=later, until=later + 4000))
    site.disk(93)
    assert [kind for kind, _ in site.check(3)] == ["problem"] and site.alerts[0].muted == ""
    site.check(2)
    assert site.alerts[0].muted.startswith("silenced by ann")


def test_silences(site: Site) -> None:
    site.session.add(Silence(rule="disk-space", host="host-31", reason="known", by="ann", at=0, until=site.now + 400))
    site.disk(93)
    assert site.check(10) == []
    assert site.alerts[0].muted.startswith("silenced by ann until 20")
    assert site.check(4) == [("problem", "A disk is nearly full: host-31 /data")]


def test_a_silence_counts_from_its_begin_until_its_end(site: Site) -> None:
    site.session.add(Silence(reason="later", by="ann", at=site.now + 4000, until=site.now + 8000))
    site.session.add(Silence(reason="ended", by="ann", at=0, until=site.now + 8000, ended_at=1.0, ended_by="ann"))
    site.disk(93)
    assert [kind for kind, _ in site.check(3)] == ["problem"]
