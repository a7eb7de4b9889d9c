"""A journey for each role: what it sees, something it does, and what it is refused, in words, when the address is typed by hand."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Response, expect

from minos_web.models.database import open_database, writers
from minos_web.security.people import add_grant, add_user
from minos_web.security.permissions import Grant, Role
from tests.browser.surfing import a_page, fill_in
from tests.whole.ensemble import FILE, Ensemble
from tests.whole.site import Site

CLUSTER, POND = "/clusters/zookeeper/lake", "/clusters/zookeeper/pond"
CONFIG = "/config/conf/zookeeper/zookeeper-lake.cfg"
PASSWORD = "four walls and a lake"
PEOPLE = {
    "noel": (Role.NONE, None),
    "nils": (Role.NONE, Role.VIEWER),
    "vera": (Role.VIEWER, None),
    "oscar": (Role.OPERATOR, None),
    "dora": (Role.DEPLOYER, None),
}
"""Name -> role that counts everywhere, and what is granted on the cluster lake."""


@pytest.fixture(scope="module", autouse=True)
def people(site: Site, running: Ensemble) -> Iterator[None]:
    """Somebody of each role, and a second cluster that is described and nowhere."""
    engine = open_database(f"sqlite:///{site.folder / 'console' / 'minos.sqlite'}")
    for name, (role, granted) in PEOPLE.items():
        with writers(engine).begin() as session:
            user = add_user(session, name, PASSWORD, role, time.time())
            if granted:
                add_grant(session, user, Grant(granted, "zookeeper/lake"), "admin", time.time())
    engine.dispose()
    text = FILE.format(name="pond", version="3.9.9", base_port=running.base_port + 200, hosts="  host.0=127.0.0.41")
    site.api.put_text("config/conf/zookeeper/zookeeper-pond.cfg", text)
    yield
    site.api.delete("config/conf/zookeeper/zookeeper-pond.cfg")


@contextmanager
def signed_in(chromium: Browser, site: Site, name: str, password: str = PASSWORD) -> Iterator[Page]:
    """Somebody's window. Whatever its pages ask for is answered, but for what ``refused`` types."""
    with a_page(chromium, site) as page:
        bad: list[str] = []

        def look(answer: Response) -> None:
            if answer.status >= 400 and not answer.request.is_navigation_request():
                bad.append(f"{answer.status} {answer.request.method} {answer.url}")

        page.on("response", look)
        fill_in(page, site, name, password)
        yield page
        assert not bad, bad


def refused(page: Page, name: str, *paths: str) -> None:
    """Typed by hand, each address says who lacks what, and the way out."""
    for path in paths:
        answer = page.goto(path)
        assert answer is not None and answer.status == 403, path
        expect(page.locator("main")).to_contain_text(re.compile(f"(Role|role) {PEOPLE[name][0]} lacks the permission"))
        expect(page.locator("main")).to_contain_text("Ask an administrator")


def menu(page: Page) -> list[str]:
    """What the menu offers."""
    return [text.strip() for text in page.get_by_role("navigation", name="Main").get_by_role("link").all_inner_texts()]


def acts(page: Page) -> list[str]:
    """Acts that the cluster's page offers."""
    return [text.strip() for text in page.locator("#cluster-head .mn-head__actions > button").all_inner_texts()]


def finished(page: Page) -> None:
    page.wait_for_url(re.compile(r"/operations/\d+$"))
    expect(page.locator("h1 .mn-status__word")).to_have_text("done", timeout=120_000)


def test_who_is_nothing_sees_nothing(chromium: Browser, site: Site) -> None:
    with signed_in(chromium, site, "noel") as page:
        expect(page).to_have_url(re.compile("/mine$"))
        expect(page.locator("main")).to_contain_text("Nothing is granted to you")
        expect(page.locator("main")).not_to_contain_text("lake")
        assert menu(page)[0] == "Overview" and "Hosts" not in menu(page)
        expect(page.locator("[data-palette-open]")).to_have_count(0)
        refused(page, "noel", "/hosts", CLUSTER, "/operations", "/help")
        page.goto("/account")
        expect(page.locator("main")).to_contain_text("noel, none")


