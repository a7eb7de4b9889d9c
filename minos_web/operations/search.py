"""Looking for things by words: clusters, hosts, tasks, packages, config files and operations, a few of each, the best first."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, UnaryExpression, func, or_, select
from sqlalchemy.orm import Session

from minos_web.models.clusters import Cluster, Task
from minos_web.models.config import ConfigFile, ConfigRevision
from minos_web.models.hosts import Host
from minos_web.models.operations import Operation
from minos_web.models.packages import Package

LONGEST = 100
MOST_WORDS = 6
CANDIDATES = 60
"""Rows of one kind that are looked at; the best of them are shown."""
MOST_OF_ONE = 8
Within = Collection[int] | None
"""Ids of the clusters that somebody may see; None: all of them."""
_BREAKS = re.compile(r"[\s/]+")
_NUMBER = re.compile(r"#?(\d{1,18})")


@dataclass(frozen=True)
class Match:
    """A thing that was found: ``row`` it is, ``score`` says how well it fits (less is better)."""

    kind: str
    title: str
    row: Any
    score: int


@dataclass
class Matches:
    """All of them, the best of each kind first; ``more`` when some of a kind were left out."""

    found: list[Match] = field(default_factory=list)
    more: bool = False


def words_of(text: str) -> list[str]:
    """What is looked for: lower case, split at blanks and slashes; a few words count."""
    return [word for word in _BREAKS.split(text.lower()) if word][:MOST_WORDS]


def score(words: Iterable[str], texts: Sequence[str]) -> int | None:
    """How well all words fit into texts of a thing: 0 for each that is one of them, 1 where one begins with it, 2 where a part
    of one does, 3 where it is inside; None when a word is nowhere. PURE.
    """
    total = 0
    lowered = [text.lower() for text in texts]
    for word in words:
        best = min((_fit(word, text) for text in lowered), default=4)
        if best > 3:
            return None
        total += best
    return total


def look_for(session: Session, text: str, within: Within = None) -> Matches:
    """What fits all words of ``text``. ``within``: of these clusters only, and of what belongs to no cluster nothing."""
    words = words_of(text)
    matches = Matches()
    if not words:
        return matches
    for operation in _operations(session, text):
        if within is None or operation.cluster_id in within:
            matches.found.append(Match("operation", f"#{operation.id}", operation, 0))
    looked = [_clusters(session, words, within), _tasks(session, words, within)]
    if within is None:
        looked = [looked[0], _hosts(session, words), looked[1], _packages(session, words), _files(session, words)]
    for some in looked:
        found = sorted(some, key=lambda one: one.score)
        matches.found += found[:MOST_OF_ONE]
        matches.more = matches.more or len(found) > MOST_OF_ONE
    return matches


def clusters_and_tasks(session: Session, words: list[str], within: Within = None) -> list[Match]:
    """What an action may be about: clusters, or else tasks."""
    clusters = sorted(_clusters(session, words, within), key=lambda one: one.score)[:MOST_OF_ONE]
    return clusters or sorted(_tasks(session, words, within), key=lambda one: one.score)[:MOST_OF_ONE]


def _fit(word: str, text: str) -> int:
    at = text.find(word)
    if at < 0:
        return 4
    if at == 0:
        return 0 if text == word else 1
    return 2 if re.search(rf"[^a-z0-9]{re.escape(word)}", text) else 3


def _has(word: str, *columns: Any) -> ColumnElement[bool]:
    return or_(*(func.lower(column).contains(word, autoescape=True) for column in columns))


def _begins(word: str, column: Any) -> UnaryExpression[bool]:
    """For sorting: rows that begin with the word come first, however many others there are."""
    return func.lower(column).startswith(word, autoescape=True).desc()


def _matches(kind: str, words: list[str], rows: Iterable[tuple[str, Any, Sequence[str]]]) -> list[Match]:
    found = []
    for title, row, texts in rows:
        fits = score(words, texts)
        if fits is not None:
            found.append(Match(kind, title, row, fits))
    return found


def _operations(session: Session, text: str) -> list[Operation]:
    number = _NUMBER.fullmatch(text.strip().lower().removeprefix("operation").strip())
    found = session.get(Operation, int(number[1])) if number else None
    return [found] if found is not None else []


def _clusters(session: Session, words: list[str], within: Within) -> list[Match]:
    query = select(Cluster).where(Cluster.retired.is_(False))
    if within is not None:
        query = query.where(Cluster.id.in_(within))
    for word in words:
        query = query.where(_has(word, Cluster.service, Cluster.name, Cluster.description))
    rows = session.scalars(query.order_by(_begins(words[0], Cluster.name), Cluster.name).limit(CANDIDATES))
    texts = ((f"{one.service}/{one.name}", one, (one.name, one.service, one.description)) for one in rows)
    return _matches("cluster", words, texts)


def _hosts(session: Session, words: list[str]) -> list[Match]:
    query = select(Host)
    for word in words:
        query = query.where(_has(word, Host.name, Host.address))
    rows = session.scalars(query.order_by(_begins(words[0], Host.name), Host.name).limit(CANDIDATES))
    return _matches("host", words, ((one.name, one, (one.name, one.address)) for one in rows))


def _tasks(session: Session, words: list[str], within: Within) -> list[Match]:
    query = select(Task, Cluster, Host.name).join(Cluster).outerjoin(Host, Host.id == Task.host_id)
    query = query.where(Task.retired.is_(False))
    if within is not None:
        query = query.where(Task.cluster_id.in_(within))
    for word in words:
        texts = _has(word, Cluster.service, Cluster.name, Task.job, Task.address, Host.name)
        numbered = word.isascii() and word.isdigit() and len(word) < 9
        query = query.where(or_(Task.number == int(word), texts) if numbered else texts)
    order = (_begins(words[-1], Task.job), Cluster.service, Cluster.name, Task.job_order, Task.number)
    found = []
    for task, cluster, host in session.execute(query.order_by(*order).limit(CANDIDATES)):
        title = f"{cluster.service}/{cluster.name}/{task.job}/{task.number}"
        texts_of = (str(task.number), task.job, cluster.name, cluster.service, task.address, host or "")
        found.append((title, task, texts_of))
    return _matches("task", words, found)


def _packages(session: Session, words: list[str]) -> list[Match]:
    query = select(Package).where(Package.state != "deleted")
    for word in words:
        query = query.where(_has(word, Package.name, Package.artifact, Package.revision, Package.version))
    rows = session.scalars(query.order_by(_begins(words[0], Package.name), Package.id.desc()).limit(CANDIDATES))
    texts = ((one.name, one, (one.name, one.artifact, one.revision, one.version)) for one in rows)
    return _matches("package", words, texts)


def _files(session: Session, words: list[str]) -> list[Match]:
    """Files of the config directory that are there now."""
    newest = select(func.max(ConfigRevision.id)).group_by(ConfigRevision.file_id)
    alive = select(ConfigRevision.file_id).where(ConfigRevision.id.in_(newest), ConfigRevision.content.is_not(None))
    query = select(ConfigFile.path).where(ConfigFile.id.in_(alive))
    for word in words:
        query = query.where(_has(word, ConfigFile.path))
    rows = session.scalars(query.order_by(ConfigFile.path).limit(CANDIDATES))
    return _matches("config", words, ((path, path, (*path.lower().split("/"), path)) for path in rows))
