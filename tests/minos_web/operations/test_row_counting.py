"""Rounds of row counts over rows, with a clock of ours; and their page."""

import dataclasses
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_common.facts import Fact, pack
from minos_common.states import StepState
from minos_web.console import Console
from minos_web.models.clusters import Cluster, Task
from minos_web.models.facts import TaskFacts
from minos_web.models.operations import Step
from minos_web.models.people import AuditEntry
from minos_web.models.row_counts import RowCount
from minos_web.models.runs import ClientRun
from minos_web.operations.describe import refresh_clusters
from minos_web.operations.refusal import Refused
from minos_web.operations.row_counting import is_asked_for, tend, unwant, want
from minos_web.store.configdir import Edit, save
from minos_web.store.outputs import Outputs
from tests.minos_web.conftest import Browser
from tests.minos_web.scene import add_default_files, add_hosts

FILE = "conf/hbase/hbase-dptst-tables.cfg"
TEXT = """\
[cluster]
  name=dptst-tables
  version=2.5.13
  jobs=regionserver master
[regionserver]
  base_port=12600
  host.0=127.0.0.31
  [[arguments]]
[master]
  base_port=12500
  host.0=127.0.0.31
  [[arguments]]
[configuration]
  base=%{config_dir}/conf/hbase/common/hbase-tst.cfg
"""
PAGE = "/clusters/hbase/dptst-tables/row-counting"
PRINTED = b" map 100% reduce 0%\nJob job_local1 completed successfully\n\t\tROWS=12345\n"


def clock(hour: int, day: int = 10) -> float:
    """That hour in the console's own zone."""
    return datetime(2026, 3, day, hour, 30).astimezone().timestamp()


@pytest.fixture
def cluster(session: Session, console: Console) -> Cluster:
    add_hosts(session)
    add_default_files(session, console, time.time())
    save(session, Edit(FILE, "admin", time.time()), TEXT.encode())
    refresh_clusters(session, console, time.time())
    for task in session.scalars(select(Task)):
        task.bootstrapped = True
    session.commit()
    return session.scalars(select(Cluster).filter_by(service="hbase")).one()


def row(session: Session, table: str = "t") -> RowCount:
    return session.scalars(select(RowCount).filter_by(table=table)).one()


def runs(session: Session) -> list[ClientRun]:
    return list(session.scalars(select(ClientRun).order_by(ClientRun.id)))


def end(session: Session, console: Console, at: float, printed: bytes, code: int | None = 0, message: str = "") -> None:
    """The newest command ends."""
    step = runs(session)[-1].step
    Outputs(console.var).put(step.command_id, 0, printed)
    step.state = StepState.DONE if code == 0 else StepState.FAILED
    step.ended_at, step.accepted_at, step.message, step.data = at, at - 60, message, {"exit_code": code}


def test_a_table_is_counted_once_in_its_hours(session: Session, console: Console, cluster: Cluster) -> None:
    want(session, cluster, "ns:t", "operator")
    tend(session, console, clock(12))
    assert runs(session) == []
    tend(session, console, clock(1))
    (run,) = runs(session)
    assert (run.command, run.step.args["words"], run.created_by) == ("rowcounter", ["ns:t"], "minos")
    assert row(session, "ns:t").counting
    tend(session, console, clock(2))
    assert len(runs(session)) == 1
    end(session, console, clock(3), PRINTED)
    tend(session, console, clock(3))
    found = row(session, "ns:t")
    assert (found.rows, found.counted_at, found.took, found.error) == (12345, clock(3), 60, "")
    for hour, day in ((4, 10), (1, 11), (1, 20)):
        tend(session, console, clock(hour, day))
    assert len(runs(session)) == 1


def test_a_round_is_needed_while_anything_is_counted(session: Session, console: Console, cluster: Cluster) -> None:
    assert not is_asked_for(session)
    want(session, cluster, "t", "operator")
    assert is_asked_for(session)
    tend(session, console, clock(1))
    unwant(session, cluster, "t", "operator", clock(1))
    assert is_asked_for(session)  # its end is to be taken in
    end(session, console, clock(2), b"", code=None)
    tend(session, console, clock(2))
    assert not is_asked_for(session)


