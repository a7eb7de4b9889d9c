"""Drift that is left as it is for a while: who said so, until when."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from minos_web.models.clusters import Task
from minos_web.models.drift import DriftIgnored
from minos_web.monitor.drift import drift_of
from minos_web.operations.refusal import Refused

HOURS = (1, 24, 7 * 24, 30 * 24)
"""For how long drift may be left alone."""


@dataclass(frozen=True)
class Leave:
    """``user`` wants ``part`` left as it is for ``hours``."""

    part: str
    hours: int
    user: str
    now: float


def ignored(session: Session, tasks: Iterable[Task], now: float) -> dict[int, dict[str, DriftIgnored]]:
    """Task id -> part -> what was said of it, as far as it still counts: its time is not over, and the same lies there."""
    rows = {task.id: task for task in tasks}
    found: dict[int, dict[str, DriftIgnored]] = {}
    for row in session.scalars(select(DriftIgnored).where(DriftIgnored.until > now)):
        task = rows.get(row.task_id)
        if task is not None and (task.held or {}).get(row.part, "") == row.held:
            found.setdefault(row.task_id, {})[row.part] = row
    return found


def ignore(session: Session, task: Task, leave: Leave) -> None:
    """Leave a part alone, or (0 hours) no longer. Raises Refused when there is nothing to leave."""
    if leave.hours not in (0, *HOURS):
        raise Refused("bad-hours", f"hours is one of {', '.join(map(str, HOURS))}, or 0 to look again", "hours")
    session.execute(delete(DriftIgnored).where(DriftIgnored.task_id == task.id, DriftIgnored.part == leave.part))
    if not leave.hours:
        return
    if leave.part not in drift_of(task).parts:
        raise Refused("no-drift", f"{leave.part!r} of {task.job}/{task.number} is as it is wanted", "part")
    held = (task.held or {}).get(leave.part, "")
    until = leave.now + leave.hours * 3600
    session.add(DriftIgnored(task_id=task.id, part=leave.part, held=held, until=until, by=leave.user, at=leave.now))
