"""Clusters whose tasks have told facts, as rows, for tests of boards."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from minos_common.facts import Fact, pack
from minos_web.models.clusters import Cluster, Task
from minos_web.models.facts import TaskFacts


def a_cluster(session: Session, now: float, service: str, name: str, jobs: dict[str, int]) -> Cluster:
    """A cluster of which every task runs; ``jobs`` says how many tasks each job has."""
    cluster = Cluster(service=service, name=name, created_at=now, bootstrapped_at=now, health="ok", health_at=now)
    cluster.needs = ["zookeeper/lake", "hdfs/lake-files"] if service == "hbase" else []
    cluster.tasks = [
        Task(job=job, number=number, address=f"127.0.0.{31 + number}", job_order=order, state="RUNNING", pid=1, heard_at=now)
        for order, (job, count) in enumerate(jobs.items())
        for number in range(count)
    ]  # fmt: skip
    session.add(cluster)
    session.flush()
    return cluster


def tell(session: Session, cluster: Cluster, task: str, kind: str, at: float, facts: Sequence[Fact]) -> None:
    """Have a task ("job/number") have told facts at a time."""
    job, _, number = task.partition("/")
    row = next(one for one in cluster.tasks if (one.job, one.number) == (job, int(number)))
    session.add(TaskFacts(
        task_id=row.id, kind=kind, at=at, taken_at=at, run="1", packed=pack(facts)[0], count=len(facts), left_out=0, error=""
    ))  # fmt: skip
    session.flush()
