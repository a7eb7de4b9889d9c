"""Tasks under a worker that is killed, under shims that are killed, and tasks that misbehave. All real processes."""

import os
import random
import shutil
import signal
import time
from pathlib import Path

import pytest

from minos_common.states import Outcome, TaskState
from minos_common.verbs import Lifecycle, StartArgs, StopArgs
from minos_common.words import TaskName, TaskStatus
from minos_worker.process.tree import is_locked
from tests.minos_worker.console_double import ConsoleDouble
from tests.minos_worker.hosts import (
    QUICK,
    SLEEPER,
    TASK,
    WorkerProcess,
    alive,
    bash,
    bootstrap,
    gone,
    prepare_args,
    run,
    stop,
)


def is_running(status: TaskStatus) -> bool:
    return status.state is TaskState.RUNNING


def test_a_killed_task_is_restarted_within_a_second_or_so(worker: WorkerProcess, console: ConsoleDouble) -> None:
    pid = run(console)
    os.kill(pid, signal.SIGKILL)
    killed = time.monotonic()
    status = console.wait_status(TASK, lambda status: is_running(status) and status.pid != pid)
    assert time.monotonic() - killed < 2.0
    assert status.restarts == 1 and status.last_exit is not None
    assert (status.last_exit.kind, status.last_exit.value, status.last_exit.expected) == ("signal", 9, False)
    told = [(event.before, event.status.state) for event in console.events]
    assert (TaskState.RUNNING, TaskState.STARTING) in told


def test_killing_the_worker_again_and_again_touches_no_task(worker: WorkerProcess, console: ConsoleDouble) -> None:
    tasks = [TaskName("kafka", "dptst-x", "broker", number) for number in range(5)]
    pids = {task: run(console, task=task) for task in tasks}
    for _ in range(5):
        worker.kill()
        worker.start()
        found = {status.task: status for status in console.hellos[-1].tasks}
        assert {task: found[task].pid for task in tasks} == pids
        assert all(found[task].state is TaskState.RUNNING and found[task].restarts == 0 for task in tasks)
    assert console.hellos[-1].worker_starts == 6


def test_how_tasks_ended_while_the_worker_was_away_is_known_exactly(
    worker: WorkerProcess, console: ConsoleDouble, tmp_path: Path
) -> None:
    endings = ["exit 0", "exit 1", "exit 3", "exit 255", "kill -9 $$", "kill -11 $$", "kill -15 $$", "kill -6 $$"]
    wanted = [
        ("code", 0),
        ("code", 1),
        ("code", 3),
        ("code", 255),
        ("signal", 9),
        ("signal", 11),
        ("signal", 15),
        ("signal", 6),
    ]
    no_restart = Lifecycle(start_seconds=0.2, restart=False)
    tasks = [TaskName("storm", "dptst-x", "worker", number) for number in range(len(endings))]
    flag = tmp_path / "go"
    for task, ending in zip(tasks, endings, strict=True):
        run(console, bash(f"until [ -e {flag} ]; do sleep 0.05; done; {ending}", no_restart), task)
    records = [worker.process_record(task) for task in tasks]
    worker.kill()
    flag.touch()
    console.wait(lambda: not any(alive(record) for record in records))
    worker.start()
    for task, (kind, value) in zip(tasks, wanted, strict=True):
        status = console.wait_status(task, lambda status: status.state is TaskState.EXITED)
        assert status.last_exit is not None
        assert (status.last_exit.kind, status.last_exit.value) == (kind, value), task


def test_a_task_that_died_while_the_worker_was_away_is_restarted(worker: WorkerProcess, console: ConsoleDouble) -> None:
    pid = run(console)
    worker.kill()
    os.kill(pid, signal.SIGKILL)
    console.wait(lambda: gone(pid))
    worker.start()
    status = console.wait_status(TASK, is_running)
    assert status.restarts == 1 and status.last_exit is not None and status.last_exit.value == 9


def test_a_task_survives_its_shim_and_its_exit_is_then_unknown(worker: WorkerProcess, console: ConsoleDouble) -> None:
    pid = run(console)
    os.kill(worker.process_record(TASK).shim_pid, signal.SIGKILL)
    status = console.wait_status(TASK, lambda status: status.unattended)
    assert (status.state, status.pid) == (TaskState.RUNNING, pid)
    os.kill(pid, signal.SIGTERM)
    status = console.wait_status(TASK, lambda status: is_running(status) and status.pid != pid)
    assert status.last_exit is not None and not status.last_exit.expected
    assert (status.last_exit.kind, status.last_exit.value) == ("unknown", None)
    assert not status.unattended and status.restarts == 1


