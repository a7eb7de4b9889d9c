"""The page of a list made of facts: what a service has many of, as a board with the history of one thing."""

from dataclasses import replace
from typing import Any

from pyramid.httpexceptions import HTTPNotFound
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from minos_web.boards import flink, kafka, storm, yarn
from minos_web.boards.board import Board, Charts, Said, answer, series_chart, silences, told
from minos_web.boards.listing import Listing
from minos_web.boards.tables import chip, table
from minos_web.boards.tabs import TABS
from minos_web.models.clusters import Cluster
from minos_web.monitor.derived import metric
from minos_web.monitor.facts import Told
from minos_web.security.permissions import Permission
from minos_web.views.charting import Chart
from minos_web.views.finding import found_cluster
from minos_web.views.presenting import sentence

LISTINGS: dict[str, tuple[Listing, ...]] = {
    "yarn": yarn.LISTINGS,
    "kafka": kafka.LISTINGS,
    "storm": storm.LISTINGS,
    "flink": flink.LISTINGS,
}


@view_config(route_name="cluster_list", request_method="GET", renderer="board.mako", permission=Permission.VIEW)
def list_page(request: Request) -> dict[str, Any] | Response:
    """The list ``list`` of a cluster, as every table of a board; ``by`` is the value to choose, ``of`` one thing alone, with
    its history.
    """
    cluster = found_cluster(request)
    listing = _listing(request, cluster)
    read: dict[str, Told] = {}

    def source(kind: str) -> Told:
        read[kind] = told(request, cluster, kind)
        return read[kind]

    lines = listing.lines(source)
    by, of = request.GET.get("by", ""), request.GET.get("of", "")
    rows = listing.rows(listing.chosen(lines, by, of), lambda name: _at(request, cluster, listing, of=name))
    plan = listing.plan()
    chips = [chip(value, count, request.GET, "by", value) for value, count in listing.values(lines)]
    board = Board(
        listing.name, of or listing.title, lead=sentence(listing.note),
        tables=[table(replace(plan, title=f"{plan.title}: {of}") if of else plan, rows, request.GET, () if of else chips)],
        at=max((one.at for one in read.values() if one.at is not None), default=None),
        silences=list(dict.fromkeys(text for one in read.values() for text in silences(one, request.now))),
        nearby=_nearby(request, cluster, listing),
    )  # fmt: skip
    if of:
        board.above = [(listing.title, _at(request, cluster, listing))]
        board.said = _inside(request, cluster, listing, of)
        board.charts = [Charts("History", _charts(request, cluster, listing, of))] if listing.charts else []
    return answer(request, cluster, board)


def _listing(request: Request, cluster: Cluster) -> Listing:
    name = request.matchdict["list"]
    found = next((one for one in LISTINGS.get(cluster.service, ()) if one.name == name), None)
    if found is None:
        raise HTTPNotFound(f"A cluster of {cluster.service} has no list {name!r}.")
    return found


def _at(request: Request, cluster: Cluster, listing: Listing, **query: str) -> str:
    at = {"service": cluster.service, "cluster": cluster.name, "list": listing.name}
    found: str = request.route_path("cluster_list", _query=query, **at)
    return found


def _nearby(request: Request, cluster: Cluster, listing: Listing) -> list[tuple[str, str, bool]]:
    """The lists that share a tab, where it has several."""
    names = next((tab.names for tab in TABS[cluster.service] if listing.name in tab.names), ())
    found = [one for one in LISTINGS[cluster.service] if one.name in names]
    return [(one.title, _at(request, cluster, one), one is listing) for one in found] if len(found) > 1 else []


def _inside(request: Request, cluster: Cluster, listing: Listing, of: str) -> list[Said]:
    found = [one for one in LISTINGS[cluster.service] if one.name in listing.inside]
    return [Said(one.title, f"those of {of}", _at(request, cluster, one, q=of)) for one in found]


def _charts(request: Request, cluster: Cluster, listing: Listing, of: str) -> list[Chart]:
    drawn = []
    for number, one in enumerate(listing.charts):
        titles = {_series(cluster.service, series, of): title for series, title in one.series.items()}
        drawn.append(series_chart(request, cluster, (f"chart-of-{number}", one.title, one.unit), titles))
    return drawn


def _series(service: str, series: str, of: str) -> str:
    total, _, name = series.partition(".")
    return metric(service, total, name, of)
