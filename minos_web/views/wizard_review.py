"""The last step of the wizard for a new cluster: its file, what is found in it, the plan, and what is made of it."""

from typing import Any

from pyramid.httpexceptions import HTTPForbidden, HTTPSeeOther
from pyramid.request import Request

from minos_web.clusterfile.description import ClusterDescription
from minos_web.clusterfile.edits import CannotWrite
from minos_web.clusterfile.load import load_cluster
from minos_web.clusterfile.merge import first_mark
from minos_web.clusterfile.problems import ClusterFileError, Problem
from minos_web.clusterfile.tree import cluster_path
from minos_web.models.cluster_drafts import ClusterDraft
from minos_web.models.people import Approval
from minos_web.operations.describe import WithOneText, check_saved, refresh_clusters
from minos_web.operations.layouts.answers import Answers
from minos_web.operations.layouts.drafts import keep
from minos_web.operations.layouts.foreseeing import Foreseen, foresee
from minos_web.operations.layouts.judging import judge
from minos_web.operations.layouts.making import ground_of, layout_of, text_of, with_changes
from minos_web.operations.plan import Action
from minos_web.operations.refusal import Refused
from minos_web.operations.wish import Wish
from minos_web.security.permissions import Permission
from minos_web.store import configdir
from minos_web.store.configdir import BadContent, Conflict, Edit
from minos_web.views.api.approvals import submit_or_ask
from minos_web.views.config_editing import problem_json, typed_text
from minos_web.views.frame import flash
from minos_web.views.presenting import sentence
from minos_web.views.wizard_forms import Errors, check_service, package_of
from minos_web.views.wizard_pages import frame


def read_review(request: Request, answers: Answers) -> None:
    """The text as it was typed; one that is as it was made counts as not changed."""
    if "text" not in request.POST:
        return
    made, typed = _made(request, answers), typed_text(request)
    same = typed.rstrip("\n") == made.rstrip("\n")
    answers.text, answers.text_base = ("", "") if same else (typed, made)


def review_page(request: Request, row: ClusterDraft, answers: Answers, errors: Errors) -> dict[str, Any]:
    """The file with findings at their lines, the checks, and the plan."""
    page = frame(request, row, answers, "review", errors)
    made = _made(request, answers)
    text, clashes = with_changes(answers, made)
    path = cluster_path(answers.service, answers.name)
    problems, description = _read(request, answers, text)
    foreseen = _foreseen(request, answers, description) if description else Foreseen()
    return {
        **page,
        "path": path,
        "text": text,
        "changed": text != made,
        "clashes": clashes,
        "problems": [problem_json(problem, path) for problem in problems],
        "broken": sum(problem.level == "error" for problem in problems),
        "notes": judge(request.db, request.console, description, request.now) if description else [],
        "foreseen": foreseen,
        "may_bootstrap": bool(request.has_permission(Permission.OPERATE)),
    }


def end(request: Request, row: ClusterDraft, answers: Answers) -> Any:
    """Make the cluster file, and with ``do=bootstrap`` also begin its bootstrap; or say why not, and make nothing."""
    doing = request.POST.get("do", "")
    if doing == "bootstrap" and not request.has_permission(Permission.OPERATE):
        raise HTTPForbidden("to bootstrap a cluster needs the role operator")
    errors = check_service(request, answers)
    text, clashes = with_changes(answers, _made(request, answers))
    problems, description = _read(request, answers, text)
    if errors or clashes or description is None or any(problem.level == "error" for problem in problems):
        return _refused(request, row, answers, errors)
    if doing not in ("create", "bootstrap"):
        return HTTPSeeOther(request.route_path("cluster_draft", id=row.id, step="review"))
    seen = request.POST.get("seal", "")
    if doing == "bootstrap" and seen and seen != _foreseen(request, answers, description).seal:
        words = "the plan is not the one that you looked at any more: look at it as it is now"
        return _refused(request, row, answers, {"": sentence(words)})
    try:
        _save(request, answers, text)
    except (Conflict, BadContent) as error:
        request.tm.doom()
        return _refused(request, row, answers, {"": sentence(error)})
    row.made = f"{answers.service}/{answers.name}"
    if doing == "create":
        keep(row, answers, request.now)
        flash(request, "success", f"{answers.name} is described. Nothing is on any host before you bootstrap it.")
        return HTTPSeeOther(request.route_path("cluster", service=answers.service, cluster=answers.name))
    return _bootstrap(request, row, answers)


