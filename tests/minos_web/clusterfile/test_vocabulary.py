"""The words that an editor offers."""

import pytest

from minos_web.clusterfile.outline import outline
from minos_web.clusterfile.tree import MappingTree
from minos_web.clusterfile.vocabulary import Vocabulary, vocabulary
from tests.minos_web.clusterfile.samples import CATALOG, FILES, HBASE, HDFS, HDFS_BASE, ZK, ZK_BASE


def words(path: str, files: dict[str, str] = FILES, typed: str | None = None) -> Vocabulary:
    saved = MappingTree(files)
    return vocabulary((MappingTree({**files, path: typed}) if typed is not None else saved, saved), path, CATALOG)


@pytest.mark.parametrize(
    ("path", "expression", "says"),
    [
        (ZK, "cluster.name", "lake"),
        (ZK, "zookeeper.1.host", "10.1.0.2"),
        (ZK, "zk.hosts", "10.1.0.1,10.1.0.2"),
        (ZK_BASE, "zookeeper.0.base_port", "21000"),
        (HDFS, "zookeeper.cluster.name", "lake"),
        (HDFS, "zookeeper.zookeeper.0.base_port", "21000"),
        (HBASE, "hdfs.cluster.name", "lake-pike"),
    ],
)
def test_expressions_say_what_they_stand_for(path: str, expression: str, says: str) -> None:
    assert {word.text: word.says for word in words(path).expressions}[expression] == says


def test_a_base_has_the_words_of_a_cluster_that_builds_on_it() -> None:
    assert words(HDFS_BASE).cluster == HDFS
    assert words(ZK_BASE, {**FILES, ZK: FILES[ZK].replace("common/water.cfg", "common/other.cfg")}).cluster == ""


@pytest.mark.parametrize(
    ("path", "section", "key", "says"),
    [
        (HDFS, "cluster", "hdfs_cluster", ""),
        (HDFS, "datanode", "base_port", ""),
        (HDFS, "datanode/arguments", "jvm_args", ""),
        (HDFS, "arguments/service_common", "main_entry", ""),
        (HDFS, "configuration", "base", ""),
        (HDFS, "configuration/hdfs-site.xml", "dfs.replication", "default: 3"),
        (HBASE, "configuration/core-site.xml", "fs.trash.interval", "default: 0"),
        (ZK, "configuration/zookeeper.cfg", "tick_time", "1000 (in water.cfg)"),
        (ZK_BASE, "configuration/zookeeper.cfg", "max_client_cnxns", ""),
    ],
)
def test_keys_of_a_section(path: str, section: str, key: str, says: str) -> None:
    assert {word.text: word.says for word in words(path).keys[section]}[key] == says


def test_sections_jobs_and_paths() -> None:
    found = words(HDFS)
    assert [word.text for word in found.sections[""]][:2] == ["cluster", "journalnode"]
    assert "hdfs-site.xml" in [word.text for word in found.sections["configuration"]]
    assert [word.text for word in found.sections["datanode"]] == ["arguments"]
    assert "namenode" in [word.text for word in found.jobs]
    assert HDFS_BASE in found.paths


def test_what_cannot_be_read_while_typing_has_the_words_of_what_is_saved() -> None:
    found = words(ZK, typed="[cluster\nna")
    assert found.cluster == ZK and found.expressions
    assert words("conf/zookeeper/zookeeper-new.cfg", typed="[cluster").keys["cluster"]
    assert words("conf/nosuch/nosuch-new.cfg", typed="") == Vocabulary(
        paths=sorted([*FILES, "conf/nosuch/nosuch-new.cfg"])
    )


def test_an_outline_names_sections_levels_and_what_was_replaced() -> None:
    files = {**FILES, HDFS: FILES[HDFS].replace("  [[hdfs-site.xml]]\n", "  [[hdfs-site.xml]]\n    both=mine\n")}
    made = outline(MappingTree(files), HDFS)
    lines = files[HDFS].split("\n")
    assert [lines[one.line - 1].strip(" []") for one in made.headings] == [one.name for one in made.headings]
    assert [level.file for level in made.levels] == [HDFS, HDFS_BASE]
    [one] = made.levels[1].replaced
    assert (one.section, one.key, one.text, one.was) == ("hdfs-site.xml", "both", "mine", "base")
    assert (one.place.file, one.was_place.file) == (HDFS, HDFS_BASE)
    assert outline(MappingTree(FILES), HDFS_BASE).built_on_by == (HDFS,)


def test_an_outline_of_what_is_broken_or_missing() -> None:
    assert (
        outline(MappingTree({"a.cfg": "[x\n=\n[configuration]\nbase=b"}), "a.cfg").headings[0].name == "configuration"
    )
    assert outline(MappingTree({}), "a.cfg").headings == ()
