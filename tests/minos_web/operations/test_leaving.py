"""Decommission and recommission: who can leave, what is done in which order, and what the cluster file says then."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_web.console import Console
from minos_web.models.clusters import Cluster, Task
from minos_web.models.operations import Operation
from minos_web.monitor.checking import check_cluster
from minos_web.operations.describe import refresh_clusters
from minos_web.operations.drafting import draft
from minos_web.operations.guarding import risks
from minos_web.operations.refusal import Refused
from minos_web.operations.rendering import rendered_task
from minos_web.operations.settle import end_operation
from minos_web.operations.submit import OperationState, submit
from minos_web.operations.wish import Wish
from minos_web.store.configdir import Edit, read, save
from tests.minos_web.conftest import Browser
from tests.minos_web.scene import ADDRESSES, add_cluster, add_hosts

FILE = "conf/hdfs/hdfs-dptst-files.cfg"
MORE = ("127.0.0.34", "127.0.0.35")
TEXT = """\
[cluster]
  name=dptst-files
  version=3.4.2
  jobs=journalnode zkfc namenode datanode
[journalnode]
  base_port=12100
  host.0=127.0.0.31
  [[arguments]]
[zkfc]
  base_port=12200
  [[arguments]]
[namenode]
  base_port=12300
  host.0=127.0.0.31
  host.1=127.0.0.32
  [[arguments]]
[datanode]
  base_port=12400
  host.0=127.0.0.31  # the first one
  host.1=127.0.0.32/rack=r1
  host.2=127.0.0.33
  host.3=127.0.0.34
  host.4=127.0.0.35/instance_num=2
  [[arguments]]
[configuration]
  base=%{config_dir}/conf/hdfs/common/hdfs-tst.cfg
