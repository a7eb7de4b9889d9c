"""Who hears of what: channels, routes, what went out lately, what waits, and of what nobody would hear."""

from dataclasses import dataclass
from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.view import view_config
from sqlalchemy import exists, func, select

from minos_web.models.clusters import Cluster
from minos_web.models.news import News
from minos_web.models.notify import Channel, Delivery, DeliveryItem
from minos_web.notify.addressing import addresses
from minos_web.notify.gaps import Gap, gaps
from minos_web.notify.matching import KINDS, LEVELS, Rule, decide, ends
from minos_web.notify.outcome import one_line
from minos_web.notify.routing import Switchboard
from minos_web.operations.refusal import Refused
from minos_web.security.permissions import Permission
from minos_web.views.api.channels import tested
from minos_web.views.api.deliveries import found_delivery, news_of
from minos_web.views.api.notify_routes import found_route, moved, subject_of
from minos_web.views.api.params import id_of
from minos_web.views.badges import Badge
from minos_web.views.errors import Refusal
from minos_web.views.frame import flash
from minos_web.views.paging import Page, wanted_page
from minos_web.views.presenting import sentence

ROWS = 50
UNHEARD_SECONDS = 7 * 86400.0
MOST_GAPS = 20
_BADGES = {
    "waiting": ("waiting", "waits"),
    "sending": ("changing", "is sent"),
    "sent": ("done", "sent"),
    "failed": ("failed", "given up"),
    "needless": ("skipped", "not needed"),
    "merged": ("skipped", "in another"),
}
SHOWN = {"": "All", "waiting": "Waiting", "sent": "Sent", "failed": "Given up"}


@dataclass(frozen=True)
class RouteLine:
    """A route as the page lists it: where it ``leads``; nowhere for an empty list."""

    rule: Rule
    leads: list[str]
    late: list[str]


@view_config(route_name="notifications", renderer="notifications.mako", permission=Permission.VIEW)
def page(request: Request) -> dict[str, Any]:
    """All of it, and with a query for trying, who would hear."""
    board = Switchboard.of(request.db, request.console)
    wanted = request.GET.get("state", "") if request.GET.get("state", "") in SHOWN else ""
    return {
        "section": "notifications",
        "title": "Notifications",
        "channels": board.channels,
        "routes": [_line(rule, board) for rule in board.rules],
        "gaps": unheard_gaps(request, board)[:MOST_GAPS],
        "nobody": unheard_news(request),
        "counts": _counts(request),
        "lately": _lately(request, wanted),
        "wanted": wanted,
        "shown": SHOWN,
        "badge": badge_of,
        "subjects": _subjects,
        "tried": _tried(request, board),
        "kinds": KINDS,
        "levels": LEVELS,
        "clusters": _clusters(request),
        "may_change": bool(request.has_permission(Permission.ADMINISTER)),
    }


@view_config(route_name="delivery", renderer="delivery.mako", permission=Permission.VIEW)
def delivery_page(request: Request) -> dict[str, Any]:
    """One message: what is in it, and every attempt; it follows until it went or was given up."""
    row = found_delivery(request)
    found = news_of(request, row, ROWS)
    return {
        "section": "notifications",
        "title": f"Message {row.id}",
        "row": row,
        "badge": badge_of(row),
        "news": found,
        "open": row.state in ("waiting", "sending"),
        "more": (_items(request, row) if len(found) == ROWS else len(found)) - len(found),
    }


@view_config(route_name="channel_test", request_method="POST", permission=Permission.ADMINISTER)
def test_post(request: Request) -> HTTPSeeOther:
    """Send a test, and show how it goes."""
    number = id_of(request)
    try:
        laid = tested(request, number, addresses(request.POST.get("to", "")))
    except Refused as refused:
        request.tm.doom()
        flash(request, "danger", sentence(refused.message))
        there = request.db.get(Channel, number)
        route = ("notify_channel", {"id": number}) if there else ("notifications", {})
        return HTTPSeeOther(request.route_path(route[0], **route[1]))
    return HTTPSeeOther(request.route_path("delivery", id=laid))


@view_config(route_name="notify_route_move", request_method="POST", permission=Permission.ADMINISTER)
def move_post(request: Request) -> HTTPSeeOther:
    """Have a route asked earlier or later."""
    row = found_route(request)
    moved(request, row, row.position + (-1 if request.POST.get("do") == "up" else 1))
    return HTTPSeeOther(request.route_path("notifications", _anchor="routes"))


