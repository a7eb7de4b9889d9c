"""Time of every page over a big site, what is sent for it, what polling costs, and the first paint in a browser: docs/benchmarks.md."""

import argparse
import html
import json
import re
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlencode

import requests
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from benchmarks import machine
from benchmarks.seed import Size, fill
from benchmarks.shares import of_sorted
from minos_web.models.alerts import Alert
from minos_web.models.clusters import Cluster, Task
from minos_web.models.hosts import Host
from minos_web.models.operations import Operation
from minos_web.models.packages import Package
from minos_web.scripts.opening import console_of_ini
from tests.browser.surfing import WIDE, launch, sign_in
from tests.whole.pages import signed_in
from tests.whole.site import Site, a_site

TARGET_MS, PAINT_MS = 100.0, 1000.0
LIVE = {"HX-Request": "true"}
PAINT = """() => new Promise(done => {
    const entry = performance.getEntriesByName("first-contentful-paint")[0];
    if (entry) return done(entry.startTime);
    new PerformanceObserver((list, watch) => list.getEntries().forEach(one => {
        if (one.name === "first-contentful-paint") { watch.disconnect(); done(one.startTime); }
    })).observe({ type: "paint", buffered: true });
})"""


@dataclass(frozen=True)
class Looks:
    """So many times each page is asked for, so many times it is polled, and so many times it is painted."""

    asked: int = 20
    polled: int = 10
    painted: int = 3


@dataclass(frozen=True)
class Figures:
    """Milliseconds of the server, from asking to the last byte: the median and the 95th of a hundred; ``cpu``: of its processor,
    for one request, which other work on the machine does not make longer. ``sent``: bytes of the
    page. ``poll_sent``: bytes of all its live parts, ``same`` the share of polls that were answered with "as before" while nothing
    happened. ``paint``: milliseconds to the first paint; None for pages that no browser was shown.
    """

    page: str
    median: float
    p95: float
    cpu: float
    sent: int
    poll_sent: int
    same: float | None
    paint: float | None


def addresses(session: Session) -> dict[str, str]:
    """Title -> address of every page that is measured: of the biggest cluster, and of what belongs to it."""
    counted = select(Task.cluster_id).group_by(Task.cluster_id).order_by(func.count().desc()).limit(1)
    cluster = session.get(Cluster, session.scalar(counted))
    assert cluster is not None
    task = session.scalars(select(Task).where(Task.cluster_id == cluster.id, Task.job == "datanode")).first()
    host, alert = session.scalars(select(Host)).first(), session.scalars(select(Alert)).first()
    package = session.scalars(select(Package)).first()
    assert task is not None and host is not None and alert is not None and package is not None
    big = session.scalar(select(Operation.id).where(Operation.open_cluster_id == cluster.id))
    at, conf = (
        f"/clusters/{cluster.service}/{cluster.name}",
        f"conf/{cluster.service}/{cluster.service}-{cluster.name}.cfg",
    )
    one = f"{at}/tasks/{task.job}/{task.number}"
    rack = urlencode({"q": "rack:r12 state:running role:datanode", "sort": "cpu"})
    return {
        "overview": "/", "hosts": "/hosts", "hosts, filtered": f"/hosts?{rack}", "hosts, page 4 of 200 each": "/hosts?page=4&size=200",
        "a host": f"/hosts/{host.name}", "heat map": "/hosts/heat", "inventory": "/hosts/inventory",
        "a cluster": at, "a cluster, by memory": f"{at}?sort=memory", "its charts": f"{at}/charts", "its heat map": f"{at}/heat",
        "its history": f"{at}/history", "its watching": f"{at}/watching", "its restart": f"{at}/act/restart",
        "all tasks": "/tasks", "tasks that are down": "/tasks?kind=down", "tasks, by CPU": "/tasks?sort=cpu",
        "a task": one, "its files": f"{one}/files", "operations": "/operations", "failed operations": "/operations?state=failed",
        "an operation of 5,000 steps": f"/operations/{big}", "packages": "/packages", "a package": f"/packages/{package.id}",
        "alerts": "/alerts", "alerts that are over": "/alerts/history", "an alert": f"/alerts/{alert.id}", "rules": "/alert-rules",
        "silences": "/silences", "notifications": "/notifications", "schedules": "/schedules", "dashboards": "/dashboards",
        "counters": "/counters", "configuration": "/config", "a cluster file": f"/config/{conf}", "its form": f"/config-form/{conf}",
        "services": "/services", "a service": "/services/hdfs", "users": "/admin/users", "audit": "/admin/audit",
        "account": "/account", "help": "/help/lists", "hosts, as a file": "/hosts?format=csv",
        "tasks of the cluster, as a file": f"{at}?format=csv",
    }  # fmt: skip


PAINTED = (
    "overview",
    "hosts",
    "a cluster",
    "all tasks",
    "operations",
    "an operation of 5,000 steps",
    "packages",
    "alerts",
    "a host",
)
"""The main pages, which a browser is shown."""