"""


@pytest.fixture
def scene(session: Session, console: Console) -> Session:
    """An HDFS of six datanodes, two of them on one host; everything runs."""
    add_hosts(session, (*ADDRESSES, *MORE))
    add_cluster(session, console)
    save(session, Edit(FILE, "olga", time.time()), TEXT.encode())
    refresh_clusters(session, console, time.time())
    for task in session.scalars(select(Task)):
        task.state = task.wanted = "RUNNING"
        task.bootstrapped = True
    session.flush()
    session.expire_all()
    return session


def wish(action: str = "decommission", **more: Any) -> Wish:
    options = {"confirm": "dptst-files"} | more.pop("options", {})
    chosen = {"jobs": ["datanode"], **more}
    return Wish("hdfs", "dptst-files", action, "olga", time.time(), options=options, **chosen)


def cluster(session: Session) -> Cluster:
    return session.scalars(select(Cluster).filter_by(service="hdfs")).one()


def task(session: Session, job: str, number: int) -> Task:
    return session.scalars(select(Task).filter_by(job=job, number=number, cluster_id=cluster(session).id)).one()


def text(session: Session) -> str:
    found = read(session, FILE)
    assert found is not None and found.content is not None
    return found.content.decode()


def excludes(session: Session, console: Console, job: str, number: int = 0) -> list[str]:
    files = rendered_task(session, console, task(session, job, number)).task.files
    return [line for line in files["excludes"].splitlines() if line and not line.startswith("#")]


def over(session: Session, operation: Operation) -> None:
    end_operation(session, operation, OperationState.DONE, "", time.time())
    session.flush()
    session.expire_all()


def test_it_is_told_waited_for_and_then_stopped(scene: Session, console: Console) -> None:
    plan = draft(scene, console, wish(tasks=[1]))
    assert [wave.name for wave in plan.waves] == [
        "Look how datanode is",
        "namenode: send files",
        "namenode: read again which datanodes leave",
        "Wait until datanode can be stopped",
        "Stop datanode",
    ]
    sent, stopped = plan.waves[1], plan.waves[-1]
    assert [step.label for step in sent.steps] == [
        "prepare: namenode/0 on 127.0.0.31",
        "prepare: namenode/1 on 127.0.0.32",
    ]
    assert [step.label for step in stopped.steps] == ["stop: datanode/1 on 127.0.0.32"]
    assert plan.waves[3].steps[0].patience == 7 * 86400
    assert draft(scene, console, wish(tasks=[1], options={"deadline": 60})).waves[3].steps[0].patience == 60


def test_the_file_says_so_and_those_who_must_know_get_it(scene: Session, console: Console) -> None:
    operation = submit(scene, console, wish(tasks=[1])).operation
    assert text(scene) == TEXT.replace("127.0.0.32/rack=r1", "127.0.0.32/rack=r1/decommission=yes")
    assert read(scene, FILE).note == "decommission datanode/1"  # type: ignore[union-attr]
    assert operation.config_revision == read(scene, FILE).id  # type: ignore[union-attr]
    assert task(scene, "datanode", 1).leaving
    for number in (0, 1):
        assert excludes(scene, console, "namenode", number) == ["127.0.0.32:12402"]
    assert excludes(scene, console, "datanode") == [], "what a datanode has is no news"
    over(scene, operation)
    back = submit(scene, console, wish("recommission", tasks=[1], options={"confirm": ""})).operation
    assert text(scene) == TEXT
    assert excludes(scene, console, "namenode") == []
    assert back.wave_names == [
        "Look how datanode is",
        "namenode: send files",
        "namenode: read again which datanodes leave",
        "datanode: send package and files",
        "Start datanode",
        "Wait until datanode serves",
        "Wait until datanode serves again",
    ]


def test_a_cluster_says_how_its_tasks_are_named(scene: Session, console: Console) -> None:
    own = TEXT + "  [[decommission]]\n    datanode=%{current_host}:5%{task.number}\n"
    save(scene, Edit(FILE, "olga", time.time()), own.encode())
    submit(scene, console, wish(hosts=["127.0.0.35"]))
    assert excludes(scene, console, "namenode") == ["127.0.0.35:54", "127.0.0.35:55"]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"jobs": []}, "choose the hosts or tasks to decommission"),
        (
            {"jobs": ["namenode"]},
            "none of these tasks can be decommissioned: of this service, that is known for datanode",
        ),
        ({"tasks": [4]}, "datanode/5 is on 127.0.0.35 too: a host's datanode tasks leave together, choose the host"),
        ({}, "no datanode would stay: at least one has to take over"),
        ({"tasks": [0, 1, 2, 3]}, "2 datanode tasks stay, and dfs.replication is 3"),
        ({"action": "recommission", "tasks": [0]}, "datanode/0 is not decommissioned"),
        ({"tasks": [0], "options": {"confirm": ""}}, "type the cluster's name, dptst-files, to decommission it"),
    ],
)
def test_what_is_refused(scene: Session, console: Console, asked: dict[str, Any], words: str) -> None:
    with pytest.raises(Refused, match=words):
        submit(scene, console, wish(**asked))
    assert text(scene) == TEXT


def test_nobody_is_told_when_nobody_listens(scene: Session, console: Console) -> None:
    for number in (0, 1):
        task(scene, "namenode", number).state = "STOPPED"
    with pytest.raises(Refused, match="no namenode runs, and it must be told: start it first"):
        draft(scene, console, wish(tasks=[1]))


def test_a_host_takes_all_that_can_leave_of_it(scene: Session, console: Console) -> None:
    plan = draft(scene, console, wish(jobs=[], hosts=["127.0.0.35"]))
    assert [step.label for step in plan.waves[-1].steps] == [
        "stop: datanode/4 on 127.0.0.35",
        "stop: datanode/5 on 127.0.0.35",
    ]
    assert {task.job for task in plan.tasks} == {"datanode"}, "namenodes are only told"
    assert risks(scene, console, plan, time.time()) == []


def test_what_has_left_is_not_started_with_the_others(scene: Session, console: Console) -> None:
    over(scene, submit(scene, console, wish(tasks=[1])).operation)
    gone = task(scene, "datanode", 1)
    plan = draft(scene, console, wish("restart", jobs=["datanode"]))
    assert gone not in plan.tasks and len(plan.tasks) == 5
    with pytest.raises(Refused, match="decommissioned: recommission them"):
        draft(scene, console, wish("restart", tasks=[1]))
    assert gone in draft(scene, console, wish("stop", tasks=[1])).tasks
    gone.state = "STOPPED"
    with pytest.raises(Refused, match="datanode/1 is decommissioned already"):
        draft(scene, console, wish(tasks=[1]))


def test_what_has_left_is_no_fault(scene: Session, console: Console) -> None:
    over(scene, submit(scene, console, wish(tasks=[1])).operation)
    gone = task(scene, "datanode", 1)
    gone.state, gone.wanted = "STOPPED", "stopped"
    for one in cluster(scene).tasks:
        one.figures_at = time.time()
        one.texts = {"hdfs.role": "active" if one.number == 0 else "standby"}
    check_cluster(scene, console, cluster(scene).id, time.time())
    assert (cluster(scene).health, cluster(scene).health_reason) == ("ok", "")
    assert cluster(scene).health_jobs["datanode"]["total"] == 5


def test_the_page_asks_which_tasks(scene: Session, browser_as: Callable[[str], Browser]) -> None:
    scene.commit()
    admin = browser_as("admin")
    page = "/clusters/hdfs/dptst-files/act/decommission"
    assert "Decommission which tasks?" in admin.get(page).text
    shown = admin.get(f"{page}?task=datanode/1").text
    assert "Decommission 1 task?" in shown and "prepare: namenode/1" in shown
    form = {"task": "datanode/1", "confirm": "dptst-files", "deadline": ""}
    answer = admin.post(page, form, headers=admin.csrf, status=303)
    assert "/operations/" in answer.location
    assert "decommissioned" in admin.get("/clusters/hdfs/dptst-files").text
    scene.expire_all()
    assert "decommission=yes" in text(scene)


def test_one_that_did_not_finish_is_taken_up_again_and_counted_once(scene: Session, console: Console) -> None:
    over(scene, submit(scene, console, wish(tasks=[1])).operation)
    plan = draft(scene, console, wish(tasks=[1, 2]))
    assert plan.waves[3].steps[0].args["touched"] == [task(scene, "datanode", 2).id]


def test_lines_in_a_base_are_left_to_people(scene: Session, console: Console) -> None:
    head, _, rest = TEXT.partition("[datanode]")
    job, _, end = rest.partition("[configuration]")
    save(scene, Edit("conf/hdfs/ours.cfg", "olga", time.time()), f"[datanode]{job}[configuration]{end}".encode())
    own = f"{head}[configuration]\n  base=%{{config_dir}}/conf/hdfs/ours.cfg\n"
    save(scene, Edit(FILE, "olga", time.time()), own.encode())
    refresh_clusters(scene, console, time.time())
    with pytest.raises(Refused, match="host lines of datanode are not in the cluster's own file"):
        submit(scene, console, wish(tasks=[1]))
