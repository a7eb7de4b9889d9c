"""Rounds of reading over rows, with a clock of ours."""

import dataclasses

import msgspec
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_common.states import StepState
from minos_web.console import Console
from minos_web.models.clusters import Cluster
from minos_web.models.news import News
from minos_web.models.runs import ClientRun
from minos_web.monitor.quotas.keeping import GONE
from minos_web.monitor.quotas.output import TWICE
from minos_web.monitor.quotas.reading import Wish, ask_to_read, is_work, reading_of, switch, tend
from minos_web.operations.refusal import Refused
from tests.minos_web.monitor.quotas.scene import ALICE, BOB, GB, an_hdfs, end, line, newest, read, reading, rows

AT = 1_790_000_000.0
HOUR = 3600.0


@pytest.fixture
def cluster(session: Session) -> Cluster:
    return an_hdfs(session)


def runs(session: Session) -> list[str]:
    return list(session.scalars(select(ClientRun.words).order_by(ClientRun.id)))


def news(session: Session) -> list[tuple[str, str]]:
    return [(one.kind, one.title) for one in session.scalars(select(News).order_by(News.id))]


def test_a_cluster_is_read_once_an_hour(session: Session, console: Console, cluster: Cluster) -> None:
    assert is_work(session, console, AT)
    tend(session, console, AT)
    assert runs(session) == ["-count -q -v /user/*"] and newest(session).created_by == "minos-quotas"
    assert not is_work(session, console, AT + 2 * HOUR)  # it is under way
    end(session, console, line(ALICE, (1000, 15), (10 * GB, GB)), AT + 5)
    assert is_work(session, console, AT + 6)
    tend(session, console, AT + 6)
    row = rows(session)[ALICE]
    assert (row.name_quota, row.names_used, row.space_quota, row.space_used) == (1000, 15, 10 * GB, GB)
    assert (row.at, reading(session).read_at, reading(session).error) == (AT + 5, AT + 5, "")
    assert not is_work(session, console, AT + HOUR - 1) and is_work(session, console, AT + HOUR)
    tend(session, console, AT + HOUR)
    assert len(runs(session)) == 1, "the command of the hour before is forgotten"


def test_space_without_a_quota_is_added_up(session: Session, console: Console, cluster: Cluster) -> None:
    printed = line(ALICE, (None, 3), (10 * GB, 7)) + line("/user/b [x]", (50, 3))
    tend(session, console, AT)
    end(session, console, printed, AT)
    tend(session, console, AT)
    assert runs(session)[-1] == "-du -s '/user/b \\[x\\]'" and reading(session).reading and not rows(session)
    assert not is_work(session, console, AT)
    end(session, console, "5  15  /user/b [x]\n", AT + 1)
    tend(session, console, AT + 1)
    found = rows(session)
    assert (found[ALICE].space_used, found["/user/b [x]"].space_used, found["/user/b [x]"].space_quota) == (7, 15, None)
    assert not reading(session).reading


def test_of_very_many_all_are_added_up(session: Session, console: Console, cluster: Cluster) -> None:
    switch(session, cluster, Wish(True, ["/hbase"], "operator", AT))
    tend(session, console, AT)
    assert runs(session) == ["-count -q -v /user/* /hbase"]
    end(session, console, "".join(line(f"/user/user-{number:06}") for number in range(1000)), AT)
    tend(session, console, AT)
    assert runs(session)[-1] == "-du -s /user/* /hbase"
    end(session, console, "", AT, code=1)
    tend(session, console, AT)
    assert len(rows(session)) == 1001 and rows(session)["/user/user-000007"].space_used is None
    assert reading(session).error == ""


