"""Failover drills: on test clusters only, the process that leads is killed on purpose, and its end is measured."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_common.states import TaskState
from minos_web.catalog.clients import ClientStep
from minos_web.catalog.description import Service
from minos_web.catalog.drills import Drill
from minos_web.catalog.loader import Catalog
from minos_web.models.clusters import Cluster, Task
from minos_web.models.drills import DrillGround
from minos_web.models.operations import Step
from minos_web.operations.job_rules import errand_of, plan_task
from minos_web.operations.plan import PlannedStep, Wave
from minos_web.operations.refusal import Refused

KILL = "kill"
"""The verb that kills."""
KILL_SECONDS = 30.0
PATIENCE = 3.0
"""Times the limit: so long a drill waits before it counts as failed. What is over the limit is slow."""
WELL_SECONDS = 600.0


def ground_of(session: Session, cluster: Cluster) -> DrillGround | None:
    """The mark of a test cluster."""
    return session.scalar(select(DrillGround).filter_by(cluster_id=cluster.id))


def mark_ground(session: Session, cluster: Cluster, test: bool, user: str, now: float) -> bool:
    """Make it a test cluster, or none any more; whether that is a change."""
    ground = ground_of(session, cluster)
    if (ground is not None) == test:
        return False
    if ground is not None:
        session.delete(ground)
    else:
        session.add(DrillGround(cluster_id=cluster.id, marked_at=now, marked_by=user))
    session.flush()
    return True


def why_spared(session: Session, catalog: Catalog, step: Step) -> str:
    """Why what was to be killed is not: it was chosen a while ago, and the drill may stand still or be tried again since."""
    operation, task = step.operation, step.task
    if operation is None or operation.cluster is None or task is None or ground_of(session, operation.cluster) is None:
        return "not killed: its cluster is not marked as a test cluster any more"
    service = catalog.get(operation.cluster.service)
    drill = service.drill(str(operation.options.get("drill") or "")) if service else None
    if drill is None or task.texts.get(f"{operation.cluster.service}.{drill.figure}") not in drill.values:
        return "not killed: it does not lead any more; begin a new drill"
    return ""


def drill_of(session: Session, service: Service | None, cluster: Cluster, options: dict[str, Any]) -> Drill:
    """The drill that the options name, if it may be carried out here. Raises Refused."""
    name = str(options.get("drill") or "")
    found = service.drill(name) if service else None
    if found is None:
        known = ", ".join(one.name for one in service.drills) if service else ""
        raise Refused("unknown-drill", f"there is no drill {name!r}; there are {known or 'none'}", "drill")
    if ground_of(session, cluster) is None:
        text = f"{cluster.name} is not marked as a test cluster, and a drill kills its daemons"
        raise Refused("no-test-cluster", f"{text}: an administrator marks it on its page of drills", "drill")
    return found


def victim_of(drill: Drill, cluster: Cluster) -> Task:
    """The one task that has the part now, by its last word. Raises Refused when there is none, several, or no other one."""
    tasks = [task for task in cluster.tasks if task.job == drill.job and task.described]
    figure = f"{cluster.service}.{drill.figure}"
    found = [task for task in tasks if task.state == TaskState.RUNNING and task.texts.get(figure) in drill.values]
    wanted = f"{drill.figure} {' or '.join(drill.values)}"
    if len(found) != 1:
        many = f"{len(found)} tasks" if found else "no task"
        raise Refused("no-victim", f"{many} of {drill.job} said last to be {wanted}, and one is needed", "drill")
    if not any(task is not found[0] and task.state == TaskState.RUNNING for task in tasks):
        raise Refused("no-successor", f"no other task of {drill.job} runs that could take over", "drill")
    return found[0]


def helper_of(drill: Drill, cluster: Cluster, victim: Task) -> Task:
    """The task on whose host client commands are run: not the one that is killed."""
    others = [task for task in cluster.tasks if task.job == drill.job and task.described and task.bootstrapped]
    return min((task for task in others if task is not victim), key=lambda task: task.number, default=victim)


def drill_waves(drill: Drill, cluster: Cluster, victim: Task, helper: Task, gated: bool) -> list[Wave]:
    """Look, write, kill, wait for who takes over, look again, read and write, clear away."""
    planned = plan_task(victim)
    kill = PlannedStep(planned, KILL, f"kill: {planned.label}", {}, KILL_SECONDS)
    args = {"job": drill.job, "figure": f"{cluster.service}.{drill.figure}", "values": list(drill.values)}
    patience = drill.limit_seconds * PATIENCE
    takeover = PlannedStep(None, "takeover", f"one is {' or '.join(drill.values)} again", args, patience)
    return [
        *(_gate(drill, victim, first=True) if gated else ()),
        *_commands(drill.before, helper),
        Wave(f"Kill the {drill.values[0]}", (kill,)),
        Wave("Wait until one takes over", (takeover,)),
        *(_gate(drill, victim, first=False) if gated else ()),
        *_commands(drill.after, helper),
        *_commands(drill.cleanup, helper, always=True),
    ]


def _gate(drill: Drill, victim: Task, first: bool) -> Sequence[Wave]:
    args = {"job": drill.job, "touched": [victim.id], "first": first}
    label = f"{drill.job}: facts before anything is killed" if first else f"{drill.job}: facts hold again"
    title = "Look how it is" if first else "Wait until all is well again"
    return [Wave(title, (PlannedStep(None, "gate", label, args, 120.0 if first else WELL_SECONDS),))]


def _commands(steps: Sequence[ClientStep], task: Task, always: bool = False) -> Sequence[Wave]:
    planned = plan_task(task)
    return [Wave(step.title, (errand_of(step).on(planned),), always=always) for step in steps]