def _bootstrap(request: Request, row: ClusterDraft, answers: Answers) -> Any:
    wish = _wish(request, answers)
    try:
        submitted = submit_or_ask(request, wish)
    except Refused as refused:
        request.tm.doom()  # the file is not kept either: the wizard is where it was
        return _refused(request, row, answers, {refused.field: sentence(refused.message)})
    if isinstance(submitted, Approval):
        keep(row, answers, request.now)
        return HTTPSeeOther(request.route_path("approval", id=submitted.id))
    operation = submitted.operation
    row.operation_id = operation.id
    keep(row, answers, request.now)
    request.audit("operation.bootstrap", row.made, operation=operation.id)
    if submitted.made_password:
        words = (
            f"Cleanup password of this cluster: {submitted.made_password} — write it down now, it is not shown again."
        )
        flash(request, "warning", f"{words} Without it the cluster's data cannot be deleted from here.")
    return HTTPSeeOther(request.route_path("operation", id=operation.id))


def _save(request: Request, answers: Answers, text: str) -> None:
    """The file as a revision. Raises Conflict when somebody made one of this name meanwhile, and BadContent."""
    path = cluster_path(answers.service, answers.name)
    before = configdir.read(request.db, path)
    edit = Edit(path, request.identity.user, request.now, f"new cluster {answers.name}", before.id if before else 0)
    saved = configdir.save(request.db, edit, text.encode())
    refresh_clusters(request.db, request.console, request.now)
    request.audit("config.save", path, revision=saved.id, number=saved.number, note=saved.note)


def _made(request: Request, answers: Answers) -> str:
    """The text that the answers make; what cannot be written is told by the checks of their steps."""
    service = request.console.catalog[answers.service]
    layout = layout_of(ground_of(request.db, request.console, service, answers, request.now), answers)
    try:
        return text_of(service, answers, layout, package_of(request, answers))
    except CannotWrite as error:
        return f"# {error}\n"


def _read(request: Request, answers: Answers, text: str) -> tuple[list[Problem], ClusterDescription | None]:
    """What is wrong with the text, and what it describes where it can be read at all."""
    path = cluster_path(answers.service, answers.name)
    mark = first_mark(text)
    if mark is not None:
        told = "what you changed and what the answers say now are both here: keep one of them, and take the marks away"
        return [Problem("error", path, mark, None, None, told)], None
    problems = check_saved(request.db, request.console, path, text)
    tree = WithOneText(configdir.tree_at(request.db, None), path, text)
    try:
        return problems, load_cluster(tree, answers.service, answers.name, request.console.catalog)
    except ClusterFileError:
        return problems, None


def _foreseen(request: Request, answers: Answers, description: ClusterDescription) -> Foreseen:
    return foresee(request.db, request.console, description, _wish(request, answers))


def _wish(request: Request, answers: Answers) -> Wish:
    given = request.POST if request.method == "POST" else {}
    options: dict[str, Any] = {
        "confirm": given.get("confirm", "").strip(),
        "cleanup_password": given.get("cleanup_password", ""),
    }
    package = package_of(request, answers)
    if package is not None:
        options["package_id"] = package.id
    who, now = request.identity.user, request.now
    return Wish(answers.service, answers.name, Action.BOOTSTRAP.value, who, now, options=options)


def _refused(request: Request, row: ClusterDraft, answers: Answers, errors: Errors) -> dict[str, Any]:
    request.response.status_int = 422
    return review_page(request, row, answers, errors)
