"""Fills an empty console with a big site for development and benchmarks: 1,000 hosts, 60 clusters with 10,000 tasks."""

import argparse
import random
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from benchmarks.seeded_clusters import plans, texts
from benchmarks.seeded_history import alerts, changes, operations, packages
from minos_web.console import Console
from minos_web.models.clusters import Cluster, Task
from minos_web.models.hosts import Host
from minos_web.models.inventory import Machine
from minos_web.models.meta import Base
from minos_web.models.people import User
from minos_web.monitor.series.gathering import gather, origins
from minos_web.monitor.series.port import Batch, SeriesName
from minos_web.monitor.series.writing import SeriesWriter
from minos_web.operations.describe import refresh_clusters
from minos_web.scripts.opening import console_of_ini
from minos_web.security.audit import NewEntry, record
from minos_web.store.configdir import Edit, save

RACK = 25
"""Hosts of one rack."""
FULL = 1000
DAY = 86400.0


class NotEmpty(Exception):
    """Something is there already; the text says what."""


@dataclass(frozen=True)
class Size:
    """So many hosts; everything else in proportion to a site of a thousand. ``alive``: seconds for which the hosts count as
    heard, as nobody is there who would send beats.
    """

    hosts: int = FULL
    alive: float = 30 * DAY
    seed: int = 7

    @property
    def scale(self) -> float:
        """How big the site is beside a full one."""
        return self.hosts / FULL


def fill(console: Console, size: Size, now: float) -> dict[str, int]:
    """All of it, the same for the same ``size`` but for the time. Raises NotEmpty."""
    chance = random.Random(size.seed)
    with console.writers.begin() as session:
        check_empty(session)
        _hosts(session, size, chance, now)
        _describe(session, console, size, now)
    with console.writers.begin() as session:
        _tell(session, console, size, chance, now)
        packages(session, size.scale, chance, now)
        operations(session, size.scale, chance, now)
        changes(session, size.scale, chance, now)
        alerts(session, size.scale, chance, now)
        for number in range(int(300 * size.scale)):
            about = f"conf/hdfs/hdfs-z{number % 14:02}-files.cfg"
            record(session, console.secret, NewEntry(now - 3600 * number, "admin", "config.save", about))
    _samples(console, size, chance, int(now))
    with console.readers() as session:
        return {table.name: _count(session, table) for table in Base.metadata.sorted_tables if _count(session, table)}


def _count(session: Session, table: Any) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def check_empty(session: Session) -> None:
    """Only what minos-init makes may be there. Raises NotEmpty."""
    for table in (Host, Cluster, Machine):
        found = _count(session, table.__table__)
        if found:
            raise NotEmpty(
                f"there are {found:,} rows in {table.__tablename__} already: only an empty console is filled"
            )
    if not _count(session, User.__table__):
        raise NotEmpty("nobody can sign in yet: run minos-init first")


def name_of(number: int) -> str:
    """The name of a host."""
    return f"node-{number:04}.rack{number // RACK + 1:02}.example"


def address_of(number: int) -> str:
    """Its address: a network for each rack."""
    return f"10.{20 + number // RACK // 200}.{number // RACK % 200}.{number % RACK + 10}"


def _hosts(session: Session, size: Size, chance: random.Random, now: float) -> None:
    heard = now + size.alive
    rows = []
    for number in range(size.hosts):
        lost = number % 97 == 13
        trouble = [{"name": "disk", "message": "disk /data/3 does not take writes"}] if number % 61 == 5 else []
        rows.append(
            {
                "name": name_of(number), "address": address_of(number), "public_key": f"seed-{number:035}",
                "state": "pending" if number % 331 == 7 else "approved", "first_seen": now - 90 * DAY, "degraded": trouble,
                "beat_at": now - 7200 if lost else heard, "worker_version": "0.1.0", "worker_starts": 1 + number % 3,
                "worker_started": now - 9 * DAY, "figures_at": heard, "figures": _host_figures(chance),
                "facts": {"cores": 32, "memory": 128 * 1024**3, "rack": f"r{number // RACK + 1:02}"},
                "roots": {"app": "/home/work/app", "log": "/home/work/log", "package": "/home/work/packages",
                          "data": [f"/data/{disk}" for disk in range(1, 5)]},
            }
        )  # fmt: skip
    session.execute(insert(Host), rows)
    kept = {"created_at": now, "changed_at": now, "changed_by": "admin", "idc": "east"}
    numbers = range(0, size.hosts, 2)
    session.execute(
        insert(Machine),
        [{**kept, "host": name_of(n), "ip": address_of(n), "rack": f"r{n // RACK + 1:02}"} for n in numbers],
    )


def _host_figures(chance: random.Random) -> dict[str, float]:
    used = {f"host.disk_percent:/data/{disk}": round(chance.uniform(20, 96), 1) for disk in range(1, 13)}
    sizes = {f"host.disk_total:/data/{disk}": 4e12 for disk in range(1, 13)}
    own = {
        f"host.net_{way}_bytes_per_second:eth{card}": chance.uniform(0, 1e9) for way in ("in", "out") for card in (0, 1)
    }
    cores = {f"host.core_percent:{core}": round(chance.uniform(0, 100), 1) for core in range(32)}
    return {
        "host.cpu_percent": round(chance.triangular(2, 99, 35), 1),
        "host.memory_percent": round(chance.triangular(20, 98, 60), 1),
        "host.load1": round(chance.triangular(0, 60, 8), 2),
        **used, **sizes, **own, **cores,
    }  # fmt: skip


