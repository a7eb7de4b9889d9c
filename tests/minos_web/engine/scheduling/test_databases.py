"""Two engines tick on each database server at once: every time is taken up and begun once; rounds are noted there too."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from minos_web.console import Console, open_console
from minos_web.engine.scheduling import tick
from minos_web.engine.timetable import Timetable
from minos_web.models.clusters import Task
from minos_web.models.database import open_database
from minos_web.models.news import News
from minos_web.models.operations import Operation
from minos_web.models.people import User
from minos_web.models.schedules import Occurrence, Round, Schedule
from minos_web.operations.schedules import keeping
from minos_web.operations.schedules.keeping import Draft
from minos_web.operations.schedules.work import Person
from tests.minos_web.databases import SERVERS, a_database
from tests.minos_web.scene import add_cluster, add_hosts, add_package


@pytest.fixture(params=list(SERVERS))
def consoles(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[list[Console]]:
    """Two consoles on one empty database."""
    with a_database(request.param) as url:
        engines = [open_database(url), open_database(url)]
        yield [open_console({"minos.var": str(tmp_path / f"c{n}")}, engine) for n, engine in enumerate(engines)]
        for engine in engines:
            engine.dispose()


def together(consoles: list[Console], now: float) -> None:
    barrier = threading.Barrier(4)

    def one(console: Console) -> None:
        barrier.wait()
        tick(console, now)

    threads = [threading.Thread(target=one, args=(console,)) for console in (*consoles, *consoles)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)


def test_once_on_every_database(consoles: list[Console]) -> None:
    first, now = consoles[0], float(int(time.time()) // 60 * 60)
    with first.writers.begin() as session:
        session.add(User(name="olga", password_hash="x", role="operator", created_at=now))
        add_hosts(session)
        add_package(session)
        add_cluster(session, first)
        for task in session.scalars(select(Task)):
            task.bootstrapped = True
        said = {"timing": "every", "every": 60, "at": now, "missed": "all"}
        drafts = [Draft("ü " * 20, "check", cluster="zookeeper/dptst", **said), Draft("morning", "report", **said)]
        for draft in drafts:
            keeping.create(session, first, draft, Person("olga", False), now - 30)
    for number in range(3):
        together(consoles, now + number * 60)
    with first.readers() as session:
        rows = session.execute(
            select(Schedule.kind, Occurrence.nominal_at, Occurrence.state)
            .join(Occurrence)
            .order_by(Schedule.kind, Occurrence.nominal_at)
        ).all()
        checks = [(number * 60.0, "running" if number == 0 else "waiting") for number in range(3)]
        assert [(at - now, state) for kind, at, state in rows if kind == "check"] == checks
        assert [(at - now, state) for kind, at, state in rows if kind == "report"] == [
            (number * 60.0, "done") for number in range(3)
        ]
        assert len(session.scalars(select(Operation)).all()) == 1
        assert len(session.scalars(select(News).where(News.kind == "report")).all()) == 3


def test_history_is_cut_and_rounds_are_noted(consoles: list[Console], monkeypatch: pytest.MonkeyPatch) -> None:
    first, now = consoles[0], time.time()
    monkeypatch.setattr(keeping, "MOST_KEPT", 5)
    with first.writers.begin() as session:
        draft = Draft("a", "report", "every", every=60)
        row = keeping.create(session, first, draft, Person("olga", False), now)
        for number in range(12):
            session.add(
                Occurrence(schedule_id=row.id, nominal_at=now - number, state="done", made_at=now, begin_by=now)
            )
        session.flush()
        keeping.forget_occurrences(session)
    with first.readers() as session:
        assert len(session.scalars(select(Occurrence)).all()) == 5
    for console in consoles:
        table = Timetable(console)
        table.add_job(lambda: None, "interval", seconds=3600)
        table.start()
        table.look(time.monotonic())
        table.stop()
    with first.readers() as session:
        assert len(session.scalars(select(Round)).all()) == 2
