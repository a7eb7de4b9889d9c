"""Charts on a real page: one range of time for all, in the address; comparing, choosing lines, marks, files.

What the console answers about samples is made up here, so that every number is known; a page of real samples is looked at too.
"""

import csv
import io
import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlparse

import pytest
from playwright.sync_api import Browser, FloatRect, Page, Route, expect

from demo.api import wait_for
from tests.browser.surfing import NARROW, a_page, fits, sign_in
from tests.whole.site import Site

HOST = "/hosts/host-41"
STEP = 15
EVENT = {
    "kind": "operation", "tone": "down", "title": "Restart <b>lake</b>", "text": "failed · by olga", "url": "/operations",
}  # fmt: skip


class Made:
    """Answers for the samples and events of a page, and what was asked for."""

    def __init__(self) -> None:
        self.asked: list[dict[str, list[str]]] = []
        self.events: list[dict[str, Any]] = []
        self.lines = 3
        self.hosts = ["=cmd|calc", "b", "c"]

    def samples(self, route: Route) -> None:
        """A line for each host, 1, 2, 3 ..., without samples in the middle fifth; half of that an earlier time."""
        asked = parse_qs(urlparse(route.request.url).query)
        self.asked.append(asked)
        end = float(asked["to"][0]) if "to" in asked else time.time()
        start = float(asked["from"][0]) if "from" in asked else end - float(asked["span"][0])
        chart: dict[str, Any] = {"lines": self.lines, "series": self.series(start, end, 1.0)}
        if "compare" in asked:
            shift = float(asked["compare"][0])
            chart["earlier"] = self.series(start - shift, end - shift, 0.5)
        charts = [chart for _ in asked["q"]]
        route.fulfill(json={"from": start, "to": end, "step": (end - start) / 200, "charts": charts})

    def series(self, start: float, end: float, part: float) -> list[dict[str, Any]]:
        times = [start + (end - start) * at / 200 for at in range(201) if not 80 < at < 120]
        return [
            {"name": "host.m", "labels": {"host": host}, "points": [[at, (number + 1) * part] for at in times]}
            for number, host in enumerate(self.hosts)
        ]

    def happened(self, route: Route) -> None:
        asked = parse_qs(urlparse(route.request.url).query)
        middle = (float(asked["from"][0]) + float(asked["to"][0])) / 2
        events = [{"at": middle, "until": middle + 10, **event} for event in self.events]
        route.fulfill(json={"from": 0, "to": 1, "more": False, "events": events})


@pytest.fixture
def made(page: Page) -> Made:
    """The window's answers about samples are made up."""
    found = Made()
    page.route("**/api/v1/series/several?*", found.samples)
    page.route("**/api/v1/events?*", found.happened)
    return found


@pytest.fixture
def drawn(page: Page, made: Made) -> Page:
    """A host's page with its charts."""
    open_at(page, HOST)
    return page


def open_at(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator("#chart-cpu .uplot")).to_be_visible()


def plot_box(page: Page) -> FloatRect:
    """Where the first chart's lines are, in sight."""
    over = page.locator("#chart-cpu .u-over")
    over.scroll_into_view_if_needed()
    box = over.bounding_box()
    assert box
    return box


def shown(page: Page) -> list[str]:
    """Names and values of the first chart's lines."""
    return [" ".join(text.split()) for text in page.locator("#chart-cpu .mn-chart__line").all_inner_texts()]


def pressed(page: Page) -> str:
    return str(page.locator("[data-range][aria-pressed=true]").inner_text())


def test_a_range_is_chosen_for_all_and_stands_in_the_address(drawn: Page, made: Made) -> None:
    assert pressed(drawn) == "1 h" and "range" not in drawn.url
    drawn.get_by_role("button", name="6 h, the last 6 hours").press("Enter")
    expect(drawn).to_have_url(re.compile(r"\?range=6h$"))
    expect(drawn.locator("#chart-load")).not_to_contain_text("Loading")
    assert made.asked[-1]["span"] == ["21600"]  # what was asked before the button may have come in parts
    drawn.reload()
    expect(drawn.locator("#chart-cpu .uplot")).to_be_visible()
    assert pressed(drawn) == "6 h"
    drawn.get_by_role("button", name="24 h, the last 24 hours").click()
    drawn.go_back()
    expect(drawn.locator("[data-range='6h']")).to_have_attribute("aria-pressed", "true")
    drawn.go_forward()
    expect(drawn.locator("[data-range='24h']")).to_have_attribute("aria-pressed", "true")


