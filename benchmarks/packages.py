"""A package to one host and to many, beside plain HTTP and beside cp; and the upload of a large one: docs/benchmarks.md."""

import argparse
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import requests

from tests.whole.site import Site, a_site, free_base_port

MIB = 1024**2
JAR = 4 * MIB
CLUSTER = """\
[cluster]
  name=spread
  version={version}
  artifact=bench
  jobs=thing
[thing]
  base_port={base_port}
{hosts}
  program=$package_dir/bin/thing
  [[arguments]]
[configuration]
[arguments]
  [[service_common]]
{lines}
  [[thing]]
{lines}
"""
LINES = '    jvm_args=""\n    system_properties=""\n    main_entry=""\n    extra_args=""'
FETCH = """\
import hashlib, sys, requests
url, token, sha256, target = sys.argv[1:]
digest = hashlib.sha256()
with requests.get(url, headers={"Authorization": f"Bearer {token}"}, stream=True, timeout=600) as answer, open(target, "wb") as file:
    while piece := answer.raw.read(1 << 20):
        digest.update(piece)
        file.write(piece)
assert digest.hexdigest() == sha256
"""


@dataclass(frozen=True)
class Spread:
    """One package to ``hosts`` hosts: seconds of an install (fetched, checked, unpacked), of plain HTTP with sha256sum and
    tar, of cp with sha256sum and tar, each for all hosts at the same time; ``times`` the package left the console.
    """

    hosts: int
    bytes: int
    minos: float
    http: float
    copy: float
    times: float


@dataclass(frozen=True)
class Upload:
    """An upload in pieces: MB a second with what the console does with it, and the console's memory before and at its
    highest meanwhile, in bytes; ``copy`` is MB a second of cp with sha256sum.
    """

    bytes: int
    rate: float
    copy: float
    before: int
    highest: int


