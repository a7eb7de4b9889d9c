"""Without a mouse: every step of the main job can be reached, seen and undone by keys."""

import re
from typing import Any

from playwright.sync_api import Browser, Page, expect

from tests.browser.surfing import NARROW, a_page, sign_in
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
