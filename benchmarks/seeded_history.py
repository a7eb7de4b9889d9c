"""What has happened on the seeded site: packages, operations, changes of tasks, alerts."""

import random
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from minos_web.models.alerts import Alert, AlertEvent
from minos_web.models.clusters import Cluster, Task, TaskChange
from minos_web.models.operations import Operation, Step
from minos_web.models.packages import Package

DAY = 86400.0
BIG_STEPS = 5000
"""Steps of the one big operation of a full site; it is under way."""
ARTIFACTS = {"zookeeper": 3.9, "hadoop": 3.4, "hbase": 2.6, "kafka": 3.9, "storm": 2.8}


def packages(session: Session, scale: float, chance: random.Random, now: float) -> None:
    """Their rows; the files are nowhere."""
    rows = []
    for number in range(max(5, int(300 * scale))):
        artifact = list(ARTIFACTS)[number % len(ARTIFACTS)]
        name = f"{artifact}-{ARTIFACTS[artifact]}.{number // 5}.tar.gz"
        rows.append(
            {
                "artifact": artifact, "name": name, "revision": f"{chance.getrandbits(40):010x}", "timestamp": "20260101-000000",
                "size": chance.randrange(10**7, 10**9), "sha256": f"{number:064x}", "sha1": "0" * 40, "uploaded_by": "admin",
                "uploaded_at": now - (300 - number) * 3600, "path": f"{artifact}/{name}", "version": f"{ARTIFACTS[artifact]}.{number // 5}",
            }
        )  # fmt: skip
    session.execute(insert(Package), rows)


def operations(session: Session, scale: float, chance: random.Random, now: float) -> None:
    """Many that ended, each with some steps; a few that are open, one of them with 5,000 steps."""
    clusters = session.scalars(select(Cluster.id).order_by(Cluster.id)).all()
    tasks: dict[int, list[tuple[int, str, int | None]]] = {}
    for task in session.execute(
        select(Task.id, Task.cluster_id, Task.job, Task.number, Task.host_id).order_by(Task.id)
    ):
        tasks.setdefault(task.cluster_id, []).append((task.id, f"{task.job}/{task.number}", task.host_id))
    biggest = max(clusters, key=lambda one: len(tasks.get(one, [])))
    steps: list[dict[str, Any]] = []
    for number in range(int(1000 * scale)):
        cluster, at = chance.choice(clusters), now - (1000 * scale - number) * 600
        state = chance.choices(("done", "failed", "cancelled"), (90, 7, 3))[0]
        row = _operation(cluster, chance.choice(("start", "stop", "restart")), state, at)
        row |= {"ended_at": at + 60, "message": "" if state == "done" else "2 steps failed"}
        made = _added(session, row)
        steps += [_step(made, place, one, state, at) for place, one in enumerate(tasks[cluster][:20])]
    for cluster in [one for one in clusters if one != biggest][:4]:
        made = _added(session, {**_operation(cluster, "restart", "running", now - 90), "open_cluster_id": cluster})
        steps += [_step(made, place, one, "waiting", now - 90) for place, one in enumerate(tasks[cluster][:50])]
    big = _operation(biggest, "rolling_update", "running", now - 1800)
    made = _added(session, {**big, "open_cluster_id": biggest, "wave_names": [f"Batch {n + 1}" for n in range(100)]})
    many, own = int(BIG_STEPS * scale), tasks[biggest]
    for place in range(many):
        state = "done" if place < many * 0.6 else "running" if place < many * 0.61 else "waiting"
        wave = place * 100 // many
        # Half an hour for 61 waves, the steps of one a little after each other.
        step = _step(made, place, own[place % len(own)], state, now - 1800 + wave * 29 + place % 50 * 0.3)
        steps.append({**step, "wave": wave})
    for start in range(0, len(steps), 2000):
        session.execute(insert(Step), steps[start : start + 2000])


def _operation(cluster: int, action: str, state: str, at: float) -> dict[str, Any]:
    return {
        "cluster_id": cluster, "action": action, "state": state, "created_by": "admin", "created_at": at, "started_at": at,
        "wave_names": [action.capitalize()], "selection": {"jobs": [], "tasks": [], "hosts": []}, "options": {},
    }  # fmt: skip


def _added(session: Session, values: dict[str, Any]) -> int:
    row = Operation(**values)
    session.add(row)
    session.flush()
    return row.id


def _step(operation: int, place: int, task: tuple[int, str, int | None], state: str, at: float) -> dict[str, Any]:
    ended = state in ("done", "failed", "cancelled")
    return {
        "operation_id": operation, "wave": 0, "position": place, "task_id": task[0], "host_id": task[2], "verb": "restart",
        "label": f"{task[1]} restart", "state": state, "command_id": f"seed-{operation}-{place}", "created_at": at,
        "created_by": "admin", "sent_at": None if state == "waiting" else at, "ended_at": at + 9 if ended else None,
        "message": "it did not answer in time" if state == "failed" else "",
    }  # fmt: skip


def changes(session: Session, scale: float, chance: random.Random, now: float) -> None:
    """Three days of tasks that came and went."""
    ids = session.scalars(select(Task.id).order_by(Task.id)).all()
    rows = []
    for number in range(int(20_000 * scale)):
        before, after = chance.choice((("RUNNING", "EXITED"), ("EXITED", "STARTING"), ("STARTING", "RUNNING")))
        at = now - chance.uniform(0, 3 * DAY)
        rows.append(
            {"event_key": f"seed-{number}", "task_id": chance.choice(ids), "at": at, "before": before, "after": after}
        )
    session.execute(insert(TaskChange), rows)


def alerts(session: Session, scale: float, chance: random.Random, now: float) -> None:
    """500 that are open, some acknowledged, some symptoms of others; and a thousand that are over."""
    rows = session.execute(
        select(Task.job, Task.number, Task.address, Cluster.service, Cluster.name)
        .join(Cluster, Cluster.id == Task.cluster_id)
        .order_by(Task.id)
    ).all()
    made: list[dict[str, Any]] = []
    for number in range(int(1500 * scale)):
        task = chance.choice(rows)
        is_open = number < 500 * scale
        level = chance.choices(("error", "warning", "info"), (3, 5, 2))[0]
        at = now - chance.uniform(600, 2 * DAY)
        key = f"task-down/{task.service}/{task.name}/{task.job}/{task.number}/{number}"
        made.append(
            {
                "key": key, "open_key": key if is_open else None, "rule": "task-down", "about": "task", "service": task.service,
                "cluster": task.name, "job": task.job, "number": task.number, "host": task.address, "level": level,
                "title": f"{task.job}/{task.number} of {task.name} does not run", "reason": "exit code 1", "since": at,
                "state": "firing" if is_open else "resolved", "fired_at": at, "checked_at": now, "resolved_at": None if is_open else at + 300,
                "seen": level, "told": True, "told_as": level, "acknowledged_at": at + 60 if number % 9 == 0 else None,
                "acknowledged_by": "admin" if number % 9 == 0 else "",
            }
        )  # fmt: skip
    session.execute(insert(Alert), made)
    ids = session.scalars(select(Alert.id).order_by(Alert.id)).all()
    session.execute(
        insert(AlertEvent),
        [{"alert_id": one, "at": now - 600, "kind": "firing", "text": "bad for 5 min"} for one in ids],
    )
