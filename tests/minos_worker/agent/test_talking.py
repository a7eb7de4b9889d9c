"""The worker's side of the wire against a real ROUTER: commands, repeats, silence, restarts, hostile frames."""

import contextlib
import itertools
import os
import signal
import socketserver
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from minos_common import wire
from minos_common.states import Outcome, TaskState
from minos_common.verbs import CleanArgs, ProbeArgs, ShowArgs, StartArgs, StatusPage
from minos_common.words import Command, Hello, TaskName
from minos_worker.journal import Journal
from tests.minos_worker.console_double import ConsoleDouble
from tests.minos_worker.hosts import TASK, WorkerProcess, bash, bootstrap, gone, prepare_args, run, stop


def test_hello_tells_who_and_what_this_is(worker: WorkerProcess, console: ConsoleDouble) -> None:
    hello = console.hellos[0]
    assert (hello.name, hello.address, hello.worker_starts) == ("host1", "127.0.0.1", 1)
    assert hello.roots == worker.layout.roots() and hello.facts.cores and "17" in hello.facts.java
    assert abs(hello.clock - time.time()) < 5 and len(hello.boot_id) == 36


def test_beats_come_in_their_rhythm_and_are_numbered(worker: WorkerProcess, console: ConsoleDouble) -> None:
    console.wait(lambda: len(console.beats) >= 6)
    numbers = [beat.number for _, beat in console.beats]
    assert numbers == sorted(set(numbers))
    gaps = [later[0] - earlier[0] for earlier, later in zip(console.beats, console.beats[1:], strict=False)]
    assert max(gaps) < 0.8
    assert {beat.session for _, beat in console.beats} == {console.hellos[-1].session}


def test_a_pending_worker_says_hello_and_nothing_else(tmp_path: Path, console: ConsoleDouble) -> None:
    console.state = "pending"
    worker = WorkerProcess(tmp_path / "host1", console)
    try:
        worker.start()
        console.send("show", ShowArgs(TASK))
        console.wait(lambda: len(console.hellos) >= 2, 15)
        assert all(isinstance(message, Hello) for message in console.everything)
        console.state = "approved"
        console.wait(lambda: console.beats, 15)
    finally:
        worker.clean_up()


def test_a_repeated_command_is_answered_alike_and_done_once(worker: WorkerProcess, console: ConsoleDouble) -> None:
    spec = bash("echo x >> count; exec sleep 1000")
    bootstrap(console, spec)
    first = console.report(console.send("start", StartArgs(TASK), command_id="same"))
    stop(console)
    for count in range(2, 5):
        console.send("start", StartArgs(TASK), command_id="same")
        console.wait(lambda: len([r for r in console.reports if r.command_id == "same"]) >= count)  # noqa: B023
    assert all(report == first for report in console.reports if report.command_id == "same")
    assert (worker.layout.run_dir(TASK) / "count").read_text() == "x\n"
    status = console.status(TASK)
    assert status is not None and status.state is TaskState.STOPPED


def test_a_command_that_is_at_work_is_accepted_again(worker: WorkerProcess, console: ConsoleDouble) -> None:
    args = ProbeArgs("port", host="127.0.0.1", port=1)
    for _ in range(3):
        console.send("probe", args, expires_in=1.5, command_id="probing")
        console.wait(lambda: console.accepted)
    console.report("probing")
    assert len([one for one in console.accepted if one.command_id == "probing"]) == 3
    assert len([one for one in console.reports if one.command_id == "probing"]) == 1


def test_a_newer_attempt_is_carried_out_anew(worker: WorkerProcess, console: ConsoleDouble) -> None:
    report = console.report(console.send("start", StartArgs(TASK), command_id="again"))
    assert report.outcome is Outcome.REFUSED
    bootstrap(console)
    console.reports.clear()
    report = console.report(console.send("start", StartArgs(TASK), command_id="again", attempt=2))
    assert (report.outcome, report.attempt) == (Outcome.DONE, 2)


def test_a_command_past_its_time_is_not_begun(worker: WorkerProcess, console: ConsoleDouble) -> None:
    bootstrap(console)
    report = console.ask("start", StartArgs(TASK), expires_in=0.0)
    assert report.outcome is Outcome.EXPIRED
    report = console.ask("start", StartArgs(TASK), expires_in=-1000.0)
    assert report.outcome is Outcome.EXPIRED
    status = console.status(TASK)
    assert status is not None and status.state is TaskState.STOPPED


