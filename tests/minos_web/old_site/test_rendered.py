"""What the API plans for every cluster of the old directory: every file of every task, readable by who gets it, and a
start command with nothing missing."""

import re
from collections import Counter
from typing import Any

import javaproperties
import pytest
import yaml

from tests.minos_web.clusterfile.conformance import read_jaas, read_site_xml
from tests.minos_web.old_site import tree
from tests.minos_web.views.api.test_openapi import fits

Plans = dict[tuple[str, str], Any]

HOOKS = {"pre.sh", "post.sh"}
SITE = {"core-site.xml", "hdfs-site.xml"}
FILES = {
    "zookeeper": {"zookeeper.cfg", "jaas.conf", "log4j.xml", "krb5.conf", *HOOKS},
    "hdfs": {
        *SITE, "hadoop-metrics2.properties", "configuration.xsl", "log4j.xml", "krb5.conf", "rackinfo.txt",
        "hadoop-groups.conf", "excludes", *HOOKS,
    },
    "hbase": {
        *SITE, "hbase-site.xml", "hadoop-metrics.properties", "jaas.conf", "configuration.xsl", "log4j.xml",
        "krb5.conf", *HOOKS,
    },
    "yarn": {
        *SITE, "mapred-site.xml", "yarn-site.xml", "hadoop-metrics2.properties", "configuration.xsl", "log4j.xml",
        "krb5.conf", "excludes", *HOOKS,
    },
    "impala": {*SITE, "hive-site.xml", "hbase-site.xml", "log4j.xml"},
    "kafka": {"kafka.cfg", "kafka-scribe.cfg", "log4j.properties"},
    "storm": {"storm.yaml", "cluster.xml", "pre.sh"},
}  # fmt: skip
"""Every task of a service gets these files."""
RAW = {
    "configuration.xsl": "template/configuration.xsl",
    "rackinfo.txt": "rackinfo.txt",
    "hadoop-groups.conf": "hadoop-groups.conf",
    "excludes": "excludes",
    "log4j.properties": "template/kafka/log4j.properties",
    "cluster.xml": "template/storm/cluster.xml",
}
TASKS = {
    ("hbase", "ndprc-main"): {"master": 2, "regionserver": 11},
    ("hbase", "ndtst-alpha"): {"master": 2, "regionserver": 2},
    ("hdfs", "ndprc-main"): {"journalnode": 3, "zkfc": 2, "namenode": 2, "datanode": 12},
    ("hdfs", "ndtst-alpha"): {"journalnode": 3, "zkfc": 2, "namenode": 2, "datanode": 4},
    ("impala", "ndprc-bi"): {"statestored": 1, "catalogd": 1, "impalad": 4},
    ("kafka", "ndprc-logs"): {"kafka": 4, "kafkascribe": 2},
    ("storm", "ndprc-rt"): {"nimbus": 1, "supervisor": 3, "ui": 1, "logviewer": 3},
    ("yarn", "ndprc-main"): {"resourcemanager": 2, "nodemanager": 12, "historyserver": 1, "proxyserver": 1},
    ("yarn", "ndtst-alpha"): {"resourcemanager": 2, "nodemanager": 2, "historyserver": 1, "proxyserver": 1},
    ("zookeeper", "ndprc"): {"zookeeper": 5},
    ("zookeeper", "ndtst"): {"zookeeper": 3},
}
START_ORDER = {
    "zookeeper": ["zookeeper"],
    "hdfs": ["journalnode", "zkfc", "namenode", "datanode"],
    "hbase": ["regionserver", "master"],
    "yarn": ["resourcemanager", "nodemanager", "historyserver", "proxyserver"],
    "impala": ["statestored", "catalogd", "impalad"],
    "kafka": ["kafka", "kafkascribe"],
    "storm": ["nimbus", "supervisor", "ui", "logviewer"],
}
HOST_WORDS = {"run_dir", "package_dir", "log_dir", "job_name", "pid", "start_time"}
"""``$word`` that the original's start script knew."""

every_cluster = pytest.mark.parametrize("cluster", tree.CLUSTERS, ids="/".join)


