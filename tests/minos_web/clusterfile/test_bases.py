"""Files that are called like a cluster and are only built on."""

import pytest

from minos_web.clusterfile.bases import builders, is_base_only
from minos_web.clusterfile.check import check_file
from minos_web.clusterfile.tree import MappingTree
from tests.minos_web.clusterfile.samples import CATALOG, ZK, ZK_BASE, files_with

BASE = "conf/zookeeper/zookeeper-tst.cfg"


def with_base_called_like_a_cluster(path: str = "%{config_dir}/conf/zookeeper/zookeeper-tst.cfg") -> dict[str, str]:
    files = dict(files_with((ZK, "%{config_dir}/conf/zookeeper/common/water.cfg", path)))
    files[BASE] = files.pop(ZK_BASE)
    return files


@pytest.mark.parametrize("path", ["%{config_dir}/conf/zookeeper/zookeeper-tst.cfg", "zookeeper-tst.cfg"])
def test_a_base_may_be_called_like_a_cluster(path: str) -> None:
    tree = MappingTree(with_base_called_like_a_cluster(path))

    assert list(builders(tree, BASE)) == [ZK]
    assert is_base_only(tree, BASE) and not is_base_only(tree, ZK)
    assert check_file(tree, BASE, CATALOG) == []
    assert check_file(tree, ZK, CATALOG) == []


def test_what_nobody_builds_on_is_a_cluster_without_its_head() -> None:
    files = with_base_called_like_a_cluster()
    del files[ZK]

    assert not is_base_only(MappingTree(files), BASE)
    assert "[cluster] is missing" in str(check_file(MappingTree(files), BASE, CATALOG)[0])


def test_a_cluster_that_another_builds_on_stays_one() -> None:
    files = dict(files_with())
    files["conf/zookeeper/zookeeper-sea.cfg"] = "[configuration]\nbase=zookeeper-lake.cfg\n"

    assert not is_base_only(MappingTree(files), ZK)
    assert list(builders(MappingTree(files), ZK)) == ["conf/zookeeper/zookeeper-sea.cfg"]


def test_what_is_no_text_builds_on_nothing() -> None:
    files = {**with_base_called_like_a_cluster(), "conf/zookeeper/zookeeper-odd.cfg": b"\xff zookeeper-tst.cfg"}

    assert list(builders(MappingTree(files), BASE)) == [ZK]


def test_a_base_named_through_another_key_is_one() -> None:
    files = with_base_called_like_a_cluster("%(where)s/zookeeper-tst.cfg")
    files[ZK] = "where=conf/zookeeper\n" + files[ZK]

    assert list(builders(MappingTree(files), BASE)) == [ZK]
    assert check_file(MappingTree(files), ZK, CATALOG) == []
