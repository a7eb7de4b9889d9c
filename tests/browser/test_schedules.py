"""A schedule made with its preview, run at once, found among the operations; the console's own rounds beside it.

The cluster is described and nothing of it runs: what is shown here needs no process of a service.
"""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.surfing import NARROW, a_page, fits, sign_in
from tests.browser.test_pages import look_everywhere
from tests.whole.ensemble import FILE
from tests.whole.site import Site, free_base_port

CLUSTER = "/clusters/zookeeper/calm"


@pytest.fixture(scope="module")
def described(site: Site) -> None:
    """A cluster that nobody has bootstrapped."""
    addresses = [host.address for host in site.hosts]
    hosts = "\n".join(f"  host.{number}={address}" for number, address in enumerate(addresses))
    text = FILE.format(name="calm", version="3.9.9", base_port=free_base_port(addresses), hosts=hosts)
    site.api.put_text("config/conf/zookeeper/zookeeper-calm.cfg", text)


def choose(page: Page, what: str) -> None:
    """The first step, from the cluster's own menu."""
    page.goto(CLUSTER)
    page.get_by_role("button", name="More").click()
    page.get_by_role("link", name="Do it at a certain time").click()
    expect(page.get_by_label("Cluster")).to_have_value("zookeeper/calm")
    page.get_by_label("What", exact=True).select_option(label=what)
    page.get_by_role("button", name="Go on").click()


def test_one_is_made_run_now_and_seen_among_the_operations(page: Page, site: Site, described: None) -> None:
    choose(page, "Ask every task how it is")
    page.get_by_label("Name").fill("Morning round")
    preview = page.locator("#preview")
    page.locator("#time").fill("06:45")
    page.get_by_label("Zone").fill("Europe/Berlin")
    expect(preview).to_contain_text("Every day at 06:45 Europe/Berlin.")
    expect(preview.locator("li")).to_have_count(5)
    page.get_by_label("Every so many minutes, hours or days").check()
    expect(page.locator("#time")).to_be_hidden()
    page.locator("#number").fill("0")
    expect(preview.locator(".mn-field__error")).to_contain_text("Every is between 60 seconds and 366 days")
    page.get_by_label("At a time of the day").check()
    expect(preview).to_contain_text("Every day at 06:45 Europe/Berlin.")
    page.get_by_role("button", name="Save").press("Enter")
    page.wait_for_url(re.compile(r"/schedules/\d+$"))
    expect(page.locator("h1")).to_have_text("Morning round")
    page.get_by_role("button", name="Run now").click()
    times = page.locator("#one table tbody tr")
    expect(times).to_have_count(1)
    expect(times).to_contain_text("asked by admin")
    expect(times.locator(".mn-status__word")).to_have_text("failed", timeout=60_000)  # nothing of it is on its hosts
    expect(page.locator("#one")).to_contain_text("has not worked since")
    times.get_by_role("link", name="operation").click()
    expect(page.locator(".mn-head__sub")).to_contain_text("as Morning round says")
    page.goto("/operations")
    expect(page.locator("#operations tbody tr").first).to_contain_text("Show")
    page.goto(CLUSTER)
    expect(page.locator("#cluster")).to_contain_text("Morning round")


def test_what_stops_tasks_asks_for_the_name(page: Page, described: None) -> None:
    choose(page, "Stop")
    page.locator("#time").fill("03:15")
    expect(page.locator("#preview")).to_contain_text("Every day at 03:15 UTC.")
    save = page.get_by_role("button", name="Save")
    expect(save).to_be_disabled()
    page.get_by_label("Type calm").fill("calm")
    expect(save).to_be_enabled()


def test_the_timetable_stands_below(page: Page, described: None) -> None:
    page.goto("/schedules")
    table = page.locator("#timetable")
    expect(table).to_contain_text("The timetable itself")
    expect(table.locator("#round-health .mn-status__word")).to_have_text(re.compile("on time|running"))


def test_forms_fit_a_narrow_window(chromium: Browser, site: Site, described: None) -> None:
    with a_page(chromium, site, viewport=NARROW, reduced_motion="reduce") as page:
        sign_in(page, site)
        for what in ("act:rolling_update", "command", "check"):
            page.set_viewport_size(NARROW)
            page.goto(f"/schedules/new?what={what}&cluster=zookeeper/calm")
            for choice in ("day", "every", "once", "cron"):
                page.locator(f'[name="timing"][value="{choice}"]').check()
                assert fits(page), f"{what} {choice} scrolls sideways"
            look_everywhere(page)
        for address in ("/schedules", "/schedules/new", "/schedules/1", "/help/schedules"):
            page.goto(address)
            look_everywhere(page)