def test_one_cluster_and_nothing_of_another(chromium: Browser, site: Site, running: Ensemble) -> None:
    with signed_in(chromium, site, "nils") as page:
        expect(page.locator("tbody th")).to_have_text(["lake"])
        page.get_by_role("link", name="lake").click()
        expect(page.locator("#cluster-head")).to_contain_text("healthy")
        assert acts(page) == []
        page.get_by_role("link", name="zookeeper/0", exact=True).click()
        expect(page.locator(".mn-log__badge")).to_contain_text("live")
        page.get_by_role("navigation", name="Breadcrumb").get_by_role("link", name="Clusters").click()
        page.wait_for_url("**/mine")
        page.keyboard.press("/")
        page.keyboard.type("pond")
        expect(page.locator("#palette-status")).to_have_text("Nothing fits.")
        page.keyboard.press("Escape")
        refused(
            page, "nils", POND, "/config/conf/zookeeper/zookeeper-pond.cfg", f"{CLUSTER}/act/stop", "/hosts/host-41"
        )
        expect(page.locator("main")).to_contain_text("nils has it at most on zookeeper/lake (viewer)")
        assert page.request.get("/api/v1/clusters/zookeeper/pond").status == 403


def test_a_viewer_looks_and_changes_nothing(chromium: Browser, site: Site, running: Ensemble) -> None:
    with signed_in(chromium, site, "vera") as page:
        expect(page.locator(".mn-card", has_text="lake")).to_contain_text(re.compile(r"3\s*/\s*3"))
        assert {"Hosts", "Packages", "Configuration"} <= set(menu(page)) and "Admin" not in menu(page)
        page.goto(CLUSTER)
        expect(page.locator("#tasks tbody tr")).to_have_count(3)
        assert acts(page) == []
        expect(page.get_by_role("checkbox")).to_have_count(0)
        page.goto(CONFIG)
        expect(page.locator(".cm-content")).to_have_attribute("contenteditable", "false")
        expect(page.get_by_role("button", name="Save")).to_have_count(0)
        for path, offered in (("/packages", "Upload"), ("/hosts", "Add hosts"), ("/clusters", "New cluster")):
            page.goto(path)
            words = page.get_by_role("button", name=offered, exact=True).or_(
                page.get_by_role("link", name=offered, exact=True)
            )
            expect(words).to_have_count(0)
        page.goto(f"{CLUSTER}/tasks/zookeeper/0/log")
        with page.expect_download() as coming:
            page.get_by_role("button", name="Download", exact=True).first.click()
        assert Path(coming.value.path()).stat().st_size > 0
        refused(page, "vera", f"{CLUSTER}/act/restart", "/clusters/new", "/hosts/add", "/admin/users")


def test_an_operator_restarts_a_task_and_follows_it(chromium: Browser, site: Site, running: Ensemble) -> None:
    before = running.tasks()[2]["pid"]
    with signed_in(chromium, site, "oscar") as page:
        page.goto(CLUSTER)
        assert acts(page) == ["Start…", "Restart…", "Rolling update…", "Stop…"]
        page.get_by_role("checkbox", name="zookeeper/2").check()
        page.get_by_role("button", name="Restart…").click()
        expect(page.locator("h1")).to_contain_text("1 task")
        typed = page.get_by_label("Type lake to confirm")
        if typed.count():
            typed.fill("lake")
        page.get_by_role("button", name="Restart 1 task").click()
        finished(page)
        expect(page.locator("main")).to_contain_text("by oscar")
        page.goto(f"{CLUSTER}/tasks/zookeeper/2")
        expect(page.locator("#task-head .mn-status--running")).to_be_visible()
        page.goto(CONFIG)
        expect(page.get_by_role("button", name="Save")).to_have_count(0)
        page.goto("/packages")
        expect(page.get_by_label("Package files")).to_have_count(0)
        assert "Admin" not in menu(page)
        refused(page, "oscar", "/clusters/new", "/config-form/conf/zookeeper/zookeeper-lake.cfg", "/admin/audit")
    site.until("a healthy ensemble", running.healthy)
    assert running.tasks()[2]["pid"] != before


