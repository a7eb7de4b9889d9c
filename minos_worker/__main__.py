"""minos-worker: reads worker.ini, takes over the tasks of this host, and talks with the console until told to end."""

import argparse
import configparser
import logging
import os
import signal
import sqlite3
import sys
from pathlib import Path

import filelock

from minos_common.settings import BadSetting, WorkerSettings, read_settings
from minos_common.version import VERSION
from minos_common.wire import fingerprint
from minos_worker.assembly import Given, assemble
from minos_worker.journal import look
from minos_worker.keeper.terms import terms_of
from minos_worker.layout import Layout, layout_of
from minos_worker.own_keys import OwnKeys
from minos_worker.process.reach import check_reach
from minos_worker.records import load_all
from minos_worker.release import guard
from minos_worker.release.entry import turn_into_current
from minos_worker.release.record import load as load_record
from minos_worker.task_user import TaskUser

log = logging.getLogger("minos_worker")


class CannotStart(Exception):
    """Something that has to be put right before a worker can run here; the text says what."""


def main(argv: list[str] | None = None) -> int:
    """Entry point of ``minos-worker``; the process's exit code."""
    parser = argparse.ArgumentParser(prog="minos-worker", description="Runs the tasks of this host for Minos.")
    parser.add_argument("ini", type=Path, help="worker.ini with a section [worker]")
    parser.add_argument("--fingerprint", action="store_true", help="print this worker's public key and fingerprint")
    parser.add_argument("--check", action="store_true", help="look whether this worker could run here; touch nothing")
    parser.add_argument("--guard", type=int, default=0, metavar="PID", help=argparse.SUPPRESS)
    options = parser.parse_args(argv)
    try:
        if not (options.fingerprint or options.check or options.guard) and argv is None:
            _become_current(options.ini)
        settings = settings_from(options.ini)
        layout = layout_of(settings)
        layout.worker.mkdir(mode=0o700, parents=True, exist_ok=True)
        keys = OwnKeys(layout.worker)
        if options.fingerprint:
            sys.stdout.write(f"{keys.current.public.decode()}\n{fingerprint(keys.current.public)}\n")
            return 0
        if options.check:
            sys.stdout.write(check(layout) + "\n")
            return 0
        _log_to_stderr()
        if options.guard:
            guard.detach_and_watch(layout.worker, [str(options.ini)], options.guard)
        with _alone(layout):
            restart = _work(settings, layout, keys, options.ini)
            _end(layout, restart, options.ini)
    except (CannotStart, BadSetting, OSError, ValueError, sqlite3.Error) as error:
        sys.stderr.write(f"minos-worker: {error}\n")
        return 1
    return 0


def check(layout: Layout) -> str:
    """One line that says that this worker could run on what it finds. Raises OSError, ValueError, sqlite3.Error."""
    tasks = len(load_all(layout))
    commands = look(layout.worker / "journal.sqlite")
    return f"Minos {VERSION} can run here: {tasks} tasks, {commands} commands in the journal"


def _become_current(ini: Path) -> None:
    """Turn into the release that is to run here. Needs nothing of the ini but its root: an older release is no judge of
    the other keys."""
    parser = configparser.RawConfigParser()
    try:
        parser.read(ini, encoding="utf-8")
        root = parser.get("worker", "root").replace("%(here)s", str(ini.absolute().parent))
    except (configparser.Error, ValueError):
        return  # whoever runs says what is wrong with it
    worker = layout_of(WorkerSettings(console="", console_key="", root=root)).worker
    if (worker / "release.json").exists():
        _log_to_stderr()
        turn_into_current(worker, sys.argv[1:])


def settings_from(path: Path) -> WorkerSettings:
    """Settings of the section [worker]; ``%(here)s`` is the file's directory. Raises CannotStart, BadSetting."""
    here = str(path.absolute().parent)
    # No interpolation but ours: a CURVE key may hold a percent sign.
    parser = configparser.RawConfigParser()
    try:
        with path.open(encoding="utf-8") as file:
            parser.read_file(file)
        values = {key: value.replace("%(here)s", here) for key, value in parser.items("worker")}
    except OSError as error:
        raise CannotStart(f"{path} cannot be read: {error.strerror}") from error
    except configparser.Error as error:
        raise CannotStart(f"{path}: {error}") from error
    return read_settings(WorkerSettings, values)


def console_key(text: str) -> bytes:
    """The console's public key, given as 40 characters or as the name of a file that holds them. Raises CannotStart."""
    path = Path(text).expanduser()
    if len(text) == 40 and not path.exists():  # a key may hold a slash, so its looks do not tell it from a path
        return text.encode()
    try:
        words = path.read_text(encoding="ascii").split()
    except (OSError, ValueError) as error:
        raise CannotStart(
            f"console_key {text!r} is neither a key of 40 characters nor a readable file: {error}"
        ) from error
    if not words or len(words[0]) != 40:
        raise CannotStart(f"console_key: {path} does not begin with a key of 40 characters")
    return words[0].encode()


def _alone(layout: Layout) -> filelock.BaseFileLock:
    # The guard of a trial looks at the lock now and then, for a moment.
    lock = filelock.FileLock(layout.worker / "lock", timeout=1)
    try:
        lock.acquire()
    except filelock.Timeout:
        raise CannotStart(f"another worker runs on {layout.worker.parent}") from None
    return lock


def _log_to_stderr() -> None:
    logging.basicConfig(
        stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)-7s %(name)s: %(message)s"
    )
    for name in ("urllib3", "filelock"):
        logging.getLogger(name).setLevel(logging.WARNING)


def _work(settings: WorkerSettings, layout: Layout, keys: OwnKeys, ini: Path) -> bool:
    """Put the parts together and run until a signal ends it; whether it is to start again as another release."""
    terms = terms_of(settings)
    _make_roots(layout, terms.user)
    if not settings.console.split():
        raise CannotStart("console is empty: name the console's ZeroMQ endpoint, such as tcp://console:8089")
    whole = assemble(Given(settings, ini, layout, keys, console_key(settings.console_key), terms))
    agent, releases = whole.agent, whole.place.releases
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: agent.end())
    agent.run()
    if releases.restart_asked.is_set():
        return True
    releases.ended()
    return False


def _make_roots(layout: Layout, user: TaskUser | None) -> None:
    if user is not None:
        os.umask(0o022)  # directories on the way to a task's own have to let its user through
    layout.make_roots()
    if user is not None:
        check_reach(user, layout.every_root()[1:])


def _end(layout: Layout, restart: bool, ini: Path) -> None:
    """Leave, or turn into the release that is to run. Threads in the middle of a command are left as they are: the
    journal knows what to do about them next time."""
    log.info("starting again; tasks go on" if restart else "ended; tasks go on")
    logging.shutdown()
    if restart:
        if load_record(layout.worker).trial is not None:
            guard.start(ini)
        turn_into_current(layout.worker, sys.argv[1:])
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main())
