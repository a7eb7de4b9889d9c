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
from sqlalchemy import select

from minos_web.console import Console, open_console
from minos_web.engine.lease import EngineLease, LeaseLost
from minos_web.engine.standby import Standby
from minos_web.models.config import ConfigFile, ConfigRevision
from minos_web.models.database import let_go_of_stalled, metadata, open_database
from minos_web.models.lease import Lease
from minos_web.models.operations import Step
from minos_web.operations.refusal import Refused
from minos_web.operations.submit import submit
from minos_web.operations.wish import Wish
from minos_web.scripts.migrate import migrations_dir, upgrade
from minos_web.security.audit import NewEntry, record, verify
from minos_web.security.counting import SharedCounts
from minos_web.security.throttle import Throttle
from minos_web.store import configdir
from tests.minos_web.databases import SERVERS, a_database, empty_database
from tests.minos_web.models.test_migrations import REPLACED, counts, fill
from tests.minos_web.scene import add_cluster, add_hosts, add_package

OPTIONS = {"confirm": "dptst", "cleanup_password": "sesame-7"}
LONG = "Zoë 🙂 " * 50_000
"""More than MariaDB's TEXT holds, and as many bytes as a configuration file may have."""


@pytest.fixture(params=list(SERVERS))
def console(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Console]:
    """With an engine outside, on a database as the migrations make it."""
    with a_database(request.param) as url:
        engine = open_database(url)
        let_go_of_stalled(engine, 2.0)
        made = open_console({"minos.var": str(tmp_path / "console"), "minos.engine": "outside"}, engine)
        yield replace(made, settings=msgspec.structs.replace(made.settings, lease_seconds=2.0))
        engine.dispose()


def beside(console: Console, folder: Path) -> Console:
    """The same database, from another machine."""
    folder.mkdir()
    return replace(console, settings=msgspec.structs.replace(console.settings, var=str(folder)))


@pytest.mark.parametrize("kind", list(SERVERS))
def test_rows_of_the_first_release_come_along(kind: str) -> None:
    with empty_database(kind) as url:
        engine = open_database(url)
        config = Config()
        config.set_main_option("script_location", str(migrations_dir()))
        config.attributes.update(engine=engine, configure_logging=False)
        command.upgrade(config, "0001")
        with engine.begin() as connection:
            fill(connection)
        with engine.connect() as connection:
            before = counts(connection)
        upgrade(engine)
        with engine.connect() as connection:
            now = counts(connection)
            assert {name: now[name if name in now else REPLACED[name]] for name in before} == before
            context = MigrationContext.configure(connection)
            assert compare_metadata(context, metadata) == []
        engine.dispose()


def test_what_is_long_stays_whole(console: Console) -> None:
    moment = 1_790_000_000.123456
    with console.writers.begin() as session:
        step = Step(verb="show", state="done", command_id="long", created_at=moment, patience=0.1)
        step.output, step.message, step.fraction = LONG, LONG, 0.123456789
        file = ConfigFile(path="conf/long")
        revision = ConfigRevision(number=1, content=LONG.encode(), author="olga", at=moment, file=file)
        session.add_all([step, revision])
        session.flush()
        ids = step.id, revision.id
        add_package(session).contents = LONG.encode()
    with console.readers() as session:
        step = session.get_one(Step, ids[0])
        assert (step.output, step.message) == (LONG, LONG)
        assert (step.fraction, step.patience, step.created_at) == (0.123456789, 0.1, moment)
        assert session.get_one(ConfigRevision, ids[1]).content == LONG.encode()


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


def edit(path: str, based_on: int | None = None) -> configdir.Edit:
    return configdir.Edit(path, "olga", time.time(), "", based_on)


def test_who_saves_waits_for_whoever_saves_so_that_numbers_are_in_the_order_of_time(console: Console) -> None:
    saved: list[int] = []

    def second() -> None:
        with console.writers.begin() as session:
            saved.append(configdir.save(session, edit("conf/b"), b"b").id)

    with console.writers.begin() as session:
        first = configdir.save(session, edit("conf/a"), b"a").id
        saving = threading.Thread(target=second)
        saving.start()
        saving.join(0.3)
        assert saving.is_alive()
    saving.join(20)
    assert saved[0] > first
    with console.readers() as session:
        assert set(configdir.tree_at(session, saved[0]).paths()) == {"conf/a", "conf/b"}


def test_of_two_who_change_a_file_the_second_is_told(console: Console) -> None:
    with console.writers.begin() as session:
        first = configdir.save(session, edit("conf/a"), b"first").id
    with console.writers.begin() as late:
        assert configdir.read(late, "conf/a") is not None  # its transaction has begun to look around
        with console.writers.begin() as session:
            configdir.save(session, edit("conf/a", first), b"second")
        with pytest.raises(configdir.Conflict):
            configdir.save(late, edit("conf/a", first), b"third")


def test_of_two_operations_at_once_one_begins(console: Console) -> None:
    with console.writers.begin() as session:
        add_hosts(session)
        add_package(session)
        add_cluster(session, console)
    barrier, told = threading.Barrier(2), []

    def ask() -> None:
        try:
            with console.writers.begin() as session:
                session.scalars(select(Step)).all()
                wish = Wish("zookeeper", "dptst", "bootstrap", "olga", time.time(), options=OPTIONS)
                barrier.wait()
                submit(session, console, wish)
            told.append("begun")
        except Refused as refused:
            told.append(refused.code)

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(told) == ["begun", "busy"]


def test_the_audit_trail_is_one_chain_whoever_writes(console: Console) -> None:
    with console.writers.begin() as session:
        record(session, console.secret, NewEntry(time.time(), "minos", "test", "the first one is minos-init's"))

    def note() -> None:
        for number in range(5):
            with console.writers.begin() as session:
                record(session, console.secret, NewEntry(time.time(), "olga", "test", str(number)))

    threads = [threading.Thread(target=note) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    with console.readers() as session:
        assert list(verify(session, console.secret)) == []
        assert session.get_one(Lease, "audit").epoch == 21
