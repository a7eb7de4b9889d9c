"""A change seen before it is made, and one made by hand on a host: seen, taken over, gone."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.whole.ensemble import Ensemble
from tests.whole.site import Site

FILE = "conf/zookeeper/zookeeper-lake.cfg"
CLUSTER = "/clusters/zookeeper/lake"
CHANGED = "  [[zookeeper.cfg]]\n    max_client_cnxns=77\n"


@pytest.fixture
def described(site: Site, running: Ensemble) -> None:
    """The cluster wants something else than its hosts have."""
    site.api.put_text(f"config/{FILE}", running.text.rstrip("\n") + "\n" + CHANGED)


def task_row(page: Page, number: int) -> str:
    return page.locator("#tasks tbody tr").nth(number).inner_text()


def config_of(site: Site, number: int) -> Path:
    found = list(site.hosts[number].root.rglob("lake/zookeeper/zookeeper.cfg"))
    assert len(found) == 1
    return found[0]


def test_a_change_is_seen_before_it_is_made(page: Page, site: Site, running: Ensemble, described: None) -> None:
    page.goto(CLUSTER)
    expect(page.locator("#tasks")).to_contain_text("not sent yet")
    page.goto(f"{CLUSTER}/act/restart?task=zookeeper/0")
    change = page.locator(".mn-change")
    expect(change.locator("summary")).to_contain_text("zookeeper.cfg 1 line changed, 1 task")
    change.locator("summary").press("Enter")
    expect(change.locator(".mn-diff__add")).to_have_text("+ maxClientCnxns=77")
    page.get_by_label("Send the configuration as it is now").uncheck()
    expect(page.locator("#plan")).to_contain_text("Configuration is not sent")
    page.get_by_label("Send the configuration as it is now").check()
    expect(change).to_have_count(1)
    page.get_by_label(re.compile("to confirm")).fill("lake")
    page.get_by_role("button", name="Restart 1 task").click()
    page.wait_for_url(re.compile(r"/operations/\d+$"))
    expect(page.locator("h1 .mn-status__word")).to_have_text("done", timeout=120_000)
    assert "maxClientCnxns=77" in config_of(site, 0).read_text()
    page.goto(CLUSTER)
    expect(page.locator("#tasks tbody tr").nth(0)).not_to_contain_text("not sent yet")
    expect(page.locator("#tasks tbody tr").nth(1)).to_contain_text("not sent yet")


def test_a_plan_that_is_out_of_date_is_refused(page: Page, site: Site, running: Ensemble, described: None) -> None:
    page.goto(f"{CLUSTER}/act/start?task=zookeeper/1")
    expect(page.locator(".mn-change")).to_have_count(1)
    site.api.put_text(f"config/{FILE}", running.text.rstrip("\n") + "\n" + CHANGED.replace("77", "78"))
    page.get_by_role("button", name="Start 1 task").click()
    expect(page.locator(".mn-flash--danger")).to_contain_text("what would be sent changed since you looked")
    page.get_by_role("button", name="Start 1 task").click()
    page.wait_for_url(re.compile(r"/operations/\d+$"))
    expect(page.locator("h1 .mn-status__word")).to_have_text("done", timeout=120_000)


def test_what_is_edited_by_hand_is_seen_and_taken_over(
    page: Page, site: Site, running: Ensemble, described: None
) -> None:
    file = config_of(site, 0)
    file.write_text(file.read_text().replace("maxClientCnxns=77", "maxClientCnxns=79"))
    page.goto(CLUSTER)
    expect(page.locator("#tasks tbody tr").nth(0)).to_contain_text("edited")
    page.goto(f"{CLUSTER}/tasks/zookeeper/0/files")
    page.get_by_role("link", name="Take over").click()
    expect(page.get_by_text("Nothing is saved yet")).to_be_visible()
    expect(page.locator(".mn-sides__text--add").first).to_contain_text("max_client_cnxns=79")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("is saved as revision")).to_be_visible()
    page.goto(CLUSTER)
    expect(page.locator("#tasks tbody tr").nth(0)).not_to_contain_text("edited")
    expect(page.locator("#tasks tbody tr").nth(0)).to_contain_text("restart needed")


def test_a_line_leads_to_where_it_is_written(page: Page, running: Ensemble, described: None) -> None:
    page.goto(f"{CLUSTER}/tasks/zookeeper/1/files/zookeeper.cfg")
    page.get_by_role("link", name=re.compile("maxClientCnxns=77")).press("Enter")
    expect(page.locator("#origin")).to_contain_text(FILE)
    expect(page.locator("#origin")).to_contain_text("The same line: zookeeper/0, zookeeper/2")
