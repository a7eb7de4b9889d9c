"""Looks whether packages still are what they were when they came: one after the other, each about once a week."""

import time
from collections.abc import Collection

from sqlalchemy import select, update

from minos_common.archives.entries import BadArchive
from minos_web.console import Console
from minos_web.models.packages import Package
from minos_web.security.audit import NewEntry, record
from minos_web.store.arriving import arrival
from minos_web.store.backup import sha256_of
from minos_web.store.block_files import blocks_problem, drop_blocks, has_room, keep_blocks, wants_blocks
from minos_web.store.block_writing import manifest_beside
from minos_web.store.inspecting import inspect_apart
from minos_web.store.packages import READY, file_of

DAMAGED = "damaged"


def next_due(console: Console, now: float, but: Collection[int] = ()) -> int | None:
    """The package that waits longest for a look, if it is time for one; none of ``but``."""
    days = console.settings.rehash_days
    if not days:
        return None
    query = (
        select(Package.id)
        .where(
            Package.state.in_((READY, DAMAGED)),
            Package.id.not_in(but),
            (Package.checked_at.is_(None)) | (Package.checked_at < now - days * 86400),
        )
        .order_by(Package.checked_at.is_not(None), Package.checked_at, Package.id)
        .limit(1)
    )
    with console.readers() as session:
        return session.scalar(query)


def look(console: Console, package_id: int) -> str:
    """Read a package anew; what is wrong with it, or empty. A damaged one is found by no cluster any more, until its file is
    right again or the same file is sent. Blocks that are missing or damaged are made anew. Raises OSError when the disk does
    not let itself be read: of the package nothing can be said then.
    """
    with console.readers() as session:
        row = session.get_one(Package, package_id)
        session.expunge(row)
    problem = _problem(console, row)
    if not problem:
        _mend_blocks(console, row)
    _note(console, row, problem)
    return problem


def _problem(console: Console, row: Package) -> str:
    """Raises OSError when the disk does not let itself be read."""
    try:
        found = sha256_of(file_of(console.var, row))
    except FileNotFoundError:
        (console.var / "packages" / row.artifact).stat()  # without it the disk is away, not the file
        return "its file is gone from the console's disk"
    return "" if found == row.sha256 else f"its file has SHA-256 {found} now: the disk changed it"


def _note(console: Console, row: Package, problem: str) -> None:
    now, state = time.time(), DAMAGED if problem else READY
    known = Package.id == row.id, Package.state.in_((READY, DAMAGED))
    with console.writers.begin() as session:
        session.execute(update(Package).where(*known).values(checked_at=now))
        changed = session.execute(
            update(Package).where(*known, Package.state != state).values(state=state, reason=problem)
        )
        if changed.rowcount:  # type: ignore[attr-defined]
            about = {"artifact": row.artifact, "name": row.name, "problem": problem}
            what = "package.damaged" if problem else "package.mended"
            record(session, console.secret, NewEntry(now, "minos", what, f"package {row.id}", "", about))


def _mend_blocks(console: Console, row: Package) -> None:
    """Have blocks where there should be some."""
    settings = console.settings
    if not wants_blocks(row.artifact, row.size, settings.spread_from_bytes) or (
        row.manifest and not blocks_problem(console.var, row)
    ):
        return
    aside = arrival(console.var, time.time()).with_suffix(".blocks")
    if not has_room(aside, row.size, settings.keep_free_bytes):
        return
    try:
        inspect_apart(file_of(console.var, row), row.artifact, row.name, (aside, row.sha256))
        with console.writers.begin() as session:
            kept = session.get_one(Package, row.id)
            drop_blocks(console.var, kept)
            keep_blocks(console.var, kept, aside)
    except BadArchive:
        return
    finally:
        for path in (aside, manifest_beside(aside)):
            path.unlink(missing_ok=True)
