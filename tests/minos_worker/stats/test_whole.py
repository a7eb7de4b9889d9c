"""Whole pages of every kind flattened, odd ones too."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from minos_worker.stats.readers import READERS, PageFailed
from minos_worker.stats.whole import (
    HIDDEN,
    MOST_BYTES,
    MOST_TEXT,
    WHOLE,
    Row,
    as_answer,
    chosen,
    hadoop_beans,
    jolokia_beans,
    json_object,
    jvm_counters,
    samples,
)

BEAN = "Hadoop:service=NameNode,name=FSNamesystem"


def bean(**attributes: Any) -> bytes:
    return json.dumps({"beans": [{"name": BEAN, "modelerType": "FSNamesystem", **attributes}]}).encode()


@pytest.mark.parametrize(
    ("name", "value", "number", "text"),
    [
        ("MissingBlocks", 3, 3.0, ""),
        ("Load", 0.5, 0.5, ""),
        ("tag.HAState", "active", 1.0, "active"),
        ("tag.HAState", "standby", 0.0, "standby"),
        ("tag.IsOutOfSync", "true", 1.0, "true"),
        ("Safe", True, 1.0, "true"),
        ("Safe", False, 0.0, "false"),
        ("Gone", None, 0.0, "null"),
        ("Nodes", ["a", "b"], 2.0, '["a", "b"]'),
        ("Empty", {}, 0.0, "{}"),
        ("Version", "3.4.1, r1", None, "3.4.1, r1"),
        ("Long", "x" * 1000, None, "x" * MOST_TEXT + "…"),
        ("Odd", float("nan"), None, "nan"),
        ("Huge", 10**400, None, str(10**400)[:40]),
        ("KeystorePassword", "hunter2", None, HIDDEN),
        ("InputArguments", ["-Xmx1g", "-Dtrust.password=hunter2"], 2.0, HIDDEN),
    ],
)
def test_a_value_of_a_bean(name: str, value: Any, number: float | None, text: str) -> None:
    rows = list(hadoop_beans(bean(**{name: value})))
    assert rows == [Row(BEAN, name, f"FSNamesystem.{name}", number, text)]


def test_of_a_map_its_length_and_its_plain_parts() -> None:
    rows = list(hadoop_beans(bean(HeapMemoryUsage={"used": 5, "max": 9, "more": {"deep": 1}, "password": "x"})))
    assert [(row.name, row.number) for row in rows] == [
        ("HeapMemoryUsage", 4.0),
        ("HeapMemoryUsage.used", 5.0),
        ("HeapMemoryUsage.max", 9.0),
        ("HeapMemoryUsage.password", None),
    ]
    assert rows[3].text == rows[0].text == HIDDEN


def named(rows: Any) -> dict[tuple[str, str], float | str | None]:
    return {(row.group, row.name): row.text if row.number is None else row.number for row in rows}


def test_jolokias_beans() -> None:
    value = {"kafka.server:type=A,name=B": {"Count": 5, "Rate": {"x": 1}, "Unit": "s"}, "odd": "no beans"}
    body = json.dumps([{"status": 200, "value": value}]).encode()
    rows = list(jolokia_beans(body))
    assert named(rows) == {
        ("kafka.server:type=A,name=B", "Count"): 5.0,
        ("kafka.server:type=A,name=B", "Rate"): 1.0,
        ("kafka.server:type=A,name=B", "Rate.x"): 1.0,
        ("kafka.server:type=A,name=B", "Unit"): "s",
    }
    assert [row.key for row in rows][2] == "kafka.server:name=B,type=A/Rate/x"


def test_other_pages() -> None:
    page = {"up": 1, "memory": {"used": 5, "pools": [{"free": 2}]}, "list": [1, 2], "none": {}}
    assert named(json_object(json.dumps(page).encode())) == {
        ("", "up"): 1.0,
        ("memory", "used"): 5.0,
        ("memory", "pools.0.free"): 2.0,
        ("", "list"): 2.0,
        ("none", ""): 0.0,
    }
    text = b'# HELP up x\nup 1\njobs{state="on"} 2\njobs{state="off"} 3\n'
    assert named(samples(text)) == {
        ("up", "(all)"): 1.0,
        ("jobs", "(all)"): 5.0,
        ("jobs", 'state="on"'): 2.0,
        ("jobs", 'state="off"'): 3.0,
    }
    mntr = WHOLE["zookeeper-mntr"](b"zk_server_state\tleader\nzk_znode_count\t5\n")
    assert named(mntr) == {("", "server_state"): "leader", ("", "znode_count"): 5.0}
    assert named(jvm_counters({"sun.gc.collector.0.time": 5, "java.threads": 2, "x": "y"})) == {
        ("sun.gc", "collector.0.time"): 5.0,
        ("java", "threads"): 2.0,
        ("", "x"): "y",
    }


@pytest.mark.parametrize("read", [hadoop_beans, jolokia_beans, json_object, samples])
@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"[1]", b"5", b'[{"status": 404}]', b"\xff"])
def test_what_is_no_such_page_is_told(read: Callable[[bytes], Any], body: bytes) -> None:
    with pytest.raises(PageFailed):
        list(read(body))


def test_every_reader_has_its_whole_page() -> None:
    assert set(WHOLE) == set(READERS)


ROWS = [
    Row("b:type=Memory", "HeapUsed", "Memory.HeapUsed", 1.0, ""),
    Row("a:type=Info", "Version", "Info.Version", None, "3.4 of Memory lane"),
    Row("a:type=Info", "Live", "Info.Live", 2.0, ""),
]


@pytest.mark.parametrize(
    ("text", "only", "names"),
    [
        ("", [], ["HeapUsed", "Version", "Live"]),
        ("memory", [], ["HeapUsed", "Version"]),
        (" LIVE ", [], ["Live"]),
        ("nothing", [], []),
        ("ignored", [("a:type=Info", "Live"), ("b", "x")], ["Live"]),
    ],
)
def test_what_is_chosen(text: str, only: list[tuple[str, str]], names: list[str]) -> None:
    assert [row.name for row in chosen(ROWS, text, only)] == names


def test_an_answer_has_groups_in_order_and_says_what_is_collected() -> None:
    assert as_answer(ROWS, {"Info.Live": "hdfs.live"}) == {
        "groups": {
            "a:type=Info": {"Version": [None, "3.4 of Memory lane", ""], "Live": [2.0, "", "hdfs.live"]},
            "b:type=Memory": {"HeapUsed": [1.0, "", ""]},
        },
        "count": 3,
        "left_out": 0,
    }


def test_an_answer_has_an_end() -> None:
    rows = [Row("bean", f"value{number}", "", None, "ö" * MOST_TEXT) for number in range(1000)]
    answer = as_answer(rows, {})
    assert answer["count"] == 1000 and 0 < answer["left_out"] < 1000
    assert answer["left_out"] + len(answer["groups"]["bean"]) == 1000
    assert len(json.dumps(answer, ensure_ascii=False).encode()) < MOST_BYTES * 1.2
