"""A rolling update as it is asked for: who is updated in which order, what is guarded, and the way back."""

import time
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_common.states import OperationState, StepState
from minos_web.console import Console
from minos_web.models.clusters import Cluster, Task
from minos_web.models.hosts import Host
from minos_web.models.operations import Operation, Step
from minos_web.models.packages import Package
from minos_web.operations.control import control
from minos_web.operations.describe import refresh_clusters
from minos_web.operations.drafting import Draft, draft
from minos_web.operations.guarding import check_guard, risks
from minos_web.operations.preview import plan_json
from minos_web.operations.refusal import Refused
from minos_web.operations.settle import end_operation
from minos_web.operations.submit import submit
from minos_web.operations.wish import Wish
from minos_web.store.configdir import Edit, save
from tests.minos_web.scene import add_cluster, add_hosts, add_package, cluster_file, mark_prepared

FILE = "conf/zookeeper/zookeeper-dptst.cfg"
LEAVES_ONE = "Stopping this leaves 1 of 3 zookeeper tasks running, and 2 are needed: dptst does not serve."


@pytest.fixture
def ready(console: Console, session: Session) -> Session:
    """A running ensemble; zookeeper/1 leads."""
    add_hosts(session)
    add_package(session).sha256 = "ab" * 32  # what mark_prepared says is on the hosts
    add_cluster(session, console)
    session.flush()
    mark_prepared(session, console)
    for task in session.scalars(select(Task)):
        task.state, task.wanted = "RUNNING", "running"
        task.texts = {"zookeeper.role": "leader" if task.number == 1 else "follower"}
    session.flush()
    return session


def wish(action: str = "rolling_update", **more: Any) -> Wish:
    options = {"confirm": "dptst"} | more.pop("options", {})
    return Wish("zookeeper", "dptst", action, "olga", time.time(), options=options, **more)


def stopped(plan: Draft) -> list[list[int]]:
    return [
        [step.task.number for step in wave.steps if step.task] for wave in plan.waves if wave.steps[0].verb == "stop"
    ]


def task(session: Session, number: int) -> Task:
    found = session.scalar(select(Task).filter_by(number=number))
    assert found is not None
    return found


def needing(session: Session, state: str) -> None:
    """A cluster of another service that needs the ensemble, with a task in this state."""
    host_id = task(session, 0).host_id
    row = Cluster(service="hdfs", name="dptst-files", version="3.4.2", created_at=0.0, needs=["zookeeper/dptst"])
    row.tasks = [
        Task(job="namenode", number=0, address="127.0.0.31", host_id=host_id, base_port=1, instance=-1, state=state)
    ]
    session.add(row)
    session.flush()


def test_the_leader_comes_last_and_one_at_a_time(ready: Session, console: Console) -> None:
    assert stopped(draft(ready, console, wish(options={"batch": 3}))) == [[0], [2], [1]]


def test_what_somebody_stopped_stays_so(ready: Session, console: Console) -> None:
    task(ready, 0).state = task(ready, 0).wanted = "STOPPED"
    assert stopped(draft(ready, console, wish())) == [[2], [1]]
    with pytest.raises(Refused, match="none of these tasks runs"):
        draft(ready, console, wish(tasks=[0]))


@pytest.mark.parametrize(
    ("action", "tasks", "text", "breaks"),
    [
        ("stop", [0], "Stopping this leaves 2 of 3 zookeeper tasks running, and 2 are needed.", False),
        ("stop", [0, 1], LEAVES_ONE, True),
        ("restart", [0], "Meanwhile this leaves 2 of 3 zookeeper tasks running, and 2 are needed.", False),
        ("rolling_update", [], "Each step leaves 2 of 3 zookeeper tasks running, and 2 are needed.", False),
    ],
)
def test_what_is_left_is_told(
    ready: Session, console: Console, action: str, tasks: list[int], text: str, breaks: bool
) -> None:
    plan = draft(ready, console, wish(action, tasks=tasks))
    assert [(one.text, one.breaks) for one in risks(ready, console, plan, time.time())] == [(text, breaks)]


def test_a_restart_of_all_names_the_better_way(ready: Session, console: Console) -> None:
    [risk] = risks(ready, console, draft(ready, console, wish("restart")), time.time())
    assert "A rolling update takes one after another" in risk.text
    assert not risk.breaks, "the whole cluster, and nobody needs it"


def test_a_host_that_is_silent_counts_as_away(ready: Session, console: Console) -> None:
    host = ready.get_one(Host, task(ready, 2).host_id)
    host.beat_at = time.time() - 3600
    [risk] = risks(ready, console, draft(ready, console, wish("stop", tasks=[0])), time.time())
    assert risk.breaks and "leaves 1 of 3" in risk.text


def test_start_and_show_put_nothing_at_risk(ready: Session, console: Console) -> None:
    for action in ("start", "show"):
        assert risks(ready, console, draft(ready, console, wish(action)), time.time()) == []


@pytest.mark.parametrize(("state", "breaks"), [("RUNNING", True), ("STOPPED", False)])
def test_the_whole_is_stopped_when_nobody_who_runs_needs_it(
    ready: Session, console: Console, state: str, breaks: bool
) -> None:
    needing(ready, state)
    found = risks(ready, console, draft(ready, console, wish("stop")), time.time())
    assert any(one.breaks for one in found) is breaks
    assert any("HDFS dptst-files needs this cluster and runs now." in one.text for one in found) is breaks


