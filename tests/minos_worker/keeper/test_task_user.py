"""Tasks as another user than a worker that is root: what they are and own, and that they cannot lead the worker astray."""

import os
import pwd
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from minos_common.settings import BadSetting
from minos_common.states import Outcome
from minos_common.verbs import (
    CleanArgs,
    ListLogsArgs,
    OneTimeAction,
    ReadFilesArgs,
    ReadLogArgs,
    SearchLogArgs,
    StartArgs,
)
from minos_common.words import TaskName
from minos_worker import records
from minos_worker.markers import MARKER
from minos_worker.process.identity import ProcessId, is_alive
from minos_worker.task_user import task_user_of
from tests.minos_worker.console_double import ConsoleDouble
from tests.minos_worker.hosts import TASK, WorkerProcess, bash, prepare_args, run, stop

USER = "nobody"
ENTRY = pwd.getpwnam(USER)

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can run tasks as somebody else")


@pytest.fixture
def roots() -> Iterator[Path]:
    """A directory that everybody may enter; those of pytest are for their owner alone."""
    folder = Path(tempfile.mkdtemp(prefix="minos-user-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def hire(roots: Path, console: ConsoleDouble) -> Iterator[Callable[..., WorkerProcess]]:
    """Starts a worker whose tasks run as USER, or as the settings say."""
    begun: list[WorkerProcess] = []

    def begin(**settings: object) -> WorkerProcess:
        for daemon in begun:
            daemon.kill()
        begun.append(WorkerProcess(roots / "host1", console, **{"task_user": USER, **settings}))
        return begun[-1].start()

    yield begin
    for daemon in begun:
        daemon.clean_up()


@pytest.fixture
def host(hire: Callable[..., WorkerProcess]) -> WorkerProcess:
    return hire()


def ids(pid: int) -> dict[str, list[int]]:
    """Uid, Gid (real, effective, saved, file system) and Groups of a process."""
    lines = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    return {name: [int(word) for word in lines[name].split()] for name in ("Uid", "Gid", "Groups")}


def environment_of(pid: int) -> dict[str, str]:
    pairs = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    return dict(pair.decode().split("=", 1) for pair in pairs if pair)


def whose(path: Path) -> tuple[int, int]:
    """Uid and permissions of what has this name, a link not followed."""
    found = path.lstat()
    return found.st_uid, stat.S_IMODE(found.st_mode)


@as_root
def test_a_task_is_its_user_for_good_with_all_its_groups(host: WorkerProcess, console: ConsoleDouble) -> None:
    pid = run(console)
    found = ids(pid)
    assert found["Uid"] == [ENTRY.pw_uid] * 4 and found["Gid"] == [ENTRY.pw_gid] * 4
    assert sorted(found["Groups"]) == sorted(os.getgrouplist(USER, ENTRY.pw_gid))
    surrounding = environment_of(pid)
    assert [surrounding[name] for name in ("HOME", "USER", "LOGNAME")] == [ENTRY.pw_dir, USER, USER]
    assert ids(host.process_record(TASK).shim_pid)["Uid"][0] == 0
    assert console.hellos[-1].facts.task_user == USER and console.hellos[-1].facts.user == "root"
    assert stop(console).outcome is Outcome.DONE and not is_alive(ProcessId(pid, host.process_record(TASK).tick))


@as_root
def test_what_is_the_tasks_and_what_stays_the_workers(host: WorkerProcess, console: ConsoleDouble) -> None:
    files = {"zoo.cfg": "secret", "pre.sh": "id -u > $data_dir/pre; id -u > here\n"}
    run(console, bash("echo said > /dev/stdout; exec sleep 1000"), files=files)
    layout = host.layout
    for path in (layout.log_dir(TASK), layout.data_dir(TASK, 0)):
        assert whose(path) == (ENTRY.pw_uid, 0o755)
    run_dir = layout.run_dir(TASK)
    assert whose(run_dir) == (0, 0o1770) and run_dir.stat().st_gid == ENTRY.pw_gid
    assert whose(run_dir / "zoo.cfg") == (ENTRY.pw_uid, 0o600) and whose(run_dir / "start.sh") == (ENTRY.pw_uid, 0o700)
    assert whose(layout.slot_dir(TASK)) == (0, 0o700) and whose(layout.stdout_dir(TASK)) == (0, 0o750)
    output = next(layout.stdout_dir(TASK).glob("*.out"))
    assert whose(output) == (ENTRY.pw_uid, 0o640) and "said" in output.read_text()
    for path in (layout.data_dir(TASK, 0) / "pre", run_dir / "here"):
        assert path.read_text() == f"{ENTRY.pw_uid}\n" and path.stat().st_uid == ENTRY.pw_uid


@as_root
def test_post_sh_and_what_is_done_once_are_the_users_too(host: WorkerProcess, console: ConsoleDouble) -> None:
    files = {"post.sh": 'echo "$(id -u) $USER" > "$2/post"\n'}
    actions = [
        OneTimeAction("write-once", path="$run_dir/data/deep/er/myid", text="3\n"),
        OneTimeAction("run", args=["-c", "id -u > $data_dir/once; echo $HOME >> $data_dir/once"]),
    ]
    run(console, files=files, actions=actions)
    data, run_dir = host.layout.data_dir(TASK, 0), host.layout.run_dir(TASK)
    assert (data / "once").read_text() == f"{ENTRY.pw_uid}\n{ENTRY.pw_dir}\n"
    assert not (run_dir / ".action.sh").exists()
    for name in ("deep", "deep/er", "deep/er/myid", "once"):
        assert (data / name).stat().st_uid == ENTRY.pw_uid, name
    stop(console)
    console.wait(lambda: (run_dir / "post").exists() and (run_dir / "post").read_text() == f"{ENTRY.pw_uid} {USER}\n")


@as_root
def test_a_task_can_neither_move_the_slot_nor_the_output_out_of_the_way(
    host: WorkerProcess, console: ConsoleDouble
) -> None:
    attack = "\n".join(
        f"{what} && echo did: '{what}'"
        for what in (
            "mv .minos x", "rm -rf .minos", "cat .minos/task.json", "echo x > .minos/exit", "mv stdout x",
            "ln -s /etc/passwd stdout/x", "rm -f log", "mv ../zookeeper ../x", f"rm -f {MARKER}", f"mv {MARKER} y",
            "echo x > /proc/self/fd/57",
        )
    )  # fmt: skip
    run(console, bash(f"exec 2>/dev/null; {attack}\necho over; exec sleep 1000"))
    output = next(host.layout.stdout_dir(TASK).glob("*.out"))
    console.wait(lambda: "over" in output.read_text())
    assert output.read_text() == "over\n"


def secret_of_root(roots: Path) -> Path:
    """A directory that only root may enter, with a file in it."""
    (roots / "safe").mkdir(mode=0o700)
    path = roots / "safe/secret.log"
    path.write_text("the secret\n")
    path.chmod(0o600)
    return path


@as_root
def test_links_of_a_task_are_neither_read_nor_listed_through(
    host: WorkerProcess, console: ConsoleDouble, roots: Path
) -> None:
    secret = secret_of_root(roots)
    run(console, files={"zoo.cfg": "x"})
    log_dir, run_dir = host.layout.log_dir(TASK), host.layout.run_dir(TASK)
    (log_dir / "file.log").symlink_to(secret)
    (log_dir / "folder").symlink_to(secret.parent)
    another = roots / "safe/another.log"  # a file with two names is refused for that alone
    another.write_text("the secret\n")
    os.link(another, log_dir / "hard.log")  # a kernel without protected_hardlinks lets the task do so
    (run_dir / "zoo.cfg").unlink()
    (run_dir / "zoo.cfg").symlink_to(secret)
    for name in ("log/file.log", "log/folder/secret.log", "log/hard.log"):
        assert console.ask("read-log", ReadLogArgs(TASK, name)).outcome is Outcome.FAILED, name
        assert console.ask("search-log", SearchLogArgs(TASK, name, "secret")).outcome is Outcome.FAILED, name
    listed = [file["name"] for file in console.ask("list-logs", ListLogsArgs(TASK)).data["files"]]
    assert "log/folder/secret.log" not in listed
    told = console.ask("read-files", ReadFilesArgs(TASK)).data["files"]
    assert "secret" not in told["zoo.cfg"] and "cannot be read" in told["zoo.cfg"]


@as_root
def test_links_of_a_task_are_not_written_or_deleted_through(
    host: WorkerProcess, console: ConsoleDouble, roots: Path
) -> None:
    secret = secret_of_root(roots)
    run(console, files={"zoo.cfg": "1", "post.sh": "true"})
    run_dir, data = host.layout.run_dir(TASK), host.layout.data_dir(TASK, 0)
    for name in ("zoo.cfg", "start.sh"):
        (run_dir / name).unlink()
        (run_dir / name).symlink_to(secret)
    (data / "safe").symlink_to(secret.parent)
    report = console.ask("prepare", prepare_args(bootstrap=False, files={"zoo.cfg": "2"}))
    assert report.outcome is Outcome.DONE, report
    assert (run_dir / "zoo.cfg").read_text() == "2" and whose(run_dir / "start.sh") == (ENTRY.pw_uid, 0o700)
    stop(console)
    assert console.ask("clean", CleanArgs(TASK)).outcome is Outcome.DONE
    assert not run_dir.exists() and not data.exists()
    assert secret.read_text() == "the secret\n" and whose(secret) == (0, 0o600) and whose(secret.parent) == (0, 0o700)
    assert [path.name for path in secret.parent.iterdir()] == ["secret.log"]


@as_root
def test_a_directory_of_an_instance_may_not_be_a_link(host: WorkerProcess, console: ConsoleDouble, roots: Path) -> None:
    safe = roots / "safe"
    safe.mkdir(mode=0o700)
    run(console)
    inner = TaskName(TASK.service, TASK.cluster, TASK.job, 0)
    for path in (host.layout.log_dir(inner), host.layout.data_dir(inner, 0), host.layout.run_dir(inner)):
        path.symlink_to(safe)
        report = console.ask("prepare", prepare_args(task=inner))
        assert report.outcome is Outcome.FAILED and f"{path} is a link" in report.message, report
        path.unlink()
        assert whose(safe) == (0, 0o700) and list(safe.iterdir()) == [], path
        assert console.ask("clean", CleanArgs(inner)).outcome is Outcome.DONE


@as_root
def test_write_once_follows_no_link(host: WorkerProcess, console: ConsoleDouble, roots: Path) -> None:
    secret = secret_of_root(roots)
    actions = [
        OneTimeAction("run", args=["-c", f"ln -s {secret.parent} $data_dir/safe; ln -s {secret} $data_dir/myid"]),
        OneTimeAction("write-once", path="$data_dir/safe/new", text="3"),
    ]
    report = console.ask("prepare", prepare_args(actions=actions))
    assert report.outcome is Outcome.FAILED and "leads out of" in report.message
    console.ask("clean", CleanArgs(TASK))
    actions[1] = OneTimeAction("write-once", path="$data_dir/myid", text="3")
    report = console.ask("prepare", prepare_args(actions=actions))
    assert report.outcome is Outcome.FAILED and "says something else" in report.message
    assert secret.read_text() == "the secret\n"
    assert [path.name for path in secret.parent.iterdir()] == ["secret.log"]


@as_root
def test_a_slot_that_somebody_else_may_have_written_is_not_believed(
    host: WorkerProcess, console: ConsoleDouble
) -> None:
    run(console)
    stop(console)
    host.kill()
    os.chown(host.layout.slot_dir(TASK), ENTRY.pw_uid, ENTRY.pw_gid)
    host.start()
    assert console.hellos[-1].tasks == [] and records.load(host.layout, TASK) is None
    report = console.ask("prepare", prepare_args())
    assert report.outcome is Outcome.FAILED and "does not belong to root" in report.message
    assert "is not looked at" in host.log.read_text()


@as_root
def test_another_user_needs_an_update_of_the_configuration(
    hire: Callable[..., WorkerProcess], console: ConsoleDouble
) -> None:
    host = hire(task_user="")
    pid = run(console, files={"zoo.cfg": "x"})
    assert ids(pid)["Uid"] == [0] * 4 and whose(host.layout.run_dir(TASK)) == (0, 0o755)
    stop(console)
    hire()
    report = console.ask("start", StartArgs(TASK))
    assert report.outcome is Outcome.FAILED and "update its configuration" in report.message
    for user, uid, mode in ((USER, ENTRY.pw_uid, 0o1770), ("", 0, 0o755)):
        hire(task_user=user)
        assert console.ask("prepare", prepare_args(files={"zoo.cfg": "x"}, bootstrap=False)).outcome is Outcome.DONE
        report = console.ask("start", StartArgs(TASK))
        assert ids(report.data["status"]["pid"])["Uid"] == [uid] * 4
        assert whose(host.layout.run_dir(TASK)) == (0, mode) and whose(host.layout.log_dir(TASK))[0] == uid
        stop(console)


@as_root
def test_output_is_rotated_and_stays_the_tasks(hire: Callable[..., WorkerProcess], console: ConsoleDouble) -> None:
    host = hire(log_bytes=4096, log_files=2)
    run(console, bash("i=0; while :; do i=$((i+1)); echo line $i; [ $((i % 500)) -gt 0 ] || sleep 0.1; done"))
    folder = host.layout.stdout_dir(TASK)
    older = console.wait(lambda: list(folder.glob("*.out.1")), 30)[0]
    assert whose(older) == (ENTRY.pw_uid, 0o640) and "line" in older.read_text()


@as_root
def test_directories_that_the_user_cannot_enter_are_told_at_start(
    hire: Callable[..., WorkerProcess], roots: Path
) -> None:
    (roots / "shut").mkdir(mode=0o700)
    with pytest.raises(AssertionError, match=r"task_user 'nobody' cannot enter .*shut/app"):
        hire(app_root=roots / "shut/app")


@as_root
def test_users_that_cannot_be_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BadSetting, match="task_user 'no-such-user': this host has no such user"):
        task_user_of("no-such-user")
    assert task_user_of("") is None and task_user_of("root") is None
    monkeypatch.setattr(os, "geteuid", lambda: ENTRY.pw_uid)
    assert task_user_of(USER) is None
    with pytest.raises(BadSetting, match="only a worker that runs as root"):
        task_user_of("root")
