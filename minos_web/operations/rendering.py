"""Steps and tasks made concrete: what exactly is sent to which worker. Reads rows and pinned revisions only."""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_common.verbs import (
    VERBS,
    BlockSource,
    BringArgs,
    ClientArgs,
    KeytabsArgs,
    PackageSource,
    PortCheck,
    PreflightArgs,
    PrepareArgs,
    RotateKeyArgs,
    SendLogArgs,
    UpgradeArgs,
)
from minos_common.words import PackageName, TaskName
from minos_web.clusterfile.description import ClusterDescription, TaskSlot
from minos_web.clusterfile.directories import HostDirs
from minos_web.clusterfile.evaluate import Context
from minos_web.clusterfile.load import load_cluster
from minos_web.clusterfile.problems import ClusterFileError
from minos_web.clusterfile.render import render_task
from minos_web.clusterfile.rendered import RenderedTask
from minos_web.clusterfile.tree import MappingTree, NotText
from minos_web.console import Console
from minos_web.models.clusters import Task, task_name
from minos_web.models.hosts import Host
from minos_web.models.operations import Step
from minos_web.models.packages import Package
from minos_web.operations.choosing import name_of, usual_package
from minos_web.operations.client_args import NoCommand, client_args, package_of_task
from minos_web.operations.client_args import Place as ClientPlace
from minos_web.operations.describe import instance_of
from minos_web.operations.keytabs import named_in
from minos_web.operations.refusal import Refused
from minos_web.security.keytabs import opened
from minos_web.security.sealing import CannotUnseal
from minos_web.security.tickets import For, make_ticket
from minos_web.store.configdir import SavedTree, current_revision, tree_at

MOST_TREES, MOST_DESCRIPTIONS = 4, 64
TICKET_SECONDS = 6 * 3600.0


class CannotRender(Exception):
    """A step that cannot be made concrete; the text says why."""


@dataclass(frozen=True)
class Rendered:
    """A task with what would be sent for it at one revision."""

    task: RenderedTask
    revision: int


