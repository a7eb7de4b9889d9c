"""What is found in a package, and that the console refuses exactly what hosts would refuse."""

import io
import random
import tarfile
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from minos_common.archives.entries import BadArchive, Limits
from minos_web.store import inspecting
from minos_web.store.inspecting import inspect_apart
from minos_web.store.inspection import inspect, stem_of, version_in
from minos_worker.packages.unpack import unpack
from tests.minos_worker.packages.test_unpack import HOSTILE, HOSTILE_ZIP, Members, archive, member, zipped


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_archives_are_refused_as_hosts_refuse_them(tmp_path: Path, name: str) -> None:
    members, words = HOSTILE[name]
    with pytest.raises(BadArchive, match=words):
        inspect(archive(tmp_path, members), "a", "a-1.tar.gz")


@pytest.mark.parametrize("name", HOSTILE_ZIP)
def test_hostile_zip_archives_too(tmp_path: Path, name: str) -> None:
    data, words = HOSTILE_ZIP[name]
    (tmp_path / "a.zip").write_bytes(data)
    with pytest.raises(BadArchive, match=words):
        inspect(tmp_path / "a.zip", "a", "a-1.zip")


@pytest.mark.parametrize("made", ["tar", "zip"])
def test_bombs_are_stopped_at_their_budget(tmp_path: Path, made: str) -> None:
    zeros = bytes(20 * 2**20)
    path = tmp_path / "a.zip"
    if made == "zip":
        path.write_bytes(zipped({"p/zeros": zeros}))
    else:
        path = archive(tmp_path, [member("p/zeros", data=zeros)])
    with pytest.raises(BadArchive, match="unpacks to more than"):
        inspect(path, "a", "a-1.zip", Limits(ratio=10, slack=2**20))


PARTS = st.sampled_from(["a", "b", "a/b", "a/b/c", "b/a", "./a", "a//b", "..", "a/../b", "/a", "."])
KINDS = st.sampled_from([tarfile.REGTYPE, tarfile.REGTYPE, tarfile.DIRTYPE, tarfile.SYMTYPE, tarfile.LNKTYPE])


@given(st.lists(st.tuples(PARTS, KINDS, PARTS), min_size=1, max_size=6))
@settings(max_examples=300, deadline=None)
def test_the_console_and_hosts_judge_alike(told: list[tuple[str, bytes, str]]) -> None:
    members: Members = [
        member(
            name,
            kind,
            target if kind in (tarfile.SYMTYPE, tarfile.LNKTYPE) else "",
            b"1" if kind == tarfile.REGTYPE else b"",
        )
        for name, kind, target in told
    ]
    with tempfile.TemporaryDirectory() as room:
        path = archive(Path(room), members)
        try:
            unpack(path, Path(room) / "out", lambda _: None)
            refused = False
        except (BadArchive, OSError):
            refused = True
        try:
            inspect(path, "a", "a-1.tar.gz")
        except BadArchive:
            assert refused, "the console refuses what hosts take"
        else:
            assert not refused, "the console takes what hosts refuse"


@pytest.mark.parametrize(
    ("text", "artifact", "version"),
    [
        ("zookeeper-3.9.5", "zookeeper", "3.9.5"),
        ("apache-zookeeper-3.9.3-bin", "zookeeper", "3.9.3"),
        ("hadoop-3.4.2", "hadoop", "3.4.2"),
        ("hadoop-2.0.0-mdh1.1.0", "hadoop", "2.0.0-mdh1.1.0"),
        ("hbase-2.5.13-hadoop3-bin", "apache-hbase", "2.5.13"),
        ("kafka_2.13-3.9.1", "kafka", "3.9.1"),
        ("flink-1.20.1-bin-scala_2.12", "apache-flink", "1.20.1"),
        ("x-1.0.0-SNAPSHOT", "y", "1.0.0-SNAPSHOT"),
        ("counter", "counter", ""),
        ("", "counter", ""),
    ],
)
def test_versions(text: str, artifact: str, version: str) -> None:
    assert version_in(text, artifact) == version