def test_a_deployer_edits_and_rolls_it_out(chromium: Browser, site: Site, running: Ensemble) -> None:
    try:
        with signed_in(chromium, site, "dora") as page:
            page.goto(CONFIG)
            page.get_by_role("link", name="Form").click()
            page.get_by_label("Heap").fill("100m")
            page.get_by_label("What did you change?").fill("a little more room")
            page.keyboard.press("Enter")
            expect(page.locator(".mn-flash--success")).to_contain_text("is saved as revision")
            page.goto(CLUSTER)
            page.get_by_role("checkbox", name="zookeeper/0").check()
            page.get_by_role("button", name="Rolling update…").click()
            expect(page.locator("main")).to_contain_text("-Xmx100m")
            typed = page.get_by_label("Type lake to confirm")
            if typed.count():
                typed.fill("lake")
            page.get_by_role("button", name="Rolling update of 1 task").click()
            finished(page)
            pid = running.tasks()[0]["pid"]
            assert b"-Xmx100m" in Path(f"/proc/{pid}/cmdline").read_bytes()
            page.goto(f"{CLUSTER}/history")
            expect(page.locator("main")).to_contain_text("a little more room")
            assert "Admin" not in menu(page)
            refused(page, "dora", "/admin/users", "/admin/audit", "/workers/upgrade", "/notifications/channels/new")
    finally:
        site.api.put_text(CONFIG.removeprefix("/"), running.text)
    site.until("a healthy ensemble", running.healthy)


def test_an_admin_grants_brakes_and_reads_the_trail(chromium: Browser, site: Site, running: Ensemble) -> None:
    with signed_in(chromium, site, "admin", site.password) as page:
        page.goto("/admin/users")
        page.get_by_label("Name", exact=True).fill("gina")
        page.get_by_label("Role", exact=True).select_option("none")
        page.get_by_role("button", name="Add user").click()
        given = page.locator("#once").inner_text()
        page.goto("/admin/users")
        page.get_by_role("link", name="gina").click()
        page.get_by_label("Clusters", exact=True).fill("zookeeper/lake")
        page.get_by_label("May act there as").select_option("operator")
        page.get_by_role("button", name="Grant").click()
        expect(page.get_by_role("row", name="zookeeper/lake")).to_contain_text("operator")
        page.goto("/brake?cluster=zookeeper/lake")
        expect(page.get_by_label("What is frozen")).to_have_value("zookeeper/lake")
        page.get_by_label("Why").fill("the journey of an admin")
        page.get_by_role("button", name="Pull the brake").click()
        expect(page.get_by_role("heading", name="zookeeper/lake is frozen")).to_be_visible()
        with signed_in(chromium, site, "gina", given) as other:
            chooses_a_password(other, given)
            is_held(other)
            page.get_by_label("Type lake to release it").fill("lake")
            page.get_by_role("button", name="Release the brake of zookeeper/lake").click()
            expect(page.get_by_text("is released: what it held goes on")).to_be_visible()
            other.reload()
            expect(other.get_by_role("button", name="Restart lake")).to_be_disabled()  # until the name is typed
            other.get_by_label("Type lake to confirm").fill("lake")
            expect(other.get_by_role("button", name="Restart lake")).to_be_enabled()
        page.goto("/admin/audit")
        for action in ("brake.release", "brake.pull", "user.grant", "user.add"):
            expect(page.locator("main tbody")).to_contain_text(action)
        page.goto("/admin/audit/verify")
        expect(page.locator("main")).to_contain_text("Every entry is as it was written")


def chooses_a_password(page: Page, given: str) -> None:
    """Whoever was given one does nothing before."""
    page.wait_for_url("**/account")
    expect(page.locator("main")).to_contain_text("Choose a password of your own first")
    page.get_by_label("Current password").fill(given)
    page.get_by_label("New password", exact=True).fill(PASSWORD)
    page.get_by_label("New password again").fill(PASSWORD)
    page.get_by_role("button", name="Change password").click()
    page.goto("/")
    expect(page.locator("tbody th")).to_have_text(["lake"])


def is_held(page: Page) -> None:
    """The brake is told wherever she is, and her act is refused with its words."""
    expect(page.locator("#brake-banner")).to_contain_text("the journey of an admin")
    page.goto(f"{CLUSTER}/act/restart")
    expect(page.locator("main")).to_contain_text("the journey of an admin")
    expect(page.get_by_role("button", name="Restart lake")).to_be_disabled()
