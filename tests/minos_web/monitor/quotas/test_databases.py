"""Reading, setting and reporting on each database, as the migrations make it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from minos_web.console import Console, open_console
from minos_web.models.clusters import Cluster
from minos_web.models.news import News
from minos_web.monitor.quotas.addresses import all_addresses, forget_addresses, keep_addresses
from minos_web.monitor.quotas.reading import ask_to_read, is_work, tend
from minos_web.monitor.quotas.report import MOST_HTML
from minos_web.monitor.quotas.reporting import is_report_due, report
from minos_web.monitor.quotas.setting import clearing, set_quota
from minos_web.monitor.quotas.sizes import LARGEST
from tests.minos_web.databases import DATABASES, made_database
from tests.minos_web.monitor.quotas.scene import an_hdfs, end, line, read, reading, rows

AT = 1_790_000_000.0
LOW, HIGH = "/user/zoë", "/user/Zoë"
USERS = 600


@pytest.fixture(params=DATABASES)
def console(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Console]:
    ini = {"minos.var": str(tmp_path / "console"), "minos.quota_report": "daily", "minos.quota_report_hour": "0"}
    with made_database(request.param, tmp_path) as engine:
        yield open_console({**ini, "minos.quota_report_admins": "root@example.com"}, engine)


def test_what_is_read_set_and_reported(console: Console) -> None:
    many = "".join(line(f"/user/{'n' * 200}{number}", (9, 9), (LARGEST, number)) for number in range(USERS))
    printed = line(LOW, (LARGEST, 7), (LARGEST, 1)) + line(HIGH, (10, 10), (LARGEST, 2)) + many
    with console.writers.begin() as session:
        an_hdfs(session)
        keep_addresses(session, {"Zoë": ["z@example.com"], "zoë": ["y@example.com"]}, ("admin", AT))
        read(session, console, printed, AT)
    with console.writers.begin() as session:
        found = rows(session)
        assert len(found) == USERS + 2 and found[LOW].name_quota == LARGEST and found[HIGH].space_used == 2
        set_quota(session, console, found[HIGH], clearing("names"), ("admin", AT + 10))
        end(session, console, "", AT + 11)
    with console.writers.begin() as session:
        assert is_work(session, console, AT + 12)
        read(session, console, line(HIGH, (None, 10), (LARGEST, 2)), AT + 12)
        assert set(rows(session)) == {HIGH} and reading(session).error == "" and reading(session).changes == []
        read(session, console, printed, AT + 3700)
        ask_to_read(session, session.scalars(select(Cluster)).one(), "operator", AT + 3800)
    with console.readers() as session:
        assert is_report_due(session, console.settings, AT + 3800)
    with console.writers.begin() as session:
        assert report(session, console, AT + 3800) == 3 and report(session, console, AT + 3801) == 0
        assert forget_addresses(session, ["Zoë"]) == 1 and set(all_addresses(session)) == {"zoë"}
    with console.readers() as session:
        mails = list(session.scalars(select(News).filter_by(kind="report")))
        whole = next(one for one in mails if one.recipients == ["root@example.com"])
        assert len(mails) == 3 and "more, which stand on the board" in whole.html and len(whole.html) > MOST_HTML / 2
    with console.writers.begin() as session:
        tend(session, console, AT + 3802)
        assert reading(session).reading
