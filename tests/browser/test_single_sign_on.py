"""Signing in by an identity provider, with a browser that really goes there and comes back."""

from playwright.sync_api import Browser, Page, expect

from tests.browser.surfing import a_page
from tests.minos_web.security.openid import OpenId
from tests.whole.site import Site


def authorize(page: Page, openid: OpenId, user: str, start: str) -> None:
    """Over to the provider, and there as ``user``."""
    page.goto(start)
    page.get_by_role("link", name="Single sign-on").click()
    page.wait_for_url(f"{openid.issuer}/**")
    page.get_by_placeholder("sub").fill(user)
    page.get_by_role("button", name="Authorize").click()


def test_there_and_back_to_where_one_was_going(chromium: Browser, site: Site, openid: OpenId) -> None:
    openid.user("sonja", preferred_username="sonja", groups=["watch"])
    openid.user("carol", preferred_username="carol", groups=["others"])
    with a_page(chromium, site) as page:
        authorize(page, openid, "carol", "/sign-in")
        expect(page.get_by_role("alert")).to_contain_text("no group of yours")
        authorize(page, openid, "sonja", "/hosts")
        page.wait_for_url(f"{site.url}/hosts")
        expect(page.locator(".mn-user")).to_contain_text("sonja")
        expect(page.get_by_role("link", name="Add hosts")).to_have_count(0)  # a viewer
        page.get_by_role("button", name="Sign out").click()
        page.wait_for_url("**/sign-in*")
        page.goto("/hosts")
        expect(page.get_by_role("link", name="Single sign-on")).to_be_visible()