def test_a_range_drawn_on_one_chart_zooms_all_and_out_again(drawn: Page, made: Made) -> None:
    box = plot_box(drawn)
    drawn.mouse.move(box["x"] + box["width"] * 0.25, box["y"] + 40)
    drawn.mouse.down()
    drawn.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + 60, steps=4)
    drawn.mouse.up()
    expect(drawn).to_have_url(re.compile(r"\?from=.*Z&to=.*Z$"))
    expect(drawn.locator("[data-live]")).to_have_text("Paused")
    with drawn.expect_response("**/several?*"):
        drawn.get_by_role("button", name="Zoom out").click()
    spans = [float(asked["to"][0]) - float(asked["from"][0]) for asked in made.asked if "from" in asked]
    assert 850 < spans[0] < 950 and spans[-1] == pytest.approx(2 * spans[0], abs=5)
    drawn.go_back()
    drawn.go_back()
    expect(drawn.locator("[data-live]")).to_have_text("Live")


def test_a_typed_window_names_what_is_wrong_with_it(drawn: Page, made: Made) -> None:
    opener = drawn.locator(".mn-chartbar__window")
    opener.press("Enter")
    field = drawn.get_by_label("From", exact=True)
    expect(field).to_be_focused()
    expect(drawn.locator("#charts-zone")).to_contain_text("UTC")
    field.fill("yesterday")
    field.press("Enter")
    expect(drawn.locator("#charts-from-error")).to_have_text(re.compile("From must be .*yesterday"))
    expect(field).to_have_attribute("aria-invalid", "true")
    field.fill("2026-01-31 09:00")
    drawn.get_by_label("To", exact=True).fill("2026-01-31 08:00")
    drawn.keyboard.press("Enter")
    expect(drawn.locator("#charts-from-error")).to_have_text("From must lie before To.")
    drawn.get_by_label("To", exact=True).fill("2026-01-31 10:00")
    drawn.keyboard.press("Enter")
    expect(drawn.locator("[data-window]")).to_have_text("2026-01-31 09:00 – 10:00")
    expect(opener).to_be_focused()
    assert "is-empty" not in drawn.locator("#chart-cpu").get_attribute("class")  # type: ignore[operator]


def test_a_senseless_address_says_so(page: Page, made: Made) -> None:
    open_at(page, f"{HOST}?range=2y")
    expect(page.locator("[data-chartbar-problem]")).to_contain_text("range=2y")
    assert pressed(page) == "1 h"


def test_live_goes_on_and_paused_stands_still(drawn: Page, made: Made) -> None:
    live = drawn.locator("[data-live]")
    live.press("Space")
    expect(live).to_have_text("Paused")
    expect(live).to_have_attribute("aria-pressed", "false")
    assert "from=" in drawn.url
    live.click()
    expect(drawn).to_have_url(re.compile(rf"{HOST}$"))
    before = len(made.asked)

    def asked_by_itself() -> bool:
        drawn.title()  # what is asked is answered while the browser is talked with
        return len(made.asked) > before + 1  # the first may come from the button

    wait_for("charts that ask by themselves", asked_by_itself, 60)


def test_an_earlier_time_stands_beside(drawn: Page, made: Made) -> None:
    drawn.get_by_label("Compare with").select_option("a day before")
    expect(drawn.locator("#chart-cpu .mn-chart__earlier").first).to_have_text("was 0.5 %")
    assert shown(drawn)[1] == "b 2 % was 1 %" and "compare=1d" in drawn.url
    assert made.asked[-1]["compare"] == ["86400"]


def test_lines_come_and_go(drawn: Page, made: Made) -> None:
    assert shown(drawn) == ["=cmd|calc 1 %", "b 2 %", "c 3 %"]
    item = drawn.locator("#chart-cpu .mn-chart__line")
    drawn.locator("#chart-cpu").get_by_role("button", name="Only b").press("Enter")
    assert [item.nth(at).get_attribute("aria-pressed") for at in range(3)] == ["false", "true", "false"]
    drawn.locator("#chart-cpu").get_by_role("button", name="Only b").press("Enter")
    assert [item.nth(at).get_attribute("aria-pressed") for at in range(3)] == ["true", "true", "true"]
    item.nth(2).click()
    assert item.nth(2).get_attribute("aria-pressed") == "false"


