"""Health of jobs and clusters, case by case."""

import pytest

from minos_web.monitor.health import JobDemand, OneOf, TaskFact, cluster_health, job_health
from minos_web.monitor.status import Kind

LETTERS = {
    "r": Kind.RUNNING, "g": Kind.DEGRADED, "d": Kind.DOWN, "s": Kind.STOPPED, "c": Kind.CHANGING, "u": Kind.UNKNOWN,
}  # fmt: skip


def facts(text: str, job: str = "zookeeper") -> list[TaskFact]:
    """'L' is a running leader, other letters see LETTERS."""
    made = []
    for number, letter in enumerate(text):
        role = "leader" if letter == "L" else "follower"
        made.append(TaskFact(job, f"{job} {number}", LETTERS.get(letter, Kind.RUNNING), {"zookeeper.role": role}))
    return made


ZOOKEEPER = JobDemand("zookeeper", quorum=True, exactly_one={"zookeeper.role": OneOf(("leader", "standalone"))})


@pytest.mark.parametrize(
    ("tasks", "level"),
    [
        ("Lrr", "ok"), ("Lrd", "warning"), ("Ldd", "error"), ("ddd", "error"), ("sss", "stopped"), ("Lrs", "warning"),
        ("Lss", "error"), ("rrr", "error"), ("LLr", "error"), ("Lru", "unknown"), ("Luu", "unknown"), ("uuu", "unknown"),
        ("ddu", "error"), ("ssu", "unknown"), ("sdu", "error"), ("ccc", "changing"), ("Lrc", "changing"), ("ccs", "changing"), ("Lrg", "warning"), ("L", "ok"),
    ],
)  # fmt: skip
def test_zookeeper(tasks: str, level: str) -> None:
    assert job_health(ZOOKEEPER, facts(tasks)).level == level


def test_the_reason_counts_and_names() -> None:
    health = job_health(ZOOKEEPER, facts("Lrd"))
    assert health.reason == "zookeeper: 2 of 3 run (zookeeper 2: down)"
    assert (health.running, health.total) == (2, 3)


def test_a_cluster_is_as_well_as_its_worst_job() -> None:
    demands = [JobDemand("namenode"), JobDemand("datanode")]
    health = cluster_health(demands, facts("rr", "namenode") + facts("dd", "datanode"))
    assert (health.level, health.jobs["namenode"].level) == ("error", "ok")
    assert "datanode: 0 of 2 run" in health.reason


def test_a_stopped_job_beside_a_running_one_is_a_warning() -> None:
    demands = [JobDemand("namenode"), JobDemand("datanode")]
    assert cluster_health(demands, facts("rr", "namenode") + facts("ss", "datanode")).level == "warning"


def test_no_tasks_is_stopped() -> None:
    assert cluster_health([ZOOKEEPER], []).level == "stopped"
