"""A worker gets a new key: made, told over the old one, used when the console expects it, whatever dies on the way."""

from pathlib import Path

import pytest

from minos_common.states import Outcome
from minos_common.verbs import RotateKeyArgs
from minos_common.wire import keys_at
from tests.minos_worker.console_double import ConsoleDouble
from tests.minos_worker.hosts import WorkerProcess, gone, run


def own(worker: WorkerProcess) -> str:
    return keys_at(worker.layout.worker / "worker.key").public.decode()


def following(worker: WorkerProcess) -> Path:
    return worker.layout.worker / "worker.key.next"


def make(console: ConsoleDouble) -> str:
    report = console.ask("rotate-key", RotateKeyArgs())
    assert report.outcome is Outcome.DONE, report
    return str(report.data["public_key"])


def used(console: ConsoleDouble) -> str:
    """The key of the last hello."""
    return console.keys_of_hellos[-1]


def test_the_new_key_is_used_once_it_is_expected(worker: WorkerProcess, console: ConsoleDouble) -> None:
    pid = run(console)
    old, new = own(worker), make(console)
    assert old != new and used(console) == old and following(worker).exists()
    assert make(console) == new  # asked again before it is in use: the same
    console.next_key = new
    console.ask("rotate-key", RotateKeyArgs())  # its note makes the worker say hello, and the answer names the key
    console.wait(lambda: used(console) == new)
    console.next_key = ""
    console.wait(lambda: own(worker) == new and not following(worker).exists())
    assert (worker.layout.worker / "worker.key").stat().st_mode & 0o777 == 0o600
    assert not gone(pid)
    assert make(console) != new  # and the next one is another


@pytest.mark.parametrize("moment", ["made", "expected", "used"])
def test_a_worker_that_dies_on_the_way_gets_there(worker: WorkerProcess, console: ConsoleDouble, moment: str) -> None:
    old, new = own(worker), make(console)
    if moment != "made":
        console.next_key = new
    if moment == "used":
        console.ask("rotate-key", RotateKeyArgs())
        console.wait(lambda: used(console) == new)
        console.wait(lambda: own(worker) == new)
    worker.kill()
    if moment == "used":  # as if it had died before the file had its name
        following(worker).write_bytes((worker.layout.worker / "worker.key").read_bytes())
        following(worker).chmod(0o600)
        (worker.layout.worker / "worker.key").unlink()
        keys_at(worker.layout.worker / "worker.key")
    worker.start()
    if moment == "made":
        assert used(console) == old
        console.next_key = new
        console.ask("rotate-key", RotateKeyArgs())
    console.wait(lambda: used(console) == new)
    console.wait(lambda: own(worker) == new and not following(worker).exists())


def test_a_console_that_does_not_take_the_new_key_after_all_gets_the_old_one(
    worker: WorkerProcess, console: ConsoleDouble
) -> None:
    old, new = own(worker), make(console)
    console.strange.add(new)
    console.next_key = new
    console.send("rotate-key", RotateKeyArgs())  # its report waits for a console that knows the worker
    console.wait(lambda: used(console) == new)
    console.next_key = ""  # restored from a backup, say
    console.wait(lambda: used(console) == old and console.beats[-1][0] > console.hello_times[-1], 30)
    assert own(worker) == old and following(worker).exists()


def test_a_broken_next_key_keeps_nobody_from_work(worker: WorkerProcess, console: ConsoleDouble) -> None:
    worker.kill()
    following(worker).write_bytes(b"half a")
    following(worker).chmod(0o600)
    worker.start()
    assert used(console) == own(worker)
    assert len(make(console)) == 40
