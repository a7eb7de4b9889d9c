"""A real Chromium for tests, and the few words in which tests speak of pages."""

import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, expect

from tests.whole.site import Site

PATIENCE_MS = 30_000
WIDE = {"width": 1440, "height": 900}
NARROW = {"width": 390, "height": 844}
_EXPECTED = re.compile(r"Failed to load resource: the server responded with a status of \d+|net::ERR_|Failed to fetch")
"""A refused upload, or a console that is away: the test's own doing."""
JUST_BEFORE = 120.0
"""Seconds: what asks for the password again only asks those who signed in longer ago."""
_SIGNED_IN: dict[str, tuple[float, list[Any]]] = {}
"""Site -> since when somebody is signed in, and the cookies."""


def launch(playwright: Playwright) -> Browser:
    """Debian's Chromium, else the one that Playwright brought."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    return playwright.chromium.launch(executable_path=found, args=arguments)


@contextmanager
def a_page(browser: Browser, site: Site, **options: Any) -> Iterator[Page]:
    """A fresh browser window on the site; whatever its scripts complain of fails the test at the end."""
    context = browser.new_context(**{"base_url": site.url, "viewport": WIDE, **options})
    context.set_default_timeout(PATIENCE_MS)
    expect.set_options(timeout=PATIENCE_MS)
    page = context.new_page()
    complaints: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not _EXPECTED.search(message.text):
            complaints.append(f"{page.url}: {message.text}")

    page.on("console", hear)
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    try:
        yield page
    finally:
        context.close()
    assert not complaints, complaints


def sign_in(page: Page, site: Site) -> None:
    """As the administrator: with the session of a test from just before, else through the form."""
    since, cookies = _SIGNED_IN.get(site.url, (0.0, []))
    if time.monotonic() - since < JUST_BEFORE:
        page.context.add_cookies(cookies)
        if "sign-in" not in page.request.get("/account").url:
            page.goto("/")
            return
        page.context.clear_cookies()
    fill_in(page, site)
    _SIGNED_IN[site.url] = time.monotonic(), [dict(cookie) for cookie in page.context.cookies()]


def fill_in(page: Page, site: Site, name: str = "admin", password: str = "") -> None:
    """Through the form, as the administrator or somebody else."""
    page.goto("/sign-in")
    page.get_by_label("User").fill(name)
    page.get_by_label("Password").fill(password or site.password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "sign-in" not in url)


def fits(page: Page) -> bool:
    """Whether nothing makes the page scroll sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
