"""Parts of big clusters that come after their page: the plan of an operation, the findings of a file. No reload, nothing silent."""

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from minos_web.console import Console
from minos_web.operations.describe import refresh_clusters
from minos_web.store.configdir import Edit, save
from minos_web.views.later import MANY
from tests.browser.surfing import a_page, fits, sign_in
from tests.browser.test_pages import look_with_axe
from tests.minos_web.scene import add_hosts, add_package
from tests.minos_web.views.test_task_pages import OWN_SERVICE
from tests.whole.site import Site

ADDRESSES = ("127.0.0.51", "127.0.0.52", "127.0.0.53")
EACH = MANY // len(ADDRESSES) + 1
PLAN = "/clusters/generic/web/act/bootstrap"
FILE = "/config/conf/generic/generic-web.cfg"


class Held:
    """Requests of the page's own scripts to one address, kept back until the test lets them go."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.routes = page, list[Route]()
        page.route(f"**{address}", self._hold)

    def _hold(self, route: Route) -> None:
        if "hx-request" in route.request.headers:
            self.routes.append(route)
        else:
            route.continue_()

    def next(self) -> Route:
        """The one that waits."""
        expect(self.page.locator("[aria-busy=true]")).to_be_attached()
        while not self.routes:
            self.page.wait_for_timeout(20)
        return self.routes.pop()


@pytest.fixture(scope="module")
def big(quiet: tuple[Site, Console]) -> Site:
    """A cluster of more tasks than are planned while somebody waits; its workers were heard just now, and will be for an hour."""
    site, console = quiet
    now = time.time()
    hosts = "".join(f"  host.{number}={address}/instance_num={EACH}\n" for number, address in enumerate(ADDRESSES))
    text = OWN_SERVICE.replace("  host.0=127.0.0.31\n", hosts)
    with console.writers.begin() as session:
        for host in add_hosts(session, ADDRESSES):
            host.beat_at = now + 3600
        add_package(session, "1", "web")
        save(session, Edit(FILE.removeprefix("/config/"), "admin", now), text.encode())
        refresh_clusters(session, console, now)
    return site


@pytest.fixture
def window(chromium: Browser, big: Site) -> Iterator[Page]:
    """Signed in there."""
    with a_page(chromium, big, reduced_motion="reduce") as page:
        sign_in(page, big)
        yield page


def test_a_plan_comes_by_itself_and_waits_for_the_name(window: Page) -> None:
    held = Held(window, PLAN)
    window.goto(PLAN)
    waiting = held.next()
    expect(window.get_by_role("status").filter(has_text="Working out")).to_be_visible()
    look_with_axe(window)
    window.evaluate("window.sameText = true")
    waiting.continue_()
    button = window.get_by_role("button", name="Bootstrap web")
    expect(button).to_be_disabled()
    expect(window.locator("#plan")).to_be_visible()
    expect(window.locator("[data-arriving=act]")).to_have_text(
        "What would happen is worked out: bootstrap the whole cluster."
    )
    name = window.get_by_label("Type web")
    name.fill("we")
    expect(button).to_be_disabled()
    name.fill("web")
    expect(button).to_be_enabled()
    assert window.evaluate("window.sameText")  # the page was not loaded anew
    assert fits(window)
    look_with_axe(window)


def test_a_plan_that_does_not_come_says_so_and_can_be_asked_for_again(window: Page) -> None:
    held = Held(window, PLAN)
    window.goto(PLAN)
    held.next().fulfill(status=500, body="<p>broken</p>", content_type="text/html")
    said = window.get_by_role("status").filter(has_text="It did not come. The console answered with status 500.")
    expect(said).to_be_visible()
    window.get_by_role("link", name="ask again").click()
    expect(window.get_by_role("button", name="Bootstrap web")).to_be_disabled()


def test_findings_come_while_one_reads(window: Page) -> None:
    held = Held(window, FILE)
    window.goto(FILE)
    waiting = held.next()
    expect(window.locator(".cm-content")).to_contain_text("instance_num")
    waiting.continue_()
    told = window.locator("[data-arriving=findings]")
    expect(told).to_have_text("1 finding in the file.")
    expect(window.locator("#findings")).to_contain_text("more than ten instances")
