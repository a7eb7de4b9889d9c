"""Thousands of workers for a console: processes of fleets, each with some hundreds of them, whose keys are approved already."""

import contextlib
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import msgspec

from benchmarks.fleet import Plan, SimulatedHost, Told, root_of
from minos_common.states import HostState
from minos_common.wire import keys_at
from minos_web.console import Console
from minos_web.models.hosts import Host
from tests.whole.site import TOP, Site

PER_PROCESS = 250
FAST = Path("/dev/shm")
"""Where simulated hosts have their files: a thousand hosts have a thousand disks, and here they would share one."""


def some_hosts(count: int) -> list[SimulatedHost]:
    """So many, on addresses that this machine has all of."""
    return [
        SimulatedHost(f"sim-{n:05d}", f"127.{n // 62500 + 16}.{n // 250 % 250}.{n % 250 + 1}") for n in range(count)
    ]


@contextlib.contextmanager
def fast_folder() -> Iterator[Path]:
    """A directory in memory where there is such a file system; gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="minos-fleet-", dir=FAST if FAST.is_dir() else None) as folder:
        yield Path(folder)


@dataclass
class Fleets:
    """Entered when every process of the fleet has begun. ``told`` is what status pages say."""

    site: Site
    hosts: Sequence[SimulatedHost]
    folder: Path
    told: dict[str, Any] = field(default_factory=dict)
    java_home: str = ""
    per_process: int = PER_PROCESS
    processes: list[subprocess.Popen[str]] = field(default_factory=list)

    def __enter__(self) -> Self:
        try:
            for number in range(0, len(self.hosts), self.per_process):
                self.processes.append(self._process(number, self.hosts[number : number + self.per_process]))
            for process in self.processes:
                assert process.stdout is not None
                assert process.stdout.readline() == "begun\n", "a process of the fleet did not begin: see fleet.log"
        except BaseException:
            self.end()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def end(self) -> None:
        """All of them are gone afterwards."""
        for process in self.processes:
            if process.stdin is not None:
                process.stdin.close()
        for process in self.processes:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def ask(self) -> list[Told]:
        """How each process is."""
        for process in self.processes:
            assert process.stdin is not None
            process.stdin.write("\n")
            process.stdin.flush()
        found = []
        for process in self.processes:
            assert process.stdout is not None
            found.append(msgspec.json.decode(process.stdout.readline(), type=Told))
        return found

    def welcomed(self, after: float, patience: float) -> list[float]:
        """Seconds after the monotonic ``after`` of each worker's welcome, in order, once all are welcome or ``patience`` seconds
        have passed."""
        expected = sum(not host.silent for host in self.hosts)
        until = time.monotonic() + patience
        while True:
            found = sorted(at - after for told in self.ask() for at in told.welcomed if at > after)
            if len(found) == expected or time.monotonic() > until:
                return found
            time.sleep(0.25)

    def _process(self, number: int, hosts: Sequence[SimulatedHost]) -> subprocess.Popen[str]:
        ini = (self.site.folder / "console.ini").read_text()
        wire = next(line.partition("=")[2].strip() for line in ini.splitlines() if line.startswith("minos.wire ="))
        key = (self.site.folder / "console" / "console.pub").read_text().strip()
        plan = Plan(wire, key, str(self.folder), list(hosts), self.java_home, self.told)
        path = self.folder / f"fleet-{number}.json"
        path.write_bytes(msgspec.json.encode(plan))
        with (self.site.folder / "fleet.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "benchmarks.fleet", str(path)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                cwd=TOP,
            )


def approve(console: Console, hosts: Sequence[SimulatedHost], folder: Path) -> None:
    """Make the workers' keys, and have the console know them."""
    now = time.time()
    rows = []
    for host in hosts:
        worker = root_of(folder, host.name) / "worker"
        worker.mkdir(parents=True, mode=0o700)
        public = keys_at(worker / "worker.key").public.decode()
        row = Host(name=host.name, address=host.address, public_key=public, state=HostState.APPROVED, first_seen=now)
        row.decided_at, row.decided_by = now, "admin"
        rows.append(row)
    with console.writers.begin() as session:
        session.add_all(rows)