def test_only_an_administrator_does_it_all_the_same(ready: Session, console: Console) -> None:
    asked = {"tasks": [0, 1]}
    with pytest.raises(Refused, match="an administrator may do it all the same") as refused:
        submit(ready, console, wish("stop", **asked))
    assert (refused.value.code, refused.value.field) == ("breaks-service", "override")
    with pytest.raises(Refused, match=r"options\.override"):
        submit(ready, console, wish("stop", **asked, may_override=True))
    with pytest.raises(Refused, match="only an administrator"):
        submit(ready, console, wish("stop", **asked, options={"override": True}))
    done = submit(ready, console, wish("stop", **asked, may_override=True, options={"override": True}))
    assert done.operation.options["override"] is True


def test_what_breaks_nothing_needs_no_override(ready: Session, console: Console) -> None:
    asked = wish("stop", tasks=[0])
    check_guard(ready, console, draft(ready, console, asked), asked)


def submitted(session: Session, console: Console, **options: Any) -> Operation:
    operation = submit(session, console, wish(options=options)).operation
    end_operation(session, operation, OperationState.DONE, "", 0.0)
    return operation


def test_the_way_back_leads_to_what_was_there(ready: Session, console: Console) -> None:
    old = int(task(ready, 0).config_revision)
    text = f"{cluster_file()}  [[zookeeper.cfg]]\n    tick_time=3000\n"
    save(ready, Edit(FILE, "admin", time.time()), text.encode())
    refresh_clusters(ready, console, time.time())
    operation = submitted(ready, console)
    assert operation.options["before"]["revision"] == old < operation.config_revision
    back = draft(ready, console, wish(options={"back_to": operation.id}))
    assert back.revision == old
    told = plan_json(ready, console, wish(options={"back_to": operation.id}))
    assert (told["config_revision"], told["not_possible_now"]) == (old, "")


def test_a_way_back_to_a_package_that_is_gone_is_none(ready: Session, console: Console) -> None:
    operation = submitted(ready, console)
    ready.get_one(Package, operation.package_id or 1).sha256 = "cd" * 32
    with pytest.raises(Refused, match=r"the package from before \(sha256 abababababab\) is not in the store"):
        draft(ready, console, wish(options={"back_to": operation.id}))


def test_there_is_no_way_back_from_what_brought_nothing(ready: Session, console: Console) -> None:
    operation = submit(ready, console, wish("stop", tasks=[0])).operation
    end_operation(ready, operation, OperationState.DONE, "", 0.0)
    for number in (operation.id, 4711):
        with pytest.raises(Refused, match="brought nothing") as refused:
            draft(ready, console, wish(options={"back_to": number}))
        assert refused.value.field == "back_to"


def standing(session: Session, console: Console, verb: str) -> tuple[Operation, Step]:
    """A rolling update that stands still at its first step of this verb, which failed (a pause step: is open)."""
    operation = submit(session, console, wish(options={"pause_after_first": True})).operation
    step = next(one for one in operation.steps if one.verb == verb)
    step.state = StepState.RUNNING.value if verb == "pause" else StepState.FAILED.value
    operation.state = OperationState.PAUSED.value
    session.flush()
    return operation, step


def test_resume_looks_again_at_a_fact(ready: Session, console: Console) -> None:
    operation, step = standing(ready, console, "gate")
    command = step.command_id
    control(ready, operation.id, "resume", "olga", 5.0)
    assert (step.state, step.passed_over, step.attempt, operation.state) == ("waiting", False, 2, "running")
    assert step.command_id != command


def test_resume_leaves_a_failed_command_behind(ready: Session, console: Console) -> None:
    operation, step = standing(ready, console, "prepare")
    control(ready, operation.id, "resume", "olga", 5.0)
    assert (step.state, step.passed_over, operation.state) == ("failed", True, "running")


def test_resume_ends_what_stood_still_as_asked(ready: Session, console: Console) -> None:
    operation, step = standing(ready, console, "pause")
    control(ready, operation.id, "resume", "olga", 5.0)
    assert (step.state, step.message, step.ended_at) == ("done", "resumed by olga", 5.0)


def test_skip_goes_on_although_a_fact_does_not_hold(ready: Session, console: Console) -> None:
    operation, step = standing(ready, console, "gate")
    control(ready, operation.id, "skip", "olga", 5.0)
    assert (step.state, step.passed_over) == ("failed", True)
    assert operation.message == "olga went on without what failed"


def test_nothing_is_skipped_where_nothing_failed(ready: Session, console: Console) -> None:
    operation, _ = standing(ready, console, "pause")
    with pytest.raises(Refused, match="nothing failed"):
        control(ready, operation.id, "skip", "olga", 5.0)


def test_a_package_of_another_version_is_told(ready: Session, console: Console) -> None:
    other = add_package(ready, "3.8.1")
    other.version = "3.8.1"
    plan = draft(ready, console, wish("rolling_update", options={"package_id": str(other.id)}))
    texts = [one.text for one in risks(ready, console, plan, time.time())]
    assert texts[0] == "zookeeper-3.8.1.tar.gz is of version 3.8.1, and the cluster file says version=3.9.9."
