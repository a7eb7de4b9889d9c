"""A person makes a channel, tests it, has a route lead to it, and sees who would hear and what went out."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.surfing import a_page, sign_in
from tests.browser.test_pages import look_everywhere
from tests.minos_web.notify.servers import MailServer, mail_server
from tests.whole.site import Site, a_site


@pytest.fixture(scope="module")
def mail() -> Iterator[MailServer]:
    with mail_server() as made:
        yield made


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A console of its own, without hosts: its ini says nothing of mail."""
    with a_site(tmp_path_factory.mktemp("told"), [], webhook_urls="https://hooks.example.org/") as made:
        yield made


@pytest.fixture
def window(chromium: Browser, told: Site) -> Iterator[Page]:
    with a_page(chromium, told) as page:
        sign_in(page, told)
        yield page


def test_a_channel_is_made_and_tested_and_a_route_leads_to_it(window: Page, mail: MailServer) -> None:
    window.goto("/notifications")
    expect(window.locator(".mn-danger")).to_contain_text("Nobody hears of alerts.")
    window.get_by_role("link", name="New channel").first.click()
    window.get_by_role("button", name="Keep").click()
    expect(window.locator("#name-error")).to_contain_text("A channel needs a name")
    window.get_by_label("Name", exact=True).fill("desk")
    window.get_by_label("Mail server").fill("127.0.0.1")
    window.get_by_label("Port").fill(str(mail.port))
    window.get_by_label("Encryption").select_option("none")
    window.get_by_label("Sender").fill("Minos <minos@example.org>")
    window.get_by_role("button", name="Keep").click()
    expect(window.locator(".mn-flash--success")).to_contain_text("The channel desk is kept")

    window.get_by_role("link", name="desk").click()
    window.get_by_label("To", exact=True).fill("olga@example.org")
    window.get_by_role("button", name="Send a test").click()
    expect(window.get_by_role("heading", level=1)).to_have_text("Test over desk")
    expect(window.locator(".mn-why--info")).to_contain_text("taken by 127.0.0.1")
    assert mail.mails.subjects == ["[TEST] Test of desk"] and mail.mails.to == [["olga@example.org"]]

    window.goto("/notifications/routes/new")
    window.get_by_label("Name", exact=True).fill("night")
    window.get_by_label("Service").fill("zookeeper")
    window.get_by_label("error", exact=True).check()
    window.get_by_role("checkbox", name="desk").check()
    window.get_by_label("Mail addresses").first.fill("olga@example.org\nivan@example.org")
    window.get_by_role("button", name="Keep").click()
    expect(window.locator(".mn-flash--success")).to_contain_text("The route night is kept")
    expect(window.locator("#routes tbody tr")).to_contain_text("desk to olga@example.org, ivan@example.org")
    expect(window.locator(".mn-danger")).to_contain_text("hosts and the console itself")

    window.get_by_label("Service", exact=True).fill("zookeeper")
    window.get_by_role("button", name="Look").click()
    expect(window.locator("#try li")).to_contain_text("desk to olga@example.org, ivan@example.org, by the route night")


def test_a_test_that_fails_says_why(window: Page, told: Site) -> None:
    body = {"name": "nowhere", "kind": "mail", "host": "127.0.0.1", "port": 9, "security": "none"}
    told.api.post("notifications/channels", body)
    window.goto("/notifications")
    row = window.locator("#channels tbody tr", has_text="nowhere")
    row.get_by_role("textbox").fill("olga@example.org")
    row.get_by_role("button", name="Test").click()
    expect(window.locator(".mn-why--down")).to_contain_text("Connection refused")


@pytest.fixture(scope="module")
def filled(told: Site) -> tuple[int, int, int]:
    """A webhook, a route to it in two steps, and a message that did not go."""
    hook = {"name": "hook", "kind": "webhook", "url": "https://hooks.example.org/x", "secret": "a secret of many signs"}
    number = told.api.post("notifications/channels", hook)["id"]
    stages = [{"channel": number}, {"channel": number, "after_minutes": 15}]
    route = told.api.post("notifications/routes", {"name": "all of it", "stages": stages, "hours": "08:00-18:00"})["id"]
    message = told.api.post(f"notifications/channels/{number}/test", {})["delivery"]
    told.until("its result", lambda: told.api.get(f"notifications/deliveries/{message}")["state"] == "failed")
    return number, route, message


def test_its_pages_on_every_screen(chromium: Browser, told: Site, filled: tuple[int, int, int]) -> None:
    channel, route, message = filled
    with a_page(chromium, told, reduced_motion="reduce") as page:
        sign_in(page, told)
        for address in (
            "",
            "/channels/new",
            f"/channels/{channel}",
            "/routes/new",
            f"/routes/{route}",
            f"/messages/{message}",
            "?kind=crash",
        ):
            page.goto(f"/notifications{address}")
            expect(page.get_by_role("heading", level=1)).to_have_count(1)
            look_everywhere(page)
