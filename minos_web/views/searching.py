"""What a search shows: pages, actions and things, each with where it leads, as far as whoever asks may go there."""

from dataclasses import dataclass
from typing import Any

from pyramid.request import Request
from sqlalchemy import select

from minos_web.models.clusters import Cluster
from minos_web.models.hosts import Host
from minos_web.operations.search import LONGEST, Match, Within, clusters_and_tasks, look_for, score, words_of
from minos_web.security.permissions import Permission
from minos_web.views.acts import ACTS
from minos_web.views.badges import cluster_badge, task_badge
from minos_web.views.errors import Refusal
from minos_web.views.finding import place_of
from minos_web.views.presenting import deed

MOST = 40
KINDS = {
    "action": "Actions",
    "page": "Pages",
    "cluster": "Clusters",
    "host": "Hosts",
    "task": "Tasks",
    "operation": "Operations",
    "package": "Packages",
    "config": "Configuration files",
}
"""Kind -> heading, in the order in which those that fit equally well come."""


@dataclass(frozen=True)
class Hit:
    """One line: what it is and where it leads. An action leads to its form; nothing is done by following it."""

    kind: str
    title: str
    detail: str
    url: str
    score: int = 0


@dataclass(frozen=True)
class Place:
    """A page that has an address of its own. ``words`` are what else it is looked for by."""

    title: str
    route: str
    words: str = ""
    permission: Permission = Permission.VIEW


PAGES = (
    Place("Overview", "home", "home start first"),
    Place("Clusters", "clusters_list"),
    Place("Tasks", "tasks", "processes"),
    Place("Hosts", "hosts", "machines workers"),
    Place("Heat map of hosts", "heat"),
    Place("Inventory", "inventory", "machines racks"),
    Place("Packages", "packages", "tarballs"),
    Place("Upload a package", "package_upload", permission=Permission.UPLOAD),
    Place("Operations", "operations"),
    Place("History", "history", "events timeline happened"),
    Place("Schedules", "schedules", "cron times calendar"),
    Place("New schedule", "schedules_new", permission=Permission.OPERATE),
    Place("Alerts", "alerts"),
    Place("History of alerts", "alerts_history"),
    Place("Alert rules", "alert_rules"),
    Place("Silences", "silences", "mute"),
    Place("Notifications", "notifications", "mail webhook channels routes"),
    Place("Dashboards", "dashboards", "charts"),
    Place("Counters", "counters"),
    Place("Configuration", "config_tree", "files"),
    Place("New cluster", "clusters_new", "create", Permission.CONFIGURE),
    Place("Upgrade workers", "workers_upgrade", permission=Permission.ADMINISTER),
    Place("Install a worker", "workers_install", "new host token", Permission.OPERATE),
    Place("Emergency brake", "brake", "freeze stop everything"),
    Place("Services", "services"),
    Place("Your account", "account", "password tokens sign", Permission.ACCOUNT),
    Place("Users", "users", "people roles admin", Permission.ADMINISTER),
    Place("Audit trail", "audit", "who changed admin", Permission.ADMINISTER),
    Place("Help", "help", "documentation"),
)
_ASIDE = (
    ("charts", "Charts of", "cluster_charts", Permission.VIEW),
    ("history", "History of", "cluster_history", Permission.VIEW),
    ("watching", "Watching of", "cluster_watching", Permission.VIEW),
    ("shell", "Shell of", "cluster_shell", Permission.OPERATE),
)
"""Word, title and route of pages of a cluster."""


def find(request: Request, text: str) -> tuple[list[Hit], bool]:
    """What fits, the best first, and whether some was left out. Without words: the pages. Raises Refusal."""
    if len(text) > LONGEST:
        raise Refusal(422, "invalid", f"look for at most {LONGEST} characters", "q")
    words = words_of(text)
    hits = _pages(request, words)
    if not words:
        return hits[:MOST], False
    within = _within(request)
    matches = look_for(request.db, text, within)
    hits += [_hit(request, match) for match in matches.found]
    hits += _actions(request, words, within)
    order = list(KINDS)
    hits.sort(key=lambda hit: (hit.score, order.index(hit.kind)))
    return hits[:MOST], matches.more or len(hits) > MOST


def _within(request: Request) -> Within:
    """The clusters that whoever asks may see; None for who sees the whole console."""
    if request.may(Permission.VIEW):
        return None
    rows = request.db.execute(select(Cluster.id, Cluster.service, Cluster.name))
    return [number for number, service, name in rows if request.may(Permission.VIEW, f"{service}/{name}")]