def test_an_unattended_task_is_stopped_with_all_its_children(worker: WorkerProcess, console: ConsoleDouble) -> None:
    run(console, bash("setsid sleep 1000 & (setsid bash -c 'exec 57>&-; sleep 1000' &) ; wait"))
    console.wait(lambda: len(worker.members_of(TASK)) >= 3)
    everybody = worker.members_of(TASK)
    os.kill(worker.process_record(TASK).shim_pid, signal.SIGKILL)
    console.wait_status(TASK, lambda status: status.unattended)
    assert stop(console).outcome is Outcome.DONE
    assert all(gone(pid) for pid in everybody)


def test_the_launcher_may_die_too(worker: WorkerProcess, console: ConsoleDouble) -> None:
    pid = run(console)
    assert worker.process is not None
    children = Path(f"/proc/{worker.process.pid}/task/{worker.process.pid}/children").read_text().split()
    launchers = [int(child) for child in children if b"launcher.py" in Path(f"/proc/{child}/cmdline").read_bytes()]
    assert len(launchers) == 1
    os.kill(launchers[0], signal.SIGKILL)
    other = TaskName("zookeeper", "dptst", "zookeeper", 1)
    assert run(console, task=other) != pid
    assert not gone(pid)


def test_a_task_that_ignores_term_is_killed_when_patience_ends(worker: WorkerProcess, console: ConsoleDouble) -> None:
    pid = run(console, bash("trap '' TERM; while :; do sleep 0.1; done", Lifecycle(start_seconds=0.2, stop_wait=1.0)))
    report = stop(console)
    assert report.outcome is Outcome.DONE and "killed" in report.message
    assert gone(pid) and 1.0 <= report.ended - report.started < 4.0
    assert report.data["status"]["last_exit"]["forced"]


def test_a_stop_can_be_given_less_patience(worker: WorkerProcess, console: ConsoleDouble) -> None:
    run(console, bash("trap '' TERM; while :; do sleep 0.1; done", Lifecycle(start_seconds=0.2, stop_wait=600.0)))
    console.send("stop", StopArgs(TASK))
    console.wait_status(TASK, lambda status: status.state is TaskState.STOPPING)
    report = console.ask("stop", StopArgs(TASK, stop_wait=0.2))
    assert report.outcome is Outcome.DONE and report.ended - report.started < 4.0


def test_a_stop_takes_daemons_along_however_they_hide(worker: WorkerProcess, console: ConsoleDouble) -> None:
    nest = "trap '' TERM; for i in 1 2 3; do setsid env -i bash -c 'trap \"\" TERM; setsid sleep 999 & sleep 999' & done; wait"
    run(console, bash(nest, Lifecycle(start_seconds=0.5, stop_wait=0.3)))
    console.wait(lambda: len(worker.members_of(TASK)) >= 10)
    everybody = worker.members_of(TASK)
    assert stop(console).outcome is Outcome.DONE
    assert worker.members_of(TASK) == {} and all(gone(pid) for pid in everybody)
    assert not is_locked(worker.layout.slot_dir(TASK) / "lock")


def test_a_task_that_goes_to_the_background_fails_and_leaves_nothing(
    worker: WorkerProcess, console: ConsoleDouble
) -> None:
    bootstrap(console, bash("(setsid sleep 999 &) ; exit 0", Lifecycle(start_seconds=0.3, retries=1)))
    report = console.ask("start", StartArgs(TASK))
    assert report.outcome is Outcome.FAILED and "foreground" in report.message
    console.wait(lambda: not worker.members_of(TASK))


def test_a_flapping_task_becomes_fatal_with_its_last_lines(worker: WorkerProcess, console: ConsoleDouble) -> None:
    bootstrap(console, bash("for i in $(seq 60); do echo line $i; done; exit 3", Lifecycle(start_seconds=1, retries=2)))
    report = console.ask("start", StartArgs(TASK))
    assert report.outcome is Outcome.FAILED
    assert "2 failed starts" in report.message and "exit code 3" in report.message
    assert report.output.splitlines() == [f"line {number}" for number in range(11, 61)]
    status = console.wait_status(TASK, lambda status: status.state is TaskState.FATAL)
    assert status.last_lines[-1] == "line 60" and len(status.last_lines) == 50
    worker.kill()
    worker.start()
    status = console.wait_status(TASK, lambda status: status.state is TaskState.FATAL)
    assert "exit code 3" in status.reason and status.last_lines[-1] == "line 60"


