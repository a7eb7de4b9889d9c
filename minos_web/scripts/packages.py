"""minos-packages: copies of the package store, made, taken back in, and looked through, at the console's machine."""

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from minos_web.console import Console
from minos_web.operations.arrivals import Claim, incoming_of
from minos_web.operations.integrity import DAMAGED, look
from minos_web.scripts.opening import console_of_ini
from minos_web.security.audit import NewEntry, record
from minos_web.store.arriving import BadPackage
from minos_web.store.backup import BadBackup, Outcome, back_up, restore
from minos_web.store.packages import READY, Sessions, find


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point."""
    options = _parser().parse_args(arguments)
    console = console_of_ini(options.ini)
    try:
        done: int = options.carry_out(console, options)
    except (BadBackup, BadPackage, OSError) as error:
        sys.exit(f"minos-packages: {error}")
    return done


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("minos-packages", description="The package store, from the console's own machine.")
    parser.add_argument("ini", help="the console's ini file, e.g. development.ini")
    commands = parser.add_subparsers(dest="command", required=True)

    def add(name: str, help: str, carry_out: Callable[[Console, argparse.Namespace], int]) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=help)
        command.set_defaults(carry_out=carry_out)
        return command

    add("backup", "copy what the directory has not yet", _back_up).add_argument("directory", type=Path)
    add("restore", "take in what the store has not", _restore).add_argument("directory", type=Path)
    add("check", "read every package anew and say which are damaged", _check)
    return parser


def _back_up(console: Console, options: argparse.Namespace) -> int:
    with console.readers() as session:
        rows = find(session)
        session.expunge_all()  # a copy may take hours
    copied = back_up(rows, console.var, options.directory, _say)
    _say(f"{copied.done} copied, {len(rows)} in all, in {options.directory}")
    return _told(copied)


def _told(outcome: Outcome) -> int:
    if outcome.problems:
        _say(f"{len(outcome.problems)} could not be: see above")
    return 1 if outcome.problems else 0


def _restore(console: Console, options: argparse.Namespace) -> int:
    limits = incoming_of(console, Claim("restore", "", "", ""))
    with console.writers() as session:
        came = restore(Sessions(console.readers, session), console.var, options.directory, limits, _say)
        about = {"from": str(options.directory), "packages": came.done}
        record(
            session, console.secret, NewEntry(time.time(), "minos-packages", "package.restore", "packages", "", about)
        )
        session.commit()
    _say(f"{came.done} restored")
    return _told(came)


def _check(console: Console, _options: argparse.Namespace) -> int:
    with console.readers() as session:
        rows = [(row.id, row.path) for state in (READY, DAMAGED) for row in find(session, state=state)]
    bad = 0
    for number, path in rows:
        try:
            problem = look(console, number)
        except OSError as error:
            problem = f"its file cannot be read: {error.strerror}"
        bad += bool(problem)
        _say(f"{path}: {problem or 'right'}")
    return 1 if bad else 0


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