def test_a_command_whose_time_ended_while_the_worker_was_away_is_expired(
    worker: WorkerProcess, console: ConsoleDouble
) -> None:
    bootstrap(console, bash("echo x >> count; exec sleep 1000"))
    assert worker.process is not None
    os.kill(worker.process.pid, signal.SIGSTOP)
    command = console.send("start", StartArgs(TASK), expires_in=60)
    os.kill(worker.process.pid, signal.SIGCONT)
    assert console.report(command).outcome is Outcome.DONE
    stop(console)
    worker.kill()
    import sqlite3

    with sqlite3.connect(worker.layout.worker / "journal.sqlite") as db:
        db.execute("update commands set report = null, noted = 0, expires_in = 0.01 where command_id = ?", (command,))
    db.close()
    console.reports.clear()
    worker.start()
    assert console.report(command).outcome is Outcome.EXPIRED
    assert (worker.layout.run_dir(TASK) / "count").read_text() == "x\n"


@pytest.mark.parametrize("verb", ["", "no-such", "__class__", "prepare.__init__", "start\0", "é" * 100, "show "])
def test_only_verbs_of_the_table_are_known(worker: WorkerProcess, console: ConsoleDouble, verb: str) -> None:
    report = console.ask(verb, ShowArgs(TASK))
    assert report.outcome is Outcome.REFUSED and "unknown verb" in report.message


def test_arguments_of_another_verb_are_refused(worker: WorkerProcess, console: ConsoleDouble) -> None:
    report = console.ask("prepare", ShowArgs(TASK))
    assert report.outcome is Outcome.REFUSED and "arguments of prepare" in report.message


def test_malformed_frames_are_counted_and_harm_nothing(worker: WorkerProcess, console: ConsoleDouble) -> None:
    assert worker.process is not None
    good = wire.pack(Command("x", "show", wire.raw(ShowArgs(TASK)), 5.0))
    deep = b"\x91" * 60_000
    bad: list[list[bytes]] = [
        [],
        [b""],
        [b"", b""],
        [wire.MARK],
        [b"minos/9", good[1]],
        [*good, b"more"],
        [wire.MARK, b"\xc1"],
        [wire.MARK, b"\x80"],
        [wire.MARK, good[1][:-3]],
        [wire.MARK, deep],
        [wire.MARK, b"\x81\xa4type\xa5hello"],
        [wire.MARK, b"\xdd\xff\xff\xff\xff"],
    ]
    for number in range(2000):
        frames = bad[number % len(bad)]
        if frames:
            console.say_raw(*frames)
    report = console.ask("show", ShowArgs(TASK))
    assert report.outcome is Outcome.REFUSED
    assert worker.process.poll() is None and "malformed" in worker.log.read_text()


def test_reports_and_events_are_repeated_until_noted(worker: WorkerProcess, console: ConsoleDouble) -> None:
    bootstrap(console)
    console.notes = False
    command = console.send("start", StartArgs(TASK))
    console.wait(lambda: len([r for r in console.reports if r.command_id == command]) >= 2)
    console.wait(lambda: max([console.events.count(event) for event in console.events], default=0) >= 2)
    worker.kill()  # and they are not forgotten with it
    console.reports.clear()
    console.events.clear()
    worker.start()
    assert console.report(command).outcome is Outcome.DONE
    console.wait(lambda: {event.status.state for event in console.events} >= {TaskState.STARTING, TaskState.RUNNING})
    console.beats.clear()  # one from before would say that nothing is owed
    console.notes = True
    console.wait(lambda: console.beats and console.beats[-1][1].unreported == 0)
    worker.kill()
    console.reports.clear()
    console.events.clear()
    worker.start()
    console.wait(lambda: len(console.beats) > 3)
    assert console.reports == [] and console.events == []


def test_a_console_that_comes_back_is_told_everything_at_once(worker: WorkerProcess, console: ConsoleDouble) -> None:
    pid = run(console)
    console.close()
    os.kill(pid, signal.SIGKILL)
    console.wait(lambda: gone(pid))
    hellos = len(console.hellos)
    console.open()
    console.wait(lambda: len(console.hellos) > hellos, 20)
    status = console.wait_status(TASK, lambda status: status.restarts == 1)
    assert status.state in (TaskState.RUNNING, TaskState.STARTING) and status.pid != pid
    console.wait(lambda: [event for event in console.events if event.status.restarts == 1])
    assert console.hellos[-1].session != console.hellos[0].session
    assert console.ask("show", ShowArgs(TASK)).outcome is Outcome.DONE


