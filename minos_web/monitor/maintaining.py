"""Maintenance begun and ended: of a host, a cluster, or a job of one."""

from dataclasses import dataclass

from minos_web.models.clusters import Cluster
from minos_web.models.hosts import Host
from minos_web.monitor.maintenance import WHOLE, Note
from minos_web.operations.refusal import Refused

LONGEST_REASON = 200
LONGEST_HOURS = 24.0 * 90


@dataclass(frozen=True)
class Work:
    """What somebody is about to do. ``hours``: when it is over by itself at the latest; None: when somebody says so."""

    reason: str
    user: str
    now: float
    hours: float | None = None


def begin_on_host(host: Host, work: Work) -> None:
    """Whatever is wrong with the host and its tasks is on purpose from now on. Raises Refused."""
    host.maintenance = _note(work).kept()


def end_on_host(host: Host) -> bool:
    """It is over; whether there was any."""
    had = host.maintenance is not None
    host.maintenance = None
    return had


def begin_on_cluster(cluster: Cluster, job: str, work: Work) -> None:
    """The same for a cluster, or with ``job`` for that job. Raises Refused."""
    jobs = {task.job for task in cluster.tasks}
    if job and job not in jobs:
        known = ", ".join(sorted(jobs))
        raise Refused("bad-selection", f"the cluster has no job {job!r}; it has {known}", "job")
    cluster.maintenance = {**(cluster.maintenance or {}), job or WHOLE: _note(work).kept()}


def end_on_cluster(cluster: Cluster, job: str) -> bool:
    """It is over; whether there was any."""
    left = dict(cluster.maintenance or {})
    had = left.pop(job or WHOLE, None) is not None
    cluster.maintenance = left or None
    return had


def _note(work: Work) -> Note:
    reason = " ".join(work.reason.split())
    if len(reason) > LONGEST_REASON:
        raise Refused("bad-option", f"a reason has at most {LONGEST_REASON} characters", "reason")
    if work.hours is not None and not 0 < work.hours <= LONGEST_HOURS:
        raise Refused("bad-option", f"hours are more than 0 and at most {LONGEST_HOURS:.0f}", "hours")
    until = None if work.hours is None else work.now + work.hours * 3600
    return Note(reason, work.user, work.now, until)
