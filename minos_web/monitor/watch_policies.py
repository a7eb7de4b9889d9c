"""What a cluster's tasks are watched for: policies as people say them, checked, kept and told."""

import re
from collections.abc import Sequence

import msgspec
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from minos_web.models.clusters import Cluster, Task
from minos_web.models.watching import Watched, WatchPolicy
from minos_web.operations.refusal import Refused

ACTIONS = ("tell", "restart")
MOST_CHECKS, MOST_SECONDS, MOST_GRACE, MOST_BYTES, MOST_PER_HOUR = 1000, 600.0, 86400.0, 1024.0**5, 60
LEAST_BYTES = 1024.0**2
MOST_VALUES, LONGEST_VALUE = 20, 100
_FIGURE = re.compile(r"[A-Za-z][\w.:/-]{0,190}")


class PageWatch(msgspec.Struct, forbid_unknown_fields=True):
    """The status page answers within ``seconds`` and says one of ``values`` as ``figure`` (empty: whatever it says)."""

    checks: int = 3
    seconds: float = 5.0
    grace: float = 60.0
    figure: str = ""
    values: list[str] = []
    action: str = "tell"


class MemoryWatch(msgspec.Struct, forbid_unknown_fields=True):
    """The processes of a task have at most so many bytes resident."""

    bytes: float
    checks: int = 3
    action: str = "tell"


class Policy(msgspec.Struct, forbid_unknown_fields=True):
    """Of the tasks of ``job``, or of every job without a policy of its own (empty)."""

    job: str = ""
    page: PageWatch | None = None
    memory: MemoryWatch | None = None
    most_per_hour: int = 3


def rows_of(session: Session, cluster: Cluster) -> list[WatchPolicy]:
    """The policies of a cluster, that for every job first."""
    return list(session.scalars(select(WatchPolicy).filter_by(cluster_id=cluster.id).order_by(WatchPolicy.job)))


def policies_of(session: Session, cluster: Cluster) -> list[Policy]:
    """The same as people say them."""
    return [_told(row) for row in rows_of(session, cluster)]


def replace_policies(session: Session, cluster: Cluster, policies: Sequence[Policy], user: str, now: float) -> bool:
    """These and no others from now on; whether anything changed. Raises Refused with the field that is wrong."""
    jobs = {task.job for task in cluster.tasks}
    checked = [_checked(policy, f"policies[{number}]", jobs, cluster) for number, policy in enumerate(policies)]
    names = [policy.job for policy in checked]
    for number, name in enumerate(names):
        if name in names[:number]:
            what = f"the job {name}" if name else "every job"
            raise Refused(
                "invalid", f"there are two policies for {what}: leave one of them out", f"policies[{number}].job"
            )
    if sorted(policies_of(session, cluster), key=_by_job) == sorted(checked, key=_by_job):
        return False
    session.execute(delete(WatchPolicy).where(WatchPolicy.cluster_id == cluster.id))
    session.flush()
    forget_counts(session, cluster)
    session.add_all(_row(policy, cluster, user, now) for policy in checked)
    session.flush()
    return True


def forget_counts(session: Session, cluster: Cluster) -> None:
    """Under policies that are new counting begins anew, but for what is wrong already."""
    ids = select(Task.id).where(Task.cluster_id == cluster.id)
    fresh = update(Watched).where(Watched.task_id.in_(ids), Watched.fired_at.is_(None))
    session.execute(fresh.values(bad=0, good=0))


def for_job(rows: Sequence[WatchPolicy], job: str) -> WatchPolicy | None:
    """The policy that counts for a job: its own, else that of every job."""
    own = {row.job: row for row in rows}
    return own.get(job) or own.get("")


def _by_job(policy: Policy) -> str:
    return policy.job


def _checked(policy: Policy, at: str, jobs: set[str], cluster: Cluster) -> Policy:
    if policy.job and policy.job not in jobs:
        known = ", ".join(sorted(jobs)) or "none"
        raise Refused("invalid", f"the cluster has no job {policy.job!r}; it has {known}", f"{at}.job")
    if policy.page is None and policy.memory is None:
        raise Refused("invalid", "say what is watched, the page or the memory, or leave the policy out", at)
    _within("restarts an hour", policy.most_per_hour, 1, MOST_PER_HOUR, f"{at}.most_per_hour")
    if (memory := policy.memory) is not None:
        _within("checks", memory.checks, 1, MOST_CHECKS, f"{at}.memory.checks")
        _within("bytes", memory.bytes, LEAST_BYTES, MOST_BYTES, f"{at}.memory.bytes")
        _action(memory.action, f"{at}.memory.action")
    page = _checked_page(policy.page, f"{at}.page", cluster.service) if policy.page is not None else None
    return msgspec.structs.replace(policy, page=page)


def _checked_page(page: PageWatch, at: str, service: str) -> PageWatch:
    _within("checks", page.checks, 1, MOST_CHECKS, f"{at}.checks")
    _within("seconds", page.seconds, 0.01, MOST_SECONDS, f"{at}.seconds")
    _within("seconds after a start", page.grace, 0, MOST_GRACE, f"{at}.grace")
    _action(page.action, f"{at}.action")
    figure, values = page.figure.strip(), [value.strip() for value in page.values if value.strip()]
    if not figure:
        if values:
            raise Refused("invalid", "say which figure of the page has these values", f"{at}.figure")
        return msgspec.structs.replace(page, figure="", values=[])
    if not _FIGURE.fullmatch(figure):
        raise Refused(
            "invalid", "a figure is called as its charts call it, such as role or zookeeper.role", f"{at}.figure"
        )
    if not values or len(values) > MOST_VALUES or any(len(value) > LONGEST_VALUE for value in values):
        text = f"say which values of {figure} are good: 1 to {MOST_VALUES} of at most {LONGEST_VALUE} characters"
        raise Refused("invalid", text, f"{at}.values")
    return msgspec.structs.replace(page, figure=figure if "." in figure else f"{service}.{figure}", values=values)


def _within(what: str, value: float, least: float, most: float, field: str) -> None:
    if not least <= value <= most:
        raise Refused("invalid", f"{what} are {least:.12g} to {most:.15g}, not {value:.15g}", field)


def _action(action: str, field: str) -> None:
    if action not in ACTIONS:
        raise Refused("invalid", f"what is done is tell or restart, not {action[:40]!r}", field)


def _told(row: WatchPolicy) -> Policy:
    page = memory = None
    if row.page_checks:
        page = PageWatch(
            row.page_checks, row.page_seconds, row.page_grace, row.page_figure, list(row.page_values), row.page_action
        )
    if row.memory_checks:
        memory = MemoryWatch(row.memory_bytes, row.memory_checks, row.memory_action)
    return Policy(row.job, page, memory, row.most_per_hour)


def _row(policy: Policy, cluster: Cluster, user: str, now: float) -> WatchPolicy:
    row = WatchPolicy(cluster_id=cluster.id, job=policy.job, most_per_hour=policy.most_per_hour)
    row.changed_at, row.changed_by = now, user
    if (page := policy.page) is not None:
        row.page_checks, row.page_seconds, row.page_grace = page.checks, page.seconds, page.grace
        row.page_figure, row.page_values, row.page_action = page.figure, page.values, page.action
    if (memory := policy.memory) is not None:
        row.memory_checks, row.memory_bytes, row.memory_action = memory.checks, memory.bytes, memory.action
    return row
