"""Wheels made of what is installed with this console: its own worker, and the libraries that a worker needs.

Hosts are often cut off from PyPI, and the console has all of it anyway. The bytes depend on the content alone.
"""

import base64
import email.parser
import functools
import hashlib
import importlib.metadata
import importlib.util
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement

from minos_common.version import PYTHON, VERSION

WORKER = "minos-worker"
OURS = ("minos_common", "minos_worker")
REQUIREMENTS = "requirements.txt"
"""File of the worker's package that names what it needs."""
_LEFT_OUT = ("INSTALLER", "REQUESTED", "direct_url.json", "RECORD")
_ENTRY_POINTS = "[console_scripts]\nminos-worker = minos_worker.__main__:main\n"
_TAG = "Wheel-Version: 1.0\nGenerator: minos\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


@dataclass(frozen=True)
class Wheel:
    """A wheel in memory. ``name`` is its file name."""

    name: str
    data: bytes

    @functools.cached_property
    def sha256(self) -> str:
        """Hex digest of the bytes."""
        return hashlib.sha256(self.data).hexdigest()


@functools.cache
def worker_wheel() -> Wheel:
    """The worker of this very console as a wheel."""
    files: dict[str, bytes] = {}
    for package in OURS:
        top = _directory(package)
        for path in sorted(top.rglob("*.py")):
            files[f"{package}/{path.relative_to(top).as_posix()}"] = path.read_bytes()
    return pack_worker(VERSION, files)


def pack_worker(version: str, files: Mapping[str, bytes]) -> Wheel:
    """A wheel of the worker with these files."""
    info = f"minos_worker-{version}.dist-info"
    lines = ["Metadata-Version: 2.1", f"Name: {WORKER}", f"Version: {version}", "Summary: The worker of Minos"]
    lines += ["License: Apache-2.0", f"Requires-Python: {PYTHON}"]
    lines += [f"Requires-Dist: {requirement}" for requirement in worker_requirements()]
    more = {f"{info}/METADATA": "\n".join(lines) + "\n", f"{info}/WHEEL": _TAG}
    more[f"{info}/entry_points.txt"] = _ENTRY_POINTS
    everything = {**files, **{name: text.encode() for name, text in more.items()}}
    return Wheel(f"minos_worker-{version}-py3-none-any.whl", pack(everything, info))


def worker_requirements() -> list[Requirement]:
    """What a worker needs beside Python, whatever the Python of its host."""
    lines = (_directory("minos_worker") / REQUIREMENTS).read_text(encoding="utf-8").splitlines()
    return [Requirement(line) for line in lines if line and not line.startswith("#")]


def version_of(path: Path) -> str | None:
    """Version of the worker wheel at ``path``; None when it is none. A wheel of the console holds the worker as well."""
    try:
        with zipfile.ZipFile(path) as wheel:
            names = wheel.namelist()
            told = next((name for name in names if name.endswith(".dist-info/METADATA") and name.count("/") == 1), None)
            if told is None or "minos_worker/__main__.py" not in names:
                return None
            return email.parser.Parser().parsestr(wheel.read(told).decode())["Version"]
    except (zipfile.BadZipFile, UnicodeDecodeError, zlib.error, OSError):
        return None


def library_names() -> list[str]:
    """Names of the distributions that a worker needs, and of those that they need."""
    found: list[str] = []
    waiting = [one.name for one in worker_requirements() if one.marker is None or one.marker.evaluate()]
    while waiting:
        name = _plain(waiting.pop(0))
        if name not in found:
            found.append(name)
            waiting += [requirement.name for requirement in _requirements(name)]
    return sorted(found)


def library_wheel(name: str) -> Wheel:
    """A library as it is installed here, as a wheel for the same kind of Python. Raises PackageNotFoundError."""
    distribution = importlib.metadata.distribution(name)
    files: dict[str, bytes] = {}
    for file in distribution.files or ():
        place = Path(str(distribution.locate_file(file)))
        if ".." in file.parts or "__pycache__" in file.parts or file.name in _LEFT_OUT or not place.is_file():
            continue
        files[file.as_posix()] = place.read_bytes()
    info = next(name.split("/")[0] for name in files if name.split("/")[0].endswith(".dist-info"))
    tag = _common_tag(distribution.read_text("WHEEL") or _TAG)
    return Wheel(f"{info.removesuffix('.dist-info')}-{tag}.whl", pack(files, info))


def pack(files: Mapping[str, bytes], info: str) -> bytes:
    """A wheel of these files, with the RECORD that belongs to them in the directory ``info``."""
    record = "".join(f"{name},sha256={_digest(data)},{len(data)}\n" for name, data in sorted(files.items()))
    record += f"{info}/RECORD,,\n"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in [*sorted(files.items()), (f"{info}/RECORD", record.encode())]:
            member = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            member.external_attr = 0o100644 << 16
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, data)
    return out.getvalue()


def _directory(package: str) -> Path:
    spec = importlib.util.find_spec(package)
    assert spec is not None and spec.submodule_search_locations
    return Path(next(iter(spec.submodule_search_locations)))


def _requirements(name: str) -> Iterable[Requirement]:
    """What a distribution needs here, its extras left out."""
    try:
        texts = importlib.metadata.requires(name) or []
    except importlib.metadata.PackageNotFoundError:
        return
    for text in texts:
        requirement = Requirement(text)
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            yield requirement


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _common_tag(text: str) -> str:
    """The tag of a wheel's name from the tags of its WHEEL file: python, abi and platforms joined by dots."""
    tags = [tag.split("-") for tag in email.parser.Parser().parsestr(text).get_all("Tag") or ["py3-none-any"]]
    parts = zip(*tags, strict=True)
    return "-".join(".".join(dict.fromkeys(part)) for part in parts)


def _digest(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