def _pages(request: Request, words: list[str]) -> list[Hit]:
    found = []
    for place in PAGES:
        fits = score(words, (place.title, *place.title.split(), *place.words.split()))
        if fits is not None and request.may(place.permission):
            found.append(Hit("page", place.title, "", request.route_path(place.route), fits))
    return sorted(found, key=lambda hit: hit.score)


def _hit(request: Request, match: Match) -> Hit:
    row: Any = match.row
    if match.kind == "cluster":
        detail = ": ".join(one for one in (cluster_badge(row, request.now).word, row.description) if one)
        return Hit(match.kind, match.title, detail, _of_cluster(request, "cluster", row), match.score)
    if match.kind == "host":
        detail = f"{row.address}, {row.state}"
        return Hit(match.kind, match.title, detail, request.route_path("host", name=row.name), match.score)
    if match.kind == "task":
        host = request.db.get(Host, row.host_id) if row.host_id else None
        detail = f"{task_badge(row, host, request.console.settings, request.now).word} on {row.address}"
        return Hit(match.kind, match.title, detail, request.route_path("task", **place_of(row)), match.score)
    if match.kind == "package":
        detail = f"{row.artifact} {row.revision}"
        return Hit(match.kind, match.title, detail, request.route_path("package", id=row.id), match.score)
    if match.kind == "operation":
        title = f"{''.join(deed(row))} {match.title}"
        detail = "held by the brake" if row.held else row.state
        return Hit(match.kind, title, detail, request.route_path("operation", id=row.id), match.score)
    return Hit(match.kind, match.title, "", request.route_path("config_file", path=row), match.score)


def _actions(request: Request, words: list[str], within: Within) -> list[Hit]:
    """The first word says what, the others of which cluster or task."""
    first, *rest = words
    if len(first) < 2 or not rest:
        return []
    if rest[0] in ("up", "update", "of"):  # clean up, rolling update
        rest = rest[1:]
    verbs = _verbs(request, first)
    about = clusters_and_tasks(request.db, rest, within) if verbs and rest else []
    return [make(match) for make in verbs for match in about if make.fits(match)]


@dataclass(frozen=True)
class _Verb:
    """Makes the line of an action out of what it is about."""

    request: Request
    verb: str
    route: str
    more: tuple[tuple[str, str], ...] = ()
    takes_tasks: bool = False
    permission: Permission = Permission.OPERATE

    def fits(self, match: Match) -> bool:
        """Whether it can be about this, and who asks may go there."""
        cluster: Cluster = match.row if match.kind == "cluster" else match.row.cluster
        there = match.kind == "cluster" or self.takes_tasks
        return there and bool(self.request.may(self.permission, f"{cluster.service}/{cluster.name}"))

    def __call__(self, match: Match) -> Hit:
        request = self.request
        cluster: Cluster = match.row if match.kind == "cluster" else match.row.cluster
        at = f"{cluster.service}/{cluster.name}"
        if self.route == "brake":
            return Hit("action", f"{self.verb} {at}", "leads to the form", _brake_path(request, at), match.score)
        query = [("task", f"{match.row.job}/{match.row.number}")] if match.kind == "task" else []
        place = {"service": cluster.service, "cluster": cluster.name, **dict(self.more)}
        url = request.route_path(self.route, _query=query or None, **place)
        detail = "leads to its plan; nothing is done yet" if self.more else ""
        return Hit("action", f"{self.verb} {match.title}", detail, url, match.score)


def _verbs(request: Request, word: str) -> list[_Verb]:
    found = [
        _Verb(request, title, route, permission=permission)
        for name, title, route, permission in _ASIDE
        if name.startswith(word)
    ]
    for act in ACTS.values():
        if act.verb.lower().startswith(word) or act.name.startswith(word):
            found.append(_Verb(request, act.verb, "cluster_act", (("action", act.name),), takes_tasks=True))
    if any(name.startswith(word) for name in ("brake", "freeze")):
        found.append(_Verb(request, "Pull the brake of", "brake"))
    return found


def _brake_path(request: Request, about: str) -> str:
    return str(request.route_path("brake", _query={"cluster": about}))


def _of_cluster(request: Request, route: str, cluster: Cluster) -> str:
    return str(request.route_path(route, service=cluster.service, cluster=cluster.name))
