"""The everyday parts of a cluster file as a form: version, package, ports, hosts, instances, heaps."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pyramid.httpexceptions import HTTPNotFound
from pyramid.request import Request
from pyramid.view import view_config
from sqlalchemy import select

from minos_common import names
from minos_common.states import HostState
from minos_web.catalog.description import Service
from minos_web.clusterfile.description import ClusterDescription
from minos_web.clusterfile.edits import CannotWrite
from minos_web.clusterfile.everyday import Everyday, HostLine, JobPart, read_everyday
from minos_web.clusterfile.everyday_edits import new_hosts, write_everyday
from minos_web.clusterfile.load import load_cluster
from minos_web.clusterfile.problems import ClusterFileError
from minos_web.models.hosts import Host
from minos_web.operations.describe import check_saved, described_in
from minos_web.security.permissions import Permission
from minos_web.store import configdir, packages
from minos_web.views.config_editing import asked_path, editor, number_in, problem_json, save_text, text_of
from minos_web.views.presenting import sentence
from minos_web.views.side_by_side import side_by_side

_HEAP = re.compile(r"[0-9]{1,15}[kKmMgGtT]?")
_PORT = re.compile(r"[0-9]{1,5}")
_INSTANCES = re.compile(r"[0-9]{1,4}")


@dataclass
class _Opened:
    """A cluster file as it was when the form was made."""

    path: str
    service: Service
    cluster: str
    text: str
    based_on: int
    everyday: Everyday


@dataclass
class _Typed:
    """What a form sent: the parts as they shall be, new hosts as typed, and what is wrong by field name."""

    everyday: Everyday
    more: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


@view_config(
    route_name="config_form", request_method="GET", renderer="config_form.mako", permission=Permission.CONFIGURE
)
def form_page(request: Request) -> dict[str, Any]:
    """The form on the newest text."""
    opened = _open(request)
    return _page(request, opened, _Typed(opened.everyday))


@view_config(
    route_name="config_form", request_method="POST", renderer="config_form.mako", permission=Permission.CONFIGURE
)
def save_form(request: Request) -> Any:
    """Write the form's values into the text and save it; ``do=text`` opens the editor with it, unsaved.

    The text is that of the revision with which the form was made: what somebody saved meanwhile is merged like any edit.
    """
    opened = _open(request, number_in(request.POST.get("based_on", "0")))
    typed = _typed(opened, request.POST)
    text = opened.text
    if not typed.errors:
        try:
            text = write_everyday(opened.text, opened.everyday, _with_more(typed))
        except CannotWrite as error:
            typed.errors[""] = sentence(error)
    note = request.POST.get("note", "").strip()
    if request.POST.get("do") == "text" and not typed.errors:
        request.override_renderer = "config_file.mako"
        problems = check_saved(request.db, request.console, opened.path, text)
        page = editor(request, opened.path, text, opened.based_on, problems)
        return {**page, "note": note, "fresh": True, "stretches": side_by_side(opened.text, text)}
    problems = [] if typed.errors else check_saved(request.db, request.console, opened.path, text)
    if typed.errors or any(problem.level == "error" for problem in problems):
        request.response.status_int = 422
        found = [problem_json(problem, opened.path) for problem in problems if problem.level == "error"]
        return {**_page(request, opened, typed), "note": note, "problems": found}
    request.override_renderer = "config_file.mako"  # for what the editor has to settle
    return save_text(request, opened.path, text, opened.based_on, note)


def _open(request: Request, based_on: int = 0) -> _Opened:
    """The file of the URL as of the revision ``based_on`` (0: the newest). Raises HTTPNotFound for no cluster file."""
    path = asked_path(request)
    tree = configdir.tree_at(request.db)
    named = described_in(tree, path)
    service = request.console.catalog.get(named[0]) if named else None
    revisions = configdir.history(request.db, path)
    row = next((one for one in revisions if one.id == based_on), revisions[0] if revisions else None)
    if named is None or service is None or row is None or row.content is None:
        raise HTTPNotFound(f"{path} describes no cluster whose parts could be shown in a form.")
    text = text_of(row)
    description: ClusterDescription | None
    try:
        description = load_cluster(configdir.tree_at(request.db, row.id), *named, request.console.catalog)
    except ClusterFileError:
        description = None
    return _Opened(path, service, named[1], text, row.id, read_everyday(text, service, description))


def _typed(opened: _Opened, given: Mapping[str, str]) -> _Typed:
    before = opened.everyday
    typed = _Typed(before)
    version = given.get("version", before.version).strip()
    if not version or "%" in version:
        typed.errors["version"] = "Give the version of the software, e.g. 3.4.1."
    pin = given.get("pin", "kept")
    chosen = before.pin if pin == "kept" else _pin(pin)
    jobs = tuple(_job(job, given, typed) for job in before.jobs)
    typed.everyday = Everyday(version, chosen, jobs)
    return typed


def _pin(text: str) -> tuple[str, str, str] | None:
    name, _, rest = text.partition("|")
    revision, _, timestamp = rest.partition("|")
    return (name, revision, timestamp) if name and revision and timestamp else None


def _job(job: JobPart, given: Mapping[str, str], typed: _Typed) -> JobPart:
    if job.elsewhere:
        return job
    base_port = given.get(f"{job.name}.base_port", job.base_port).strip()
    if not _PORT.fullmatch(base_port) or int(base_port) % 100 or not 100 <= int(base_port) <= 65400:
        typed.errors[f"{job.name}.base_port"] = "A multiple of 100 between 100 and 65400."
    heap = given.get(f"{job.name}.heap", job.heap).strip().removeprefix("-Xmx")
    if heap and not _HEAP.fullmatch(heap):
        typed.errors[f"{job.name}.heap"] = "A number with k, m or g behind it, e.g. 4g; empty for what is inherited."
    if job.hosts_from:
        return replace(job, base_port=base_port, heap=heap)
    lines = tuple(_line(job, line, given, typed) for line in job.hosts if f"{job.name}.{line.key}.drop" not in given)
    more = given.get(f"{job.name}.more", "").strip()
    typed.more[job.name] = more
    try:
        new_hosts(more, list(lines))
    except CannotWrite as error:
        typed.errors[f"{job.name}.more"] = sentence(error)
    return replace(job, base_port=base_port, heap=heap, hosts=lines)


def _line(job: JobPart, line: HostLine, given: Mapping[str, str], typed: _Typed) -> HostLine:
    at = f"{job.name}.{line.key}"
    address = given.get(f"{at}.address", line.address).strip()
    instances = given.get(f"{at}.instances", line.instances).strip() or "1"
    attributes = tuple(given.get(f"{at}.attributes", " ".join(line.attributes)).split())
    try:
        names.check("host", address)
    except names.BadName:
        typed.errors[f"{at}.address"] = "A host name or an address."
    if not _INSTANCES.fullmatch(instances) or not int(instances):
        typed.errors[f"{at}.instances"] = "A number from 1 on."
    if any(pair.count("=") != 1 or "/" in pair for pair in attributes):
        typed.errors[f"{at}.attributes"] = "Pairs like rack=r1, with blanks between them."
    return replace(line, address=address, instances=instances, attributes=attributes)


def _with_more(typed: _Typed) -> Everyday:
    """The parts with the new hosts behind the old ones."""
    jobs = [
        replace(job, hosts=(*job.hosts, *new_hosts(typed.more.get(job.name, ""), list(job.hosts))))
        for job in typed.everyday.jobs
    ]
    return replace(typed.everyday, jobs=tuple(jobs))


def _page(request: Request, opened: _Opened, typed: _Typed) -> dict[str, Any]:
    approved = select(Host.name, Host.address).where(Host.state == HostState.APPROVED).order_by(Host.name)
    return {
        "section": "config",
        "title": f"{opened.cluster} as a form",
        "path": opened.path,
        "service": opened.service,
        "cluster_name": opened.cluster,
        "based_on": opened.based_on,
        "everyday": typed.everyday,
        "before": opened.everyday,
        "more": typed.more,
        "errors": typed.errors,
        "packages": packages.find(request.db, opened.service.artifact)[:200],
        "hosts": list(request.db.execute(approved)),
        "problems": [],
        "note": "",
        "dropped": {key.removesuffix(".drop") for key in request.POST if key.endswith(".drop")},
    }
