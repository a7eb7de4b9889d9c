"""The wizard that adds hosts: install lines, waiting for them, approving, what they lack, and a cluster for them."""

from dataclasses import dataclass
from typing import Any

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.request import Request
from pyramid.view import view_config
from sqlalchemy import select

from minos_common.states import HostState
from minos_common.wire import fingerprint
from minos_web.models.cluster_drafts import ClusterDraft
from minos_web.models.hosts import Host, JoinToken
from minos_web.monitor.readiness import Lack, lacks_of
from minos_web.operations.describe import refresh_clusters
from minos_web.operations.layouts.drafts import HOSTS, KEEP_DAYS, begin, draft_of, keep, open_drafts
from minos_web.operations.layouts.looking import machines_of
from minos_web.operations.layouts.parts import Machine
from minos_web.operations.refusal import Refused
from minos_web.security import joining
from minos_web.security.enrolment import CannotDecide, decide, hosts_named
from minos_web.security.permissions import Permission
from minos_web.store import install
from minos_web.views.badges import Badge, host_badge
from minos_web.views.forms import InstallForm
from minos_web.views.frame import flash
from minos_web.views.hosts_joining import cluster_page, cluster_post, done_page, done_post
from minos_web.views.installing import InstallLine, install_lines, named_hosts
from minos_web.views.presenting import sentence
from minos_web.views.wizard_pages import Stage

STEPS = ("names", "arrive", "ready", "cluster", "done")
TITLES = {
    "names": "Names",
    "arrive": "Hello and approval",
    "ready": "What they lack",
    "cluster": "Into a cluster",
    "done": "Result",
}
MOST_HOSTS = joining.MOST_AT_ONCE


@dataclass(frozen=True)
class Arrival:
    """A host that is awaited. ``host`` None: nothing was heard of it; ``token`` is its open join token, if it has one.
    ``result`` is what became of the last try to approve it: (went well, words).
    """

    name: str
    host: Host | None
    badge: Badge | None
    fingerprint: str
    token: JoinToken | None
    result: tuple[bool, str] | None
    lacks: tuple[Lack, ...] = ()
    machine: Machine | None = None

    @property
    def waits(self) -> bool:
        """Whether somebody has to approve it."""
        return self.host is not None and self.host.state == HostState.PENDING

    @property
    def approved(self) -> bool:
        """Whether it may be used."""
        return self.host is not None and self.host.state == HostState.APPROVED


@view_config(route_name="hosts_add", request_method="GET", renderer="hosts_add.mako", permission=Permission.OPERATE)
def add_page(request: Request) -> dict[str, Any]:
    """The first step, and wizards that are open."""
    form = InstallForm()
    form.hosts.data = "\n".join(name for name in request.GET.getall("host") if name)
    return _names(request, form, None, [])


@view_config(route_name="hosts_add", request_method="POST", renderer="hosts_add.mako", permission=Permission.OPERATE)
def add_post(request: Request) -> Any:
    """Install lines with fresh tokens, shown once; the wizard goes on with waiting."""
    form = InstallForm(request.POST)
    if not form.validate():
        request.response.status_int = 422
        return _names(request, form, None, [])
    try:
        hosts = named_hosts(form.hosts.data)
        lines = install_lines(request, form)
        first = next(iter(hosts))
        title = first if len(hosts) == 1 else f"{first} and {len(hosts) - 1} more"
        row = begin(request.db, request.identity.user, HOSTS, title, request.now)
    except (joining.BadJoin, Refused) as error:
        request.tm.doom()
        request.response.status_int = 422
        field = form.hours if getattr(error, "field", "") == "hours" else form.hosts
        field.errors = [sentence(error)]
        return _names(request, form, None, [])
    keep(row, {**row.answers, "hosts": {**row.answers.get("hosts", {}), **hosts}}, request.now)
    row.step = "arrive"
    request.audit("host.invite", "hosts", hosts=[line.host for line in lines], hours=form.hours.data)
    request.response.cache_control.no_store = True
    return _names(request, form, row, lines)


@view_config(route_name="hosts_draft", request_method="GET", renderer="hosts_add.mako", permission=Permission.OPERATE)
def step_page(request: Request) -> Any:
    """A step of a wizard that was begun."""
    row, step = _row(request), request.matchdict["step"]
    if row.made and step != "done":
        return HTTPSeeOther(_at(request, row, "done"))
    if step == "names":
        return HTTPSeeOther(_at(request, row, "arrive"))  # its lines were shown, once
    if step == "done" and not row.made:
        return HTTPSeeOther(_at(request, row, "cluster"))
    return _page(request, row, step, {})


@view_config(route_name="hosts_draft", request_method="POST", renderer="hosts_add.mako", permission=Permission.OPERATE)
def step_post(request: Request) -> Any:
    """Approve, take in, choose a cluster, apply, try again; or go to another step."""
    row, step, go = _row(request), request.matchdict["step"], request.POST.get("go", "")
    if step == "done":
        return _answer(request, row, step, done_post(request, row))
    if row.made:
        return HTTPSeeOther(_at(request, row, "done"))
    if go in STEPS[1:4]:
        row.step = max(row.step, go, key=STEPS.index)
        return HTTPSeeOther(_at(request, row, go))
    if step == "arrive":
        _arriving(request, row)
        return HTTPSeeOther(_at(request, row, step))
    if step == "cluster":
        return _answer(request, row, step, cluster_post(request, row))
    return HTTPSeeOther(_at(request, row, step))


