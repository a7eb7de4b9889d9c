"""Figures that a service's charts draw and that no task of a real cluster tells: a chart of them would stay empty for ever."""

from typing import Any

from minos_web.catalog.loader import SHIPPED, load_catalog
from tests.whole.site import Site

QUIET: dict[str, frozenset[str]] = {}
"""By service, figures that its daemons tell only after something happened that no test here makes happen."""


def untold(site: Site, service: str, cluster: str) -> list[str]:
    """``job: figure`` of everything that charts of the jobs that run draw and no task of the job tells now."""
    described = load_catalog((SHIPPED,))[service]
    told: dict[str, set[str]] = {}
    for task in site.tasks(service, cluster):
        if _runs(task):
            told.setdefault(task["job"], set()).update(task["figures"])
    drawn = {(chart.job, name) for chart in described.charts for name in chart.figures if chart.job in told}
    quiet = QUIET.get(service, frozenset())
    return sorted(f"{job}: {name}" for job, name in drawn if f"{service}.{name}" not in told[job] and name not in quiet)


def _runs(task: dict[str, Any]) -> bool:
    return bool(task["state"] == "RUNNING")


def all_told(site: Site, service: str, cluster: str, patience: float = 60) -> None:
    """Wait until nothing is untold; says what is when it does not come."""
    last: list[str] = []

    def none() -> bool:
        last[:] = untold(site, service, cluster)
        return not last

    try:
        site.until(f"every figure that charts of {service} draw", none, patience)
    finally:
        print("untold:", *last, sep="\n  ")
