"""What a service's folder says of its jobs, with the ports of a cluster's own tasks: the rules that a plan follows."""

from collections.abc import Sequence

from minos_web.catalog.clients import ClientStep
from minos_web.catalog.description import Job, Service, Wait
from minos_web.models.clusters import Cluster, Task
from minos_web.operations.plan import Action, JobRules, PlanTask, Target, WaitRule, Wave
from minos_web.operations.refusal import Refused
from minos_web.operations.rolling import NO_ERRANDS, Errand, Errands


def rules_of(cluster: Cluster, service: Service | None, tasks: Sequence[Task]) -> list[JobRules]:
    """Rules of every job in start order; jobs that only workers know come last, with no demands."""
    known = service.jobs if service else ()
    rules = [_rules(cluster, service, job) for job in known] if service else []
    return [*rules, *(JobRules(name) for name in strange_jobs(service, tasks))]


def strange_jobs(service: Service | None, tasks: Sequence[Task]) -> list[str]:
    """Jobs of tasks that the catalog does not know, in their described order."""
    known = {job.name for job in (service.jobs if service else ())}
    order = {task.job: (task.job_order, task.job) for task in tasks if task.job not in known}
    return sorted(order, key=lambda job: order[job])


def plan_task(task: Task) -> PlanTask:
    """A row as plans know it."""
    return PlanTask(task.id, task.job, task.number, task.address, f"{task.job}/{task.number} on {task.address}")


def joining_jobs(cluster: Cluster, service: Service | None) -> frozenset[str]:
    """Jobs of which only the first task begins something, and a task has begun it: others join what it holds."""
    first = {once.job for once in service.bootstrap if once.tasks == "first"} if service else set()
    return frozenset(task.job for task in cluster.tasks if task.job in first and task.bootstrapped)


def check_first(cluster: Cluster, service: Service, tasks: Sequence[Task]) -> None:
    """Tasks that join another one have it: it is there, or is brought up with them. Raises Refused."""
    joining = joining_jobs(cluster, service)
    for job in service.jobs:
        chosen = sorted(task.number for task in tasks if task.job == job.name)
        if job.first_alone and chosen and chosen[0] != 0 and job.name not in joining:
            text = (
                f"{job.name}/{chosen[0]} takes what it holds from {job.name}/0, which is not bootstrapped: choose both"
            )
            raise Refused("first-missing", text, "tasks")


def _rules(cluster: Cluster, service: Service, job: Job) -> JobRules:
    status = job.status
    return JobRules(
        job.name,
        ready={f"{cluster.service}.{name}": list(values) for name, values in status.ready.items()} if status else {},
        ready_seconds=status.ready_seconds if status else 0,
        start_seconds=job.lifecycle.start_seconds + 60,
        stop_seconds=job.lifecycle.stop_wait + 60,
        late=job.late,
        first_alone=job.first_alone,
        daemon=job.daemon,
        waits=tuple(_wait(cluster, wait) for wait in service.waits if wait.before == job.name),
    )


def _wait(cluster: Cluster, wait: Wait) -> WaitRule:
    tasks = [task for task in cluster.tasks if task.job == wait.of and task.described and wait.port in task.ports]
    if wait.of_tasks == "first":  # the first, or where a job waits for itself, one that holds something already
        holding = [task for task in tasks if task.bootstrapped] if wait.of == wait.before else []
        tasks = (holding or [task for task in tasks if task.number == 0])[:1]
    targets = tuple(Target(task.address, task.ports[wait.port], f"{task.job}/{task.number}") for task in tasks)
    name = targets[0].label if wait.of_tasks == "first" and targets else wait.of
    return WaitRule(name, targets, frozenset(map(Action, wait.at)), wait.of == wait.before, wait.seconds)


def in_rolling_order(service: Service | None, job: str, tasks: Sequence[Task]) -> list[Task]:
    """Tasks of one job by number, but those that lead (as they said last) at the end: they hand over once only."""
    known = next((one for one in service.jobs if one.name == job), None) if service else None
    wanted = known.roll_last if known else {}
    chosen = sorted((task for task in tasks if task.job == job), key=lambda task: task.number)

    def leads(task: Task) -> bool:
        return any(task.texts.get(f"{task.cluster.service}.{name}") in values for name, values in wanted.items())

    return [task for task in chosen if not leads(task)] + [task for task in chosen if leads(task)]


def most_together(cluster: Cluster, service: Service | None, job: str) -> int:
    """How many tasks of a job may be away at once without the rest failing to serve; 0: no limit is known."""
    known = next((one for one in service.jobs if one.name == job), None) if service else None
    if known is None:
        return 0
    members = sum(task.job == job and task.described for task in cluster.tasks)
    if known.quorum:
        return max(1, (members - 1) // 2)
    return 1 if known.roll_last or known.first_alone else 0


def errands_of(service: Service | None, job: str) -> Errands:
    """Client commands around restarts of this job's tasks."""
    known = service.job(job) if service else None
    if known is None:
        return NO_ERRANDS
    kinds = (known.vacate, known.reoccupy, known.before_all, known.after_all)
    return Errands(*(tuple(map(errand_of, steps)) for steps in kinds))


def clearing_waves(cluster: Cluster, service: Service | None, tasks: Sequence[Task]) -> list[Wave]:
    """What is done when ``tasks`` were cleaned up and nothing of their job is left on any host."""
    waves = []
    for job in service.jobs if service else ():
        own = [task for task in tasks if task.job == job.name and task.described]
        rest = [task for task in cluster.tasks if task.job == job.name and task.bootstrapped and task not in tasks]
        for step in job.after_cleanup if own and not rest else ():
            errand, first = errand_of(step), plan_task(min(own, key=lambda task: task.number))
            waves.append(Wave(errand.title, (errand.on(first),)))
    return waves


def errand_of(step: ClientStep) -> Errand:
    """A client command of the catalog as a plan has it."""
    args = {
        "command": step.command,
        "words": list(step.args),
        "input": step.input,
        "good_exits": list(step.good_exits),
        "evaluate": True,
    }
    return Errand(step.title, args, step.seconds)
