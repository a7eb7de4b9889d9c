"""All that a task's status page tells, in the browser: read, chosen, searched, drawn."""

from playwright.sync_api import Page, expect

from tests.browser.surfing import NARROW, fits
from tests.whole.ensemble import Ensemble

PAGE = "/clusters/zookeeper/lake/tasks/zookeeper/0"


def test_a_number_is_found_and_drawn_live_and_its_last_hour_shown(page: Page, running: Ensemble) -> None:
    page.goto(PAGE)
    page.get_by_role("link", name="Figures", exact=True).click()
    table = page.get_by_role("table", name="Values of the page itself")
    expect(table.get_by_role("row", name="znode_count").first).to_be_visible()
    page.get_by_role("searchbox").fill("znode_count")
    page.get_by_role("searchbox").press("Enter")
    expect(table.get_by_role("row")).to_have_count(2)
    page.get_by_role("button", name="Draw znode_count live").click()
    drawn = page.locator("#live figure")
    expect(drawn.locator("canvas")).to_be_visible()
    expect(drawn.locator(".mn-chart__value")).to_have_text("5")
    drawn.get_by_role("button", name="Per second").click()
    expect(drawn.locator(".mn-chart__value")).to_have_text("0/s")
    drawn.get_by_role("button", name="Close").click()
    expect(drawn).to_have_count(0)
    page.get_by_role("link", name="Last hour of znode_count").click()
    expect(page.locator("#collected canvas")).to_be_visible()
    page.set_viewport_size(NARROW)
    assert fits(page)


def test_it_is_read_again_and_an_answer_has_an_age(page: Page, running: Ensemble) -> None:
    page.goto(f"{PAGE}/figures")
    told = page.locator("#figures [role=status] time").first
    expect(told).to_be_visible()
    before = told.get_attribute("datetime")
    page.get_by_role("link", name="Read again").click()
    expect(page.locator(f'#figures [role=status] time:not([datetime="{before}"])').first).to_be_visible()