def test_a_stop_interrupts_a_start(worker: WorkerProcess, console: ConsoleDouble) -> None:
    bootstrap(console, bash("exec sleep 1000", Lifecycle(start_seconds=60)))
    starting = console.send("start", StartArgs(TASK))
    console.wait_status(TASK, lambda status: status.state is TaskState.STARTING and status.pid is not None)
    assert stop(console).outcome is Outcome.DONE
    report = console.report(starting, 5)
    assert report.outcome is Outcome.FAILED and "stop" in report.message


def test_a_cancelled_start_is_no_longer_waited_for(worker: WorkerProcess, console: ConsoleDouble) -> None:
    bootstrap(console, bash("exec sleep 1000", Lifecycle(start_seconds=60)))
    starting = console.send("start", StartArgs(TASK))
    console.wait_status(TASK, lambda status: status.state is TaskState.STARTING)
    console.cancel(starting)
    report = console.report(starting, 5)
    assert report.outcome is Outcome.CANCELLED and "STARTING" in report.message


def test_a_start_past_its_deadline_fails_with_what_is_known(worker: WorkerProcess, console: ConsoleDouble) -> None:
    bootstrap(console, bash("echo hello; exec sleep 1000", Lifecycle(start_seconds=60)))
    report = console.ask("start", StartArgs(TASK), expires_in=1.0)
    assert report.outcome is Outcome.FAILED and "STARTING" in report.message


def test_an_expected_exit_is_not_restarted(worker: WorkerProcess, console: ConsoleDouble) -> None:
    run(console, bash("sleep 1; exit 7", Lifecycle(start_seconds=0.3, expected_exits=(0, 7))))
    status = console.wait_status(TASK, lambda status: status.state is TaskState.EXITED)
    assert status.last_exit is not None and status.last_exit.expected and status.restarts == 0


def test_another_stop_signal(worker: WorkerProcess, console: ConsoleDouble) -> None:
    text = "trap 'exit 0' INT; trap '' TERM; while :; do sleep 0.1; done"
    run(console, bash(text, Lifecycle(start_seconds=0.3, stop_signal="INT", stop_wait=10)))
    report = stop(console)
    assert report.message == "stopped" and report.data["status"]["last_exit"]["value"] == 0


def test_signals_that_the_worker_ignores_are_not_ignored_by_tasks(
    tmp_path: Path, console: ConsoleDouble, worker: WorkerProcess
) -> None:
    pid = run(console)
    lines = dict(line.split(":\t") for line in Path(f"/proc/{pid}/status").read_text().splitlines() if ":\t" in line)
    # 32 and 33 are the C library's own: its posix_spawn (make uses it) leaves them ignored, its threads set them anew.
    own = 1 << 31 | 1 << 32
    assert int(lines["SigIgn"], 16) & ~own == 0 and int(lines["SigBlk"], 16) == 0


def test_a_task_gets_no_descriptor_but_its_own(worker: WorkerProcess, console: ConsoleDouble) -> None:
    pid = run(console)
    found = {int(path.name): str(path.readlink()) for path in Path(f"/proc/{pid}/fd").iterdir()}
    assert set(found) == {0, 1, 2, 57}
    assert found[0] == "/dev/null" and found[1] == found[2] and found[1].endswith(".out")


def test_the_workers_own_directory_may_be_lost(worker: WorkerProcess, console: ConsoleDouble) -> None:
    pid = run(console)
    worker.kill()
    shutil.rmtree(worker.layout.worker)
    worker.layout.worker.mkdir()
    worker.start()
    status = console.wait_status(TASK, is_running)
    assert (status.pid, status.bootstrapped) == (pid, True)
    assert console.ask("start", StartArgs(TASK)).message == f"already running with pid {pid}"
    assert stop(console).outcome is Outcome.DONE and gone(pid)


def test_without_any_record_a_held_slot_is_unknown_and_is_not_started_twice(
    worker: WorkerProcess, console: ConsoleDouble
) -> None:
    pid = run(console)
    worker.kill()
    (worker.layout.slot_dir(TASK) / "process.json").unlink()
    (worker.layout.worker / "journal.sqlite").unlink()
    worker.start()
    status = console.wait_status(TASK, lambda status: status.state is TaskState.UNKNOWN)
    assert "held" in status.reason
    report = console.ask("start", StartArgs(TASK))
    assert report.outcome is Outcome.REFUSED and "held" in report.message and not gone(pid)
    assert stop(console).outcome is Outcome.DONE
    assert gone(pid)
    assert console.ask("start", StartArgs(TASK)).outcome is Outcome.DONE


