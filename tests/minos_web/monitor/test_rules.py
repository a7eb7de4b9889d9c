"""Every rule of every service that is shipped, case by case, as docs/states.md tells them."""

from collections.abc import Mapping

import pytest

from minos_web.catalog.loader import SHIPPED, load_catalog
from minos_web.monitor.checking import demands
from minos_web.monitor.health import ClusterHealth, TaskFact, cluster_health
from minos_web.monitor.status import Kind

CATALOG = load_catalog([SHIPPED])
KINDS = {
    "r": Kind.RUNNING, "A": Kind.RUNNING, "?": Kind.RUNNING, "O": Kind.RUNNING, "g": Kind.DEGRADED, "d": Kind.DOWN,
    "s": Kind.STOPPED, "c": Kind.CHANGING, "u": Kind.UNKNOWN,
}  # fmt: skip
"""A: has the role that one must have. ?: runs and tells nothing. O: has something offline. r: runs, has not."""
ROLES = {
    "namenode": ("role", "active", "standby"), "resourcemanager": ("role", "active", "standby"),
    "master": ("role", "active", "backup"), "nimbus": ("role", "leader", "follower"),
    "kafka": ("controller", "controller", ""), "zookeeper": ("role", "leader", "follower"),
}  # fmt: skip


def facts_of(service: str, jobs: Mapping[str, str]) -> list[TaskFact]:
    found = []
    for job, letters in jobs.items():
        for number, letter in enumerate(letters):
            texts: dict[str, str] = {}
            figures: dict[str, float] = {}
            if job in ROLES and letter in "ArO":
                figure, has, has_not = ROLES[job]
                texts = {f"{service}.{figure}": has if letter in "AO" else has_not}
                figures = {f"{service}.offline": 3.0 if letter == "O" else 0.0}
            found.append(TaskFact(job, f"{job}/{number}", KINDS[letter], texts, "", figures))
    return found


def judged(service: str, jobs: Mapping[str, str], least: Mapping[str, int] | None = None) -> ClusterHealth:
    facts = facts_of(service, jobs)
    return cluster_health(demands(CATALOG.services[service], facts, least or {}), facts)


