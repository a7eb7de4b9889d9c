"""What an operator asks for, and which tasks it is about."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_web.models.clusters import Cluster, Task
from minos_web.operations.plan import Action
from minos_web.operations.refusal import Refused


class NewOperation(msgspec.Struct, forbid_unknown_fields=True):
    """What is asked of a cluster by who writes JSON: the body of the API, and what a schedule keeps."""

    action: str
    jobs: list[str] = []
    tasks: list[int] = []
    hosts: list[str] = []
    options: dict[str, Any] = {}


@dataclass(frozen=True)
class Wish:
    """An action on a cluster, or on the part of it that jobs, task numbers and hosts (names or addresses) select.

    ``approved_by`` is the second person that looked at it, where one is asked for (operations/approving).
    ``may_override``: who asks may do what would leave others without service, with the option ``override``.
    Options: ``confirm`` (the cluster's name, typed), ``cleanup_password``, ``package_id``, ``update_package``,
    ``update_config`` (default true), ``plan`` (the id of a plan that somebody looked at: nothing else is done), and those
    of operations/manner.
    """

    service: str
    cluster: str
    action: str
    user: str
    now: float
    jobs: Sequence[str] = ()
    tasks: Sequence[int | str] = ()
    hosts: Sequence[str] = ()
    may_override: bool = False
    options: dict[str, Any] = field(default_factory=dict)
    approved_by: str = ""

    @property
    def selection(self) -> dict[str, Any]:
        """The selection as the operation keeps it."""
        return {"jobs": list(self.jobs), "tasks": [int(t) for t in self.tasks], "hosts": list(self.hosts)}


def action_of(wish: Wish) -> Action:
    """The action, checked. Raises Refused."""
    try:
        return Action(wish.action)
    except ValueError:
        known = ", ".join(Action)
        raise Refused("bad-action", f"there is no action {wish.action!r}; there are {known}", "action") from None


def cluster_of(session: Session, wish: Wish) -> Cluster:
    """The cluster's row. Raises Refused."""
    row = session.scalar(select(Cluster).filter_by(service=wish.service, name=wish.cluster, retired=False))
    if row is None:
        raise Refused("unknown-cluster", f"there is no cluster {wish.service}/{wish.cluster}", "cluster")
    return row


def selected_tasks(cluster: Cluster, wish: Wish) -> list[Task]:
    """The tasks that a wish is about. Raises Refused for a job, number or host that the cluster does not have."""
    chosen = list(cluster.tasks)
    if wish.jobs:
        _known("jobs", "job", set(wish.jobs), {task.job for task in chosen})
        chosen = [task for task in chosen if task.job in wish.jobs]
    if wish.tasks:
        numbers = {task_number(text) for text in wish.tasks}
        _known("tasks", "task", numbers, {task.number for task in chosen})
        chosen = [task for task in chosen if task.number in numbers]
    if wish.hosts:
        _known("hosts", "host", set(wish.hosts), {task.address for task in chosen})
        chosen = [task for task in chosen if task.address in wish.hosts]
    if not chosen:
        raise Refused("bad-selection", f"{cluster.service}/{cluster.name} has no task to {wish.action}", "tasks")
    return chosen


def task_number(text: int | str) -> int:
    """A task's number as somebody wrote it. Raises Refused."""
    try:
        return int(text)
    except ValueError:
        raise Refused("bad-selection", f"a task is named by its number, not by {text!r}", "tasks") from None


def _known(field_name: str, what: str, asked: set[Any], there: set[Any]) -> None:
    missing = sorted(asked - there, key=str)
    if missing:
        have = ", ".join(str(one) for one in sorted(there, key=str))
        raise Refused("bad-selection", f"the cluster has no {what} {missing[0]!r}; it has {have}", field_name)
