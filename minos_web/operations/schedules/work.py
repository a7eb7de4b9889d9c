"""The words between the tick of schedules and the kinds of what they do."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from minos_web.console import Console
from minos_web.models.clusters import Cluster


@dataclass(frozen=True)
class Person:
    """In whose name something is done, and whether they administer the console."""

    name: str
    admin: bool


@dataclass(frozen=True)
class Work:
    """What a kind is given: ``cluster`` None for all or none; ``confirm`` is the cluster's name, typed when it is saved."""

    session: Session
    console: Console
    cluster: Cluster | None
    person: Person
    now: float
    confirm: str = ""


@dataclass(frozen=True)
class Begun:
    """What was begun: an operation, a client command, or neither. ``report`` (title, text) is to be told to ``recipients``;
    none: to whom the routes say.
    """

    operation: int | None = None
    run: int | None = None
    report: tuple[str, str] | None = None
    recipients: tuple[str, ...] = ()


@dataclass(frozen=True)
class Progress:
    """How far it is: running, done, failed, cancelled (by somebody), or stands (still, and waits for somebody)."""

    state: str
    message: str = ""
