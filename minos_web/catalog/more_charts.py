"""PURE. A folder's ``charts.toml``: charts in sections of a job's page, each with the figures that it draws, in one place."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from minos_web.catalog.shape import Data, JobName


class MoreChart(Data, frozen=True):
    """A chart with its figures: each is (name, the page's own name, title), or only the name of one that is kept anyway.

    The unit is that of the figures; of counters it is what they count in a second, and ends in ``/s``.
    """

    title: str
    figures: Annotated[tuple[tuple[str, ...], ...], Meta(min_length=1)]
    unit: str = ""
    kind: Annotated[str, Meta(pattern="^(gauge|counter)$")] = "gauge"


class ChartSection(Data, frozen=True):
    """Charts that stand together on the pages of each of ``jobs``."""

    jobs: tuple[JobName, ...]
    group: str
    charts: tuple[MoreChart, ...]


class ChartFile(Data, frozen=True):
    """All of ``charts.toml``."""

    sections: tuple[ChartSection, ...] = ()


def add_charts(service: dict[str, Any], more: dict[str, Any]) -> None:
    """Put what ``charts.toml`` says into the tables of ``service.toml``. Raises ValueError or msgspec.ValidationError."""
    jobs = {job.get("name"): job for job in service.get("jobs", ()) if isinstance(job, dict)}
    for section in msgspec.convert(more, ChartFile).sections:
        for name in section.jobs:
            status = jobs.get(name, {}).get("status")
            if status is None:
                raise ValueError(f"sections ({section.group}): {name!r} is no job with a status page")
            for chart in section.charts:
                _add(service, status, (name, section.group), chart)


def _add(service: dict[str, Any], status: dict[str, Any], place: tuple[str, str], chart: MoreChart) -> None:
    names = []
    for figure in chart.figures:
        if len(figure) not in (1, 3):
            raise ValueError(f"charts ({chart.title}): a figure is a name, its source and its title, or a name alone")
        names.append(figure[0])
        if len(figure) == 3:
            name, source, title = figure
            kept = {"name": name, "source": source, "title": title, "kind": chart.kind, "unit": _unit(chart)}
            status.setdefault("figures", []).append(kept)
    job, group = place
    drawn = {"title": chart.title, "job": job, "figures": names, "unit": chart.unit, "group": group}
    service.setdefault("charts", []).append(drawn)


def _unit(chart: MoreChart) -> str:
    """The unit of the figure itself: bytes of bytes/s, nothing of requests/s."""
    if chart.kind == "counter":
        return "bytes" if chart.unit == "bytes/s" else ""
    return chart.unit
