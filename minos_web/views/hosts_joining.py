"""The last steps of the wizard that adds hosts: into which jobs of which cluster, what that changes, and how it went."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pyramid.request import Request
from sqlalchemy import select

from minos_common.states import OPERATION_ENDED, StepState
from minos_web.clusterfile.description import ClusterDescription
from minos_web.clusterfile.edits import CannotWrite
from minos_web.clusterfile.load import load_cluster
from minos_web.clusterfile.problems import ClusterFileError
from minos_web.clusterfile.tree import cluster_path
from minos_web.models.cluster_drafts import ClusterDraft
from minos_web.models.clusters import Cluster, Task
from minos_web.models.hosts import Host
from minos_web.models.operations import Operation, Step
from minos_web.models.people import Approval
from minos_web.operations.describe import WithOneText, check_saved, refresh_clusters
from minos_web.operations.layouts.drafts import keep
from minos_web.operations.layouts.foreseeing import Foreseen, foresee
from minos_web.operations.layouts.joining import fresh_tasks, jobs_to_join, with_hosts
from minos_web.operations.layouts.judging import judge
from minos_web.operations.layouts.parts import Note
from minos_web.operations.plan import Action
from minos_web.operations.refusal import Refused
from minos_web.operations.wish import Wish
from minos_web.security.permissions import Permission
from minos_web.store import configdir
from minos_web.store.configdir import BadContent, Conflict, Edit
from minos_web.views.api.approvals import submit_or_ask
from minos_web.views.badges import Badge, task_badge
from minos_web.views.config_editing import number_in, problem_json, text_of
from minos_web.views.frame import flash
from minos_web.views.presenting import sentence
from minos_web.views.side_by_side import Stretch, side_by_side


@dataclass(frozen=True)
class Preview:
    """A cluster's file with the hosts in it: what changes, what is found, what a bootstrap of the new tasks would do."""

    text: str
    based_on: int
    stretches: list[Stretch]
    problems: list[dict[str, Any]]
    notes: list[Note]
    fresh: list[tuple[str, str]]
    foreseen: Foreseen

    @property
    def broken(self) -> bool:
        """Whether the file could not be saved."""
        return any(problem["level"] == "error" for problem in self.problems)


@dataclass(frozen=True)
class Outcome:
    """How it went on one host: its tasks with their badges; ``failed`` says why it did not go well, empty: it did, or goes on."""

    address: str
    tasks: list[tuple[Task, Badge]]
    failed: str


def cluster_page(request: Request, row: ClusterDraft, hosts: Sequence[Host]) -> dict[str, Any]:
    """Clusters and jobs to choose from, and the preview of what is chosen."""
    named = str(row.answers.get("cluster", ""))
    wanted = select(Cluster).where(Cluster.retired.is_(False)).order_by(Cluster.service, Cluster.name)
    clusters = list(request.db.scalars(wanted))
    preview, trouble, jobs = None, "", list[tuple[str, str]]()
    chosen = list(row.answers.get("jobs", []))
    if named:
        try:
            before = _described(request, named)
            jobs = jobs_to_join(before)
            if chosen and hosts:
                preview = _preview(request, named, before, chosen, [host.address for host in hosts])
        except (Refused, CannotWrite) as error:
            trouble = sentence(error)
    return {
        "clusters": clusters,
        "chosen": named,
        "jobs": jobs,
        "ticked": chosen,
        "ready": [host.name for host in hosts],
        "preview": preview,
        "trouble": trouble,
        "may_change": request.may(Permission.CONFIGURE, named),
        "given": request.POST if request.method == "POST" else {},
    }