def test_a_console_that_does_not_answer_is_dialled_anew(worker: WorkerProcess, console: ConsoleDouble) -> None:
    console.wait(lambda: console.beats)
    console.answers_beats = console.notes = False
    hellos = len(console.hellos)
    console.wait(lambda: len(console.hellos) > hellos, 20)
    console.answers_beats = console.notes = True
    console.wait(lambda: len(console.beats) > 10)


def test_figures_taken_while_the_console_is_away_come_with_their_own_times(
    worker: WorkerProcess, console: ConsoleDouble
) -> None:
    console.wait(lambda: len(console.samples) >= 2)
    console.close()
    left = time.time()
    time.sleep(2.0)
    returned = time.time()
    console.open()
    console.wait(lambda: [b for b in console.samples if left + 0.5 < b.groups[0].at < returned - 0.3], 20)
    times = [batch.groups[0].at for batch in console.samples]
    assert len(set(times)) >= 5


def test_an_impostor_console_is_not_talked_to(tmp_path: Path, console: ConsoleDouble, worker: WorkerProcess) -> None:
    other = WorkerProcess(tmp_path / "host2", console, console_key=wire.zmq.curve_keypair()[0].decode())
    hellos = len(console.hellos)
    import subprocess
    import sys

    with other.log.open("ab") as log:
        other.process = subprocess.Popen([sys.executable, "-m", "minos_worker", str(other.ini)], stdout=log, stderr=log)
    try:
        console.wait(lambda: other.log.exists() and other.log.read_text().count("refuses the handshake") >= 2, 20)
        assert len(console.hellos) == hellos and other.process.poll() is None
        # It slows down by itself instead of knocking ten times a second.
        assert other.log.read_text().count("refuses the handshake") < 6
    finally:
        other.clean_up()


def test_a_slow_status_page_delays_nobody_elses_figures(worker: WorkerProcess, console: ConsoleDouble) -> None:
    import socket

    slow, quick = TaskName("hdfs", "dptst-x", "namenode"), TaskName("hdfs", "dptst-x", "datanode")
    with socket.create_server(("127.0.0.1", 0)) as deaf:  # accepts and never says anything
        page = StatusPage("zookeeper-admin", f"127.0.0.1:{deaf.getsockname()[1]}", "/commands/monitor")
        run(console, bash("exec sleep 1000", status=page), slow)
        run(console, task=quick)
        begin = time.time()
        console.wait(lambda: [g for b in console.samples for g in b.groups if g.task == slow and g.error], 20)
        console.wait(
            lambda: len([g for b in console.samples for g in b.groups if g.task == quick and g.at > begin]) >= 6
        )
        times = sorted(g.at for b in console.samples for g in b.groups if g.task == quick and g.at > begin)
        assert max(later - earlier for earlier, later in itertools.pairwise(times)) < 1.5


def test_a_page_that_hangs_holds_up_neither_the_host_nor_a_page_that_answers(
    tmp_path: Path, console: ConsoleDouble
) -> None:
    import socket

    console.sample_seconds = 5.0  # a page may take four of them
    daemon = WorkerProcess(tmp_path / "host1", console)
    slow, quick = TaskName("hdfs", "dptst-x", "namenode"), TaskName("hdfs", "dptst-x", "datanode")
    with socket.create_server(("127.0.0.1", 0)) as deaf, answering(b"zk_server_state\tleader\n") as port:
        daemon.start()
        try:
            hanging = StatusPage("zookeeper-admin", f"127.0.0.1:{deaf.getsockname()[1]}", "/commands/monitor")
            run(console, bash("exec sleep 1000", status=hanging), slow)
            answer = StatusPage("zookeeper-mntr", f"127.0.0.1:{port}", keep={"server_state": "role"})
            run(console, bash("exec sleep 1000", status=answer), quick)

            def told() -> list[TaskName | None]:
                """Of what is told at one moment, when all three are told of: in which order."""
                groups = [one for batch in console.samples for one in batch.groups]
                for at in {one.at for one in groups}:
                    order = [one.task for one in groups if one.at == at]
                    if {None, slow, quick} == set(order):
                        return order
                return []

            assert console.wait(told, 40)[-1] == slow
            assert [one.error for batch in console.samples for one in batch.groups if one.task == slow][-1]
        finally:
            daemon.clean_up()


