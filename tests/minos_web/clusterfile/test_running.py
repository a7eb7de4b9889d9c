"""Limits and the start at boot, as a cluster file says them."""

import pytest

from minos_common.verbs import UNLIMITED, Limits
from minos_web.clusterfile.check import check_file
from minos_web.clusterfile.problems import ClusterFileError, Place
from minos_web.clusterfile.tree import MappingTree
from tests.minos_web.clusterfile.samples import CATALOG, HDFS, HDFS_BASE, ZK, describe, files_with, rendered

CLUSTER = "version=3.4.1\n"
DATANODE = "base_port=22400\n"


def with_keys(cluster: str = "", datanode: str = "") -> dict[str, str]:
    return files_with((HDFS, CLUSTER, f"{CLUSTER}{cluster}\n"), (HDFS, DATANODE, f"{DATANODE}{datanode}\n"))


def test_an_old_file_asks_for_nothing() -> None:
    description = describe(files_with())
    start = rendered(description, "datanode", 0).start

    assert start.limits == Limits() and start.lifecycle.start_at_boot
    assert description.job("datanode").running.places == {}


def test_cluster_and_job_say_it_and_the_job_wins() -> None:
    files = with_keys("limit_nofile=9000\nlimit_core=0\nstart_at_boot=no", "limit_nofile=70000\nlimit_core=unlimited")
    description = describe(files)

    datanode, namenode = rendered(description, "datanode", 0).start, rendered(description, "namenode", 0).start
    assert datanode.limits == Limits(70000, UNLIMITED) and not datanode.lifecycle.start_at_boot
    assert namenode.limits == Limits(9000, 0) and not namenode.lifecycle.start_at_boot
    assert description.warnings == []
    places = description.job("datanode").running.places
    assert places["start_at_boot"] == Place(HDFS, 6, "cluster", "start_at_boot")
    assert files[HDFS].splitlines()[(places["limit_nofile"].line or 0) - 1] == "limit_nofile=70000"
    assert places["limit_nofile"].section == "datanode"


def test_it_tells_the_api() -> None:
    plain = rendered(describe(with_keys("limit_nofile=9000\nstart_at_boot=off")), "namenode", 0).as_json()["start"]

    assert plain["limits"] == {"nofile": 9000, "core": None} and plain["start_at_boot"] is False


@pytest.mark.parametrize(
    ("text", "meant"), [("yes", True), ("True", True), ("ON", True), ("no", False), ("off", False)]
)
def test_yes_and_no_as_in_the_ini_files(text: str, meant: bool) -> None:
    described = describe(with_keys(datanode=f"start_at_boot={text}")).job("datanode").running

    assert described.start_at_boot is meant


def test_a_job_without_host_lines_of_its_own_has_keys_of_its_own() -> None:
    files = files_with((HDFS, "base_port=22300\n", "base_port=22300\nlimit_nofile=5000\n"))

    assert rendered(describe(files), "zkfc", 0).start.limits.nofile == 5000
    assert rendered(describe(files), "namenode", 0).start.limits.nofile is None


def test_a_base_may_say_it_for_many_clusters() -> None:
    files = files_with()
    files[HDFS_BASE] += "\n[cluster]\n  name=lake-pike\n  version=1\n  jobs=namenode\n  limit_nofile=8000\n"

    running = describe(files).job("namenode").running
    assert running.limit_nofile == 8000 and running.places["limit_nofile"].file == HDFS_BASE


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("limit_nofile=many", "limit_nofile 'many' is not a whole number; without the key it is as the host says"),
        ("limit_nofile=unlimited", "is not a whole number"),
        ("limit_nofile=20", "limit_nofile 20 is too few for any service: at least 256"),
        ("limit_nofile=-1", "is not a whole number"),
        ("limit_nofile=1,2", "limit_nofile '1,2' is not a whole number"),
        ("limit_nofile=", "limit_nofile '' is not a whole number"),
        ("limit_nofile=%{cluster.version}", "is not a whole number"),
        ("limit_core=1G", "limit_core '1G' is not a whole number of bytes, nor unlimited"),
        ("limit_core=99999999999999999999", "is not a whole number"),
        ("start_at_boot=maybe", "start_at_boot 'maybe' is neither yes nor no"),
    ],
)
@pytest.mark.parametrize("section", ["cluster", "datanode"])
def test_what_cannot_be_taken_is_an_error_at_its_line(section: str, line: str, words: str) -> None:
    files = with_keys(**{section: line})

    problems = check_file(MappingTree(files), HDFS, CATALOG)
    [error] = [problem for problem in problems if problem.level == "error"]
    assert words in error.message
    assert (error.section, error.key) == (section, line.partition("=")[0])
    assert files[HDFS].splitlines()[(error.line or 0) - 1] == line
    with pytest.raises(ClusterFileError):
        describe(files)


@pytest.mark.parametrize(
    ("section", "words"),
    [("cluster", "limit_nofiles is not used (did you mean limit_nofile?)"), ("datanode", "limit_nofiles is not used")],
)
def test_a_key_that_is_nearly_one_is_warned_about(section: str, words: str) -> None:
    warnings = describe(with_keys(**{section: "limit_nofiles=9000"})).warnings

    assert [words in problem.message for problem in warnings] == [True]


def test_they_are_no_attributes_of_the_cluster() -> None:
    files = with_keys("limit_nofile=9000")
    files[HDFS] = files[HDFS].replace("#SITE#", "a=%{cluster.limit_nofile}")

    with pytest.raises(ClusterFileError, match="limit_nofile"):
        rendered(describe(files), "namenode", 0)


def test_a_cluster_that_is_only_referred_to_is_not_judged_by_them() -> None:
    files = files_with((ZK, "version=3.9.1\n", "version=3.9.1\n  limit_nofile=many\n"))
    files[HDFS] = files[HDFS].replace("#SITE#", "a=%{zk.hosts}")

    assert rendered(describe(files), "namenode", 0).files
