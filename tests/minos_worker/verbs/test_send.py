"""send-log with a real worker: the file as it was when it was asked for, whole or a reason why not."""

import os
import random
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from minos_common.states import Outcome
from minos_common.verbs import LOG_PIECE as PIECE
from minos_common.verbs import ClearLogArgs
from minos_common.words import Report
from tests.minos_worker.console_double import ConsoleDouble
from tests.minos_worker.hosts import TASK, WorkerProcess, bash, bootstrap, run
from tests.minos_worker.log_taker import LogTaker

NAME = "log/zk.log"


@pytest.fixture
def taker() -> Iterator[LogTaker]:
    made = LogTaker()
    yield made
    made.close()


@pytest.fixture
def log(worker: WorkerProcess, console: ConsoleDouble) -> Path:
    """A log of three pieces and a bit, no two lines alike."""
    bootstrap(console)
    path = worker.layout.log_dir(TASK) / "zk.log"
    path.write_bytes(b"\xff\x00" + random.Random(1).randbytes(3 * PIECE + 77))
    return path


def ask(console: ConsoleDouble, taker: LogTaker, name: str = NAME) -> Report:
    return console.ask("send-log", taker.wants(TASK, name))


def test_every_byte_comes_and_the_answer_says_how_many(console: ConsoleDouble, taker: LogTaker, log: Path) -> None:
    report = ask(console, taker)
    assert report.outcome is Outcome.DONE
    assert report.data == {"name": NAME, "size": log.stat().st_size}
    assert taker.whole == [log.read_bytes()]


def test_an_empty_file_comes_too(console: ConsoleDouble, taker: LogTaker, log: Path) -> None:
    log.write_bytes(b"")
    assert ask(console, taker).outcome is Outcome.DONE
    assert taker.whole == [b""]


def test_the_newest_output_has_no_name_of_its_own(
    worker: WorkerProcess, console: ConsoleDouble, taker: LogTaker
) -> None:
    bootstrap(console)
    report = ask(console, taker, "")
    assert report.outcome is Outcome.REFUSED and "no output yet" in report.message
    console.ask("clean", ClearLogArgs(TASK))
    run(console, bash("echo hello; exec sleep 1000"))
    report = ask(console, taker, "")
    assert report.data["name"].startswith("stdout/") and taker.whole == [b"hello\n"]


@pytest.mark.parametrize("change", ["grows", "renamed", "deleted"])
def test_it_is_sent_as_it_was_when_it_was_asked_for(
    console: ConsoleDouble, taker: LogTaker, log: Path, change: str
) -> None:
    before = log.read_bytes()

    def happen() -> None:
        if taker.pieces == 1:
            if change == "grows":
                with log.open("ab") as file:
                    file.write(b"x" * PIECE)
            elif change == "renamed":
                log.rename(log.with_name("zk.log.1"))
                log.write_bytes(b"new")
            else:
                log.unlink()

    taker.on_piece = happen
    assert ask(console, taker).outcome is Outcome.DONE
    assert taker.whole == [before]


@pytest.mark.parametrize("how", ["cut", "cleared"])
def test_a_file_whose_bytes_are_gone_is_not_sent_as_if_it_were_whole(
    console: ConsoleDouble, taker: LogTaker, worker: WorkerProcess, log: Path, how: str
) -> None:
    name = NAME if how == "cut" else "stdout/zookeeper_20260101-000000.out"
    path = log if how == "cut" else worker.layout.stdout_dir(TASK) / "zookeeper_20260101-000000.out"
    path.write_bytes(log.read_bytes())
    handle = os.open(path, os.O_RDONLY)

    def happen() -> None:
        if taker.pieces == 1 and how == "cut":
            os.truncate(path, 10)
        elif taker.pieces == 1:
            console.send("clear-log", ClearLogArgs(TASK))
            console.wait(lambda: any(report.data.get("files") for report in console.reports))

    taker.on_piece = happen
    report = ask(console, taker, name)
    os.close(handle)
    if how == "cut":
        assert report.outcome is Outcome.FAILED and "was cut by somebody else" in report.message
        assert taker.whole == []
    else:  # it was deleted, not emptied: what is open can still be read to its end
        assert report.outcome is Outcome.DONE


@pytest.mark.parametrize("code", [500, 503, 429, 408])
def test_a_console_that_stumbles_is_asked_again(console: ConsoleDouble, taker: LogTaker, log: Path, code: int) -> None:
    taker.statuses = [code]
    assert ask(console, taker).outcome is Outcome.DONE
    assert taker.whole == [log.read_bytes()]


def test_a_lost_answer_doubles_nothing(console: ConsoleDouble, taker: LogTaker, log: Path) -> None:
    taker.lost = [True, False, True]
    assert ask(console, taker).outcome is Outcome.DONE
    assert taker.whole == [log.read_bytes()]


@pytest.mark.parametrize("code", [401, 403, 404, 410, 413, 507])
def test_a_console_that_refuses_is_believed_at_once(
    console: ConsoleDouble, taker: LogTaker, log: Path, code: int
) -> None:
    taker.statuses, taker.message = [code], "the disk of the console is full"
    report = ask(console, taker)
    assert report.outcome is Outcome.FAILED and "the disk of the console is full" in report.message
    assert taker.pieces == 1


def test_a_cancelled_send_ends_between_two_pieces(console: ConsoleDouble, taker: LogTaker, log: Path) -> None:
    cancelled: list[str] = []

    def happen() -> None:
        if not cancelled:
            cancelled.append("")
            console.cancel(command)
            console.wait(lambda: not console._outgoing)

    taker.on_piece = happen
    with log.open("ab") as file:
        file.truncate(2 * 2**30)
    command = console.send("send-log", taker.wants(TASK, NAME))
    assert console.report(command).outcome is Outcome.CANCELLED
    assert taker.whole == []


def test_after_a_death_of_the_worker_it_is_sent_anew(
    worker: WorkerProcess, console: ConsoleDouble, taker: LogTaker, log: Path
) -> None:
    def happen() -> None:
        if taker.pieces == 2:
            worker.kill()

    taker.on_piece = happen
    args = taker.wants(TASK, NAME)
    command = console.send("send-log", args)
    console.wait(lambda: worker.process is not None and worker.process.poll() is not None)
    worker.start()
    assert command not in console.hellos[-1].open_commands
    console.send("send-log", args, command_id=command)  # as the console does
    assert console.report(command).outcome is Outcome.DONE
    assert taker.whole == [log.read_bytes()] and len(taker.files) == 2


@pytest.mark.parametrize("name", ["log/../../../../etc/passwd", "log/fifo", "log/link", "log/none", "conf/x", "log"])
def test_only_regular_files_of_the_task_are_sent(
    worker: WorkerProcess, console: ConsoleDouble, taker: LogTaker, log: Path, name: str
) -> None:
    os.mkfifo(log.with_name("fifo"))
    log.with_name("link").symlink_to("/etc/passwd")
    report = ask(console, taker, name)
    assert report.outcome in (Outcome.REFUSED, Outcome.FAILED) and taker.pieces == 0


def test_beats_come_while_a_fat_log_is_sent(console: ConsoleDouble, taker: LogTaker, log: Path) -> None:
    with log.open("ab") as file:
        file.truncate(400 * 2**20)
    beats = len(console.beats)
    assert ask(console, taker).outcome is Outcome.DONE
    times = [at for at, _ in console.beats[beats:]]
    assert len(times) > 2 and max(b - a for a, b in pairwise(times)) < 5 * console.beat_seconds