def test_a_tasks_process_and_status_page_are_told_in_one_group(worker: WorkerProcess, console: ConsoleDouble) -> None:
    with answering(b"zk_server_state\tleader\nzk_znode_count\t5\n") as port:
        page = StatusPage("zookeeper-mntr", f"127.0.0.1:{port}", keep={"server_state": "role", "znode_count": "znodes"})
        run(console, bash("exec sleep 1000", status=page))
        console.wait(lambda: [g for b in console.samples for g in b.groups if g.task == TASK and g.texts], 20)
    batch = next(b for b in reversed(console.samples) if any(g.texts for g in b.groups))
    (group,) = [g for g in batch.groups if g.task == TASK]
    assert group.texts == {"role": "leader"}
    assert group.figures["znodes"] == 5.0
    assert group.figures["task.rss_bytes"] > 0


@contextlib.contextmanager
def answering(text: bytes) -> Iterator[int]:
    """A port that says ``text`` to everyone who asks something."""

    class Words(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.recv(64)
            self.request.sendall(text)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Words) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def test_a_console_that_lags_behind_is_told_all_states_again(worker: WorkerProcess, console: ConsoleDouble) -> None:
    run(console)
    console.wait(lambda: console.beats and console.beats[-1][1].revision > console.hellos[-1].revision >= 1 << 32)
    console.told_revision = console.hellos[-1].revision
    before = len(console.states)
    told = console.wait(lambda: len(console.states) > before and console.states[-1])
    assert [status.task for status in told.tasks] == [TASK]
    console.told_revision = told.revision
    assert told.revision == console.beats[-1][1].revision
    number = len(console.beats)
    console.wait(lambda: len(console.beats) > number + 1)  # an answer that was under way may cost one more
    before, number = len(console.states), len(console.beats)
    console.wait(lambda: len(console.beats) > number + 3)
    assert len(console.states) == before


def test_a_crowd_of_questions_does_not_hold_up_beats(worker: WorkerProcess, console: ConsoleDouble) -> None:
    bootstrap(console)
    beats = len(console.beats)
    commands = [console.send("show", ShowArgs(TASK)) for _ in range(300)]
    for command in commands:
        console.report(command)
    console.wait(lambda: len(console.beats) > beats + 3)
    gaps = [b[0] - a[0] for a, b in zip(console.beats[beats:], console.beats[beats + 1 :], strict=False)]
    assert max(gaps) < 1.5


def test_cleaning_tells_the_console_that_the_task_is_gone(worker: WorkerProcess, console: ConsoleDouble) -> None:
    bootstrap(console)
    console.wait(lambda: console.states and console.states[-1].tasks)
    assert console.ask("clean", CleanArgs(TASK)).outcome is Outcome.DONE
    console.wait(lambda: console.states[-1].tasks == [])
    assert prepare_args().bootstrap


def test_questions_leave_no_trace_in_the_journal(worker: WorkerProcess, console: ConsoleDouble) -> None:
    run(console)
    command = console.send("probe", ProbeArgs("port", TASK, "127.0.0.1", 1), expires_in=600)
    console.wait(lambda: command in {accepted.command_id for accepted in console.accepted})
    assert console.ask("show", ShowArgs(TASK)).outcome is Outcome.DONE
    worker.kill()
    journal = Journal(worker.layout.worker / "journal.sqlite")
    kept = {report.command_id for report in journal.unnoted()} | {e.command.command_id for e in journal.unfinished()}
    journal.close()
    assert not [one for one in kept if one.startswith(("probe", "show"))]
    worker.start()
    assert command not in console.hellos[-1].open_commands  # so the console asks again
    console.send("probe", ProbeArgs("port", TASK, "127.0.0.1", 1), command_id=command, expires_in=0.1)
    assert console.report(command).outcome in (Outcome.FAILED, Outcome.EXPIRED)


def test_questions_that_an_older_release_wrote_down_are_forgotten(
    worker: WorkerProcess, console: ConsoleDouble
) -> None:
    worker.kill()
    journal = Journal(worker.layout.worker / "journal.sqlite")
    journal.accept(Command("old-question", "show", wire.raw(ShowArgs(TASK)), 60.0))
    journal.close()
    worker.start()
    assert "old-question" not in console.hellos[-1].open_commands
    worker.end()
    journal = Journal(worker.layout.worker / "journal.sqlite")
    assert journal.find("old-question") is None
    journal.close()
