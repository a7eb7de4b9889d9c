"""Where a line of a task's file comes from: who wrote it when, and which other tasks get it."""

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from minos_web.clusterfile.description import ClusterDescription
from minos_web.clusterfile.explain import Origin, explain_file
from minos_web.clusterfile.problems import ClusterFileError, Place
from minos_web.console import Console
from minos_web.models.clusters import Task
from minos_web.models.config import ConfigRevision
from minos_web.operations.rendering import CannotRender, Renderer, context_of, host_dirs, slot_of
from minos_web.store.configdir import current_revision, history

MOST_TASKS = 300
"""So many tasks of a cluster are asked for the same line."""


@dataclass(frozen=True)
class Written:
    """Who wrote a line: the revision of its file in which it first stood as it is."""

    author: str
    at: float
    number: int
    note: str


@dataclass(frozen=True)
class Spread:
    """Which tasks of the cluster get a line from the same place: ``same`` to the letter, ``other`` as (task, its line).
    ``left_out`` were not asked.
    """

    same: tuple[str, ...]
    other: tuple[tuple[str, str], ...]
    left_out: int = 0


def explained(session: Session, console: Console, task: Task, name: str) -> list[Origin]:
    """The lines of a file as a start would send it now. Raises KeyError for no such file, CannotRender."""
    return _Explaining(session, console, task).lines(task, name)


def spread(session: Session, console: Console, task: Task, name: str, line: Origin) -> Spread:
    """What the other tasks of the cluster get in the place of a line."""
    explaining = _Explaining(session, console, task)
    others = [one for one in task.cluster.tasks if one.described and one.id != task.id]
    same, other = [], []
    for one in others[:MOST_TASKS]:
        text = next((found.text for found in explaining.lines(one, name) if _alike(found, line)), None)
        label = f"{one.job}/{one.number}"
        if text == line.text:
            same.append(label)
        else:
            other.append((label, text if text is not None else "no such line"))
    return Spread(tuple(same), tuple(other), max(0, len(others) - MOST_TASKS))


def _alike(one: Origin, other: Origin) -> bool:
    return one.text == other.text if other.place is None else one.place == other.place


def description_of(session: Session, console: Console, task: Task) -> ClusterDescription:
    """The cluster of a task as it is described now. Raises CannotRender."""
    cluster = task.cluster
    return Renderer(console).description(session, cluster.service, cluster.name, current_revision(session))


class _Explaining:
    """Lines of many tasks of one cluster, at the newest revision."""

    def __init__(self, session: Session, console: Console, task: Task) -> None:
        self._description = description_of(session, console, task)
        self._dirs, self._context = host_dirs(session, console), context_of(console)

    def lines(self, task: Task, name: str) -> list[Origin]:
        slot = slot_of(self._description, task)
        try:
            return explain_file(self._description, slot, name, self._dirs, self._context)
        except ClusterFileError as error:
            raise CannotRender(str(error)) from error


def written(session: Session, place: Place) -> Written | None:
    """Who wrote the line at a place; None when its file is not one of the directory."""
    revisions = history(session, place.file)
    if not revisions or place.line is None:
        return None
    row = revisions[introduced([_lines(revision) for revision in revisions], place.line)]
    return Written(row.author, row.at, row.number, row.note)


def _lines(revision: ConfigRevision) -> list[str]:
    return (revision.content or b"").decode("utf-8", "replace").splitlines()


def introduced(texts: Sequence[list[str]], line: int) -> int:
    """PURE. ``texts`` are the revisions of a file, newest first; the index of the one that brought the newest's ``line``
    (from 1).
    """
    at = line - 1
    for index in range(len(texts) - 1):
        before = next(_before(texts[index + 1], texts[index], at), None)
        if before is None:
            return index
        at = before
    return max(len(texts) - 1, 0)


def _before(old: list[str], new: list[str], at: int) -> Iterator[int]:
    """Where line ``at`` of the new text stood in the old one."""
    for block in difflib.SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks():
        if block.b <= at < block.b + block.size:
            yield block.a + at - block.b
