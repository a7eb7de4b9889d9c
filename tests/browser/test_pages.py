"""Every page: fits both screens in light and dark, has a title and one heading, nothing that axe calls a fault."""

import os
import time
from collections.abc import Iterator
from typing import Any

import pyotp
import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy.orm import Session

from minos_web.models.people import Approval, User
from minos_web.operations.layouts.drafts import CLUSTER, HOSTS, begin
from minos_web.scripts.opening import console_of_ini
from minos_web.security import second_step
from minos_web.security.people import add_grant, add_user
from minos_web.security.permissions import Grant, Role
from tests.browser.surfing import NARROW, WIDE, a_page, fits, sign_in
from tests.whole.ensemble import Ensemble
from tests.whole.site import TOP, Site

LAKE = "/clusters/zookeeper/lake"
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
    LAKE,
    f"{LAKE}/charts",
    f"{LAKE}/heat",
    f"{LAKE}/charts?job=zookeeper&range=6h&compare=1d",
    f"{LAKE}/tasks/zookeeper/0/charts",
    f"{LAKE}/history",
    f"{LAKE}/watching",
    f"{LAKE}/drills",
    f"{LAKE}/act/start",
    f"{LAKE}/act/stop",
    f"{LAKE}/act/bootstrap",
    f"{LAKE}/act/cleanup",
    f"{LAKE}/act/rolling_update",
    f"{LAKE}/act/install",
    f"{LAKE}/keytabs",
    "/schedules",
    "/schedules/new",
    "/schedules/new?what=act:rolling_update&cluster=zookeeper/lake",
    "/schedules/{schedule}",
    "/schedules/{schedule}/edit",
    "/services",
    "/services/hdfs",
    f"{LAKE}/tasks/zookeeper/0",
    f"{LAKE}/tasks/zookeeper/0/figures",
    f"{LAKE}/tasks/zookeeper/0/figures?q=znode",
    f"{LAKE}/tasks/zookeeper/0/log",
    f"{LAKE}/tasks/zookeeper/0/files",
    f"{LAKE}/tasks/zookeeper/0/files/zookeeper.cfg?line=9",
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
OF_PEOPLE = [
    "/account/second-step",
    "/confirm-it-is-you?next=/account",
    "/mine",
    "/approvals",
    "/approvals/{approval}",
    "/admin/users/{user}",
    "/admin/audit/verify",
    "/brake",
    "/search",
    "/search?q=lake",
    "/hosts/add/{adding}/arrive",
    "/hosts/add/{adding}/cluster",
    "/clusters/new/{draft}/package",
    "/clusters/new/{draft}/hosts",
    "/clusters/new/{draft}/sizes",
    "/clusters/new/{draft}/review",
]
"""Pages about what people are and leave, for the long form (MINOS_SOAK)."""
SOAK = bool(os.environ.get("MINOS_SOAK"))
SCREENS = {
    f"{size}-{scheme}": {"viewport": viewport, "color_scheme": scheme}
    for size, viewport in (("wide", WIDE), ("narrow", NARROW))
    for scheme in ("light", "dark")
}
VIOLAS = "tracks of the old mill"
"""The password of a user who sees one cluster, and has a second step."""
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
    about = {"schedule": schedule["id"], "operation": newest, "revision": revisions[0]["number"], "package": package}
    return {**about, **(left_behind(site, package) if SOAK else {})}


def left_behind(site: Site, package: int) -> dict[str, int]:
    """What people leave: a user who sees one cluster, a request for approval, wizards that are under way."""
    now, answers = time.time(), {"service": "zookeeper", "name": "pond", "package": package}
    console = console_of_ini(str(site.folder / "console.ini"))
    asked = {"jobs": ["zookeeper"], "tasks": [], "hosts": [], "options": {"at_once": 2}, "sealed": ""}
    with console.writers.begin() as session:
        user = add_user(session, "viola", VIOLAS, Role.NONE, now)
        add_grant(session, user, Grant(Role.OPERATOR, "zookeeper/lake"), "admin", now)
        approval = Approval(cluster="zookeeper/lake", action="cleanup", submission=asked, asked_by="viola", asked_at=now,
                            expires_at=now + 3600, state="waiting")  # fmt: skip
        draft = begin(session, "admin", CLUSTER, "zookeeper pond", now)
        draft.step, draft.answers = "review", answers
        adding = begin(session, "admin", HOSTS, "host-99", now)
        adding.step, adding.answers = "cluster", {"hosts": {"host-41": "127.0.0.41", "host-99": "127.0.0.99"}}
        session.add(approval)
        session.flush()
        _second_step(session, console.secret, user, now - 60)
        found = {"user": user.id, "approval": approval.id, "draft": draft.id, "adding": adding.id}
    console.engine.dispose()
    return found


def _second_step(session: Session, secret: bytes, user: User, at: float) -> None:
    """Set up a while ago, so that a code of this minute was not used."""
    key = second_step.begin(session, secret, user, at)
    second_step.confirm(session, secret, user.id, pyotp.TOTP(key).at(int(at)), at)


def code_of(site: Site, user_id: int) -> str:
    """What the user's app shows now."""
    console = console_of_ini(str(site.folder / "console.ini"))
    with console.readers() as session:
        row = second_step.step_of(session, user_id)
        assert row is not None
        code = pyotp.TOTP(second_step.secret_of(console.secret, row)).now()
    console.engine.dispose()
    return code


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


@pytest.mark.parametrize("address", [*PAGES, *(OF_PEOPLE if SOAK else [])])
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


@pytest.mark.skipif(not SOAK, reason="of the long form, make soak")
def test_somebody_who_sees_one_cluster(chromium: Browser, site: Site, numbers: dict[str, Any]) -> None:
    """By a second step to what was granted."""
    with a_page(chromium, site, reduced_motion="reduce") as page:
        page.goto("/sign-in")
        page.get_by_label("User").fill("viola")
        page.get_by_label("Password").fill(VIOLAS)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/sign-in/second-step*")
        _fit_both(page)
        page.get_by_label("Code").fill(code_of(site, numbers["user"]))
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("link", name="Clusters").first.click()
        page.wait_for_url("**/mine")
        _fit_both(page)
        page.get_by_role("link", name="lake", exact=True).click()
        page.wait_for_url(f"**{LAKE}")
        _fit_both(page)


def _fit_both(page: Page) -> None:
    for size in (NARROW, WIDE):
        page.set_viewport_size(size)
        assert fits(page)
        look_with_axe(page)
