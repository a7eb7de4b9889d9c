"""Packages on this host: each fetched and unpacked once, visible under its name only when it is whole."""

import contextlib
import errno
import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from minos_common.archives.entries import BadArchive
from minos_common.verbs import BlockSource, PackageSource
from minos_common.words import TaskName
from minos_worker import durable
from minos_worker.layout import Layout, PackagePaths
from minos_worker.packages.asking import NoBlocks
from minos_worker.packages.fetch import FetchFailed, fetch
from minos_worker.packages.spreading import Exchange, Job, fetch_blocks
from minos_worker.packages.unpack import unpack, unpack_blocks


class PackageFailed(Exception):
    """The package is not there and could not be brought; the text says why."""


@dataclass(frozen=True)
class Stock:
    """Where packages of this host lie; ``keep_free`` bytes stay free on their disk."""

    layout: Layout
    exchange: Exchange
    keep_free: int


def bring(stock: Stock, task: TaskName, source: PackageSource, job: Job, current: bool = True) -> Path:
    """Directory of the unpacked package, fetched and unpacked if need be; ``current``: it is the cluster's from now on.
    Raises PackageFailed, BadName.
    """
    paths = stock.layout.package_paths(task, source.package)
    try:
        paths.folder.mkdir(mode=0o755, parents=True, exist_ok=True)
        with _alone(paths.folder, job):
            if not _is_there(paths, source):
                _Bringing(paths, source, stock, job).bring()
            os.utime(paths.folder)  # somebody needs it from now on: it is young to whoever tidies up
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


class _Bringing:
    """One package that comes: fetched whole or in blocks, and unpacked beside its place."""

    def __init__(self, paths: PackagePaths, source: PackageSource, stock: Stock, job: Job) -> None:
        self._paths, self._source, self._stock, self._job = paths, source, stock, job
        self._looked = 0.0

    def bring(self) -> None:
        """Have it unpacked at its place; what was fetched is kept only when that could be done."""
        _sweep(self._paths)
        archive = self._fetch()
        temporary = self._paths.folder / f".{self._paths.unpacked.name}.{secrets.token_hex(4)}.tmp"
        try:
            self._unpack(archive, temporary)
        except BaseException:
            shutil.rmtree(temporary, ignore_errors=True)
            for path in (self._paths.archive, self._paths.blocks, self._paths.manifest):
                with contextlib.suppress(OSError):
                    path.unlink()
            raise

    def _fetch(self) -> Path:
        """The archive, or the file of its blocks. A file of its final name is always a verified one."""
        blocks = self._source.blocks
        for whole in (self._paths.archive, self._paths.blocks):
            if whole.exists():
                return whole
        if blocks is not None:
            try:
                return self._fetch_blocks(blocks)
            except NoBlocks as error:
                self._job.progress(f"fetching {self._paths.archive.name} from the console: {error}")
                for path in (self._paths.blocks_part, self._paths.manifest):
                    path.unlink(missing_ok=True)
        return self._fetch_archive()

    def _fetch_blocks(self, wanted: BlockSource) -> Path:
        part = self._paths.blocks_part
        have = part.stat().st_size if part.exists() else 0
        _want_space(self._paths.folder, wanted.size - have + self._stock.keep_free)
        self._job.progress(f"fetching {self._paths.archive.name}", 0.0)
        file = fetch_blocks(self._source, part, self._paths.manifest, self._stock.exchange, self._job)
        with part.open("rb") as handle:
            os.fsync(handle.fileno())
        self._stock.exchange.shelf.settle(file, self._paths.blocks)
        return self._paths.blocks

    def _fetch_archive(self) -> Path:
        paths, source = self._paths, self._source
        part = paths.folder / f".{paths.archive.name}.part"
        have = part.stat().st_size if part.exists() else 0
        _want_space(paths.folder, source.size - have + self._stock.keep_free)

        def came(count: int) -> None:
            nonlocal have
            self._job.check()
            self._stock.exchange.pace.take(max(count - have, 0))
            have = count
            self._job.progress(f"fetching {paths.archive.name}", count / max(source.size, 1))

        self._job.progress(f"fetching {paths.archive.name}", 0.0)
        fetch(source, part, came, self._job.wait)
        part.rename(paths.archive)
        return paths.archive

    def _unpack(self, archive: Path, temporary: Path) -> None:
        paths, sha256 = self._paths, self._source.package.sha256.lower()
        if archive == paths.blocks:
            unpack_blocks(archive, paths.manifest, temporary, self._came)
        else:
            unpack(archive, temporary, self._came)
        if paths.unpacked.exists():  # left by a crash before the marker was written; nothing runs from it
            shutil.rmtree(paths.unpacked)
        temporary.rename(paths.unpacked)
        durable.flush_directory(paths.folder)
        durable.write(paths.complete, sha256.encode(), mode=0o644)

    def _came(self, fraction: float) -> None:
        self._job.check()
        self._job.progress(f"unpacking {self._paths.archive.name}", fraction)
        if fraction - self._looked >= 0.02:
            self._looked = fraction
            _want_space(self._paths.folder, self._stock.keep_free)


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
