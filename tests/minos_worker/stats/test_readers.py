"""Status pages made into figures."""

import json

import pytest

from minos_worker.stats.readers import (
    READERS,
    PageFailed,
    hadoop_jmx,
    jolokia,
    jolokia_called,
    jolokia_question,
    pick,
    plain_json,
    prometheus,
    zookeeper_admin,
    zookeeper_mntr,
)

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


IDLE = "kafka.server:type=KafkaRequestHandlerPool,name=RequestHandlerAvgIdlePercent/OneMinuteRate"
ANSWER = b"""[{"request":{"mbean":"kafka.server:name=BrokerState,type=KafkaServer","attribute":"Value","type":"read"},
"value":3,"status":200},{"request":{"mbean":"a:b=c","attribute":"x","type":"read"},"error":"not there","status":404},
{"request":{"path":"used","mbean":"java.lang:type=Memory","attribute":"HeapMemoryUsage","type":"read"},"value":77,
"status":200},{"request":{"mbean":"java.lang:type=GarbageCollector,name=*","attribute":"CollectionTime","type":"read"},
"value":{"java.lang:name=Copy,type=GarbageCollector":{"CollectionTime":5},"x":{"CollectionTime":6}},"status":200},
{"request":{"mbean":"k:type=app","attribute":"version","type":"read"},"value":"3.9.1","status":200}]"""


def test_jolokia_is_asked_for_what_is_kept() -> None:
    asked = json.loads(jolokia_question([IDLE, "java.lang:type=Memory/HeapMemoryUsage/used"]))
    bean = "kafka.server:type=KafkaRequestHandlerPool,name=RequestHandlerAvgIdlePercent"
    assert asked == [
        {"type": "read", "mbean": bean, "attribute": "OneMinuteRate"},
        {"type": "read", "mbean": "java.lang:type=Memory", "attribute": "HeapMemoryUsage", "path": "used"},
    ]


def test_jolokias_answer_has_the_names_of_the_question() -> None:
    keep = {
        "kafka.server:type=KafkaServer,name=BrokerState/Value": "kafka.state", "a:b=c/x": "kafka.none",
        "java.lang:type=Memory/HeapMemoryUsage/used": "kafka.heap", "k:type=app/version": "kafka.version",
        "java.lang:type=GarbageCollector,name=*/CollectionTime": "kafka.gc",
    }  # fmt: skip
    keep = {jolokia_called(theirs): ours for theirs, ours in keep.items()}
    reading = pick(jolokia(ANSWER), keep, {"kafka.state": {"3": "running"}})
    assert reading.figures == {"kafka.heap": 77.0, "kafka.gc": 11.0}
    assert reading.texts == {"kafka.state": "running", "kafka.version": "3.9.1"}
    assert pick(jolokia(ANSWER), keep, {"kafka.state": {"4": "x"}}).figures["kafka.state"] == 3.0


@pytest.mark.parametrize("body", [b"", b"{}", b"[1]", b'[{"status":200}]', b"<html>"])
def test_what_is_no_answer_of_jolokia_is_told(body: bytes) -> None:
    if body == b"{}":
        assert jolokia(body) == {}
        return
    with pytest.raises(PageFailed, match="not that of a Jolokia agent"):
        jolokia(body)


def test_any_json_is_read_by_its_paths() -> None:
    body = b'{"up": true, "memory": {"used": 5, "of": [{"free": 1.5}, 7]}, "name": "x", "": {"a": 1}}'
    values = plain_json(body)
    assert {name: values[name] for name in ("up", "memory.used", "memory.of.0.free", "memory.of.1", "name")} == {
        "up": True, "memory.used": 5, "memory.of.0.free": 1.5, "memory.of.1": 7, "name": "x",
    }  # fmt: skip
    for strange in (b"[]", b"x", b"[" * 100_000):
        with pytest.raises(PageFailed):
            plain_json(strange)


def test_prometheus_text_is_read() -> None:
    body = b'# HELP up x\nup 1\njobs{state="on"} 3\njobs{state="off"} 4 1700000000\nnan NaN\n{bad} 1\n'
    assert prometheus(body) == {"up": 1.0, 'jobs{state="on"}': 3.0, 'jobs{state="off"}': 4.0, "jobs": 7.0}
    with pytest.raises(PageFailed, match="no sample"):
        prometheus(b"<html>")


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/p/lib/hbase-common-2.6.3.jar:/p/lib/hbase-common-2.6.3-tests.jar", {"Runtime.hbase-common": "2.6.3"}),
        ("/p/lib/hadoop-yarn-common-3.4.2.jar", {"Runtime.hadoop-yarn-common": "3.4.2"}),
        ("/p/lib/hbase-common-2.6.3-hadoop3.jar:x", {"Runtime.hbase-common": "2.6.3-hadoop3"}),
        ("/p/lib/other-1.0.jar", {}),
    ],
)
def test_a_version_by_the_jars_that_run(path: str, told: dict[str, str]) -> None:
    page = json.dumps({"beans": [{"name": "java.lang:type=Runtime", "ClassPath": path}]}).encode()
    assert {name: value for name, value in hadoop_jmx(page).items() if name.startswith("Runtime.h")} == told


def test_names_that_every_daemon_has_otherwise_are_the_same_for_all() -> None:
    beans = [
        {"name": "Hadoop:service=NameNode,name=RpcActivityForPort12210", "ReceivedBytes": 1},
        {"name": "Hadoop:service=NameNode,name=RpcActivityForPort9200", "ReceivedBytes": 2, "tag.port": "9200"},
        {"name": "Hadoop:service=DataNode,name=DataNodeActivity-10.1.0.1-12402", "BytesRead": 3},
        {"name": "Hadoop:service=JournalNode,name=Journal-b", "TxnsWritten": 5},
        {"name": "Hadoop:service=JournalNode,name=Journal-a", "TxnsWritten": 4},
    ]
    values = hadoop_jmx(json.dumps({"beans": beans}).encode())
    told = {"RpcActivity.ReceivedBytes": 2, "DataNodeActivity.BytesRead": 3, "Journal.TxnsWritten": 4}
    assert {name: values[name] for name in told} == told
    assert "RpcActivity.tag.port" not in values and values["RpcActivityForPort12210.ReceivedBytes"] == 1