def _describe(session: Session, console: Console, size: Size, now: float) -> None:
    addresses = [address_of(number) for number in range(size.hosts)]
    for path, text in texts(plans(size.scale), addresses):
        save(session, Edit(path, "admin", now), text.encode())
    refresh_clusters(session, console, now)
    session.flush()


def _tell(session: Session, console: Console, size: Size, chance: random.Random, now: float) -> None:
    """What workers would have told of tasks, and what rounds would have found of clusters."""
    clusters = {row.id: row for row in session.scalars(select(Cluster))}
    health: dict[int, dict[str, list[int]]] = {}
    rows: list[dict[str, Any]] = []
    for task in session.scalars(select(Task).order_by(Task.id)):
        state = chance.choices(("RUNNING", "FATAL", "STOPPED", "BACKOFF"), (970, 12, 15, 3))[0]
        up = state == "RUNNING"
        service = clusters[task.cluster_id].service
        counts = health.setdefault(task.cluster_id, {}).setdefault(task.job, [0, 0])
        counts[0] += up
        counts[1] += 1
        rows.append(
            {
                "id": task.id, "state": state, "wanted": "stopped" if state == "STOPPED" else "running",
                "since": now - chance.uniform(60, 9 * DAY), "heard_at": now, "bootstrapped": True,
                "pid": 1000 + task.id if up else None, "started_at": now - 9 * DAY if up else None,
                "restarts": chance.choice((0, 0, 0, 1, 4)), "reason": "" if up else "exit code 1",
                "figures": _task_figures(console, service, task.job, chance), "figures_at": now + size.alive,
                "texts": {f"{service}.version": "3.4.2"}, "figures_error": "no answer" if up and task.id % 83 == 0 else "",
                "package": {"artifact": service, "name": f"{service}-3.4.2.tar.gz", "revision": "r1", "timestamp": "20260101-000000",
                            "sha256": f"{service:0<64}"},
            }
        )  # fmt: skip
    session.execute(update(Task), rows)
    for row in clusters.values():
        jobs = health.get(row.id, {})
        bad = any(up < total for up, total in jobs.values())
        row.health, row.health_reason = ("warning", "some do not run") if bad else ("ok", "")
        row.health_since, row.health_at, row.bootstrapped_at = now - 3600, now + size.alive, now - 60 * DAY
        row.health_jobs = {
            job: {
                "kind": "degraded" if up < total else "running",
                "reason": "",
                "running": up,
                "total": total,
                "since": now,
            }
            for job, (up, total) in jobs.items()
        }


def _task_figures(console: Console, service: str, job: str, chance: random.Random) -> dict[str, float]:
    found = console.catalog[service].job(job)
    status = found.status.figures if found and found.status else ()
    told = {f"{service}.{one.name}": float(chance.randrange(10**6)) for one in status if one.kind != "word"}
    jvm = {"jvm.heap_used_bytes": 5e8, "jvm.heap_max_bytes": 1e9, "jvm.gc_percent": 1.0, "jvm.threads": 80.0}
    rss = chance.uniform(2e8, 4e9)
    return {**told, **jvm, "task.cpu_percent": round(chance.triangular(0, 400, 20), 1), "task.rss_bytes": rss}


METRICS = ("host.cpu_percent", "host.memory_percent", "host.load1", "host.disk_percent:/data/1")


def _samples(console: Console, size: Size, chance: random.Random, now: int) -> None:
    """Figures of hosts: three days of a few of them, the last hour of all; gathered, as the engine would have done."""
    writer = SeriesWriter()
    with console.writers.begin() as session:
        for number in range(size.hosts):
            times = range(now - int(3 * DAY), now, 600) if number < 20 else range(now - 3600, now, 60)
            writer.store(session, Batch(name_of(number), "seed"), list(_of_host(number, times, chance)))
    with console.writers.begin() as session:
        for origin in origins(session):
            gather(session, origin)


def _of_host(number: int, times: range, chance: random.Random) -> Iterator[tuple[SeriesName, int, float]]:
    for metric in METRICS:
        name = SeriesName(metric, name_of(number))
        for at in times:
            yield name, at, round(chance.triangular(0, 100, 30), 1)


def main(arguments: Sequence[str] | None = None) -> int:
    """``python -m benchmarks.seed console.ini [--hosts N]``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("ini", help="the console's ini file; minos-init has made its database")
    parser.add_argument(
        "--hosts", type=int, default=FULL, help="how many hosts (default: 1000); the rest in proportion"
    )
    parser.add_argument("--days", type=float, default=30.0, help="for how long the hosts count as heard (default: 30)")
    given = parser.parse_args(arguments)
    console = console_of_ini(given.ini)
    begun = time.monotonic()
    try:
        rows = fill(console, Size(given.hosts, given.days * DAY), time.time())
    except NotEmpty as error:
        sys.exit(f"nothing was changed: {error}")
    for name, number in rows.items():
        print(f"{number:>9,} {name}")
    print(
        f"in {time.monotonic() - begun:.0f} s. Run the console with minos.engine = outside: an engine would judge these rows."
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
