"""PURE. What is judged: hosts, racks, tasks, clusters and the console, with what they tell; and what stands on what."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from minos_web.monitor.alerts.rules import Rule


@dataclass(slots=True)
class Subject:
    """One thing that has alerts. ``figures`` were told ``at``; ``words`` are those of its page and its status, ``reasons`` say
    why a word or figure is so. ``off``: it is stopped on purpose, so what it told means nothing any more. ``place`` tells it
    from all others.
    """

    about: str
    host: str = ""
    service: str = ""
    cluster: str = ""
    job: str = ""
    number: int | None = None
    part: str = ""
    figures: Mapping[str, float] = field(default_factory=dict)
    at: float = 0.0
    words: Mapping[str, str] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    off: bool = False
    place: str = ""

    @property
    def key(self) -> str:
        """What tells it from all others."""
        return self.place or self.host or self.about

    @property
    def where(self) -> str:
        """In words; of the console nothing."""
        cluster = f"{self.service}/{self.cluster}" if self.cluster else ""
        match self.about:
            case "task":
                return f"{cluster} {self.job}/{self.number} on {self.host}"
            case "rack":
                return f"rack {self.part}"
        return cluster or self.host


@dataclass
class Observed:
    """All of it. Clusters are called service/name. ``lost``: host -> its last beat; ``unwell`` and ``worked_on``: cluster ->
    hosts of its tasks that are not well, without anybody at work on the host, and with.
    """

    subjects: dict[str, list[Subject]] = field(default_factory=dict)
    lost: dict[str, float] = field(default_factory=dict)
    hosts: int = 0
    rack: dict[str, str] = field(default_factory=dict)
    unwell: dict[str, set[str]] = field(default_factory=dict)
    worked_on: dict[str, set[str]] = field(default_factory=dict)
    needs: dict[str, list[str]] = field(default_factory=dict)
    host_notes: dict[str, Any] = field(default_factory=dict)
    cluster_notes: dict[str, Any] = field(default_factory=dict)
    totals: Mapping[str, Mapping[str, float]] = field(default_factory=dict)


_TOGETHER: Mapping[str, Callable[[list[float]], float]] = {"largest": max, "smallest": min, "sum": sum}
_RUNNING = ("running", "degraded", "changing")


def together(rule: Rule, tasks: Sequence[Subject], service: str) -> dict[str, float]:
    """Figures of the tasks of one cluster taken together as the rule says; of a sum all that run must be known."""
    fitting = [
        task for task in tasks if (not rule.job or task.job == rule.job) and task.words.get("task.status") in _RUNNING
    ]
    fitting = [task for task in fitting if in_role(rule, task, service)]
    found: dict[str, float] = {}
    for name in rule.test.metric.names if rule.test else ():
        told = [task.figures[name] for task in fitting if name in task.figures]
        if told and (rule.combine != "sum" or len(told) == len(fitting)):
            found[name] = _TOGETHER[rule.combine](told)
    return found


def in_role(rule: Rule, task: Subject, service: str) -> bool:
    """Whether the words of a task are those that the rule is about."""
    return not rule.where or all(task.words.get(f"{service}.{name}") in words for name, words in rule.where.items())