def test_who_is_gone_is_gone_and_what_the_site_names_stays(
    session: Session, console: Console, cluster: Cluster
) -> None:
    switch(session, cluster, Wish(True, ["/hbase", "/none"], "operator", AT))
    read(session, console, line(ALICE) + line(BOB) + line("/hbase"), AT)
    assert set(rows(session)) == {ALICE, BOB, "/hbase", "/none"}
    printed = line(BOB) + "count: `/hbase': No such file or directory\ncount: `/none': No such file or directory\n"
    tend(session, console, AT + HOUR)
    end(session, console, printed, AT + HOUR, code=1)
    tend(session, console, AT + HOUR)
    end(session, console, "1  2  /user/bob\n", AT + HOUR)
    tend(session, console, AT + HOUR)
    found = rows(session)
    assert set(found) == {BOB, "/hbase", "/none"}
    assert (found["/hbase"].names_used, found["/hbase"].error) == (None, GONE)
    assert reading(session).error == ""


@pytest.mark.parametrize(
    ("printed", "message", "words"),
    [
        ("WARN x\ncount: Call From a to b failed on connection exception\n", "it ended with exit code 1", "connection exception"),
        ("", "host-31 has no package", "host-31 has no package"),
        ("nonsense\n", "it ended with exit code 1", "nonsense"),
        (line(ALICE, (5, 5)) + "[9 bytes were lost here: the console was away]\n", "", "part of what was printed is missing"),
    ],
)  # fmt: skip
def test_a_failure_leaves_the_old_numbers(
    session: Session, console: Console, cluster: Cluster, printed: str, message: str, words: str
) -> None:
    read(session, console, line(ALICE, (1000, 15), (10 * GB, GB)), AT)
    tend(session, console, AT + HOUR)
    end(session, console, printed, AT + HOUR, code=1, message=message)
    tend(session, console, AT + HOUR)
    row, how = rows(session)[ALICE], reading(session)
    assert (row.names_used, row.space_used, row.at) == (15, GB, AT)
    assert words in how.error and (how.read_at, how.failures, how.reading) == (AT, 1, False)
    assert not is_work(session, console, AT + HOUR + 299) and is_work(session, console, AT + HOUR + 300)


def test_the_third_failure_in_a_row_is_told_and_the_end_of_it(
    session: Session, console: Console, cluster: Cluster
) -> None:
    for number in range(5):
        tend(session, console, AT + number * 300)
        end(session, console, "", AT + number * 300, code=1, message="it ended with exit code 255")
        tend(session, console, AT + number * 300)
        assert len(news(session)) == (number >= 2)
    read(session, console, line(ALICE), AT + HOUR, {ALICE: 1})
    assert news(session) == [
        ("problem", "Quotas of lake-files cannot be read"),
        ("recovery", "Quotas of lake-files are read again"),
    ]


def test_what_could_not_be_read_is_named_and_keeps_its_numbers(
    session: Session, console: Console, cluster: Cluster
) -> None:
    read(session, console, line(ALICE, (10, 3), (GB, 1)) + line(BOB, (10, 4), (GB, 1)), AT)
    tend(session, console, AT + HOUR)
    end(session, console, "count: Permission denied: user=x\n" + line(BOB, (10, 6), (GB, 1)), AT + HOUR, code=1)
    tend(session, console, AT + HOUR)
    found = rows(session)
    assert (found[ALICE].names_used, found[ALICE].at, found[ALICE].error) == (3, AT, "count: Permission denied: user=x")
    assert (found[BOB].names_used, found[BOB].at, found[BOB].error) == (6, AT + HOUR, "")
    assert "not everything could be read: count: Permission denied" in reading(session).error
    assert not is_work(session, console, AT + 2 * HOUR - 1)  # the next turn is an hour later: most of it came


def test_names_that_look_the_same_have_no_numbers(session: Session, console: Console, cluster: Cluster) -> None:
    read(session, console, line("/user/??", (5, 2), (GB, 1)) + line("/user/??", (5, 3), (GB, 1)), AT)
    row = rows(session)["/user/??"]
    assert (row.names_used, row.error) == (None, TWICE)


