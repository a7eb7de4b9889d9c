"""A simulated host does to its worker what a real one does: tasks run, end, are killed and fail, and the console hears of it."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.fleet import Fleet, Plan, SimulatedHost
from benchmarks.simulated import Fault
from minos_common.states import Outcome, TaskState
from minos_common.verbs import KillArgs, Lifecycle, StartArgs, StopArgs
from minos_common.words import TaskName
from tests.minos_worker.console_double import ConsoleDouble
from tests.minos_worker.hosts import bash, prepare_args

QUICK = Lifecycle(start_seconds=0.1, retries=2, stop_wait=0.5)
FAULTS = [Fault("refused", "refuses"), Fault("brief", "dies", 0.01), Fault("stubborn", "stays")]


def named(job: str) -> TaskName:
    return TaskName("generic", "sim", job)


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ConsoleDouble]:
    """With one worker of a fleet, told to prepare a task of each kind."""
    folder = tmp_path_factory.mktemp("fleet")
    double = ConsoleDouble(folder)
    host = SimulatedHost("sim-1", "127.16.0.1", FAULTS)
    fleet = Fleet(Plan(double.endpoint, double.keys.public.decode(), str(folder), [host]))
    running = [threading.Thread(target=agent.run, daemon=True) for agent in fleet.agents]
    for thread in running:
        thread.start()
    double.wait(lambda: double.hellos)
    for job in ("plain", "refused", "brief", "stubborn"):
        asked = prepare_args(bash("exec sleep 1000", QUICK), named(job), files={"x.conf": "a=1\n"})
        assert double.ask("prepare", asked).outcome is Outcome.DONE
    yield double
    fleet.end()
    for thread in running:
        thread.join(10)
    fleet.context.destroy(linger=0)
    double.close()


def test_a_task_runs_is_killed_runs_again_and_stops(console: ConsoleDouble) -> None:
    task = named("plain")
    started = console.ask("start", StartArgs(task))
    assert started.outcome is Outcome.DONE, started.message
    pid = started.data["status"]["pid"]
    assert pid >= 10_000_000
    assert console.ask("kill", KillArgs(task)).data == {"pid": pid}
    again = console.wait_status(task, lambda status: status.state is TaskState.RUNNING and status.pid != pid)
    assert again.last_exit is not None and (again.last_exit.kind, again.last_exit.value) == ("signal", 9)
    assert again.restarts == 1 and not again.unattended
    console.wait(
        lambda: any(g.task == task and "task.rss_bytes" in g.figures for b in console.samples for g in b.groups)
    )
    stopped = console.ask("stop", StopArgs(task))
    assert stopped.message == "stopped" and stopped.data["status"]["state"] == "STOPPED"


def test_faults_are_those_of_a_real_host(console: ConsoleDouble) -> None:
    refused = console.ask("start", StartArgs(named("refused")))
    assert refused.outcome is Outcome.FAILED and "told to start none" in refused.message
    brief = console.ask("start", StartArgs(named("brief")))
    assert brief.outcome is Outcome.FAILED and "exit code 1" in brief.message
    assert brief.output == "generic--sim--brief is simulated: it has pid " + brief.output.split("pid ")[-1]
    assert console.ask("start", StartArgs(named("stubborn"))).outcome is Outcome.DONE
    stopped = console.ask("stop", StopArgs(named("stubborn")))
    assert stopped.outcome is Outcome.DONE and stopped.message == "stopped; it had to be killed"


def test_a_host_has_the_figures_of_a_host(console: ConsoleDouble) -> None:
    def host() -> dict[str, float] | None:
        return next((g.figures for b in console.samples for g in b.groups if g.task is None), None)

    found = console.wait(host)
    assert {"host.cpu_percent", "host.load1", "host.memory_used"} <= set(found)  # how many more, depends on its disks


def test_a_fleet_leaves_no_process_and_tells_its_folder(console: ConsoleDouble, tmp_path: Path) -> None:
    roots = console.hellos[-1].roots
    assert "/hosts/sim-1/" in roots.app and Path(roots.app).is_dir()
