"""Which rows a bulk action is about, and how tasks of a cluster are said as a selection."""

from collections.abc import Sequence
from urllib.parse import parse_qsl

from pyramid.request import Request

from minos_web.models.clusters import Task
from minos_web.operations.refusal import Refused
from minos_web.views.lists.reading import matching_ids
from minos_web.views.lists.shape import Shape
from minos_web.views.lists.showing import wanted_of

MOST = 5000
"""Rows that one action may be about."""


def chosen_ids(request: Request, shape: Shape) -> list[int]:
    """Ids of the rows that are ticked, or with ``all`` of those that fit the filter ``query``. Raises Refused for none."""
    given = request.POST
    if given.get("all") == "1":
        wanted = wanted_of(shape, parse_qsl(given.get("query", "")))
        if wanted.problem:
            raise Refused("bad-filter", wanted.problem, "q")
        found = request.db.scalars(matching_ids(shape, wanted).order_by(*shape.order(wanted))).all()
    else:
        numbers = [int(text) for text in given.getall("pick") if text.isascii() and text.isdigit() and len(text) < 19]
        found = _still_there(request, shape, numbers[: MOST + 1])
    if not found:
        raise Refused(
            "bad-selection", f"no {shape.one} is chosen: tick some, or choose all that fit the filter", "pick"
        )
    if len(found) > MOST:
        raise Refused("bad-selection", f"at most {MOST:,} {shape.many} are taken at a time; filter for fewer", "pick")
    return [*found]


def _still_there(request: Request, shape: Shape, numbers: Sequence[int]) -> list[int]:
    there: set[int] = set()
    for start in range(0, len(numbers), 500):
        part = numbers[start : start + 500]
        there.update(request.db.scalars(shape.base.where(shape.row.id.in_(part))))
    return [number for number in dict.fromkeys(numbers) if number in there]


Selection = dict[str, list[str] | list[int]]


def as_selection(chosen: Sequence[Task], every: Sequence[Task]) -> Selection | None:
    """Jobs, numbers and hosts that select exactly ``chosen`` of ``every`` task of a cluster; None when there are none. PURE."""
    ids = {task.id for task in chosen}
    jobs, hosts = sorted({task.job for task in chosen}), sorted({task.address for task in chosen})
    numbers = sorted({task.number for task in chosen})
    candidates: list[Selection] = [
        {},
        {"jobs": jobs},
        {"hosts": hosts},
        {"jobs": jobs, "hosts": hosts},
        {"jobs": jobs, "tasks": numbers},
        {"jobs": jobs, "tasks": numbers, "hosts": hosts},
    ]
    return next((one for one in candidates if {task.id for task in _selected(every, one)} == ids), None)


def _selected(every: Sequence[Task], selection: Selection) -> list[Task]:
    found = [task for task in every if not selection.get("jobs") or task.job in selection["jobs"]]
    found = [task for task in found if not selection.get("tasks") or task.number in selection["tasks"]]
    return [task for task in found if not selection.get("hosts") or task.address in selection["hosts"]]
