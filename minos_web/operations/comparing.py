"""What an operation would change on the hosts: wanted parts of every task against those that its worker tells of."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field

import msgspec
from sqlalchemy.orm import Session

from minos_common.parts import PACKAGE, digest, digests_of, package_text, texts_of
from minos_common.words import PackageName
from minos_web.clusterfile.description import ClusterDescription, TaskSlot
from minos_web.clusterfile.problems import ClusterFileError
from minos_web.clusterfile.render import render_task
from minos_web.clusterfile.rendered import RenderedTask
from minos_web.console import Console
from minos_web.models.clusters import Task
from minos_web.models.packages import Package
from minos_web.operations.choosing import name_of
from minos_web.operations.differences import Change, PartDifference, fold
from minos_web.operations.drafting import Draft
from minos_web.operations.plan import Action
from minos_web.operations.refusal import Refused
from minos_web.operations.rendering import CannotRender, Renderer, context_of, host_dirs, slots_of
from minos_web.operations.wish import Wish

Made = dict[tuple[str, str, int], RenderedTask]
"""(job, address, instance or -1) -> the task as it is wanted."""
SENDING = frozenset({Action.BOOTSTRAP, Action.START, Action.RESTART, Action.ROLLING_UPDATE})


@dataclass(frozen=True)
class Comparison:
    """``differences`` of ``tasks`` tasks; ``untold`` are those whose worker does not tell what is on its host.

    ``whole`` is False where only the package would be sent.
    ``wanted`` and ``held`` are short names of all that is wanted, and of all that is there.
    """

    differences: tuple[PartDifference, ...] = ()
    tasks: int = 0
    untold: tuple[str, ...] = ()
    wanted: str = ""
    held: str = ""
    whole: bool = True


@dataclass
class _Sums:
    """Digests over all tasks, in their order."""

    wanted: "hashlib._Hash" = field(default_factory=hashlib.sha256)
    held: "hashlib._Hash" = field(default_factory=hashlib.sha256)

    def add(self, task: Task, wanted: dict[str, str]) -> None:
        for total, parts in ((self.wanted, wanted), (self.held, task.held or {})):
            total.update(f"{task.id} {sorted(parts.items())}\n".encode())


def compare(session: Session, console: Console, draft: Draft, wish: Wish, made: Made | None = None) -> Comparison:
    """How the hosts would change; ``made`` are tasks that somebody rendered already. Raises Refused when one cannot be
    rendered.
    """
    sends = bool(wish.options.get("update_config", True)) or draft.action is Action.BOOTSTRAP or bool(draft.way.back_to)
    if draft.description is None or draft.action not in SENDING:
        return Comparison()
    sent = _Sent(session, console)
    sums = _Sums()
    changes: list[Change] = []
    untold: list[str] = []
    for task, rendered in _rendered(session, console, draft, made or {}):
        wanted = _wanted(rendered, draft.package, task, sends)
        digests = digests_of(wanted)
        sums.add(task, digests)
        if task.bootstrapped and not task.held:
            untold.append(_label(task))
            continue
        changes += _changes(sent, task, wanted, digests if sends else {PACKAGE: digests.get(PACKAGE, "")})
    found = fold(changes, len(draft.tasks) - len(untold))
    return Comparison(
        tuple(found), len(draft.tasks), tuple(untold), sums.wanted.hexdigest()[:12], sums.held.hexdigest()[:12], sends
    )


def _rendered(session: Session, console: Console, draft: Draft, made: Made) -> Iterator[tuple[Task, RenderedTask]]:
    assert draft.description is not None
    dirs, context = host_dirs(session, console), context_of(console, draft.way.log_level)
    slots = slots_of(draft.description)
    for task in draft.tasks:
        place = (task.job, task.address, task.instance)
        try:
            yield task, made.get(place) or render_task(draft.description, slots[place], dirs, context)
        except KeyError:
            raise Refused("bad-config", f"the description has no {task.job} on {task.address}", "config") from None
        except ClusterFileError as error:
            raise Refused("bad-config", str(error), "config") from error


def _wanted(rendered: RenderedTask, package: Package | None, task: Task, sends: bool) -> dict[str, str]:
    """Part -> text of all that the operation would leave on the host."""
    found = texts_of(rendered.files, rendered.start, None) if sends else {}
    if package is not None:
        found[PACKAGE] = package_text(name_of(package))
    elif task.package:
        found[PACKAGE] = package_text(msgspec.convert(task.package, PackageName))
    return found


def _changes(sent: "_Sent", task: Task, wanted: dict[str, str], digests: dict[str, str]) -> Iterator[Change]:
    held = task.held or {}
    names = [name for name in {**digests, **(held if len(digests) > 1 else {})} if digests.get(name) != held.get(name)]
    if not names:
        return
    before = sent.texts(task) if held else {}
    for name in names:
        known = before.get(name)
        seen = name not in held or (known is not None and digest(known.encode(errors="surrogateescape")) == held[name])
        yield Change(_label(task), name, known if name in held else None, wanted.get(name), unseen=not seen)


class _Sent:
    """What the hosts of many tasks were sent, as far as that can still be made: each revision is read once."""

    def __init__(self, session: Session, console: Console) -> None:
        self._session, self._renderer = session, Renderer(console)
        self._dirs, self._context = host_dirs(session, console), context_of(console)
        self._known: dict[int, tuple[ClusterDescription, dict[tuple[str, str, int], TaskSlot]] | None] = {}

    def texts(self, task: Task) -> dict[str, str]:
        """Part -> text."""
        package = msgspec.convert(task.package, PackageName) if task.package else None
        found = {PACKAGE: package_text(package)} if package else {}
        known = self._at(task)
        slot = known[1].get((task.job, task.address, task.instance)) if known else None
        if known is None or slot is None:
            return found
        try:
            old = render_task(known[0], slot, self._dirs, self._context)
        except ClusterFileError:
            return found
        return texts_of(old.files, old.start, package)

    def _at(self, task: Task) -> tuple[ClusterDescription, dict[tuple[str, str, int], TaskSlot]] | None:
        """The cluster as its file was when the task's host was sent it."""
        if not task.config_revision.isdecimal() or len(task.config_revision) > 18:
            return None
        revision = int(task.config_revision)
        if revision not in self._known:
            cluster = task.cluster
            try:
                found = self._renderer.description(self._session, cluster.service, cluster.name, revision)
            except CannotRender:
                self._known[revision] = None
            else:
                self._known[revision] = (found, slots_of(found))
        return self._known[revision]


def _label(task: Task) -> str:
    return f"{task.job}/{task.number}"