@every_cluster
def test_a_bootstrap_is_possible_and_every_task_is_in_it(plans: Plans, cluster: tuple[str, str]) -> None:
    plan = plans[cluster]
    assert fits(plan, "/clusters/{service}/{cluster}/plan", "get", "200") == []
    assert plan["not_possible_now"] == ""
    assert Counter(task["job"] for task in plan["tasks"]) == TASKS[cluster]
    prepared = [step for wave in plan["waves"] for step in wave["steps"] if step["verb"] == "prepare"]
    assert len(prepared) == len(plan["tasks"])


@every_cluster
def test_jobs_start_in_the_order_of_their_service(plans: Plans, cluster: tuple[str, str]) -> None:
    starts = [step["job"] for wave in plans[cluster]["waves"] for step in wave["steps"] if step["verb"] == "start"]
    assert list(dict.fromkeys(starts)) == START_ORDER[cluster[0]]


@pytest.mark.parametrize("cluster", ["ndtst-alpha", "ndprc-main"])
def test_a_namenode_is_formatted_when_what_it_needs_runs(plans: Plans, cluster: str) -> None:
    """The first one when the journalnodes run, the second one, which copies it, when that runs as well."""
    at: dict[tuple[str, str, int], int] = {}
    for number, wave in enumerate(plans["hdfs", cluster]["waves"]):
        at.update({(step["verb"], step["job"], step["task_id"]): number for step in wave["steps"]})
    journals = max(at["start", "journalnode", number] for number in range(3))
    assert journals < at["prepare", "namenode", 0] < at["start", "namenode", 0] < at["prepare", "namenode", 1]


@every_cluster
def test_nothing_is_warned_of_that_the_import_did_not_tell(plans: Plans, cluster: tuple[str, str]) -> None:
    """No clash of ports between the clusters, no host or package missing: only what is written in the files."""
    assert {one["file"].partition("/")[0] for one in plans[cluster]["warnings"]} <= {"conf"}
    for one in plans[cluster]["warnings"]:
        assert not re.search("approved host|package|port [0-9]|heap|decide by majority", one["message"]), one


@every_cluster
def test_every_task_gets_every_file_and_each_can_be_read(plans: Plans, cluster: tuple[str, str]) -> None:
    for task in plans[cluster]["tasks"]:
        assert set(task["files"]) == FILES[cluster[0]]
        assert set(task["start"]["config_files"]) == FILES[cluster[0]]
        for name, text in task["files"].items():
            if name in RAW:
                assert text == tree.TAKEN[RAW[name]].decode()
            else:
                assert "%{" not in text, (task["process_name"], name)
                readable(name, text)


def readable(name: str, text: str) -> None:
    """Reads a file as the program that gets it does; fails when that cannot be done."""
    if name.endswith("-site.xml"):
        assert read_site_xml(text)
    elif name.endswith((".properties", ".cfg")):
        assert javaproperties.loads(text)
    elif name.endswith(".yaml"):
        assert yaml.safe_load(text)
    elif name == "jaas.conf":
        assert bool(read_jaas(text)) == bool(text)


@every_cluster
def test_the_start_command_is_complete(plans: Plans, cluster: tuple[str, str]) -> None:
    for task in plans[cluster]["tasks"]:
        start = task["start"]
        arguments = [
            text for kind in ("jvm_args", "system_properties", "main_entry", "extra_args") for text in start[kind]
        ]
        assert all(text and "%{" not in text for text in [*arguments, *start["environment"].values()])
        assert set(re.findall(r"\$\{?(\w+)", " ".join(arguments))) <= HOST_WORDS
        if cluster[0] == "impala":
            assert start["program"] == f"$package_dir/bin/{task['job']}"
            assert (start["jvm_args"], start["main_entry"], start["class_path"]) == ([], [], [])
            assert start["extra_args"]
        else:
            assert start["program"] == "" and start["class_path"][0] == "$run_dir/"
            assert re.fullmatch(r"\w+(\.\w+)+", " ".join(start["main_entry"])), start["main_entry"]
            assert [text[:4] for text in start["jvm_args"]].count("-Xmx") == 1
