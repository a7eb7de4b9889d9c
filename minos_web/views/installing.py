"""Adding hosts: an install line for each, what those lines fetch, and what every host still lacks."""

from dataclasses import dataclass
from typing import Any

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from minos_common.wire import keys_at
from minos_web.monitor.readiness import readiness
from minos_web.security import joining
from minos_web.security.permissions import Permission
from minos_web.store import install
from minos_web.views.forms import InstallForm
from minos_web.views.frame import flash
from minos_web.views.paging import cut, wanted_page
from minos_web.views.presenting import sentence

ROWS = 100


@dataclass(frozen=True)
class InstallLine:
    """What to type on one host."""

    host: str
    text: str


@view_config(
    route_name="workers_install", request_method="GET", renderer="workers_install.mako", permission=Permission.VIEW
)
def install_page(request: Request) -> dict[str, Any]:
    """The form, what every host lacks, and the tokens that are open."""
    return _page(request, InstallForm())


@view_config(
    route_name="workers_install", request_method="POST", renderer="workers_install.mako", permission=Permission.OPERATE
)
def lines_post(request: Request) -> dict[str, Any]:
    """Lines with fresh tokens for the hosts that were named; shown once."""
    form = InstallForm(request.POST)
    if not form.validate():
        request.response.status_int = 422
        return _page(request, form)
    try:
        lines = install_lines(request, form)
    except joining.BadJoin as error:
        request.tm.doom()
        request.response.status_int = 422
        field = form.hours if error.field == "hours" else form.hosts
        field.errors = [sentence(error)]
        return _page(request, form)
    request.audit("host.invite", "hosts", hosts=[line.host for line in lines], hours=form.hours.data)
    request.response.cache_control.no_store = True
    return _page(request, form, lines)


@view_config(route_name="workers_token", request_method="POST", permission=Permission.OPERATE)
def revoke_post(request: Request) -> HTTPSeeOther:
    """A token that was not used yet opens nothing any more."""
    name = joining.revoke_join_token(
        request.db, int(request.matchdict["id"]) if len(request.matchdict["id"]) < 18 else 0
    )
    if name is not None:
        request.audit("host.uninvite", f"host {name}")
        flash(request, "success", f"The token for {name} opens nothing any more.")
    return HTTPSeeOther(request.route_path("workers_install"))


@view_config(route_name="install_script", request_method="GET", permission=Permission.EVERYONE)
def script_view(request: Request) -> Response:
    """The install script. It holds no secret: a host has nothing yet to sign in with."""
    return Response(_script(request), content_type="text/x-shellscript", charset="utf-8")


@view_config(route_name="install_wheel", request_method="GET", permission=Permission.EVERYONE)
def wheel_view(request: Request) -> Response:
    """A wheel of the worker or of a library that it needs."""
    wheel = install.wheels().get(request.matchdict["name"])
    if wheel is None:
        raise HTTPNotFound("There is no such wheel.")
    return Response(wheel.data, content_type="application/octet-stream")


def install_lines(request: Request, form: InstallForm) -> list[InstallLine]:
    """A line with a fresh token for each host that the form names. Raises BadJoin."""
    hosts = named_hosts(form.hosts.data)
    tokens = joining.invite(request.db, hosts, form.hours.data, request.identity.user, request.now)
    text = _script(request)
    options = {"root": form.root, "data-dirs": form.data_dirs, "user": form.user}
    shared = {name: (field.data or "").strip() for name, field in options.items()}
    return [
        InstallLine(
            name,
            install.line(
                request.console.settings, text, {"token": token, "name": name, "address": hosts[name], **shared}
            ),
        )
        for name, token in tokens.items()
    ]


def named_hosts(text: str) -> dict[str, str]:
    """Name -> address or empty, of each line "name address". Raises BadJoin."""
    found: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        words = line.split()
        if len(words) > 2:
            raise joining.BadJoin(
                f"line {number} has {len(words)} words: write a name, and if need be its address", "hosts"
            )
        if words and words[0] in found:
            raise joining.BadJoin(f"line {number}: {words[0]} is there twice", "hosts")
        if words:
            found[words[0]] = words[1] if len(words) == 2 else ""
    return found


def _key(request: Request) -> bytes:
    return keys_at(request.console.var / "console.key").public


def _script(request: Request) -> str:
    return install.script(request.console.settings, _key(request))


def _page(request: Request, form: InstallForm, lines: list[InstallLine] | None = None) -> dict[str, Any]:
    console = request.console
    found = readiness(request.db, console.settings, request.now)
    unknown = [one.address for one in found if one.host is None]
    if not form.hosts.data and lines is None and request.method == "GET":
        form.hosts.data = "\n".join(unknown[: joining.MOST_AT_ONCE])
    return {
        "section": "hosts",
        "title": "Add hosts",
        "form": form,
        "lines": lines,
        "page": cut(found, wanted_page(request.GET), ROWS),
        "lacking": sum(bool(one.lacks) for one in found),
        "tokens": joining.open_tokens(request.db, request.now),
        "is_local": install.is_local(console.settings),
        "url": console.settings.url,
        "wire": install.wire_address(console.settings),
        "key": _key(request).decode(),
        "digest": install.digest(_script(request)),
    }
