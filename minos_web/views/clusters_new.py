"""The wizard for a new cluster: steps that are kept here while somebody thinks, and end in a cluster file."""

from typing import Any

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.request import Request
from pyramid.view import view_config

from minos_web.models.cluster_drafts import ClusterDraft
from minos_web.operations.layouts.answers import STEPS, Answers, forget_sizes
from minos_web.operations.layouts.drafts import CLUSTER, answers_of, begin, draft_of, keep
from minos_web.operations.refusal import Refused
from minos_web.security.permissions import Permission
from minos_web.views.frame import flash
from minos_web.views.presenting import sentence
from minos_web.views.wizard_forms import (
    CHECKS,
    Errors,
    read_hosts,
    read_package,
    read_service,
    read_sizes,
    services_of,
)
from minos_web.views.wizard_pages import hosts_page, package_page, service_page, sizes_page
from minos_web.views.wizard_review import end, read_review, review_page

_PAGES = {
    "service": service_page,
    "package": package_page,
    "hosts": hosts_page,
    "sizes": sizes_page,
    "review": review_page,
}


@view_config(
    route_name="clusters_new", request_method="GET", renderer="clusters_new.mako", permission=Permission.CONFIGURE
)
def new_page(request: Request) -> dict[str, Any]:
    """The first step, for the service that ``service`` names, and wizards that are open."""
    services = services_of(request)
    wanted = request.GET.get("service", "")
    names = [service.name for service in services]
    chosen = wanted if wanted in names else (names[0] if names else "")
    answers = Answers(service=chosen, size=_usual_size(request, chosen))
    return service_page(request, None, answers, {})


@view_config(
    route_name="clusters_new", request_method="POST", renderer="clusters_new.mako", permission=Permission.CONFIGURE
)
def begin_post(request: Request) -> Any:
    """Begin a wizard with the first step; ``pick`` only shows the questions of another service."""
    answers = Answers()
    read_service(answers, request.POST)
    if "pick" in request.POST:
        _pick(request, answers)
        return service_page(request, None, answers, {})
    errors = CHECKS["service"](request, answers)
    if errors:
        return _refused(request, service_page(request, None, answers, errors))
    try:
        row = begin(request.db, request.identity.user, CLUSTER, f"{answers.service} {answers.name}", request.now)
    except Refused as refused:
        return _refused(request, service_page(request, None, answers, {"name": sentence(refused.message)}))
    kept = answers_of(row)
    if kept.service:  # it was open already: what was said further on stays
        read_service(kept, request.POST)
        answers = kept
    keep(row, answers, request.now, STEPS[1])
    return HTTPSeeOther(_at(request, row, STEPS[1]))


@view_config(
    route_name="cluster_draft", request_method="GET", renderer="clusters_new.mako", permission=Permission.CONFIGURE
)
def step_page(request: Request) -> Any:
    """A step, as far as one has come."""
    row, step = _row(request), request.matchdict["step"]
    if row.made:
        return HTTPSeeOther(_made(request, row))
    answers = answers_of(row)
    wrong = _first_wrong(request, answers, step)
    if wrong is not None and wrong[0] != step:
        return HTTPSeeOther(_at(request, row, wrong[0]))
    return _PAGES[step](request, row, answers, {})


@view_config(
    route_name="cluster_draft", request_method="POST", renderer="clusters_new.mako", permission=Permission.CONFIGURE
)
def step_post(request: Request) -> Any:
    """Keep what was said, and go on, back, or to the step that ``go`` names; the last one ends the wizard."""
    row, step = _row(request), request.matchdict["step"]
    if row.made:
        return HTTPSeeOther(_made(request, row))
    answers = answers_of(row)
    errors = _read(request, step, answers)
    keep(row, answers, request.now)
    again = _again(request, row, step, answers)
    if again is not None:
        return again
    target = _target(request, step)
    if STEPS.index(target) < STEPS.index(step):
        return HTTPSeeOther(_at(request, row, target))  # going back asks for nothing to be right
    wrong = (step, errors) if errors else _first_wrong(request, answers, target)
    if wrong is not None:
        if wrong[0] != step:
            return HTTPSeeOther(_at(request, row, wrong[0]))
        return _refused(request, _PAGES[step](request, row, answers, wrong[1]))
    keep(row, answers, request.now, target)
    return HTTPSeeOther(_at(request, row, target))