def test_only_the_top_lines_and_how_many_more(page: Page, made: Made) -> None:
    made.lines = 40
    open_at(page, HOST)
    expect(page.locator("#chart-cpu .mn-chart__more")).to_have_text("37 more lines not shown")
    assert (made.asked[0]["top"], made.asked[0]["by"]) == (["10"], ["mean"])
    page.get_by_label("Lines of each chart").select_option("Top 10 by highest")
    expect(page).to_have_url(re.compile("top=max"))
    page.get_by_label("Lines of each chart").select_option("All lines")
    expect(page).to_have_url(re.compile("top=all"))
    assert made.asked[-2]["by"] == ["max"] and "top" not in made.asked[-1]


def test_what_happened_is_marked_and_listed(page: Page, made: Made) -> None:
    made.events = [EVENT]
    open_at(page, HOST)
    expect(page.locator("[data-happened-note]")).to_have_text("1")
    page.get_by_text("What happened in this range").click()
    entry = page.locator("[data-happened] li")
    expect(entry).to_contain_text("Restart <b>lake</b> failed · by olga")
    expect(entry.get_by_role("link")).to_have_attribute("href", "/operations")
    box = plot_box(page)
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 50)
    expect(page.locator("#chart-cpu .mn-chart__tip")).to_contain_text("Restart <b>lake</b>")
    page.get_by_role("button", name="Events").click()
    expect(page.locator("[data-happened]")).to_be_hidden()
    assert "events=0" in page.url


def test_numbers_and_picture_are_saved(drawn: Page, made: Made, tmp_path: Path) -> None:
    chart = drawn.locator("#chart-cpu")

    def saved(what: str) -> Path:
        chart.get_by_role("button", name="More of CPU").click()
        with drawn.expect_download() as download:
            chart.get_by_role("button", name=what).click()
        path = tmp_path / download.value.suggested_filename
        download.value.save_as(path)
        return path

    numbers = saved("Save numbers (CSV)")
    head, first, *rest = list(csv.reader(io.StringIO(numbers.read_text())))
    assert head == ["time", 'host.m{host="=cmd|calc"}', 'host.m{host="b"}', 'host.m{host="c"}']
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+Z", first[0]) and first[1:] == ["1", "2", "3"]
    assert len(rest) == 161, "no row for times without samples"
    picture = saved("Save picture (PNG)")
    assert picture.read_bytes().startswith(b"\x89PNG") and picture.name.startswith("cpu-of-all-cores-")


def test_keys_move_the_cursor_and_zoom(drawn: Page, made: Made) -> None:
    plot = drawn.locator("#chart-cpu .mn-chart__plot")
    plot.focus()
    drawn.keyboard.press("ArrowLeft")
    drawn.keyboard.press("Shift+ArrowLeft")
    assert shown(drawn)[1] == "b 2 %"
    drawn.keyboard.press("+")
    expect(drawn).to_have_url(re.compile("from="))


def test_a_failure_keeps_what_was_drawn_and_says_why(drawn: Page, made: Made) -> None:
    drawn.unroute("**/api/v1/series/several?*")
    body = json.dumps({"error": {"code": "busy", "message": "the database is busy"}})
    drawn.route("**/api/v1/series/several?*", lambda route: route.fulfill(status=503, body=body))
    drawn.get_by_role("button", name="7 d, the last 7 days").click()
    expect(drawn.locator("#chart-cpu .mn-chart__note")).to_have_text("Not refreshed: the database is busy")


def test_the_bar_stays_where_it_is_on_a_phone(chromium: Browser, site: Site) -> None:
    with a_page(chromium, site, viewport=NARROW) as page:
        sign_in(page, site)
        found = Made()
        page.route("**/api/v1/series/several?*", found.samples)
        page.goto(HOST)
        expect(page.locator("#chart-cpu .mn-chart__plot")).to_be_attached()
        bar = page.locator("[data-chartbar]")
        before = bar.bounding_box()
        bar.scroll_into_view_if_needed()
        for name in ("15 min, the last 15 minutes", "30 d, the last 30 days"):
            page.get_by_role("button", name=name).click()
            expect(page.get_by_role("button", name=name)).to_have_attribute("aria-pressed", "true")
        page.locator("[data-live]").click()
        after = bar.bounding_box()
        assert before and after and before["height"] == after["height"] and fits(page)


@pytest.fixture
def real(page: Page) -> Iterator[Page]:
    """Nothing made up."""
    yield page


def test_real_samples_of_a_host_are_drawn(real: Page, site: Site) -> None:
    def measured() -> bool:
        series = site.api.get("series", metric="host.load1", host="host-41")["series"]
        return bool(series and series[0]["points"])

    site.until("samples of the host", measured)
    open_at(real, f"{HOST}?range=15m")
    expect(real.locator("#chart-cpu .mn-chart__value").first).to_have_text(re.compile(r"[\d.]+ %"))
    assert fits(real)
