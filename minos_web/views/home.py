"""The overview: what is unwell and why, what runs, a square for everything, what changed, and how much room there is."""

from typing import Any

from pyramid.request import Request
from pyramid.view import view_config

from minos_common.states import HostState
from minos_web.monitor.alert_lists import LEVELS, firing_by_cluster
from minos_web.monitor.capacity import hosts_capacity, package_store
from minos_web.monitor.exposition import Around
from minos_web.monitor.happening_sources import Asked
from minos_web.monitor.happenings import happenings, how_many
from minos_web.security.permissions import Permission
from minos_web.views.alert_words import tally
from minos_web.views.cluster_cards import cards_of
from minos_web.views.first_steps import first_steps
from minos_web.views.frame import read_pulse
from minos_web.views.happening_words import history_json
from minos_web.views.history import KIND_WORDS, before_query
from minos_web.views.history_asking import FOREVER
from minos_web.views.looking import Look, look_around
from minos_web.views.open_operations import open_operations
from minos_web.views.wall import shape_at

PARTS = ("now", "wall", "day", "room")
"""Parts of the page that are looked at anew by themselves, each at its own pace."""
FEW = 12
"""So many clusters have a card each; of more, only those that need a look are listed."""
HOSTS_LISTED, RUNNING_LISTED, CHANGES_LISTED = 8, 10, 12
DAY_SECONDS = 86400.0
_TOLD = ("operation", "config", "alert", "crash", "package", "maintenance", "act")
"""Kinds of the history that the overview lists: a start or stop that somebody asked for is told with its operation."""


@view_config(route_name="home", renderer="home.mako", permission=Permission.VIEW)
def home(request: Request) -> dict[str, Any]:
    """The whole page, or with ``part`` one part of it."""
    asked = request.GET.get("part", "")
    parts = [asked] if asked in PARTS and request.headers.get("HX-Request") == "true" else list(PARTS)
    found: dict[str, Any] = {"section": "home", "title": "Overview", "parts_shown": parts, "shape_at": shape_at}
    look = look_around(request) if {"now", "wall"} & set(parts) else None
    found |= {"look": look, "few": look is not None and len(look.clusters) <= FEW}
    for part in parts:
        found |= _MAKERS[part](request, look)
    shows_steps = len(parts) > 1 or ("now" in parts and look is not None and not look.clusters)
    return {**found, "steps": first_steps(request) if shows_steps else None}


@view_config(route_name="pulse", renderer="pulse.mako", permission=Permission.VIEW)
def pulse(request: Request) -> dict[str, Any]:
    """The counts in the top line of every page."""
    return {"found": read_pulse(request.db, request.now, request.console.settings.lost_seconds)}


def _now(request: Request, look: Look | None) -> dict[str, Any]:
    """What is unwell, and what runs."""
    assert look is not None
    running = open_operations(request.db)
    firing = firing_by_cluster(request.db)
    few = len(look.clusters) <= FEW
    shown = look.clusters if few else [one for one in look.clusters if one.needs_a_look]
    by_cluster = {one.operation.cluster_id: one for one in running if one.operation.cluster_id}
    unwell = sorted((one for one in look.hosts if one.badge.kind != "running"), key=lambda one: str(one.row.name))
    return {
        "cards": cards_of(request, shown[:FEW], by_cluster, firing),
        "cards_more": max(0, len(shown) - FEW),
        "unwell_clusters": sum(one.needs_a_look for one in look.clusters),
        "firing": tally({level: sum(one.get(level, 0) for one in firing.values()) for level in LEVELS}),
        "running": running[:RUNNING_LISTED],
        "running_more": max(0, len(running) - RUNNING_LISTED),
        "unwell_hosts": unwell[:HOSTS_LISTED],
        "unwell_more": max(0, len(unwell) - HOSTS_LISTED),
        "host_count": sum(one.row.state == HostState.APPROVED for one in look.hosts),
    }


def _wall(request: Request, look: Look | None) -> dict[str, Any]:
    """A square for each host and each task."""
    assert look is not None
    return {"host_wall": look.host_groups(request), "task_wall": look.task_groups(request)}


def _day(request: Request, _look: Look | None) -> dict[str, Any]:
    """What changed in the last 24 hours."""
    since = request.now - DAY_SECONDS
    asked = Asked(since, FOREVER, kinds=_TOLD, limit=CHANGES_LISTED)
    found, more = happenings(request.db, asked)
    counts = how_many(request.db, since)
    return {
        "changes": [history_json(request, one) for one in found if one.at >= since],
        "changes_more": more,
        "changes_since": since,
        "counts": [(kind, *KIND_WORDS[kind], number) for kind, number in counts.items() if number],
        "icons": {kind: icon for kind, (_, icon) in KIND_WORDS.items()},
        "fixed": {},
        "before_query": before_query,
    }


def _room(request: Request, _look: Look | None) -> dict[str, Any]:
    """How much there is of everything, and how much of it is used."""
    around = Around(request.console.settings, request.console.catalog.services, request.now)
    return {
        "capacity": hosts_capacity(request.db, around.fresh),
        "store": package_store(request.db, request.console),
    }


_MAKERS = {"now": _now, "wall": _wall, "day": _day, "room": _room}
