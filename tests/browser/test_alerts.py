"""A person at night: what is wrong comes by itself, is looked after, written about, silenced and over; by keys, on every screen."""

import contextlib
import os
import re
import signal
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.surfing import a_page, sign_in
from tests.browser.test_keyboard import tab_to
from tests.browser.test_pages import look_everywhere
from tests.whole.site import Site, free_base_port, same_process
from tests.whole.test_own_service import GENERIC, package


@pytest.fixture(scope="module")
def lost(site: Site) -> Iterator[int]:
    """Id of the alert of a host whose worker is gone; it is back afterwards."""
    host = site.hosts[2]

    def alert() -> dict[str, Any] | None:
        found = site.api.get("alerts", rule="host-lost", state="firing", host=host.name)["alerts"]
        return next(iter(found), None)

    host.daemon.kill()
    yield site.until("its alert", alert, 90)["id"]
    if host.daemon.process is None or host.daemon.process.poll() is not None:
        host.daemon.start()
    site.until("workers in touch", site.all_in_touch)


@pytest.fixture(scope="module")
def plain(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Three small daemons, called plain; they are stopped afterwards."""
    site.api.upload(package(tmp_path_factory.mktemp("plain")), "counter", "r1")
    addresses = [host.address for host in site.hosts]
    hosts = "\n".join(f"  host.{number}={address}" for number, address in enumerate(addresses))
    text = GENERIC.format(base_port=free_base_port(addresses), hosts=hosts)
    site.api.put_text("config/conf/generic/generic-plain.cfg", text)
    done = site.operate("generic", "plain", "bootstrap", options={"cleanup_password": "sesame-7"})
    assert done["state"] == "done", done["message"]
    site.until("its health", lambda: site.api.get("clusters/generic/plain")["status"]["word"] == "healthy")
    yield "plain"
    assert site.operate("generic", "plain", "stop")["state"] == "done"


def state(page: Page) -> Locator:
    return page.locator("h1 .mn-status__word")


def test_its_pages_on_every_screen(chromium: Browser, site: Site, lost: int) -> None:
    with a_page(chromium, site, reduced_motion="reduce") as page:
        sign_in(page, site)
        for address in ("/alerts", f"/alerts/{lost}", "/alert-rules", "/alert-rules/host-lost", "/silences", "/"):
            page.goto(address)
            expect(page.get_by_role("heading", level=1)).to_have_count(1)
            look_everywhere(page)


def test_it_is_found_and_looked_after_by_keys_alone(page: Page, site: Site, lost: int) -> None:
    page.goto("/operations")
    expect(page.locator("#pulse")).to_contain_text("firing")
    tab_to(page, "Alerts")
    page.keyboard.press("Enter")
    page.wait_for_url("**/alerts")
    tab_to(page, "A host is lost")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/alerts/{lost}")
    expect(state(page)).to_have_text("firing")
    tab_to(page, "Acknowledge")
    page.keyboard.press("Enter")
    expect(state(page)).to_have_text("acknowledged")
    expect(page.locator(".mn-flash--success")).to_contain_text("You look after it now")
    page.get_by_role("textbox", name="Note").fill("It was pulled by hand, see https://example.org/why")
    page.get_by_role("button", name="Add note").press("Enter")
    expect(page.locator("#alert .mn-timeline").last).to_contain_text("It was pulled by hand")
    page.goto("/alerts")
    expect(page.locator(f"#alert-{lost}")).to_contain_text("admin")
    assert site.api.get(f"alerts/{lost}")["acknowledged_by"] == "admin"


def test_a_silence_from_here_is_filled_in(page: Page, lost: int) -> None:
    page.goto(f"/alerts/{lost}")
    page.get_by_role("link", name="Silence…").click()
    expect(page.locator("#rule")).to_have_value("host-lost")
    expect(page.locator("#host")).to_have_value("host-43")
    page.get_by_label("Why").fill("the disk comes tomorrow")
    page.get_by_role("button", name="Begin").click()
    expect(page.locator("#hours-error")).to_contain_text("hours")
    page.get_by_label("Hours").fill("2")
    page.get_by_role("button", name="Begin").click()
    expect(page.locator(".mn-flash--success")).to_contain_text("Silence begun")
    page.goto(f"/alerts/{lost}")
    expect(page.locator("#alert")).to_contain_text("silenced by admin")
    page.goto("/silences")
    page.get_by_role("button", name="End the silence").click()
    expect(page.locator(".mn-flash--success")).to_contain_text("The silence is over")


def test_when_it_is_good_again_the_open_page_says_so(page: Page, site: Site, lost: int) -> None:
    page.goto(f"/alerts/{lost}")
    expect(state(page)).to_have_text("acknowledged")
    site.hosts[2].daemon.start()
    expect(state(page)).to_have_text("resolved", timeout=90_000)
    page.goto("/alerts/history?rule=host-lost&host=host-43")
    expect(page.locator(f"#alert-{lost}")).to_contain_text("resolved")
    page.goto("/alerts")
    expect(page.locator(f"#alert-{lost}")).to_have_count(0)


def test_a_rule_is_tried_before_it_is_kept(page: Page, site: Site) -> None:
    site.until("figures of hosts", lambda: site.api.get("series/names", q="host.memory_percent")["metrics"])
    page.goto("/alert-rules")
    page.get_by_role("link", name="New rule").click()
    page.get_by_label("Title").fill("Memory is in use")
    page.get_by_label("Name", exact=True).fill("memory-in-use")
    page.get_by_label("Figure").fill("host.memory_percent")
    page.get_by_label("Of each", exact=True).select_option("host")
    page.get_by_label("Bad when").fill("> much")
    page.get_by_role("button", name="Back-test").click()
    expect(page.locator("#condition-error")).to_be_visible()
    page.get_by_label("Bad when").fill("> 0")
    page.get_by_label("For", exact=True).fill("10 s")
    page.get_by_role("button", name="Back-test").click()
    told = page.locator("#tested")
    expect(told.locator("dd").first).to_have_text(re.compile(r"[1-9]\d* times?"))
    expect(told.locator("svg rect")).not_to_have_count(0)
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#rule-memory-in-use")).to_contain_text("host.memory_percent > 0 for 10 s")
    page.get_by_role("link", name="Memory is in use").click()
    page.get_by_role("link", name="Delete…").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.locator(".mn-flash--success")).to_contain_text("is deleted")


def test_a_killed_task_is_told_with_its_cluster_and_over_when_it_runs(page: Page, site: Site, plain: str) -> None:
    def given_up() -> bool:
        task = site.tasks("generic", plain)[1]
        if task["pid"] and same_process(task["pid"], site.hosts[1].root):
            with contextlib.suppress(ProcessLookupError):
                os.kill(task["pid"], signal.SIGKILL)
        return bool(task["state"] == "FATAL")

    def folded() -> dict[str, Any] | None:
        found = site.api.get("alerts", rule="task-down", state="firing", cluster=plain)["alerts"]
        return next((one for one in found if one["task_id"] == 1 and one["parent"]), None)

    site.until("a task that is given up", given_up, 180)
    symptom = site.until("its alert, under that of its cluster", folded, 90)
    cluster = symptom["parent"]
    page.goto("/alerts")
    expect(page.locator(f"#alert-{cluster}")).to_contain_text("A cluster is not well")
    page.locator(f"#folded-{cluster} summary").press("Enter")
    with page.expect_response(lambda response: response.request.headers.get("hx-request") == "true"):
        pass
    link = page.locator(f"#symptom-{symptom['id']}").get_by_role("link", name="A task does not run")
    expect(link).to_be_visible()  # what is unfolded stays so while the page is live
    link.press("Enter")
    page.wait_for_url(f"**/alerts/{symptom['id']}")
    before = page.locator("section", has=page.get_by_role("heading", name="What changed in the 30 minutes before"))
    expect(before).to_contain_text(re.compile("counter/1 of plain (ended|failed)"))
    page.get_by_role("link", name=re.compile("at that moment")).click()
    page.wait_for_url(re.compile(r"/tasks/counter/1/charts\?from="))
    expect(page.locator("[data-live-word]")).to_have_text("Paused")
    page.goto(f"/alerts/{cluster}")
    page.get_by_role("button", name="Acknowledge").click()
    expect(state(page)).to_have_text("acknowledged")
    assert site.operate("generic", plain, "start", jobs=["counter"], tasks=[1])["state"] == "done"
    expect(state(page)).to_have_text("resolved", timeout=90_000)
    assert site.api.get(f"alerts/{symptom['id']}")["state"] == "resolved"
