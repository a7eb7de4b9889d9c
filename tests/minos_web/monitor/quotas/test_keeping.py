"""What is told and remembered of numbers that were read."""

import dataclasses

import msgspec
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_web.console import Console
from minos_web.models.clusters import Cluster
from minos_web.models.news import News
from minos_web.monitor.quotas.addresses import keep_addresses
from minos_web.monitor.quotas.reading import tend
from minos_web.monitor.series.asking import query
from minos_web.monitor.series.port import SeriesQuery
from tests.minos_web.monitor.quotas.scene import ALICE, BOB, GB, an_hdfs, end, line, read, rows

AT = 1_790_000_000.0
HOUR = 3600.0
TB = 1024 * GB


@pytest.fixture
def cluster(session: Session) -> Cluster:
    return an_hdfs(session)


def told(session: Session) -> list[News]:
    found = list(session.scalars(select(News).order_by(News.id)))
    for one in found:
        session.delete(one)
    session.flush()
    return found


def values(session: Session, metric: str) -> list[float | None]:
    wanted = SeriesQuery((metric,), AT - 10, AT + 5 * HOUR, 20000, service="hdfs", cluster="lake-files")
    return [value for one in query(session, wanted) for _, value in one["points"]]


def test_worse_and_well_again_are_told_once(session: Session, console: Console, cluster: Cluster) -> None:
    read(session, console, line(ALICE, (10_000, 10), (TB, GB)), AT)
    assert told(session) == []
    read(session, console, line(ALICE, (10_000, 8001), (TB, GB)), AT + HOUR)
    (problem,) = told(session)
    assert (problem.kind, problem.level, problem.key) == ("problem", "warning", "quota:lake-files:/user/alice")
    assert (problem.service, problem.cluster, problem.recipients) == ("hdfs", "lake-files", [])
    assert problem.title == "Quota of alice in lake-files is nearly used up"
    assert "names: 1,999 of 10,000 left, 80 % used" in problem.text and ".Trash" in problem.text
    assert problem.path == "/clusters/hdfs/lake-files/quotas" and problem.at == AT + HOUR
    read(session, console, line(ALICE, (10_000, 9000), (TB, GB)), AT + 2 * HOUR)
    assert told(session) == []
    read(session, console, line(ALICE, (10_000, 10_000), (TB, GB)), AT + 3 * HOUR)
    assert [(one.kind, one.level) for one in told(session)] == [("problem", "error")]
    read(session, console, line(ALICE, (10_000, 9000), (TB, GB)), AT + 4 * HOUR)
    assert told(session) == []  # better, not well
    read(session, console, line(ALICE, (10_000, 10), (TB, GB)), AT + 5 * HOUR)
    (recovery,) = told(session)
    assert (recovery.kind, recovery.level, recovery.key) == ("recovery", "info", problem.key)


def test_the_user_hears_of_it_too(session: Session, console: Console, cluster: Cluster) -> None:
    keep_addresses(session, {"alice": ["a@example.com", "t@example.com"]}, ("admin", AT))
    read(session, console, line(ALICE, (10, 10), (TB, 1)) + line(BOB, (10, 10), (TB, 1)), AT)
    assert [(one.title.split()[2], one.recipients) for one in told(session)] == [
        ("alice", []),
        ("alice", ["a@example.com", "t@example.com"]),
        ("bob", []),
    ]


def test_a_directory_that_is_gone_and_one_without_a_quota_any_more_are_well(
    session: Session, console: Console, cluster: Cluster
) -> None:
    read(session, console, line(ALICE, (10, 10), (TB, 1)) + line(BOB, (10, 10), (TB, 1)), AT)
    told(session)
    read(session, console, line(BOB, (None, 10), (TB, 1)), AT + HOUR)
    assert sorted((one.kind, one.title.split()[2]) for one in told(session)) == [
        ("recovery", "alice"),
        ("recovery", "bob"),
    ]
    assert set(rows(session)) == {BOB}


def test_what_could_not_be_read_is_neither_worse_nor_well(session: Session, console: Console, cluster: Cluster) -> None:
    read(session, console, line(ALICE, (10, 10), (TB, 1)), AT)
    told(session)
    tend(session, console, AT + HOUR)
    end(session, console, "count: Permission denied: user=x\n" + line(BOB, (None, 3), (TB, 1)), AT + HOUR, code=1)
    tend(session, console, AT + HOUR)
    assert told(session) == [] and rows(session)[ALICE].bad == "names=error"


def test_thresholds_are_those_of_the_ini(session: Session, console: Console, cluster: Cluster) -> None:
    strict = msgspec.structs.replace(console.settings, quota_percent=10.0, quota_names=1, quota_space_bytes=1)
    read(session, dataclasses.replace(console, settings=strict), line(ALICE, (100, 11), (None, 0)), AT, {ALICE: 5})
    assert len(told(session)) == 1


def test_the_history_has_what_is_known(session: Session, console: Console, cluster: Cluster) -> None:
    read(session, console, line(ALICE, (1000, 10), (TB, GB)) + line(BOB, (None, 5)), AT, {BOB: 7})
    read(session, console, line(ALICE, (1000, 20), (TB, GB)) + line(BOB, (None, 5)), AT + HOUR, {})
    assert values(session, "hdfs.quota.used_quota:alice") == [10, 20]
    assert values(session, "hdfs.quota.quota:alice") == [1000, 1000]
    assert values(session, "hdfs.quota.remaining_quota:alice") == [990, 980]
    assert values(session, "hdfs.quota.space_quota:alice") == [TB, TB]
    assert values(session, "hdfs.quota.used_space_quota:alice") == [GB, GB]
    assert values(session, "hdfs.quota.remaining_space_quota:alice") == [TB - GB, TB - GB]
    assert values(session, "hdfs.quota.quota:bob") == [] and values(session, "hdfs.quota.remaining_quota:bob") == []
    assert values(session, "hdfs.quota.used_space_quota:bob") == [7]
    assert values(session, "hdfs.quota_total.used_quota") == [15, 25]
    assert values(session, "hdfs.quota_total.used_space_quota") == [GB + 7], "a sum of which a part is unknown is a gap"
    assert values(session, "hdfs.quota_total.unhealthy") == [0, 0]


def test_a_failure_pushes_nothing(session: Session, console: Console, cluster: Cluster) -> None:
    read(session, console, line(ALICE, (1000, 10), (TB, GB)), AT)
    tend(session, console, AT + HOUR)
    end(session, console, "count: no\n", AT + HOUR, code=1)
    tend(session, console, AT + HOUR)
    assert values(session, "hdfs.quota_total.used_quota") == [10]
    assert values(session, "hdfs.quota.used_quota:alice") == [10]
