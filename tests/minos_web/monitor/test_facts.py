"""Facts onto rows and back, and the totals of clusters."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_common.facts import Fact, pack, unpack
from minos_common.words import FactGroup, TaskName
from minos_web.catalog.facts import FactKind, FactSource, Total
from minos_web.catalog.loader import Catalog
from minos_web.console import Console
from minos_web.models.clusters import Cluster, Task
from minos_web.models.facts import TaskFacts
from minos_web.models.hosts import Host
from minos_web.monitor.deriving import derive, derive_round
from minos_web.monitor.facts import Told, take_facts, told_of
from minos_web.monitor.series.asking import query
from minos_web.monitor.series.port import Batch, SeriesQuery
from minos_web.monitor.series.writing import SeriesWriter
from tests.minos_web.scene import add_cluster, add_hosts, with_facts

LABELS = {"service": "zookeeper", "cluster": "dptst"}
ZOO = TaskName("zookeeper", "dptst", "zookeeper")
KIND = FactKind(
    name="thing", title="Things", unique=True, counters=("n",),
    totals=(Total(name="all", sums=("n_per_second", "size")),),
)  # fmt: skip
SOURCE = FactSource(reader="x", kinds=(KIND,))


@pytest.fixture
def hosts(session: Session, console: Console) -> list[Host]:
    hosts = add_hosts(session)
    add_cluster(session, console)
    for task in cluster_of(session).tasks:
        task.state = "RUNNING"
    return hosts


@pytest.fixture
def catalog(console: Console) -> Catalog:
    return with_facts(console.catalog, "zookeeper", SOURCE)


def cluster_of(session: Session) -> Cluster:
    return session.scalars(select(Cluster)).one()


def group(at: float, run: str = "1.1", task: TaskName = ZOO, kind: str = "thing", **things: float) -> FactGroup:
    return FactGroup(task, kind, at, pack([Fact(key, {"n": n, "size": 1.0}) for key, n in things.items()])[0], run=run)


def told(session: Session, catalog: Catalog, now: float) -> Told:
    return told_of(session, catalog["zookeeper"], cluster_of(session), "thing", now)


def growths(session: Session) -> dict[str, float | None]:
    row = session.scalars(select(TaskFacts)).first()
    assert row is not None
    return {fact.key: fact.numbers.get("n_per_second") for fact in unpack(row.packed)}


def test_growth_is_over_the_seconds_between_the_pages_answers(
    session: Session, catalog: Catalog, hosts: list[Host]
) -> None:
    take_facts(session, catalog, hosts[0], [group(100, a=5, b=7)], 1100)
    assert growths(session) == {"a": None, "b": None}
    take_facts(session, catalog, hosts[0], [group(104, a=13, b=7)], 1190)
    assert growths(session) == {"a": 2.0, "b": 0.0}
    take_facts(session, catalog, hosts[0], [group(104, a=13, b=7)], 1191)
    assert growths(session) == {"a": 2.0, "b": 0.0}, "the same once more changes nothing"


def test_a_process_that_began_anew_has_no_growth_even_when_its_counters_are_higher(
    session: Session, catalog: Catalog, hosts: list[Host]
) -> None:
    take_facts(session, catalog, hosts[0], [group(100, a=5)], 1100)
    take_facts(session, catalog, hosts[0], [group(110, run="2.2", a=5000)], 1110)
    assert growths(session) == {"a": None}


@pytest.mark.parametrize(
    "strange",
    [
        group(100, task=TaskName("zookeeper", "other", "zookeeper"), a=1),
        group(100, task=TaskName("nosuch", "dptst", "zookeeper"), a=1),
        group(100, kind="nosuch", a=1),
        FactGroup(ZOO, "thing", 100, b"junk"),
    ],
)
def test_a_worker_cannot_invent_tasks_or_kinds(
    session: Session, catalog: Catalog, hosts: list[Host], strange: FactGroup
) -> None:
    take_facts(session, catalog, hosts[0], [strange], 1100)
    session.flush()
    assert all(not row.packed for row in session.scalars(select(TaskFacts)))


def test_old_facts_are_told_as_old(session: Session, catalog: Catalog, hosts: list[Host]) -> None:
    take_facts(session, catalog, hosts[0], [group(100, a=5)], 1000)
    now = told(session, catalog, 1119)
    assert [fact.key for fact in now.facts] == ["a"] and len(now.silent) == 2 and now.at == 1000
    later = told(session, catalog, 1121)
    assert later.facts == [] and len(later.silent) == 3


def test_what_a_stopped_task_told_is_old_at_once(session: Session, catalog: Catalog, hosts: list[Host]) -> None:
    take_facts(session, catalog, hosts[0], [group(100, a=5)], 1000)
    cluster_of(session).tasks[0].state = "STOPPED"
    assert told(session, catalog, 1001).facts == []


def test_a_page_that_fails_is_told_beside_what_was_known(session: Session, catalog: Catalog, hosts: list[Host]) -> None:
    take_facts(session, catalog, hosts[0], [group(100, a=5)], 1000)
    take_facts(session, catalog, hosts[0], [FactGroup(ZOO, "thing", 110, error="it does not answer")], 1010)
    one = told(session, catalog, 1011).tasks[0]
    assert (one.error, one.old, [fact.key for fact in one.facts]) == ("it does not answer", False, ["a"])
    take_facts(session, catalog, hosts[1], [FactGroup(ZOO, "thing", 110, error="it does not answer")], 1010)
    assert told(session, catalog, 1011).tasks[1].old, "it never told anything"


def test_a_thing_that_moved_is_told_once_by_the_later_one(
    session: Session, catalog: Catalog, hosts: list[Host]
) -> None:
    take_facts(session, catalog, hosts[0], [group(100, a=5, b=1)], 1000)
    take_facts(session, catalog, hosts[1], [group(100, a=0)], 1003)
    found = [(task.number, fact.key) for task, fact in told(session, catalog, 1004).fresh]
    assert sorted(found) == [(0, "b"), (1, "a")]


def test_only_tasks_with_the_right_words_count(session: Session, console: Console, hosts: list[Host]) -> None:
    catalog = with_facts(
        console.catalog, "zookeeper", FactSource(reader="x", kinds=(KIND,), where={"role": ("leader",)})
    )
    cluster_of(session).tasks[1].texts = {"zookeeper.role": "leader"}
    for host in hosts:
        take_facts(session, catalog, host, [group(100, a=5)], 1000)
    assert [task.number for task, _ in told(session, catalog, 1001).fresh] == [1]


def stored(session: Session) -> list[tuple[str, dict[str, str], list[list[float | None]]]]:
    session.flush()
    metrics = ("zookeeper.all.n_per_second", "zookeeper.all.size")
    found = query(session, SeriesQuery(metrics, 0, 6000, points=6000))
    return [(line["name"], line["labels"], line["points"]) for line in found]


def test_totals_become_series_of_the_cluster(session: Session, catalog: Catalog, hosts: list[Host]) -> None:
    for at in (100, 110):
        for number, host in enumerate(hosts):
            take_facts(session, catalog, host, [group(at, **{f"k{number}": at * (number + 1)})], 1000 + at)
    SeriesWriter().store(session, Batch("facts", "1"), derive(session, catalog, 10.0, 1112))
    assert stored(session) == [
        ("zookeeper.all.n_per_second", LABELS, [(1112, 6.0)]),
        ("zookeeper.all.size", LABELS, [(1112, 3.0)]),
    ]


@pytest.mark.parametrize(
    ("state", "silent_for", "size"),
    [
        ("RUNNING", 20, 3.0),
        ("RUNNING", 31, None),  # it runs and does not tell: a gap
        ("STOPPED", 31, 2.0),  # its things are elsewhere now
        ("RUNNING", 601, 2.0),
    ],
)
def test_a_sum_without_a_task_that_should_tell_is_a_gap(
    session: Session, catalog: Catalog, hosts: list[Host], state: str, silent_for: float, size: float | None
) -> None:
    now = 5000.0
    for number, host in enumerate(hosts):
        take_facts(session, catalog, host, [group(100, **{f"k{number}": 1})], now - (silent_for if number == 0 else 1))
    cluster_of(session).tasks[0].state = state
    SeriesWriter().store(session, Batch("facts", "1"), derive(session, catalog, 10.0, now))
    sizes = [points for name, _, points in stored(session) if name.endswith("size")]
    assert sizes == ([] if size is None else [[(5000, size)]])


def test_the_round_stores_what_it_made_and_nothing_when_there_is_nothing(
    session: Session, console: Console, hosts: list[Host]
) -> None:
    session.commit()
    assert derive_round(console, SeriesWriter(), 5000.0) == 0
    nodes = pack([Fact("a:1", {"capacity_bytes": 5.0}, {"state": "live"})])[0]
    now = 5000.0
    cluster = Cluster(service="hdfs", name="f", created_at=now, bootstrapped_at=now)
    cluster.tasks = [Task(job="namenode", number=0, address="x", state="RUNNING", texts={"hdfs.role": "active"})]
    session.add(cluster)
    session.flush()
    session.add(
        TaskFacts(task_id=cluster.tasks[0].id, kind="datanode", at=now, taken_at=now, packed=nodes, run="", error="")
    )
    session.commit()
    assert derive_round(console, SeriesWriter(), now) == 1
    found = query(session, SeriesQuery(("hdfs.datanodes.capacity_bytes:live",), 0, 6000, points=6000))
    assert [(line["labels"], line["points"]) for line in found] == [
        ({"service": "hdfs", "cluster": "f"}, [(5000, 5.0)])
    ]


@pytest.mark.parametrize(
    ("answers", "growth"),
    [
        ([(100, 5), (110, 25)], 2.0),
        ([(100, 5), (109, 5), (120, 45)], 2.0),  # between gatherings: neither nothing nor the double
        ([(100, 5), (110, 25), (119, 25)], 2.0),  # the same gathering again: as it was
        ([(100, 5), (110, 25), (119, 25), (126, 25)], 0.0),  # so long the same: nothing happens
        ([(100, 5), (110, 25), (119, 25), (126, 25), (130, 65)], 10.0),
    ],
)
def test_growth_of_what_a_daemon_gathers_seldom(
    session: Session, console: Console, hosts: list[Host], answers: list[tuple[float, float]], growth: float
) -> None:
    catalog = with_facts(console.catalog, "zookeeper", FactSource(reader="x", kinds=(KIND,), gathered_seconds=10.0))
    for at, value in answers:
        take_facts(session, catalog, hosts[0], [group(at, a=value)], 1000 + at)
    assert growths(session) == {"a": growth}
    assert told(session, catalog, 1000 + answers[-1][0]).at == 1000 + answers[-1][0], "it is fresh all the same"
