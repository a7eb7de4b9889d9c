"""Client packs: the package as it is, with configuration and a script in front of it."""

import bz2
import gzip
import io
import lzma
import subprocess
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy.orm import Session
from webtest import TestApp

from minos_web.console import Console
from minos_web.models.packages import Package
from minos_web.store.packs import CannotPack, Packs, top_of
from tests.minos_web.conftest import Browser
from tests.minos_web.scene import add_cluster, add_hosts, add_package

PAGE = "/clusters/zookeeper/dptst/pack"


def archive(mode: str = "w:gz", names: tuple[str, ...] = ("zookeeper-3.9.9/lib/a.jar",)) -> bytes:
    room = io.BytesIO()
    with tarfile.open(fileobj=room, mode=mode) as tar:  # type: ignore[call-overload]
        for name in names:
            entry = tarfile.TarInfo(name)
            entry.size = 5
            tar.addfile(entry, io.BytesIO(b"bytes"))
    return room.getvalue()


@pytest.fixture
def package(session: Session, console: Console) -> Package:
    """A cluster whose package's file is in the store."""
    add_hosts(session)
    row = add_package(session)
    add_cluster(session, console)
    path = console.var / row.path
    path.parent.mkdir(parents=True)
    path.write_bytes(archive())
    session.commit()
    return row


def test_it_unpacks_to_package_configuration_and_script(testapp: Browser, package: Package, tmp_path: Path) -> None:
    answer = testapp.get(PAGE)
    assert 'filename="zookeeper-dptst-client-3.9.9.tar.gz"' in answer.headers["Content-Disposition"]
    (tmp_path / "pack.tar.gz").write_bytes(answer.body)
    subprocess.run(["/bin/tar", "-xzf", "pack.tar.gz"], cwd=tmp_path, check=True)
    top = tmp_path / "zookeeper-3.9.9"
    assert (top / "lib/a.jar").read_bytes() == b"bytes"
    folder = top / "minos/zookeeper-dptst"
    assert "clientPort=12000" in (folder / "conf/zookeeper.cfg").read_text()
    assert "System.err" in (folder / "conf/logback.xml").read_text()
    java = tmp_path / "bin/java"
    java.parent.mkdir()
    java.write_text('#!/bin/bash\nprintf "%s\\n" "$@"\n')
    java.chmod(0o755)
    done = subprocess.run(
        [str(folder / "run"), "zk", "get", "/a b $HOME"],
        env={"PATH": "/usr/bin:/bin", "JAVA_HOME": str(tmp_path)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    words = done.stdout.splitlines()
    assert words[-3:] == ["127.0.0.31:12000,127.0.0.32:12000,127.0.0.33:12000", "get", "/a b $HOME"]
    assert f"{top}/lib/*" in next(word for word in words if ":" in word and "lib" in word)
    usage = subprocess.run([str(folder / "run")], capture_output=True, text=True, check=False)
    assert (usage.returncode, "commands: zkcli zk" in usage.stderr) == (64, True)


def test_the_same_is_made_once_and_a_part_can_be_had(testapp: Browser, package: Package, console: Console) -> None:
    whole = testapp.get(PAGE).body
    [path] = (console.var / "packs").iterdir()
    part = testapp.get(PAGE, headers={"Range": "bytes=10-19"}, status=206)
    assert part.body == whole[10:20]
    assert [one.name for one in (console.var / "packs").iterdir()] == [path.name]


def test_who_only_looks_gets_none(package: Package, api_as: Callable[[str], TestApp]) -> None:
    api_as("viewer").get(f"/api/v1{PAGE}", status=403)
    assert api_as("operator").get(f"/api/v1{PAGE}").body[:2] == b"\x1f\x8b"


def test_a_package_that_is_gone_is_told(testapp: Browser, package: Package, console: Console) -> None:
    next((console.var / "zookeeper").rglob("*.gz"), console.var / package.path).unlink()
    assert "is gone from the console" in testapp.get(PAGE, status=410).text


@pytest.mark.parametrize(
    ("ending", "mode", "unpacked"),
    [
        (".tar.gz", "w:gz", gzip.decompress), (".tgz", "w:gz", gzip.decompress), (".tar.bz2", "w:bz2", bz2.decompress),
        (".tar.xz", "w:xz", lzma.decompress), (".tar", "w", bytes),
    ],
)  # fmt: skip
def test_every_compression_lets_streams_follow(
    tmp_path: Path, ending: str, mode: str, unpacked: Callable[[bytes], bytes]
) -> None:
    package = tmp_path / f"x{ending}"
    package.write_bytes(archive(mode))
    made = Packs(tmp_path, 0).make(f"p{ending}", package, {"minos/run": ("#!/bin/bash\n", 0o755)})
    with tarfile.open(fileobj=io.BytesIO(unpacked(made.read_bytes()))) as tar:
        names = {entry.name: entry.mode for entry in tar.getmembers()}
    assert names["zookeeper-3.9.9/minos/run"] == 0o755
    assert "zookeeper-3.9.9/lib/a.jar" in names


def test_what_has_no_folder_or_room_is_refused(tmp_path: Path) -> None:
    package = tmp_path / "x.tar.gz"
    package.write_bytes(b"no archive")
    with pytest.raises(CannotPack, match="cannot be read"):
        top_of(package)
    package.write_bytes(archive(names=("../x",)))
    with pytest.raises(CannotPack, match="no folder"):
        top_of(package)
    package.write_bytes(archive())
    with pytest.raises(CannotPack, match="too full"):
        Packs(tmp_path, 1 << 60).make("p.tar.gz", package, {})
    with pytest.raises(CannotPack, match="upload it as"):
        Packs(tmp_path, 0).make("p.zip", package.rename(tmp_path / "x.zip"), {})


def test_old_ones_go(tmp_path: Path) -> None:
    package = tmp_path / "x.tar.gz"
    package.write_bytes(archive())
    packs = Packs(tmp_path, 0)
    made = packs.make("p.tar.gz", package, {})
    packs.forget_old(made.stat().st_mtime + 10)
    assert made.is_file()
    packs.forget_old(made.stat().st_mtime + 4000)
    assert not made.exists()
