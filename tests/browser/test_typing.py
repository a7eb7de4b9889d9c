"""The editor of the configuration: words offered, mistakes at their lines, two people at one file, the form."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.surfing import NARROW, a_page, fits, sign_in
from tests.whole.ensemble import Ensemble
from tests.whole.site import Site

FILE = "conf/zookeeper/zookeeper-lake.cfg"
PAGE = f"/config/{FILE}"


@pytest.fixture(autouse=True)
def described(site: Site, running: Ensemble) -> None:
    """Every test begins with the description that the ensemble was made with."""
    site.api.put_text(f"config/{FILE}", running.text)


def at_end(page: Page) -> None:
    page.locator(".cm-content").click()
    page.keyboard.press("Control+End")


def saved(page: Page) -> str:
    return page.request.get(f"/api/v1/config/{FILE}").text()


def test_expressions_keys_and_sections_are_offered(page: Page) -> None:
    page.goto(PAGE)
    at_end(page)
    offers = page.locator(".cm-tooltip-autocomplete")
    page.keyboard.type("  [[zookeeper.c")
    offers.get_by_role("option", name="zookeeper.cfg").click()
    page.keyboard.type("\n    tick_t")
    expect(offers.get_by_role("option", name="tick_time")).to_contain_text("in zookeeper")
    offers.get_by_role("option", name="tick_time").click()
    page.keyboard.type("%{zookeeper.1.h")
    expect(offers.get_by_role("option", name="zookeeper.1.host")).to_contain_text("127.0.0.42")
    offers.get_by_role("option", name="zookeeper.1.host").click()
    expect(page.locator(".cm-content")).to_contain_text("[[zookeeper.cfg]]    tick_time=%{zookeeper.1.host}")


def test_a_mistake_is_seen_at_its_line_and_the_outline_follows(page: Page) -> None:
    page.goto(PAGE)
    at_end(page)
    page.keyboard.type("  [[zookeeper.cfg]]\n    tick_time=%{nosuch}\n")
    problem = page.locator(".mn-problem--error")
    expect(problem).to_contain_text("%{nosuch} is not known")
    expect(page.locator("#outline")).to_contain_text("1 replaced nearer")
    page.locator("#outline nav").get_by_role("link", name="cluster").click()
    expect(page.locator(".cm-activeLine")).to_contain_text("[cluster]")
    page.keyboard.press("Control+s")
    expect(page.locator(".mn-flash--danger")).to_contain_text("Nothing was saved")


def test_two_editors_and_nothing_is_lost(page: Page, site: Site, running: Ensemble) -> None:
    page.goto(PAGE)
    site.api.put_text(f"config/{FILE}", running.text.replace("jobs=zookeeper", "jobs=zookeeper  # theirs"))
    at_end(page)
    page.keyboard.type("# mine")
    page.keyboard.press("Control+s")
    expect(page.locator(".mn-flash--warning")).to_contain_text("Your changes and theirs fit together")
    expect(page.locator(".mn-sides__text--add").first).to_contain_text("theirs")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".mn-flash--success")).to_contain_text("is saved as revision")
    assert "# theirs" in saved(page) and "# mine" in saved(page)


def test_the_form_by_keyboard(page: Page, running: Ensemble) -> None:
    page.goto(PAGE)
    page.get_by_role("link", name="Form").press("Enter")
    page.get_by_label("Heap").fill("112m")
    page.get_by_label("What did you change?").fill("a smaller heap")
    page.keyboard.press("Enter")
    expect(page.locator(".mn-flash--success")).to_contain_text("is saved as revision")
    assert "-Xmx112m" in saved(page)
    assert saved(page) == running.text.replace("-Xmx96m", "-Xmx112m")
    page.locator("#main").get_by_role("link", name="History").click()
    expect(page.locator("tbody tr").first).to_contain_text("a smaller heap")
    page.get_by_role("button", name="Compare the chosen two").press("Enter")
    expect(page.locator(".mn-sides__text--add")).to_contain_text("-Xmx112m")


@pytest.mark.parametrize("path", [PAGE, f"/config-form/{FILE}", f"/config-history/{FILE}?from=1&to=2"])
def test_it_fits_a_narrow_screen(chromium: Browser, site: Site, running: Ensemble, path: str) -> None:
    site.api.put_text(f"config/{FILE}", running.text + "\n# a line\n")
    with a_page(chromium, site, viewport=NARROW) as narrow:
        sign_in(narrow, site)
        narrow.goto(path)
        assert fits(narrow)
