"""The shell in a real browser, and what goes with it: lines by keyboard, a run that is ended, maintenance from a dialog."""

import re

from playwright.sync_api import Page, expect

from tests.browser.surfing import fits
from tests.whole.ensemble import Ensemble

SHELL = "/clusters/zookeeper/lake/shell"


def test_a_command_that_reads_is_used_by_keyboard(page: Page, running: Ensemble) -> None:
    page.goto(SHELL)
    page.get_by_label("Command", exact=True).select_option("zk")
    expect(page.get_by_label("What follows it")).to_have_attribute("placeholder", "ls /")
    page.get_by_label("Command", exact=True).select_option("zkcli")
    expect(page.locator("[data-shell-title]")).to_contain_text("reads lines while it runs")
    page.get_by_label("What follows it").press("Enter")
    page.wait_for_url(re.compile(r"/runs/\d+$"))
    log, line = page.locator(".mn-log__pane"), page.get_by_placeholder(re.compile("a line for zkcli"))
    line.fill("ls /")
    line.press("Enter")
    expect(log).to_contain_text("[zookeeper]")
    expect(log.locator(".mn-log__mark")).to_have_text("> ls /")
    line.press("ArrowUp")
    expect(line).to_have_value("ls /")
    line.fill("quit")
    line.press("Enter")
    expect(page.locator(".mn-head .mn-status__word")).to_have_text("exit 0")
    expect(page.get_by_role("link", name="Again…")).to_be_visible()
    assert fits(page)


def test_a_run_is_ended_and_stays_in_the_list(page: Page, running: Ensemble) -> None:
    page.goto(SHELL)
    page.get_by_role("button", name="Run", exact=True).click()
    page.wait_for_url(re.compile(r"/runs/\d+$"))
    expect(page.locator(".mn-head .mn-status__word")).to_have_text("running")
    page.get_by_role("button", name="End it").click()
    expect(page.locator(".mn-head .mn-status__word")).to_have_text("cancelled")
    page.goto(SHELL)
    expect(page.locator("#runs tbody tr").first).to_contain_text("cancelled")


def test_what_is_wrong_stays_on_the_form(page: Page, running: Ensemble) -> None:
    page.goto(SHELL)
    page.get_by_label("What follows it").fill("get '/x")
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.locator("#words-error")).to_contain_text("A quote is not closed.")
    expect(page.get_by_label("What follows it")).to_have_value("get '/x")


def test_maintenance_is_begun_and_ended_on_the_page(page: Page, running: Ensemble) -> None:
    page.goto("/hosts/host-42")
    page.get_by_role("link", name="Maintenance…").click()
    page.get_by_label("Why").fill("new disks")
    page.get_by_role("button", name="Begin").click()
    expect(page.locator(".mn-maintenance")).to_contain_text("new disks")
    page.get_by_role("button", name="End maintenance").click()
    expect(page.locator(".mn-maintenance")).to_have_count(0)
