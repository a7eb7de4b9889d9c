"""Packages that are built on the console's machine: each described by a file in a directory that the ini names.

``<name>.toml`` says ``artifact``, ``version``, ``source`` (a directory; relative to the file), ``build`` (a command line, run there by
a shell) and ``tarball`` (relative to the source; with a slash at its end the directory of <artifact>-<version>.tar.gz). Nothing of
it can be said from the browser.
"""

import fcntl
import os
import shutil
import subprocess
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from minos_web.store.arriving import check_room, too_large
from minos_web.store.importing.commands import run
from minos_web.store.importing.source import CannotImport, Order

ASK_SECONDS = 10
LOOK_SECONDS = 0.5


class Build(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One description."""

    artifact: str
    version: str
    source: str
    build: str
    tarball: str

    @property
    def made(self) -> str:
        """The tarball that the build makes, relative to the source."""
        return f"{self.tarball}{self.artifact}-{self.version}.tar.gz" if self.tarball.endswith("/") else self.tarball


def builds_in(directory: str) -> dict[str, Build | str]:
    """Name -> description, or what is wrong with it."""
    found: dict[str, Build | str] = {}
    for path in sorted(Path(directory).glob("*.toml")) if directory else ():
        try:
            found[path.stem] = _read(path)
        except CannotImport as error:
            found[path.stem] = str(error)
    return found


def build_of(directory: str, name: str) -> Build:
    """The description called ``name``. Raises CannotImport."""
    if not directory:
        raise CannotImport("nothing is built here: the ini names no descriptions (minos.package_builds)")
    found = builds_in(directory).get(name)
    if found is None:
        raise CannotImport(f"there is no description {name!r} in {directory}")
    if isinstance(found, str):
        raise CannotImport(found)
    return found


def source_of(directory: str, build: Build) -> Path:
    """Where it is built."""
    return (Path(directory) / build.source).resolve()


def revision_of(directory: str, build: Build) -> str:
    """What the source tree is at: git's commit, or r and Subversion's number; its version where neither knows it."""
    source = source_of(directory, build)
    for prefix, command in (
        ("", ["git", "rev-parse", "HEAD"]),
        ("r", ["svn", "info", "--show-item", "revision", "--no-newline"]),
    ):
        try:
            done = subprocess.run(
                command, cwd=source, stdin=subprocess.DEVNULL, capture_output=True, timeout=ASK_SECONDS, check=False
            )
        except (OSError, subprocess.TimeoutExpired):
            continue
        text = done.stdout.decode("ascii", "replace").strip()
        if done.returncode == 0 and text.isalnum():
            return f"{prefix}{text}"
    return build.version


def import_build(order: Order, directory: str) -> None:
    """Build ``order.source`` and take its tarball. Raises CannotImport, BadPackage, OSError, what ``tell`` raises."""
    build = build_of(directory, order.source)
    source = source_of(directory, build)
    with _alone(source, order):
        run(["/bin/sh", "-c", build.build], source, lambda line: order.tell(0, None, line))
        _take(source / build.made, order)


@contextmanager
def _alone(source: Path, order: Order) -> Iterator[None]:
    """One build at a time in a source tree."""
    try:
        handle = os.open(source, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise CannotImport(f"the source {source} cannot be entered: {error.strerror}") from error
    try:
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                order.tell(0, None, "waits for another build of the same sources")
                time.sleep(LOOK_SECONDS)
        yield
    finally:
        os.close(handle)


def _take(made: Path, order: Order) -> None:
    if not made.is_file():
        raise CannotImport(f"the build ended well, but there is no {made}")
    if made.stat().st_size > order.max_bytes:
        raise too_large(order.max_bytes)
    check_room(order.path.parent, made.stat().st_size, order.keep_free)
    shutil.copyfile(made, order.path)


def _read(path: Path) -> Build:
    try:
        return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Build)
    except (OSError, ValueError) as error:  # TOML, UTF-8 and msgspec's own are ValueErrors
        raise CannotImport(f"{path} cannot be read: {error}") from error
