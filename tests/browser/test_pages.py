"""Every page: fits both screens in light and dark, has a title and one heading, nothing that axe calls a fault."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.surfing import NARROW, WIDE, a_page, fits, sign_in
from tests.whole.ensemble import Ensemble
from tests.whole.site import TOP, Site

CLUSTER = "/clusters/zookeeper/lake"
PAGES = [
    "/",
    "/clusters",
    "/history",
    "/hosts",
    "/hosts/host-41",
    "/workers/install",
    "/workers/upgrade",
    "/operations",
    "/operations/{operation}",
    "/packages",
    "/packages/{package}",
    "/config",
    "/config/conf/zookeeper/zookeeper-lake.cfg",
    "/config/conf/zookeeper/zookeeper-lake.cfg?revision={revision}",
    "/config-history/conf/zookeeper/zookeeper-lake.cfg",
    "/config-new",
    "/config-import",
    "/clusters/new",
    "/hosts/add",
    CLUSTER,
    f"{CLUSTER}/charts",
    f"{CLUSTER}/heat",
    f"{CLUSTER}/charts?job=zookeeper&range=6h&compare=1d",
    f"{CLUSTER}/tasks/zookeeper/0/charts",
    f"{CLUSTER}/history",
    f"{CLUSTER}/watching",
    f"{CLUSTER}/drills",
    f"{CLUSTER}/act/start",
    f"{CLUSTER}/act/stop",
    f"{CLUSTER}/act/bootstrap",
    f"{CLUSTER}/act/cleanup",
    f"{CLUSTER}/act/rolling_update",
    f"{CLUSTER}/act/install",
    f"{CLUSTER}/keytabs",
    "/schedules",
    "/schedules/new",
    "/schedules/new?what=act:rolling_update&cluster=zookeeper/lake",
    "/schedules/{schedule}",
    "/schedules/{schedule}/edit",
    "/services",
    "/services/hdfs",
    f"{CLUSTER}/tasks/zookeeper/0",
    f"{CLUSTER}/tasks/zookeeper/0/figures",
    f"{CLUSTER}/tasks/zookeeper/0/figures?q=znode",
    f"{CLUSTER}/tasks/zookeeper/0/log",
    f"{CLUSTER}/tasks/zookeeper/0/files",
    f"{CLUSTER}/tasks/zookeeper/0/files/zookeeper.cfg?line=9",
    "/account",
    "/admin/users",
    "/admin/audit",
    "/help/quick-start",
    "/help/states",
    "/help/cluster-files",
    "/help/operations",
    "/help/charts",
    "/help/schedules",
    "/help/alerts",
    "/alerts",
    "/alerts/history",
    "/silences",
    "/alert-rules",
    "/alert-rules/new",
    "/help/notifications",
    "/notifications",
    "/notifications?kind=problem",
    "/notifications/channels/new",
    "/notifications/channels/new?kind=webhook",
    "/notifications/channels/new?kind=apprise",
    "/notifications/routes/new",
    "/help/api",
    "/help/try",
    "/help/try?operation=getHost",
    "/help/components",
    "/help/quotas",
    "/quota-addresses",
    "/nothing/here",
]
SCREENS = {
    f"{size}-{scheme}": {"viewport": viewport, "color_scheme": scheme}
    for size, viewport in (("wide", WIDE), ("narrow", NARROW))
    for scheme in ("light", "dark")
}
AXE = TOP / "node_modules" / "axe-core" / "axe.min.js"
_RUN = """async () => (await axe.run(document, {
  runOnly: %s,
})).violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`)"""
FAULTS = _RUN % '["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]'
CONTRAST = _RUN % '{ type: "rule", values: ["color-contrast"] }'
"""The one rule that dark or light makes a difference to."""
THEME = "document.documentElement.dataset.bsTheme"


@pytest.fixture(scope="module")
def window(chromium: Browser, site: Site, running: Ensemble) -> Iterator[Page]:
    """A window, signed in."""
    with a_page(
        chromium, site, reduced_motion="reduce"
    ) as page:  # colours change at once, not over a tenth of a second
        sign_in(page, site)
        yield page


@pytest.fixture(scope="module")
def numbers(site: Site, running: Ensemble) -> dict[str, Any]:
    """What is filled into the addresses."""
    newest = site.api.get("operations", cluster=running.name)["operations"][0]["id"]
    revisions = site.api.get("config/conf/zookeeper/zookeeper-lake.cfg/revisions")["revisions"]
    package = site.api.get("packages", artifact="zookeeper")["packages"][0]["id"]
    schedule = site.api.post(
        "schedules",
        {"name": "Every hour", "kind": "check", "cluster": "zookeeper/lake", "timing": "every", "every": 3600},
    )
    return {"schedule": schedule["id"], "operation": newest, "revision": revisions[0]["number"], "package": package}


def look_with_axe(page: Page) -> None:
    """No rule of WCAG 2.1 AA, and none of axe's own good practice, is broken."""
    page.evaluate(AXE.read_text())
    faults = page.evaluate(FAULTS)
    assert not faults, "\n".join(faults)


def look_everywhere(page: Page) -> None:
    """The page as it stands, on every screen: it fits, has one title, and axe finds nothing. Leaves it wide and light."""
    assert page.locator("h1").count() == 1
    page.evaluate(AXE.read_text())
    for size in (NARROW, WIDE):
        page.set_viewport_size(size)
        assert fits(page), f"{page.url} scrolls sideways at {size['width']} px"
        assert (page.url, size["width"], page.evaluate(FAULTS)) == (page.url, size["width"], [])
        page.evaluate(f"{THEME} = 'dark'")
        assert (page.url, size["width"], "dark", page.evaluate(CONTRAST)) == (page.url, size["width"], "dark", [])
        page.evaluate(f"{THEME} = 'light'")


@pytest.mark.parametrize("address", PAGES)
def test_page(window: Page, numbers: dict[str, Any], address: str) -> None:
    """One look for all screens: loading each page four times would take most of the browser's time."""
    window.set_viewport_size(WIDE)
    window.goto(address.format(**numbers))
    window.wait_for_load_state("load")
    assert window.title().endswith("Minos") and window.title() != "Minos"
    look_everywhere(window)


@pytest.mark.parametrize("screen", SCREENS)
def test_signing_in(chromium: Browser, site: Site, screen: str) -> None:
    with a_page(chromium, site, **SCREENS[screen]) as page:
        page.goto("/sign-in")
        assert fits(page)
        look_with_axe(page)
