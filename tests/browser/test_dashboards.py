"""A person puts a dashboard together, moves its panels by keyboard, and is told when somebody else was faster."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.surfing import NARROW, a_page, sign_in
from tests.browser.test_pages import look_everywhere
from tests.whole.site import Site


@pytest.fixture(scope="module")
def measured(site: Site) -> None:
    """Every host has told figures: there is something to choose."""
    site.until(
        "figures of hosts",
        lambda: len(site.api.get("series/names", q="host.load1")["labels"]["host"]) == len(site.hosts),
    )


@pytest.fixture(scope="module")
def kept(site: Site, measured: None) -> int:
    """A dashboard with one panel of each kind and width."""
    panels = [
        {
            "kind": "text",
            "title": "Look here first",
            "text": "When load is high:\nhttps://example.org/runbook",
            "width": "third",
        },
        {"metrics": ["host.load1"], "combine": "sum", "width": "third", "title": "Load of all"},
        {"metrics": ["host.load1"], "combine": "top", "top": 2, "width": "third"},
        {"metrics": ["host.memory_percent"], "unit": "percent", "width": "half"},
        {"metrics": ["nothing.of_the_kind"], "width": "half"},
        {"metrics": ["host.cpu_percent"], "unit": "percent", "width": "full"},
    ]
    body = {"title": "Three hosts", "description": "How they are.", "panels": panels, "sharing": "edit"}
    number: int = site.api.post("dashboards", body)["id"]
    return number


def panel(page: Page, number: int) -> Page:
    return page.locator(".mn-boardlist__item").nth(number - 1)  # type: ignore[return-value]


def test_one_is_made_moved_saved_and_deleted(page: Page, measured: None) -> None:
    page.goto("/dashboards")
    page.get_by_role("link", name="New dashboard").first.click()
    page.get_by_label("Title", exact=True).fill("Load and words")
    page.get_by_role("button", name="Add a chart").click()
    search = panel(page, 1).get_by_label("Metrics", exact=True)
    expect(search).to_be_focused()
    search.fill("host load 1")
    page.get_by_role("button", name="Host: load, 1 minute").wait_for()
    search.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(panel(page, 1).get_by_role("button", name="Leave out host.load1")).to_be_visible()
    expect(panel(page, 1).locator("[data-preview] canvas")).to_be_visible()
    expect(panel(page, 1).locator("[data-preview] .mn-chart__line")).to_have_count(3)
    panel(page, 1).get_by_label("Lines").select_option("sum")
    expect(panel(page, 1).locator("[data-preview] .mn-chart__line")).to_have_count(1)
    panel(page, 1).get_by_label("Host", exact=True).select_option("host-42")

    page.get_by_role("button", name="Add a text").click()
    panel(page, 2).get_by_label("Text", exact=True).fill("Above are three hosts.")
    panel(page, 2).get_by_role("button", name="Move up").focus()
    page.keyboard.press("Enter")
    expect(panel(page, 1).get_by_label("Text", exact=True)).to_have_value("Above are three hosts.")
    expect(page.locator("[data-said]")).to_have_text("Now panel 1 of 2.")
    panel(page, 2).get_by_label("Width").select_option("full")
    page.get_by_role("button", name="Save").first.click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Load and words")
    expect(page.locator(".mn-board > *").nth(0)).to_contain_text("Above are three hosts.")
    expect(page.locator(".mn-board figure canvas")).to_be_visible()
    page.get_by_role("link", name="Delete…").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.locator(".mn-flash--success")).to_contain_text("Load and words is deleted")


def test_a_fault_is_told_at_its_panel(page: Page, measured: None) -> None:
    page.goto("/dashboards/new")
    page.get_by_role("button", name="Save").first.click()
    expect(page.locator("[data-refused]")).to_contain_text("A dashboard needs a title")
    page.get_by_label("Title", exact=True).fill("Not whole")
    page.get_by_role("button", name="Add a chart").click()
    page.get_by_role("button", name="Save").first.click()
    expect(panel(page, 1).get_by_role("alert")).to_contain_text("1 to 20 metrics")
    page.once("dialog", lambda dialog: dialog.accept())  # what is not saved is not lost without a word
    page.goto("/dashboards")


def test_the_second_editor_keeps_a_copy(chromium: Browser, site: Site, page: Page, kept: int) -> None:
    page.goto(f"/dashboards/{kept}/edit")
    with a_page(chromium, site) as other:
        sign_in(other, site)
        other.goto(f"/dashboards/{kept}/edit")
        other.get_by_label("Description").fill("How they are now.")
        other.get_by_role("button", name="Save").first.click()
        expect(other.get_by_role("heading", level=1)).to_have_text("Three hosts")
    page.get_by_label("Title", exact=True).fill("Mine, later")
    page.get_by_role("button", name="Save").first.click()
    refused = page.locator("[data-refused]")
    expect(refused).to_contain_text("Since you opened it, admin has saved this dashboard")
    refused.get_by_role("button", name="Keep mine as a copy").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mine, later")
    expect(page.locator(".mn-head__sub")).to_contain_text("private")
    assert site.api.get(f"dashboards/{kept}")["description"] == "How they are now."


def test_its_pages_on_every_screen(chromium: Browser, site: Site, kept: int) -> None:
    with a_page(chromium, site, reduced_motion="reduce") as page:
        sign_in(page, site)
        for address in ("/dashboards", f"/dashboards/{kept}", f"/dashboards/{kept}/edit", "/dashboards/new"):
            page.goto(address)
            figures = page.locator("figure[data-chart]")
            expect(figures).to_have_count({"edit": 5, str(kept): 5}.get(address.rpartition("/")[2], 0))
            for figure in figures.all():
                figure.scroll_into_view_if_needed()  # a chart is asked for when it comes into sight
                expect(figure.locator(".mn-chart__note")).not_to_have_text("Loading…")
            expect(page.locator(".mn-chart canvas")).to_have_count(
                {"edit": 4, str(kept): 4}.get(address.rpartition("/")[2], 0)
            )
            look_everywhere(page)


@pytest.fixture(scope="module")
def machines(site: Site, measured: None) -> None:
    """Two hosts stand in one rack; a machine is kept that has no worker."""
    text = 'host,rack,idc,disks,disk_gb,cores,note\nhost-41,r1,bj,12,4000,999,"Ask Olga first, she knows."\nhost-42,r1,,,,,\nspare,r2,,,,8,\n'
    site.api.put_text("inventory", text, "text/csv")


ABOUT_MACHINES = ["/hosts/inventory", "/hosts/inventory/machine?host=host-41", "/hosts/inventory/import", "/hosts/heat"]


def test_inventory_and_heat_on_every_screen(chromium: Browser, site: Site, machines: None) -> None:
    with a_page(chromium, site, reduced_motion="reduce") as page:
        sign_in(page, site)
        for address in ABOUT_MACHINES:
            page.goto(address)
            expect(page.get_by_role("heading", level=1)).to_have_count(1)
            look_everywhere(page)


def test_squares_are_reached_by_arrow_keys(page: Page, machines: None) -> None:
    page.goto("/hosts/heat")
    page.get_by_label("Figure").select_option("host.memory_percent")
    page.get_by_role("button", name="Show").click()
    groups = page.locator(".mn-heat__group h2")
    expect(groups.filter(has_text="Rack r1")).to_have_text("Rack r1 2")
    page.locator(".mn-heat__cell").first.focus()
    names = []
    for key in ("ArrowRight", "ArrowRight", "Home", "End", "ArrowLeft", "ArrowUp"):
        page.keyboard.press(key)
        names.append(page.evaluate("document.activeElement.querySelector('.mn-heat__name').textContent"))
    assert names == ["host-41", "host-42", "host-43", "host-42", "host-41", "host-43"]
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("host-43")


def test_a_file_is_looked_at_before_it_is_taken(page: Page, machines: None) -> None:
    page.goto("/hosts/inventory/import")
    page.get_by_label("Or lines").fill("host,rack,cores\nhost-43,r 3,\nspare,,many\n")
    page.get_by_role("button", name="Look at it").click()
    expect(page.locator(".mn-danger tbody tr")).to_have_count(2)
    expect(page.locator(".mn-danger tbody tr").first).to_contain_text("2")
    page.get_by_label("Or lines").fill("host,rack,cores\nspare,r3,16\n")
    page.get_by_role("button", name="Look at it").click()
    expect(page.locator("tbody tr")).to_contain_text("r2 → r3")
    page.get_by_role("button", name="Keep 1 machine").click()
    expect(page.locator(".mn-flash--success")).to_contain_text("1 machine taken in")
    expect(page.locator("tbody tr", has_text="spare")).to_contain_text("r3")


def test_on_a_phone_panels_stand_one_below_the_other(chromium: Browser, site: Site, kept: int) -> None:
    with a_page(chromium, site, viewport=NARROW) as page:
        sign_in(page, site)
        page.goto(f"/dashboards/{kept}")
        lefts = page.locator(".mn-board > *").evaluate_all("all => all.map((one) => one.getBoundingClientRect().left)")
        assert len(lefts) == 6 and len(set(lefts)) == 1
