"""Reports: when, to whom, what they say."""

import dataclasses
from datetime import datetime
from typing import Any

import msgspec
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_web.console import Console
from minos_web.models.clusters import Cluster
from minos_web.models.news import News
from minos_web.models.quotas import Quota
from minos_web.monitor.quotas.addresses import keep_addresses
from minos_web.monitor.quotas.report import MOST_HTML, Line, admin_report, user_report
from minos_web.monitor.quotas.reporting import is_report_due, report
from minos_web.monitor.quotas.rules import Limits, Numbers
from tests.minos_web.monitor.quotas.scene import ALICE, BOB, GB, an_hdfs

LIMITS = Limits(GB, 500, 80.0)
HOSTILE = "<script>alert(1)</script>"
USUAL = Numbers(1000, 10, 10 * GB, GB)


def clock(day: int, hour: int, minute: int = 0) -> float:
    """That time of November 2026 in the console's own zone; the 30th is a Monday."""
    return datetime(2026, 11, day, hour, minute).astimezone().timestamp()


def with_reports(console: Console, how: str, **more: Any) -> Console:
    settings = msgspec.structs.replace(console.settings, quota_report=how, **more)
    return dataclasses.replace(console, settings=settings)


def add(session: Session, cluster: Cluster, path: str, at: float, numbers: Numbers = USUAL) -> None:
    session.add(Quota(cluster_id=cluster.id, path=path, at=at, error="", bad="", **dataclasses.asdict(numbers)))
    session.flush()


def sent(session: Session) -> list[News]:
    return list(session.scalars(select(News).order_by(News.id)))


@pytest.fixture
def cluster(session: Session) -> Cluster:
    found = an_hdfs(session)
    for day in range(23, 31):
        session.add(Quota(cluster_id=found.id, path=f"/user/u{day}", at=clock(day, 0), names_used=1, error="", bad=""))
    session.flush()
    return found


@pytest.mark.parametrize(
    ("how", "times", "due"),
    [
        ("off", [(25, 8)], [False]),
        ("daily", [(25, 7), (25, 8), (25, 9), (26, 7), (26, 23)], [False, True, False, False, True]),
        ("weekly", [(23, 7), (23, 8), (24, 8), (29, 8), (30, 7), (30, 8)], [False, True, False, False, False, True]),
        ("weekly", [(25, 2), (26, 9)], [True, False]),  # it was away on Monday
    ],
)
def test_when_reports_are_due(
    session: Session, console: Console, cluster: Cluster, how: str, times: list[tuple[int, int]], due: list[bool]
) -> None:
    there, found = with_reports(console, how), []
    for day, hour in times:
        now = clock(day, hour)
        found.append(is_report_due(session, there.settings, now))
        report(session, there, now)
    assert found == due


def test_never_twice_for_one_day_over_a_restart_or_another_way(
    session: Session, console: Console, cluster: Cluster
) -> None:
    there = with_reports(console, "daily", quota_report_admins="root@example.com")
    assert report(session, there, clock(30, 8)) == 1
    session.commit()
    with console.writers.begin() as other:  # what is on the tables is all that a new console knows
        assert report(other, there, clock(30, 8, 1)) == 0
        assert report(other, with_reports(console, "weekly"), clock(30, 9)) == 0
        assert len(sent(other)) == 1


def test_what_was_not_read_yet_is_waited_for(session: Session, console: Console) -> None:
    there, cluster = with_reports(console, "daily", quota_report_admins="root@example.com"), an_hdfs(session)
    add(session, cluster, ALICE, clock(28, 7))
    assert not is_report_due(session, there.settings, clock(30, 8))
    add(session, cluster, BOB, clock(30, 9))
    assert report(session, there, clock(30, 10)) == 1
    (mail,) = sent(session)
    assert "bob" in mail.html and "alice" not in mail.html, "numbers older than a day are in no report"


def test_users_get_theirs_and_admins_all(session: Session, console: Console) -> None:
    first, second = an_hdfs(session, "lake-files"), an_hdfs(session, "sea-files")
    for cluster in (first, second):
        add(session, cluster, ALICE, clock(30, 7))
    add(session, first, BOB, clock(30, 7), Numbers(1000, 1200, None, GB))
    add(session, first, "/hbase", clock(30, 7))
    keep_addresses(session, {"alice": ["a@example.com"], "hbase": ["h@example.com"], "carol": ["c@x"]}, ("admin", 1.0))
    there = with_reports(console, "daily", quota_report_admins="root@example.com  ops@example.com")
    assert report(session, there, clock(30, 8)) == 3
    mails = {one.recipients[0]: one for one in sent(session)}
    assert set(mails) == {"a@example.com", "h@example.com", "root@example.com"}
    alice, everything = mails["a@example.com"], mails["root@example.com"]
    assert (alice.kind, alice.level, alice.title) == ("report", "info", "HDFS quotas of alice, 2026-11-30")
    assert "lake-files" in alice.html and "sea-files" in alice.html and "bob" not in alice.html
    assert "10 GB" in alice.html and "space 1 GB of 10 GB, names 10 of 1,000" in alice.text
    assert everything.recipients == ["root@example.com", "ops@example.com"] and everything.level == "warning"
    assert everything.html.index("bob") < everything.html.index("alice"), "those that need a look come first"
    assert "-200 (over)" in everything.html and "no quota" in everything.html and "1 needs a look" in everything.html


def test_without_admins_nobody_gets_all(session: Session, console: Console, cluster: Cluster) -> None:
    assert report(session, with_reports(console, "daily"), clock(30, 8)) == 0
    assert sent(session) == []


def test_names_are_text() -> None:
    made = user_report(HOSTILE, [Line(HOSTILE, Numbers())], LIMITS, "2026-11-30", 'http://x/"><script>')
    assert "<script" not in made.html and "&lt;script" in made.html


def test_a_report_of_very_many_fits_and_says_what_is_left_out() -> None:
    lines = [Line(f"user-{number:05}", Numbers(1000, 10, 10 * GB, number)) for number in range(5000)]
    lines.append(Line("full", Numbers(1000, 1000, 10 * GB, 1)))
    made = admin_report([("lake", lines), ("sea", lines)], LIMITS, "2026-11-30", "http://x/")
    assert len(made.html) < MOST_HTML and ">full<" in made.html and "user-04999" in made.html
    assert "more, which stand on the board" in made.html and made.bad == 2
