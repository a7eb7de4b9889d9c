"""The main job without a mouse: sign in, describe a cluster in five steps, bootstrap it, follow it, read its log.

``MINOS_SOAK`` asks for it: it makes and cleans up a cluster of its own.
"""

import os
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.keys import Keys
from tests.browser.surfing import a_page
from tests.whole.ensemble import Ensemble
from tests.whole.site import Site, free_base_port

NAME = "keyed"
CLUSTER = f"/clusters/zookeeper/{NAME}"
CLEANUP = "sesame-by-keys"


@pytest.fixture
def gone_afterwards(site: Site) -> Iterator[None]:
    """Whatever came of it, nothing of it is left."""
    yield
    if any(one["name"] == NAME for one in site.api.get("clusters")["clusters"]):
        ensemble = Ensemble(site, NAME, 0, "")
        if site.api.get(ensemble.path)["bootstrapped_at"]:
            ensemble.operate("stop")
            ensemble.operate("cleanup", options={"cleanup_password": CLEANUP})
        site.api.delete(f"config/conf/zookeeper/zookeeper-{NAME}.cfg")


@pytest.mark.skipif("MINOS_SOAK" not in os.environ, reason="make soak runs it")
def test_from_signing_in_to_a_log_by_keys_alone(
    chromium: Browser, site: Site, running: Ensemble, gone_afterwards: None
) -> None:
    base_port = free_base_port([host.address for host in site.hosts], blocks=9) + 800
    with a_page(chromium, site) as page:
        keys = Keys(page)
        signs_in(keys, site)
        describes(keys, base_port)
        bootstraps(keys)
        follows(keys)
        reads(keys)


def signs_in(keys: Keys, site: Site) -> None:
    keys.page.goto("/")
    assert keys.here()["name"] == "User"
    keys.page.keyboard.type("admin")
    assert keys.tab_to("Password") == 1
    keys.page.keyboard.type(site.password)
    keys.press("Enter")
    keys.page.wait_for_url(re.compile(r"/$"))


def describes(keys: Keys, base_port: int) -> None:
    """Four steps of questions; Enter in a field goes on."""
    page = keys.page
    keys.find("new cluster", "New cluster")
    page.wait_for_url("**/clusters/new")
    if page.locator("[aria-pressed=true]", has_text="ZooKeeper").count() == 0:
        keys.tab_to("ZooKeeper", key="Shift+Tab")
        keys.press("Enter")
        expect(page.locator("[aria-pressed=true]")).to_have_text("ZooKeeper")
    assert keys.here()["name"] == "Name"
    keys.page.keyboard.type(NAME)
    keys.tab_to("Small")
    keys.press("ArrowUp")  # radio buttons are one stop, and arrows choose
    assert keys.here()["name"].startswith("Dev")
    keys.press("Enter")
    page.wait_for_url("**/package")
    assert keys.here()["name"].startswith("zookeeper-")
    keys.press("Enter")
    page.wait_for_url("**/hosts")
    keys.to_content()
    assert keys.tab_to("ZooKeeper server on host-41") < 12
    while not page.get_by_role("checkbox", name=keys.here()["name"]).is_checked():
        keys.tab_to("ZooKeeper server on")
    keys.press("Enter")
    page.wait_for_url("**/sizes")
    keys.to_content()
    assert keys.tab_to("Base port") < 12
    keys.write(str(base_port))
    assert keys.tab_to("Heap") == 1
    keys.write("96m")
    keys.press("Enter")
    page.wait_for_url("**/review")


def bootstraps(keys: Keys) -> None:
    """Out of the editor as into it; the button is dead until the name is typed."""
    keys.to_content()
    keys.tab_to("conf/zookeeper")  # the editor
    assert keys.here()["tag"] == "DIV"
    keys.tab_to(f"Create {NAME}", most=20)
    assert keys.tab_to("Cleanup password") == 1
    keys.page.keyboard.type(CLEANUP)
    assert keys.tab_to(f"Type {NAME}") == 1
    keys.page.keyboard.type(NAME)
    assert keys.tab_to("Create and bootstrap") == 1
    keys.press("Enter")
    keys.page.wait_for_url(re.compile(r"/operations/\d+$"))


def follows(keys: Keys) -> None:
    """What has the focus keeps it through every poll, or what takes its place has it: until the operation is done."""
    page = keys.page
    keys.to_content()
    keys.tab_to("Pause")
    expect(page.locator("h1 .mn-status__word")).to_have_text("done", timeout=120_000)
    expect(page.locator("#operation[hx-get]")).to_have_count(0)
    found = keys.here()
    assert not found["nowhere"] and found["seen"] and found["ring"], found
    keys.tab_to("zookeeper/0")
    keys.press("Enter")
    page.wait_for_url(f"**{CLUSTER}/tasks/zookeeper/0")


def reads(keys: Keys) -> None:
    page = keys.page
    expect(page.locator(".mn-log__badge")).to_contain_text("live")
    keys.to_content()
    keys.tab_to("Log")
    keys.press("Enter")
    page.wait_for_url("**/log*")
    expect(page.locator(".mn-log__badge")).to_contain_text("live")
    expect(page.locator(".mn-log__pane")).to_contain_text("INFO")
    keys.to_content()
    keys.tab_to("Text in log/")  # the field that searches it is called after its file
    keys.page.keyboard.type("INFO")
    keys.press("Enter")
    page.wait_for_url("**q=INFO*")
    expect(page.locator("#log-found li").first).to_contain_text("INFO")
    keys.press("g", "v")
    page.wait_for_url(re.compile(r"/$"))
    expect(page.locator(".mn-card", has_text=NAME)).to_be_visible()