def made(folder: Path, version: str, size: int) -> Path:
    """A package of ``size`` bytes that do not get smaller, in files of 4 MiB."""
    path = folder / f"bench-{version}.tar.gz"
    with tarfile.open(path, "w:gz", compresslevel=1) as archive:
        for number in range(max(size // JAR, 1)):
            member = tarfile.TarInfo(f"bench-{version}/lib/part-{number}.jar")
            member.size = min(JAR, size)
            archive.addfile(member, io.BytesIO(os.urandom(member.size)))
    return path


def spread(site: Site, hosts: int, size: int, folder: Path) -> Spread:
    """Bring a new package to the first ``hosts`` hosts, and to as many directories by other means."""
    version = f"{hosts}.{time.time_ns()}"
    path = made(folder, version, size)
    package = site.api.upload(path, "bench", version)
    addresses = [host.address for host in site.hosts[:hosts]]
    lines = "\n".join(f"  host.{number}={address}" for number, address in enumerate(addresses))
    text = CLUSTER.format(version=version, base_port=free_base_port(addresses[:1]), hosts=lines, lines=LINES)
    site.api.put_text("config/conf/generic/generic-spread.cfg", text)
    begin = time.monotonic()
    done = site.operate("generic", "spread", "install")
    minos = time.monotonic() - begin
    assert done["state"] == "done", done["message"]
    told = site.api.get(f"packages/{package['id']}")["spread"]
    left = sum(one["from_console"] for one in told) / package["size"] if told else float(hosts)
    for host in site.hosts[:hosts]:
        shutil.rmtree(host.root / "packages" / "generic")
    url = f"{site.url}{package['url']}"
    fetch = [sys.executable, "-c", FETCH, url, site.token, package["sha256"]]
    http = _at_once(hosts, folder, lambda target: [*fetch, str(target / path.name)], path.name)
    check = f"cp {path} . && echo '{package['sha256']}  {path.name}' | sha256sum -c --quiet"
    copy = _at_once(hosts, folder, lambda _target: ["/bin/sh", "-c", check], path.name)
    path.unlink()
    return Spread(hosts, package["size"], minos, http, copy, left)


def _at_once(hosts: int, folder: Path, command: Callable[[Path], list[str]], name: str) -> float:
    """Seconds until ``command`` and tar are done in as many directories at the same time."""
    targets = [folder / f"host-{number}" for number in range(hosts)]
    for target in targets:
        target.mkdir()
    begin = time.monotonic()
    for step in (command, lambda _target: ["tar", "xzf", name]):
        running = [subprocess.Popen(step(target), cwd=target) for target in targets]
        assert not any([process.wait() for process in running])
    os.sync()
    took = time.monotonic() - begin
    for target in targets:
        shutil.rmtree(target)
    return took


def upload(site: Site, size: int, folder: Path) -> Upload:
    """Send a package in pieces, as the browser does."""
    path = made(folder, "9.9", size)
    assert site.console.process is not None
    status = Path(f"/proc/{site.console.process.pid}/status")
    Path(f"/proc/{site.console.process.pid}/clear_refs").write_text("5")  # the highest from now on
    before = _memory(status, "VmRSS")
    begin = time.monotonic()
    _send(site, path)
    rate = path.stat().st_size / (time.monotonic() - begin) / 1e6
    highest = _memory(status, "VmHWM")
    begin = time.monotonic()
    subprocess.run(["/bin/sh", "-c", f"cp {path} {path}.2 && sha256sum {path}.2 >/dev/null && sync"], check=True)
    copy = path.stat().st_size / (time.monotonic() - begin) / 1e6
    return Upload(path.stat().st_size, rate, copy, before, highest)


def _send(site: Site, path: Path) -> None:
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    about = {"kind": "upload", "artifact": "bench", "revision": "r1", "name": path.name, "sha256": sha256}
    begun: dict[str, Any] = site.api.post("arrivals", {**about, "size": path.stat().st_size})["arrival"]
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {site.token}"
    url, offset = f"{site.url}/api/v1/arrivals/{begun['id']}", 0
    with path.open("rb") as file:
        while piece := file.read(begun["piece_bytes"]):
            where = {"offset": str(offset), "sha256": hashlib.sha256(piece).hexdigest()}
            session.put(f"{url}/piece", params=where, data=piece, timeout=60).raise_for_status()
            offset += len(piece)
    site.api.post(f"arrivals/{begun['id']}/finish")
    found = site.until("the package", lambda: _ended(site, begun["id"]), 600)
    assert found["state"] == "done" and found["package"]["state"] == "ready", found["message"]


def _ended(site: Site, number: int) -> dict[str, Any] | None:
    found: dict[str, Any] = site.api.get(f"arrivals/{number}")
    return found if found["ended_at"] else None


def _memory(status: Path, key: str) -> int:
    found = re.search(rf"^{key}:\s+(\d+) kB", status.read_text(), re.M)
    assert found
    return int(found[1]) * 1024


def table(spreads: list[Spread], upload: Upload | None) -> str:
    """The figures as Markdown."""
    lines = [
        "| hosts | package | Minos (s) | HTTP + sha256 + tar (s) | cp + sha256sum + tar (s) | to HTTP | to cp | left the console |",
        "|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {one.hosts} | {one.bytes / 1e6:.0f} MB | {one.minos:.1f} | {one.http:.1f} | {one.copy:.1f} "
        f"| {one.minos / one.http:.2f} | {one.minos / one.copy:.2f} | {one.times:.2f} times |"
        for one in spreads
    ]
    if upload is not None:
        lines.append(
            f"\nUpload of {upload.bytes / 1e6:.0f} MB: {upload.rate:.0f} MB/s, looked into and kept as blocks; cp + sha256sum "
            f"{upload.copy:.0f} MB/s. The console's memory: {upload.before / MIB:.0f} MiB before, {upload.highest / MIB:.0f} "
            "MiB at its highest."
        )
    return "\n".join(lines)


def measure(hosts: list[int], size: int, upload_size: int) -> tuple[list[Spread], Upload | None]:
    """All figures, on one site of as many workers as the most hosts."""
    with tempfile.TemporaryDirectory(prefix="minos-bench-") as place:
        folder = Path(place)
        addresses = [f"127.0.2.{number + 1}" for number in range(max(hosts))]
        with a_site(folder / "site", addresses) as site:
            spreads = [spread(site, count, size, folder) for count in hosts]
            return spreads, upload(site, upload_size, folder) if upload_size else None


def main() -> None:
    """``python -m benchmarks.packages [--hosts N ...] [--bytes N] [--upload N] [--json FILE]``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hosts", type=int, nargs="+", default=[1, 20])
    parser.add_argument("--bytes", type=int, default=300_000_000)
    parser.add_argument("--upload", type=int, default=2_000_000_000)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    spreads, sent = measure(options.hosts, options.bytes, options.upload)
    print(table(spreads, sent))
    if options.json:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        found = {"spreads": [asdict(one) for one in spreads], "upload": asdict(sent) if sent else None}
        options.json.write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
