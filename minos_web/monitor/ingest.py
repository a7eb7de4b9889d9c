"""A batch of samples from a worker: latest figures onto the rows, numbers into series."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_common.words import SampleGroup, TaskName
from minos_web.models.clusters import Cluster, Task, task_name
from minos_web.models.hosts import Host
from minos_web.monitor.series.port import Batch, Sample, SeriesName
from minos_web.monitor.series.writing import SeriesWriter


def ingest(session: Session, writer: SeriesWriter, host: Host, batch: Batch, groups: Sequence[SampleGroup]) -> None:
    """Store the groups of one batch. Groups of tasks that no row names are kept out: a worker cannot invent tasks."""
    tasks = tasks_of_host(session, host)
    samples: list[Sample] = []
    for group in groups:
        if group.task is None:
            names = {metric: SeriesName(metric, host.name) for metric in group.figures}
            if host.figures_at is None or group.at >= host.figures_at:
                host.figures, host.figures_at = group.figures, group.at
        elif (task := tasks.get(group.task)) is not None:
            names = _task_names(host, group)
            _latest(task, group)
        else:
            continue
        samples.extend((names[metric], int(group.at), value) for metric, value in group.figures.items())
    writer.store(session, batch, samples)


def tasks_of_host(session: Session, host: Host) -> dict[TaskName, Task]:
    """Task rows of one host by the names that its worker uses."""
    rows = session.execute(
        select(Task, Cluster.service, Cluster.name)
        .join(Cluster, Task.cluster_id == Cluster.id)
        .where(Task.host_id == host.id, Task.retired.is_(False))
    )
    return {task_name(task, service, cluster): task for task, service, cluster in rows}


def _task_names(host: Host, group: SampleGroup) -> dict[str, SeriesName]:
    name = group.task
    assert name is not None
    instance = "" if name.instance is None else str(name.instance)
    return {m: SeriesName(m, host.name, name.service, name.cluster, name.job, instance) for m in group.figures}


def _latest(task: Task, group: SampleGroup) -> None:
    if task.figures_at is not None and group.at < task.figures_at:
        return
    task.figures, task.texts, task.figures_at = group.figures, group.texts, group.at
    task.figures_error = group.error
