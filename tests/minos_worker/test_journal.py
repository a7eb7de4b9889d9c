"""The journal: what is kept, for how long, and through which crashes."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from minos_common import wire
from minos_common.states import Outcome, TaskState
from minos_common.verbs import ShowArgs
from minos_common.words import Command, Report, TaskEvent, TaskName, TaskStatus
from minos_worker.journal import Journal
from minos_worker.lifecycle import Memory

TASK = TaskName("zookeeper", "dptst", "zookeeper", 2)


def command(command_id: str = "c1", verb: str = "start", expires_in: float = 60.0, attempt: int = 1) -> Command:
    return Command(command_id, verb, wire.raw(ShowArgs(TASK)), expires_in, attempt)


def report(command_id: str = "c1", attempt: int = 1) -> Report:
    return Report(command_id, Outcome.DONE, "well", attempt, data={"a": [1, 2]})


def event(number: int) -> TaskEvent:
    return TaskEvent(f"e{number}", float(number), TaskState.STOPPED, TaskStatus(TASK, TaskState.RUNNING, 1.0))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.sqlite"


def test_commands_and_reports_survive(path: Path) -> None:
    journal = Journal(path)
    journal.accept(command())
    journal.close()
    journal = Journal(path)
    found = journal.find("c1")
    assert found is not None and bytes(found.command.args) == bytes(command().args)
    assert not found.begun and found.report is None and [e.command.command_id for e in journal.unfinished()] == ["c1"]
    journal.begin("c1")
    journal.report(report())
    journal.close()
    journal = Journal(path)
    found = journal.find("c1")
    assert found is not None and found.begun and found.report == report()
    assert journal.unfinished() == [] and journal.unnoted() == [report()]


def test_deadlines_are_counted_from_receipt(path: Path) -> None:
    journal = Journal(path)
    journal.accept(command(expires_in=60))
    found = journal.find("c1")
    assert found is not None
    assert found.deadline_clock - time.clock_gettime(time.CLOCK_BOOTTIME) == pytest.approx(60, abs=1)
    with sqlite3.connect(path) as db:  # as if written before a boot, 50 seconds ago
        db.execute("update commands set boot_id = 'other', received_clock = 1e9, received = received - 50")
    found = journal.find("c1")
    assert found is not None
    assert found.deadline_clock - time.clock_gettime(time.CLOCK_BOOTTIME) == pytest.approx(10, abs=1)


def test_a_new_attempt_takes_the_place_of_the_old_one(path: Path) -> None:
    journal = Journal(path)
    journal.accept(command())
    journal.report(report())
    journal.note(["c1"], [])
    journal.accept(command(attempt=2))
    journal.report(report(attempt=1))  # a late report of the old attempt changes nothing
    found = journal.find("c1")
    assert found is not None and found.report is None and found.command.attempt == 2 and not found.noted


def test_commands_of_a_verb_can_be_dropped(path: Path) -> None:
    journal = Journal(path)
    for command_id, verb in (("deed", "start"), ("question", "read-log"), ("another", "show")):
        journal.accept(command(command_id, verb))
    journal.drop(frozenset({"read-log", "show"}))
    assert [entry.command.command_id for entry in journal.unfinished()] == ["deed"]


def test_only_old_and_noted_ids_are_forgotten(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("minos_worker.journal.KEEP_ALWAYS", 1)
    journal = Journal(path)
    for command_id in ("old", "old-unnoted", "new"):
        journal.accept(command(command_id))
        journal.report(report(command_id))
    journal.note(["old", "new"], [])
    with sqlite3.connect(path) as db:
        db.execute("update commands set received = received - 8 * 86400 where command_id like 'old%'")
    journal.prune()
    assert [journal.find(one) is not None for one in ("old", "old-unnoted", "new")] == [False, True, True]


def test_the_last_ids_are_kept_however_old_they_seem(path: Path) -> None:
    journal = Journal(path)
    journal.accept(command("c1"))
    journal.report(report("c1"))
    journal.note(["c1"], [])
    with sqlite3.connect(path) as db:
        db.execute("update commands set received = received - 400 * 86400")
    journal.prune()
    assert journal.find("c1") is not None


def test_a_tasks_memory_and_the_event_that_tells_of_it_are_kept_together(path: Path) -> None:
    journal = Journal(path)
    memory = Memory(TaskState.RUNNING, 5.0, pid=7, exit_clocks=(1.0, 2.0))
    journal.remember(TASK, memory, event(1))
    with pytest.raises(sqlite3.Error):  # an event id that is there already: neither is written
        journal.remember(TASK, Memory(), event(1))
    journal.close()
    journal = Journal(path)
    assert journal.memories() == {TASK: memory} and journal.events() == [event(1)]
    journal.note([], ["e1"])
    journal.forget(TASK)
    assert journal.memories() == {} and journal.events() == []


def test_starts_are_counted(path: Path) -> None:
    assert [Journal(path).count_start() for _ in range(3)] == [1, 2, 3]


@pytest.mark.parametrize("data", [b"no database at all" * 500, b"SQLite format 3\0" + os.urandom(8000)])
def test_a_journal_that_cannot_be_read_is_moved_aside(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    journal = Journal(path)
    assert journal.moved_aside is not None and journal.moved_aside.read_bytes() == data
    journal.accept(command())
    assert journal.find("c1") is not None


WRITER = """
import sys
from minos_common.words import Command, TaskName
from minos_common import wire
from minos_common.verbs import ShowArgs
from minos_worker.journal import Journal
from pathlib import Path
journal = Journal(Path(sys.argv[1]))
for number in range(10**6):
    journal.accept(Command(f"{sys.argv[2]}-{number}", "start", wire.raw(ShowArgs(TaskName("s", "c", "j"))), 60.0))
    sys.stdout.write(f"{sys.argv[2]}-{number}\\n")
    sys.stdout.flush()
"""


def test_what_was_written_is_there_after_kill_9(path: Path) -> None:
    told: list[str] = []
    for number in range(5):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path), str(number)], stdout=subprocess.PIPE, text=True
        )
        assert writer.stdout is not None
        told += [writer.stdout.readline().strip() for _ in range(50)]
        os.kill(writer.pid, signal.SIGKILL)
        told += writer.stdout.read().split("\n")[:-1]
        writer.wait()
    journal = Journal(path)
    assert journal.moved_aside is None and all(journal.find(one) is not None for one in told)


def test_a_full_disk_raises_and_is_survived(small_disk: Path) -> None:
    journal = Journal(small_disk / "journal.sqlite")
    journal.accept(command("first"))
    filler = small_disk / "filler"
    with pytest.raises(OSError), filler.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))
    with pytest.raises(sqlite3.Error):
        for number in range(1000):
            journal.accept(command(f"more{number}"))
    filler.unlink()
    journal.accept(command("last"))
    assert journal.find("first") is not None and journal.find("last") is not None
