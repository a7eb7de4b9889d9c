"""API: all that a task's status page tells now."""

from typing import Any

from pyramid.request import Request
from pyramid.view import view_config

from minos_web.operations.whole_page import MOST_ONLY, VERB, groups_of, question
from minos_web.security.permissions import Permission
from minos_web.views.api.params import id_of
from minos_web.views.api.questions import ASKING, answered, find_task
from minos_web.views.errors import Refusal

FRESH_SECONDS = 2.0


@view_config(route_name="api_task_figures", request_method="GET", renderer="json", permission=Permission.VIEW)
def figures(request: Request) -> dict[str, Any]:
    """The groups with their values; 202 while the worker has not answered: ask again in a second."""
    names = request.matchdict
    task = find_task(request, names["service"], names["cluster"], names["job"], id_of(request, "number"))
    if task.host_id is None:
        raise Refusal(409, "no-host", f"no approved host has the address {task.address}")
    step = answered(request, task, VERB, question(request.GET.get("q", ""), _only(request)), FRESH_SECONDS)
    if step is None:
        return dict(ASKING)
    data = step.data
    return {
        "groups": [
            {
                "name": group.name,
                "values": [
                    {"name": one.name, "number": one.number, "text": one.text, "figure": one.figure or None}
                    for one in group.values
                ],
            }
            for group in groups_of(data)
        ],
        "count": int(data.get("count", 0)),
        "left_out": int(data.get("left_out", 0)),
        "source": str(data.get("source", "")),
        "read_at": step.ended_at,
        "seconds": float(data.get("seconds", 0.0)),
    }


def _only(request: Request) -> list[tuple[str, str]]:
    """The pairs of ``group`` and ``name`` in the query. Raises Refusal."""
    groups, names = request.GET.getall("group"), request.GET.getall("name")
    if len(groups) != len(names):
        raise Refusal(422, "invalid", "as many group as name are needed: one of each for every value", "name")
    if len(names) > MOST_ONLY:
        raise Refusal(422, "invalid", f"at most {MOST_ONLY} values can be named; search with q instead", "name")
    return list(zip(groups, names, strict=True))
