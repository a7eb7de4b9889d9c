"""Decommission and recommission: which tasks can, in which waves, and the mark in the cluster file that makes it last."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from minos_common.states import TaskState
from minos_web.catalog.clients import ClientStep
from minos_web.catalog.description import Job, Service
from minos_web.catalog.leaving import Leaving
from minos_web.clusterfile.description import LEAVES, ClusterDescription
from minos_web.clusterfile.edits import CannotWrite, with_values
from minos_web.clusterfile.everyday import JobPart, read_everyday
from minos_web.console import Console
from minos_web.models.clusters import Cluster, Task
from minos_web.operations.describe import file_of, refresh_clusters
from minos_web.operations.job_rules import errand_of, plan_task, rules_of
from minos_web.operations.minimums import copies_of
from minos_web.operations.plan import PREPARE_SECONDS, Action, PlannedStep, PlanTask, Wave, start_waves, step_for
from minos_web.operations.refusal import Refused
from minos_web.operations.wish import Wish, selected_tasks
from minos_web.store.configdir import Edit, save, tree_at


@dataclass(frozen=True)
class Part:
    """Tasks of one job that leave or come back, and the ``readers`` of the file in which they are named."""

    job: Job
    rule: Leaving
    tasks: tuple[Task, ...]
    readers: tuple[Task, ...]


def parts_of(action: Action, cluster: Cluster, service: Service | None, wish: Wish) -> list[Part]:
    """The chosen tasks by job. Raises Refused for what cannot leave, or has left."""
    if not (wish.jobs or wish.tasks or wish.hosts):
        raise Refused("bad-selection", f"choose the hosts or tasks to {action.words}", "tasks")
    able = {job.name: job for job in (service.jobs if service else ()) if job.leaving}
    chosen = [task for task in selected_tasks(cluster, wish) if task.job in able and task.described]
    if not chosen:
        known = ", ".join(able) or "none"
        text = f"none of these tasks can be {_done(action)}: of this service, that is known for {known}"
        raise Refused("cannot-leave", text, "tasks")
    parts = []
    for name, job in able.items():
        own = tuple(task for task in chosen if task.job == name)
        if own and job.leaving:
            _check(action, cluster, name, own)
            parts.append(Part(job, job.leaving, own, _readers(cluster, job.leaving)))
    return parts


def leaving_waves(
    action: Action, cluster: Cluster, service: Service | None, parts: Sequence[Part], seconds: float
) -> list[Wave]:
    """Waves for every part, one after another: looked at, told, waited for (at most ``seconds``), then stopped (or started
    first).
    """
    make = _gone if action is Action.DECOMMISSION else _back
    return [wave for part in parts for wave in make(cluster, service, part, seconds)]


def mark(session: Session, console: Console, cluster: Cluster, parts: Sequence[Part], wish: Wish) -> None:
    """Write into the cluster file which tasks are decommissioned, as a revision of its own. Raises Refused when somebody
    has to do it by hand.
    """
    leave = wish.action == Action.DECOMMISSION
    path = file_of(cluster)
    text = tree_at(session).read(path) or ""
    service = console.catalog[cluster.service]
    for part in read_everyday(text, service, None).jobs:
        numbers = {task.host_number for one in parts if one.job.name == part.name for task in one.tasks}
        text = _marked(text, part, numbers, leave)
    names = ", ".join(f"{task.job}/{task.number}" for part in parts for task in part.tasks)
    save(session, Edit(path, wish.user, wish.now, f"{wish.action} {names}"), text.encode())
    refresh_clusters(session, console, wish.now)


def copies_missing(description: ClusterDescription, job: Job, cluster: Cluster, going: Sequence[Task]) -> str:
    """Why those that stay when ``going`` leave cannot hold what is stored, in words; empty when they can."""
    copies = job.leaving.copies if job.leaving else None
    wanted = copies_of(description, job.name, copies) if copies else None
    stay = sum(t.job == job.name and t.described and not t.leaving and t not in going for t in cluster.tasks)
    if copies is None or wanted is None or stay >= wanted:
        return ""
    return (
        f"{stay} {job.name} tasks stay, and {copies.key} is {wanted}: what is stored in {wanted} copies has no place."
    )


def _check(action: Action, cluster: Cluster, name: str, own: Sequence[Task]) -> None:
    everyone = [task for task in cluster.tasks if task.job == name and task.described]
    hosts = {task.address for task in own}
    siblings = [task for task in everyone if task.address in hosts and task not in own]
    if siblings:
        text = f"{name}/{siblings[0].number} is on {siblings[0].address} too: a host's {name} tasks leave together"
        raise Refused("bad-selection", f"{text}, choose the host", "tasks")
    wrong = [task for task in own if task.leaving != (action is Action.RECOMMISSION)]
    if action is Action.RECOMMISSION and wrong:
        raise Refused("not-leaving", f"{name}/{wrong[0].number} is not decommissioned", "tasks")
    gone = [task for task in wrong if task.state == TaskState.STOPPED]
    if gone:
        raise Refused("leaving", f"{name}/{gone[0].number} is decommissioned already", "tasks")
    if action is Action.DECOMMISSION and not [t for t in everyone if not t.leaving and t not in own]:
        raise Refused("last", f"no {name} would stay: at least one has to take over", "tasks")
    raw = [task for task in own if not task.bootstrapped]
    if raw:
        raise Refused("not-bootstrapped", f"{name}/{raw[0].number} is not bootstrapped: nothing is on it", "tasks")


def _readers(cluster: Cluster, rule: Leaving) -> tuple[Task, ...]:
    found = tuple(task for task in cluster.tasks if task.job == rule.read_by and task.described and task.bootstrapped)
    if rule.read_by and not any(task.state == TaskState.RUNNING for task in found):
        raise Refused("not-running", f"no {rule.read_by} runs, and it must be told: start it first", "tasks")
    return found


def _gone(cluster: Cluster, service: Service | None, part: Part, seconds: float) -> list[Wave]:
    name, planned = part.job.name, [plan_task(task) for task in part.tasks]
    fresh = [task.id for task in part.tasks if not task.leaving]
    rules = next(one for one in rules_of(cluster, service, part.tasks) if one.name == name)
    stops = tuple(step_for(task, "stop", "stop", {}, rules.stop_seconds) for task in planned)
    return [
        _gate(part, "gone", fresh, True, seconds),
        *_tell(part),
        *(_errand(step, planned, f"{name}: ") for step in part.rule.each),
        _gate(part, "gone", fresh, False, seconds),
        Wave(f"Stop {name}", stops),
    ]


def _back(cluster: Cluster, service: Service | None, part: Part, seconds: float) -> list[Wave]:
    name, planned = part.job.name, [plan_task(task) for task in part.tasks]
    ids = [task.id for task in part.tasks]
    rules = next(one for one in rules_of(cluster, service, part.tasks) if one.name == name)
    sends = tuple(step_for(task, "prepare", "prepare", {"bootstrap": False}, PREPARE_SECONDS) for task in planned)
    return [
        *([_gate(part, "back", ids, True, seconds)] if part.rule.back else []),
        *_tell(part),
        *(_errand(step, planned, f"{name}: ") for step in part.rule.each_back),
        Wave(f"{name}: send package and files", sends),
        *start_waves(planned, rules),
        *([_gate(part, "back", ids, False, seconds)] if part.rule.back else []),
    ]


def _tell(part: Part) -> list[Wave]:
    """Bring those who must know the file in which the tasks are named (or no longer), and have them read it."""
    if not part.readers:
        return []
    readers = [plan_task(task) for task in part.readers]
    running = [plan_task(task) for task in part.readers if task.state == TaskState.RUNNING]
    sends = tuple(step_for(task, "prepare", "prepare", {"bootstrap": False}, PREPARE_SECONDS) for task in readers)
    waves = [Wave(f"{part.rule.read_by}: send files", sends)]
    return [*waves, *(_errand(step, running[:1], f"{part.rule.read_by}: ") for step in part.rule.tell)]


def _errand(step: ClientStep, tasks: Sequence[PlanTask], whose: str) -> Wave:
    errand = errand_of(step)
    return Wave(f"{whose}{errand.title}", tuple(errand.on(task) for task in tasks))


def _gate(part: Part, which: str, touched: Sequence[int], first: bool, seconds: float) -> Wave:
    """A step of the console itself, that ends when the facts of the catalog hold."""
    name = part.job.name
    args = {"job": name, "touched": list(touched), "first": first, "of": which}
    label = f"{name}: facts before anything is touched" if first else f"{name}: {_WAITS[which]}"
    title = f"Look how {name} is" if first else f"Wait until {name} {_WAITS[which]}"
    return Wave(title, (PlannedStep(None, "gate", label, args, 120.0 if first else seconds),))


_WAITS = {"gone": "can be stopped", "back": "serves again"}


def _marked(text: str, part: JobPart, numbers: set[int], leave: bool) -> str:
    values: dict[str, str | None] = {}
    for line in part.hosts:
        if line.number in numbers:
            others = tuple(pair for pair in line.attributes if pair.partition("=")[0] != LEAVES)
            pairs = (*others, f"{LEAVES}=yes") if leave else others
            values[line.key] = replace(line, attributes=pairs).value
    if len(values) < len(numbers):
        text = f"the host lines of {part.name} are not in the cluster's own file: write /{LEAVES}=yes there by hand"
        raise Refused("elsewhere", text, "config")
    try:
        return with_values(text, (part.name,), values) if values else text
    except CannotWrite as error:
        raise Refused("bad-config", str(error), "config") from error


def _done(action: Action) -> str:
    return f"{action.value}ed"
