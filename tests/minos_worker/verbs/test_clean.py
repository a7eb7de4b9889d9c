"""clean with a real worker: only below the task's own markers."""

from pathlib import Path

import pytest

from minos_common.states import Outcome, TaskState
from minos_common.verbs import CleanArgs, StartArgs
from minos_common.words import TaskName
from minos_worker import markers
from tests.minos_worker.console_double import ConsoleDouble
from tests.minos_worker.hosts import TASK, WorkerProcess, bash, bootstrap, prepare_args, run, stop


def test_a_running_task_is_not_cleaned(worker: WorkerProcess, console: ConsoleDouble) -> None:
    run(console)
    report = console.ask("clean", CleanArgs(TASK))
    assert report.outcome is Outcome.REFUSED and "stop it first" in report.message
    assert worker.layout.data_dir(TASK, 0).exists()


def test_a_clean_task_is_forgotten_and_can_be_bootstrapped_anew(worker: WorkerProcess, console: ConsoleDouble) -> None:
    bootstrap(console)
    (worker.layout.data_dir(TASK, 0) / "deep/er").mkdir(parents=True)
    (worker.layout.data_dir(TASK, 0) / "deep/er/file").write_text("x")
    assert console.ask("clean", CleanArgs(TASK)).outcome is Outcome.DONE
    console.wait(lambda: console.status(TASK) is None)
    assert console.ask("start", StartArgs(TASK)).outcome is Outcome.REFUSED
    bootstrap(console)


def test_nothing_of_it_here_is_a_success(worker: WorkerProcess, console: ConsoleDouble) -> None:
    report = console.ask("clean", CleanArgs(TASK))
    assert report.outcome is Outcome.DONE and "nothing" in report.message


@pytest.mark.parametrize("which", ["data", "log"])
def test_without_its_marker_nothing_at_all_is_deleted(
    worker: WorkerProcess, console: ConsoleDouble, which: str
) -> None:
    bootstrap(console)
    layout = worker.layout
    place = layout.data_dir(TASK, 0) if which == "data" else layout.log_dir(TASK)
    for path in (layout.data_dir(TASK, 0), layout.log_dir(TASK)):
        (path / "precious").write_text("x")
    (place / markers.MARKER).unlink()
    report = console.ask("clean", CleanArgs(TASK))
    assert report.outcome is Outcome.REFUSED and str(place) in report.message
    assert (layout.data_dir(TASK, 0) / "precious").exists() and (layout.log_dir(TASK) / "precious").exists()


def test_another_tasks_marker_is_respected(worker: WorkerProcess, console: ConsoleDouble) -> None:
    bootstrap(console)
    stranger = TaskName("hdfs", "dptst-x", "datanode")
    place = worker.layout.data_dir(TASK, 0)
    (place / markers.MARKER).unlink()
    markers.put(place, markers.Marker(stranger))
    (place / "blocks").write_text("x")
    report = console.ask("clean", CleanArgs(TASK))
    assert report.outcome is Outcome.REFUSED and (place / "blocks").exists()


def test_links_are_deleted_and_never_followed(worker: WorkerProcess, console: ConsoleDouble, tmp_path: Path) -> None:
    bootstrap(console)
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "precious").write_text("x")
    data = worker.layout.data_dir(TASK, 0)
    (data / "link").symlink_to(outside)
    (data / "file-link").symlink_to(outside / "precious")
    assert console.ask("clean", CleanArgs(TASK)).outcome is Outcome.DONE
    assert (outside / "precious").exists() and not data.exists()


def test_a_data_directory_that_is_a_link_is_not_touched(
    worker: WorkerProcess, console: ConsoleDouble, tmp_path: Path
) -> None:
    bootstrap(console)
    data = worker.layout.data_dir(TASK, 0)
    elsewhere = tmp_path / "elsewhere"
    data.rename(elsewhere)
    (elsewhere / "precious").write_text("x")
    data.symlink_to(elsewhere)
    report = console.ask("clean", CleanArgs(TASK))
    assert report.outcome is not Outcome.DONE and (elsewhere / "precious").exists()


def test_instances_within_the_directory_of_a_single_task_survive_its_clean(
    worker: WorkerProcess, console: ConsoleDouble
) -> None:
    instance = TaskName(TASK.service, TASK.cluster, TASK.job, 0)
    bootstrap(console)
    bootstrap(console, task=instance)
    (worker.layout.data_dir(instance, 0) / "precious").write_text("x")
    assert console.ask("clean", CleanArgs(TASK)).outcome is Outcome.DONE
    assert (worker.layout.data_dir(instance, 0) / "precious").exists()
    assert console.ask("start", StartArgs(instance)).outcome is Outcome.DONE
    bootstrap(console)
    assert stop(console, instance).outcome is Outcome.DONE


def test_a_task_that_waits_for_its_next_try_is_not_cleaned(worker: WorkerProcess, console: ConsoleDouble) -> None:
    from minos_common.verbs import Lifecycle

    bootstrap(console, bash("exit 1", Lifecycle(start_seconds=1, retries=50)))
    console.send("start", StartArgs(TASK))
    console.wait_status(TASK, lambda status: status.state is TaskState.BACKOFF)
    report = console.ask("clean", CleanArgs(TASK), expires_in=5)
    assert report.outcome in (Outcome.REFUSED, Outcome.EXPIRED)
    assert worker.layout.data_dir(TASK, 0).exists()
    assert prepare_args().bootstrap
