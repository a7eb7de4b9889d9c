"""minos-user: what somebody at the console's machine can do for users who cannot sign in."""

import argparse
import sys
import time
from collections.abc import Sequence

from minos_web.console import Console
from minos_web.scripts.opening import console_of_ini
from minos_web.security.audit import NewEntry, record, verify
from minos_web.security.people import (
    CODE_HOURS,
    UserRefused,
    all_users,
    find_user,
    give_password,
    reset_second_step,
    set_disabled,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point."""
    options = _parser().parse_args(arguments)
    console = console_of_ini(options.ini)
    if options.command == "reset":
        return reset(console, options.name)
    if options.command == "reset-second-step":
        return reset_step(console, options.name)
    if options.command == "verify-audit":
        return verify_audit(console)
    return show(console)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("minos-user", description="Users of a console, from its own machine.")
    parser.add_argument("ini", help="the console's ini file, e.g. development.ini")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list", help="show all users")
    commands.add_parser("verify-audit", help="check that nobody changed the audit trail")
    commands.add_parser("reset", help="give a user a new random password and let them in again").add_argument("name")
    commands.add_parser("reset-second-step", help="let a user in without the device they lost").add_argument("name")
    return parser


def show(console: Console) -> int:
    """Names, roles and who is disabled."""
    with console.readers() as session:
        for user in all_users(session):
            sys.stdout.write(f"{user.name} {user.role}{' (disabled)' if user.disabled else ''}\n")
    return 0


def reset(console: Console, name: str) -> int:
    """A new random password, printed once; all of the user's browsers are signed out."""
    with console.writers.begin() as session:
        user = find_user(session, name)
        if user is None:
            known = ", ".join(row.name for row in all_users(session)) or "none; run minos-init"
            sys.exit(f"minos-user: there is no user {name}; there are: {known}")
        try:
            password = give_password(session, user, time.time())
        except UserRefused as refused:
            sys.exit(f"minos-user: {refused}")
        set_disabled(session, user, False)
        record(session, console.secret, NewEntry(time.time(), "minos-user", "user.reset", f"user {name}"))
    sys.stdout.write(
        f"user {name} has the password {password} now (shown only this once); "
        f"it signs in for {CODE_HOURS} hours, and only to be changed\n"
    )
    return 0


def reset_step(console: Console, name: str) -> int:
    """Take a user's second step and recovery codes away."""
    with console.writers.begin() as session:
        user = find_user(session, name)
        if user is None:
            sys.exit(f"minos-user: there is no user {name}")
        try:
            reset_second_step(session, user)
        except UserRefused as error:
            sys.exit(f"minos-user: {error}")
        record(session, console.secret, NewEntry(time.time(), "minos-user", "user.second-step-reset", f"user {name}"))
    sys.stdout.write(f"user {name} signs in with the password alone now\n")
    return 0


def verify_audit(console: Console) -> int:
    """Print every fault of the trail; 0 when it is whole."""
    with console.readers() as session:
        faults = list(verify(session, console.secret))
    for fault in faults:
        sys.stdout.write(f"{'end' if fault.entry_id is None else f'entry {fault.entry_id}'}: {fault.message}\n")
    if not faults:
        sys.stdout.write("the audit trail is whole\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
