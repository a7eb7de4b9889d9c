"""What surrounds every page: navigation, who is signed in, running operations, flash messages, ways to write things."""

from dataclasses import dataclass, field

from pyramid.config import Configurator
from pyramid.events import BeforeRender
from pyramid.request import Request
from pyramid.response import Response
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from minos_common.states import HostState, OperationState
from minos_web.models.hosts import Host
from minos_web.models.operations import Operation
from minos_web.monitor.alert_lists import firing_errors
from minos_web.operations.braking import brake_words, pulled
from minos_web.security.permissions import Permission, allows_somewhere
from minos_web.views import presenting

LATELY_SECONDS = 3600.0
"""So long an operation that failed stays in sight."""


@dataclass(frozen=True)
class Pulse:
    """What is always in sight: open operations, those that failed within the last hour, hosts that wait for approval, approved
    hosts that are silent, alerts that are errors, fire and are not muted; and what ``brakes`` that are pulled say.
    """

    operations: int = 0
    newest: int | None = None
    pending: int = 0
    silent: int = 0
    errors: int = 0
    failed: int = 0
    failed_newest: int | None = None
    brakes: tuple[str, ...] = ()


@dataclass
class Frame:
    """Everything the layout asks for. ``sees_all``: not granted clusters alone,
    ``sees_some``: these or all. ``operator``, ``deployer`` and ``admin``: of what it is about; ``operates_some``: of a
    cluster or all.
    ``partial`` is true when htmx wants the live part of the page only.
    """

    user: str = ""
    role: str = ""
    sees_all: bool = False
    sees_some: bool = False
    admin: bool = False
    operator: bool = False
    operates_some: bool = False
    deployer: bool = False
    clusters_route: str = "clusters_list"
    partial: bool = False
    pulse: Pulse = field(default_factory=Pulse)
    flashes: list[tuple[str, str]] = field(default_factory=list)


def read_pulse(session: Session, now: float, lost_seconds: float) -> Pulse:
    """The pulse as of ``now``."""
    count, newest = session.execute(
        select(func.count(), func.max(Operation.id)).where(Operation.ended_at.is_(None))
    ).one()
    pending = session.scalar(select(func.count()).where(Host.state == HostState.PENDING)) or 0
    silent = select(func.count()).where(
        Host.state == HostState.APPROVED, (Host.beat_at.is_(None)) | (Host.beat_at < now - lost_seconds)
    )
    failed, failed_newest = session.execute(
        select(func.count(), func.max(Operation.id)).where(
            Operation.ended_at > now - LATELY_SECONDS, Operation.state == OperationState.FAILED.value
        )
    ).one()
    return Pulse(
        count,
        newest,
        pending,
        session.scalar(silent) or 0,
        firing_errors(session),
        failed,
        failed_newest,
        tuple(brake_words(row) for row in pulled(session)),
    )


def frame_of(request: Request) -> Frame:
    """The frame around an answer. An error page counts nothing: the database may be what failed."""
    partial = request.headers.get("HX-Request") == "true"
    if request.identity is None:
        return Frame(partial=partial)
    found = Frame(
        user=request.identity.user,
        role=str(request.identity.role),
        sees_all=request.may(Permission.VIEW),
        sees_some=allows_somewhere(request.identity, Permission.VIEW),
        admin=bool(request.has_permission(Permission.ADMINISTER)),
        operator=bool(request.has_permission(Permission.OPERATE)),
        operates_some=allows_somewhere(request.identity, Permission.OPERATE),
        deployer=bool(request.has_permission(Permission.CONFIGURE)),
        partial=partial,
    )
    if not found.sees_all:
        found.clusters_route = "mine"
    if not partial and getattr(request, "exception", None) is None:
        if found.sees_all:
            found.pulse = read_pulse(request.db, request.now, request.console.settings.lost_seconds)
        else:
            found.pulse = Pulse(brakes=_brakes_of(request))
        found.flashes = [_split(text) for text in request.session.pop_flash()]
    return found


def _brakes_of(request: Request) -> tuple[str, ...]:
    """Those that count for somebody who sees only some clusters."""
    rows = pulled(request.db) if request.identity.grants else []
    return tuple(brake_words(row) for row in rows if not row.cluster or request.may(Permission.VIEW, row.about))


def flash(request: Request, kind: str, text: str) -> None:
    """Say ``text`` on the next page; ``kind`` is success, info, warning or danger."""
    request.session.flash(f"{kind}:{text}")


def _split(text: str) -> tuple[str, str]:
    kind, _, rest = text.partition(":")
    return kind, rest


def add_globals(event: BeforeRender) -> None:
    """Names that every template knows."""
    request = event["request"]
    if not str(event.get("renderer_name", "")).endswith(".mako") or request is None:
        return
    frame = frame_of(request)
    event["frame"] = frame
    event["show"] = presenting
    event["asset"] = lambda name: request.static_path(f"minos_web.static:dist/{name}")
    event["icons_url"] = request.static_path("minos_web.static:dist/icons.svg")
    for name in ("section", "title"):
        event.setdefault(name, "")
    if frame.partial:
        request.add_response_callback(_revalidate)


def _revalidate(_request: Request, response: Response) -> None:
    """A live part that did not change costs a 304; and it must never be taken for the whole page."""
    response.vary = ["HX-Request"]
    response.cache_control = "no-cache, private"
    if response.status_int == 200 and response.etag is None:
        response.md5_etag(set_content_md5=False)
    if response.status_int == 200:
        response.conditional_response = True


def includeme(config: Configurator) -> None:
    """Hang the globals on every rendered template."""
    config.add_subscriber(add_globals, BeforeRender)