HDFS = {"journalnode": "rrr", "zkfc": "rr", "namenode": "Ar", "datanode": "rrr"}
HBASE = {"regionserver": "rrr", "master": "Ar"}
YARN = {"resourcemanager": "Ar", "nodemanager": "rrr", "historyserver": "r", "proxyserver": "r"}
IMPALA = {"statestored": "r", "catalogd": "r", "impalad": "rrrr"}
STORM = {"nimbus": "Ar", "supervisor": "rrr", "ui": "r", "logviewer": "r", "metricserver": "r"}
KAFKA = {"kafka": "Arr"}
FLINK = {"jobmanager": "r", "taskmanager": "rrr"}
ZOOKEEPER = {"zookeeper": "Arr"}
WELL = {
    "hdfs": HDFS, "hbase": HBASE, "yarn": YARN, "impala": IMPALA, "storm": STORM, "kafka": KAFKA, "flink": FLINK,
    "zookeeper": ZOOKEEPER,
}  # fmt: skip
Case = tuple[str, str, str, str, str, str]
CASES: list[Case] = [
    # rule, service, job, its tasks, level of the cluster, words of the reason
    ("OC-41", "hdfs", "datanode", "r" * 9 + "d", "warning", "9 of 10 run"),
    ("OC-41", "hdfs", "datanode", "sss", "warning", "datanode: stopped"),
    ("OC-42", "hdfs", "journalnode", "rrd", "warning", "2 of 3 run"),
    ("OC-42", "hdfs", "journalnode", "rdd", "error", "1 of 3 run, 2 needed"),
    ("OC-42", "hdfs", "journalnode", "rrrdd", "warning", "3 of 5 run"),
    ("OC-42", "hdfs", "journalnode", "rrddd", "error", "2 of 5 run, 3 needed"),
    ("OC-42", "hdfs", "journalnode", "rruuu", "unknown", "3 of 5 unknown"),
    ("OC-42", "hdfs", "journalnode", "rddu", "error", "1 of 4 run, 3 needed"),
    ("OC-43", "hdfs", "namenode", "dd", "error", "0 of 2 run, 1 needed"),
    ("OC-43", "hdfs", "namenode", "AA", "error", "2 tasks are active"),
    ("OC-43", "hdfs", "namenode", "rr", "error", "no task is active: an HDFS needs exactly one active namenode"),
    ("OC-43", "hdfs", "namenode", "Ad", "warning", "1 of 2 run, no HA"),
    ("OC-43", "hdfs", "namenode", "rd", "error", "no task is active"),
    ("OC-43", "hdfs", "namenode", "A", "ok", ""),
    ("OC-43", "hdfs", "namenode", "r?", "unknown", "none says that it is active, and namenode/1 tells nothing"),
    ("OC-43", "hdfs", "namenode", "ru", "unknown", "1 of 2 unknown"),
    ("OC-43", "hdfs", "namenode", "rc", "changing", ""),
    ("OC-44", "hdfs", "datanode", "rrrddd", "warning", "3 of 6 run"),
    ("OC-44", "hdfs", "datanode", "rrrdddd", "error", "3 of 7 run, 4 needed"),
    ("OC-44", "hdfs", "datanode", "r", "ok", ""),
    ("OC-45", "hbase", "master", "dd", "error", "0 of 2 run"),
    ("OC-45", "hbase", "master", "AA", "error", "2 tasks are active (master/0, master/1)"),
    ("OC-45", "hbase", "master", "rr", "error", "an HBase needs exactly one active master"),
    ("OC-45", "hbase", "master", "??", "unknown", "master/0, master/1 tells nothing"),
    ("OC-45", "hbase", "master", "A", "ok", ""),
    ("OC-46", "hbase", "regionserver", "rrdd", "warning", "2 of 4 run"),
    ("OC-46", "hbase", "regionserver", "rddd", "error", "1 of 4 run, 2 needed"),
    ("OC-46", "hbase", "regionserver", "r" * 50 + "d" * 51, "error", "50 of 101 run, 51 needed"),
    ("OC-47", "yarn", "resourcemanager", "dd", "error", "0 of 2 run"),
    ("OC-47", "yarn", "resourcemanager", "Ad", "warning", "no HA"),
    ("OC-47", "yarn", "resourcemanager", "rr", "error", "a YARN needs exactly one active resourcemanager"),
    ("OC-47", "yarn", "proxyserver", "d", "error", "proxyserver: 0 of 1 run"),
    ("OC-47", "yarn", "historyserver", "d", "error", "historyserver: 0 of 1 run"),
    ("OC-47", "yarn", "nodemanager", "rrd", "warning", "2 of 3 run"),
    ("OC-47", "yarn", "nodemanager", "rdd", "error", "1 of 3 run, 2 needed"),
    ("OC-48", "impala", "statestored", "d", "error", "statestored: 0 of 1 run"),
    ("OC-48", "impala", "impalad", "rrdd", "warning", "2 of 4 run"),
    ("OC-48", "impala", "impalad", "rddd", "error", "1 of 4 run, 2 needed"),
    ("more: catalogd", "impala", "catalogd", "d", "error", "catalogd: 0 of 1 run"),
    ("OC-49", "storm", "metricserver", "d", "error", "metricserver: 0 of 1 run"),
    ("OC-49", "storm", "ui", "d", "error", "ui: 0 of 1 run"),
    ("more: storm", "storm", "nimbus", "rr", "error", "no task is leader"),
    ("more: storm", "storm", "supervisor", "rdd", "error", "1 of 3 run, 2 needed"),
    ("more: storm", "storm", "logviewer", "d", "warning", "0 of 1 run, logs of workers cannot be read"),
    ("more: zkfc", "hdfs", "zkfc", "rd", "warning", "1 of 2 run"),
    ("more: zkfc", "hdfs", "zkfc", "dd", "warning", "0 of 2 run, no namenode takes over by itself"),
    ("more: zkfc", "hdfs", "zkfc", "uu", "unknown", "2 of 2 unknown"),
    ("more: kafka", "kafka", "kafka", "ddd", "error", "0 of 3 run"),
    ("more: kafka", "kafka", "kafka", "rrr", "error", "no task is controller"),
    ("more: kafka", "kafka", "kafka", "Ord", "error", "3 partitions are offline"),
    ("more: kafka", "kafka", "kafka", "A??", "ok", ""),
    ("more: kafka", "kafka", "kafka", "???", "unknown", "tells nothing"),
    ("more: kafka", "kafka", "kafka", "Occ", "changing", "1 of 3 run"),
    ("more: flink", "flink", "jobmanager", "d", "error", "0 of 1 run"),
    ("more: flink", "flink", "taskmanager", "rdd", "error", "1 of 3 run, 2 needed"),
    ("more: zookeeper", "zookeeper", "zookeeper", "Add", "error", "1 of 3 run, 2 needed"),
    ("more: zookeeper", "zookeeper", "zookeeper", "rrr", "error", "no task is leader"),
]


