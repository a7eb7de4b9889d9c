"""A worker tells what of a task is on its host, and what its process was started with."""

from minos_common import parts
from minos_common.verbs import StartArgs
from minos_common.words import TaskName, TaskStatus
from tests.minos_worker.console_double import ConsoleDouble
from tests.minos_worker.hosts import SLEEPER, TASK, WorkerProcess, bash, bootstrap, prepare_args, run, stop

FILES = {"a.cfg": "one\n", "b.cfg": "two\n"}


def told(console: ConsoleDouble, task: TaskName = TASK) -> TaskStatus:
    found = console.status(task)
    assert found is not None
    return found


def wanted(files: dict[str, str] = FILES) -> dict[str, str]:
    return parts.digests_of(parts.texts_of(files, SLEEPER, None))


def test_what_was_sent_is_held_and_what_runs_was_started_with_it(worker: WorkerProcess, console: ConsoleDouble) -> None:
    bootstrap(console, SLEEPER, files=FILES)
    console.wait_status(TASK, lambda status: status.held == wanted())
    assert told(console).started_with == {}
    run_it = console.ask("start", StartArgs(TASK))
    assert run_it.data["status"]["started_with"] == wanted()
    newer = FILES | {"b.cfg": "three\n"}
    console.ask("prepare", prepare_args(SLEEPER, bootstrap=False, files=newer))
    status = console.wait_status(TASK, lambda status: status.held == wanted(newer))
    assert status.started_with == wanted()  # so it needs a restart
    stop(console)
    assert told(console).started_with == {}
    console.ask("start", StartArgs(TASK))
    console.wait_status(TASK, lambda status: status.started_with == wanted(newer))


def test_what_is_edited_on_the_host_is_seen(worker: WorkerProcess, console: ConsoleDouble) -> None:
    run(console, SLEEPER, files=FILES)
    run_dir = worker.layout.run_dir(TASK)
    (run_dir / "a.cfg").write_text("edited\n")
    (run_dir / "b.cfg").unlink()
    status = console.wait_status(TASK, lambda status: status.held["file:b.cfg"] == parts.MISSING)
    assert status.held == wanted() | {"file:a.cfg": parts.digest(b"edited\n"), "file:b.cfg": parts.MISSING}
    assert status.edited == ["file:a.cfg", "file:b.cfg"]
    assert status.started_with == wanted()
    script = run_dir / "start.sh"
    script.write_text(script.read_text() + "# edited\n")
    console.wait_status(TASK, lambda status: status.held["command"] != wanted()["command"])
    console.ask("prepare", prepare_args(SLEEPER, bootstrap=False, files=FILES))
    console.wait_status(TASK, lambda status: status.held == wanted() and not status.edited)


def test_a_new_worker_knows_what_the_process_was_started_with(worker: WorkerProcess, console: ConsoleDouble) -> None:
    run(console, SLEEPER, files=FILES)
    worker.kill()
    (worker.layout.run_dir(TASK) / "a.cfg").write_text("edited meanwhile\n")
    worker.start()
    (status,) = console.hellos[-1].tasks
    assert status.started_with == wanted()
    assert status.held["file:a.cfg"] == parts.digest(b"edited meanwhile\n")


def test_a_link_in_place_of_a_file_is_not_followed(worker: WorkerProcess, console: ConsoleDouble) -> None:
    run(console, SLEEPER, files=FILES)
    path = worker.layout.run_dir(TASK) / "a.cfg"
    path.unlink()
    path.symlink_to("/etc/passwd")
    console.wait_status(TASK, lambda status: status.held["file:a.cfg"] == parts.MISSING)


def test_another_command_is_another_part(worker: WorkerProcess, console: ConsoleDouble) -> None:
    run(console, SLEEPER, files=FILES)
    other = bash("echo up; exec sleep 2000", environment={"A": "b"})
    console.ask("prepare", prepare_args(other, bootstrap=False, files=FILES))
    status = console.wait_status(TASK, lambda status: status.held != wanted())
    changed = {part for part, name in status.held.items() if wanted().get(part) != name}
    assert changed == {"command", "environment"}
