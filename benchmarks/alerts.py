"""Time of a round of alerts, by the number of hosts: docs/benchmarks.md."""

import argparse
import json
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import Connection, event, func, insert, select, update

from minos_common.states import HostState
from minos_web.catalog.description import Service
from minos_web.console import Console, open_console
from minos_web.models.alerts import Alert
from minos_web.models.clusters import Cluster, Task
from minos_web.models.hosts import Host
from minos_web.models.meta import Base
from minos_web.models.news import News
from minos_web.monitor.alerts.judging import Judge

COUNTS = (100, 1000)
PER_HOST = 10
"""Datanodes of one host."""
BEGAN = 1_700_000_000.0
EVERY = 30.0
HOST_FIGURES = 150


@dataclass(frozen=True)
class Figures:
    """Processor seconds of a round: when nothing is wrong, when one thing in a hundred is but nothing changes, and of the one in
    which that fires. ``wall`` are seconds of the first on the clock; ``queries`` of it; ``news`` of the last.
    """

    hosts: int
    tasks: int
    calm: float
    wall: float
    queries: int
    steady: float
    fires: float
    alerts: int
    news: int


def measure(hosts: int) -> Figures:
    """Rounds over so many hosts, each with ten datanodes, in an empty database."""
    with tempfile.TemporaryDirectory() as folder:
        console = open_console({"minos.var": folder, "sqlalchemy.url": f"sqlite:///{folder}/bench.sqlite"})
        Base.metadata.create_all(console.engine)
        _fill(console, hosts)
        judge = Judge(console, 0.0)
        judge.round(BEGAN)  # rules are read
        _later(console, 1)
        queries: list[str] = []

        def note(_connection: Connection, _cursor: object, statement: str, *_rest: object) -> None:
            queries.append(statement)

        event.listen(console.engine, "before_cursor_execute", note)
        clock = time.monotonic()
        calm = _round(judge, 1)
        wall, count = time.monotonic() - clock, len(queries)
        event.remove(console.engine, "before_cursor_execute", note)
        _break(console, hosts)
        for number in (2, 3):
            _later(console, number)
            judge.round(BEGAN + number * EVERY)
        _later(console, 4)
        fires = _round(judge, 4)
        _later(console, 5)
        steady = _round(judge, 5)
        with console.readers() as session:
            alerts = session.scalar(select(func.count()).select_from(Alert)) or 0
            news = session.scalar(select(func.count()).select_from(News)) or 0
        console.engine.dispose()
    return Figures(hosts, hosts * PER_HOST, calm, wall, count, steady, fires, alerts, news)


def _round(judge: Judge, number: int) -> float:
    begin = time.process_time()
    judge.round(BEGAN + number * EVERY)
    return time.process_time() - begin


def _fill(console: Console, hosts: int) -> None:
    service = console.catalog["hdfs"]
    figures = _figures_of(service)
    own = {f"host.disk_percent:/data/{number}": 50.0 for number in range(10)}
    own |= {f"host.figure_{number}": 1.0 for number in range(HOST_FIGURES - len(own))}
    shared = {"address": "", "first_seen": 1.0, "state": HostState.APPROVED.value, "clock_offset": 0.0}
    with console.writers.begin() as session:
        cluster = Cluster(service="hdfs", name="bench", created_at=1.0, health="ok", health_at=BEGAN)
        session.add(cluster)
        session.flush()
        rows = [
            {
                **shared,
                "id": n,
                "name": f"h{n}",
                "public_key": f"{n:040d}",
                "beat_at": BEGAN,
                "figures": own,
                "figures_at": BEGAN,
            }
            for n in range(1, hosts + 1)
        ]
        session.execute(insert(Host), rows)
        task = {
            "cluster_id": cluster.id,
            "job": "datanode",
            "state": "RUNNING",
            "wanted": "running",
            "bootstrapped": True,
        }
        session.execute(
            insert(Task),
            [
                {
                    **task, "address": f"h{n // PER_HOST + 1}", "host_id": n // PER_HOST + 1, "instance": n % PER_HOST,
                    "number": n, "figures": figures, "texts": {"hdfs.version": "3"}, "figures_at": BEGAN,
                }
                for n in range(hosts * PER_HOST)
            ],
        )  # fmt: skip


def _figures_of(service: Service) -> dict[str, float]:
    """What a datanode tells: its page, its process and its JVM."""
    job = service.job("datanode")
    told = {f"hdfs.{one.name}": 0.0 for one in (job.status.figures if job and job.status else ()) if one.kind != "word"}
    jvm = {"jvm.heap_used_bytes": 5e8, "jvm.heap_max_bytes": 1e9, "jvm.gc_percent": 1.0, "jvm.threads": 80.0}
    return {**told, **jvm, "task.cpu_percent": 20.0, "task.rss_bytes": 1e9, "task.threads": 90.0}


def _later(console: Console, number: int) -> None:
    """All is told anew."""
    now = BEGAN + number * EVERY
    with console.writers.begin() as session:
        session.execute(update(Host).values(beat_at=now, figures_at=now))
        session.execute(update(Task).values(figures_at=now))
        session.execute(update(Cluster).values(health_at=now))


def _break(console: Console, hosts: int) -> None:
    """One disk in a hundred hosts is full, one task in a hundred does not run."""
    with console.writers.begin() as session:
        session.execute(update(Host).where(Host.id % 100 == 0).values(figures={"host.disk_percent:/data/1": 99.0}))
        session.execute(update(Task).where(Task.number % 100 == 0).values(state="FATAL"))


def table(found: list[Figures]) -> str:
    """The figures as Markdown."""
    lines = [
        "| hosts | tasks | nothing wrong (s) | on the clock (s) | queries | 1 in 100 bad (s) | as these fire (s) | alerts | news |",
        "|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {one.hosts} | {one.tasks} | {one.calm:.2f} | {one.wall:.2f} | {one.queries} | {one.steady:.2f} | {one.fires:.2f} "
        f"| {one.alerts} | {one.news} |"
        for one in found
    ]
    return "\n".join(lines)


def main() -> None:
    """``python -m benchmarks.alerts [--hosts N ...] [--json FILE]``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hosts", type=int, nargs="+", default=list(COUNTS))
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    found = [measure(hosts) for hosts in options.hosts]
    print(table(found))
    if options.json:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(json.dumps([asdict(one) for one in found], indent=1))


if __name__ == "__main__":
    main()
