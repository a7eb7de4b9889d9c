"""Launcher and shim by themselves: what is written, what survives, what it costs."""

import json
import os
import signal
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from minos_worker.process import exits, shim
from minos_worker.process.identity import ProcessId, is_alive, open_pidfd, stat_of
from minos_worker.process.launching import Launcher, SpawnFailed, SpawnRequest
from minos_worker.process.tree import is_locked, kill, members, send


@pytest.fixture
def launcher() -> Iterator[Launcher]:
    it = Launcher()
    yield it
    it.close()


def request(folder: Path, text: str, **changes: Any) -> SpawnRequest:
    (folder / "slot").mkdir(exist_ok=True)
    values: dict[str, Any] = {
        "generation": uuid.uuid4().hex,
        "slot_dir": str(folder / "slot"),
        "run_dir": str(folder),
        "argv": ["/bin/bash", "-c", text],
        "environment": {"PATH": os.environ["PATH"], "X": "é\n$x"},
        "stdout": str(folder / "out"),
        "task": "t",
        **changes,
    }
    return SpawnRequest(**values)


def record(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "slot/process.json").read_text())
    return found


def wait_until(condition: Any, seconds: float = 10.0) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.005)


def exit_of(folder: Path) -> exits.ExitRecord:
    wait_until(lambda: exits.read(str(folder / "slot/exit")))
    found = exits.read(str(folder / "slot/exit"))
    assert found is not None
    return found


def test_a_process_is_started_recorded_and_its_exit_kept(launcher: Launcher, tmp_path: Path) -> None:
    asked = request(tmp_path, 'echo "$X"; pwd; exit 42')
    process = launcher.spawn(asked)
    found = exit_of(tmp_path)
    assert (found.generation, found.pid, found.tick) == (asked.generation, process.pid, process.tick)
    assert os.WEXITSTATUS(found.status) == 42 and abs(found.wall - time.time()) < 10
    assert (tmp_path / "out").read_text() == f"é\n$x\n{tmp_path}\n"
    assert (record(tmp_path)["pid"], record(tmp_path)["tick"]) == process
    wait_until(lambda: not is_locked(tmp_path / "slot/lock"))


def test_the_process_outlives_the_launcher(launcher: Launcher, tmp_path: Path) -> None:
    process = launcher.spawn(request(tmp_path, "sleep 0.5; exit 7"))
    launcher.close()
    assert is_alive(process)
    assert os.WEXITSTATUS(exit_of(tmp_path).status) == 7


def test_a_taken_slot_is_refused(launcher: Launcher, tmp_path: Path) -> None:
    process = launcher.spawn(request(tmp_path, "exec sleep 100"))
    with pytest.raises(SpawnFailed, match="lock") as caught:
        launcher.spawn(request(tmp_path, "exec sleep 100"))
    assert caught.value.held and is_alive(process)
    send(process, signal.SIGKILL)
    assert os.WTERMSIG(exit_of(tmp_path).status) == 9


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"argv": ["/no/such/program"]}, "No such file"),
        ({"run_dir": "/no/such/place"}, "No such file"),
        ({"stdout": "/no/such/place/out"}, "No such file"),
        ({"slot_dir": "/no/such/place"}, "No such file"),
    ],
)
def test_what_cannot_be_started_says_why(launcher: Launcher, tmp_path: Path, changes: Any, words: str) -> None:
    with pytest.raises(SpawnFailed, match=words):
        launcher.spawn(request(tmp_path, "true", **changes))
    wait_until(lambda: not is_locked(tmp_path / "slot/lock"))
    assert launcher.spawn(request(tmp_path, "true"))  # and the next one works


def test_a_term_to_the_shim_goes_to_its_task(launcher: Launcher, tmp_path: Path) -> None:
    launcher.spawn(request(tmp_path, "trap 'exit 9' TERM; while :; do sleep 0.02; done"))
    wait_until((tmp_path / "out").exists)
    time.sleep(0.1)  # until the trap is set
    os.kill(record(tmp_path)["shim_pid"], signal.SIGTERM)
    assert os.WEXITSTATUS(exit_of(tmp_path).status) == 9