@pytest.mark.parametrize("service", WELL)
def test_a_cluster_that_is_well(service: str) -> None:
    health = judged(service, WELL[service])
    assert (health.level, health.reason) == ("ok", "")


@pytest.mark.parametrize(("rule", "service", "job", "tasks", "level", "words"), CASES)
def test_one_job_decides(rule: str, service: str, job: str, tasks: str, level: str, words: str) -> None:
    assert rule
    health = judged(service, {**WELL[service], job: tasks})
    assert (health.level, words in health.reason) == (level, True), health.reason


@pytest.mark.parametrize(
    ("service", "job", "tasks", "least", "level"),
    [
        ("hdfs", "datanode", "rrd", 3, "error"),
        ("hdfs", "datanode", "rrrd", 3, "warning"),
        ("hdfs", "datanode", "rrdd", 3, "error"),
        ("hdfs", "datanode", "rrd", 2, "warning"),
        ("hdfs", "datanode", "rr", 3, "ok"),
        ("hdfs", "datanode", "r" * 20 + "d", 3, "warning"),
        ("kafka", "kafka", "Add", 2, "error"),
        ("kafka", "kafka", "Ard", 2, "warning"),
        ("kafka", "kafka", "Add", 1, "warning"),
    ],
)
def test_what_the_configuration_asks_for(service: str, job: str, tasks: str, least: int, level: str) -> None:
    """dfs.replication for datanodes; a majority of those that vote for Kafka's controller."""
    assert judged(service, {**WELL[service], job: tasks}, {job: least}).level == level


def test_the_worst_job_decides_and_every_bad_one_is_told() -> None:
    """OC-50."""
    health = judged("hdfs", {**HDFS, "namenode": "AA", "datanode": "ddd", "journalnode": "rrd"})
    assert health.level == "error"
    assert "namenode: 2 tasks are active" in health.reason and "datanode: 0 of 3 run" in health.reason
    assert health.jobs["journalnode"].level == "warning"


def test_nothing_that_is_not_known_is_well() -> None:
    for service, jobs in WELL.items():
        silent = {job: "u" * len(letters) for job, letters in jobs.items()}
        assert judged(service, silent).level == "unknown", service


def test_a_service_of_the_site_without_rules_is_judged_too() -> None:
    """OC-52: of old it made every judgement fail."""
    facts = [TaskFact("counter", "counter/0", Kind.RUNNING), TaskFact("counter", "counter/1", Kind.DOWN)]
    assert cluster_health(demands(None, facts), facts).level == "warning"
