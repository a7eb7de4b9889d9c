"""Workers through the browser: a rollout that goes well, one that stands still, and lines for new hosts."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.surfing import a_page, sign_in
from tests.minos_worker.release.wheels import changed_wheel
from tests.whole.site import Site, a_site


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A console with two workers of its own: their releases change here."""
    with a_site(tmp_path_factory.mktemp("workers"), ["127.0.0.46", "127.0.0.47"]) as made:
        yield made


@pytest.fixture
def page(chromium: Browser, site: Site) -> Iterator[Page]:
    with a_page(chromium, site) as opened:
        sign_in(opened, site)
        yield opened


def begin_rollout(page: Page, put_first: bool = False) -> None:
    """From the hosts page to the operation that upgrades every worker."""
    page.goto("/hosts")
    page.get_by_role("link", name=re.compile("Upgrade workers")).click()
    page.wait_for_url(re.compile("/workers/upgrade"))
    if put_first:
        page.get_by_role("button", name="Put it into the package store").click()
        expect(page.get_by_label("Release")).to_be_visible()
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name="Show what will happen").click()
    expect(page.get_by_role("heading", name="What will happen")).to_be_visible()
    expect(page.get_by_text("Try it on")).to_be_visible()
    page.get_by_role("button", name="Upgrade 2 workers").press("Enter")
    page.wait_for_url(re.compile(r"/operations/\d+$"))


def test_the_consoles_own_worker_is_rolled_out(page: Page, site: Site) -> None:
    begin_rollout(page, put_first=True)
    expect(page.locator("h1 .mn-status__word")).to_have_text("done", timeout=60_000)
    expect(page.locator(".mn-wave")).to_have_count(2)
    page.goto("/hosts/host-46")
    expect(page.get_by_text("installed by hand")).to_have_count(0)
    page.goto("/workers/upgrade")
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name="Show what will happen").click()
    expect(page.get_by_role("alert")).to_contain_text("already")


def test_a_rollout_that_fails_stands_still_and_is_cancelled(page: Page, site: Site, tmp_path: Path) -> None:
    broken = tmp_path / "minos_worker-8-py3-none-any.whl"
    broken.write_bytes(changed_wheel("8", "minos_worker/agent/loop.py", "import queue\n", "import nowhere_at_all\n"))
    site.api.upload(broken, "minos-worker", "8")
    begin_rollout(page)
    word = page.locator("h1 .mn-status__word")
    expect(word).to_have_text("paused", timeout=60_000)
    expect(page.locator("#operation")).to_contain_text("its own check ended with 1")
    page.locator("#operation summary", has_text="Output").first.click()
    expect(page.locator("#operation")).to_contain_text("nowhere_at_all")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("#operation")).to_contain_text("attempt 2", timeout=60_000)
    expect(word).to_have_text("paused", timeout=60_000)
    page.get_by_role("button", name="Cancel").click()
    expect(word).to_have_text("cancelled", timeout=60_000)
    assert site.all_in_touch()


def test_lines_for_new_hosts_are_shown_once_and_their_tokens_revoked(page: Page) -> None:
    page.goto("/hosts")
    page.get_by_role("link", name="Add hosts").first.click()
    page.get_by_label("Hosts", exact=True).fill("h48 127.0.0.48\nh49 127.0.0.49")
    page.get_by_role("button", name="Make install lines").press("Enter")
    expect(page.get_by_role("heading", name=re.compile("2 install lines"))).to_be_visible()
    expect(page.locator("#line-0")).to_contain_text("--token join_")
    expect(page.get_by_role("button", name="Copy the line for h48")).to_be_visible()
    page.get_by_role("link", name="Next: see them arrive").click()
    expect(page.get_by_text("--token join_")).to_have_count(0)
    expect(page.get_by_role("row", name="h49")).to_contain_text("not heard of yet")
    page.goto("/workers/install")
    expect(page.get_by_text("--token join_")).to_have_count(0)
    page.get_by_role("button", name="Revoke the token for h48").click()
    expect(page.get_by_role("status").or_(page.get_by_role("alert")).first).to_contain_text("opens nothing any more")
    expect(page.get_by_role("button", name="Revoke the token for h49")).to_be_visible()
    expect(page.get_by_role("button", name="Revoke the token for h48")).to_have_count(0)


def test_a_host_that_cannot_be_is_told_at_its_field(page: Page) -> None:
    page.goto("/workers/install")
    page.get_by_label("Hosts", exact=True).fill("no/such;host 1.2.3.4")
    page.get_by_role("button", name="Make install lines").click()
    expect(page.locator("#hosts")).to_have_class(re.compile("is-invalid"))
    expect(page.locator("#hosts")).to_have_value("no/such;host 1.2.3.4")