def cluster_post(request: Request, row: ClusterDraft) -> dict[str, str] | None:
    """Choose a cluster or its jobs, or apply what is shown; what is wrong by field."""
    given, doing = request.POST, request.POST.get("do", "")
    if doing not in ("save", "apply"):
        named = given.get("cluster", "")
        same = named == row.answers.get("cluster", "")
        keep(row, {**row.answers, "cluster": named, "jobs": given.getall("job") if same else []}, request.now)
        return None
    named, jobs = str(row.answers.get("cluster", "")), list(row.answers.get("jobs", []))
    try:
        addresses = [host.address for host in _ready(request, row)]
        preview = _preview(request, named, _described(request, named), jobs, addresses)
        request.require(Permission.CONFIGURE, named)
        _check(preview, given)
        _save(request, named, preview, number_in(given.get("based_on", "0")))
        operation = _bootstrap(request, named, preview.fresh) if doing == "apply" else None
    except (Refused, CannotWrite, Conflict, BadContent) as error:
        request.tm.doom()
        return {getattr(error, "field", "") or "": sentence(error)}
    row.made, row.operation_id = named, operation.id if operation else None
    keep(row, {**row.answers, "fresh": [list(one) for one in preview.fresh]}, request.now)
    row.step = "done"
    return None


def done_page(request: Request, row: ClusterDraft) -> dict[str, Any]:
    """How it went on each host."""
    operation = request.db.get(Operation, row.operation_id) if row.operation_id else None
    outcomes = outcomes_of(request, row, operation)
    over = operation is None or operation.state in OPERATION_ENDED
    service, _, name = row.made.partition("/")
    return {
        "operation": operation,
        "outcomes": outcomes,
        "over": over,
        "failed": [one.address for one in outcomes if one.failed] if over and operation is not None else [],
        "cluster_service": service,
        "cluster_name": name,
        "given": request.POST if request.method == "POST" else {},
    }


def done_post(request: Request, row: ClusterDraft) -> dict[str, str] | None:
    """Bootstrap those that failed once more, and nobody else."""
    operation = request.db.get(Operation, row.operation_id) if row.operation_id else None
    failed = {one.address for one in outcomes_of(request, row, operation) if one.failed}
    left = [
        (task.job, task.address) for task in _tasks(request, row) if task.address in failed and not task.bootstrapped
    ]
    try:
        if not left:
            raise Refused("nothing-failed", "none of them failed: what is bootstrapped is started on its own page")
        again = _bootstrap(request, row.made, left)
    except Refused as refused:
        request.tm.doom()
        return {refused.field: sentence(refused.message)}
    row.operation_id = again.id if again else row.operation_id
    keep(row, row.answers, request.now)
    return None


def outcomes_of(request: Request, row: ClusterDraft, operation: Operation | None) -> list[Outcome]:
    """Each host with its new tasks."""
    by_address: dict[str, list[Task]] = {}
    for task in _tasks(request, row):
        by_address.setdefault(task.address, []).append(task)
    steps: dict[int | None, Step] = {}
    for step in operation.steps if operation else ():
        if step.state in (StepState.FAILED, StepState.UNKNOWN):
            steps.setdefault(step.task_id, step)
    over = operation is not None and operation.state in OPERATION_ENDED
    found = []
    for address, tasks in by_address.items():
        bad = next((steps[task.id] for task in tasks if task.id in steps), None)
        left = [task for task in tasks if not task.bootstrapped]
        why = f"{bad.label}: {bad.message or bad.state}" if bad else ""
        why = why or (f"{left[0].job} was not bootstrapped" if over and left else "")
        hosts = {task.host_id: request.db.get(Host, task.host_id) if task.host_id else None for task in tasks}
        badges = [
            (task, task_badge(task, hosts[task.host_id], request.console.settings, request.now)) for task in tasks
        ]
        found.append(Outcome(address, badges, why))
    return found


def _tasks(request: Request, row: ClusterDraft) -> list[Task]:
    service, _, name = row.made.partition("/")
    wanted = {(str(job), str(address)) for job, address in row.answers.get("fresh", [])}
    rows = request.db.scalars(
        select(Task)
        .join(Cluster)
        .where(Cluster.service == service, Cluster.name == name, Task.retired.is_(False))
        .order_by(Task.address, Task.job_order, Task.number)
    )
    return [task for task in rows if (task.job, task.address) in wanted]


def _ready(request: Request, row: ClusterDraft) -> list[Host]:
    names = list(row.answers.get("hosts", {}))
    hosts = request.db.scalars(select(Host).where(Host.name.in_(names), Host.state == "approved").order_by(Host.name))
    return list(hosts)


