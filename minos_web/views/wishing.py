"""A form of the page of an action, read as a wish."""

from typing import Any

from pyramid.request import Request

from minos_web.models.clusters import Cluster
from minos_web.operations.refusal import Refused
from minos_web.operations.wish import Wish
from minos_web.security.permissions import Permission
from minos_web.views.acts import Act

_TEXTS = ("parallel", "tolerate", "on_failure", "log_level", "batch", "min_healthy", "deadline", "back_to")
_TICKS = ("pause_after_first", "override")


def wish_of(request: Request, cluster: Cluster, act: Act, given: Any) -> Wish:
    """What the form asks for. What is not there is as usual. Raises Refused when ticked tasks are no selection."""
    posted = request.method == "POST"
    options: dict[str, Any] = {
        "confirm": given.get("confirm", "").strip(),
        "cleanup_password": given.get("cleanup_password", ""),
        "plan": given.get("plan", "") if posted else "",
    }
    if (posted or "look" in given) and act.sends:
        options["update_config"] = "update_config" in given
        options["update_package"] = "update_package" in given
    if given.get("package_id", "").isdigit():
        options["package_id"] = int(given["package_id"])
    options |= {name: given[name].strip() for name in _TEXTS if given.get(name, "").strip()}
    options |= {name: True for name in _TICKS if name in given}
    jobs, tasks = ticked_tasks(given.getall("task"))
    return Wish(
        service=cluster.service,
        cluster=cluster.name,
        action=act.name,
        jobs=[*jobs, *(job for job in given.getall("job") if job and job not in jobs)],
        tasks=tasks,
        hosts=[host for host in given.getall("host") if host],
        may_override=bool(request.has_permission(Permission.ADMINISTER)),
        options=options,
        user=request.identity.user,
        now=request.now,
    )


def ticked_tasks(texts: list[str]) -> tuple[list[str], list[int]]:
    """Jobs and numbers of ticked tasks, each written job/number.

    Raises Refused when jobs times numbers would be more than what was ticked.
    """
    pairs = {_pair(text) for text in texts if text}
    jobs = sorted({job for job, _ in pairs})
    numbers = sorted({number for _, number in pairs})
    if len(pairs) != len(jobs) * len(numbers):
        raise Refused("bad-selection", "tick tasks of one job at a time, or the same numbers of each job", "tasks")
    return jobs, numbers


def _pair(text: str) -> tuple[str, int]:
    job, _, number = text.partition("/")
    if not (number.isascii() and number.isdigit() and len(number) < 9):
        raise Refused("bad-selection", f"a task is named job/number, not {text!r}", "tasks")
    return job, int(number)
