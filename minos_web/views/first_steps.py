"""The first steps of a new site: which are done, told by facts; anybody may put the list away for themselves."""

import hashlib
import hmac
from dataclasses import dataclass

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.view import view_config
from sqlalchemy import exists, select

from minos_common.states import HostState
from minos_web.models.clusters import Cluster, Task
from minos_web.models.hosts import Host
from minos_web.models.notify import Channel
from minos_web.models.packages import Package
from minos_web.security.permissions import Permission

COOKIE = "minos_first_steps"
A_YEAR = 366 * 86400


@dataclass(frozen=True)
class Step:
    """One step: what to do, a few words more, where, and whether it is done."""

    title: str
    words: str
    url: str
    done: bool


@dataclass(frozen=True)
class FirstSteps:
    """All of them, and whether this person put them away."""

    steps: list[Step]
    away: bool

    @property
    def done(self) -> int:
        """How many are done."""
        return sum(step.done for step in self.steps)

    @property
    def finished(self) -> bool:
        """Whether there is nothing left to do."""
        return self.done == len(self.steps)

    @property
    def next(self) -> Step | None:
        """The first that is not done."""
        return next((step for step in self.steps if not step.done), None)


def first_steps(request: Request) -> FirstSteps:
    """How far this site is."""
    there = request.db.execute(
        select(
            exists().where(Host.state == HostState.APPROVED),
            exists().where(Package.state == "ready"),
            exists().where(Cluster.retired.is_(False)),
            exists().where(Cluster.bootstrapped_at.is_not(None)),
            exists().where(Task.figures_at.is_not(None)),
            exists().where(Channel.enabled.is_(True)),
        )
    ).one()
    hosts, packages, described, bootstrapped, figures, channels = (bool(one) for one in there)
    first = request.db.execute(
        select(Cluster.service, Cluster.name)
        .where(Cluster.retired.is_(False))
        .order_by(Cluster.bootstrapped_at.is_(None), Cluster.id)
        .limit(1)
    ).first()
    at = {"service": first.service, "cluster": first.name} if first else {}

    def of_cluster(route: str) -> str:
        return str(request.route_path(route, **at)) if at else ""

    steps = [
        Step("Approve the hosts", "each runs one worker", request.route_path("hosts"), hosts),
        Step("Upload a package", "the service's own tarball", request.route_path("packages"), packages),
        Step(
            "Describe the cluster",
            "one readable file: hosts, ports, settings",
            request.route_path("clusters_new") if request.may(Permission.CONFIGURE) else "",
            described,
        ),
        Step("Bootstrap it", "from the cluster's own page", of_cluster("cluster"), bootstrapped),
        Step(
            "See its charts",
            "figures come about 20 s after a process has started",
            of_cluster("cluster_charts"),
            figures,
        ),
        Step("Set up notifications", "so that people hear of alerts", request.route_path("notifications"), channels),
    ]
    return FirstSteps(steps, request.cookies.get(COOKIE) == _mark(request))


@view_config(route_name="first_steps", request_method="POST", permission=Permission.VIEW)
def put_away(request: Request) -> HTTPSeeOther:
    """Put the list away, or with ``do`` show take it out again: for this user in this browser."""
    response = HTTPSeeOther(request.route_path("home"))
    if request.POST.get("do") == "show":
        response.delete_cookie(COOKIE, path="/")
        return response
    secure = request.console.settings.cookie_secure
    mark = _mark(request)
    response.set_cookie(COOKIE, mark, max_age=A_YEAR, path="/", secure=secure, httponly=True, samesite="Lax")
    return response


def _mark(request: Request) -> str:
    """Another for each user, and none that tells who it is."""
    said = f"first steps of {request.identity.user}".encode()
    return hmac.new(request.console.secret, said, hashlib.sha256).hexdigest()[:32]
