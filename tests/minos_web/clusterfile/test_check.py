"""What the editor is told about each kind of file."""

import pytest

from minos_web.clusterfile.check import check_file
from minos_web.clusterfile.tree import MappingTree, cluster_of
from tests.minos_web.clusterfile.samples import CATALOG, HDFS, HDFS_BASE, describe, files_with, site


@pytest.mark.parametrize(
    ("path", "named"),
    [
        ("conf/hdfs/hdfs-a-b.cfg", ("hdfs", "a-b")),
        ("conf/hdfs/hdfs-common.cfg", ("hdfs", "common")),
        ("conf/hdfs/common/hdfs-x.cfg", None),
        ("conf/hdfs/yarn-x.cfg", None),
        ("hdfs-x.cfg", None),
    ],
)
def test_which_files_are_cluster_files(path: str, named: tuple[str, str] | None) -> None:
    assert cluster_of(path) == named


@pytest.mark.parametrize("path", sorted(path for path in files_with()))
def test_the_samples_are_fine(path: str) -> None:
    assert check_file(MappingTree(files_with()), path, CATALOG) == []


def test_a_base_file_is_read_only() -> None:
    files = files_with((HDFS_BASE, "    both=base", "    both=base\n    broken"))

    [problem] = check_file(MappingTree(files), HDFS_BASE, CATALOG)

    assert (problem.file, problem.line) == (HDFS_BASE, 8)


def test_a_mistake_in_the_base_is_shown_for_the_cluster_with_its_own_place() -> None:
    files = files_with((HDFS_BASE, "    both=base", "    both=%{nosuch}"))

    [problem] = check_file(MappingTree(files), HDFS, CATALOG)

    assert (problem.file, problem.line, problem.key) == (HDFS_BASE, 7, "both")


def test_other_files_are_always_fine() -> None:
    files = {"conf/hdfs/log4j.xml": "<", "rackinfo.txt": "[[[", "raw/x.cfg": "[[["}

    assert [check_file(MappingTree(files), path, CATALOG) for path in files] == [[], [], []]


def test_a_file_that_is_not_there_or_no_text_is_told() -> None:
    tree = MappingTree({"conf/hdfs/common/x.cfg": b"\xff"})

    assert "UTF-8" in check_file(tree, "conf/hdfs/common/x.cfg", CATALOG)[0].message
    assert "no file" in check_file(tree, "conf/hdfs/common/y.cfg", CATALOG)[0].message


def test_an_error_of_one_job_s_arguments_stays_an_error() -> None:
    files = files_with((HDFS_BASE, "main_entry=example.Data", "main_entry=%{nosuch}"))

    [problem] = check_file(MappingTree(files), HDFS, CATALOG)

    assert (problem.level, problem.section) == ("error", "arguments/datanode")


def test_errors_come_before_warnings() -> None:
    levels = [problem.level for problem in check_file(MappingTree(site("a=x,y\n    b=%{nosuch}")), HDFS, CATALOG)]

    assert levels == ["error", "warning"]


def test_checking_leaves_nothing_behind() -> None:
    files = site("a=%{nosuch}")
    check_file(MappingTree(files), HDFS, CATALOG)

    assert describe(files).warnings == []
