"""A worker wheel becomes a directory that Python can run: checked, unpacked, compared with its own list of digests."""

import base64
import csv
import email.parser
import hashlib
import importlib.metadata
import io
import os
import platform
import shutil
import sys
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet

from minos_worker import durable

OURS = ("minos_worker/", "minos_common/")
"""All that a worker needs of a wheel; a console's wheel holds more."""
_REQUIREMENTS = "minos_worker/requirements.txt"
_MOST_FILES = 5000
_MOST_BYTES = 100 * 1024 * 1024
_START = '''"""Runs the worker of this directory."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from minos_worker.__main__ import main

sys.exit(main())
'''


class BadWheel(ValueError):
    """A file that is no worker wheel, or none for this host; the text says why."""


@dataclass(frozen=True)
class About:
    """What a wheel says of itself. ``folder`` is the name of its dist-info directory."""

    version: str
    requires_python: str
    requires: tuple[str, ...]
    folder: str


def unpack(archive: Path, target: Path) -> About:
    """Make the directory ``target`` of the wheel ``archive``: whole or not at all. Raises BadWheel, OSError."""
    beside = target.with_name(f".{target.name}.{os.getpid()}.new")
    shutil.rmtree(beside, ignore_errors=True)
    try:
        with zipfile.ZipFile(archive) as wheel:
            about = _about(wheel)
            check_host(about)
            beside.mkdir(parents=True, mode=0o755)
            _write_all(wheel, about, beside)
        (beside / "__main__.py").write_text(_START, encoding="utf-8")
        shutil.rmtree(target, ignore_errors=True)
        beside.rename(target)
        durable.flush_directory(target.parent)
    except (zipfile.BadZipFile, zlib.error, EOFError, UnicodeDecodeError, NotImplementedError, RuntimeError) as error:
        raise BadWheel(f"the wheel cannot be read: {error}") from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return about


def check_host(about: About) -> None:
    """Compare what the wheel needs with this Python and what is installed in it. Raises BadWheel naming all that lacks."""
    lacking = [*_python_lacks(about.requires_python), *_packages_lack(about.requires)]
    if lacking:
        raise BadWheel(
            f"Minos {about.version} needs {'; '.join(lacking)} in {sys.prefix}:"
            " run the install line of this host again, it brings them"
        )


def _python_lacks(wanted: str) -> Iterable[str]:
    try:
        if not SpecifierSet(wanted).contains(platform.python_version(), prereleases=True):
            yield f"Python {wanted} (here is {platform.python_version()})"
    except InvalidSpecifier as error:
        raise BadWheel(f"the wheel's Requires-Python is odd: {error}") from error


def _packages_lack(requires: Iterable[str]) -> Iterable[str]:
    for text in requires:
        try:
            wanted = Requirement(text)
            if wanted.marker is not None and not wanted.marker.evaluate({"extra": ""}):
                continue
        except InvalidRequirement as error:
            raise BadWheel(f"the wheel's requirement {text!r} is odd: {error}") from error
        try:
            here = importlib.metadata.version(wanted.name)
        except importlib.metadata.PackageNotFoundError:
            yield f"{wanted.name}{wanted.specifier} (not here)"
            continue
        if not wanted.specifier.contains(here, prereleases=True):
            yield f"{wanted.name}{wanted.specifier} (here is {here})"


def _about(wheel: zipfile.ZipFile) -> About:
    members = wheel.infolist()
    names = [member.filename for member in members]
    if len(members) > _MOST_FILES or sum(member.file_size for member in members) > _MOST_BYTES:
        raise BadWheel("the wheel is larger than any worker is")
    odd = next((name for name in names if name.startswith("/") or ".." in name.split("/") or "\\" in name), None)
    if odd is not None:
        raise BadWheel(f"the wheel holds {odd!r}, which would lie outside its directory")
    folders = {name.split("/")[0] for name in names if name.split("/")[0].endswith(".dist-info")}
    if len(folders) != 1 or "minos_worker/__main__.py" not in names:
        raise BadWheel("this is no wheel of the Minos worker")
    folder = folders.pop()
    try:
        told = email.parser.Parser().parsestr(wheel.read(f"{folder}/METADATA").decode())
    except KeyError:
        raise BadWheel("the wheel has no METADATA") from None
    version = told["Version"] or ""
    if not version:
        raise BadWheel("the wheel's METADATA tells no version")
    requires = _worker_alone(wheel) or tuple(told.get_all("Requires-Dist") or ())
    return About(version, told["Requires-Python"] or "", requires, folder)


def _worker_alone(wheel: zipfile.ZipFile) -> tuple[str, ...]:
    """What a worker needs, of a wheel of the whole console, whose metadata names what only a console needs too."""
    if _REQUIREMENTS not in wheel.namelist():
        return ()
    lines = wheel.read(_REQUIREMENTS).decode().splitlines()
    return tuple(line for line in lines if line and not line.startswith("#"))


def _write_all(wheel: zipfile.ZipFile, about: About, target: Path) -> None:
    digests = _digests(wheel, about)
    for name in wheel.namelist():
        if name.endswith("/") or not name.startswith((*OURS, f"{about.folder}/")):
            continue
        data = wheel.read(name)
        if name != f"{about.folder}/RECORD" and digests.get(name) != hashlib.sha256(data).digest():
            raise BadWheel(f"{name} is not what the wheel's RECORD says")
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        path.chmod(0o644)


def _digests(wheel: zipfile.ZipFile, about: About) -> dict[str, bytes]:
    """Name -> SHA-256 of every file, as RECORD has them."""
    try:
        text = wheel.read(f"{about.folder}/RECORD").decode()
    except KeyError:
        raise BadWheel("the wheel has no RECORD") from None
    found: dict[str, bytes] = {}
    for row in csv.reader(io.StringIO(text)):
        if len(row) >= 2 and row[1].startswith("sha256="):
            digest = row[1].removeprefix("sha256=")
            found[row[0]] = base64.urlsafe_b64decode(digest + "=" * (-len(digest) % 4))
    return found
