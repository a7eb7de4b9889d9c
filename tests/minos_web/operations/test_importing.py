"""A config directory taken in: from archives of every kind, safely, with a word on every file, and given back as it was."""

import io
import tarfile
import time
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from minos_web.console import Console
from minos_web.models.clusters import Cluster
from minos_web.operations.importing import Fate, Report, examine, outside, rooted, take_in
from minos_web.store.bundle import MOST_OF_ONE, BadBundle, Bundle, as_zip, read_archive, read_directory
from minos_web.store.configdir import Edit, contents
from tests.minos_web.scene import add_hosts, cluster_file

ZOOKEEPER = "conf/zookeeper/zookeeper-dptst.cfg"
DEPLOY = """\
[default]
config_dir = config
hadoop_root = ~/hadoop
admin_list = olga,piet
[supervisor]
server_port = 9001
password = hunter2
[tank]
server_host = 10.0.0.1
"""
SUPERVISOR = "[east]\nuser=work\ndata_dirs=/disk1,/disk2\n[west]\npassword=\n[north]\npassword=hunter3\n"
ALERT = "[zookeeper--dptst]\nto_emails = ops@example.net, dev@example.net\n[broken]\nto_emails = x\n"
COLLECTOR = "[collector]\nservices = hdfs hbase\nperiod = 10\n[hdfs]\nclusters = dptst-a\nmetric_url = /jmx\n"
RACKS = "10.0.0.1 /dc1/r1\n10.0.0.2 /dc1/r2  # new\n\nnonsense\n10.0.0.1 /dc1/r3\n"


def tarball(files: dict[str, bytes], mode: str = "w:gz") -> io.BytesIO:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode=mode) as archive:  # type: ignore[call-overload]
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    target.seek(0)
    return target


def zipped(files: dict[str, bytes]) -> io.BytesIO:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    target.seek(0)
    return target


def bundle(files: dict[str, bytes]) -> Bundle:
    return read_archive(tarball(files))


FILES = {"conf/a/b.txt": b"one\n", "template/x.sh": b"#!/bin/sh\n"}


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2", "w:xz", "zip"])
def test_every_kind_of_archive_is_read(mode: str) -> None:
    packed = zipped(FILES) if mode == "zip" else tarball(FILES, mode)
    assert read_archive(packed).files == FILES


@pytest.mark.parametrize(
    ("names", "top"),
    [
        (["conf/zookeeper/x.cfg", "rackinfo.txt"], ""),
        (["minos/config/conf/zookeeper/x.cfg", "minos/config/rackinfo.txt"], "minos/config/"),
        (["./conf/zookeeper/x.cfg", "./template/y"], ""),
        (["a/b", "a/c"], ""),
    ],
)
def test_the_top_is_found(names: list[str], top: str) -> None:
    found = rooted(bundle({name: name.encode() for name in names}))
    assert sorted(found) == sorted(name.removeprefix("./").removeprefix(top) for name in names)


def test_deploy_cfg_says_where_the_top_is() -> None:
    files = {
        "minos/deploy.cfg": DEPLOY.encode(),
        "minos/README.md": b"hello",
        "minos/config/conf/zookeeper/x.cfg": b"x",
        "minos/config/rackinfo.txt": b"",
        "minos/other/conf/y.cfg": b"y",
    }
    assert sorted(rooted(bundle(files))) == ["conf/zookeeper/x.cfg", "deploy.cfg", "rackinfo.txt"]


OUTSIDE = {
    "a checkout": (
        ["minos/deploy.cfg", "minos/README.md", "minos/client/a.py", "minos/client/b/c.py", "minos/tank/x", "other/y"],
        {
            "minos/README.md": "it stands beside the config directory, minos/config",
            "minos/client/": "its 2 files stand beside the config directory, minos/config",
            "minos/tank/": "its one file stands beside the config directory, minos/config",
            "other/": "its one file stands beside the config directory, minos/config",
        },
    ),
    "nothing else": (["minos/deploy.cfg"], {}),
}


