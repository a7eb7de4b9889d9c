"""PostgreSQL and MariaDB, brought up from the first release: what is long stays whole, and one engine at a time writes."""

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Engine, select

from minos_web.console import Console, open_console
from minos_web.engine.lease import EngineLease, LeaseLost
from minos_web.engine.standby import Standby
from minos_web.models.config import ConfigFile, ConfigRevision
from minos_web.models.database import let_go_of_stalled, metadata, open_database
from minos_web.models.lease import Lease
from minos_web.models.operations import Step
from minos_web.models.packages import Package
from minos_web.scripts.migrate import migrations_dir, upgrade
from minos_web.security.counting import SharedCounts
from minos_web.security.throttle import Throttle
from tests.minos_web.databases import SERVERS
from tests.minos_web.models.test_migrations import REPLACED, counts, fill

LONG = "Zoë 🙂 " * 50_000
"""More than MariaDB's TEXT holds, and as many bytes as a configuration file may have."""


@pytest.fixture(scope="module", params=list(SERVERS))
def database(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """With a row of the first release in every table that there was."""
    with SERVERS[request.param]() as url:
        engine = open_database(url)
        let_go_of_stalled(engine, 2.0)
        config = Config()
        config.set_main_option("script_location", str(migrations_dir()))
        config.attributes.update(engine=engine, configure_logging=False)
        command.upgrade(config, "0001")
        with engine.begin() as connection:
            fill(connection)
        yield engine
        engine.dispose()


@pytest.fixture
def console(database: Engine, tmp_path: Path) -> Console:
    made = open_console({"minos.var": str(tmp_path / "console"), "minos.engine": "outside"}, database)
    return replace(made, settings=msgspec.structs.replace(made.settings, lease_seconds=2.0))


def beside(console: Console, folder: Path) -> Console:
    """The same database, from another machine."""
    folder.mkdir()
    return replace(console, settings=msgspec.structs.replace(console.settings, var=str(folder)))


def test_rows_of_the_first_release_come_along(database: Engine) -> None:
    with database.connect() as connection:
        before = counts(connection)
    upgrade(database)
    with database.connect() as connection:
        now = counts(connection)
        assert {name: now[name if name in now else REPLACED[name]] for name in before} == before
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, metadata) == []


def test_what_is_long_stays_whole(console: Console) -> None:
    moment = 1_790_000_000.123456
    with console.writers.begin() as session:
        step = Step(id=100, verb="show", state="done", command_id="long", created_at=moment, patience=0.1)
        step.output, step.message, step.fraction = LONG, LONG, 0.123456789
        file = ConfigFile(id=100, path="conf/long")
        revision = ConfigRevision(id=100, number=1, content=LONG.encode(), author="olga", at=moment, file=file)
        session.add_all([step, revision])
        package = session.scalars(select(Package)).first()
        assert package is not None
        package.contents = LONG.encode()
    with console.readers() as session:
        step = session.get_one(Step, 100)
        assert (step.output, step.message) == (LONG, LONG)
        assert (step.fraction, step.patience, step.created_at) == (0.123456789, 0.1, moment)
        assert session.get_one(ConfigRevision, 100).content == LONG.encode()


def test_who_takes_over_waits_for_what_was_begun_and_then_nothing_more_is_written(
    console: Console, tmp_path: Path
) -> None:
    first, second = EngineLease(console), EngineLease(beside(console, tmp_path / "other"))
    first.take()
    fenced, taken = first.fenced(), threading.Event()
    sign = first.look()

    def take() -> None:
        second.take_after(sign)
        taken.set()

    with fenced.begin() as session:
        session.add(Lease(name="first", holder="", epoch=1, seen_at=0.0))
        session.flush()
        taking = threading.Thread(target=take)
        taking.start()
        assert not taken.wait(0.3), "what the first one has begun is not torn"
    assert taken.wait(10)
    taking.join()
    with pytest.raises(LeaseLost), fenced.begin() as session:
        session.add(Lease(name="second", holder="", epoch=1, seen_at=0.0))
    assert not first.renew() and second.renew()
    second.give_back()


def test_a_transaction_of_one_that_hangs_keeps_nobody_out(console: Console, tmp_path: Path) -> None:
    first, second = EngineLease(console), EngineLease(beside(console, tmp_path / "other"))
    first.take()
    session = first.fenced()()
    session.execute(select(Lease))  # and now nothing more: it is stopped, or its machine is gone
    standby, deadline = Standby(second), time.monotonic() + 30
    while not standby.take():
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert not first.renew()
    session.invalidate()
    second.give_back()


def test_tries_are_counted_once_by_processes_that_count_at_once(console: Console) -> None:
    passed: list[bool] = []

    def guess() -> None:
        throttle = Throttle(SharedCounts(console))
        passed.extend([throttle.try_once("admin", "198.51.100.7") == 0 for _ in range(4)])

    threads = [threading.Thread(target=guess) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(passed) == 16 and sum(passed) == 5
