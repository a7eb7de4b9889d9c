"""A cluster's own page is that of the task that speaks for it; its version is what its daemons say."""

from dataclasses import dataclass, field

import pytest

from minos_web.catalog.loader import SHIPPED, load_catalog
from minos_web.monitor.entry import entry_of, version_words, versions_of

CATALOG = load_catalog([SHIPPED])


@dataclass
class Row:
    job: str
    texts: dict[str, str] = field(default_factory=dict)
    state: str = "RUNNING"
    http_url: str = "http://x:1"


@pytest.mark.parametrize(
    ("service", "rows", "entry"),
    [
        ("hdfs", [Row("namenode", {"hdfs.role": "standby"}, http_url="http://a:1"), Row("namenode", {"hdfs.role": "active"}, http_url="http://b:1")], "http://b:1"),
        ("hdfs", [Row("namenode", {"hdfs.role": "standby"})], ""),
        ("hdfs", [Row("namenode", {"hdfs.role": "active"}, state="STOPPED")], ""),
        ("hdfs", [Row("datanode", {"hdfs.role": "active"})], ""),
        ("hbase", [Row("master", {"hbase.role": "active"})], "http://x:1"),
        ("yarn", [Row("resourcemanager", {"yarn.role": "active"})], "http://x:1"),
        ("impala", [Row("impalad"), Row("statestored", http_url="http://s:1")], "http://s:1"),
        ("storm", [Row("nimbus"), Row("ui", http_url="http://u:1")], "http://u:1"),
        ("flink", [Row("jobmanager")], "http://x:1"),
        ("kafka", [Row("kafka")], ""),
        ("zookeeper", [Row("zookeeper", {"zookeeper.role": "leader"})], ""),
        ("storm", [Row("ui", http_url="javascript:alert(1)")], ""),
        ("none", [Row("ui")], ""),
    ],
)  # fmt: skip
def test_the_entry(service: str, rows: list[Row], entry: str) -> None:
    """OC-51."""
    assert entry_of(CATALOG.services.get(service), rows) == entry


def test_versions_are_what_running_daemons_say() -> None:
    rows = [
        Row("datanode", {"hdfs.version": "3.4.1"}),
        Row("datanode", {"hdfs.version": "3.4.2"}),
        Row("namenode", {"hdfs.version": "3.4.2"}),
        Row("journalnode", {"hdfs.version": "3.4.2, r84e8b89ee2ebe6923691205b9e171badde7a495c"}),
        Row("namenode", {"hdfs.version": "2.0"}, state="STOPPED"),
        Row("zkfc"),
    ]
    assert versions_of(CATALOG.services["hdfs"], rows) == ["3.4.2", "3.4.1"]
    assert versions_of(CATALOG.services["hdfs"], rows[4:]) == []
    assert versions_of(None, rows) == []


@pytest.mark.parametrize(
    ("described", "told", "words"),
    [("3.4", ["3.4.2"], "3.4.2"), ("3.4", ["3.4.2", "3.4.1"], "3.4.2 and 3.4.1"), ("3.4", [], "3.4 described"), ("", [], "")],
)  # fmt: skip
def test_versions_in_words(described: str, told: list[str], words: str) -> None:
    assert version_words(described, told) == words