@view_config(route_name="cluster_draft_delete", request_method="POST", permission=Permission.CONFIGURE)
def delete_post(request: Request) -> HTTPSeeOther:
    """Forget a wizard with all that was said in it."""
    row = _row(request)
    request.db.delete(row)
    flash(request, "success", f"The wizard for {row.title} is deleted. Nothing was made of it.")
    return HTTPSeeOther(request.route_path("clusters_new"))


def _read(request: Request, step: str, answers: Answers) -> Errors:
    """The form of a step into the answers, and what of it cannot even be kept."""
    given = request.POST
    match step:
        case "service":
            read_service(answers, given)
        case "package":
            read_package(request, answers, given)
        case "hosts":
            return read_hosts(request.console.catalog[answers.service], answers, given)
        case "sizes":
            read_sizes(request.console.catalog[answers.service], answers, given)
        case _:
            read_review(request, answers)
    return {}


def _again(request: Request, row: ClusterDraft, step: str, answers: Answers) -> Any:
    """What a button of the step itself does; None when it was one that leads elsewhere."""
    given = request.POST
    if step == "service" and "pick" in given:
        _pick(request, answers)
        keep(row, answers, request.now)
        return HTTPSeeOther(_at(request, row, step))
    if step == "hosts" and "recommend" in given:
        answers.hosts = {}
        forget_sizes(answers)
        keep(row, answers, request.now)
        return HTTPSeeOther(_at(request, row, step))
    if step == "sizes" and "recommend" in given:
        answers.ports, answers.heaps = {}, {}
        keep(row, answers, request.now)
        return HTTPSeeOther(_at(request, row, step))
    if step == "review" and "go" not in given:
        return end(request, row, answers)
    return None


def _pick(request: Request, answers: Answers) -> None:
    """Another service: its sizes are others."""
    name = request.POST["pick"]
    if name in [service.name for service in services_of(request)]:
        read_service(answers, {"service": name, "size": _usual_size(request, name), "level": answers.level})


def _usual_size(request: Request, name: str) -> str:
    """The size that is ticked first: the middle one, which is neither for trying out nor for many hosts."""
    service = request.console.catalog.get(name)
    sizes = service.begins if service else ()
    return sizes[len(sizes) // 2].name if sizes else ""


def _target(request: Request, step: str) -> str:
    """Where the pressed button leads; a step that there is."""
    go, here = str(request.POST.get("go", "next")), STEPS.index(step)
    if go in STEPS:
        return go
    return STEPS[max(0, here - 1)] if go == "back" else STEPS[min(len(STEPS) - 1, here + 1)]


def _first_wrong(request: Request, answers: Answers, before: str) -> tuple[str, Errors] | None:
    """The first step before this one in which something is wrong, and what."""
    for step in STEPS[: STEPS.index(before)]:
        errors = CHECKS[step](request, answers)
        if errors:
            return step, errors
    return None


def _refused(request: Request, page: dict[str, Any]) -> dict[str, Any]:
    request.response.status_int = 422
    return page


def _row(request: Request) -> ClusterDraft:
    row = draft_of(request.db, request.identity.user, CLUSTER, int(request.matchdict["id"]))
    if row is None:
        raise HTTPNotFound("There is no such wizard of yours: it was deleted, or nobody touched it for long.")
    return row


def _at(request: Request, row: ClusterDraft, step: str) -> str:
    return request.route_path("cluster_draft", id=row.id, step=step)  # type: ignore[no-any-return]


def _made(request: Request, row: ClusterDraft) -> str:
    """Where the wizard led: its operation, else its cluster."""
    if row.operation_id is not None:
        return request.route_path("operation", id=row.operation_id)  # type: ignore[no-any-return]
    service, _, name = row.made.partition("/")
    return request.route_path("cluster", service=service, cluster=name)  # type: ignore[no-any-return]