def _described(request: Request, named: str) -> ClusterDescription:
    """The cluster as its file describes it now. Raises Refused."""
    service, _, name = named.partition("/")
    row = request.db.scalar(select(Cluster).filter_by(service=service, name=name, retired=False))
    if row is None:
        raise Refused("unknown-cluster", f"there is no cluster {named[:100]!r}", "cluster")
    try:
        return load_cluster(configdir.tree_at(request.db, None), service, name, request.console.catalog)
    except ClusterFileError as error:
        raise Refused(
            "bad-config", f"its file has errors, mend them first: {error.problems[0].message}", "cluster"
        ) from error


def _preview(
    request: Request, named: str, before: ClusterDescription, jobs: Sequence[str], addresses: Sequence[str]
) -> Preview:
    """What the file would say. Raises Refused and CannotWrite."""
    if not jobs:
        raise Refused("no-jobs", "tick at least one job", "job")
    path = cluster_path(before.service.name, before.name)
    latest = configdir.read(request.db, path)
    text = text_of(latest)
    after = with_hosts(text, before, jobs, addresses)
    problems = check_saved(request.db, request.console, path, after)
    fresh: list[tuple[str, str]] = []
    notes: list[Note] = []
    foreseen = Foreseen()
    try:
        tree = WithOneText(configdir.tree_at(request.db, None), path, after)
        description = load_cluster(tree, before.service.name, before.name, request.console.catalog)
    except ClusterFileError:
        pass  # the problems say it
    else:
        fresh = fresh_tasks(before, description)
        notes = judge(request.db, request.console, description, request.now)
        wish = _wish(request, named, fresh)
        foreseen = foresee(request.db, request.console, description, wish, set(fresh)) if fresh else foreseen
    told = [problem_json(problem, path) for problem in problems]
    return Preview(after, latest.id if latest else 0, side_by_side(text, after), told, notes, fresh, foreseen)


def _check(preview: Preview, given: Any) -> None:
    """What was looked at is what is done. Raises Refused."""
    if not preview.fresh:
        raise Refused("nothing-new", "these hosts have all of these jobs already", "job")
    if preview.broken:
        raise Refused("bad-config", "the file would have errors: they stand below", "job")
    if given.get("seal", preview.foreseen.seal) != preview.foreseen.seal:
        raise Refused("plan-changed", "the plan is not the one that you looked at any more: look at it as it is now")


def _save(request: Request, named: str, preview: Preview, based_on: int) -> None:
    service, _, name = named.partition("/")
    path = cluster_path(service, name)
    note = f"{len({address for _, address in preview.fresh})} hosts added"
    edit = Edit(path, request.identity.user, request.now, note, based_on or preview.based_on)
    saved = configdir.save(request.db, edit, preview.text.encode())
    refresh_clusters(request.db, request.console, request.now)
    request.audit("config.save", path, revision=saved.id, number=saved.number, note=saved.note)


def _bootstrap(request: Request, named: str, fresh: Sequence[tuple[str, str]]) -> Operation | None:
    """An operation on just these tasks; None where a second person has to approve it first. Raises Refused."""
    request.require(Permission.OPERATE, named)
    jobs, hosts = {job for job, _ in fresh}, {address for _, address in fresh}
    if len(jobs) * len(hosts) != len(set(fresh)):
        raise Refused(
            "bad-selection", "some of these hosts have some of these jobs already: add one job at a time", "job"
        )
    submitted = submit_or_ask(request, _wish(request, named, fresh))
    if isinstance(submitted, Approval):
        at = request.route_path("approval", id=submitted.id)
        flash(request, "info", f"The file is saved. The bootstrap waits for a second person: see {at}.")
        return None
    request.audit("operation.bootstrap", named, operation=submitted.operation.id, hosts=sorted(hosts))
    return submitted.operation


def _wish(request: Request, named: str, fresh: Sequence[tuple[str, str]]) -> Wish:
    service, _, name = named.partition("/")
    given = request.POST if request.method == "POST" else {}
    return Wish(
        service,
        name,
        Action.BOOTSTRAP.value,
        request.identity.user,
        request.now,
        jobs=sorted({job for job, _ in fresh}),
        hosts=sorted({address for _, address in fresh}),
        options={"confirm": given.get("confirm", "").strip()},
    )
