"""Many workers in one process: each is the worker's own code over a simulated host. ``python -m benchmarks.fleet PLAN``."""

import logging
import os
import resource
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import zmq

from benchmarks.simulated import (
    Clock,
    Fault,
    SharedThreads,
    SimulatedGauges,
    SimulatedPages,
    SimulatedProcesses,
)
from minos_common.settings import WorkerSettings
from minos_common.words import HostFacts
from minos_worker.agent.loop import Agent
from minos_worker.assembly import Given, Machine, assemble
from minos_worker.facts import host_facts
from minos_worker.layout import layout_of
from minos_worker.own_keys import OwnKeys
from minos_worker.stats.host import HostFigures

TASK_FIGURES = {
    "task.cpu_percent": 12.0,
    "task.rss_bytes": 512e6,
    "task.threads": 60.0,
    "task.swap_bytes": 0.0,
    "task.open_files": 240.0,
    "task.children": 0.0,
    "task.uptime_seconds": 86400.0,
    "task.read_bytes_per_second": 1e5,
    "task.write_bytes_per_second": 1e5,
    "task.voluntary_switches_per_second": 900.0,
}
STACK = 512 * 1024


class SimulatedHost(msgspec.Struct, frozen=True):
    """A host of a fleet, with what goes wrong on it. One that is ``silent`` is described and never heard of."""

    name: str
    address: str
    faults: list[Fault] = []
    silent: bool = False


class Plan(msgspec.Struct, frozen=True):
    """What one process of a fleet is to be; ``told`` is what status pages of its tasks say."""

    console: str
    console_key: str
    folder: str
    hosts: list[SimulatedHost]
    java_home: str = ""
    told: dict[str, Any] = {}


class Told(msgspec.Struct, frozen=True):
    """What a process of a fleet tells when asked: of each worker the monotonic second of its last welcome (0: none yet), the
    processor seconds that all of it has used, and its memory in bytes."""

    welcomed: list[float]
    cpu: float
    memory: int


class Fleet:
    """The workers of one process, started by ``begin``."""

    def __init__(self, plan: Plan) -> None:
        clock, context = Clock(), zmq.Context()
        context.set(zmq.MAX_SOCKETS, 60_000)
        self.context = context
        self._threads, self._clock = SharedThreads(clock), clock
        like = HostFigures([Path(plan.folder)])
        self._like = like.read()
        while "host.cpu_percent" not in self._like:  # between two looks, when the kernel's clock has ticked
            self._like = like.read()
        self._plan = plan
        self._pages = SimulatedPages(plan.told)
        self._facts = host_facts(WorkerSettings(console="", console_key="", root=plan.folder), "")
        self.agents = [self._worker(host) for host in plan.hosts if not host.silent]

    def begin(self) -> None:
        """Let all of them talk."""
        for agent in self.agents:
            self._threads.beside("worker", agent.run)

    def end(self) -> None:
        """Let all of them end."""
        for agent in self.agents:
            agent.end()

    def told(self) -> Told:
        """How they are."""
        used = resource.getrusage(resource.RUSAGE_SELF)
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        welcomed = [agent.welcomed_at for agent in self.agents]
        return Told(welcomed, used.ru_utime + used.ru_stime, pages * resource.getpagesize())

    def _worker(self, host: SimulatedHost) -> Agent:
        plan = self._plan
        settings = WorkerSettings(
            console=plan.console,
            console_key=plan.console_key,
            root=str(root_of(Path(plan.folder), host.name)),
            name=host.name,
            address=host.address,
            java_home=plan.java_home,
            keep_free_bytes=0,
            peer_port=-1,
        )
        layout = layout_of(settings)
        layout.make_roots()
        given = Given(
            settings,
            layout.worker.parent / "worker.ini",
            layout,
            OwnKeys(layout.worker),
            plan.console_key.encode(),
        )
        facts = msgspec.structs.replace(self._facts, rack=host.address.rpartition(".")[0])
        return assemble(
            given, self._machine(host, SimulatedProcesses(layout, self._clock, lambda: host.faults), facts)
        ).agent

    def _machine(self, host: SimulatedHost, processes: SimulatedProcesses, facts: HostFacts) -> Machine:
        return Machine(
            processes,
            SimulatedGauges(self._like, TASK_FIGURES),
            facts,
            self._pages,
            self._threads,
            self.context,
        )


def root_of(folder: Path, name: str) -> Path:
    """Where a simulated host has its files."""
    return folder / "hosts" / name


def main(argv: Sequence[str]) -> None:
    """Be the fleet of a plan (a file of JSON) until the standard input ends; tell how it is for each line that comes."""
    threading.stack_size(STACK)
    logging.basicConfig(stream=sys.stderr, level=logging.ERROR)
    fleet = Fleet(msgspec.json.decode(Path(argv[0]).read_bytes(), type=Plan))
    fleet.begin()
    print("begun", flush=True)
    for _ in sys.stdin:
        print(msgspec.json.encode(fleet.told()).decode(), flush=True)
    fleet.end()
    time.sleep(0.5)  # what they have in memory goes to their disks
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1:])
