"""A rolling update followed in a real browser: facts, standing still, going on; and keytabs through their form."""

import re

from playwright.sync_api import Page, expect

from tests.browser.surfing import fits
from tests.minos_web.keytab_bytes import keytab
from tests.whole.ensemble import Ensemble

CLUSTER = "/clusters/zookeeper/lake"


def test_a_rolling_update_is_watched_and_moved_on_by_keyboard(page: Page, running: Ensemble) -> None:
    page.goto(CLUSTER)
    page.get_by_role("button", name="Rolling update…").press("Enter")
    page.get_by_label("Stand still after the first batch").check()
    expect(page.locator("#plan")).to_contain_text("Stand still")
    page.get_by_label("Type lake to confirm").fill("lake")
    page.get_by_label("Type lake to confirm").press("Enter")
    page.wait_for_url(re.compile(r"/operations/\d+$"))
    word = page.locator("h1 .mn-status__word")
    expect(word).to_have_text("paused", timeout=120_000)
    expect(page.locator("main")).to_contain_text("the first batch of zookeeper is done")
    expect(page.locator(".mn-wave").filter(has_text="Look how zookeeper is")).to_contain_text("zookeeper/")
    assert fits(page)
    page.get_by_role("button", name="Resume").press("Enter")
    expect(word).to_have_text("done", timeout=120_000)
    expect(page.locator("main")).not_to_contain_text("NOT SO")
    expect(page.get_by_role("link", name=re.compile("Go back"))).to_be_visible()
    assert [task["state"] for task in running.tasks()] == ["RUNNING"] * 3


def test_a_package_lies_ready_on_every_host(page: Page, running: Ensemble) -> None:
    page.goto(f"{CLUSTER}/act/install")
    page.get_by_role("button", name="Install lake").click()
    page.wait_for_url(re.compile(r"/operations/\d+$"))
    expect(page.locator("h1 .mn-status__word")).to_have_text("done", timeout=60_000)
    expect(page.locator("main")).to_contain_text("unpacked in")


def test_a_keytab_is_given_seen_and_forgotten(page: Page, running: Ensemble) -> None:
    page.goto(CLUSTER)
    page.get_by_role("button", name="More").click()
    page.get_by_role("link", name="Keytabs").click()
    page.get_by_label("Keytab", exact=True).set_input_files(
        {"name": "zk.keytab", "mimeType": "application/octet-stream", "buffer": b"no keytab at all"}
    )
    page.get_by_role("button", name="Keep it").click()
    expect(page.locator("#file-error")).to_contain_text("It does not begin as a keytab")
    page.get_by_label("Keytab", exact=True).set_input_files(
        {"name": "zk.keytab", "mimeType": "application/octet-stream", "buffer": keytab("zookeeper/n1@EXAMPLE.ORG")}
    )
    page.get_by_role("button", name="Keep it").click()
    expect(page.locator("table")).to_contain_text("zookeeper/n1@EXAMPLE.ORG")
    page.get_by_role("button", name="Delete zk.keytab for all hosts").click()
    expect(page.locator("main")).to_contain_text("No keytabs")
