"""Nobody is offered what they may not do: every link, form and button of every page that somebody can reach is theirs."""

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup, Tag
from pyramid.interfaces import IRoutesMapper
from pyramid.router import Router
from sqlalchemy.orm import Session

from minos_common.states import HostState
from minos_web.console import Console
from minos_web.security.people import find_user, identity_of_user
from minos_web.security.permissions import Identity, Permission, Role
from minos_web.security.policy import verdict
from minos_web.security.scopes import scope_of
from tests.minos_web.conftest import Browser
from tests.minos_web.scene import add_cluster, add_hosts, add_package
from tests.minos_web.security.test_access import doors
from tests.minos_web.security.test_scopes import OTHER, OWN, grant, rows_of

SENT_TO = ("hx-post", "data-check-url", "data-words-url", "data-dialog-action")
"""Attributes whose address a script of ours sends to."""
Offer = tuple[str, str]
"""Method and path."""


class Offered:
    """Who reads pages as one person, and asks of all that stands there whether it is theirs to do."""

    def __init__(self, router: Router, browser: Browser, identity: Identity) -> None:
        self.router, self.browser, self.identity = router, browser, identity
        self.mapper = router.registry.getUtility(IRoutesMapper)
        self.asked = {(route, method): permission for route, method, permission in doors(router)}
        self.wrong: dict[str, str] = {}
        self.read: set[str] = set()

    def walk(self, start: str) -> None:
        """Every page that links lead to from here, one for each route."""
        waiting = [start]
        while waiting:
            url = waiting.pop(0)
            kind = self.kind_of(url)
            if kind in self.read:
                continue
            self.read.add(kind)
            page = self.browser.get(url, expect_errors=True)
            if page.content_type != "text/html" or page.status_int != 200:
                continue
            for method, path in dict.fromkeys(offers_of(page.text, url)):
                if not self.may(method, path):
                    self.wrong[f"{method} {self.kind_of(path)} on {kind}"] = path
                elif method == "GET":
                    waiting.append(path)

    def kind_of(self, url: str) -> str:
        """The route, and of acts which one."""
        found = self.mapper(self._request("GET", url))
        name = found["route"].name if found["route"] else "nothing"
        return f"{name} {found['match'].get('action', '')}".strip() if found["route"] else f"nothing at {url}"

    def may(self, method: str, url: str) -> bool:
        """As the policy would say."""
        request = self._request(method, url)
        found = self.mapper(request)
        if found["route"] is None:
            return False
        if found["route"].name == "home":
            return True  # who does not see all is led to their own clusters
        permission = self.asked.get((found["route"].name, method), Permission.EVERYONE)
        if permission == Permission.EVERYONE:
            return True
        request.matched_route, request.matchdict = found["route"], found["match"]
        return bool(verdict(self.identity, permission, scope_of(request)))

    def _request(self, method: str, url: str) -> object:
        request = self.router.request_factory.blank(url, method=method)
        request.registry = self.router.registry
        request.console = self.router.registry.console
        return request


def offers_of(text: str, here: str) -> Iterator[Offer]:
    """Every place of the console that the page leads or sends to."""
    page = BeautifulSoup(text, "html.parser")
    for element in page.select("a[href]"):
        yield from _own("GET", str(element["href"]))
    for element in page.select("[hx-get]"):
        yield from _own("GET", str(element["hx-get"]))
    for name in SENT_TO:
        for element in page.select(f"[{name}]"):
            yield from _own("POST", str(element[name]))
    for button in page.select("button:not([disabled])"):
        form = page.find(id=str(button["form"])) if button.has_attr("form") else button.find_parent("form")
        if button.get("type", "submit") != "submit" or not isinstance(form, Tag):
            continue
        method = str(button.get("formmethod") or form.get("method") or "get").upper()
        yield from _own(method, str(button.get("formaction") or form.get("action") or here))


def _own(method: str, address: str) -> Iterator[Offer]:
    parts = urlsplit(address)
    if parts.path and not parts.netloc and not parts.scheme:
        yield method, parts.path + (f"?{parts.query}" if parts.query else "")


@pytest.fixture
def full(session: Session, console: Console) -> None:
    """Two clusters, hosts of which one waits, a package, and one row of everything."""
    hosts = add_hosts(session)
    hosts[2].state = HostState.PENDING
    add_package(session)
    for cluster, address in ((OWN, "127.0.0.31"), (OTHER, "127.0.0.32")):
        add_cluster(session, console, cluster.partition("/")[2], (address,))
        rows_of(session, cluster)
    session.commit()


@pytest.mark.usefixtures("full")
@pytest.mark.parametrize(
    ("role", "grants", "fewest"),
    [
        (Role.VIEWER, [], 45),
        (Role.OPERATOR, [], 55),
        (Role.NONE, [(Role.DEPLOYER, OWN)], 20),
    ],
)
def test_nobody_is_offered_what_they_may_not_do(
    app: Router,
    console: Console,
    browser_as: Callable[[str], Browser],
    role: Role,
    grants: list[tuple[Role, str]],
    fewest: int,
) -> None:
    grant(console, "viewer", *grants, role=role)
    with console.readers() as session:
        user = find_user(session, "viewer")
        assert user is not None
        identity = identity_of_user(user)
    offered = Offered(app, browser_as("viewer"), identity)
    offered.walk("/" if role != Role.NONE else "/mine")
    assert not offered.wrong, "\n".join(f"{what}: {where}" for what, where in sorted(offered.wrong.items()))
    assert len(offered.read) >= fewest, sorted(offered.read)


def test_a_page_of_another_cluster_leads_nowhere(app: Router, full: None, console: Console) -> None:
    """What the walk relies on: it says no where the policy does."""
    identity = Identity(1, "viewer", Role.NONE, "browser", 1)
    offered = Offered(app, Browser(app, console), identity)
    assert not offered.may("GET", f"/clusters/{OWN}") and not offered.may("POST", f"/clusters/{OWN}/act/stop")
    assert offered.may("GET", "/account") and not offered.may("GET", "/no/such/page")
    assert [method for method, _path in offers_of('<form action="/a"><button>x</button></form><a href="/b">y</a>', "/")] == [
        "GET", "GET",
    ]  # fmt: skip