def unheard_gaps(request: Request, board: Switchboard) -> list[Gap]:
    """Clusters of whose errors nobody would hear, at any hour or at some."""
    return gaps(board.rules, board.ways, _clusters(request), request.now)


def unheard_news(request: Request) -> list[News]:
    """The last news of which nobody heard because no route led anywhere."""
    told = exists(select(DeliveryItem.news_id).where(DeliveryItem.news_id == News.id))
    since = request.now - UNHEARD_SECONDS
    wanted = select(News).where(News.routed_at.is_not(None), News.at > since, ~told, News.kind != "recovery")
    return list(request.db.scalars(wanted.order_by(News.id.desc()).limit(10)))


def badge_of(row: Delivery) -> Badge:
    """How far a message is."""
    kind, word = _BADGES.get(row.state, ("unknown", row.state))
    if row.state == "waiting" and row.attempts:
        kind, word = "degraded", "is tried again"
    return Badge(kind, word, row.sent_at or row.created_at)


def _line(rule: Rule, board: Switchboard) -> RouteLine:
    leads, late = [], []
    for stage, recipients in ends(rule, board.ways):
        text = board.name_of(stage.channel) + (f" to {', '.join(recipients)}" if recipients else "")
        if stage.after_minutes:
            late.append(f"after {stage.after_minutes:g} min without an answer {text}")
        else:
            leads.append(text)
    return RouteLine(rule, leads, late)


def _lately(request: Request, state: str) -> Page:
    wanted = select(Delivery).where(Delivery.state != "merged")
    if state == "waiting":
        wanted = wanted.where(Delivery.state.in_(("waiting", "sending")))
    elif state:
        wanted = wanted.where(Delivery.state == state)
    total = request.db.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    number = min(wanted_page(request.GET), max(1, -(-total // ROWS)))
    rows = request.db.scalars(wanted.order_by(Delivery.id.desc()).offset((number - 1) * ROWS).limit(ROWS)).all()
    return Page(_subjects(request, rows), number, ROWS, total)


def _subjects(request: Request, rows: Any) -> list[tuple[Delivery, str]]:
    """Messages with what they say in short: of several news the first and how many more."""
    item = DeliveryItem
    wanted = (
        select(item.delivery_id, func.min(item.news_id), func.count())
        .where(item.delivery_id.in_([row.id for row in rows])).group_by(item.delivery_id)
    )  # fmt: skip
    firsts = {number: (first, many) for number, first, many in request.db.execute(wanted)}
    titles = {
        news.id: news
        for news in request.db.scalars(select(News).where(News.id.in_([one for one, _ in firsts.values()])))
    }
    found = []
    for row in rows:
        first, many = firsts.get(row.id, (None, 0))
        text = f"{titles[first].kind}: {one_line(titles[first].title)}" if first in titles else "its news are forgotten"
        found.append((row, text + (f" and {many - 1} more" if many > 1 else "")))
    return found


def _items(request: Request, row: Delivery) -> int:
    wanted = select(func.count()).select_from(DeliveryItem).where(DeliveryItem.delivery_id == row.id)
    return int(request.db.scalar(wanted) or 0)


def _counts(request: Request) -> dict[str, int]:
    """Messages of late by state; tests tell their own pages how they went."""
    since = request.now - UNHEARD_SECONDS
    wanted = (
        select(Delivery.state, func.count())
        .where(Delivery.created_at > since, Delivery.kind != "test")
        .group_by(Delivery.state)
    )
    return {state: int(number) for state, number in request.db.execute(wanted)}


def _clusters(request: Request) -> list[tuple[str, str]]:
    wanted = select(Cluster.service, Cluster.name).where(Cluster.retired.is_(False))
    return [(service, name) for service, name in request.db.execute(wanted.order_by(Cluster.service, Cluster.name))]


def _tried(request: Request, board: Switchboard) -> dict[str, Any]:
    """What the form for trying was asked, and who would hear; ``ears`` None before it was sent."""
    asked = {name: request.GET.get(name, "").strip() for name in ("kind", "level", "service", "cluster", "host")}
    if not asked["kind"]:
        return {**asked, "ears": None, "error": ""}
    try:
        subject = subject_of(request)
    except Refusal as refusal:
        return {**asked, "ears": None, "error": sentence(refusal)}
    ears = decide(board.rules, subject, request.now, board.ways)
    return {**asked, "ears": [(ear, board.name_of(ear.channel)) for ear in ears], "error": ""}
