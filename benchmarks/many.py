"""A console with a thousand workers: commands to all of them, a cluster on all of them, a quiet minute with pages, and a
restart of the console. docs/performance.md."""

import argparse
import json
import signal
import tempfile
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import func, insert, select

from benchmarks import machine
from benchmarks.echo import Echo
from benchmarks.fleets import Fleets, approve, fast_folder, some_hosts
from benchmarks.own_use import cpu_seconds, memory_of
from benchmarks.packages import LINES, made
from benchmarks.shares import of_sorted, p95
from minos_common.settings import ConsoleSettings
from minos_common.states import STEP_ENDED
from minos_web.console import Console
from minos_web.models.clusters import Task
from minos_web.models.operations import Step
from minos_web.scripts.opening import console_of_ini
from tests.whole.pages import signed_in
from tests.whole.site import Site, a_site, free_base_port

REAL = ConsoleSettings(var="")
KILO = 8 * 1024
KINDS: dict[str, tuple[str, dict[str, Any]]] = {
    "question": ("list-logs", {}),
    "command": ("stop", {}),
    "8 KB": ("read-log", {"name": "x" * KILO}),
}
"""What is sent: one that asks, one that is kept in the journals of the workers (there is nothing to stop), and one of 8 KB
(there is no log of so long a name: it is refused)."""
CLUSTER = """\
[cluster]
  name=wide
  version=1.0
  artifact=bench
  jobs=thing
[thing]
  base_port={base_port}
{hosts}
  program=/bin/sleep
  [[arguments]]
[configuration]
[arguments]
  [[service_common]]
{lines}
  [[thing]]
{lines}
"""
PAGES = ("/", "/hosts", "/clusters/generic/wide", "/operations", "/alerts")


@dataclass(frozen=True)
class FanOut:
    """One kind of command to ``hosts`` hosts at once: seconds from the wish to the last answer on the table (the median),
    milliseconds of the console's processor for each, and seconds of the bare echo of as many bytes."""

    kind: str
    hosts: int
    seconds: float
    processor: float
    echo: float


@dataclass(frozen=True)
class Return:
    """All workers again after the console was killed and started: seconds from its start until it listens, until half, 99 of a
    hundred and all workers are welcome; ``processor`` seconds of the console until then, ``back`` how many came."""

    hosts: int
    listens: float
    half: float
    p99: float
    all: float
    back: int
    processor: float


@dataclass(frozen=True)
class Quiet:
    """``hosts`` hosts with a task each, nothing asked: cores that the console and the fleet use, the console's memory in bytes, and
    milliseconds of pages meanwhile: the 95th of a hundred of all, and by page."""

    hosts: int
    seconds: float
    cores: float
    fleet_cores: float
    memory: int
    p95: float
    pages: dict[str, float]


@dataclass(frozen=True)
class Wide:
    """A cluster with a task on every host: seconds of bootstrap (which starts it) and of stop, of the clock and of the console's
    processor."""

    hosts: int
    bootstrap: float
    bootstrap_processor: float
    stop: float
    stop_processor: float


@dataclass(frozen=True)
class Looks:
    """How long, and what of it."""

    fan_out: tuple[int, ...] = (1, 100, 1000)
    times: int = 5
    quiet_seconds: float = 60.0
    wide: bool = True
    comes_back: bool = True


