"""Every line of a rendered file can tell where it comes from."""

import pytest

from minos_web.clusterfile.explain import explain_file
from minos_web.clusterfile.problems import ClusterFileError
from tests.minos_web.clusterfile.samples import CATALOG, HDFS, HDFS_BASE, ZK, describe, files_with, rendered, site


def test_a_line_names_file_line_chain_and_references() -> None:
    description = describe(site("both=%{namenode.0.host}:%{namenode.0.base_port}"))
    slot = description.job("datanode").tasks[2]

    [line] = [one for one in explain_file(description, slot, "hdfs-site.xml") if "10.1.0.1:22200" in one.text]

    assert line.place
    assert (line.place.file, line.place.line, line.place.key) == (HDFS, 33, "both")
    assert line.written == "%{namenode.0.host}:%{namenode.0.base_port}"
    assert [(place.file, place.line, text) for place, text in line.replaced] == [(HDFS_BASE, 7, "base")]
    assert dict(line.references) == {"namenode.0.host": "10.1.0.1", "namenode.0.base_port": "22200"}


def test_lines_join_to_the_file_that_is_sent() -> None:
    for service, cluster in (("hdfs", "lake-pike"), ("zookeeper", "lake"), ("hbase", "lake-carp")):
        description = describe(files_with(), service, cluster)
        slot = next(description.tasks())
        for name, text in rendered(description, slot.job).files.items():
            lines = explain_file(description, slot, name)
            assert "".join(line.text + "\n" for line in lines) == text


def test_every_server_line_points_at_the_server_list() -> None:
    description = describe(files_with(), "zookeeper", "lake")

    lines = explain_file(description, next(description.tasks()), "zookeeper.cfg")

    assert {line.place.key for line in lines if line.text.startswith("server.") and line.place} == {"server_list"}


def test_keys_of_the_catalog_point_at_the_service_folder() -> None:
    description = describe(files_with())

    lines = explain_file(description, next(description.tasks()), "hadoop-metrics2.properties")

    assert {line.place.file for line in lines if line.place} == {"hdfs/service.toml"}
    assert CATALOG["hdfs"].files[2].set["*.period"] in lines[0].text


def test_a_raw_file_points_at_its_source() -> None:
    description = describe(files_with())

    [line] = explain_file(description, next(description.tasks()), "note.txt")

    assert line.place
    assert (line.place.file, line.place.line) == ("raw/note.txt", 1)


def test_a_file_that_cannot_be_made_is_told() -> None:
    description = describe(site("a=%{nosuch}"))
    with pytest.raises(ClusterFileError, match="nosuch"):
        explain_file(description, next(description.tasks()), "hdfs-site.xml")
    with pytest.raises(KeyError):
        explain_file(description, next(description.tasks()), "no.xml")
    broken = describe(
        files_with((ZK, "common/water.cfg\n", "common/water.cfg\n  [[jaas-server.conf]]\n    a=b\n")),
        "zookeeper",
        "lake",
    )
    with pytest.raises(ClusterFileError, match="headerLine"):
        explain_file(broken, next(broken.tasks()), "jaas.conf")
