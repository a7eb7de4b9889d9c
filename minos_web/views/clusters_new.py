"""A new cluster: a few questions make a first description, which opens in the editor."""

import re
from typing import Any

from pyramid.request import Request
from pyramid.view import view_config
from sqlalchemy import select

from minos_common.states import HostState
from minos_web.catalog.description import Service
from minos_web.catalog.newcluster import new_cluster_text
from minos_web.clusterfile.tree import cluster_path
from minos_web.models.clusters import Task
from minos_web.models.hosts import Host
from minos_web.operations.describe import check_saved
from minos_web.security.permissions import Permission
from minos_web.store import configdir, packages
from minos_web.views.config_editing import editor
from minos_web.views.forms import ClusterForm

FIRST_PORT = 12000
_BASE_PORT = re.compile(r"^(\s*base_port\s*=\s*)(\d+)", re.MULTILINE)
_VERSION = re.compile(r"-(\d[A-Za-z0-9._]*?)(?:\.tar\.\w+|\.tgz|\.zip)?$")


@view_config(
    route_name="clusters_new", request_method="GET", renderer="clusters_new.mako", permission=Permission.CONFIGURE
)
def new_page(request: Request) -> dict[str, Any]:
    """The questions, for the service that ``service`` names."""
    return _page(request, _form(request))


@view_config(
    route_name="clusters_new", request_method="POST", renderer="clusters_new.mako", permission=Permission.CONFIGURE
)
def make_text(request: Request) -> Any:
    """The first description in the editor, not saved yet; or the questions again with what is wrong."""
    form = _form(request)
    valid = form.validate()
    service = request.console.catalog.get(form.service.data or "")
    own = [job for job in service.jobs if not job.hosts_from] if service else []
    hosts = {job.name: request.POST.getall(f"hosts.{job.name}") for job in own}
    path = cluster_path(form.service.data, form.name.data)
    errors = {job: "Choose at least one host." for job, chosen in hosts.items() if not chosen}
    if valid and configdir.read(request.db, path) is not None:
        form.name.errors = ["There is a cluster of this name already."]
        valid = False
    if not valid or errors or service is None:
        request.response.status_int = 422
        return _page(request, form, hosts, errors)
    text = new_cluster_text(service, form.name.data, form.version.data, form.level.data, hosts)
    text = with_base_port(text, form.base_port.data)
    problems = check_saved(request.db, request.console, path, text)
    request.override_renderer = "config_file.mako"
    return {**editor(request, path, text, 0, problems), "note": f"new cluster {form.name.data}", "fresh": True}


def with_base_port(text: str, first: int) -> str:
    """The text with all base ports moved so that the first one is ``first``."""
    found = _BASE_PORT.search(text)
    move = first - int(found[2]) if found else 0
    return _BASE_PORT.sub(lambda match: f"{match[1]}{int(match[2]) + move}", text)


def _form(request: Request) -> ClusterForm:
    services = [one for one in request.console.catalog.services.values() if one.template]
    services.sort(key=_rank)
    choices = [(one.name, one.title or one.name) for one in services]
    given = request.POST if request.method == "POST" else None
    wanted = request.GET.get("service", "")
    chosen = wanted if wanted in dict(choices) else (choices[0][0] if choices else "")
    version = _version(request, request.console.catalog.get(chosen))
    form = ClusterForm(given, service=chosen, version=version, base_port=_free_base_port(request))
    form.service.choices = choices
    service = request.console.catalog.get(chosen)
    if service is not None and service.cluster_name == "with-zookeeper":
        form.name.description = "Its ZooKeeper cluster, a dash, and its own name, e.g. dptst-files. It is for ever."
    return form


def _rank(service: Service) -> tuple[bool, bool, bool, str]:
    """What others need comes first, then those that Minos is made for, at the end what needs a description of its own."""
    return (
        service.referred_by != "name",
        service.described_in_file,
        service.cluster_name != "with-zookeeper",
        service.name,
    )


def _free_base_port(request: Request) -> int:
    """The first hundred ports from 12000 on that no described task has."""
    used = set(request.db.scalars(select(Task.base_port).where(Task.retired.is_(False))))
    return next(port for port in range(FIRST_PORT, 65500, 100) if port not in used)


def _version(request: Request, service: Service | None) -> str:
    """The version in the name of the newest package, if it tells one."""
    newest = packages.latest(request.db, service.artifact) if service else None
    found = _VERSION.search(newest.name) if newest else None
    return found[1] if found else ""


def _page(
    request: Request,
    form: ClusterForm,
    hosts: dict[str, list[str]] | None = None,
    errors: dict[str, str] | None = None,
) -> dict[str, Any]:
    approved = request.db.scalars(select(Host).where(Host.state == HostState.APPROVED).order_by(Host.name))
    return {
        "section": "clusters",
        "title": "New cluster",
        "form": form,
        "service": request.console.catalog.get(form.service.data or ""),
        "hosts": list(approved),
        "chosen": hosts,
        "errors": errors or {},
    }
