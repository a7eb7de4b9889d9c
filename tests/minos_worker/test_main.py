"""The command line of the worker: settings, fingerprint, one worker to a root."""

import subprocess
import sys
from pathlib import Path

import pytest

from minos_common.wire import fingerprint, keys_at
from minos_worker.__main__ import CannotStart, console_key, settings_from
from tests.minos_worker.console_double import ConsoleDouble
from tests.minos_worker.hosts import REPOSITORY, WorkerProcess


def worker(ini: Path, *options: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "minos_worker", *options, str(ini)]
    return subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=30, check=False)


def ini(folder: Path, **values: str) -> Path:
    path = folder / "worker.ini"
    texts = {"console": "tcp://127.0.0.1:1", "console_key": "a" * 40, "root": "%(here)s/root", **values}
    path.write_text("[worker]\n" + "".join(f"{key} = {value}\n" for key, value in texts.items()))
    return path


def test_here_is_the_directory_of_the_ini(tmp_path: Path) -> None:
    settings = settings_from(ini(tmp_path, data_dirs="%(here)s/d1 %(here)s/d2"))
    assert settings.root == str(tmp_path / "root")
    assert settings.data_dirs == f"{tmp_path}/d1 {tmp_path}/d2"


def test_a_percent_sign_in_a_key_is_just_that(tmp_path: Path) -> None:
    assert settings_from(ini(tmp_path, console_key="%s" + "b" * 38)).console_key == "%s" + "b" * 38


def test_the_ini_at_the_top_of_the_repository_is_a_good_one() -> None:
    settings = settings_from(REPOSITORY / "worker.ini")
    assert settings.root == str(REPOSITORY / "var/worker")


def test_a_console_key_may_be_a_file(tmp_path: Path) -> None:
    path = tmp_path / "console.pub"
    path.write_text("k" * 40 + "\n")
    assert console_key(str(path)) == b"k" * 40


@pytest.mark.parametrize(("text", "words"), [("short", "neither a key"), ("/nowhere/console.pub", "neither a key")])
def test_a_console_key_that_is_none_is_named(text: str, words: str) -> None:
    with pytest.raises(CannotStart, match=words):
        console_key(text)


def test_fingerprint_is_that_of_the_key_which_is_made_at_first(tmp_path: Path) -> None:
    ended = worker(ini(tmp_path), "--fingerprint")
    keys = keys_at(tmp_path / "root/worker/worker.key")
    assert ended.stdout.split() == [keys.public.decode(), fingerprint(keys.public)]
    assert (tmp_path / "root/worker/worker.key").stat().st_mode & 0o777 == 0o600
    assert worker(ini(tmp_path), "--fingerprint").stdout == ended.stdout


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"wrong_key": "1"}, "unknown setting wrong_key"),
        ({"log_bytes": "many"}, "log_bytes"),
        ({"console_key": "/nowhere"}, "console_key"),
    ],
)
def test_a_bad_ini_is_told_in_a_line(tmp_path: Path, values: dict[str, str], words: str) -> None:
    ended = worker(ini(tmp_path, **values))
    assert ended.returncode == 1 and words in ended.stderr and "Traceback" not in ended.stderr


def test_a_missing_ini_is_told_in_a_line(tmp_path: Path) -> None:
    ended = worker(tmp_path / "none.ini")
    assert ended.returncode == 1 and "cannot be read" in ended.stderr and "Traceback" not in ended.stderr


def test_a_second_worker_on_the_same_root_is_refused(worker: WorkerProcess, console: ConsoleDouble) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "minos_worker", str(worker.ini)],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert ended.returncode == 1 and "another worker" in ended.stderr
    assert worker.process is not None and worker.process.poll() is None


def test_a_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    worker(ini(tmp_path), "--fingerprint")
    (tmp_path / "root/worker/worker.key").chmod(0o644)
    ended = worker(ini(tmp_path))
    assert ended.returncode == 1 and "chmod 600" in ended.stderr


def test_term_ends_the_worker_at_once_and_cleanly(worker: WorkerProcess) -> None:
    assert worker.end() == 0
    assert "tasks go on" in worker.log.read_text()


def test_a_worker_does_not_load_what_it_never_uses() -> None:
    """Every host carries what the worker imports, all the time."""
    look = (
        "import sys, minos_worker.__main__; print(*{'asyncio', 'zmq.auth', 'sqlalchemy', 'pyramid'} & set(sys.modules))"
    )
    ended = subprocess.run([sys.executable, "-c", look], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert ended.stdout.split() == []


def test_a_console_without_an_address_is_told(tmp_path: Path) -> None:
    ended = worker(ini(tmp_path, console=" "))
    assert ended.returncode == 1 and "console is empty: name the console's ZeroMQ endpoint" in ended.stderr
