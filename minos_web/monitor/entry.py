"""PURE. Where a cluster's own pages begin, and which version its daemons say they are."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from minos_common.states import TaskState
from minos_web.catalog.description import Service

VERSION = "version"
"""The word by which a daemon's figures tell its version."""


class TaskRow(Protocol):
    """What is looked at of a task."""

    job: Any
    state: Any
    texts: Any
    http_url: Any


def entry_of(service: Service | None, tasks: Iterable[TaskRow]) -> str:
    """Address of the page of the task that speaks for the cluster, e.g. of the active namenode; empty when none does."""
    wanted = service.entry if service else None
    if wanted is None or service is None:
        return ""
    figure = f"{service.name}.{wanted.figure}"
    for task in _running(tasks):
        speaks = task.job == wanted.job and (not wanted.figure or task.texts.get(figure) in wanted.values)
        if speaks and task.http_url.startswith(("http://", "https://")):
            return str(task.http_url)
    return ""


def versions_of(service: Service | None, tasks: Iterable[TaskRow]) -> list[str]:
    """What its running daemons say that they are, the most frequent first; several while an update is under way. Empty when
    none says so. A journalnode says "3.4.2, r84e8b89ee2eb" where the others say "3.4.2": these are one version.
    """
    if service is None:
        return []
    return frequent_versions((task.texts.get(f"{service.name}.{VERSION}"), 1) for task in _running(tasks))


def frequent_versions(said: Iterable[tuple[str | None, int]]) -> list[str]:
    """The same of texts and how many say each."""
    told: Counter[str] = Counter()
    for text, number in said:
        told[str(text or "").partition(",")[0].strip()] += number
    return [version for version, _ in told.most_common() if version]


def version_words(described: str, told: Sequence[str]) -> str:
    """A version for people: what daemons say; else what the description says, with that it is no more than that."""
    return " and ".join(told) or (f"{described} described" if described else "")


def _running(tasks: Iterable[TaskRow]) -> list[TaskRow]:
    return [task for task in tasks if task.state == TaskState.RUNNING]