@view_config(route_name="hosts_draft_delete", request_method="POST", permission=Permission.OPERATE)
def delete_post(request: Request) -> HTTPSeeOther:
    """Forget the wizard; hosts and tokens stay as they are."""
    row = _row(request)
    request.db.delete(row)
    flash(request, "success", f"The wizard for {row.title} is deleted. Its hosts and their tokens stay as they are.")
    return HTTPSeeOther(request.route_path("hosts_add"))


def _answer(request: Request, row: ClusterDraft, step: str, errors: dict[str, str] | None) -> Any:
    """After a step's own form: the page again with what is wrong, else where it led."""
    if errors:
        request.response.status_int = 422
        return _page(request, row, step, errors)
    return HTTPSeeOther(_at(request, row, "done" if row.made else step))


def _arriving(request: Request, row: ClusterDraft) -> None:
    """What the step of arrivals can do: approve or reject ticked ones, each by itself; take in others that wait."""
    doing, given = request.POST.get("do", ""), request.POST
    hosts: dict[str, str] = dict(row.answers.get("hosts", {}))
    results: dict[str, Any] = dict(row.answers.get("results", {}))
    ids = [int(text) for text in given.getall("host") if text.isascii() and text.isdigit() and len(text) < 10]
    chosen = [host for number in ids[:MOST_HOSTS] if (host := request.db.get(Host, number)) is not None]
    if doing == "again":
        failed = [name for name, (well, _words) in results.items() if not well and name in hosts]
        chosen = [found[0] for name in failed if (found := hosts_named(request.db, name))]
        doing = "approve"
    if doing == "take":
        hosts.update({host.name: host.address for host in chosen if host.state == HostState.PENDING})
    elif doing in ("approve", "reject"):
        if not chosen:
            flash(request, "warning", "Tick at least one host.")
        results.update({host.name: _decide(request, host, doing) for host in chosen})
        refresh_clusters(request.db, request.console, request.now)
    keep(row, {**row.answers, "hosts": hosts, "results": results}, request.now)


def _decide(request: Request, host: Host, decision: str) -> list[Any]:
    """One host by itself: what cannot be decided of one holds up no other."""
    try:
        changed = decide(request.db, host, decision, request.identity.user, request.now)
    except CannotDecide as error:
        return [False, sentence(error)]
    if changed:
        request.audit(f"host.{decision}", f"host {host.name}", fingerprint=fingerprint(host.public_key))
    return [True, f"{host.name} is {host.state}."]


def _page(request: Request, row: ClusterDraft, step: str, errors: dict[str, str]) -> dict[str, Any]:
    arrivals = arrivals_of(request, row)
    page = {**_frame(request, row, step), "arrivals": arrivals, "errors": errors}
    approved = [one.host for one in arrivals if one.approved and one.host is not None]
    if step == "arrive":
        named = {one.name for one in arrivals}
        pending = select(Host).where(Host.state == HostState.PENDING).order_by(Host.name, Host.id)
        others = [host for host in request.db.scalars(pending) if host.name not in named]
        return {**page, "others": [(host, fingerprint(host.public_key)) for host in others[:MOST_HOSTS]]}
    if step == "cluster":
        return {**page, **cluster_page(request, row, approved)}
    if step == "done":
        return {**page, **done_page(request, row)}
    return page


def arrivals_of(request: Request, row: ClusterDraft) -> list[Arrival]:
    """The hosts of the wizard as they are now."""
    console, now = request.console, request.now
    tokens = {token.host_name: token for token in joining.open_tokens(request.db, now)}
    machines = {machine.name: machine for machine in machines_of(request.db, console.settings, now)}
    results = row.answers.get("results", {})
    found = []
    for name in row.answers.get("hosts", {}):
        host = next(iter(hosts_named(request.db, name)), None)
        told = results.get(name)
        found.append(
            Arrival(
                name,
                host,
                host_badge(host, console.settings, now) if host else None,
                fingerprint(host.public_key) if host else "",
                tokens.get(name),
                (bool(told[0]), str(told[1])) if told else None,
                tuple(lacks_of(host, console.settings, now)) if host else (),
                machines.get(name),
            )
        )
    return found


def _frame(request: Request, row: ClusterDraft | None, step: str) -> dict[str, Any]:
    reached = STEPS.index(row.step) if row is not None and row.step in STEPS else 0
    here = STEPS.index(step)
    over = row is not None and bool(row.made)
    stages = [
        Stage(name, TITLES[name], at + 1, at == here, at < max(here, reached), 0 < at <= max(reached, 1) and not over)
        for at, name in enumerate(STEPS)
    ]
    return {"section": "hosts", "title": "Add hosts", "draft": row, "step": step, "stages": stages}


def _names(request: Request, form: InstallForm, row: ClusterDraft | None, lines: list[InstallLine]) -> dict[str, Any]:
    return {
        **_frame(request, row, "names"),
        "form": form,
        "lines": lines,
        "errors": {},
        "drafts": open_drafts(request.db, request.identity.user, HOSTS) if row is None else [],
        "keep_days": KEEP_DAYS,
        "is_local": install.is_local(request.console.settings),
        "url": request.console.settings.url,
    }


def _row(request: Request) -> ClusterDraft:
    row = draft_of(request.db, request.identity.user, HOSTS, int(request.matchdict["id"]))
    if row is None:
        raise HTTPNotFound("There is no such wizard of yours: it was deleted, or nobody touched it for long.")
    return row


def _at(request: Request, row: ClusterDraft, step: str) -> str:
    return request.route_path("hosts_draft", id=row.id, step=step)  # type: ignore[no-any-return]
