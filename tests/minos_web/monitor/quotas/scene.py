"""An HDFS whose namenode is active, on hosts that take commands, and what its client would print."""

import time
from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_common.states import StepState
from minos_web.console import Console
from minos_web.models.clusters import Cluster
from minos_web.models.quotas import Quota, QuotaReading
from minos_web.models.runs import ClientRun
from minos_web.monitor.quotas.reading import tend
from minos_web.store.outputs import Outputs
from tests.minos_web.boards.telling import a_cluster
from tests.minos_web.scene import add_hosts

GB = 1024**3
ALICE, BOB = "/user/alice", "/user/bob"


def an_hdfs(session: Session, name: str = "lake-files") -> Cluster:
    """Two namenodes and a datanode; the first namenode is active."""
    hosts = add_hosts(session) if session.scalar(select(Cluster.id).limit(1)) is None else []
    cluster = a_cluster(session, time.time(), "hdfs", name, {"namenode": 2, "datanode": 1})
    for task in cluster.tasks:
        task.host_id = hosts[task.number].id if hosts else 1
        task.bootstrapped = True
        if task.job == "namenode":
            task.texts = {"hdfs.role": ("active", "standby")[task.number]}
    session.flush()
    return cluster


def line(path: str, names: tuple[int | None, int] = (None, 1), space: tuple[int | None, int] = (None, 0)) -> str:
    """What ``-count -q`` prints of a directory with these quotas (None: none) and so much in use."""
    (quota, used), (room, taken) = names, space
    left = "none inf" if quota is None else f"{quota} {quota - used}"
    rest = "none inf" if room is None else f"{room} {room - taken}"
    return f"{left} {rest} 1 {used - 1} {taken // 3} {path}\n"


def newest(session: Session) -> ClientRun:
    return session.scalars(select(ClientRun).order_by(ClientRun.id.desc()).limit(1)).one()


def end(session: Session, console: Console, printed: str, at: float, code: int = 0, message: str = "") -> None:
    """The newest command ends."""
    step = newest(session).step
    if printed:
        Outputs(console.var).put(step.command_id, 0, printed.encode())
    step.state = StepState.DONE if code == 0 else StepState.FAILED
    step.ended_at, step.data, step.message = at, {"exit_code": code}, message
    session.flush()


def read(session: Session, console: Console, printed: str, at: float, sums: Mapping[str, int] | None = None) -> None:
    """A read from its begin to its end; ``sums`` are printed when they are asked for."""
    tend(session, console, at)
    end(session, console, printed, at)
    tend(session, console, at)
    if "-du" in newest(session).words:
        end(session, console, "".join(f"1  {size}  {path}\n" for path, size in (sums or {}).items()), at)
        tend(session, console, at)


def rows(session: Session) -> dict[str, Quota]:
    return {row.path: row for row in session.scalars(select(Quota))}


def reading(session: Session) -> QuotaReading:
    return session.scalars(select(QuotaReading)).one()