def test_the_shim_stays_for_what_the_task_leaves_behind(launcher: Launcher, tmp_path: Path) -> None:
    asked = request(tmp_path, "setsid sleep 50 & disown; exit 0")
    main = launcher.spawn(asked)
    exit_of(tmp_path)
    shim = ProcessId(record(tmp_path)["shim_pid"], record(tmp_path)["shim_tick"])
    left = members(tmp_path / "slot", main, shim, asked.generation)
    assert len(left) == 1 and is_alive(shim) and is_locked(tmp_path / "slot/lock")
    kill(left)
    wait_until(lambda: not is_alive(shim))


def test_a_killed_launcher_is_replaced(launcher: Launcher, tmp_path: Path) -> None:
    launcher.start()
    assert launcher.pid is not None
    os.kill(launcher.pid, signal.SIGKILL)
    time.sleep(0.05)
    assert is_alive(launcher.spawn(request(tmp_path, "exec sleep 0.2")))


def test_descriptors_of_the_worker_do_not_reach_the_task(launcher: Launcher, tmp_path: Path) -> None:
    with (tmp_path / "secret").open("w") as secret:
        os.set_inheritable(secret.fileno(), True)
        launcher.spawn(request(tmp_path, "ls -l /proc/$$/fd; exit 0"))
        exit_of(tmp_path)
    assert "secret" not in (tmp_path / "out").read_text()


def test_a_shim_is_small(launcher: Launcher, tmp_path: Path) -> None:
    for number in range(20):
        (tmp_path / str(number)).mkdir()
        launcher.spawn(request(tmp_path / str(number), "exec sleep 100"))
    try:
        total = 0
        for number in range(20):
            shim = record(tmp_path / str(number))["shim_pid"]
            lines = Path(f"/proc/{shim}/smaps_rollup").read_text().splitlines()
            total += next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
        assert total / 20 < 1500, f"{total / 20} KiB each"
    finally:
        for number in range(20):
            found = record(tmp_path / str(number))
            send(ProcessId(found["pid"], found["tick"]), signal.SIGKILL)


def test_an_exit_is_noticed_within_milliseconds(launcher: Launcher, tmp_path: Path) -> None:
    import select

    process = launcher.spawn(request(tmp_path, "exec sleep 100"))
    handle = open_pidfd(process)
    assert handle is not None
    poll = select.poll()
    poll.register(handle, select.POLLIN)
    assert poll.poll(0) == []
    killed = time.monotonic()
    send(process, signal.SIGKILL)
    assert poll.poll(5000)
    assert time.monotonic() - killed < 0.5
    os.close(handle)
    assert open_pidfd(process) is None and not send(process, signal.SIGKILL)


def test_a_torn_exit_record_is_none(tmp_path: Path) -> None:
    path = tmp_path / "exit"
    handle = shim.prepare_exit(str(path))
    assert path.stat().st_size == shim.EXIT_SIZE and exits.read(str(path)) is None
    whole = exits.ExitRecord("a" * 32, 1, 2, 3, 4.0, 5.0, 6.0, 7)
    shim.write_exit(handle, whole.generation.encode(), *whole[1:])
    os.close(handle)
    assert exits.read(str(path)) == whole
    data = bytearray(path.read_bytes())
    data[60] ^= 1
    path.write_bytes(bytes(data))
    assert exits.read(str(path)) is None


def test_an_exit_is_written_even_when_the_disk_is_full(launcher: Launcher, small_disk: Path) -> None:
    launcher.spawn(request(small_disk, "until [ -e go ]; do sleep 0.02; done; exit 33", stdout="/dev/null"))
    (small_disk / "go.tmp").touch()
    with pytest.raises(OSError), (small_disk / "filler").open("wb", buffering=0) as file:
        while True:
            file.write(bytes(512))
    (small_disk / "go.tmp").rename(small_disk / "go")
    assert os.WEXITSTATUS(exit_of(small_disk).status) == 33


def test_a_pid_with_another_tick_is_somebody_else() -> None:
    me = stat_of(os.getpid())
    assert me is not None
    assert is_alive(ProcessId(os.getpid(), me.tick)) and not is_alive(ProcessId(os.getpid(), me.tick + 1))
    assert not send(ProcessId(os.getpid(), me.tick + 1), signal.SIGKILL)
    assert stat_of(2**22 + 5) is None
