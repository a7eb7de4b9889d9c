"""What schedules can do: each kind begun, followed and told by the tick."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_common.states import OperationState, StepState
from minos_web.console import Console
from minos_web.engine.scheduling import tick
from minos_web.models.clusters import Task
from minos_web.models.hosts import Host
from minos_web.models.news import News
from minos_web.models.packages import Package
from minos_web.models.row_counts import RowCount
from minos_web.models.runs import ClientRun
from minos_web.operations.refusal import Refused
from tests.minos_web.engine.scheduling.scheduled import DAY, HOUR, NOW, end, made, newest, operations
from tests.minos_web.scene import add_cluster, add_hosts, add_package


@pytest.mark.parametrize(
    ("kind", "arguments", "action"),
    [
        ("check", {}, "show"),
        ("check", {"tasks": [1]}, "show"),
        ("operation", {"action": "start", "options": {}}, "start"),
        ("operation", {"action": "install"}, "install"),
    ],
)
def test_kinds_that_are_operations(
    ready: Console, read: Session, kind: str, arguments: dict[str, Any], action: str
) -> None:
    made(ready, kind=kind, arguments=arguments)
    tick(ready, NOW)
    assert newest(read).message == "" and [one.action for one in operations(read)] == [action]


def test_a_report_is_told_to_whom_it_names(ready: Console, read: Session) -> None:
    made(ready, name="bad", every=86400)
    tick(ready, NOW)
    end(ready, OperationState.FAILED, "a host <died>", NOW + 60)
    tick(ready, NOW + 65)
    made(ready, name="morning", kind="report", cluster="", at=NOW + 600, arguments={"recipients": ["a@example.org"]})
    tick(ready, NOW + 600)
    found = read.scalars(select(News).where(News.kind == "report")).one()
    assert found.recipients == ["a@example.org"] and found.title.startswith("Report: 1 clusters")
    assert "zookeeper/dptst: unknown" in found.text and "a host <died>" in found.text and "- bad" in found.text
    assert newest(read).state == "done"


def test_packages_are_looked_at_by_the_round_that_does_so_anyway(ready: Console, read: Session) -> None:
    made(ready, kind="package-integrity", cluster="", arguments={})
    with ready.writers.begin() as session:
        session.scalars(select(Package)).one().checked_at = NOW - DAY
    tick(ready, NOW)
    read.rollback()
    assert read.scalars(select(Package.checked_at)).one() is None
    tick(ready, NOW + 5)
    assert (newest(read).state, newest(read).message) == ("running", "0 looked at, 1 to go")
    with ready.writers.begin() as session:
        package = session.scalars(select(Package)).one()
        package.checked_at, package.state = NOW + 300, "damaged"
    tick(ready, NOW + 305)
    assert newest(read).state == "failed" and "damaged: zookeeper-3.9.9.tar.gz" in newest(read).message


def test_packages_that_cannot_be_read_do_not_keep_it_for_ever(ready: Console, read: Session) -> None:
    made(ready, kind="package-integrity", cluster="", arguments={}, every=86400)
    tick(ready, NOW)
    tick(ready, NOW + 3 * HOUR)
    assert newest(read).state == "failed" and "1 packages cannot be read" in newest(read).message


def test_a_client_command(ready: Console, read: Session) -> None:
    made(ready, kind="command", arguments={"command": "zk", "words": "ls /"})
    tick(ready, NOW)
    with ready.writers.begin() as session:
        run = session.scalars(select(ClientRun)).one()
        assert (run.command, run.words, run.created_by) == ("zk", "ls /", "operator")
        tick_at = NOW + 5
        run.step.state, run.step.ended_at, run.step.data = StepState.DONE.value, tick_at, {"exit_code": 3}
    assert newest(read).run_id == 1
    tick(ready, NOW + 10)
    assert (newest(read).state, newest(read).message) == ("failed", "it ended with exit code 3")


def test_a_command_that_runs_any_code_is_an_administrators(ready: Console) -> None:
    with pytest.raises(Refused) as refused:
        made(ready, kind="command", arguments={"command": "class", "words": "Main"})
    assert refused.value.field == "command"


def test_hosts_that_are_silent_fail_it(console: Console, read: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    with console.writers.begin() as session:
        add_hosts(session)
        add_package(session)
        add_cluster(session, console)
        for host in session.scalars(select(Host)):
            host.beat_at = NOW - 500
        for task in session.scalars(select(Task)):
            task.bootstrapped = True
    made(console)
    tick(console, NOW)
    assert newest(read).state == "failed" and "was last heard 500 s ago" in newest(read).message


def test_rows_of_a_table_are_counted_and_the_number_is_told(ready: Console, read: Session) -> None:
    from minos_web.operations.describe import refresh_clusters
    from minos_web.operations.row_counting import tend
    from minos_web.store.configdir import Edit, save
    from minos_web.store.outputs import Outputs
    from tests.minos_web.operations.test_row_counting import FILE, PRINTED, TEXT

    with ready.writers.begin() as session:
        save(session, Edit(FILE, "admin", NOW), TEXT.encode())
        refresh_clusters(session, ready, NOW)
    made(ready, kind="row-count", cluster="hbase/dptst-tables", arguments={"table": "ns:t"})
    tick(ready, NOW)
    assert newest(read).message == ""
    tick(ready, NOW + 5)
    assert newest(read).state == "running"
    with ready.writers.begin() as session:
        run = session.scalars(select(ClientRun)).one()
        assert run.step.args["words"] == ["ns:t"] and not session.scalars(select(RowCount)).one().wanted
        Outputs(ready.var).put(run.step.command_id, 0, PRINTED)
        run.step.state, run.step.ended_at, run.step.data = StepState.DONE.value, NOW + 60, {"exit_code": 0}
    tick(ready, NOW + 62)
    assert newest(read).state == "running", "the round of row counts has not taken its number in yet"
    with ready.writers.begin() as session:
        tend(session, ready, NOW + 65)
    tick(ready, NOW + 70)
    assert (newest(read).state, newest(read).message) == ("done", "12,345 rows")
