"""The console is away, the worker is killed meanwhile, and its clock is set: no figure is lost, doubled or misplaced.

``make soak`` sets MINOS_SOAK and gets the long form: five minutes without a console.
"""

import html
import itertools
import os
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.whole.pages import Pages
from tests.whole.site import Site, a_site

HOUR = 3600
AWAY = 300 if os.environ.get("MINOS_SOAK") else 30
STEP = 6
"""About so many seconds are between two points of a chart here; a sample comes every two."""
BOOT = time.time() - time.clock_gettime(time.CLOCK_BOOTTIME)
"""When this host was started: what a figure of its uptime says at any moment is known."""


def points(site: Site, begin: float, end: float) -> list[tuple[float, float]]:
    """The host's uptime as it was stored for this time, all samples while it is no longer than a few minutes."""
    window = f"from={begin:.0f}&to={end:.0f}&points=1000"
    series = site.api.get(f"series?metric=host.uptime_seconds&host={site.hosts[0].name}&{window}")["series"]
    return [(at, value) for one in series for at, value in one["points"] if value is not None]


def row(site: Site) -> dict[str, Any]:
    return site.host(site.hosts[0].name) or {}


def drawn(site: Site, begin: float, end: float) -> list[tuple[float, float | None]]:
    """What a chart of these times draws, as the browser asks for it."""
    window = f"from={begin:.0f}&to={end:.0f}&points={(end - begin) // STEP:.0f}"
    query = f"metric%3Dhost.uptime_seconds%26host%3D{site.hosts[0].name}"
    [chart] = site.api.get(f"series/several?q={query}&{window}")["charts"]
    return [(at, value) for one in chart["series"] for at, value in one["points"]]


@pytest.mark.timeout(AWAY + 180)
def test_charts_have_no_hole_where_the_console_was_away(tmp_path: Path) -> None:
    with a_site(tmp_path, ["127.0.0.62"]) as site:
        site.until("figures", lambda: row(site).get("figures_at"))
        begin = float(row(site)["figures_at"])
        site.console.kill()
        gone = time.time()
        site.until("the console to be missed", lambda: time.time() - gone >= AWAY, AWAY + 30)
        back = time.time()
        site.start_console()
        site.until("fresh figures", lambda: row(site).get("figures_at", 0) > back)
        site.until("an empty disk", lambda: not list(site.hosts[0].root.glob("**/samples/*.batch")))
        inside = [(at, value) for at, value in drawn(site, begin, back) if begin + STEP <= at <= back - STEP]
        assert len(inside) >= AWAY // (STEP + 1) - 2
        assert [at - begin for at, value in inside if value is None] == []
        told = points(site, begin, back)
        assert len({at for at, _ in told}) == len(told) >= (back - begin) / 4, (
            "each sample once, and most of them in time"
        )


def test_a_console_that_was_away_has_all_figures_at_the_right_times(tmp_path: Path) -> None:
    shift = tmp_path / "shift"
    shift.write_text("0")

    def with_a_clock(site: Site) -> None:
        daemon = site.hosts[0].daemon
        daemon.command = [sys.executable, "-m", "tests.minos_worker.shifted_clock", str(shift), *daemon.command[1:]]

    with a_site(tmp_path, ["127.0.0.61"], before_workers=with_a_clock) as site:
        worker, begin = site.hosts[0].daemon, time.time()

        def spooled() -> int:
            return len(list(site.hosts[0].root.glob("**/samples/*.batch")))

        site.until("figures", lambda: row(site).get("figures_at"))
        site.console.kill()
        site.until("figures on the worker's disk", lambda: spooled() >= 6)
        worker.kill()
        shift.write_text(str(HOUR))
        worker.start()
        site.until("more of them, by another clock", lambda: spooled() >= 9)
        back = time.time()
        site.start_console()
        site.until("an empty disk", lambda: spooled() == 0)
        site.until("fresh figures", lambda: row(site).get("figures_at", 0) > back)
        now = time.time()
        found = points(site, begin, now)
        assert points(site, begin - 2 * HOUR, begin - 60) == points(site, now + 60, now + 2 * HOUR) == []
        assert max(abs(at - value - BOOT) for at, value in found) < 4
        times = [at for at, _ in found]
        assert len(times) == len(set(times)) and min(times) < begin + 10
        holes = [later - earlier for earlier, later in itertools.pairwise(times) if later - earlier > 4]
        assert len(holes) <= 1, f"only the worker that was killed may have missed some: {holes}"
        assert back - begin > 20 and abs(row(site)["figures_at"] - time.time()) < 30
        told = row(site)
        words = "3,600 s ahead of the console's"
        assert told["status"]["kind"] == "degraded" and words in told["status"]["reason"]
        assert words in html.unescape(Pages(site).get(f"/hosts/{site.hosts[0].name}"))
