"""A package goes to thirty hosts and leaves the console about once, whoever dies on the way."""

import io
import os
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.whole.counted_line import CountedLine
from tests.whole.site import OPERATION_OPEN, Site, a_site, free_base_port, free_port

ADDRESSES = [f"127.0.1.{number}" for number in range(1, 31)]
MIB = 1024 * 1024
JARS = {f"lib/part-{number}.jar": os.urandom(2 * MIB) for number in range(12)}
CLUSTER = """\
[cluster]
  name=wide
  version={version}
  artifact=spread
  jobs=thing
[thing]
  base_port={base_port}
{hosts}
  program=$package_dir/bin/thing
  [[arguments]]
[configuration]
[arguments]
  [[service_common]]
    jvm_args=""
    system_properties=""
    main_entry=""
    extra_args=""
  [[thing]]
    jvm_args=""
    system_properties=""
    main_entry=""
    extra_args=""
"""


def package(folder: Path, version: str, files: dict[str, bytes]) -> Path:
    """A tarball of these files."""
    path = folder / f"spread-{version}.tar.gz"
    with tarfile.open(path, "w:gz", compresslevel=1) as archive:
        for name, data in files.items():
            member = tarfile.TarInfo(f"spread-{version}/{name}")
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return path


@pytest.fixture(scope="module")
def line() -> Iterator[CountedLine]:
    """What workers fetch from the console goes through it."""
    made = CountedLine(free_port())
    yield made
    made.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, line: CountedLine) -> Iterator[Site]:
    """Thirty workers whose console is reached through the counted line."""
    folder = tmp_path_factory.mktemp("spread")
    with a_site(folder, ADDRESSES, http_port=line.target, url=f"http://127.0.0.1:{line.port}") as made:
        yield made


def describe(site: Site, version: str) -> None:
    hosts = "\n".join(f"  host.{number}={address}" for number, address in enumerate(ADDRESSES))
    text = CLUSTER.format(version=version, base_port=free_base_port(ADDRESSES[:1]), hosts=hosts)
    site.api.put_text("config/conf/generic/generic-wide.cfg", text)


def unpacked(site: Site, name: str, data: bytes) -> int:
    """On how many hosts a file of the package is right."""
    found = [next(iter((host.root / "packages" / "generic" / "wide").glob(name)), None) for host in site.hosts]
    return sum(1 for path in found if path is not None and path.read_bytes() == data)


def test_thirty_hosts_cost_the_console_less_than_three_times_the_file(
    site: Site, line: CountedLine, tmp_path: Path
) -> None:
    path = package(tmp_path, "1.0", JARS)
    stored = site.api.upload(path, "spread", "r1")
    describe(site, "1.0")
    before = line.down
    done = site.operate("generic", "wide", "install")
    assert done["state"] == "done", done["message"]
    assert unpacked(site, "r1-*/spread-1.0/lib/part-7.jar", JARS["lib/part-7.jar"]) == 30
    print(f"{(line.down - before) / stored['size']:.2f} times the file left the console")
    assert line.down - before < 3 * stored["size"]


def test_hosts_that_serve_may_die_and_what_they_have_is_used_again(
    site: Site, line: CountedLine, tmp_path: Path
) -> None:
    new = {f"lib/new-{number}.jar": os.urandom(2 * MIB) for number in range(6)}
    stored = site.api.upload(package(tmp_path, "1.1", {**JARS, **new}), "spread", "r2")
    describe(site, "1.1")
    before = line.down
    operation = site.start("generic", "wide", "install")
    site.until("the first blocks", lambda: line.down - before > 4 * MIB, 60)
    assert site.operation(operation)["state"] in OPERATION_OPEN
    for host in site.hosts[:5]:
        host.daemon.kill()
    for host in site.hosts[:5]:
        host.daemon.start()
    done = site.ended(operation)
    assert done["state"] == "done", done["message"]
    assert unpacked(site, "r2-*/spread-1.1/lib/new-3.jar", new["lib/new-3.jar"]) == 30
    assert unpacked(site, "r2-*/spread-1.1/lib/part-7.jar", JARS["lib/part-7.jar"]) == 30
    print(f"{(line.down - before) / stored['size']:.2f} times the file left the console")
    assert line.down - before < 2 * stored["size"]
