"""PURE. What explains what: a lost rack its hosts, a lost host its tasks and the clusters that suffer from it, a cluster its
tasks and those that need it. What is explained is a symptom, and told with its cause.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

HOSTS_LOST, RACK_LOST, HOST_LOST = "hosts-lost", "rack-lost", "host-lost"
CLUSTER_HEALTH = "cluster-health"
TASK_DOWN, TASK_SILENT, TASK_FLAPS = "task-down", "task-silent", "task-flaps"
AT_ONCE_SECONDS = 60.0
AT_ONCE_SHARE, AT_ONCE_HOSTS = 0.3, 50
"""More lost hosts than this share, or as many as these within a minute: who is cut off is rather the console itself."""
AFTER_SECONDS = 60.0
"""So long after its cause is over a symptom has to go away by itself."""


@dataclass(frozen=True)
class Open:
    """An alert that is not over, or (``over``) a cause that is so since a moment ago. ``cluster`` is service/name. ``holds``:
    others may be its symptoms.
    """

    key: str
    rule: str
    about: str
    host: str = ""
    cluster: str = ""
    part: str = ""
    level: str = "warning"
    alone: bool = False
    follows: bool = False
    holds: bool = True
    over: bool = False
    parent: str = ""


@dataclass(frozen=True)
class Ground:
    """What stands on what. ``lost``: hosts that are; ``at_once``: those that were lost together; ``unwell``: cluster -> hosts of
    its tasks that are not well.
    """

    rack: Mapping[str, str] = field(default_factory=dict)
    lost: Collection[str] = ()
    at_once: Collection[str] = ()
    unwell: Mapping[str, Collection[str]] = field(default_factory=dict)
    needs: Mapping[str, Sequence[str]] = field(default_factory=dict)


def lost_at_once(lost: Mapping[str, float], hosts: int) -> list[str]:
    """Of hosts that are lost (name -> last beat) those that were lost within a minute, when they are so many that it is rather
    the console that lost them; otherwise none.
    """
    order = sorted(lost.items(), key=lambda one: one[1])
    most: list[str] = []
    first = 0
    for last, (_, at) in enumerate(order):
        while at - order[first][1] > AT_ONCE_SECONDS:
            first += 1
        if last + 1 - first > len(most):
            most = [name for name, _ in order[first : last + 1]]
    many = len(most) >= AT_ONCE_HOSTS or (len(most) > 1 and len(most) > AT_ONCE_SHARE * hosts)
    return most if many else []


def fold(alerts: Iterable[Open], ground: Ground) -> dict[str, str]:
    """Key of a symptom -> key of its cause. No cause is its own symptom, over however many steps."""
    there = _There(alerts, ground)
    found: dict[str, str] = {}
    for alert in there.alerts:
        if alert.over:
            continue
        cause = there.cause(alert) or there.late_cause(alert)
        if cause and cause != alert.key and not _leads_to(found, cause, alert.key):
            found[alert.key] = cause
    return found


def _leads_to(found: Mapping[str, str], start: str, end: str) -> bool:
    while start in found:
        start = found[start]
        if start == end:
            return True
    return False


class _There:
    """The causes that are there, by what they are about."""

    def __init__(self, alerts: Iterable[Open], ground: Ground) -> None:
        self.alerts = list(alerts)
        self._ground = ground
        self._over = {one.key for one in self.alerts if one.over}
        here = [one for one in self.alerts if one.holds and not one.over]
        self._console = next((one.key for one in here if one.rule == HOSTS_LOST), "")
        self._racks = {one.part: one.key for one in here if one.rule == RACK_LOST}
        self._hosts = {one.host: one.key for one in here if one.rule == HOST_LOST}
        self._clusters = {one.cluster: one for one in here if one.rule == CLUSTER_HEALTH}

    def cause(self, alert: Open) -> str:
        """The key of what explains it; empty for none."""
        if alert.alone or alert.rule == HOSTS_LOST:
            return ""
        match alert.about:
            case "rack":
                return self._console if self._of_rack(alert.part) & set(self._ground.at_once) else ""
            case "host":
                return self._of_host(alert.host) if alert.rule == HOST_LOST else self._hosts.get(alert.host, "")
            case "task":
                return self._hosts.get(alert.host, "") or self._of_task(alert)
            case "cluster":
                return self._of_cluster(alert)
        return ""

    def late_cause(self, alert: Open) -> str:
        """The cause that it had, which is over since a moment."""
        return alert.parent if alert.parent in self._over else ""

    def _of_rack(self, rack: str) -> set[str]:
        return {host for host in self._ground.lost if self._ground.rack.get(host) == rack}

    def _of_host(self, host: str) -> str:
        """What explains that a host is lost."""
        if self._console and host in self._ground.at_once:
            return self._console
        return self._racks.get(self._ground.rack.get(host, ""), "")

    def _of_task(self, alert: Open) -> str:
        cluster = self._clusters.get(alert.cluster)
        status = alert.follows or alert.rule in (TASK_DOWN, TASK_SILENT, TASK_FLAPS)
        return cluster.key if cluster is not None and (status or cluster.level == "error") else ""

    def _of_cluster(self, alert: Open) -> str:
        lost = set(self._ground.unwell.get(alert.cluster, ())) & set(self._ground.lost)
        unwell = set(self._ground.unwell.get(alert.cluster, ()))
        if lost and (lost == unwell or alert.rule != CLUSTER_HEALTH):
            return self._of_lost(sorted(lost))
        if alert.rule != CLUSTER_HEALTH:
            own = self._clusters.get(alert.cluster)
            return own.key if own is not None and (own.level == "error" or alert.follows) else ""
        needed = (self._clusters.get(name) for name in self._ground.needs.get(alert.cluster, ()))
        return next((one.key for one in needed if one is not None), "")

    def _of_lost(self, hosts: Sequence[str]) -> str:
        """The one incident in which these hosts were lost; of several the first."""
        causes = [self._of_host(host) or self._hosts.get(host, "") for host in hosts]
        return next((cause for cause in causes if cause), "")
