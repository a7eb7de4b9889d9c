"""A task's whole status page, live: its beans as a tree, a search, a value drawn while one looks."""

from typing import Any

from pyramid.request import Request
from pyramid.view import view_config

from minos_common.states import StepState
from minos_web.models.clusters import Task
from minos_web.operations.whole_page import MOST_TEXT, VERB, Group, groups_of, question
from minos_web.security.permissions import Permission
from minos_web.views import presenting
from minos_web.views.charting import Chart
from minos_web.views.finding import found_task
from minos_web.views.questions import asked
from minos_web.views.tasks import series_of, task_frame

FRESH_SECONDS = 60.0
MOST_ROWS = 500


@view_config(route_name="task_figures", renderer="task_figures.mako", permission=Permission.VIEW)
def figures_page(request: Request) -> dict[str, Any]:
    """All that the page tells now: with ``q`` what holds this text, with ``group`` one bean. ``since`` (epoch seconds) asks
    for an answer that is not older; ``chart`` names a collected figure whose last hour is drawn.
    """
    task = found_task(request)
    text = request.GET.get("q", "").strip()[:MOST_TEXT]
    step = asked(request, task, VERB, question(text), _fresh(request)) if task.host_id else None
    data = step.data if step is not None and step.state == StepState.DONE else {}
    groups = groups_of(data)
    chosen, shown = _shown(groups, request.GET.get("group", ""), text)
    return {
        **task_frame(request, task),
        "q": text,
        "step": step,
        "told": data,
        "groups": groups,
        "chosen": chosen,
        "shown": shown,
        "hidden": sum(len(group.values) for group in groups) - sum(len(one.values) for one in shown) if text else 0,
        "chart": _chart(request, task),
    }


def _fresh(request: Request) -> float:
    """So many seconds old an answer may be."""
    since = request.GET.get("since", "")
    if since.isascii() and since.isdigit() and len(since) < 12:
        return float(min(max(request.now - int(since), 0.0), FRESH_SECONDS))
    return FRESH_SECONDS


def _shown(groups: list[Group], name: str, text: str) -> tuple[str, list[Group]]:
    """Which group is chosen, and which groups' values are shown: without a search one, with one as many as a page bears."""
    if name or not text:
        found = next((group for group in groups if group.name == name), groups[0] if groups else None)
        return (found.name, [found]) if found else (name, [])
    shown, rows = [], 0
    for group in groups:
        if rows and rows + len(group.values) > MOST_ROWS:
            break
        shown.append(group)
        rows += len(group.values)
    return "", shown


def _chart(request: Request, task: Task) -> Chart | None:
    """The collected figure that is wanted."""
    metric = request.GET.get("chart", "")[:200]
    if not metric or task.host_id is None:
        return None
    url = request.route_path("api_series", _query=[("metric", metric), *series_of(request, task).items()])
    return Chart("collected-chart", metric, "as collected", url, presenting.unit_of(metric), {metric: metric})
