"""Time until a page of charts is drawn in a real browser, and what was sent for it: docs/benchmarks.md."""

import argparse
import json
import math
import statistics
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy.orm import Session

from benchmarks import machine
from minos_web.monitor.series.gathering import gather, origins
from minos_web.monitor.series.port import Batch, SeriesName
from minos_web.monitor.series.writing import SeriesWriter
from minos_web.scripts.opening import console_of_ini
from tests.browser.surfing import launch, sign_in
from tests.whole.site import Site, a_site

PERIOD = 10
HOUR = 3600
FRESH = 300
"""Seconds of samples that the engine has not gathered yet when somebody looks."""
SCREENS = {"in sight": {"width": 1440, "height": 900}, "all": {"width": 1440, "height": 6000}}
DRAWN = "count => document.querySelectorAll('figure .uplot').length >= count ? performance.now() : 0"
SENT = """() => performance.getEntriesByType("resource").filter(({name}) => name.includes("/series/several"))
    .map(({encodedBodySize, decodedBodySize}) => [encodedBodySize, decodedBodySize])"""


@dataclass(frozen=True)
class Size:
    """So many charts of an hour with a line for each task, of which a chart shows the ten highest; looked at ``looks`` times."""

    charts: int = 20
    tasks: int = 100
    looks: int = 5


@dataclass(frozen=True)
class Figures:
    """Milliseconds from asking for the page, the median: until ``first`` one and all in ``sight`` are drawn with data, and
    until all are that there are when the window shows every one. Bytes sent for samples of those in sight, packed and as they are.
    """

    charts: int
    tasks: int
    in_sight: int
    first: float
    sight: float
    all: float
    packed: int
    plain: int
    requests: int


def measure(size: Size) -> Figures:
    """A console of its own with a dashboard of ``size.charts`` panels."""
    with tempfile.TemporaryDirectory() as folder, a_site(Path(folder), []) as site, sync_playwright() as playwright:
        _fill(site, size)
        panels = [{"metrics": [f"bench.figure{number}"], "width": "half"} for number in range(size.charts)]
        board = site.api.post("dashboards", {"title": "Bench", "description": "", "panels": panels, "sharing": "edit"})
        browser = launch(playwright)
        try:
            looks = [_look(browser, site, f"/dashboards/{board['id']}", size) for _ in range(size.looks)]
        finally:
            browser.close()
    return Figures(size.charts, size.tasks, **{name: _median([look[name] for look in looks]) for name in looks[0]})


def _median(values: list[float]) -> Any:
    middle = statistics.median(values)
    return int(middle) if isinstance(values[0], int) else round(middle, 1)


def _look(browser: Browser, site: Site, address: str, size: Size) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, screen in SCREENS.items():
        context = browser.new_context(base_url=site.url, viewport=screen)  # type: ignore[arg-type]
        page = context.new_page()
        sign_in(page, site)
        page.goto("/help/charts")  # what every page needs is in the browser's cache
        page.goto(address, wait_until="commit")
        if name == "all":
            found["all"] = _drawn(page, size.charts)
        else:
            found["first"] = _drawn(page, 1)
            found["in_sight"] = page.evaluate(
                "[...document.querySelectorAll('figure[data-chart]')].filter(f => f.getBoundingClientRect().top < innerHeight).length"
            )
            found["sight"] = _drawn(page, found["in_sight"])
            sent = page.evaluate(SENT)
            found |= {
                "packed": sum(one for one, _ in sent),
                "plain": sum(one for _, one in sent),
                "requests": len(sent),
            }
        context.close()
    return found


def _drawn(page: Page, count: int) -> float:
    return float(page.wait_for_function(DRAWN, arg=count, polling="raf", timeout=60_000).json_value())


def _fill(site: Site, size: Size) -> None:
    """An hour of samples up to now, gathered as the engine does but for the last minutes."""
    console, writer, now = console_of_ini(str(site.folder / "console.ini")), SeriesWriter(), int(time.time())
    with console.writers.begin() as session:
        for task in range(size.tasks):
            _store(session, writer, size, task, range(now - HOUR - FRESH, now - FRESH, PERIOD))
    with console.writers.begin() as session:
        for origin in origins(session):
            gather(session, origin)
        writer.forget()
        for task in range(size.tasks):
            for at in range(now - FRESH, now + HOUR // 10, PERIOD):
                _store(session, writer, size, task, range(at, at + 1, PERIOD))
    console.engine.dispose()


def _store(session: Session, writer: SeriesWriter, size: Size, task: int, times: range) -> None:
    samples = list(_samples(size, task, times))
    writer.store(session, Batch(f"host-{task:03}", f"{task}-{times[0]}"), samples)


def _samples(size: Size, task: int, times: range) -> Iterator[tuple[SeriesName, int, float]]:
    for figure in range(size.charts):
        name = SeriesName(f"bench.figure{figure}", f"host-{task:03}", "hdfs", "lake-files", "datanode")
        for at in times:
            yield name, at, 100 + task + 20 * math.sin(at / 300 + task) + (at * 7919 + task * 104729) % 97 / 10


def table(found: Figures) -> str:
    """The figures as a table of Markdown."""
    head = "| charts | tasks | in sight | first (ms) | all in sight (ms) | all there are (ms) | sent for those in sight | unpacked |"
    row = (
        f"| {found.charts} | {found.tasks} | {found.in_sight} | {found.first:.0f} | {found.sight:.0f} | {found.all:.0f} "
        f"| {found.packed / 1000:.0f} kB in {found.requests} | {found.plain / 1000:.0f} kB |"
    )
    return f"{head}\n|{'---:|' * 8}\n{row}"


def main() -> None:
    """Measure, print a table, leave a JSON file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--charts", type=int, default=Size.charts)
    parser.add_argument("--tasks", type=int, default=Size.tasks)
    parser.add_argument("--looks", type=int, default=Size.looks)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    found = measure(Size(given.charts, given.tasks, given.looks))
    print(table(found))
    if given.json:
        given.json.parent.mkdir(parents=True, exist_ok=True)
        given.json.write_text(json.dumps({"machine": machine.described(), "charts": asdict(found)}, indent=2))


if __name__ == "__main__":
    main()
