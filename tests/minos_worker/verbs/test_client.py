"""client with a real worker: what it runs, reads and prints, and that nothing of it is left."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from minos_common.states import Outcome
from minos_common.verbs import CLIENT_OUTPUT, ClientArgs, ClientInputArgs
from minos_common.words import Output, Report
from minos_worker.clients.clients import MOST_CLIENTS
from minos_worker.clients.outflow import AWAY_SECONDS, PIECE, TAIL, WINDOW, Outflow
from tests.minos_worker.console_double import ConsoleDouble
from tests.minos_worker.hosts import TASK, WorkerProcess, bash
from tests.minos_worker.package_server import PackageServer, tarball


def order(text: str, **more: object) -> ClientArgs:
    return ClientArgs(TASK, {"a.conf": "x=1\n"}, bash(text), **more)  # type: ignore[arg-type]


def nothing_left(worker: WorkerProcess) -> bool:
    layout = worker.layout
    return not [*layout.clients.iterdir(), *layout.client_marks.iterdir()]


def say(console: ConsoleDouble, command: str, number: int, text: str, end: bool = False) -> Report:
    return console.ask("client-input", ClientInputArgs(command, number, text, end))


def printed(console: ConsoleDouble, command: str, text: str) -> None:
    console.wait(lambda: text.encode() in console.printed.get(command, b""))


def processes_with(word: str) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and word.encode() in (entry / "cmdline").read_bytes():
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def test_it_runs_with_the_files_and_tells_what_it_prints(worker: WorkerProcess, console: ConsoleDouble) -> None:
    command = console.send("client", order("cat a.conf; echo to stderr >&2; exit 0"))
    report = console.report(command)
    assert (report.outcome, report.message) == (Outcome.DONE, "exit code 0")
    assert report.data == {"exit_code": 0, "printed": 14}
    assert report.output == console.printed[command].decode() == "x=1\nto stderr\n"
    assert nothing_left(worker)


@pytest.mark.parametrize(
    ("text", "good", "told"),
    [
        ("exit 3", (0,), (Outcome.FAILED, "it ended with exit code 3", 3)),
        ("exit 3", (0, 3), (Outcome.DONE, "exit code 3", 3)),
        ("kill -9 $$", (0,), (Outcome.FAILED, "it ended with signal 9", -9)),
    ],
)
def test_how_it_ended_is_told(
    worker: WorkerProcess, console: ConsoleDouble, text: str, good: tuple[int, ...], told: tuple[Outcome, str, int]
) -> None:
    report = console.ask("client", order(f"echo last words; {text}", good_exits=good))
    assert (report.outcome, report.message, report.data["exit_code"]) == told
    assert report.output == "last words\n"


def test_it_reads_what_it_is_given_and_then_the_end(worker: WorkerProcess, console: ConsoleDouble) -> None:
    report = console.ask("client", order("cat; echo end", input="one\ntwo\n"))
    assert report.output == "one\ntwo\nend\n"


def test_lines_come_while_it_runs_each_once(worker: WorkerProcess, console: ConsoleDouble) -> None:
    command = console.send("client", order('while read x; do echo "got $x"; done; echo bye', stays_open=True))
    assert say(console, command, 1, "one\n").outcome is Outcome.DONE
    printed(console, command, "got one")
    assert say(console, command, 1, "one\n").outcome is Outcome.DONE
    say(console, command, 2, "two\n", end=True)
    assert console.report(command).output == "got one\ngot two\nbye\n"
    assert say(console, command, 3, "late\n").message == "it runs no more"


def test_lines_that_overtake_each_other_are_given_in_order(worker: WorkerProcess, console: ConsoleDouble) -> None:
    early = [console.send("client-input", ClientInputArgs("later", number, f"{number}\n")) for number in (3, 1, 2)]
    command = console.send("client", order("cat", stays_open=True), command_id="later")
    for one in early:
        assert console.report(one).outcome is Outcome.DONE
    say(console, command, 4, "", end=True)
    assert console.report(command).output == "1\n2\n3\n"


def test_a_line_for_what_never_comes_is_given_up(worker: WorkerProcess, console: ConsoleDouble) -> None:
    report = console.ask("client-input", ClientInputArgs("never", 1, "x"), expires_in=0.5)
    assert report.outcome is Outcome.FAILED


def test_what_closes_its_input_is_not_waited_for(worker: WorkerProcess, console: ConsoleDouble) -> None:
    report = console.ask("client", order("exec <&-; sleep 0.3; echo done", input="x" * 300_000))
    assert report.output == "done\n"


def test_a_cancelled_one_is_killed_with_all_it_started(worker: WorkerProcess, console: ConsoleDouble) -> None:
    word = f"sleep {1000 + os.getpid() / 10000:.4f}"
    command = console.send("client", order(f"(setsid {word} &) ; {word} & echo begun; wait", stays_open=True))
    printed(console, command, "begun")
    assert processes_with(word.partition(" ")[2])
    console.cancel(command)
    report = console.report(command)
    assert (report.outcome, report.output) == (Outcome.CANCELLED, "begun\n")
    assert processes_with(word.partition(" ")[2]) == []
    assert nothing_left(worker)


def test_its_time_can_be_over(worker: WorkerProcess, console: ConsoleDouble) -> None:
    report = console.ask("client", order("echo begun; sleep 1000"), expires_in=1.5)
    assert report.outcome is Outcome.FAILED
    assert (report.message, report.output) == ("its time was over before it was done", "begun\n")


def test_a_worker_that_is_killed_leaves_nothing_and_says_so(worker: WorkerProcess, console: ConsoleDouble) -> None:
    number = f"{2000 + os.getpid() / 10000:.4f}"
    command = console.send("client", order(f"sleep {number} & echo begun; wait"))
    printed(console, command, "begun")
    worker.kill()
    worker.start()
    report = console.report(command)
    assert (report.outcome, "died" in report.message) == (Outcome.INTERRUPTED, True)
    console.wait(lambda: not processes_with(number))
    assert nothing_left(worker)


def test_output_waits_for_a_console_that_is_away(worker: WorkerProcess, console: ConsoleDouble) -> None:
    console.takes_output = False
    command = console.send("client", order("for i in 1 2 3; do echo $i; sleep 0.2; done"))
    console.wait(lambda: sum(isinstance(one, Output) for one in console.everything) >= 2)
    assert command not in console.printed
    console.takes_output = True
    assert console.report(command).outcome is Outcome.DONE
    assert console.printed[command] == b"1\n2\n3\n"


def test_a_flood_comes_whole_up_to_the_limit(worker: WorkerProcess, console: ConsoleDouble) -> None:
    command = console.send("client", order(f"yes 0123456789 | head -c {CLIENT_OUTPUT + 1_000_000}; echo; echo last"))
    report = console.report(command, 60)
    assert report.data["printed"] == CLIENT_OUTPUT + 1_000_006
    told = console.printed[command]
    assert told.startswith(b"0123456789\n" * 100)
    assert told.endswith(b"[what is printed from here on is not kept]\n")
    assert CLIENT_OUTPUT <= len(told) < CLIENT_OUTPUT + 2 * PIECE
    assert report.output.endswith("\nlast\n")


@pytest.fixture
def server() -> Iterator[PackageServer]:
    it = PackageServer(tarball({"bin/tool": b"#!/bin/sh\necho tool of the package\n"}))
    yield it
    it.close()


def test_it_has_the_package_and_the_files_that_somebody_gave(
    worker: WorkerProcess, console: ConsoleDouble, server: PackageServer
) -> None:
    given = server.source(name="given.bin")
    text = 'sh "$package_dir"/bin/tool; wc -c < given.bin; pwd; [ "$run_dir" = "$(pwd)" ] && echo same'
    report = console.ask("client", order(text, package=server.source(), inputs=[given]))
    assert report.outcome is Outcome.DONE, report.message
    lines = report.output.splitlines()
    assert lines[0] == "tool of the package"
    assert lines[1] == str(len(server.body))
    assert lines[3] == "same"


def test_a_hostile_name_is_refused(worker: WorkerProcess, console: ConsoleDouble) -> None:
    args = order("true")
    args.files = {"../x": ""}
    report = console.ask("client", args)
    assert report.outcome is Outcome.REFUSED
    assert nothing_left(worker)


def test_there_are_not_too_many(worker: WorkerProcess, console: ConsoleDouble) -> None:
    running = [console.send("client", order("echo up; read x", stays_open=True)) for _ in range(MOST_CLIENTS)]
    for command in running:
        printed(console, command, "up")
    report = console.ask("client", order("true"))
    assert report.outcome is Outcome.REFUSED and "wait for one, or cancel it" in report.message
    for command in running:
        console.cancel(command)
    for command in running:
        assert console.report(command).outcome is Outcome.CANCELLED


def test_what_is_dropped_while_the_console_is_away_is_said() -> None:
    flow = Outflow(0.0)
    for _ in range(WINDOW // PIECE):
        flow.came(b"x" * PIECE)
    assert not flow.wants(1.0)
    assert flow.wants(AWAY_SECONDS + 1)
    flow.came(b"lost")
    flow.noted(WINDOW, 20.0)
    flow.came(b"kept")
    due = flow.due(20.0)
    assert due == (WINDOW, b"\n[4 bytes were lost here: the console was away]\nkept")
    assert (flow.printed, bytes(flow.tail[-8:]), len(flow.tail)) == (WINDOW + 8, b"lostkept", TAIL)


def test_a_piece_is_told_again_only_after_a_while() -> None:
    flow = Outflow(0.0)
    flow.came(b"abc")
    assert flow.due(0.0) == (0, b"abc")
    assert flow.due(0.5) is None
    flow.came(b"d")
    assert flow.due(3.0) == (0, b"abcd")
    flow.noted(3, 3.1)
    assert flow.due(3.1) is None, "it was told with what was noted, and may be on its way"
    assert flow.due(5.1) == (3, b"d")
    flow.noted(4, 5.2)
    assert flow.is_empty and flow.due(9.0) is None
