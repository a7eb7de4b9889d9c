"""A worker's memory of the emergency brake, and what it refuses by it: alone, and as a process that is killed."""

import sqlite3
from pathlib import Path
from typing import cast

import pytest

from minos_common.states import Outcome
from minos_common.verbs import ShowArgs, StartArgs, StopArgs
from minos_common.words import Beat, Brake, FrozenCluster, Hello, TaskName
from minos_worker.brake import BrakeMemory
from minos_worker.journal import Journal
from tests.minos_worker.console_double import ConsoleDouble
from tests.minos_worker.hosts import WorkerProcess

LAKE, POND = TaskName("zookeeper", "lake", "zookeeper"), TaskName("zookeeper", "pond", "zookeeper")
PULLED = Brake(5, clusters=[FrozenCluster("zookeeper", "lake", "ann pulled the brake of zookeeper/lake: fire")])


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "journal.sqlite")


def test_an_old_message_never_turns_it_back(journal: Journal) -> None:
    memory = BrakeMemory()
    assert memory.hear(PULLED)
    memory.keep(journal)
    assert not memory.hear(Brake(4))
    assert not memory.hear(Brake(5, "another of the same revision"))
    assert memory.why("start", LAKE) and memory.kept == 5
    assert memory.hear(Brake(6))
    assert memory.why("start", LAKE) == ""


def test_it_outlives_the_worker_and_nothing_older_is_written_over_it(journal: Journal) -> None:
    assert journal.brake() is None
    journal.keep_brake(PULLED)
    journal.keep_brake(Brake(4))
    memory = BrakeMemory(journal.brake())
    assert (memory.kept, memory.revision) == (5, 5)
    assert "ann" in memory.why("stop", LAKE) and memory.why("stop", POND) == ""


def test_what_the_disk_does_not_take_is_obeyed_and_written_later(journal: Journal) -> None:
    class Full:
        def keep_brake(self, _brake: Brake) -> None:
            raise sqlite3.OperationalError("database or disk is full")

    memory = BrakeMemory()
    assert memory.hear(PULLED)
    memory.keep(cast(Journal, Full()))
    assert memory.kept == 0 and memory.why("start", LAKE)
    assert memory.hear(PULLED)  # the console says it again, since beats tell what is kept
    memory.keep(journal)
    assert memory.kept == 5


def test_a_worker_refuses_what_changes_a_frozen_cluster_and_still_does_after_its_death(
    worker: WorkerProcess, console: ConsoleDouble
) -> None:
    console.wait(lambda: console.beats)
    console.say(PULLED)
    console.wait(lambda: any(isinstance(m, Beat) and m.brake == 5 for m in console.everything))
    assert_refused(console)
    worker.kill()
    seen = len(console.everything)
    worker.start()
    hello = console.wait(lambda: next((m for m in console.everything[seen:] if isinstance(m, Hello)), None))
    assert hello.brake == 5
    console.say(Brake(4))  # late: it was said before
    assert_refused(console)
    console.say(Brake(6))
    console.wait(lambda: any(isinstance(m, Beat) and m.brake == 6 for m in console.everything))
    report = console.ask("stop", StopArgs(LAKE))
    assert "brake" not in report.message and "brake" not in report.data


def assert_refused(console: ConsoleDouble) -> None:
    report = console.ask("start", StartArgs(LAKE))
    assert report.outcome == Outcome.REFUSED and report.data == {"brake": 5}
    assert report.message == "not begun: ann pulled the brake of zookeeper/lake: fire"
    for verb, args in (("show", ShowArgs(LAKE)), ("start", StartArgs(POND))):
        other = console.ask(verb, args)
        assert "brake" not in other.message and "brake" not in other.data
