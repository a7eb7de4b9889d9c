"""Status pages made into figures."""

import pytest

from minos_worker.stats.readers import READERS, PageFailed, hadoop_jmx, pick, zookeeper_admin, zookeeper_mntr

ADMIN = b"""{"version":"3.9.3-c26634f34490bb0ea7a09cc51e05ede3b4e320ee, built on 2024-10-17 23:21 UTC",
"server_state":"leader","znode_count":7,"avg_latency":0.25,"quorum_size":3,"read_only":false,"nothing":null,
"list":[1],"big":1e999,"command":"monitor","error":null}"""
MNTR = b"""zk_version\t3.9.3-c26634f, built on 2024-10-17 23:21 UTC
zk_server_state\tfollower
zk_znode_count\t7
zk_avg_latency\t0.25
zk_peer_state\tfollowing - broadcast
"""
KEEP = {
    "server_state": "zookeeper.state",
    "znode_count": "zookeeper.znodes",
    "avg_latency": "zookeeper.latency",
    "none": "x",
}


def test_zookeepers_admin_page() -> None:
    reading = pick(zookeeper_admin(ADMIN), KEEP)
    assert reading.figures == {"zookeeper.znodes": 7.0, "zookeeper.latency": 0.25}
    assert reading.texts == {"zookeeper.state": "leader"}


def test_mntr_tells_the_same_under_the_same_names() -> None:
    reading = pick(zookeeper_mntr(MNTR), KEEP)
    assert reading.figures == {"zookeeper.znodes": 7.0, "zookeeper.latency": 0.25}
    assert reading.texts == {"zookeeper.state": "follower"}


def test_without_a_choice_every_number_is_kept() -> None:
    reading = pick(zookeeper_admin(ADMIN), {})
    assert reading.figures == {"znode_count": 7.0, "avg_latency": 0.25, "quorum_size": 3.0, "read_only": 0.0}


@pytest.mark.parametrize(
    "body",
    [
        b'{"command":"monitor","error":"This ZooKeeper instance is not currently serving requests"}',
        b"[1]",
        b"",
        b"<html>",
        b"\xff\xfe",
    ],
)
def test_an_admin_page_that_tells_nothing_is_a_failure_and_no_zero(body: bytes) -> None:
    with pytest.raises(PageFailed):
        zookeeper_admin(body)


@pytest.mark.parametrize(
    "body",
    [
        b"mntr is not executed because it is not in the whitelist.\n",
        b"This ZooKeeper instance is not currently serving requests\n",
        b"",
    ],
)
def test_an_mntr_that_tells_nothing_is_a_failure_and_no_zero(body: bytes) -> None:
    with pytest.raises(PageFailed):
        zookeeper_mntr(body)


def test_fallbacks_of_readers_exist() -> None:
    assert all(not reader.fallback or reader.fallback in READERS for reader in READERS.values())


def test_beans_of_a_hadoop_daemon() -> None:
    page = b"""{"beans": [
      {"name": "Hadoop:service=NameNode,name=FSNamesystem", "MissingBlocks": 3, "tag.HAState": "active", "List": [1]},
      {"name": "Hadoop:service=HBase,name=Master,sub=Server", "clusterRequests": 7, "Ratio": NaN},
      {"name": "java.lang:type=Memory", "HeapMemoryUsage": {"used": 5, "max": 9}, "Verbose": false}
    ]}"""
    values = hadoop_jmx(page)
    assert values["FSNamesystem.MissingBlocks"] == 3
    assert values["FSNamesystem.tag.HAState"] == "active"
    assert "FSNamesystem.List" not in values
    assert values["Master.Server.clusterRequests"] == 7
    assert values["Memory.HeapMemoryUsage.used"] == 5
    kept = pick(values, {"FSNamesystem.tag.HAState": "hdfs.role", "Memory.Verbose": "v", "Master.Server.Ratio": "r"})
    assert kept.texts == {"hdfs.role": "active"} and kept.figures == {"v": 0.0}


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[]", b"{}", b'{"beans": 3}', b'{"beans": [{"x": 1}]}', b'{"beans": [7]}']
)
def test_what_is_no_page_of_beans(body: bytes) -> None:
    with pytest.raises(PageFailed, match="not that of a Hadoop daemon"):
        hadoop_jmx(body)


@pytest.mark.parametrize(
    ("listed", "figures"),
    [
        ('[{"state":"RUNNING"},{"state":"INIT"},{"state":"RUNNING"},7]', {"many": 2.0}),
        ("[]", {"many": 0.0}),
        ("{}", {}),
        ("not json", {}),
        (7, {}),
        (None, {}),
    ],
)
def test_parts_of_a_list_that_have_a_word_are_counted(listed: object, figures: dict[str, float]) -> None:
    assert pick({"Info.List": listed}, {"Info.List[state=RUNNING]": "many"}).figures == figures
