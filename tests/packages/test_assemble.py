"""The package assembler: the same bytes from the same files, kept tarballs, and plain words when no source works."""

import hashlib
import importlib.util
import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "packages" / "assemble.py"


@pytest.fixture(scope="module")
def assemble() -> ModuleType:
    """packages/ is a folder of descriptions, not a Python package: its script is loaded by its path."""
    spec = importlib.util.spec_from_file_location("assemble", SCRIPT)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def small_tree(above: Path, names: list[str], age: int) -> Path:
    """A package's folder, its files written in the given order and as old as said (seconds since 1970)."""
    top = above / "zookeeper-3.9.5"
    for name in names:
        file = top / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"content of {name}")
        file.chmod(0o600 if age % 2 else 0o664)
        os.utime(file, (age, age))
    return top


NAMES = ["lib/zookeeper.jar", "conf/zoo.cfg", "bin/start.sh", "lib/a.jar"]


def run(*arguments: str, path: Path) -> subprocess.CompletedProcess[str]:
    """The real script, with nothing but ``path`` on the PATH."""
    command = [sys.executable, str(SCRIPT), *arguments]
    return subprocess.run(command, env={"PATH": str(path)}, capture_output=True, text=True, check=False, timeout=60)


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """A PATH without any command."""
    folder = tmp_path / "empty"
    folder.mkdir()
    return folder


def test_the_same_files_give_the_same_bytes_whatever_their_order_age_and_mode(
    assemble: ModuleType, tmp_path: Path
) -> None:
    digests = []
    for turn, (names, age) in enumerate([(NAMES, 1_600_000_000), (NAMES[::-1], 1_700_000_001)]):
        tarball = tmp_path / f"{turn}.tar.gz"
        assemble.write_tarball(small_tree(tmp_path / str(turn), names, age), tarball)
        digests.append(hashlib.sha256(tarball.read_bytes()).hexdigest())
    assert digests[0] == digests[1]


def test_a_tarball_has_one_top_folder_sorted_entries_and_no_trace_of_who_made_it(
    assemble: ModuleType, tmp_path: Path
) -> None:
    tarball = tmp_path / "package.tar.gz"
    assemble.write_tarball(small_tree(tmp_path, NAMES, 1_600_000_000), tarball)
    with tarfile.open(tarball) as tar:
        members = tar.getmembers()
        read = tar.extractfile("zookeeper-3.9.5/lib/a.jar")
        assert read and read.read() == b"content of lib/a.jar"
    names = [member.name for member in members]
    assert names == sorted(names)
    assert {name.split("/")[0] for name in names} == {"zookeeper-3.9.5"}
    assert {(m.uid, m.gid, m.uname, m.gname, m.mtime) for m in members} == {(0, 0, "", "", assemble.SOME_TIME)}
    modes = {m.name.removeprefix("zookeeper-3.9.5/"): m.mode for m in members}
    assert (modes["bin/start.sh"], modes["lib/a.jar"], modes["lib"]) == (0o755, 0o644, 0o755)


def test_a_kept_tarball_is_used_again_without_maven_debian_or_network(
    assemble: ModuleType, tmp_path: Path, empty: Path
) -> None:
    kept = tmp_path / "out" / assemble.digest_of(SCRIPT.parent / "zookeeper") / "zookeeper-3.9.5.tar.gz"
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"assembled earlier")
    done = run("zookeeper", "--out", str(tmp_path / "out"), path=empty)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{kept}\n", "")


@pytest.mark.parametrize("changed", ["pom.xml", "package.toml", "files/conf/logback.xml"])
def test_a_changed_description_is_another_package(assemble: ModuleType, tmp_path: Path, changed: str) -> None:
    folder = tmp_path / "zookeeper"
    for name in ("pom.xml", "package.toml", "files/conf/logback.xml"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)
    before = assemble.digest_of(folder)
    assert assemble.digest_of(folder) == before
    (folder / changed).write_text("something else")
    assert assemble.digest_of(folder) != before


def test_where_no_source_works_the_message_says_what_was_tried_and_what_to_supply(tmp_path: Path, empty: Path) -> None:
    done = run("zookeeper", "--out", str(tmp_path / "out"), path=empty)
    assert done.returncode == 1
    assert done.stdout == ""
    for words in (
        "Maven: there is no mvn on the PATH",
        "Debian: there is no apt-get",
        "make demo PACKAGE=path/to/apache-zookeeper-3.9.x-bin.tar.gz",
    ):
        assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_failed_assembly_leaves_no_half_made_package(tmp_path: Path, empty: Path) -> None:
    out = tmp_path / "out"
    assert run("zookeeper", "--out", str(out), path=empty).returncode == 1
    assert [file for file in out.rglob("*") if file.is_file()] == []


def test_a_source_that_fails_is_named_with_its_own_words(tmp_path: Path, empty: Path) -> None:
    maven = empty / "mvn"
    maven.write_text("#!/bin/sh\necho '[ERROR] Could not resolve dependencies'\nexit 1\n")
    maven.chmod(0o755)
    done = run("zookeeper", "--out", str(tmp_path / "out"), path=empty)
    assert done.returncode == 1
    assert "Maven: mvn failed: [ERROR] Could not resolve dependencies" in done.stderr


def test_an_unknown_package_is_answered_with_the_known_ones(empty: Path) -> None:
    done = run("zookeper", path=empty)
    assert done.returncode == 2
    assert "zookeeper" in done.stderr


def test_the_description_carries_a_pinned_version_and_no_address_of_a_registry(assemble: ModuleType) -> None:
    folder = SCRIPT.parent / "zookeeper"
    assert assemble.version_of(folder).startswith("3.9.")
    for file in ("pom.xml", "package.toml"):
        text = (folder / file).read_text()
        assert "<repository>" not in text and "repo" + "." not in text


def test_jars_lie_where_the_layout_says_and_parts_of_them_are_unpacked(assemble: ModuleType, tmp_path: Path) -> None:
    jars, top = tmp_path / "lib", tmp_path / "top"
    jars.mkdir()
    for name in ("hadoop-common-3.jar", "hadoop-hdfs-3.jar", "guava-1.jar"):
        (jars / name).write_text(name)
    with zipfile.ZipFile(jars / "hadoop-hdfs-3-tests.jar", "w") as archive:
        archive.writestr("webapps/hdfs/index.html", "page")
        archive.writestr("org/Test.class", "class")
    told = {
        "layout": {"hadoop-hdfs-*.jar": "hdfs", "hadoop-*.jar": "common", "*.jar": "common/lib"},
        "unpack": [{"jar": "*-tests.jar", "member": "webapps/", "to": "hdfs"}],
    }

    assemble.arrange(jars, top, told)

    assert {str(file.relative_to(top)) for file in top.rglob("*") if file.is_file()} == {
        "common/hadoop-common-3.jar", "hdfs/hadoop-hdfs-3.jar", "common/lib/guava-1.jar", "hdfs/webapps/hdfs/index.html",
    }  # fmt: skip


def test_without_a_layout_jars_lie_in_lib(assemble: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "jars").mkdir()
    (tmp_path / "jars" / "a.jar").write_text("a")

    assemble.arrange(tmp_path / "jars", tmp_path / "top", {})

    assert (tmp_path / "top/lib/a.jar").read_text() == "a"
