"""Without a mouse: every step of the main job can be reached, seen and undone by keys."""

import re
from typing import Any

from playwright.sync_api import Browser, Page, expect

from tests.browser.surfing import NARROW, a_page, fits, sign_in
from tests.whole.ensemble import Ensemble
from tests.whole.site import Site

CLUSTER = "/clusters/zookeeper/lake"
FOCUS = """() => {
  const element = document.activeElement, style = getComputedStyle(element);
  return {text: (element.textContent || element.ariaLabel || "").trim(), ring: style.outlineStyle !== "none"
    || style.boxShadow !== "none", seen: element.getClientRects().length > 0, tag: element.tagName};
}"""


def focus(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate(FOCUS)
    return found


def tab_to(page: Page, text: str) -> None:
    """Press Tab until something that says ``text`` has the focus; every stop on the way can be seen."""
    for _ in range(80):
        page.keyboard.press("Tab")
        here = focus(page)
        assert here["seen"] and here["ring"], here
        if here["text"].startswith(text):
            return
    raise AssertionError(f"no way to {text}")


def test_skipping_to_the_content(page: Page, running: Ensemble) -> None:
    page.goto(CLUSTER)
    page.keyboard.press("Tab")
    assert focus(page)["text"] == "Skip to content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('#main').contains(document.activeElement)")


def test_from_home_to_a_plan_and_back_by_keys_alone(page: Page, running: Ensemble) -> None:
    page.goto("/")
    tab_to(page, "lake")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{CLUSTER}")
    tab_to(page, "Stop…")
    page.keyboard.press("Enter")
    page.wait_for_url("**/act/stop*")
    tab_to(page, "Keep running")  # the button before it is dead until the name is typed
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{CLUSTER}")


def test_ticking_one_task_by_keys(page: Page, running: Ensemble) -> None:
    page.goto(CLUSTER)
    box = page.get_by_role("checkbox", name="zookeeper/1")
    box.focus()
    page.keyboard.press("Space")
    expect(box).to_be_checked()
    page.wait_for_timeout(0)
    page.get_by_role("button", name="Restart…").first.press("Enter")
    page.wait_for_url(re.compile("act/restart"))
    expect(page.locator("h1")).to_contain_text("1 task")


def test_a_tick_outlives_the_polls(page: Page, running: Ensemble) -> None:
    page.goto(CLUSTER)
    page.get_by_role("checkbox", name="zookeeper/1").check()
    with page.expect_response(
        lambda response: (
            response.request.headers.get("hx-target", "").startswith("table") or response.url.endswith(CLUSTER)
        )
    ):
        pass
    expect(page.get_by_role("checkbox", name="zookeeper/1")).to_be_checked()


def test_the_dialog_keeps_and_gives_back_the_focus(page: Page, running: Ensemble) -> None:
    page.goto("/config/conf/zookeeper/zookeeper-lake.cfg")
    opener = page.get_by_role("link", name="Delete…")
    opener.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    assert page.evaluate("document.activeElement.id") == "delete-name"
    expect(dialog.get_by_role("button", name="Delete zookeeper-lake.cfg")).to_be_disabled()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(opener).to_be_focused()


def test_the_palette_finds_by_keys_and_acts_never_by_itself(page: Page, running: Ensemble) -> None:
    page.goto("/hosts")
    page.keyboard.press("/")
    field = page.get_by_role("combobox", name="Search and commands")
    expect(field).to_be_focused()
    page.keyboard.type("lake")
    chosen = page.get_by_role("listbox", name="Found").get_by_role("option", selected=True)
    expect(chosen).to_contain_text("zookeeper/lake")
    expect(field).to_have_attribute("aria-activedescendant", "palette-0")
    page.keyboard.press("ArrowDown")
    expect(field).to_have_attribute("aria-activedescendant", "palette-1")
    field.fill("restart lake")
    expect(chosen).to_contain_text("Restart zookeeper/lake")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{CLUSTER}/act/restart")
    expect(page.get_by_label("Type lake")).to_be_visible()
    page.keyboard.press("Control+k")
    field.fill("no such thing")
    expect(page.locator("#palette-status")).to_have_text("Nothing fits.")
    page.keyboard.press("Escape")
    expect(field).to_be_hidden()


def test_letters_lead_to_pages_but_not_while_typing(page: Page, running: Ensemble) -> None:
    page.goto(CLUSTER)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("o")
    page.wait_for_url("**/operations")
    page.goto("/search")
    page.locator("#q").press_sequentially("go/?")
    expect(page.locator("#q")).to_have_value("go/?")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.locator("#q").blur()
    page.keyboard.press("g")
    page.keyboard.press("a")
    page.wait_for_url("**/alerts")


def test_the_brake_is_told_on_a_page_that_is_open_and_is_gone_when_released(page: Page, running: Ensemble) -> None:
    page.goto("/hosts")
    banner = page.get_by_role("alert").filter(has_text="a look at the brake")
    expect(banner).to_have_count(0)
    brake = running.site.api.post("brake", {"reason": "a look at the brake", "service": "zookeeper", "cluster": "lake"})
    expect(banner).to_be_visible()
    banner.get_by_role("link", name="Release").click()
    release = page.get_by_role("button", name="Release the brake of zookeeper/lake")
    expect(release).to_be_disabled()
    page.locator(f"#confirm-{brake['id']}").fill("lake")
    release.click()
    expect(page.get_by_text("is released: what it held goes on")).to_be_visible()
    expect(banner).to_have_count(0)


def test_leaving_an_unsaved_text_is_asked_about(page: Page, running: Ensemble) -> None:
    page.goto("/config/conf/zookeeper/zookeeper-lake.cfg")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.locator(".cm-content").click()
    page.keyboard.type("# ")
    page.get_by_role("link", name="Hosts").click()
    page.wait_for_url("**/hosts")
    assert asked == ["beforeunload"]


def test_the_menu_of_a_phone(chromium: Browser, site: Site, running: Ensemble) -> None:
    with a_page(chromium, site, viewport=NARROW, has_touch=True) as page:
        sign_in(page, site)
        link = page.get_by_role("navigation", name="Main").get_by_role("link", name="Hosts")
        expect(link).to_be_hidden()
        page.get_by_role("button", name="Menu").tap()
        expect(link).to_be_visible()
        link.tap()
        page.wait_for_url("**/hosts")
        page.get_by_role("link", name="Search").tap()
        page.get_by_role("combobox", name="Search and commands").fill("lake")
        page.get_by_role("listbox", name="Found").get_by_role("option", name="zookeeper/lake").first.tap()
        page.wait_for_url(f"**{CLUSTER}")
        assert fits(page)
