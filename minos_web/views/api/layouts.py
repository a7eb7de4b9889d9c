"""API: a layout recommended for a new cluster, with its cluster file. Nothing is written."""

from typing import Any

import msgspec
from pyramid.request import Request
from pyramid.view import view_config

from minos_web.catalog.description import Service
from minos_web.clusterfile.edits import CannotWrite
from minos_web.clusterfile.load import load_cluster
from minos_web.clusterfile.problems import ClusterFileError
from minos_web.clusterfile.tree import cluster_path
from minos_web.operations.describe import WithOneText, check_saved
from minos_web.operations.layouts.answers import Answers, artifact_of, hosts_chosen, level_of
from minos_web.operations.layouts.judging import judge
from minos_web.operations.layouts.looking import found
from minos_web.operations.layouts.making import Ground, ground_of, text_of
from minos_web.operations.layouts.parts import Layout, Note, Part, hosts_of
from minos_web.operations.preview import problem_json
from minos_web.security.permissions import Permission
from minos_web.store import configdir, packages
from minos_web.views.errors import Refusal
from minos_web.views.wizard_forms import check_package, check_service, package_of, version_of


class NewLayout(msgspec.Struct, forbid_unknown_fields=True):
    """What a layout is asked for. ``size`` empty: the middle one of the service; ``hosts`` empty: all approved ones;
    ``package_id`` 0: the newest of the service, unless ``version`` says one."""

    service: str
    name: str
    size: str = ""
    hosts: list[str] = []
    level: str = ""
    hdfs: str = ""
    package_id: int = 0
    version: str = ""
    pin: bool = False


@view_config(route_name="api_layouts", request_method="POST", renderer="json", permission=Permission.CONFIGURE)
def recommend(request: Request) -> dict[str, Any]:
    """Hosts, ports and heaps of each job with their reasons, the text of the file, and what is found in it."""
    body = msgspec.json.decode(request.body, type=NewLayout)
    service = _service(request, body)
    answers = _answers(request, body, service)
    ground = ground_of(request.db, request.console, service, answers, request.now)
    advised = ground.advised(_only(ground, body.hosts))
    answers.hosts = {job: list(hosts) for job, hosts in advised.hosts.items()}
    layout = ground.completed(hosts_chosen(answers, advised))
    layout.notes = list(dict.fromkeys([*advised.notes, *layout.notes]))
    try:
        text = text_of(service, answers, layout, package_of(request, answers))
    except CannotWrite as error:
        raise Refusal(422, "invalid", str(error), "name") from error
    return _told(request, answers, ground, layout, text)


def _service(request: Request, body: NewLayout) -> Service:
    service: Service | None = request.console.catalog.get(body.service)
    if service is None or not service.template:
        able = ", ".join(sorted(one.name for one in request.console.catalog.services.values() if one.template))
        raise Refusal(
            422, "invalid", f"there is no service {body.service!r} with a template; there are {able}", "service"
        )
    return service


def _answers(request: Request, body: NewLayout, service: Service) -> Answers:
    """The body as answers of the wizard, checked as they are. Raises Refusal."""
    if body.level not in ("", "tst", "prc", "srv"):
        raise Refusal(422, "invalid", "level must be tst, prc or srv", "level")
    size = body.size or service.begins[len(service.begins) // 2].name
    answers = Answers(service.name, body.name, size, body.level, body.hdfs, body.package_id, body.version, body.pin)
    _refuse(check_service(request, answers))
    if not answers.package and not answers.version:
        newest = packages.latest(request.db, artifact_of(service, answers.name))
        if newest is None:
            raise Refusal(422, "invalid", "the store has no package of this service: say the version", "version")
        answers.package = newest.id
    package = package_of(request, answers)
    if package is not None:
        answers.version = version_of(package)
    _refuse(
        {"package_id" if name == "package" else name: text for name, text in check_package(request, answers).items()}
    )
    return answers


def _refuse(errors: dict[str, str]) -> None:
    for name, text in errors.items():
        raise Refusal(422, "invalid", text, name)


def _only(ground: Ground, named: list[str]) -> Any:
    """The machines of these names or addresses, None for all of them. Raises Refusal for one that is no approved host."""
    if not named:
        return None
    machines, strange = found(ground.machines, named)
    if strange:
        raise Refusal(422, "invalid", f"no approved host is called {strange[0][:60]!r}, or has that address", "hosts")
    return machines


def _told(request: Request, answers: Answers, ground: Ground, layout: Layout, text: str) -> dict[str, Any]:
    path = cluster_path(answers.service, answers.name)
    problems = check_saved(request.db, request.console, path, text)
    tree = WithOneText(configdir.tree_at(request.db, None), path, text)
    try:
        description = load_cluster(tree, answers.service, answers.name, request.console.catalog)
    except ClusterFileError:
        checks: list[Note] = []
    else:
        checks = judge(request.db, request.console, description, request.now)
    return {
        "service": answers.service,
        "name": answers.name,
        "size": answers.size,
        "level": level_of(request.console.catalog[answers.service], answers),
        "version": answers.version,
        "path": path,
        "text": text,
        "jobs": [_job(part, ground, layout) for part in ground.parts],
        "findings": [_note(note) for note in layout.notes],
        "checks": [_note(note) for note in checks],
        "problems": [problem_json(problem) for problem in problems],
    }


def _job(part: Part, ground: Ground, layout: Layout) -> dict[str, Any]:
    machines = {machine.address: machine for machine in ground.machines}
    heap = layout.heaps[part.job]
    return {
        "job": part.job,
        "hosts": [
            {"host": machines[address].name, "address": address, "rack": machines[address].rack}
            for address in hosts_of(part, layout.hosts)
        ],
        "base_port": layout.ports.get(part.job),
        "heap": heap.text,
        "why": heap.why,
    }


def _note(note: Note) -> dict[str, str]:
    return {"level": note.level, "title": note.title, "text": note.text, "advice": note.advice}
