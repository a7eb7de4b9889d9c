"""A whole config directory taken in: first what would come of it, file by file, then all of it or nothing."""

import posixpath
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from sqlalchemy.orm import Session

from minos_web.catalog.loader import Catalog
from minos_web.clusterfile.check import check_file
from minos_web.clusterfile.old_files import OldFile, read_old_file
from minos_web.clusterfile.problems import Problem
from minos_web.clusterfile.tree import ConfigTree, MappingTree
from minos_web.console import Console
from minos_web.operations.describe import described_in, refresh_clusters
from minos_web.store import configdir
from minos_web.store.bundle import Bundle
from minos_web.store.configdir import BadContent, BadPath, Edit


class Fate(StrEnum):
    """What becomes of a file."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    LEFT_OUT = "left out"


@dataclass(frozen=True)
class Found:
    """One file of a bundle: ``why`` it is left out, ``problems`` with their lines, ``notes`` in sentences."""

    path: str
    fate: Fate
    why: str = ""
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def level(self) -> str:
        """The worst of its problems: error, warning or ok."""
        levels = {problem.level for problem in self.problems}
        return "error" if "error" in levels else "warning" if levels else "ok"


@dataclass(frozen=True)
class Report:
    """What would come of a bundle; ``files`` are those to be taken, by their path here."""

    found: tuple[Found, ...]
    files: Mapping[str, bytes] = field(repr=False)

    def count(self, fate: Fate) -> int:
        """How many files have this fate."""
        return Counter(one.fate for one in self.found)[fate]

    def level_count(self, level: str) -> int:
        """How many files are at worst this."""
        return Counter(one.level for one in self.found if one.fate is not Fate.LEFT_OUT)[level]


class Overlay:
    """What is saved with a bundle laid over it."""

    def __init__(self, saved: ConfigTree, files: Mapping[str, bytes]) -> None:
        self._saved, self._files = saved, MappingTree(dict(files))

    def read(self, path: str) -> str | None:
        """Text of a file, None when there is none. Raises NotText."""
        text = self._files.read(path)
        return text if text is not None else self._saved.read(path)

    def paths(self) -> Iterable[str]:
        """Path of every file."""
        return sorted({*self._saved.paths(), *self._files.paths()})


def rooted(bundle: Bundle) -> dict[str, bytes]:
    """The files of a bundle by their path below its config directory; files beside that keep their own name.

    The config directory is where deploy.cfg says, else what holds ``conf/``, else the whole.
    """
    top = _top_of(bundle.files)
    inside, beside = {}, {}
    for path, content in bundle.files.items():
        if not top or path.startswith(f"{top}/"):
            inside[path[len(top) + 1 :] if top else path] = content
        elif _is_understood(path):
            beside[path.rpartition("/")[2]] = content
    return {**beside, **inside}


def outside(bundle: Bundle) -> dict[str, str]:
    """What ``rooted`` leaves out because it stands beside the config directory: file or folder -> the reason."""
    top = _top_of(bundle.files)
    parent = f"{posixpath.dirname(top)}/".lstrip("/")
    counts: Counter[str] = Counter()
    for path in bundle.files if top else ():
        if not path.startswith(f"{top}/") and not _is_understood(path):
            start = parent if path.startswith(parent) else ""
            head, slash, _ = path.removeprefix(start).partition("/")
            counts[start + head + slash] += 1
    return {path: f"{_what(path, count)} beside the config directory, {top}" for path, count in counts.items()}


def _what(path: str, count: int) -> str:
    if not path.endswith("/"):
        return "it stands"
    return "its one file stands" if count == 1 else f"its {count} files stand"


def _is_understood(path: str) -> bool:
    return read_old_file(path, "") is not None


def _top_of(files: Mapping[str, bytes]) -> str:
    for path, content in files.items():
        if path.rpartition("/")[2] != "deploy.cfg":
            continue
        old = read_old_file(path, content.decode("utf-8", "replace"))
        if old is not None and old.config_dir and not old.config_dir.startswith(("/", "~")):
            top = posixpath.normpath(posixpath.join(posixpath.dirname(path), old.config_dir))
            if any(other.startswith(f"{top}/") for other in files):
                return top
    tops = {path[: path.find("conf/")].rstrip("/") for path in files if path.startswith("conf/") or "/conf/" in path}
    return min(tops, key=lambda top: (top.count("/"), top)) if tops else ""


def examine(session: Session, console: Console, bundle: Bundle) -> Report:
    """What would come of taking a bundle in. Nothing is written."""
    files = rooted(bundle)
    left_out = {**bundle.left_out, **outside(bundle)}
    found = [Found(path, Fate.LEFT_OUT, why) for path, why in left_out.items()]
    taken: dict[str, bytes] = {}
    for path, content in sorted(files.items()):
        try:
            configdir.check_path(path)
            configdir.check_content(content)
        except (BadPath, BadContent) as error:
            found.append(Found(path, Fate.LEFT_OUT, str(error)))
            continue
        taken[path] = content
    saved = configdir.tree_at(session)
    there = {path: content for path, (content, _at) in configdir.contents(session).items()}
    tree = Overlay(saved, taken)
    for path, content in taken.items():
        old = read_old_file(path, content.decode())
        problems = check_file(tree, path, console.catalog) if old is None else old.problems
        fate = Fate.SAME if there.get(path) == content else Fate.CHANGED if path in there else Fate.NEW
        found.append(Found(path, fate, "", tuple(problems), tuple(_notes(tree, path, old, console.catalog))))
    return Report(tuple(sorted(found, key=_urgency)), taken)


def _urgency(one: Found) -> tuple[int, str]:
    order = ["error", "warning", "ok"]
    return (order.index(one.level) if one.fate is not Fate.LEFT_OUT else 0, one.path)


def _notes(tree: ConfigTree, path: str, old: OldFile | None, catalog: Catalog) -> list[str]:
    if old is not None:
        return old.notes
    named = described_in(tree, path)
    if not named:
        return []
    service = catalog.get(named[0])
    warning = [service.warning] if service and service.warning else []
    return [f"Describes the {named[0]} cluster {named[1]}.", *warning]


def take_in(session: Session, console: Console, report: Report, edit: Edit) -> int:
    """Save every file of a report that is new or changed, in one go; how many. ``edit`` has author, time and note."""
    paths = [one.path for one in report.found if one.fate in (Fate.NEW, Fate.CHANGED)]
    for path in paths:
        configdir.save(session, Edit(path, edit.author, edit.now, edit.note), report.files[path])
    if paths:
        refresh_clusters(session, console, edit.now)
    return len(paths)
