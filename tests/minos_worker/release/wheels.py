"""Wheels of the worker as it stands, with changes that a test wants."""

import hashlib
from pathlib import Path

from minos_common.verbs import PackageSource
from minos_common.words import PackageName
from minos_web.store.wheels import OURS, pack_worker
from tests.minos_worker.hosts import REPOSITORY
from tests.minos_worker.package_server import PackageServer


def worker_files() -> dict[str, bytes]:
    """The worker's files by their names in a wheel."""
    paths = [path for package in OURS for path in sorted((REPOSITORY / package).rglob("*.py"))]
    return {path.relative_to(REPOSITORY).as_posix(): path.read_bytes() for path in paths}


def changed_wheel(version: str, path: str = "", before: str = "", after: str = "") -> bytes:
    """A wheel that says it is ``version``, with one text of one file replaced."""
    files = worker_files()
    files["minos_common/version.py"] = f'"""Version."""\n\nVERSION = "{version}"\n'.encode()
    if path:
        text = files[path].decode()
        assert before in text, f"{path} no longer holds {before!r}"
        files[path] = text.replace(before, after, 1).encode()
    return pack_worker(version, files).data


def source_of(server: PackageServer, wheel: bytes, version: str) -> PackageSource:
    """Have ``server`` give the wheel; how an upgrade names it."""
    server.body = wheel
    digest = hashlib.sha256(wheel).hexdigest()
    name = PackageName("minos-worker", f"minos_worker-{version}-py3-none-any.whl", version, "20260101-000000", digest)
    return PackageSource(name, len(wheel), server.url, server.ticket)


def release_of(source: PackageSource) -> str:
    """Name of the release that a source becomes."""
    return f"{source.package.revision}-{source.package.sha256[:12]}"


def pids_with(text: str) -> list[int]:
    """Processes whose command line holds ``text``."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if text.encode() in path.read_bytes():
                found.append(int(path.parent.name))
        except OSError:
            continue
    return found