class Renderer:
    """Makes the arguments of steps. Remembers parsed descriptions by revision, so it belongs to one thread."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._trees: OrderedDict[int, MappingTree] = OrderedDict()
        self._descriptions: OrderedDict[tuple[int, str, str], ClusterDescription] = OrderedDict()

    def args_of(self, session: Session, step: Step) -> msgspec.Struct:
        """Arguments of the step's verb. Raises CannotRender."""
        if step.verb in ("upgrade", "rotate-key"):  # about a host, not a task
            return self._upgrade(session, step) if step.verb == "upgrade" else RotateKeyArgs()
        if step.task is None:
            raise CannotRender("the task of this step is gone")
        task = step.task
        name = task_name(task, task.cluster.service, task.cluster.name)
        makers = {
            "prepare": self._prepare,
            "preflight": self._preflight,
            "client": self._client,
            "bring": self._bring,
            "keep-keytabs": self._keytabs,
        }
        if step.verb in makers:
            return makers[step.verb](session, step, task, name)
        if step.verb == "send-log":
            return self._send_log(step, name)
        return msgspec.convert({"task": msgspec.to_builtins(name), **step.args}, VERBS[step.verb])

    def render(
        self, session: Session, task: Task, revision: int, join: bool = False, log_level: str = ""
    ) -> RenderedTask:
        """One task as the config directory at ``revision`` describes it; ``join``: with what is done once by a task that
        joins others; ``log_level``: in place of the described one. Raises CannotRender."""
        description = self.description(session, task.cluster.service, task.cluster.name, revision)
        slot = slot_of(description, task)
        try:
            dirs, context = host_dirs(session, self._console), context_of(self._console, log_level)
            return render_task(description, slot, dirs, context, join)
        except ClusterFileError as error:
            raise CannotRender(str(error)) from error

    def description(self, session: Session, service: str, cluster: str, revision: int) -> ClusterDescription:
        """A cluster as described at ``revision``. Raises CannotRender."""
        key = (revision, service, cluster)
        if key not in self._descriptions:
            try:
                found = load_cluster(self._tree(session, revision), service, cluster, self._console.catalog)
            except (ClusterFileError, NotText) as error:
                raise CannotRender(str(error)) from error
            self._descriptions[key] = found
            if len(self._descriptions) > MOST_DESCRIPTIONS:
                self._descriptions.popitem(last=False)
        self._descriptions.move_to_end(key)
        return self._descriptions[key]

    def _tree(self, session: Session, revision: int) -> MappingTree:
        """The whole directory in memory: what is remembered must not hang on a session."""
        if revision not in self._trees:
            saved = tree_at(session, revision)
            self._trees[revision] = MappingTree(_texts(saved))
            if len(self._trees) > MOST_TREES:
                self._trees.popitem(last=False)
        return self._trees[revision]

    def _prepare(self, session: Session, step: Step, task: Task, name: TaskName) -> PrepareArgs:
        assert step.operation is not None
        bootstrap = bool(step.args.get("bootstrap"))
        options, revision = step.operation.options, step.operation.config_revision
        join, log_level = bool(step.args.get("join")), str(options.get("log_level") or "")
        rendered = self.render(session, task, revision, join, log_level)
        self._opened(session, task, rendered)  # what would not come up for want of one is not prepared
        return PrepareArgs(
            task=name,
            package=self._package(session, step),
            files=rendered.files,
            start=rendered.start,
            config_revision=str(step.operation.config_revision),
            bootstrap=bootstrap,
            actions=[once.action for once in rendered.bootstrap.actions] if bootstrap else [],
            data_dir_indexes=rendered.bootstrap.data_dir_indexes,
        )

    def _keytabs(self, session: Session, step: Step, task: Task, name: TaskName) -> KeytabsArgs:
        assert step.operation is not None
        rendered = self.render(session, task, step.operation.config_revision)
        return KeytabsArgs(name, self._opened(session, task, rendered))

    def _opened(self, session: Session, task: Task, rendered: RenderedTask) -> dict[str, bytes]:
        names = named_in(rendered)
        if not names:
            return {}
        try:
            found, missing = opened(session, self._console.secret, task.cluster, task.address, names)
        except CannotUnseal as error:
            raise CannotRender(f"a keytab of {task.cluster.name} cannot be opened: {error}") from error
        if missing:
            text = f"its files name {missing[0]}, and no keytab of that name was given for {task.address}"
            raise CannotRender(f"{text}: upload it on the cluster's page Keytabs")
        return found

    def _bring(self, session: Session, step: Step, task: Task, name: TaskName) -> BringArgs:
        source = self._package(session, step)
        if source is None:
            raise CannotRender("the package of this step is gone")
        return BringArgs(name, source)

    def _preflight(self, session: Session, step: Step, task: Task, name: TaskName) -> PreflightArgs:
        package = _package_row(session, step)
        host = task.address
        return PreflightArgs(
            task=name,
            ports=[PortCheck(host, port, port_name) for port_name, port in sorted(task.ports.items())],
            bootstrap=bool(step.args.get("bootstrap")),
            package_bytes=package.size * 3 if package else 0,  # the tarball and what it unpacks to
            main=self._main(session, step, task),
        )

    def _main(self, session: Session, step: Step, task: Task) -> str:
        """The java class that the task runs; empty where that cannot be told, as what is sent later will say."""
        try:
            entry = self.render(session, task, step.operation.config_revision if step.operation else 0).start.main_entry
        except CannotRender:
            return ""
        return entry[0] if entry and "." in entry[0] else ""

    def _upgrade(self, session: Session, step: Step) -> UpgradeArgs:
        source = self._package(session, step)
        if source is None:
            raise CannotRender("the package of this step is gone")
        return UpgradeArgs(source)

    def _package(self, session: Session, step: Step) -> PackageSource | None:
        package = _package_row(session, step)
        if package is None or step.host_id is None:
            return None
        return self._source(step, name_of(package), package)

    def _source(self, step: Step, name: PackageName, package: Package) -> PackageSource:
        url = f"{self._console.settings.url.rstrip('/')}/api/v1/packages/{package.id}"
        blocks = BlockSource(package.manifest, package.blocks_size, f"{url}/spread") if package.manifest else None
        ticket = self._ticket(step, For.PACKAGE, package.id)
        return PackageSource(name, package.size, f"{url}/file", ticket, blocks)

    def _send_log(self, step: Step, name: TaskName) -> SendLogArgs:
        url = f"{self._console.settings.url.rstrip('/')}/api/v1/log-files/{step.id}/piece"
        return SendLogArgs(name, step.args["name"], url, self._ticket(step, For.LOG_FILE, step.id))

    def _client(self, session: Session, step: Step, task: Task, name: TaskName) -> ClientArgs:
        revision = step.operation.config_revision if step.operation else int(step.args["revision"])
        description = self.description(session, task.cluster.service, task.cluster.name, revision)
        dirs, context = host_dirs(session, self._console), context_of(self._console)
        place = ClientPlace(description, slot_of(description, task), dirs, context)
        inputs = [self._input(step, number, file) for number, file in enumerate(step.args.get("files", ()))]
        try:
            return client_args(place, name, step.args, self._package_of(session, step, task, description), inputs)
        except NoCommand as error:
            raise CannotRender(str(error)) from error

    def _package_of(
        self, session: Session, step: Step, task: Task, description: ClusterDescription
    ) -> PackageSource | None:
        """What the task has on its host, or would get; one that is no longer in the store may still be there."""
        has = package_of_task(session, task)
        try:
            name, row = has or usual_package(session, description)
        except Refused as refused:
            raise CannotRender(refused.message) from refused
        if row is None:
            return PackageSource(name, 0, "", "")
        return self._source(step, name, row)

    def _input(self, step: Step, number: int, file: dict[str, Any]) -> PackageSource:
        url = f"{self._console.settings.url.rstrip('/')}/api/v1/run-files/{step.id}/{number}"
        name = PackageName("input", file["name"], "given", "20000101-000000", file["sha256"])
        return PackageSource(name, file["size"], url, self._ticket(step, For.RUN_FILE, step.id))

    def _ticket(self, step: Step, purpose: For, number: int) -> str:
        """Counted from the first sending, so that a repeated command is the same to the letter."""
        expires = (step.sent_at or step.resent_at or step.created_at) + TICKET_SECONDS
        return make_ticket(self._console.secret, purpose, number, step.host_id or 0, expires)


