"""Time of a plan with all files, and of its difference from the hosts, by the number of tasks: docs/benchmarks.md."""

import argparse
import json
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_common.states import HostState
from minos_web.console import Console, open_console
from minos_web.models.clusters import Task
from minos_web.models.hosts import Host
from minos_web.models.meta import Base
from minos_web.operations.describe import refresh_clusters
from minos_web.operations.preview import plan_json
from minos_web.operations.wanting import refresh_wanted
from minos_web.operations.wish import Wish
from minos_web.store.configdir import Edit, current_revision, save
from tests.minos_web.clusterfile.samples import FILES, HDFS

COUNTS = (1000, 2000, 5000)
PER_HOST = 10
"""Datanodes of one host."""


@dataclass(frozen=True)
class Figures:
    """``plan`` and ``changed`` are processor seconds of a plan when nothing and when one line of every task has changed;
    ``wanted`` those of the digests that pages go by. ``answer_bytes`` is the size of the plan as JSON.
    """

    tasks: int
    plan: float
    changed: float
    wanted: float
    answer_bytes: int


def measure(tasks: int) -> Figures:
    """A plan of ``tasks`` tasks of one HDFS cluster in an empty database."""
    with tempfile.TemporaryDirectory() as folder:
        console = _console(Path(folder))
        with console.writers.begin() as session:
            _describe(session, console, tasks)
        wanted = _seconds(lambda: refresh_wanted(console))
        with console.writers.begin() as session:
            for task in session.scalars(select(Task)):
                task.bootstrapped, task.config_revision = True, str(current_revision(session))
                task.held = dict(task.wanted_parts or {})
        plan, _ = _plan(console)
        with console.writers.begin() as session:
            text = FILES_OF[tasks].replace("[[hdfs-site.xml]]\n", "[[hdfs-site.xml]]\n    bench.changed=1\n", 1)
            save(session, Edit(HDFS, "bench", 2.0), text.encode())
            refresh_clusters(session, console, 2.0)
        changed, answer = _plan(console)
        console.engine.dispose()
    return Figures(tasks, plan, changed, wanted, answer)


FILES_OF: dict[int, str] = {}


def _console(folder: Path) -> Console:
    console = open_console({"minos.var": str(folder), "sqlalchemy.url": f"sqlite:///{folder}/bench.sqlite"})
    Base.metadata.create_all(console.engine)
    return console


def _describe(session: Session, console: Console, tasks: int) -> None:
    hosts = [f"10.{n // 62500 + 2}.{n // 250 % 250}.{n % 250 + 1}" for n in range(tasks // PER_HOST)]
    roots = {"app": "/app", "log": "/log", "data": ["/d1", "/d2"], "package": "/packages"}
    for number, address in enumerate(hosts):
        host = Host(name=f"h{number}", address=address, public_key=f"{number:040d}", state=HostState.APPROVED)
        host.first_seen, host.beat_at, host.roots = 1.0, time.time(), roots
        session.add(host)
    head, _, rest = FILES[HDFS].partition("[datanode]\n")
    section, _, tail = rest.partition("  [[arguments]]")
    port = next(line for line in section.splitlines() if "base_port" in line)
    lines = "\n".join(f"  host.{n}={address}/instance_num={PER_HOST}" for n, address in enumerate(hosts))
    FILES_OF[tasks] = f"{head}[datanode]\n{port}\n{lines}\n  [[arguments]]{tail}"
    for path, text in {**FILES, HDFS: FILES_OF[tasks]}.items():
        save(session, Edit(path, "bench", 1.0), text.encode())
    refresh_clusters(session, console, 1.0)


def _plan(console: Console) -> tuple[float, int]:
    wish = Wish("hdfs", "lake-pike", "start", "bench", time.time(), jobs=["datanode"])
    with console.readers() as session:
        begin = time.process_time()
        answer = plan_json(session, console, wish)
        took = time.process_time() - begin
    assert not answer["not_possible_now"], answer["not_possible_now"]
    return took, len(json.dumps(answer))


def _seconds(what: object) -> float:
    begin = time.process_time()
    what()  # type: ignore[operator]
    return time.process_time() - begin


def table(found: list[Figures]) -> str:
    """The figures as Markdown; growth is the time for each task against that of the smallest plan."""
    first = found[0]
    lines = [
        "| tasks | plan, nothing changed (s) | one line changed (s) | growth | digests (s) | answer (MB) |",
        "|---:|---:|---:|---:|---:|---:|",
    ]
    for one in found:
        growth = one.changed / one.tasks / (first.changed / first.tasks)
        lines.append(
            f"| {one.tasks} | {one.plan:.2f} | {one.changed:.2f} | {growth:.2f} | {one.wanted:.2f} | {one.answer_bytes / 1e6:.1f} |"
        )
    return "\n".join(lines)


def main() -> None:
    """``python -m benchmarks.plan [--tasks N ...] [--json FILE]``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, nargs="+", default=list(COUNTS))
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    found = [measure(tasks) for tasks in options.tasks]
    print(table(found))
    if options.json:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(json.dumps([asdict(one) for one in found], indent=1))


if __name__ == "__main__":
    main()
