"""Copies of the package store on another disk: made bit by bit, checked on the way, and taken back in as they were.

A copy is a directory with ``packages.json``, which describes every package, and the files as the store lays them out.
"""

import hashlib
import os
import shutil
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import msgspec

from minos_web.models.packages import Package
from minos_web.store.arriving import BadPackage, Incoming, NoRoom
from minos_web.store.packages import Sessions, file_of, receive

LIST = "packages.json"


class BadBackup(Exception):
    """A copy that cannot be made or used; the text says why."""


class Kept(msgspec.Struct):
    """One package of a copy; ``path`` is that of its file below the copy's directory."""

    artifact: str
    name: str
    revision: str
    timestamp: str
    size: int
    sha256: str
    uploaded_by: str
    uploaded_at: float
    path: str


class Outcome(NamedTuple):
    """How many packages were copied or taken in, and what was wrong with others."""

    done: int
    problems: list[str]


def back_up(rows: Iterable[Package], var: Path, target: Path, say: Callable[[str], None]) -> Outcome:
    """Copy what ``target`` has not yet. A file is there only when it is whole and right; what cannot be copied keeps nobody
    else out, and what an earlier copy has stays in it. Raises BadBackup, OSError.
    """
    target.mkdir(parents=True, exist_ok=True)
    kept = {one.path: one for one in (listed(target) if (target / LIST).exists() else ())}
    done, problems = 0, []
    for row in rows:
        one = _kept(row)
        if not _is_there(target / one.path, one):
            try:
                _copy(file_of(var, row), target / one.path, one)
            except (BadBackup, FileNotFoundError) as error:
                problems.append(str(error))
                say(f"not copied: {error}")
                continue
            done += 1
            say(f"copied {one.path}")
        kept[one.path] = one
    beside = target / f".{LIST}.new"
    beside.write_bytes(msgspec.json.format(msgspec.json.encode(list(kept.values()))))
    to_disk(beside)
    beside.replace(target / LIST)
    to_disk(target)
    return Outcome(done, problems)


def _kept(row: Package) -> Kept:
    return Kept(
        row.artifact, row.name, row.revision, row.timestamp, row.size, row.sha256, row.uploaded_by, row.uploaded_at,
        row.path.removeprefix("packages/"),
    )  # fmt: skip


def restore(sessions: Sessions, var: Path, source: Path, limits: Incoming, say: Callable[[str], None]) -> Outcome:
    """Take in what the copy at ``source`` has and the store has not. Each is looked into as if it were sent anew, and one
    that is damaged keeps no other out. ``limits`` are those of the store. Raises BadBackup, NoRoom.
    """
    done, problems = 0, []
    for one in listed(source):
        claim = replace(
            limits, artifact=one.artifact, revision=one.revision, name=one.name, user=one.uploaded_by,
            now=one.uploaded_at, expected_sha256=one.sha256,
        )  # fmt: skip
        try:
            with (source / one.path).open("rb") as file:
                row, created = receive(sessions, var, file, claim)
        except NoRoom:
            raise
        except (BadPackage, OSError) as error:
            sessions.write.rollback()
            problems.append(f"{one.path}: {error}")
            say(f"not restored: {one.path}: {error}")
            continue
        sessions.write.commit()
        done += created
        say(f"{'restored' if created else 'has'} {row.path}{': ' + row.reason if row.reason else ''}")
    return Outcome(done, problems)


def put_back(rows: Iterable[Package], var: Path, source: Path, say: Callable[[str], None]) -> Outcome:
    """Put the files of packages that a store's rows tell of where they belong, out of the copy at ``source``. One that is
    not in it, or damaged, keeps no other out. Raises OSError.
    """
    done, problems = 0, []
    for row in rows:
        one = _kept(row)
        try:
            _copy(source / one.path, file_of(var, row), one)
        except (BadBackup, FileNotFoundError) as error:
            problems.append(str(error))
            say(f"not put back: {error}")
            continue
        done += 1
        say(f"put back {one.path}")
    return Outcome(done, problems)


def listed(source: Path) -> list[Kept]:
    """What a copy has, oldest first. Raises BadBackup."""
    try:
        found = msgspec.json.decode((source / LIST).read_bytes(), type=list[Kept])
    except (OSError, msgspec.DecodeError) as error:
        raise BadBackup(f"{source} is no copy of a package store: {error}") from error
    for one in found:
        if one.path.startswith("/") or ".." in Path(one.path).parts:
            raise BadBackup(f"{source / LIST} leads out of the copy: {one.path}")
    return sorted(found, key=lambda one: one.uploaded_at)


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def to_disk(path: Path) -> None:
    """Wait until a file, or the names in a directory, are on the disk: a power failure must not leave names of nothing."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _is_there(path: Path, one: Kept) -> bool:
    return path.is_file() and path.stat().st_size == one.size


def _copy(source: Path, target: Path, one: Kept) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.part")
    try:
        shutil.copyfile(source, part)
        found = sha256_of(part)
        if found != one.sha256:
            raise BadBackup(f"{source} has SHA-256 {found}, not {one.sha256}: it is damaged; upload it again")
        to_disk(part)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
