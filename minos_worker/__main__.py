"""minos-worker: reads worker.ini, takes over the tasks of this host, and talks with the console until told to end."""

import argparse
import configparser
import logging
import os
import signal
import sys
import time
from pathlib import Path

import filelock

from minos_common.settings import BadSetting, WorkerSettings, read_settings
from minos_common.wire import KeyPair, fingerprint, keys_at
from minos_common.words import TaskEvent, TaskName
from minos_worker.agent.link import Link
from minos_worker.agent.loop import Agent, Identity
from minos_worker.facts import host_facts, own_address, own_name
from minos_worker.journal import Journal
from minos_worker.keeper.after_exit import run_post_script
from minos_worker.keeper.keeper import Keeper
from minos_worker.keeper.terms import terms_of
from minos_worker.layout import Layout, layout_of
from minos_worker.process.identity import boot_id
from minos_worker.process.reach import check_reach
from minos_worker.stats.pages import StatusPages
from minos_worker.verbs.work import Place

log = logging.getLogger("minos_worker")


class CannotStart(Exception):
    """Something that has to be put right before a worker can run here; the text says what."""


def main(argv: list[str] | None = None) -> int:
    """Entry point of ``minos-worker``; the process's exit code."""
    parser = argparse.ArgumentParser(prog="minos-worker", description="Runs the tasks of this host for Minos.")
    parser.add_argument("ini", type=Path, help="worker.ini with a section [worker]")
    parser.add_argument("--fingerprint", action="store_true", help="print this worker's public key and fingerprint")
    options = parser.parse_args(argv)
    try:
        settings = settings_from(options.ini)
        layout = layout_of(settings)
        layout.worker.mkdir(mode=0o700, parents=True, exist_ok=True)
        keys = keys_at(layout.worker / "worker.key")
        if options.fingerprint:
            sys.stdout.write(f"{keys.public.decode()}\n{fingerprint(keys.public)}\n")
            return 0
        _log_to_stderr()
        with _alone(layout):
            _work(settings, layout, keys)
    except (CannotStart, BadSetting, OSError, ValueError) as error:
        sys.stderr.write(f"minos-worker: {error}\n")
        return 1
    return 0


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
    lock = filelock.FileLock(layout.worker / "lock", timeout=0)
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


def _work(settings: WorkerSettings, layout: Layout, keys: KeyPair) -> None:
    """Put the parts together and run until a signal ends it."""
    terms = terms_of(settings)
    if terms.user is not None:
        os.umask(0o022)  # directories on the way to a task's own have to let its user through
    layout.make_roots()
    if terms.user is not None:
        check_reach(terms.user, layout.every_root()[1:])
    key = console_key(settings.console_key)
    journal = Journal(layout.worker / "journal.sqlite")
    starts = journal.count_start()
    log.info(
        "worker %s, start %d, key %s, fingerprint %s",
        own_name(settings),
        starts,
        keys.public.decode(),
        fingerprint(keys.public),
    )
    agents: list[Agent] = []
    ended_before: list[TaskName] = []

    def tell(event: TaskEvent | None) -> None:
        for agent in agents:  # before there is one the journal keeps the event
            agent.tell(event)

    def after_exit(task: TaskName) -> None:
        if not agents:
            ended_before.append(task)
        for agent in agents:
            agent.do(lambda: run_post_script(layout, task, terms.user))

    keeper = Keeper(layout, journal, tell, lambda: tell(None), after_exit, first_revision=starts << 32)
    keeper.terms = terms
    keeper.load()
    place = Place(settings, layout, keeper, journal, StatusPages())
    identity = Identity(
        name=own_name(settings),
        address=own_address(settings),
        boot_id=boot_id(),
        facts=host_facts(settings, terms.user.name if terms.user else ""),
        started=time.time(),
        starts=starts,
        join_token=settings.join_token,
    )
    agent = Agent(place, identity, Link(settings.console, keys, key))
    agents.append(agent)
    for task in ended_before:
        after_exit(task)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: agent.end())
    agent.run()
    log.info("ended; tasks go on")
    logging.shutdown()
    # Threads in the middle of a command are left as they are: the journal knows what to do about them next time.
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main())
