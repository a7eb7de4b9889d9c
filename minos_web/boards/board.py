"""What a board shows, and what all boards do: read facts, tell what is missing, answer with a page or with CSV."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pyramid.httpexceptions import HTTPNotFound
from pyramid.request import Request
from pyramid.response import Response

from minos_common.states import LIVE_TASK_STATES
from minos_web.boards.tables import Table, as_csv
from minos_web.models.clusters import Cluster, Task
from minos_web.monitor.facts import FRESH_SECONDS, TaskTold, Told, told_of
from minos_web.views.charting import Chart
from minos_web.views.clusters import cluster_frame
from minos_web.views.finding import found_cluster
from minos_web.views.presenting import duration, figure
from minos_web.views.sending import attachment


@dataclass(frozen=True)
class Said:
    """One line of what is known at once: ``value`` in words; ``kind`` is that of a status where it is one."""

    label: str
    value: str
    link: str = ""
    note: str = ""
    outside: bool = False


@dataclass(frozen=True)
class Charts:
    """Charts that belong together."""

    title: str
    charts: Sequence[Chart]
    note: str = ""


@dataclass
class Board:
    """A page of one cluster: ``tab`` is that of boards/tabs, ``title`` its last crumb, ``above`` the crumbs before it;
    ``nearby`` pages of the same tab (text, address, whether it is this one). ``at`` is when the newest of its facts came, ``more``
    a text and where it leads.
    """

    tab: str
    title: str
    lead: str = ""
    said: list[Said] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    charts: list[Charts] = field(default_factory=list)
    silences: list[str] = field(default_factory=list)
    above: list[tuple[str, str]] = field(default_factory=list)
    nearby: list[tuple[str, str, bool]] = field(default_factory=list)
    at: float | None = None
    more: tuple[str, str] | None = None


def board_cluster(request: Request, service: str) -> Cluster:
    """The cluster of the URL, which must be one of ``service``. Raises HTTPNotFound."""
    cluster = found_cluster(request)
    if cluster.service != service:
        raise HTTPNotFound(f"{cluster.name} is no cluster of {service}.")
    return cluster


def told(request: Request, cluster: Cluster, kind: str) -> Told:
    """Facts of one kind of a cluster, as of now."""
    return told_of(request.db, request.console.catalog.get(cluster.service), cluster, kind, request.now)


def answer(request: Request, cluster: Cluster, board: Board) -> dict[str, Any] | Response:
    """The page, or a table of it as CSV (``?csv=``)."""
    wanted = request.GET.get("csv")
    if wanted is not None:
        found = [one for one in board.tables if (one.prefix or "all") == wanted]
        if not found:
            raise HTTPNotFound("This page has no such table.")
        return csv_answer(f"{cluster.name}-{board.tab}", found[0])
    return {**cluster_frame(request, cluster), "board": board}


def csv_answer(name: str, shown: Table) -> Response:
    """A table as a file to save."""
    return attachment(as_csv(shown).encode(), f"{name}.csv", "text/csv")


def silences(found: Told, now: float) -> list[str]:
    """Why some tasks' facts are missing on a page, in words; empty when all tell."""
    return [f"{task_title(one.task)}: {_why_silent(one, now)}" for one in found.silent] + (
        [f"{found.left_out:,} more were too many to be told"] if found.left_out else []
    )


def _why_silent(one: TaskTold, now: float) -> str:
    if one.task.state not in LIVE_TASK_STATES:
        return f"does not run ({one.task.state})"
    if one.error:
        return one.error
    if one.at is None:
        return "has told nothing yet; a task that an older console prepared begins to after its next restart"
    return f"last told {duration(now - one.at)} ago, which is too long to be shown as how it is (more than {FRESH_SECONDS:.0f} s)"


def task_title(task: Task) -> str:
    """The task as everywhere: regionserver/2."""
    return f"{task.job}/{task.number}"


def series_chart(
    request: Request, cluster: Cluster, about: tuple[str, str, str], metrics: Mapping[str, str], **where: str
) -> Chart:
    """A chart of metrics (metric -> what people call it) of a cluster. ``about`` is its id, title and unit; ``where`` more
    labels, and ``rate``.
    """
    query = [("metric", metric) for metric in metrics]
    query += [("service", cluster.service), ("cluster", cluster.name), *where.items()]
    return Chart(about[0], about[1], "", request.route_path("api_series", _query=query), about[2], dict(metrics))


def known(value: float | None, unit: str) -> str:
    """A number with its unit, or that it is unknown."""
    return "unknown" if value is None else figure(value, unit)


def summed(values: Iterable[float | None]) -> float | None:
    """The sum of what is known; None when nothing is."""
    known = [value for value in values if value is not None]
    return sum(known) if known else None
