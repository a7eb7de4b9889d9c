"""The old directory taken in: without an error, with exactly the warnings that it deserves, and given back as it was."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from webtest import TestApp

from tests.minos_web.old_site import tree
from tests.minos_web.old_site.conftest import ARCHIVE
from tests.minos_web.views.api.test_openapi import fits

IMPORT = "/api/v1/config-import"
PACKERS = {"zip": tree.as_zip, "tar.gz": tree.as_tar_gz}

HBASE, HDFS = (f"conf/{service}/common/{service}-common.cfg" for service in ("hbase", "hdfs"))
FOLLOWS = "follows the instance of the task"
WARNINGS: dict[str, list[tuple[str, str, str]]] = {
    "deploy.cfg": [("deploy.cfg", "password", "a password in clear")],
    "deploy_supervisor.cfg": [("deploy_supervisor.cfg", "password", "a password in clear")],
    "conf/hdfs/hdfs-ndtst-alpha.cfg": [
        ("conf/hdfs/hdfs-ndtst-alpha.cfg", "owner", "owner is not used"),
        ("conf/hdfs/hdfs-ndtst-alpha.cfg", "[cluster]", "so it is XIAOMI.NET wherever"),
    ],
    "conf/hdfs/hdfs-ndprc-main.cfg": [
        ("conf/hdfs/hdfs-ndprc-main.cfg", "jvm_args", "write !-XX:+UseConcMarkSweepGC as well"),
        (HDFS, "dfs.journalnode.rpc-address", FOLLOWS),
        (HDFS, "dfs.journalnode.http-address", FOLLOWS),
        (HDFS, "dfs.ha.zkfc.port", FOLLOWS),
    ],
    "conf/hbase/hbase-ndtst-alpha.cfg": [
        ("conf/hbase/common/hbase-tst-common.cfg", "[arguments]", "[arguments] is ignored, because the base"),
        ("conf/hbase/hbase-ndtst-alpha.cfg", "hbase.coprocessor.user.region.classes", "quote the value"),
    ],
    "conf/hbase/hbase-ndprc-main.cfg": [
        (HBASE, "hbase.master.port", FOLLOWS),
        (HBASE, "hbase.master.info.port", FOLLOWS),
    ],
}
"""What is warned of, by the file whose check says so: (file, key or section of the line, part of the message)."""


@pytest.fixture
def program(api_as: Callable[[str], TestApp]) -> TestApp:
    """A program of an operator, on an empty console."""
    return api_as("deployer")


def send(program: TestApp, body: bytes, query: str = "") -> Any:
    return program.post(IMPORT + query, body, headers=ARCHIVE).json


@pytest.mark.parametrize("kind", PACKERS)
def test_it_is_taken_in_whole_and_given_back_byte_for_byte(program: TestApp, kind: str) -> None:
    body = PACKERS[kind]()
    looked, taken = send(program, body), send(program, body, "?take=1&note=moved")
    assert looked["files"] == taken["files"] and (looked["taken"], taken["taken"]) == (0, len(tree.TAKEN))
    assert fits(taken, "/config-import", "post", "200") == []
    assert {one["path"] for one in taken["files"]} == set(tree.TAKEN)
    assert {(one["fate"], one["why"]) for one in taken["files"]} == {("new", "")}
    assert [str(problem) for one in taken["files"] for problem in one["problems"] if problem["level"] == "error"] == []
    exported = program.get("/api/v1/config-export").body
    with zipfile.ZipFile(io.BytesIO(exported)) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == tree.TAKEN
    again = send(program, exported, "?take=1")
    assert again["taken"] == 0 and {one["fate"] for one in again["files"]} == {"same"}


def test_every_cluster_is_described_without_a_problem(program: TestApp) -> None:
    send(program, tree.as_zip(), "?take=1")
    clusters = program.get("/api/v1/clusters").json["clusters"]
    assert sorted((one["service"], one["name"], one["problem"]) for one in clusters) == [
        (service, cluster, "") for service, cluster in tree.CLUSTERS
    ]
    assert {service for service, _ in tree.CLUSTERS} == {
        "hbase", "hdfs", "impala", "kafka", "storm", "yarn", "zookeeper",
    }  # fmt: skip


def test_warnings_are_those_that_the_files_deserve(program: TestApp) -> None:
    told = send(program, tree.as_zip())["files"]
    found = [(one["path"], *shown) for one in told for shown in sorted(map(on_its_line, one["problems"]))]
    expected = [(path, *row) for path, rows in WARNINGS.items() for row in sorted(rows)]
    assert [row[:3] for row in sorted(found)] == [row[:3] for row in sorted(expected)]
    for (*_, message), (*_, part) in zip(sorted(found), sorted(expected), strict=True):
        assert part in message


def on_its_line(problem: Any) -> tuple[str, str, str]:
    """(file, what stands before the equals sign on its line, message)."""
    line = tree.TAKEN[problem["file"]].decode().splitlines()[problem["line"] - 1]
    return problem["file"], line.partition("=")[0].strip(), problem["message"]


@pytest.mark.parametrize(
    ("path", "notes"),
    [
        ("deploy.cfg", ["Administrators: zk_admin, hdfs_admin, hbase_admin, yarn_admin.", "storm_root, zookeeper_root are not", "[tank] is not needed"]),
        ("deploy_supervisor.cfg", ["workers are installed from the hosts page", "/disk1/data,/disk2/data,/disk3/data"]),
        ("alert.cfg", ["Recipients of alerts for 3 clusters."]),
        ("owl/collector.cfg", ["Figures every 15 s", "Figures of hdfs, hbase, yarn, impala", "metric_url of impala"]),
        ("rackinfo.txt", ["10 hosts in 5 racks"]),
        ("conf/storm/storm-ndprc-rt.cfg", ["Describes the storm cluster ndprc-rt."]),
    ],
)  # fmt: skip
def test_what_is_understood_is_told(program: TestApp, path: str, notes: list[str]) -> None:
    told = next(one for one in send(program, tree.as_zip())["files"] if one["path"] == path)
    for note in notes:
        assert note in " ".join(told["notes"])
    assert "example-only" not in str(told)