def measure(size: Size, looks: Looks, only: Sequence[str] = ()) -> list[Figures]:
    """A console of its own, filled; its engine stays out, so that nothing changes meanwhile. ``only`` pages of these titles."""
    with tempfile.TemporaryDirectory() as folder, a_site(Path(folder), [], engine="outside") as site:
        console = console_of_ini(str(site.folder / "console.ini"))
        fill(console, size, time.time())
        with console.readers() as session:
            pages = {title: path for title, path in addresses(session).items() if not only or title in only}
        paints = _paints(site, pages, looks) if looks.painted else {}
        with signed_in(site) as asker:
            found = [_page(site, asker, pages[title], looks, title) for title in pages]
        console.engine.dispose()
    return [Figures(**{**asdict(one), "paint": paints.get(one.page)}) for one in found]


def _page(site: Site, asker: requests.Session, path: str, looks: Looks, title: str) -> Figures:
    times, body = [], asker.get(site.url + path).content  # its template is compiled
    used = _used(site)
    for _ in range(looks.asked):
        begun = time.perf_counter()
        answer = asker.get(site.url + path)
        times.append((time.perf_counter() - begun) * 1000)
        assert answer.status_code == 200, f"{path}: {answer.status_code}"
        body = answer.content
    cpu = (_used(site) - used) / looks.asked
    sent, same = _polls(site, asker, body.decode(), looks.polled)
    times.sort()
    return Figures(title, of_sorted(times, 0.5), of_sorted(times, 0.95), cpu, len(body), sent, same, None)


def _used(site: Site) -> float:
    """Milliseconds of processor that the console's threads have used."""
    assert site.console.process is not None
    threads = Path(f"/proc/{site.console.process.pid}/task").glob("*/schedstat")
    return sum(int(one.read_text().split()[0]) for one in threads) / 1e6


def _polls(site: Site, asker: requests.Session, page: str, times: int) -> tuple[int, float | None]:
    """Bytes of all live parts of a page, and how often nothing new was said; None for a page that does not live."""
    addresses = {html.unescape(one) for one in re.findall(r'hx-get="([^"]+)"', page)} - {"/pulse"}
    sent = same = 0
    for address in addresses:
        first = asker.get(site.url + address, headers=LIVE)
        sent += len(first.content)
        known = {**LIVE, "If-None-Match": first.headers.get("ETag", "")}
        same += sum(asker.get(site.url + address, headers=known).status_code == 304 for _ in range(times))
    return sent, same / times / len(addresses) if addresses and times else None


def _paints(site: Site, pages: dict[str, str], looks: Looks) -> dict[str, float]:
    """Of the main pages."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        try:
            return {title: _paint(browser, site, pages[title], looks) for title in PAINTED if title in pages}
        finally:
            browser.close()


def _paint(browser: Browser, site: Site, path: str, looks: Looks) -> float:
    """The median; scripts and styles are in the browser's cache, as they are for whoever works with it."""
    context = browser.new_context(base_url=site.url, viewport=WIDE)  # type: ignore[arg-type]
    page = context.new_page()
    sign_in(page, site)
    found = []
    for _ in range(looks.painted):
        page.goto("/help/lists")
        page.goto(path, wait_until="commit")
        found.append(float(page.evaluate(PAINT)))
    context.close()
    return sorted(found)[len(found) // 2]


def table(found: list[Figures]) -> str:
    """The figures as a table of Markdown, the slowest first; what misses its target is bold."""
    lines = [
        "| page | median (ms) | p95 (ms) | processor (ms) | page | live parts | polls “as before” | first paint (ms) |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for one in sorted(found, key=lambda figures: -figures.p95):
        p95 = f"**{one.p95:.0f}**" if one.p95 > TARGET_MS else f"{one.p95:.0f}"
        paint = "" if one.paint is None else f"**{one.paint:.0f}**" if one.paint > PAINT_MS else f"{one.paint:.0f}"
        live = " | " if one.same is None else f"{one.poll_sent / 1000:.0f} kB | {one.same:.0%}"
        lines.append(
            f"| {one.page} | {one.median:.0f} | {p95} | {one.cpu:.0f} | {one.sent / 1000:.0f} kB | {live} | {paint} |"
        )
    return "\n".join(lines)


def main() -> None:
    """Measure, print a table, leave a JSON file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hosts", type=int, default=Size.hosts)
    parser.add_argument("--asked", type=int, default=Looks.asked)
    parser.add_argument("--painted", type=int, default=Looks.painted, help="how often in a browser; 0: without one")
    parser.add_argument("--only", nargs="*", default=[], help="titles of pages, e.g. hosts")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    found = measure(Size(given.hosts), Looks(asked=given.asked, painted=given.painted), given.only)
    print(table(found))
    if given.json:
        given.json.parent.mkdir(parents=True, exist_ok=True)
        figures = [asdict(one) for one in found]
        given.json.write_text(json.dumps({"machine": machine.described(), "pages": figures}, indent=2))


if __name__ == "__main__":
    main()
