"""The database works out the same kinds as monitor/status, whatever a host or a task is like."""

import itertools
import time

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_common.states import HostState, TaskState
from minos_web.console import Console
from minos_web.models.clusters import Cluster, Task
from minos_web.models.hosts import Host
from minos_web.monitor.status import host_status, task_status
from minos_web.monitor.status_sql import calm_clusters, host_kind, task_kind

LATE, LOST = 10.0, 30.0
NOW = time.time()
NOTES: tuple[dict[str, object] | None, ...] = (
    None,
    {"at": NOW - 9, "by": "a", "reason": "", "until": None},
    {"at": NOW - 9, "by": "a", "reason": "", "until": NOW + 9},
    {"at": NOW - 9, "by": "a", "reason": "", "until": NOW - 1},
)
BEATS = (None, NOW - 1, NOW - 15, NOW - 60)


def host(number: int, **more: object) -> Host:
    made = {"name": f"h{number}", "address": f"10.0.0.{number}", "public_key": f"{number:040}", "first_seen": 1.0}
    return Host(**{"state": HostState.APPROVED.value, "beat_at": NOW, **made, **more})


def test_hosts(session: Session, console: Console) -> None:
    troubles: tuple[tuple[list[dict[str, str]], float], ...] = (([], 0.0), ([{"message": "disk"}], 0.0), ([], -9.0))
    cases = itertools.product(BEATS, troubles, NOTES)
    for number, (beat, (degraded, offset), note) in enumerate(cases):
        session.add(host(number, beat_at=beat, degraded=degraded, clock_offset=offset, maintenance=note))
    session.flush()
    found = session.execute(select(Host, host_kind(NOW, LATE))).all()
    assert len(found) == 48 and len({kind for _, kind in found}) == 4
    for row, kind in found:
        assert kind == host_status(row, NOW, LATE, LOST).kind, (row.beat_at, row.degraded, row.maintenance)


@pytest.mark.parametrize("calm", [None, {"": NOTES[2]}, {"datanode": NOTES[1]}, {"namenode": NOTES[1]}, {"": NOTES[3]}])
def test_tasks(session: Session, console: Console, calm: dict[str, object] | None) -> None:
    cluster = Cluster(service="hdfs", name="c", created_at=1.0, maintenance=calm)
    hosts = [host(1), host(2, beat_at=NOW - 60), host(3, state=HostState.REVOKED.value), host(4, maintenance=NOTES[1])]
    session.add_all([cluster, *hosts])
    session.flush()
    places = [*(one.id for one in hosts), None]
    ways = itertools.product(
        places, TaskState, ("running", "stopped"), (False, True), ("", "no answer"), (None, NOW - 5)
    )
    for number, (place, state, wanted, unattended, error, started) in enumerate(ways):
        session.add(
            Task(
                cluster=cluster, job="datanode", number=number, address=f"a{number}", host_id=place, state=state.value,
                wanted=wanted, unattended=unattended, figures_error=error, started_at=started, bootstrapped=True,
            )
        )  # fmt: skip
    session.flush()
    kind = task_kind(NOW, LOST, calm_clusters(session, NOW))
    found = session.execute(select(Task, Host, kind).outerjoin(Host, Host.id == Task.host_id)).all()
    assert len(found) == 5 * 8 * 2 * 2 * 2 * 2
    for task, place, said in found:
        assert said == task_status(task, place, NOW, LOST).kind, (task.state, task.wanted, task.host_id)
