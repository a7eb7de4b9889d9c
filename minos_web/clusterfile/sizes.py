"""PURE. How many tasks a job should have, and how much memory its processes ask for."""

import re
from collections.abc import Iterator

from minos_web.clusterfile.arguments import Item
from minos_web.clusterfile.description import ClusterDescription, JobDescription
from minos_web.clusterfile.problems import Problem, warning_at

_HEAP = re.compile(r'"?-(?:Xmx|XX:MaxHeapSize=)([0-9]{1,15})([kKmMgGtT]?)"?')
_UNITS = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40}


def quorum_problems(description: ClusterDescription) -> Iterator[Problem]:
    """Jobs that decide by majority and have a number of tasks with which that makes little sense."""
    for job in description.jobs:
        count = len(job.tasks)
        if not job.job.quorum or not count or (count % 2 and count > 1):
            continue
        survives = (count - 1) // 2
        yield warning_at(job.place, _quorum_words(job.name, count, survives))


def _quorum_words(job: str, count: int, survives: int) -> str:
    if count == 1:
        return f"one {job} alone: when its host fails, nothing takes over; three survive the loss of one"
    lost = f"the loss of {survives}, as {count - 1} do" if survives else "no loss: both must run"
    return f"{count} {job} tasks decide by majority and survive {lost}; use {count + 1} (or {count - 1})"


def heap_of(job: JobDescription) -> tuple[int, Item] | None:
    """Largest heap of a process of the job in bytes, and the argument that says so; None when none says it.

    As in java itself the last argument counts. One with an expression in it is not understood here.
    """
    found = None
    for item in job.arguments.get("jvm_args", ()):
        match = _HEAP.fullmatch(item.text)
        if match:
            found = int(match[1]) * _UNITS[match[2].lower()], item
    return found
