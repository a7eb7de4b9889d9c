"""Which tasks an operator means by job names, task numbers or hosts."""

from collections.abc import Iterable, Sequence

from minos_web.clusterfile.description import ClusterDescription, JobDescription, TaskSlot


class BadSelection(ValueError):
    """A job, task number or host that the cluster does not have."""


def select_tasks(
    description: ClusterDescription,
    jobs: Sequence[str] = (),
    tasks: Sequence[int] = (),
    hosts: Sequence[str] = (),
) -> list[TaskSlot]:
    """The chosen tasks: jobs in start order, hosts by number, instances of one host in the order given.

    No ``jobs`` means all; ``tasks`` are numbers within each chosen job, ``hosts`` addresses (not both). A job without
    a task on the chosen hosts gives none. Raises BadSelection.
    """
    if tasks and hosts:
        raise BadSelection("choose by task numbers or by hosts, not by both")
    chosen = _chosen_jobs(description, jobs)
    unknown = [host for host in hosts if not any(host in job.addresses for job in chosen)]
    if unknown:
        raise BadSelection(f"no task of {', '.join(job.name for job in chosen)} is on host {unknown[0]}")
    slots: list[TaskSlot] = []
    for job in chosen:
        picked = (
            _numbered(job, tasks) if tasks else [slot for slot in job.tasks if not hosts or slot.host_address in hosts]
        )
        numbers = dict.fromkeys(slot.task_id for slot in picked)
        slots += sorted((job.tasks[number] for number in numbers), key=lambda slot: slot.host_id)
    return slots


def _chosen_jobs(description: ClusterDescription, names: Iterable[str]) -> list[JobDescription]:
    known = [job.name for job in description.jobs]
    for name in names:
        if name not in known:
            raise BadSelection(f"{description.name} has no job {name!r}; it has {', '.join(known)}")
    wanted = set(names)
    return [job for job in description.jobs if not wanted or job.name in wanted]


def _numbered(job: JobDescription, numbers: Iterable[int]) -> list[TaskSlot]:
    for number in numbers:
        if not 0 <= number < len(job.tasks):
            raise BadSelection(f"{job.name} has no task {number}; it has {len(job.tasks)}, numbered from 0")
    return [job.tasks[number] for number in numbers]
