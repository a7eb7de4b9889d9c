"""Packages on this host: each fetched and unpacked once, visible under its name only when it is whole."""

import contextlib
import errno
import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from minos_common.archives.entries import BadArchive
from minos_common.verbs import PackageSource
from minos_common.words import TaskName
from minos_worker import durable
from minos_worker.layout import Layout, PackagePaths
from minos_worker.packages.fetch import FetchFailed, fetch
from minos_worker.packages.unpack import unpack


class PackageFailed(Exception):
    """The package is not there and could not be brought; the text says why."""


class Job(Protocol):
    """What the store needs of the command it works for."""

    def check(self) -> None:
        """Raises when the command is cancelled or its time is over."""

    def progress(self, message: str, fraction: float | None = None) -> None:
        """Tell how far it is."""

    def wait(self, seconds: float) -> None:
        """Sleep, and raise as ``check`` does."""


def bring(
    layout: Layout, task: TaskName, source: PackageSource, keep_free: int, job: Job, current: bool = True
) -> Path:
    """Directory of the unpacked package, fetched and unpacked if need be; ``current``: it is the cluster's from now on.
    Raises PackageFailed, BadName.
    """
    paths = layout.package_paths(task, source.package)
    try:
        paths.folder.mkdir(mode=0o755, parents=True, exist_ok=True)
        with _alone(paths.folder, job):
            if not _is_there(paths, source):
                _bring(paths, source, keep_free, job)
        if current:
            durable.point(paths.current, paths.unpacked)
    except (FetchFailed, BadArchive) as error:
        raise PackageFailed(f"package {source.package.name}: {error}") from error
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        why = "no space left on its disk" if full else str(error)
        raise PackageFailed(f"package {source.package.name} cannot be kept below {paths.folder}: {why}") from error
    return paths.unpacked


def _is_there(paths: PackagePaths, source: PackageSource) -> bool:
    try:
        sha256 = paths.complete.read_text().strip()
    except FileNotFoundError:
        return False
    if sha256 != source.package.sha256.lower():
        raise PackageFailed(
            f"{paths.unpacked} holds another package of that name and revision (SHA-256 {sha256}):"
            " upload yours under another revision, or remove that directory"
        )
    return paths.unpacked.is_dir()


def _bring(paths: PackagePaths, source: PackageSource, keep_free: int, job: Job) -> None:
    part = paths.folder / f".{paths.archive.name}.part"
    _sweep(paths)
    if not paths.archive.exists():
        have = part.stat().st_size if part.exists() else 0
        _want_space(paths.folder, source.size - have + keep_free)

        def came(count: int) -> None:
            job.check()
            job.progress(f"fetching {paths.archive.name}", count / max(source.size, 1))

        job.progress(f"fetching {paths.archive.name}", 0.0)
        fetch(source, part, came, job.wait)
        # The archive gets its name only now; an archive of that name is always a verified one.
        part.rename(paths.archive)
    temporary = paths.folder / f".{paths.unpacked.name}.{secrets.token_hex(4)}.tmp"
    try:
        _unpack(paths, source, temporary, keep_free, job)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        with contextlib.suppress(OSError):
            paths.archive.unlink()
        raise


def _unpack(paths: PackagePaths, source: PackageSource, temporary: Path, keep_free: int, job: Job) -> None:
    looked = 0.0

    def came(fraction: float) -> None:
        nonlocal looked
        job.check()
        job.progress(f"unpacking {paths.archive.name}", fraction)
        if fraction - looked >= 0.02:
            looked = fraction
            _want_space(paths.folder, keep_free)

    unpack(paths.archive, temporary, came)
    if paths.unpacked.exists():  # left by a crash before the marker was written; nothing runs from it
        shutil.rmtree(paths.unpacked)
    temporary.rename(paths.unpacked)
    durable.flush_directory(paths.folder)
    durable.write(paths.complete, source.package.sha256.lower().encode(), mode=0o644)


def _sweep(paths: PackagePaths) -> None:
    """Remove what a crash left of an earlier try."""
    for path in paths.folder.glob(f".{paths.unpacked.name}.*.tmp"):
        shutil.rmtree(path, ignore_errors=True)


def _want_space(folder: Path, wanted: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < wanted:
        raise PackageFailed(
            f"no space for the package: {folder} has {free // 2**20} MiB free and {wanted // 2**20} MiB are wanted"
        )


@contextlib.contextmanager
def _alone(folder: Path, job: Job) -> Iterator[None]:
    """One at a time for a package: tasks of a cluster on one host want the same one at the same moment."""
    handle = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        told = False
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if not told:
                    job.progress("waiting: another task is fetching this package")
                    told = True
                job.wait(0.2)
        yield
    finally:
        os.close(handle)
