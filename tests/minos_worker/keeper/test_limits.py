"""Limits of a task, from worker.ini and from its description, as the kernel tells them of the real process."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from minos_common.settings import BadSetting, WorkerSettings
from minos_common.states import Outcome
from minos_common.verbs import UNLIMITED, Lifecycle, Limits, StartArgs, StartSpec
from minos_worker.keeper.terms import terms_of
from tests.minos_worker.console_double import ConsoleDouble
from tests.minos_worker.hosts import TASK, WorkerProcess, bash, bootstrap, prepare_args, run, stop

TOO_MANY = int(Path("/proc/sys/fs/nr_open").read_text()) + 1
ONCE = Lifecycle(start_seconds=0.3, retries=0, stop_wait=5.0)


@pytest.fixture
def worker_with(tmp_path: Path, console: ConsoleDouble) -> Iterator[Callable[..., WorkerProcess]]:
    """Starts a worker with settings of the test's own."""
    begun: list[WorkerProcess] = []

    def begin(**settings: object) -> WorkerProcess:
        begun.append(WorkerProcess(tmp_path / "host1", console, **settings))
        return begun[-1].start()

    yield begin
    for daemon in begun:
        daemon.clean_up()


def limits_of(pid: int) -> dict[str, tuple[str, str]]:
    """Name -> (soft, hard) of a process."""
    lines = Path(f"/proc/{pid}/limits").read_text().splitlines()[1:]
    return {line[:25].strip(): (line[26:47].strip(), line[47:68].strip()) for line in lines}


def own_hard_limit() -> str:
    return limits_of_self()["Max open files"][1]


def limits_of_self() -> dict[str, tuple[str, str]]:
    return limits_of(int(Path("/proc/self").readlink().name))


def test_without_settings_files_go_up_to_the_hard_limit_and_there_are_no_core_dumps(
    worker: WorkerProcess, console: ConsoleDouble
) -> None:
    found = limits_of(run(console))
    assert found["Max open files"] == (own_hard_limit(), own_hard_limit())
    # The hard limit stays, so that a pre.sh may allow itself a core dump.
    assert found["Max core file size"] == ("0", limits_of_self()["Max core file size"][1])


def test_the_settings_of_the_host_are_kept(worker_with: Callable[..., WorkerProcess], console: ConsoleDouble) -> None:
    worker_with(task_nofile=3000, task_core="unlimited")
    found = limits_of(run(console))
    # The hard limit too: a JVM raises its soft one to the hard one when it starts.
    assert found["Max open files"] == ("3000", "3000")
    assert found["Max core file size"] == ("unlimited", "unlimited")


def test_a_description_says_otherwise_and_is_obeyed_at_the_next_start(
    worker_with: Callable[..., WorkerProcess], console: ConsoleDouble
) -> None:
    worker_with(task_nofile=3000, task_core="5000000")
    spec = bash("exec sleep 1000", limits=Limits(nofile=2000))
    pid = run(console, spec)
    assert limits_of(pid)["Max open files"][0] == "2000" and limits_of(pid)["Max core file size"][0] == "5000000"
    report = console.ask(
        "prepare", prepare_args(bash("exec sleep 1000", limits=Limits(nofile=2500, core=7)), bootstrap=False)
    )
    assert report.outcome is Outcome.DONE and limits_of(pid)["Max open files"][0] == "2000"
    stop(console)
    pid = console.ask("start", StartArgs(TASK)).data["status"]["pid"]
    assert limits_of(pid)["Max open files"][0] == "2500" and limits_of(pid)["Max core file size"][0] == "7"


def may_raise_hard_limits() -> bool:
    """Whether we have CAP_SYS_RESOURCE; root has, except in some containers."""
    status = dict(line.split(":\t") for line in Path("/proc/self/status").read_text().splitlines() if ":\t" in line)
    return bool(int(status["CapEff"], 16) >> 24 & 1)


def test_above_the_hard_limit_the_kernel_decides(worker: WorkerProcess, console: ConsoleDouble) -> None:
    wanted = int(own_hard_limit()) + 1
    bootstrap(console, bash("exec sleep 1000", ONCE, limits=Limits(nofile=wanted)))
    report = console.ask("start", StartArgs(TASK))
    if may_raise_hard_limits() and wanted < TOO_MANY:
        assert limits_of(report.data["status"]["pid"])["Max open files"] == (str(wanted), str(wanted))
    else:
        assert report.outcome is Outcome.FAILED and f"is {wanted}, and this host's hard limit" in report.message


@pytest.mark.parametrize("described", [True, False])
def test_more_than_the_kernel_allows_is_an_error_that_names_who_asked(
    worker_with: Callable[..., WorkerProcess], console: ConsoleDouble, described: bool
) -> None:
    worker_with(**({} if described else {"task_nofile": TOO_MANY}))
    limits = Limits(nofile=TOO_MANY) if described else Limits()
    bootstrap(console, bash("exec sleep 1000", ONCE, limits=limits))
    report = console.ask("start", StartArgs(TASK))
    asked = "limit_nofile in the cluster's description" if described else "task_nofile in worker.ini"
    assert report.outcome is Outcome.FAILED
    assert f"{asked} is {TOO_MANY}, and this host's hard limit of open files is {own_hard_limit()}" in report.message
    assert "raise LimitNOFILE of the worker's unit" in report.message
    ended = console.ask("prepare", prepare_args(bash("exec sleep 1000"), bootstrap=False))
    assert ended.outcome is Outcome.DONE, ended


def test_no_limit_at_all_for_core_dumps_is_minus_one_on_the_wire(worker: WorkerProcess, console: ConsoleDouble) -> None:
    pid = run(console, bash("exec sleep 1000", limits=Limits(core=UNLIMITED)))
    assert limits_of(pid)["Max core file size"][0] == "unlimited"


def test_settings_that_are_none() -> None:
    settings = WorkerSettings(console="c", console_key="k", root="/r", task_nofile=20)
    with pytest.raises(BadSetting, match="task_nofile 20 is too few"):
        terms_of(settings)


@pytest.mark.skipif(not shutil.which("javac"), reason="needs a JDK")
def test_a_jvm_does_not_go_beyond_what_it_is_given(
    worker: WorkerProcess, console: ConsoleDouble, tmp_path: Path
) -> None:
    (tmp_path / "Files.java").write_text(
        "public class Files { public static void main(String[] a) throws Exception {\n"
        ' java.util.List<Object> open = new java.util.ArrayList<>(); String said = "all";\n'
        ' try { while (open.size() < 5000) open.add(new java.io.FileInputStream("/dev/null")); }\n'
        " catch (java.io.FileNotFoundException e) { said = e.getMessage(); }\n"
        " int count = open.size(); for (Object one : open) ((java.io.FileInputStream) one).close();\n"
        ' System.out.println("opened " + count + " " + said); Thread.sleep(600000); } }\n'
    )
    subprocess.run(["javac", "Files.java"], cwd=tmp_path, check=True)
    watched = Lifecycle(start_seconds=0.5, restart=False)
    spec = StartSpec(["-Xmx64m"], [], ["Files"], [], [str(tmp_path)], lifecycle=watched, limits=Limits(nofile=700))
    run(console, spec)
    output = next(worker.layout.stdout_dir(TASK).glob("*.out"))
    line = console.wait(lambda: next(iter(output.read_text().splitlines()), ""))
    assert "Too many open files" in line and 500 < int(line.split()[1]) < 700
