"""The seeded site in small is the same each time and only on an empty console; every page of it is asked for."""

import random
from pathlib import Path

import pytest
from sqlalchemy import select

from benchmarks.pages import Figures, Looks, addresses, measure, table
from benchmarks.seed import NotEmpty, Size, fill
from benchmarks.seeded_clusters import TASKS, plans, texts
from minos_web.console import Console, open_console
from minos_web.models.clusters import Cluster, Task
from minos_web.models.meta import Base
from minos_web.models.people import User
from minos_web.store.configdir import Edit, save

SMALL = Size(hosts=30)
NOW = 1_790_000_000.0


def filled(folder: Path) -> tuple[Console, dict[str, int]]:
    folder.mkdir()
    console = open_console({"minos.var": str(folder), "sqlalchemy.url": f"sqlite:///{folder}/bench.sqlite"})
    Base.metadata.create_all(console.engine)
    with console.writers.begin() as session:
        session.add(User(name="admin", password_hash="", role="admin", created_at=NOW))
    with console.writers.begin() as session:
        for path, text in console.catalog.default_files().items():
            save(session, Edit(path, "minos", NOW), text.encode())
    return console, fill(console, SMALL, NOW)


def test_a_full_site_has_sixty_clusters_with_ten_thousand_tasks() -> None:
    full = plans(1.0)
    written = dict(texts(full, [f"h{n}" for n in range(1000)]))
    assert len(written) == len(full) == 60
    many = sum(plan.many for plan in full)
    assert 0.95 * TASKS < many < 1.05 * TASKS and max(plan.many for plan in full) > 1900


def test_the_site_is_the_same_each_time_and_only_once(tmp_path: Path) -> None:
    random.seed()
    (one, counts), (other, again) = filled(tmp_path / "one"), filled(tmp_path / "other")
    assert counts == again and counts["hosts"] == 30 and counts["clusters"] == 60
    rows = [[*c.readers().execute(select(Task.job, Task.state, Task.address, Task.figures))] for c in (one, other)]
    assert rows[0] == rows[1] and {state for _, state, _, _ in rows[0]} > {"RUNNING"}
    assert not one.readers().scalars(select(Cluster.problem).where(Cluster.problem != "")).all()
    assert "/operations/None" not in addresses(one.readers()).values()
    with pytest.raises(NotEmpty, match="30 rows in hosts"):
        fill(one, SMALL, NOW)
    for console in (one, other):
        console.engine.dispose()


def test_pages_are_measured() -> None:
    found = {one.page: one for one in measure(SMALL, Looks(2, 1, 1), ["hosts", "help"])}
    hosts = found["hosts"]
    assert 0 < hosts.median <= hosts.p95 and 0 < hosts.poll_sent < hosts.sent and hosts.same == 1.0 and hosts.cpu > 0
    assert hosts.paint and found["help"].paint is None
    slow = Figures("slow", 50, 101, 40, 9000, 1000, 0.5, 1200)
    assert "| slow | 50 | **101** | 40 | 9 kB | 1 kB | 50% | **1200** |" in table([slow, hosts])