def test_a_console_that_starts_anew_counts_nothing_twice(session: Session, console: Console, cluster: Cluster) -> None:
    want(session, cluster, "t", "operator")
    tend(session, console, clock(1))
    session.commit()
    with console.writers.begin() as other:  # what it was begun with is all that a new one knows
        tend(other, console, clock(1) + 10)
        assert len(runs(other)) == 1
    end(session, console, clock(2), PRINTED)
    session.commit()
    with console.writers.begin() as other:
        tend(other, console, clock(2))
    session.expire_all()
    assert row(session).rows == 12345


def test_one_table_of_a_cluster_at_a_time(session: Session, console: Console, cluster: Cluster) -> None:
    for table in ("a", "b"):
        want(session, cluster, table, "operator")
    tend(session, console, clock(1))
    tend(session, console, clock(1))
    assert [run.words for run in runs(session)] == ["a"]
    end(session, console, clock(2), PRINTED)
    tend(session, console, clock(2))
    assert [run.words for run in runs(session)] == ["a", "b"]
    end(session, console, clock(7), PRINTED)
    tend(session, console, clock(7))  # past the end: what was under way counts
    assert row(session, "b").rows == 12345


@pytest.mark.parametrize(
    ("printed", "ended", "words"),
    [
        (b"x\nERROR: no such table\n", (1, "it ended with exit code 1"), "exit code 1: ERROR: no such table"),
        (b"", (None, "host-31 has no package"), "host-31 has no package"),
        (b"half\n", (0, ""), "done: half"),
    ],
)
def test_a_failure_leaves_the_old_number(
    session: Session, console: Console, cluster: Cluster, printed: bytes, ended: tuple[int | None, str], words: str
) -> None:
    found = want(session, cluster, "t", "operator")
    found.rows, found.counted_at = 7, clock(1) - 40 * 86400
    tend(session, console, clock(1))
    end(session, console, clock(1), printed, *ended)
    tend(session, console, clock(2))
    assert (found.rows, found.counted_at, found.counting) == (7, clock(1) - 40 * 86400, False)
    assert words in found.error
    tend(session, console, clock(3))
    assert len(runs(session)) == 1  # not again in these hours
    tend(session, console, clock(1, 11))
    assert len(runs(session)) == 2


def test_what_it_printed_may_be_gone(session: Session, console: Console, cluster: Cluster) -> None:
    want(session, cluster, "t", "operator")
    tend(session, console, clock(1))
    (run,) = runs(session)
    session.delete(run)
    session.flush()
    tend(session, console, clock(2))
    assert (row(session).counting, row(session).error) == (False, "what it printed is not kept any more")


def test_a_cluster_without_a_host_says_so(session: Session, console: Console, cluster: Cluster) -> None:
    for task in cluster.tasks:
        task.host_id = None
    want(session, cluster, "t", "operator")
    tend(session, console, clock(1))
    assert "no task of dptst-tables has a host" in row(session).error