class Bench:
    """A site with a fleet."""

    def __init__(self, site: Site, console: Console, fleets: Fleets, looks: Looks) -> None:
        self.site, self.console, self.fleets, self.looks = site, console, fleets, looks
        self.count = len(fleets.hosts)

    def describe(self, folder: Path) -> None:
        """One cluster with a task on every host."""
        self.site.api.upload(made(folder, "1.0", 10_000), "bench", "1.0")
        lines = "\n".join(f"  host.{number}={host.address}" for number, host in enumerate(self.fleets.hosts))
        text = CLUSTER.format(base_port=free_base_port(["127.0.0.1"]), hosts=lines, lines=LINES)
        self.site.api.put_text("config/conf/generic/generic-wide.cfg", text)

    def fan_out(self, kind: str, hosts: int, echo: float) -> FanOut:
        """Questions that nobody but the engine touches, laid on the table at once."""
        took = []
        begin = self._used()
        for _ in range(self.looks.times):
            took.append(self._once(*KINDS[kind], hosts))
        processor = (self._used() - begin) * 1000 / hosts / self.looks.times
        return FanOut(kind, hosts, median(took), processor, echo)

    def _once(self, verb: str, args: dict[str, Any], hosts: int) -> float:
        with self.console.readers() as session:
            tasks = session.execute(select(Task.id, Task.host_id).order_by(Task.id).limit(hosts)).all()
        now = time.time()
        common = {"verb": verb, "args": args, "state": "waiting", "patience": 120.0, "created_at": now}
        rows = [{**common, "task_id": task, "host_id": host, "command_id": uuid.uuid4().hex} for task, host in tasks]
        with self.console.writers.begin() as session:
            session.execute(insert(Step), rows)
            first = session.scalar(select(func.max(Step.id))) or 0
        begun = time.time()
        mine = (Step.id > first - hosts, Step.id <= first)

        def over() -> float | None:
            with self.console.readers() as session:
                ended, last = session.execute(
                    select(func.count(), func.max(Step.ended_at)).where(*mine, Step.state.in_(STEP_ENDED))
                ).one()
            return last if ended == hosts else None

        last: float = self.site.until(f"{hosts} answers to {verb}", over, 150)
        return last - begun

    def wide(self) -> Wide:
        """Bootstrap the cluster (its tasks run then), stop it, and start it again."""
        bootstrap = self._operate("bootstrap", options={"cleanup_password": "sesame-7"})
        stop = self._operate("stop")
        self._operate("start")
        return Wide(self.count, *bootstrap, *stop)

    def _operate(self, action: str, **more: Any) -> tuple[float, float]:
        used, begin = self._used(), time.monotonic()
        number = self.site.start("generic", "wide", action, **more)
        done = self.site.ended(number, 1200)
        assert done["state"] == "done", f"{action}: {done['message']}"
        return time.monotonic() - begin, self._used() - used

    def quiet(self) -> Quiet:
        """Nothing but beats and figures, and somebody who looks at pages."""
        asker = signed_in(self.site)
        times: dict[str, list[float]] = {page: [] for page in PAGES}
        begin, used, fleet = time.monotonic(), self._used(), self._fleet_used()
        while time.monotonic() - begin < self.looks.quiet_seconds:
            for page, found in times.items():
                asked = time.perf_counter()
                answer = asker.get(self.site.url + page)
                found.append((time.perf_counter() - asked) * 1000)
                assert answer.status_code in (200, 404), f"{page}: {answer.status_code}"
            time.sleep(0.5)  # a person looks at what came
        seconds = time.monotonic() - begin
        cores, fleet_cores = (self._used() - used) / seconds, (self._fleet_used() - fleet) / seconds
        memory = memory_of([self._pid()]).rss
        every = [one for found in times.values() for one in found]
        return Quiet(
            self.count,
            seconds,
            cores,
            fleet_cores,
            memory,
            p95(every),
            {page: p95(one) for page, one in times.items()},
        )

    def comes_back(self) -> Return:
        """Kill the console, start it at once."""
        self.site.console.kill(signal.SIGKILL)
        begin = time.monotonic()
        self.site.start_console()
        listens = time.monotonic() - begin
        found = self.fleets.welcomed(begin, 180)
        half, p99, everyone = (of_sorted(found, share) for share in (0.5, 0.99, 1.0))
        return Return(self.count, listens, half, p99, everyone, len(found), self._used())

    def _pid(self) -> int:
        assert self.site.console.process is not None
        return self.site.console.process.pid

    def _used(self) -> float:
        """Seconds of its processor that the console has used."""
        return cpu_seconds([self._pid()])

    def _fleet_used(self) -> float:
        return sum(told.cpu for told in self.fleets.ask())


def echoes(counts: Sequence[int], times: int) -> dict[tuple[str, int], float]:
    """Seconds of the bare echo, by kind of command and number of hosts."""
    found = {}
    for count in counts:
        with Echo(count) as echo:
            for kind in KINDS:
                found[kind, count] = echo.seconds(KILO if kind == "8 KB" else 100, times)
    return found


def measure(count: int, looks: Looks, say: Callable[[str], object]) -> dict[str, Any]:
    """Everything with so many workers, at a console's own rates."""
    counts = [one for one in looks.fan_out if one <= count]
    bare = echoes(counts, looks.times)
    found: dict[str, Any] = {"machine": machine.described(), "hosts": count, "fan_out": []}
    hosts = some_hosts(count)
    rates = {name: getattr(REAL, name) for name in ("beat_seconds", "late_seconds", "lost_seconds", "sample_seconds")}
    with tempfile.TemporaryDirectory() as folder, fast_folder() as fast, a_site(Path(folder), [], **rates) as site:
        console = console_of_ini(str(site.folder / "console.ini"))
        approve(console, hosts, fast)
        begin = time.monotonic()
        with Fleets(site, hosts, fast) as fleets:
            welcomed = fleets.welcomed(begin, 300)
            say(f"{len(welcomed)} of {count} workers are welcome after {welcomed[-1] if welcomed else 0:.1f} s")
            bench = Bench(site, console, fleets, looks)
            bench.describe(Path(folder))
            for kind in KINDS:
                for some in counts:
                    one = bench.fan_out(kind, some, bare[kind, some])
                    found["fan_out"].append(asdict(one))
                    say(str(one))
            if looks.wide:
                found["wide"] = asdict(bench.wide())
                say(str(found["wide"]))
            if looks.quiet_seconds:
                found["quiet"] = asdict(bench.quiet())
                say(str(found["quiet"]))
            if looks.comes_back:
                found["return"] = asdict(bench.comes_back())
                say(str(found["return"]))
        console.engine.dispose()
    return found


def main() -> None:
    """``python -m benchmarks.many [--hosts N] [--json FILE]``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hosts", type=int, default=1000)
    parser.add_argument("--fan-out", type=int, nargs="+", default=list(Looks.fan_out))
    parser.add_argument("--times", type=int, default=Looks.times)
    parser.add_argument("--quiet", type=float, default=Looks.quiet_seconds, help="seconds; 0: not")
    parser.add_argument("--no-wide", action="store_true", help="no cluster on all hosts")
    parser.add_argument("--no-return", action="store_true", help="no restart of the console")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    looks = Looks(tuple(given.fan_out), given.times, given.quiet, not given.no_wide, not given.no_return)
    found = measure(given.hosts, looks, lambda line: print(line, flush=True))
    if given.json:
        given.json.parent.mkdir(parents=True, exist_ok=True)
        given.json.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
