"""Packages on this host: which there are, and those that nobody needs any more deleted."""

import fcntl
import os
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from minos_common.words import HeldPackage

YOUNG_SECONDS = 86400.0
"""What came within this time stays: somebody may have brought it for later."""


def held(root: Path) -> list[HeldPackage]:
    """Every whole package below ``root``, the package root."""
    found = []
    for marker in sorted(root.glob("*/*/[!.]*/.*.complete")):
        with suppress(OSError):
            folder = marker.parent
            service, cluster, place = folder.relative_to(root).parts
            name = marker.name.removeprefix(".").removesuffix(".complete")
            found.append(HeldPackage(service, cluster, place, name, marker.read_text().strip()))
    return found


def tidy(
    root: Path,
    needed: Callable[[], Iterable[Path]],
    kept: int,
    now: float,
    used_below: Callable[[Iterable[Path]], set[Path]],
) -> list[Path]:
    """Delete, cluster by cluster, all but the newest ``kept`` packages that nobody needs; which folders they lay in.

    ``needed`` tells the directories of unpacked packages that tasks are prepared with, ``used_below`` which of some folders
    processes use.
    """
    root = root.resolve()
    for left_over in root.glob("*/*/.*.dropped"):
        shutil.rmtree(left_over, ignore_errors=True)

    def is_old(folder: Path) -> bool:
        wanted = {path.resolve().parent for path in needed()}
        return folder not in wanted and folder != _current(folder.parent) and now - _came(folder) > YOUNG_SECONDS

    old = [folder for cluster in root.glob("*/*") for folder in _beyond(cluster, kept) if is_old(folder)]
    used = used_below(old) if old else set()
    return [folder for folder in old if folder not in used and _drop(folder, is_old)]


def _beyond(cluster: Path, kept: int) -> list[Path]:
    """Folders of a cluster beyond the newest."""
    folders = [
        path for path in cluster.iterdir() if path.is_dir() and not path.is_symlink() and not path.name.startswith(".")
    ]
    return sorted(folders, key=_came, reverse=True)[kept:]


def _current(cluster: Path) -> Path | None:
    """The folder that the cluster's link leads into."""
    link = cluster / "current"
    return link.resolve().parent if link.is_symlink() else None


def _came(folder: Path) -> float:
    """When the newest part of a folder came, or somebody last wanted it."""
    times = [0.0]
    with suppress(OSError):
        times += [path.lstat().st_mtime for path in folder.glob(".*.*") if path.is_file()]
        times.append(folder.stat().st_mtime)
    return max(times)


def _drop(folder: Path, is_old: Callable[[Path], bool]) -> bool:
    """Delete a folder that nobody is bringing a package to, and that is old still: under another name first, so that no half
    of it is found.
    """
    with suppress(OSError), _alone(folder) as alone:
        if alone and is_old(folder):
            aside = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}.dropped")
            folder.rename(aside)
            shutil.rmtree(aside, ignore_errors=True)
            return True
    return False


@contextmanager
def _alone(folder: Path) -> Iterator[bool]:
    handle = os.open(folder / ".lock", os.O_RDWR | os.O_CLOEXEC)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield True
    except BlockingIOError:
        yield False
    finally:
        os.close(handle)