def test_after_a_boot_nothing_is_adopted_and_what_is_wanted_comes_back(
    worker: WorkerProcess, console: ConsoleDouble
) -> None:
    pid = run(console)
    stopped = TaskName("zookeeper", "dptst", "zookeeper", 5)
    bootstrap(console, task=stopped)
    worker.kill()
    os.kill(pid, signal.SIGKILL)
    console.wait(lambda: gone(pid) and not is_locked(worker.layout.slot_dir(TASK) / "lock"))
    path = worker.layout.slot_dir(TASK) / "process.json"
    record = worker.process_record(TASK)
    # As after a boot: another boot id, and the pid now belongs to a stranger.
    text = path.read_text().replace(record.boot_id, "11111111-2222-3333-4444-555555555555")
    path.write_text(text.replace(f'"pid": {record.pid}', f'"pid": {os.getpid()}'))
    worker.start()
    status = console.wait_status(TASK, is_running)
    assert (status.pid not in (pid, os.getpid()) and "booted" in status.reason) or status.pid
    event = next(
        event
        for event in console.events
        if event.status.state is TaskState.STARTING and "booted" in event.status.reason
    )
    assert event.status.last_exit is not None and event.status.last_exit.kind == "unknown"
    other = console.status(stopped)
    assert other is not None and other.state is TaskState.STOPPED


def test_a_reused_pid_is_neither_adopted_nor_signalled(worker: WorkerProcess, console: ConsoleDouble) -> None:
    pid = run(console, bash("sleep 1000", Lifecycle(start_seconds=0.3, restart=False)))
    record = worker.process_record(TASK)
    worker.kill()
    os.kill(pid, signal.SIGKILL)
    console.wait(lambda: gone(pid) and not is_locked(worker.layout.slot_dir(TASK) / "lock"))
    slot = worker.layout.slot_dir(TASK)
    (slot / "exit").unlink()
    (slot / "process.json").write_text(
        (slot / "process.json").read_text().replace(f'"pid": {record.pid}', f'"pid": {os.getpid()}')
    )
    worker.start()
    status = console.wait_status(TASK, lambda status: status.state is TaskState.EXITED)
    assert status.last_exit is not None and status.last_exit.kind == "unknown"


@pytest.mark.parametrize("seed", [1, 2])
def test_kills_of_the_worker_in_the_middle_of_starts_and_stops(
    worker: WorkerProcess, console: ConsoleDouble, seed: int
) -> None:
    chance = random.Random(seed)
    bootstrap(console)
    for _ in range(6):
        verb, args = chance.choice([("start", StartArgs(TASK)), ("stop", StopArgs(TASK))])
        command = console.send(verb, args)
        time.sleep(chance.uniform(0.0, 0.2))
        worker.kill()
        worker.start()
        # As the console does: what the worker does not know of is sent again.
        if command not in console.hellos[-1].open_commands:
            console.send(verb, args, command_id=command)
        report = console.report(command)
        assert report.outcome is Outcome.DONE, report
        wanted = 1 if verb == "start" else 0
        console.wait(lambda: len(worker.members_of(TASK)) == wanted)  # noqa: B023 - asked at once


def test_post_script_runs_after_an_exit(worker: WorkerProcess, console: ConsoleDouble) -> None:
    files = {"post.sh": 'echo "post $1 $2" > "$2/post-was-here"\n'}
    run(console, SLEEPER, files=files)
    stop(console)
    path = worker.layout.run_dir(TASK) / "post-was-here"
    console.wait(lambda: path.exists() and path.read_text() == f"post zookeeper {worker.layout.run_dir(TASK)}\n")


def test_prepare_of_a_running_task_leaves_it_alone(worker: WorkerProcess, console: ConsoleDouble) -> None:
    pid = run(console)
    report = console.ask("prepare", prepare_args(bash("exec sleep 2000", QUICK), bootstrap=False, config_revision="2"))
    assert report.outcome is Outcome.DONE
    status = console.wait_status(TASK, lambda status: status.config_revision == "2")
    assert (status.pid, status.state) == (pid, TaskState.RUNNING)
    stop(console)
    console.ask("start", StartArgs(TASK))
    record = worker.process_record(TASK)
    assert b"2000" in Path(f"/proc/{record.pid}/cmdline").read_bytes()
