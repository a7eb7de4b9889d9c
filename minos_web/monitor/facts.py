"""Facts from workers onto rows, and how they are read back: with their age, and never as live when they are old."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_common.facts import BadFacts, Fact, pack, unpack
from minos_common.states import AT_REST_TASK_STATES, TaskState
from minos_common.words import FactGroup
from minos_web.catalog.description import Service
from minos_web.catalog.facts import FactKind, FactSource
from minos_web.catalog.loader import Catalog
from minos_web.models.clusters import Cluster, Task
from minos_web.models.facts import TaskFacts
from minos_web.models.hosts import Host
from minos_web.monitor.derived import told_the_same, with_growth, without_idle
from minos_web.monitor.ingest import tasks_of_host

log = logging.getLogger(__name__)

_OVER = AT_REST_TASK_STATES | {TaskState.BACKOFF}
FRESH_SECONDS = 120.0
"""Facts that are older are shown as old."""
GATHERINGS = 1.5
"""So many times the seconds between two gatherings of a daemon an answer may stay the same before nothing grows."""


def kinds_of(service: Service, job: str = "") -> Iterator[tuple[str, FactSource, FactKind]]:
    """Job, page and kind of everything that tasks of the service (or of one job) tell."""
    for one in service.jobs:
        for source in one.status.facts if one.status and job in ("", one.name) else ():
            yield from ((one.name, source, kind) for kind in source.kinds)


def take_facts(session: Session, catalog: Catalog, host: Host, groups: Sequence[FactGroup], now: float) -> None:
    """Keep the groups as the latest of their task and kind. Of tasks that no row names, and of kinds that the catalog does
    not know, nothing is kept: a worker cannot invent them.
    """
    tasks = tasks_of_host(session, host)
    for group in groups:
        task, service = tasks.get(group.task), catalog.get(group.task.service)
        known = {kind.name: (source, kind) for _, source, kind in kinds_of(service, group.task.job)} if service else {}
        if task is not None and group.kind in known:
            try:
                _take(session, task, *known[group.kind], group, now)
            except BadFacts as error:
                log.warning("%s of %s on %s: %s", group.kind, group.task, host.name, error)


def _take(session: Session, task: Task, source: FactSource, kind: FactKind, group: FactGroup, now: float) -> None:
    row = session.scalar(select(TaskFacts).filter_by(task_id=task.id, kind=kind.name))
    if row is None:
        row = TaskFacts(task_id=task.id, kind=kind.name, at=0.0, taken_at=0.0, run="", packed=b"", count=0, left_out=0)
        session.add(row)
    if group.error:
        row.error, row.error_at = group.error[:1000], now
        return
    facts, seconds = unpack(group.packed), group.at - row.taken_at
    if row.packed and row.run == group.run and seconds <= 0:
        return  # it came twice
    before = unpack(row.packed) if row.packed and row.run == group.run else []
    if before and seconds < GATHERINGS * source.gathered_seconds and told_the_same(facts, before):
        row.at, row.error, row.error_at = (
            now,
            "",
            None,
        )  # an answer from the same gathering: how it grew stays as it was
        return
    grown = with_growth(facts, before, seconds, kind.counters)
    row.packed, left_out = pack(without_idle(grown, kind.windows))
    row.count, row.left_out = len(facts) - left_out, group.left_out + left_out
    row.at, row.taken_at, row.run, row.error, row.error_at = now, group.at, group.run[:64], "", None


@dataclass(frozen=True)
class TaskTold:
    """What one task told of one kind. ``at`` is None when it never did; ``old``: too long ago to be shown as how it is."""

    task: Task
    at: float | None
    old: bool
    error: str = ""
    left_out: int = 0
    facts: list[Fact] = field(default_factory=list)


@dataclass(frozen=True)
class Told:
    """What the tasks of a cluster told of one kind; tasks of the job that never told are in it too."""

    tasks: list[TaskTold]

    @property
    def fresh(self) -> list[tuple[Task, Fact]]:
        """Facts as they are now, each with the task that tells it."""
        return [(one.task, fact) for one in self.tasks if not one.old for fact in one.facts]

    @property
    def facts(self) -> list[Fact]:
        """Facts as they are now."""
        return [fact for _, fact in self.fresh]

    @property
    def silent(self) -> list[TaskTold]:
        """Tasks whose facts are missing or old."""
        return [one for one in self.tasks if one.old]

    @property
    def at(self) -> float | None:
        """When the newest of them came; None: never."""
        return max((one.at for one in self.tasks if one.at is not None), default=None)

    @property
    def left_out(self) -> int:
        """How many facts did not fit."""
        return sum(one.left_out for one in self.tasks if not one.old)


def told_of(session: Session, service: Service | None, cluster: Cluster, kind: str, now: float) -> Told:
    """The facts of one kind of a cluster, in the order of its tasks; of tasks whose words are not those of the page's
    ``where``, nothing.
    """
    kinds = [(job, source, one) for job, source, one in (kinds_of(service) if service else ()) if one.name == kind]
    sources, unique = {job: source for job, source, _ in kinds}, any(one.unique for _, _, one in kinds)
    ids = [task.id for task in cluster.tasks if task.job in sources]
    found = session.scalars(select(TaskFacts).where(TaskFacts.kind == kind, TaskFacts.task_id.in_(ids)))
    rows = {row.task_id: row for row in found}
    counted = [task for task in cluster.tasks if task.job in sources and _counts(task, sources[task.job])]
    told = [_told(task, rows.get(task.id), now) for task in counted]
    return Told(_each_once(told) if unique else told)


def _each_once(told: list[TaskTold]) -> list[TaskTold]:
    """The same, where a key that two tasks tell is left to the one that told later."""
    teller = {}
    for number, one in sorted(enumerate(told), key=lambda pair: pair[1].at or 0.0):
        teller.update({fact.key: number for fact in ([] if one.old else one.facts)})
    kept = ([fact for fact in one.facts if teller.get(fact.key, number) == number] for number, one in enumerate(told))
    return [replace(one, facts=facts) for one, facts in zip(told, kept, strict=True)]


def _counts(task: Task, source: FactSource) -> bool:
    service = task.cluster.service
    return all(task.texts.get(f"{service}.{name}") in words for name, words in source.where.items())


def _told(task: Task, row: TaskFacts | None, now: float) -> TaskTold:
    if row is None:
        return TaskTold(task, None, True)
    old = not row.packed or now - row.at > FRESH_SECONDS or task.state in _OVER
    try:
        facts = unpack(row.packed) if row.packed else []
    except BadFacts as error:
        return TaskTold(task, row.at, True, str(error))
    return TaskTold(task, row.at if row.packed else None, old, row.error, row.left_out, facts)
