"""A cluster's page of what is watched beside processes: policies, what is wrong by them, and what ended unexpectedly."""

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.view import view_config
from sqlalchemy import func, select

from minos_web.models.clusters import Cluster
from minos_web.models.crashes import Crash
from minos_web.monitor.watch_policies import MemoryWatch, PageWatch, Policy, policies_of
from minos_web.operations.refusal import Refused
from minos_web.security.permissions import Permission
from minos_web.views.api.watching import keep, wrong_now
from minos_web.views.clusters import cluster_frame, jobs_of
from minos_web.views.finding import found_cluster
from minos_web.views.frame import flash
from minos_web.views.paging import Page, wanted_page
from minos_web.views.watch_words import parse_number, parse_size, size_text, texts_of

ROWS = 50


@view_config(
    route_name="cluster_watching", request_method="GET", renderer="cluster_watching.mako", permission=Permission.VIEW
)
def page(request: Request) -> dict[str, Any]:
    """What there is; ``edit`` names the job whose policy stands in the form."""
    cluster = found_cluster(request)
    job = request.GET.get("edit", "")
    own = next((one for one in policies_of(request.db, cluster) if one.job == job), None)
    return _page(request, cluster, None, texts_of(own or Policy(job, PageWatch())))


@view_config(
    route_name="cluster_watching",
    request_method="POST",
    renderer="cluster_watching.mako",
    permission=Permission.OPERATE,
)
def change(request: Request) -> Any:
    """Keep one policy, or with ``delete`` (a job; empty: every job) forget one; back to the form when it is refused."""
    cluster, given = found_cluster(request), request.POST
    others = policies_of(request.db, cluster)
    job = given["delete"] if "delete" in given else given.get("job", "")
    others = [one for one in others if one.job != job]
    try:
        if "delete" in given:
            keep(request, cluster, others)
        else:
            keep(request, cluster, [*others, _policy(given)])
    except Refused as refused:
        request.tm.doom()
        request.response.status_int = 422
        refused.field = _form_field(refused.field)
        return _page(request, cluster, refused, dict(given))
    whose = f"of {job}" if job else "of every job"
    flash(request, "success", f"The policy {whose} is {'deleted' if 'delete' in given else 'kept'}.")
    return HTTPSeeOther(request.route_path("cluster_watching", service=cluster.service, cluster=cluster.name))


def _policy(given: Any) -> Policy:
    """The policy that a form says: what has no checks (page) or no size (memory) is not watched. Raises Refused."""

    def text(name: str) -> str:
        return str(given.get(name, "")).strip()

    page = memory = None
    if text("page_checks"):
        page = PageWatch(
            checks=int(parse_number(text("page_checks"), "page_checks", whole=True)),
            seconds=parse_number(text("page_seconds"), "page_seconds"),
            grace=parse_number(text("page_grace"), "page_grace"),
            figure=text("page_figure"),
            values=text("page_values").split(),
            action=text("page_action") or "tell",
        )
    if text("memory_bytes"):
        memory = MemoryWatch(
            bytes=parse_size(text("memory_bytes"), "memory_bytes"),
            checks=int(parse_number(text("memory_checks") or "3", "memory_checks", whole=True)),
            action=text("memory_action") or "tell",
        )
    most = int(parse_number(text("most_per_hour") or "3", "most_per_hour", whole=True))
    return Policy(text("job"), page, memory, most)


def _form_field(field: str) -> str:
    """policies[1].page.checks -> page_checks; a policy as a whole is told at its first field."""
    _, found, rest = field.rpartition("].")
    if found:
        return rest.replace(".", "_")
    return "page_checks" if field.startswith("policies") else field


def _page(request: Request, cluster: Cluster, refused: Refused | None, given: dict[str, Any]) -> dict[str, Any]:
    ended = select(Crash).where(Crash.cluster_id == cluster.id)
    total = request.db.scalar(select(func.count()).select_from(ended.subquery())) or 0
    number = min(wanted_page(request.GET), max(1, -(-total // ROWS)))
    service = request.console.catalog.get(cluster.service)
    rows = request.db.scalars(ended.order_by(Crash.at.desc(), Crash.id.desc()).offset((number - 1) * ROWS).limit(ROWS))
    return {
        **cluster_frame(request, cluster),
        "policies": policies_of(request.db, cluster),
        "wrong": wrong_now(request, cluster),
        "jobs": list(jobs_of(request, cluster)),
        "page": Page(list(rows), number, ROWS, total),
        "refused": refused,
        "given": given,
        "can_drill": bool(service and service.drills),
        "size_text": size_text,
        "batch_seconds": request.console.settings.crash_batch_seconds,
    }
