"""What must hold before an operation is laid on the table."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_common.states import LIVE_TASK_STATES, HostState
from minos_web.console import Console
from minos_web.models.clusters import Cluster, Task
from minos_web.models.hosts import Host
from minos_web.models.operations import Operation
from minos_web.operations.neighbours import clashes, taken_ports
from minos_web.operations.plan import Action
from minos_web.operations.refusal import Busy, Refused
from minos_web.operations.wish import Wish
from minos_web.security.passwords import matches

TYPED = frozenset(
    {
        Action.BOOTSTRAP,
        Action.STOP,
        Action.RESTART,
        Action.ROLLING_UPDATE,
        Action.CLEANUP,
        Action.DECOMMISSION,
        Action.DRILL,
    }
)
"""Actions for which the cluster's name is typed."""

SHORTEST_PASSWORD = 6


def check_free(session: Session, cluster: Cluster) -> None:
    """No other operation is open on the cluster. Raises Busy."""
    open_operation = session.scalar(select(Operation.id).where(Operation.open_cluster_id == cluster.id))
    if open_operation is not None:
        raise Busy(open_operation)


def check_confirmed(action: Action, cluster: Cluster, wish: Wish) -> None:
    """The name was typed, and for cleanup the password matches. Raises Refused."""
    if action in TYPED and wish.options.get("confirm") != cluster.name:
        raise Refused("confirm", f"type the cluster's name, {cluster.name}, to {action.words} it", "confirm")
    password = str(wish.options.get("cleanup_password") or "")
    if action is Action.BOOTSTRAP and password and len(password) < SHORTEST_PASSWORD:
        raise Refused("password", f"a cleanup password has at least {SHORTEST_PASSWORD} characters", "cleanup_password")
    if action is Action.CLEANUP and cluster.cleanup_hash and not matches(cluster.cleanup_hash, password):
        raise Refused(
            "password", "that is not the cleanup password set when the cluster was bootstrapped", "cleanup_password"
        )


def check_hosts(session: Session, console: Console, tasks: Sequence[Task], action: Action, now: float) -> None:
    """Every task has an approved host that is in touch. Raises Refused naming the hosts that are not."""
    hosts = {host.id: host for host in session.scalars(select(Host))}
    missing = sorted({t.address for t in tasks if t.host_id is None})
    if missing:
        text = f"no approved host has the address {', '.join(missing)}: approve its worker, or correct the host line"
        raise Refused("host-missing", text, "hosts")
    used = {hosts[t.host_id] for t in tasks if t.host_id is not None}
    for host in sorted(used, key=lambda h: h.name):
        if host.state != HostState.APPROVED:
            raise Refused(
                "host-pending", f"host {host.name} is {host.state}: approve it on the hosts page first", "hosts"
            )
        silent = now - (host.beat_at or 0)
        if silent > console.settings.lost_seconds and action is not Action.SHOW:
            said = "was never heard" if host.beat_at is None else f"was last heard {silent:.0f} s ago"
            raise Refused("host-lost", f"host {host.name} {said}: wait for it, or choose other tasks", "hosts")


def check_ports(session: Session, cluster: Cluster, tasks: Sequence[Task], action: Action) -> None:
    """No task of another cluster has the ports of these on the same host. Raises Refused naming ports and owner."""
    if action not in (Action.BOOTSTRAP, Action.START, Action.RESTART, Action.ROLLING_UPDATE):
        return
    taken = taken_ports(session, (cluster.service, cluster.name))
    found = [text for task in tasks for text in clashes(taken, task.address, list(task.ports.values()), held_only=True)]
    if found:
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        raise Refused("port-taken", f"{found[0]}{more}: give this cluster another base_port", "config")


def check_tasks(action: Action, cluster: Cluster, tasks: Sequence[Task]) -> None:
    """The tasks are in a condition in which the action makes sense. Raises Refused naming those that are not."""
    if action is Action.BOOTSTRAP:
        _none(
            tasks,
            [t for t in tasks if t.bootstrapped],
            "already-bootstrapped",
            "bootstrapped already; start them, or clean up first",
        )
    if action in (Action.START, Action.RESTART, Action.ROLLING_UPDATE):
        _none(
            tasks,
            [t for t in tasks if not t.bootstrapped],
            "not-bootstrapped",
            "not bootstrapped yet; bootstrap them first",
        )
    if action in (Action.INSTALL, Action.BOOTSTRAP, Action.START, Action.RESTART, Action.ROLLING_UPDATE):
        strays = [t for t in tasks if not t.described]
        _none(tasks, strays, "not-described", "no longer in the cluster file; they can only be stopped and cleaned up")
    if action is Action.CLEANUP:
        _none(
            tasks, [t for t in tasks if t.state in LIVE_TASK_STATES], "still-running", "still running; stop them first"
        )


def _none(tasks: Sequence[Task], bad: list[Task], code: str, what: str) -> None:
    if not bad:
        return
    named = ", ".join(f"{t.job} {t.number}" for t in bad[:5]) + (f" and {len(bad) - 5} more" if len(bad) > 5 else "")
    head = "all of these tasks are" if len(bad) == len(tasks) else f"{named}:"
    raise Refused(code, f"{head} {what}", "tasks")
