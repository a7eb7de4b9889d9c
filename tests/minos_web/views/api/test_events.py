"""What happened in a span of time, as the API tells it."""

import time
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_web.console import Console
from minos_web.models.clusters import Cluster, Task, TaskChange
from minos_web.models.hosts import Host
from minos_web.models.operations import Operation, Step
from minos_web.security.audit import NewEntry, record
from minos_web.store.configdir import Edit, save
from tests.minos_web.scene import add_cluster, add_hosts
from tests.minos_web.views.api.test_openapi import fits

NOW = float(int(time.time()))
URL = "/api/v1/events"


def operation(session: Session, cluster: Cluster, action: str, *ago: float, state: str = "done") -> Operation:
    """One that began and, if it did, ended so many seconds ago."""
    begun, *ended = [NOW - one for one in ago]
    row = Operation(
        cluster=cluster, action=action, state=state, created_by="olga", created_at=begun, started_at=begun,
        ended_at=ended[0] if ended else None, wave_names=["x"],
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def change(session: Session, number: int, after: str, ago: float, **more: Any) -> None:
    task = session.scalars(select(Task).where(Task.number == number)).one()
    key = f"{number}-{after}-{ago}"
    told = {"before": "RUNNING", **more}
    session.add(TaskChange(event_key=key, task_id=task.id, at=NOW - ago, after=after, **told))


@pytest.fixture
def scene(session: Session, console: Console) -> Session:
    """Two clusters on the same hosts, with something of every kind in the last hour and before it."""
    add_hosts(session)
    add_cluster(session, console)
    add_cluster(session, console, "other")
    session.flush()
    ours, others = session.scalars(select(Cluster).order_by(Cluster.id)).all()
    operation(session, ours, "restart", 500, 400)
    operation(session, ours, "rolling_update", 5000, 3000, state="failed")
    operation(session, ours, "stop", 8000, 7000)
    operation(session, others, "start", 300, 200)
    for task in session.scalars(select(Task).where(Task.cluster_id == others.id)):
        task.number += 10
    session.flush()
    change(session, 0, "EXITED", 450, last_exit={"kind": "exit", "value": 3}, reason="no room <b>")
    change(session, 0, "STARTING", 445, before="EXITED")
    change(session, 1, "RUNNING", 440)
    change(session, 10, "FATAL", 430)
    save(session, Edit("conf/zookeeper/zookeeper-dptst.cfg", "olga", NOW - 600, "more room"), b"[cluster]\n")
    save(session, Edit("conf/hdfs/hdfs-x.cfg", "olga", NOW - 600), b"[cluster]\n")
    entry = {"reason": "new disks", "job": "zookeeper"}
    record(session, console.secret, NewEntry(NOW - 100, "olga", "maintenance.begin", "zookeeper/dptst", details=entry))
    record(session, console.secret, NewEntry(NOW - 90, "olga", "maintenance.begin", "host host-31", details={}))
    record(session, console.secret, NewEntry(NOW - 80, "olga", "maintenance.end", "host host-31", details={}))
    session.commit()
    return session


def told(api: Any, query: str = "") -> list[tuple[str, str]]:
    answer = api.get(f"{URL}?to={NOW}&from={NOW - 3600}{query}").json
    assert fits(answer, "/events") == []
    return [(event["kind"], event["title"]) for event in answer["events"] if "common" not in event["url"]]


OF_CLUSTER = [
    ("maintenance", "Maintenance of zookeeper of dptst begun"),
    ("task", "zookeeper/1 of dptst runs"),
    ("task", "zookeeper/0 of dptst ended"),
    ("operation", "Restart dptst"),
    ("config", "zookeeper-dptst.cfg saved"),
    ("operation", "Rolling update of dptst"),
]


def without_defaults(events: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Without what the console itself saved when it was set up."""
    return [one for one in events if one[0] != "config" or one[1].startswith("zookeeper-dptst")]


def test_of_a_cluster(api_as: Any, scene: Session) -> None:
    assert without_defaults(told(api_as("viewer"), "&service=zookeeper&cluster=dptst")) == OF_CLUSTER


def test_of_a_service_and_of_everything(api_as: Any, scene: Session) -> None:
    of_service = told(api_as("viewer"), "&service=zookeeper")
    assert ("operation", "Start other") in of_service and (
        "task",
        "zookeeper/10 of other failed for good",
    ) in of_service
    assert ("config", "hdfs-x.cfg saved") not in of_service
    everything = told(api_as("viewer"))
    assert ("config", "hdfs-x.cfg saved") in everything and ("maintenance", "Maintenance of host-31 over") in everything


def test_of_a_host(api_as: Any, scene: Session) -> None:
    host = scene.scalars(select(Host).where(Host.name == "host-31")).one()
    cluster = scene.scalars(select(Cluster).where(Cluster.name == "other")).one()
    ours = operation(scene, cluster, "stop", 50, 40)
    task = scene.scalars(select(Task).where(Task.cluster_id == cluster.id)).first()
    step = Step(operation=ours, task=task, host_id=host.id, verb="stop", state="done", command_id="c", created_at=NOW)
    scene.add(step)
    scene.commit()
    assert told(api_as("viewer"), "&host=host-31") == [
        ("operation", "Stop other"),
        ("maintenance", "Maintenance of host-31 over"),
        ("maintenance", "Maintenance of host-31 begun"),
        ("task", "zookeeper/10 of other failed for good"),
        ("task", "zookeeper/0 of dptst ended"),
    ]


def test_what_is_told_of_each(api_as: Any, scene: Session) -> None:
    answer = api_as("viewer").get(f"{URL}?to={NOW}&from={NOW - 3600}&service=zookeeper&cluster=dptst").json
    oldest = {event["kind"]: event for event in answer["events"]}
    assert oldest["operation"]["until"] == NOW - 3000 and oldest["operation"]["tone"] == "down"
    assert oldest["operation"]["text"] == "failed · by olga"
    crash = oldest["task"]
    assert (crash["url"], crash["tone"]) == ("/clusters/zookeeper/dptst/tasks/zookeeper/0", "down")
    assert "no room <b>" in crash["text"] and "on 127.0.0.31" in crash["text"] and "3" in crash["text"]
    assert oldest["maintenance"]["text"] == "by olga · new disks"


def test_there_is_an_end_to_it(api_as: Any, scene: Session) -> None:
    answer = api_as("viewer").get(f"{URL}?to={NOW}&from={NOW - 3600}&limit=2").json
    assert len(answer["events"]) == 2 and answer["more"]
    assert [event["at"] for event in answer["events"]] == [NOW - 80, NOW - 90], "the newest"


@pytest.mark.parametrize(
    ("query", "field"), [("from=5&to=4", "from"), ("from=x", "from"), ("cluster=a", "service"), ("limit=-1", "limit")]
)
def test_nonsense_is_refused_by_name(api_as: Any, query: str, field: str) -> None:
    response = api_as("viewer").get(f"{URL}?{query}", expect_errors=True)
    assert response.status_int in (400, 422) and response.json["error"]["field"] == field
