"""minos-init: makes a console ready to start, and changes nothing where it is ready already."""

import argparse
import os
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from minos_common.names import BadName
from minos_common.wire import keys_at
from minos_web.console import Console
from minos_web.models.people import User
from minos_web.operations.describe import refresh_clusters
from minos_web.scripts.backup import before_upgrade
from minos_web.scripts.migrate import upgrade
from minos_web.scripts.opening import console_of_ini
from minos_web.security.audit import NewEntry, record
from minos_web.security.passwords import BadPassword, random_password
from minos_web.security.people import CODE_HOURS, UserRefused, add_user, find_user
from minos_web.security.permissions import Role
from minos_web.security.tokens import LONGEST_DAYS, find_token, make_token
from minos_web.store import configdir

AUTHOR = "minos"


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point; prints what was done, one line each."""
    options = _parser().parse_args(arguments)
    console = console_of_ini(options.ini)
    try:
        done = list(prepare(console, options))
    except (BadName, BadPassword, UserRefused, PermissionError, ValueError) as error:
        sys.exit(f"minos-init: {error}")
    for line in done or ["everything is in place; nothing was changed"]:
        sys.stdout.write(line + "\n")
    return 0


def prepare(console: Console, options: argparse.Namespace) -> Iterator[str]:
    """Do what is missing; yields a line for each thing done."""
    if kept := before_upgrade(console):
        yield f"a backup of the database as it was: {kept}"
    before, after = upgrade(console.engine)
    if before != after:
        yield f"database brought from {before or 'nothing'} to revision {after}"
    yield from _keys(console.var)
    now = time.time()
    with console.writers.begin() as session:
        yield from _default_files(session, console, now)
        yield from _first_admin(session, console, options, now)
        if options.token_file:
            yield from _token(session, console, options, now)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("minos-init", description="Make a console ready to start. Safe to run again.")
    parser.add_argument("ini", help="the console's ini file, e.g. development.ini")
    parser.add_argument("--user", default="admin", help="name of the first admin (default: admin)")
    parser.add_argument(
        "--password-file",
        type=Path,
        help="file with the first admin's lasting password; a random one is written there when it is missing. Without a file"
        " one is printed that has to be changed at the first sign-in",
    )
    parser.add_argument("--token-file", type=Path, help="file to write an API token of that admin to")
    return parser


def _keys(var: Path) -> Iterator[str]:
    """The console's CURVE keys, and the public one in a file of its own for workers to pin."""
    path, public = var / "console.key", var / "console.pub"
    if not path.exists():
        yield f"keys made: {path} (keep it secret), {public} (for workers)"
    keys = keys_at(path)
    if not public.exists() or public.read_bytes().strip() != keys.public:
        public.write_bytes(keys.public + b"\n")


def _default_files(session: Session, console: Console, now: float) -> Iterator[str]:
    """The services' default conf files. A file that an operator deleted does not come back."""
    added = [
        path
        for path, text in sorted(console.catalog.default_files().items())
        if not configdir.history(session, path)
        and configdir.save(session, configdir.Edit(path, AUTHOR, now, "default of the service"), text.encode())
    ]
    if added:
        refresh_clusters(session, console, now)
        yield f"{len(added)} default files put into the config directory"


def _first_admin(session: Session, console: Console, options: argparse.Namespace, now: float) -> Iterator[str]:
    if session.scalar(select(func.count()).select_from(User)):
        return
    file: Path | None = options.password_file
    given = file.read_text().strip() if file and file.exists() else ""
    password = given or random_password()
    user = add_user(session, options.user, password, Role.ADMIN, now)
    record(session, console.secret, NewEntry(now, AUTHOR, "user.add", f"user {user.name}", details={"role": user.role}))
    if file and not given:
        _write_secret(file, password)
    shown = f"the password in {file}"
    if not file:
        # What is printed stands in terminals and journals for long: it is worth nothing once its owner signed in.
        user.must_change, user.code_until = True, now + CODE_HOURS * 3600
        shown = f"the password {password} (shown only now; it signs in for {CODE_HOURS} hours, and only to be changed)"
    yield f"user {user.name} made, with {shown}; sign in at {console.settings.url}"


def _token(session: Session, console: Console, options: argparse.Namespace, now: float) -> Iterator[str]:
    """A token in a file that only its owner may read; one that still works stays."""
    path: Path = options.token_file
    if path.exists() and find_token(session, path.read_text().strip(), now) is not None:
        return
    user = find_user(session, options.user)
    if user is None:
        raise UserRefused("user", f"there is no user {options.user} to make a token for; say which by --user")
    row, text = make_token(session, user, f"minos-init: {path.name}", Role(user.role), LONGEST_DAYS, now)
    entry = NewEntry(now, AUTHOR, "token.create", f"token {row.id}", details={"user": user.name, "name": row.name})
    record(session, console.secret, entry)
    _write_secret(path, text)
    yield f"API token of {user.name} written to {path}"


def _write_secret(path: Path, text: str) -> None:
    """Never readable by others, not even for a moment."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(text + "\n")


if __name__ == "__main__":
    sys.exit(main())