@pytest.mark.parametrize(
    ("name", "stem"),
    [("a-1.tar.gz", "a-1"), ("a-1.TGZ", "a-1"), ("a-1.zip", "a-1"), ("a-1.tar.zst", "a-1"), ("a-1", "a-1")],
)
def test_stems(name: str, stem: str) -> None:
    assert stem_of(name) == stem


def test_blocks_that_would_take_far_more_than_the_archive_are_not_kept(tmp_path: Path) -> None:
    data = random.Random(1).randbytes(3 * 2**20)  # xz sees that it comes again, blocks cannot
    path = tmp_path / "a-1.0.tar.xz"
    with tarfile.open(path, "w:xz") as made:
        for number in range(6):
            one = tarfile.TarInfo(f"a-1.0/{number}")
            one.size = len(data)
            made.addfile(one, io.BytesIO(data))
    found = inspect_apart(path, "a", path.name, (tmp_path / "x.blocks", "0" * 64))
    assert found.members == 6 and not list(tmp_path.glob("x.*"))


def test_looking_into_it_ends_when_nobody_wants_it(tmp_path: Path) -> None:
    class Enough(Exception):
        pass

    def check() -> None:
        raise Enough

    with pytest.raises(Enough):
        inspect_apart(archive(tmp_path, [member("a/b", data=b"1")]), "a", "a-1.0.tar.gz", check=check)


@pytest.mark.parametrize(
    ("names", "file", "notes"),
    [
        (["a-1.0/x"], "a-1.0.tar.gz", []),
        (["b/x"], "a-1.0.tar.gz", ["its top folder is b, its file is named a-1.0"]),
        (["a-1.1/x"], "a-1.0.tar.gz",
         ["its top folder is a-1.1, its file is named a-1.0", "the file says version 1.0, the folder in it 1.1"]),
        (["x", "y"], "a-1.0.tar.gz", ["no single top folder: it begins with x, y"]),
        (["1", "2", "3", "4", "5"], "a-1.0.tar.gz", ["no single top folder: it begins with 1, 2, 3 and 2 more"]),
        (["tree/x"], "tree.tar.gz", ["neither file name nor top folder says a version: no cluster finds it by its version"]),
    ],
)  # fmt: skip
def test_what_an_operator_should_know(tmp_path: Path, names: list[str], file: str, notes: list[str]) -> None:
    path = archive(tmp_path, [member(name, data=b"1") for name in names])
    assert inspect(path, "a", file).notes == notes


def test_a_process_of_its_own_says_the_same(tmp_path: Path) -> None:
    path = archive(tmp_path, [member("a-1.0/lib/b-2.0.jar", data=b"1"), member("a-1.0/lib/plain.jar", data=b"2")])
    found = inspect_apart(path, "a", "a-1.0.tar.gz")
    assert found == inspect(path, "a", "a-1.0.tar.gz")
    assert [(jar.name, jar.version) for jar in found.jars] == [("b", "2.0"), ("plain", "")]
    with pytest.raises(BadArchive, match="upwards"):
        inspect_apart(archive(tmp_path, HOSTILE["upwards"][0]), "a", "a-1.tar.gz")


def test_one_that_eats_memory_or_time_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.tar"
    with path.open("wb") as file:
        file.truncate(64 * 2**30)
        file.write(b"\xfd7zXZ\0")
    monkeypatch.setattr(inspecting, "SECONDS", 0.01)
    with pytest.raises(BadArchive, match="took more than"):
        inspect_apart(path, "a", "a-1.tar")
    monkeypatch.undo()
    with pytest.raises(BadArchive, match="cannot be looked into"):
        inspect_apart(tmp_path / "not there", "a", "a-1.tar")


def test_members_beyond_many_are_counted_and_not_listed(tmp_path: Path) -> None:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as tar:
        for number in range(5010):
            tar.addfile(tarfile.TarInfo(f"p/{number}"))
    (tmp_path / "a.tar").write_bytes(target.getvalue())
    found = inspect(tmp_path / "a.tar", "a", "a-1.tar")
    assert (found.members, len(found.listed)) == (5010, 5000)