def rendered_task(session: Session, console: Console, task: Task, revision: int | None = None) -> Rendered:
    """One task as described at ``revision`` (the newest when None), for pages. Raises CannotRender."""
    at = current_revision(session) if revision is None else revision
    return Rendered(Renderer(console).render(session, task, at), at)


def slot_of(description: ClusterDescription, task: Task) -> TaskSlot:
    """The described slot of a task row. Raises CannotRender when the description does not have it."""
    job = description.all_jobs.get(task.job)
    for slot in job.tasks if job else ():
        if (slot.host_address, instance_of(slot)) == (task.address, task.instance):
            return slot
    raise CannotRender(f"the cluster file at this revision has no {task.job} on {task.address}")


def slots_of(description: ClusterDescription) -> dict[tuple[str, str, int], TaskSlot]:
    """Every described slot by job, address and instance (-1 where the host has one): for whoever looks for many."""
    return {
        (job.name, slot.host_address, instance_of(slot)): slot
        for job in description.all_jobs.values()
        for slot in job.tasks
    }


class DirsByAddress(dict[str, HostDirs]):
    """Roots by address; a host that never said hello has the ini's defaults."""

    def __init__(self, default: HostDirs) -> None:
        super().__init__()
        self._default = default

    def get(self, address: str, _other: object = None) -> HostDirs:  # type: ignore[override]
        """Roots of an address."""
        try:
            return self[address]
        except KeyError:
            return self._default


def host_dirs(session: Session, console: Console) -> DirsByAddress:
    """Roots of every address, as the workers told them."""
    told = console.settings
    data_dirs = tuple(told.default_data_dirs.split())
    known = DirsByAddress(HostDirs(told.default_app_root, told.default_log_root, data_dirs, told.default_package_root))
    for name, address, roots in session.execute(select(Host.name, Host.address, Host.roots).where(Host.address != "")):
        if roots:
            dirs = HostDirs(roots["app"], roots["log"], tuple(roots["data"]), roots["package"])
            known[name] = known[address] = dirs
    return known


def context_of(console: Console, log_level: str = "") -> Context:
    """The words of the language that are the site's own; ``log_level`` as an operator asked for it, empty: as described."""
    return Context(remote_user=console.settings.remote_user, log_level=log_level)


def _texts(tree: SavedTree) -> dict[str, str | bytes]:
    texts: dict[str, str | bytes] = {}
    tree.read_ahead()
    for path in tree.paths():
        text: str | bytes | None
        try:
            text = tree.read(path)
        except NotText:
            text = b"\xff"  # stays unreadable, and hurts only who reads it
        if text is not None:
            texts[path] = text
    return texts


def _package_row(session: Session, step: Step) -> Package | None:
    if step.operation is None or step.operation.package_id is None:
        return None
    return session.get(Package, step.operation.package_id)