@pytest.mark.parametrize(("names", "told"), OUTSIDE.values(), ids=OUTSIDE)
def test_what_stands_beside_the_top_is_told_folder_by_folder(names: list[str], told: dict[str, str]) -> None:
    files = {name: DEPLOY.encode() if name.endswith("deploy.cfg") else b"x" for name in names}
    assert outside(bundle({**files, "minos/config/conf/zookeeper/x.cfg": b"x"})) == told
    assert outside(bundle({"config/conf/zookeeper/x.cfg": b"x", "README.md": b"x"})) == {
        "README.md": "it stands beside the config directory, config"
    }
    assert outside(bundle({"conf/zookeeper/x.cfg": b"x", "README.md": b"x"})) == {}


@pytest.mark.parametrize("name", ["../evil", "/etc/passwd", "a/../../b", "..\\..\\evil"])
def test_paths_that_lead_out_are_left_out(name: str) -> None:
    found = read_archive(zipped({name: b"x", "conf/a": b"y"}))
    assert set(found.files) == {"conf/a"} and name in {
        key.replace("/", "\\") if "\\" in name else key for key in found.left_out
    }


def test_links_and_fat_files_are_left_out() -> None:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as archive:
        link = tarfile.TarInfo("conf/link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
        fat = tarfile.TarInfo("conf/fat")
        fat.size = MOST_OF_ONE + 1
        archive.addfile(fat, io.BytesIO(bytes(fat.size)))
        noise = tarfile.TarInfo("conf/.git/config")
        archive.addfile(noise, io.BytesIO(b""))
    target.seek(0)
    found = read_archive(target)
    assert found.files == {} and set(found.left_out) == {"conf/link", "conf/fat"}


@pytest.mark.parametrize("data", [b"", b"hello", b"PK\x03\x04rubbish", b"\x1f\x8b\x08rubbish"])
def test_what_is_no_archive_is_refused(data: bytes) -> None:
    with pytest.raises(BadBundle):
        read_archive(io.BytesIO(data))


@given(st.binary(max_size=300), st.integers(0, 400), st.booleans())
def test_a_mutilated_archive_gives_a_sentence_or_files(noise: bytes, at: int, as_tar: bool) -> None:
    whole = (tarball(FILES) if as_tar else zipped(FILES)).getvalue()
    broken = whole[:at] + noise + whole[at + len(noise) :]
    try:
        read_archive(io.BytesIO(broken))
    except BadBundle as error:
        assert str(error)


def test_a_directory_of_the_machine_is_read(tmp_path: Path) -> None:
    (tmp_path / "conf" / "a").mkdir(parents=True)
    (tmp_path / "conf" / "a" / "b.txt").write_bytes(b"one\n")
    (tmp_path / "conf" / "link").symlink_to("/etc/passwd")
    found = read_directory(tmp_path)
    assert found.files == {"conf/a/b.txt": b"one\n"} and set(found.left_out) == {"conf/link"}
    with pytest.raises(BadBundle, match="is no directory"):
        read_directory(tmp_path / "nowhere")


# ---- what comes of it ------------------------------------------------------------------------------------------------


@pytest.fixture
def old(console: Console, session: Session) -> dict[str, bytes]:
    """A directory of an old Minos: cluster files, their bases, and what stands beside them."""
    add_hosts(session)
    files = {path: text.encode() for path, text in console.catalog.default_files().items()}
    files |= {ZOOKEEPER: cluster_file().encode(), "rackinfo.txt": RACKS.encode()}
    files = {f"minos/config/{path}": content for path, content in files.items()}
    return files | {
        "minos/deploy.cfg": DEPLOY.encode(),
        "minos/config/deploy_supervisor.cfg": SUPERVISOR.encode(),
        "minos/config/supervisord.conf": b"[supervisord]\nlogfile=/var/log/%(here)s\n",
        "minos/config/alert.cfg": ALERT.encode(),
        "minos/config/owl/collector.cfg": COLLECTOR.encode(),
        "minos/config/conf/zookeeper/zookeeper-bad.cfg": b"[cluster]\n  name=bad\n",
        "minos/config/logo.png": b"\x89PNG\r\n\x1a\n\x00\xff",
    }


def of(report: Report, path: str) -> tuple[Fate, str, str]:
    one = next(one for one in report.found if one.path == path)
    return one.fate, one.level, " ".join([one.why, *(str(problem) for problem in one.problems), *one.notes])


def test_every_file_is_told_of(console: Console, session: Session, old: dict[str, bytes]) -> None:
    report = examine(session, console, bundle(old))
    fate, level, text = of(report, ZOOKEEPER)
    assert (fate, level) == (Fate.NEW, "ok") and "zookeeper cluster dptst" in text
    assert of(report, "conf/zookeeper/zookeeper-bad.cfg")[:2] == (Fate.NEW, "error")
    fate, level, text = of(report, "deploy.cfg")
    assert level == "warning" and "deploy.cfg:7" in text and "Administrators: olga, piet" in text
    assert "[tank] is not needed" in text and "hunter2" not in text
    fate, level, text = of(report, "deploy_supervisor.cfg")
    assert (fate, level) == (Fate.NEW, "warning") and "deploy_supervisor.cfg:7" in text and "hunter3" not in text
    assert "workers are installed from the hosts page" in text and "data_dirs /disk1,/disk2" in text
    assert of(report, "supervisord.conf")[1] == "ok" and "Not needed" in of(report, "supervisord.conf")[2]
    fate, level, text = of(report, "alert.cfg")
    assert level == "error" and "alert.cfg:3" in text and "1 cluster." in text
    assert "Figures every 10 s" in of(report, "owl/collector.cfg")[2]
    fate, level, text = of(report, "rackinfo.txt")
    assert level == "error" and "rackinfo.txt:4" in text and "rackinfo.txt:5" in text and "2 hosts in 2 racks" in text
    assert of(report, "logo.png")[0] is Fate.LEFT_OUT and "UTF-8" in of(report, "logo.png")[2]
    assert report.found[0].level == "error" or report.found[0].fate is Fate.LEFT_OUT  # what needs a look comes first


@pytest.mark.parametrize(
    ("service", "job", "warned"),
    [
        ("fds", "restserver", "one company"),
        ("chronos", "chronos", "one company"),
        ("mapreduce", "mapreduce", "nothing to start"),
    ],
)
def test_what_cannot_be_run_as_it_was_is_told_with_the_way_out(
    console: Console, session: Session, service: str, job: str, warned: str
) -> None:
    path = f"conf/{service}/{service}-lake.cfg"
    text = f"[cluster]\nname=lake\nversion=1\njobs={job}\n[{job}]\nbase_port=9100\nhost.0=10.0.0.1\n"
    found = next(one for one in examine(session, console, bundle({path: text.encode()})).found if one.path == path)
    assert found.notes[0] == f"Describes the {service} cluster lake." and warned in found.notes[1]


def test_all_of_it_is_taken_in_and_given_back_byte_for_byte(
    console: Console, session: Session, old: dict[str, bytes]
) -> None:
    report = examine(session, console, bundle(old))
    edit = Edit("", "olga", time.time(), "from the old Minos")
    assert take_in(session, console, report, edit) == len(report.files)
    session.flush()
    rows = {row.name: row for row in session.query(Cluster)}
    assert rows["dptst"].problem == "" and len(rows["dptst"].tasks) == 3 and rows["bad"].problem
    packed = as_zip(contents(session))
    assert read_archive(io.BytesIO(packed)).files == dict(report.files)
    assert packed == as_zip(contents(session))
    again = examine(session, console, read_archive(io.BytesIO(packed)))
    assert {one.fate for one in again.found} == {Fate.SAME}
    assert take_in(session, console, again, edit) == 0


def test_what_is_here_already_is_told_apart(console: Console, session: Session, old: dict[str, bytes]) -> None:
    take_in(session, console, examine(session, console, bundle(old)), Edit("", "olga", time.time()))
    session.flush()
    changed = old | {f"minos/config/{ZOOKEEPER}": cluster_file().replace("12000", "12100").encode()}
    report = examine(session, console, bundle(changed))
    assert of(report, ZOOKEEPER)[0] is Fate.CHANGED and report.count(Fate.CHANGED) == 1
    assert take_in(session, console, report, Edit("", "olga", time.time())) == 1