def test_too_many_commands_at_a_time_are_waited_for(
    session: Session, console: Console, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    want(session, cluster, "t", "operator")
    monkeypatch.setattr("minos_web.operations.client_runs.MOST_OPEN", 0)
    tend(session, console, clock(1))
    assert (row(session).error, row(session).tried_at) == ("", None)
    monkeypatch.undo()
    tend(session, console, clock(1))
    assert row(session).counting


def test_cancelling_ends_the_count_and_keeps_the_number(session: Session, console: Console, cluster: Cluster) -> None:
    found = want(session, cluster, "t", "operator")
    found.rows = 7
    tend(session, console, clock(1))
    unwant(session, cluster, "t", "operator", clock(1))
    step = session.scalars(select(Step)).one()
    assert step.state == StepState.CANCELLED
    tend(session, console, clock(2))
    assert (found.rows, found.wanted, found.counting) == (7, False, False)
    with pytest.raises(Refused, match="are not counted"):
        unwant(session, cluster, "t", "operator", clock(1))
    want(session, cluster, "t", "operator")
    tend(session, console, clock(2))
    assert found.counting  # asked for anew: it does not wait for the next hours


@pytest.mark.parametrize("table", ["", "-t", "a b", "a;b", "$(x)", "a:b:c", ":t", "t" * 256, "é", "'"])
def test_what_is_no_table(session: Session, cluster: Cluster, table: str) -> None:
    with pytest.raises(Refused) as refused:
        want(session, cluster, table, "operator")
    assert refused.value.field == "table"


def test_all_day_when_both_hours_are_the_same(session: Session, console: Console, cluster: Cluster) -> None:
    settings = msgspec.structs.replace(console.settings, row_count_start_hour=3, row_count_end_hour=3)
    want(session, cluster, "t", "operator")
    tend(session, dataclasses.replace(console, settings=settings), clock(15))
    assert row(session).counting


@pytest.fixture
def told(session: Session, cluster: Cluster) -> None:
    """A region server tells of two tables."""
    server = next(task for task in cluster.tasks if task.job == "regionserver")
    server.state = "RUNNING"
    facts = [Fact(str(number), {}, {"table": name}) for number, name in enumerate(("t", "ns:u"))]
    at = time.time()
    session.add(
        TaskFacts(task_id=server.id, kind="region", at=at, taken_at=1.0, run="1", packed=pack(facts)[0], count=2)
    )
    session.commit()


def test_the_page_has_both_lists(told: None, browser_as: Callable[[str], Browser], console: Console) -> None:
    operator: Any = browser_as("operator")
    page = operator.get(PAGE)
    assert "No table is counted" in page.text and 'value="ns:u"' in page.text
    assert "30 days" in page.text and "0:00 and 6:00" in page.text
    operator.post(PAGE, {"add": "ns:u", "csrf_token": operator.csrf_token}, status=303)
    page = operator.get(PAGE).text
    assert "The rows of ns:u are counted" in page and "waits for its turn" in page
    refused = operator.post(PAGE, {"add": "<b>", "csrf_token": operator.csrf_token}, status=422).text
    assert "A table is called" in refused and "<b>" not in refused.partition("<main")[2].replace("<b>Counted</b>", "")
    operator.post(PAGE, {"cancel": "ns:u", "csrf_token": operator.csrf_token}, status=303)
    with console.readers() as session:
        told_of = [(one.action, one.details["table"]) for one in session.scalars(select(AuditEntry))]
    assert told_of == [("row-count.add", "ns:u"), ("row-count.cancel", "ns:u")]


def test_the_page_tells_numbers_progress_and_failures(
    session: Session, console: Console, cluster: Cluster, browser_as: Callable[[str], Browser]
) -> None:
    for table in ("a", "b", "c"):
        want(session, cluster, table, "operator")
    tend(session, console, clock(1))
    Outputs(console.var).put(runs(session)[0].step.command_id, 0, b" map 40% reduce 0%\n")
    failed, counted = row(session, "b"), row(session, "c")
    failed.error, failed.rows, failed.counted_at, failed.tried_at = "no <host>", 77, 1.0, 2.0
    counted.rows, counted.counted_at, counted.took = 1234567, time.time(), 61.0
    session.commit()
    page = browser_as("operator").get(PAGE).text
    assert "counting, 40 %" in page and "1,234,567" in page and "no &lt;host&gt;" in page
    assert "77" in page and "1 min 01 s" in page and f"/runs/{row(session, 'a').run}" in page


def test_viewers_look_and_other_services_have_none(
    session: Session, cluster: Cluster, browser_as: Callable[[str], Browser]
) -> None:
    session.commit()
    viewer: Any = browser_as("viewer")
    assert "Count it" not in viewer.get(PAGE).text
    viewer.post(PAGE, {"add": "t", "csrf_token": viewer.csrf_token}, status=403)
    viewer.get("/clusters/zookeeper/none/row-counting", status=404)
