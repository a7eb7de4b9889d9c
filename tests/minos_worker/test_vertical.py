"""The whole way with a real worker: hello, bootstrap, start, figures, stop, clean."""

from pathlib import Path

from minos_common.states import Outcome, TaskState
from minos_common.verbs import CleanArgs, ShowArgs, StartArgs
from tests.minos_worker.console_double import ConsoleDouble
from tests.minos_worker.hosts import TASK, WorkerProcess, bootstrap, gone, run, stop


def test_a_task_is_bootstrapped_started_shown_stopped_and_cleaned(
    worker: WorkerProcess, console: ConsoleDouble
) -> None:
    hello = console.hellos[0]
    assert hello.tasks == [] and hello.name == "host1" and hello.worker_starts == 1
    bootstrap(console, files={"zoo.cfg": "tickTime=2000\n"})
    started = console.ask("start", StartArgs(TASK))
    assert started.outcome is Outcome.DONE, started
    pid = started.data["status"]["pid"]
    assert Path(f"/proc/{pid}").exists()
    shown = console.ask("show", ShowArgs(TASK))
    assert shown.message == "RUNNING" and shown.data["status"]["pid"] == pid
    stopped = stop(console)
    assert stopped.outcome is Outcome.DONE and gone(pid)
    assert console.wait_status(TASK, lambda status: status.state is TaskState.STOPPED)
    cleaned = console.ask("clean", CleanArgs(TASK))
    assert cleaned.outcome is Outcome.DONE, cleaned
    assert not worker.layout.run_dir(TASK).exists() and not worker.layout.data_dir(TASK, 0).exists()


def test_figures_of_host_and_task_come(worker: WorkerProcess, console: ConsoleDouble) -> None:
    run(console)
    console.wait(
        lambda: [
            g for batch in console.samples for g in batch.groups if g.task == TASK and "task.cpu_percent" in g.figures
        ]
    )
    host = next(group for batch in reversed(console.samples) for group in batch.groups if group.task is None)
    assert {"host.cpu_percent", "host.load1", "host.memory_total", "host.disk_percent"} <= set(host.figures)


def test_a_worker_that_is_killed_takes_its_tasks_over_again(worker: WorkerProcess, console: ConsoleDouble) -> None:
    pid = run(console)
    worker.kill()
    worker.start()
    status = next(status for status in console.hellos[-1].tasks if status.task == TASK)
    assert (status.state, status.pid, status.restarts) == (TaskState.RUNNING, pid, 0)
    assert stop(console).outcome is Outcome.DONE
    assert gone(pid)
