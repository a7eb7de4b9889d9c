"""minos-backup and minos-restore: everything a console keeps, as a directory on another disk, and back."""

import argparse
import re
import shutil
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from alembic.util import CommandError

from minos_web.console import Console
from minos_web.models.dumping import BadDump, dump, filled, head_of, load
from minos_web.scripts.migrate import newest, revision_of, upgrade
from minos_web.scripts.opening import console_of_ini
from minos_web.store.backup import BadBackup, back_up, put_back, to_disk
from minos_web.store.packages import find

DATABASE, KEYS, PACKAGES = "database.dump", ("secret", "console.key", "console.pub"), "packages"
KEPT = 3
"""Backups that are made by themselves before an upgrade."""


class Refused(Exception):
    """What cannot be done; the text says why and what helps."""


def backup(arguments: Sequence[str] | None = None) -> int:
    """Entry point of minos-backup."""
    parser = argparse.ArgumentParser(
        "minos-backup", description="Copy all that a console keeps; it may go on meanwhile."
    )
    parser.add_argument("ini", help="the console's ini file, e.g. production.ini")
    parser.add_argument("directory", type=Path, help="on another disk; each call makes a directory in it")
    parser.add_argument("--without-packages", action="store_true", help="database and keys only")
    parser.add_argument(
        "--keep", type=int, default=0, metavar="N", help="delete all but the newest N; 0: none (default)"
    )
    options = parser.parse_args(arguments)
    if options.keep < 0:
        parser.error("--keep is how many stay: 1 or more, or 0 to delete none")
    console = console_of_ini(options.ini)
    try:
        if revision_of(console.engine) != newest():
            raise Refused("the database is not up to date with this release; run minos-init first")
        done = make(console, options.directory, not options.without_packages)
        if options.keep:
            _forget(options.directory, options.keep)
        return done
    except (Refused, BadBackup, OSError) as error:
        sys.exit(f"minos-backup: {error}")
    finally:
        console.engine.dispose()


def restore(arguments: Sequence[str] | None = None) -> int:
    """Entry point of minos-restore."""
    parser = argparse.ArgumentParser(
        "minos-restore", description="Put a backup into an empty console that does not run."
    )
    parser.add_argument("ini", help="the ini file of the console to be; its database may be of another kind")
    parser.add_argument("backup", type=Path, help="a directory that minos-backup made")
    options = parser.parse_args(arguments)
    if not (options.backup / DATABASE).is_file():
        sys.exit(f"minos-restore: {options.backup} has no {DATABASE}; name a directory that minos-backup made")
    console = console_of_ini(options.ini)
    try:
        return put(console, options.backup)
    except (Refused, BadDump, BadBackup, OSError) as error:
        sys.exit(f"minos-restore: {error}")
    finally:
        console.engine.dispose()


def make(console: Console, directory: Path, with_packages: bool) -> int:
    """A new directory below ``directory``, named by the time; there only when it is whole. Packages are shared by all."""
    made = directory / time.strftime("%Y-%m-%dT%H%M%SZ", time.gmtime())
    part = directory / f".{made.name}.part"
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True, mode=0o700)
    counts = dump(console.engine, revision_of(console.engine), part / DATABASE)
    _say(f"{sum(counts.values()):,} rows of {len(counts)} tables")
    for name in KEYS:
        if (console.var / name).is_file():
            shutil.copy2(console.var / name, part / name)
            to_disk(part / name)
    problems = 0
    if with_packages:
        with console.readers() as session:
            rows = find(session)
            session.expunge_all()  # a copy may take hours
        copied = back_up(rows, console.var, directory / PACKAGES, _say)
        problems = len(copied.problems)
    to_disk(part)
    part.rename(made)
    to_disk(directory)  # only now it is said to be there
    _say(f"made {made}")
    if problems:
        _say(f"{problems} packages could not be copied: see above")
    return 1 if problems else 0


def before_upgrade(console: Console) -> Path | None:
    """A backup without packages in ``<var>/backups`` when the tables are about to be changed; the newest three stay."""
    if revision_of(console.engine) in ("", newest()):
        return None
    directory = console.var / "backups"
    make(console, directory, with_packages=False)
    return _forget(directory, KEPT)[-1]


def _forget(directory: Path, kept: int) -> list[Path]:
    """Delete all backups but the newest; those that stay. Packages stay: newer backups share them."""
    made = sorted(path for path in directory.iterdir() if re.fullmatch(r"\d{4}-\d\d-\d\dT\d{6}Z", path.name))
    for old in made[:-kept]:
        shutil.rmtree(old)
    return made[-kept:]


def put(console: Console, source: Path) -> int:
    """Database, keys and packages of a backup into a console that has nothing yet."""
    head = head_of(source / DATABASE)
    if full := filled(console.engine):
        raise Refused(f"the database is not empty ({', '.join(full[:3])} have rows); name an empty one in the ini")
    for name in KEYS[1:]:
        there = console.var / name
        if there.exists() and (not (source / name).is_file() or there.read_bytes() != (source / name).read_bytes()):
            raise Refused(f"{there} is another console's; name another minos.var, or move it away")
    try:
        upgrade(console.engine, head.revision)
    except CommandError as error:
        raise Refused(f"it was made by Minos {head.minos}, which this release does not know: {error}") from error
    counts = load(console.engine, source / DATABASE)
    upgrade(console.engine)
    _say(f"{sum(counts.values()):,} rows of {len(counts)} tables")
    for name in KEYS:
        if (source / name).is_file():
            shutil.copy2(source / name, console.var / name)
    with console.readers() as session:
        rows = find(session)
        session.expunge_all()
    back = put_back(rows, console.var, source.parent / PACKAGES, _say)
    _say(f"{back.done} packages")
    if back.problems:
        _say(f"{len(back.problems)} packages are missing: upload them again, or delete them on their pages")
    return 1 if back.problems else 0


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
