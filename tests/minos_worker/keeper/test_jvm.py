"""A real JVM as a task: its ways to end are told as what they are."""

import os
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from demo.api import wait_for
from minos_common.states import Outcome, TaskState
from minos_common.verbs import Lifecycle, StartSpec
from tests.minos_worker.console_double import ConsoleDouble
from tests.minos_worker.hosts import TASK, WorkerProcess, run, stop

pytestmark = pytest.mark.skipif(not (shutil.which("java") and shutil.which("javac")), reason="needs a JDK")

SOURCE = """
public class Service {
    public static void main(String[] args) throws Exception {
        if (args[0].equals("hang"))
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                try { Thread.sleep(600000); } catch (InterruptedException e) {}
            }));
        System.out.println("mode " + args[0] + " name " + System.getProperty("name"));
        if (args[0].equals("oom")) { Thread.sleep(1500); long[][] all = new long[100000][]; for (int i = 0; ; i++) all[i] = new long[1 << 20]; }
        Thread.sleep(600000);
    }
}
"""


@pytest.fixture(scope="module")
def classes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("classes")
    (folder / "Service.java").write_text(SOURCE)
    subprocess.run(["javac", "Service.java"], cwd=folder, check=True)
    return folder


def java(classes: Path, mode: str, *options: str, **changes: object) -> StartSpec:
    watched = Lifecycle(**{"start_seconds": 0.8, "stop_wait": 20.0, "restart": False, **changes})  # type: ignore[arg-type]
    return StartSpec(
        ["-Xmx32m", *options], ["-Dname=$job_name"], ["Service"], [mode], [str(classes)], lifecycle=watched
    )


def test_a_jvm_that_ends_of_term_has_stopped_cleanly(
    worker: WorkerProcess, console: ConsoleDouble, classes: Path
) -> None:
    pid = run(console, java(classes, "plain"))
    wait_for_word(worker, "mode plain name zookeeper")
    assert b"Service" in Path(f"/proc/{pid}/cmdline").read_bytes()
    report = stop(console)
    exit_info = report.data["status"]["last_exit"]
    assert report.message == "stopped" and (exit_info["kind"], exit_info["value"]) == ("code", 143)
    assert exit_info["expected"] and not exit_info["forced"]


def wait_for_word(worker: WorkerProcess, word: str) -> None:
    output = next(worker.layout.stdout_dir(TASK).glob("*.out"))
    wait_for(f"{word!r} in {output}", lambda: word in output.read_text(), 20)


def test_a_jvm_with_a_hanging_hook_is_killed(worker: WorkerProcess, console: ConsoleDouble, classes: Path) -> None:
    run(console, java(classes, "hang", stop_wait=1.0))
    wait_for_word(worker, "mode hang")  # on a busy machine it is up before its hook is
    report = stop(console)
    assert report.outcome is Outcome.DONE and "killed" in report.message, report


def test_a_jvm_out_of_memory_ends_unexpectedly_with_its_code(
    worker: WorkerProcess, console: ConsoleDouble, classes: Path
) -> None:
    run(console, java(classes, "oom", "-XX:+ExitOnOutOfMemoryError"))
    status = console.wait_status(TASK, lambda status: status.state is TaskState.EXITED, 30)
    assert status.last_exit is not None
    assert (status.last_exit.kind, status.last_exit.value, status.last_exit.expected) == ("code", 3, False)


def test_a_jvm_that_somebody_else_ends_is_restarted(
    worker: WorkerProcess, console: ConsoleDouble, classes: Path
) -> None:
    pid = run(console, java(classes, "plain", restart=True))
    os.kill(pid, signal.SIGTERM)
    status = console.wait_status(TASK, lambda status: status.state is TaskState.RUNNING and status.pid != pid)
    assert status.restarts == 1 and status.last_exit is not None
    assert status.last_exit.value == 143 and not status.last_exit.expected
