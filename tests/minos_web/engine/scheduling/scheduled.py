"""Schedules as tests of their tick make them, and what became of them."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_common.states import OperationState
from minos_web.console import Console
from minos_web.models.news import News
from minos_web.models.operations import Operation
from minos_web.models.schedules import Occurrence
from minos_web.operations.schedules import keeping
from minos_web.operations.schedules.keeping import Draft
from minos_web.operations.schedules.work import Person
from minos_web.operations.settle import end_operation
from minos_web.operations.submit import submit
from minos_web.operations.wish import Wish

NOW = 1_800_000_000.0
"""A Friday, 08:00 UTC."""
HOUR, DAY = 3600.0, 86400.0
RESTART = {"action": "restart", "options": {"update_config": False}}


def draft(**said: Any) -> Draft:
    fields = {"name": "nightly", "kind": "operation", "cluster": "zookeeper/dptst", "arguments": RESTART}
    fields |= {"timing": "every", "every": 3600, "at": NOW, "confirm": "dptst"}
    return Draft(**{**fields, **said})


def made(console: Console, who: str = "operator", now: float = NOW - 60, **said: Any) -> int:
    with console.writers.begin() as session:
        person = Person(who, who == "admin")
        return keeping.create(session, console, draft(**said), person, now).id


def times(read: Session) -> list[tuple[float, str]]:
    read.rollback()
    found = read.scalars(select(Occurrence).order_by(Occurrence.nominal_at))
    return [(one.nominal_at - NOW, one.state) for one in found]


def newest(read: Session) -> Occurrence:
    read.rollback()
    return read.scalars(select(Occurrence).order_by(Occurrence.id.desc()).limit(1)).one()


def operations(read: Session) -> list[Operation]:
    read.rollback()
    return list(read.scalars(select(Operation).order_by(Operation.id)))


def news(read: Session) -> list[tuple[str, str, str]]:
    read.rollback()
    return [(one.kind, one.level, one.title) for one in read.scalars(select(News).order_by(News.id))]


def end(console: Console, state: OperationState, message: str = "", now: float = NOW) -> None:
    """The open operation ends."""
    with console.writers.begin() as session:
        operation = session.scalars(select(Operation).where(Operation.open_cluster_id.is_not(None))).one()
        end_operation(session, operation, state, message, now)


def busy(console: Console, now: float) -> None:
    with console.writers.begin() as session:
        submit(session, console, Wish("zookeeper", "dptst", "show", "olga", now))
