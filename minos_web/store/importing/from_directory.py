"""Imports a package from a directory of the console's machine that the ini names."""

import os
import stat
from pathlib import Path

from minos_web.store.arriving import check_room, too_large
from minos_web.store.importing.source import CannotImport, Order

_PIECE = 1024 * 1024
MOST_LISTED = 500


def import_file(order: Order, directories: str) -> None:
    """Copy the file ``order.source``. Raises CannotImport, BadPackage, OSError, what ``tell`` raises."""
    path = checked(order.source, directories)
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(handle, "rb") as file, order.path.open("wb") as out:
        info = os.fstat(file.fileno())
        if not stat.S_ISREG(info.st_mode):
            raise CannotImport(f"{path} is no file")
        if info.st_size > order.max_bytes:
            raise too_large(order.max_bytes)
        have = 0
        while piece := file.read(_PIECE):
            have += len(piece)
            if have > order.max_bytes:
                raise too_large(order.max_bytes)
            check_room(order.path.parent, len(piece), order.keep_free)
            out.write(piece)
            order.tell(have, info.st_size, "")


def checked(source: str, directories: str) -> Path:
    """The file, wherever links lead to, if it lies below one of ``directories``. Raises CannotImport."""
    if not directories.split():
        raise CannotImport("no directory may be imported from: the ini names none (minos.package_directories)")
    try:
        path = Path(source).resolve(strict=True)
    except (OSError, ValueError) as error:
        raise CannotImport(f"{source} cannot be read: {getattr(error, 'strerror', None) or error}") from error
    if not any(path.is_relative_to(Path(top).resolve()) for top in directories.split()):
        raise CannotImport(f"{source} does not lie below a directory that the ini names (minos.package_directories)")
    return path


def listed(directories: str) -> list[Path]:
    """Files that look like packages, for the page to offer; not below directories inside."""
    found: list[Path] = []
    for top in directories.split():
        try:
            inside = sorted(Path(top).iterdir())
        except OSError:
            continue
        ends = (".gz", ".tgz", ".bz2", ".tbz2", ".xz", ".txz", ".zst", ".tar", ".zip")
        found += [path for path in inside if path.name.endswith(ends) and path.is_file()]
    return found[:MOST_LISTED]