def test_nothing_is_tried_without_an_active_namenode(session: Session, console: Console, cluster: Cluster) -> None:
    for task in cluster.tasks:
        task.state = "BACKOFF" if task.number == 0 else task.state
    session.flush()
    assert not is_work(session, console, AT)
    with pytest.raises(Refused, match="no namenode of lake-files is active"):
        ask_to_read(session, cluster, "operator", AT)
    cluster.tasks[0].state, cluster.tasks[0].texts = "RUNNING", {}  # one that does not say what it is may be asked
    session.flush()
    assert is_work(session, console, AT)


def test_switched_off_and_asked_for(session: Session, console: Console, cluster: Cluster) -> None:
    switch(session, cluster, Wish(False, [], "operator", AT))
    assert not is_work(session, console, AT)
    ask_to_read(session, cluster, "operator", AT)
    read(session, console, line(ALICE, (5, 2), (GB, 1)), AT)
    assert ALICE in rows(session) and reading(session).asked_at is None
    assert not is_work(session, console, AT + 9 * HOUR)


def test_no_rounds_at_all(session: Session, console: Console, cluster: Cluster) -> None:
    quiet = dataclasses.replace(console, settings=msgspec.structs.replace(console.settings, quota_seconds=0.0))
    assert not is_work(session, quiet, AT)
    ask_to_read(session, cluster, "operator", AT)
    assert is_work(session, quiet, AT)


def test_switching_off_ends_a_read(session: Session, console: Console, cluster: Cluster) -> None:
    tend(session, console, AT)
    switch(session, cluster, Wish(False, [], "operator", AT))
    assert newest(session).step.state == StepState.CANCELLED
    tend(session, console, AT)
    assert not reading(session).reading


def test_a_silent_host_is_not_waited_for(session: Session, console: Console, cluster: Cluster) -> None:
    tend(session, console, AT)
    newest(session).step.state = StepState.UNKNOWN
    tend(session, console, AT + 2000)
    assert "has been silent" in reading(session).error and not reading(session).reading


def test_a_console_that_starts_anew_reads_nothing_twice(session: Session, console: Console, cluster: Cluster) -> None:
    tend(session, console, AT)
    session.commit()
    with console.writers.begin() as other:
        tend(other, console, AT + 10)
        assert len(runs(other)) == 1


def test_too_many_commands_at_a_time_are_waited_for(
    session: Session, console: Console, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("minos_web.operations.client_runs.MOST_OPEN", 0)
    tend(session, console, AT)
    assert (reading(session).error, reading(session).tried_at) == ("", None)
    monkeypatch.undo()
    tend(session, console, AT)
    assert reading(session).reading


def test_a_cluster_without_hosts_says_so(session: Session, console: Console, cluster: Cluster) -> None:
    for task in cluster.tasks:
        task.host_id = None
    session.flush()
    tend(session, console, AT)
    assert "no task of lake-files has a host" in reading(session).error


def test_one_cluster_does_not_keep_another_from_being_read(
    session: Session, console: Console, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = an_hdfs(session, "sea-files")
    real = reading_of

    def breaks(given: Session, asked: Cluster) -> object:
        if asked.id == cluster.id:
            raise RuntimeError("broken")
        return real(given, asked)

    monkeypatch.setattr("minos_web.monitor.quotas.reading.reading_of", breaks)
    tend(session, console, AT)
    assert [run.cluster_id for run in session.scalars(select(ClientRun))] == [other.id]


def test_retired_clusters_and_other_services_are_left_alone(
    session: Session, console: Console, cluster: Cluster
) -> None:
    cluster.retired = True
    session.flush()
    assert not is_work(session, console, AT)


def test_letters_that_a_host_may_not_know_are_no_arguments(
    session: Session, console: Console, cluster: Cluster
) -> None:
    tend(session, console, AT)
    end(session, console, line("/user/Zoë"), AT)
    tend(session, console, AT)
    assert runs(session)[-1] == "-du -s /user/*"
    end(session, console, "1  7  /user/Zoë\n", AT)
    tend(session, console, AT)
    assert rows(session)["/user/Zoë"].space_used == 7
