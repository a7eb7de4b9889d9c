"""The inventory as people see it: what a worker tells and what is kept, side by side, filtered and sorted."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from minos_web.models.hosts import Host
from minos_web.models.inventory import Machine
from minos_web.operations.inventory import Racks, said_rack

FROM = {"kept": "as kept here", "worker": "as its worker says", "address": "by its address", "": "nobody said"}
WHICH = {
    "": "All machines",
    "unkept": "Not kept here yet",
    "workerless": "Without a worker",
    "differing": "Kept differently",
}
GB = 1024**3


@dataclass(frozen=True)
class Line:
    """One machine. ``cores`` and ``memory`` (bytes) are those that count: a worker's word before what is kept."""

    name: str
    host: Host | None
    machine: Machine | None
    rack: str
    rack_from: str
    cores: int | None
    memory: float | None

    @property
    def address(self) -> str:
        """Its address, as the worker says, else as kept."""
        return self.host.address if self.host else (self.machine and self.machine.ip) or ""

    def kept(self, name: str) -> Any:
        """A field that is kept; None where it is not."""
        return getattr(self.machine, name) if self.machine else None

    @property
    def mounts(self) -> dict[str, float]:
        """Mount -> bytes, of the file systems that the worker and its tasks live on, as it tells."""
        start = "host.disk_total:"
        figures = (self.host.figures or {}) if self.host else {}
        return {name.removeprefix(start): size for name, size in sorted(figures.items()) if name.startswith(start)}

    @property
    def differs(self) -> list[str]:
        """What is kept otherwise than the worker tells: cores, memory by more than a tenth, address."""
        if self.host is None or self.machine is None:
            return []
        facts, found = self.host.facts or {}, []
        if facts.get("cores") and self.machine.cores not in (None, facts["cores"]):
            found.append(f"{self.machine.cores} cores are kept, its worker counts {facts['cores']}")
        if facts.get("memory") and self.machine.ram_gb and abs(facts["memory"] / GB / self.machine.ram_gb - 1) > 0.1:
            found.append(f"{self.machine.ram_gb:.6g} GB are kept, its worker finds {facts['memory'] / GB:.3g}")
        if self.machine.ip and self.machine.ip != self.host.address:
            found.append(f"address {self.machine.ip} is kept, its worker says {self.host.address}")
        return found


def lines(hosts: Iterable[Host], racks: Racks) -> list[Line]:
    """A line for each approved host and for each machine without one."""
    found, met = [], set()
    for host in hosts:
        machine = racks.of(host)
        met.add(machine.host if machine else "")
        found.append(_line(host, machine, racks))
    return found + [_line(None, machine, racks) for name, machine in racks.machines.items() if name not in met]


def _line(host: Host | None, machine: Machine | None, racks: Racks) -> Line:
    facts = (host.facts or {}) if host else {}
    kept_cores, kept_ram = (machine.cores, machine.ram_gb) if machine else (None, None)
    source = "kept" if machine and machine.rack else "worker" if host and said_rack(host) else "address" if host else ""
    return Line(
        name=host.name if host else machine.host if machine else "",
        host=host,
        machine=machine,
        rack=racks.rack(host) if host else (machine and machine.rack) or "",
        rack_from=source,
        cores=facts.get("cores") or kept_cores,
        memory=facts.get("memory") or (kept_ram * GB if kept_ram else None),
    )


def chosen(found: list[Line], wanted: dict[str, str]) -> list[Line]:
    """Those that fit ``q`` (words of any text), ``rack``, ``idc`` and ``which``; by ``sort``, from the end with ``-``."""
    kinds: dict[str, Callable[[Line], bool]] = {
        "": lambda line: True,
        "unkept": lambda line: line.machine is None,
        "workerless": lambda line: line.host is None,
        "differing": lambda line: bool(line.differs),
    }
    words = wanted["q"].lower().split()
    kept = [
        line
        for line in found
        if all(word in _text(line) for word in words)
        and wanted["rack"] in ("", line.rack)
        and wanted["idc"] in ("", line.kept("idc"))
        and kinds.get(wanted["which"], kinds[""])(line)
    ]
    name = wanted["sort"].removeprefix("-")
    key = SORTS.get(name, SORTS["host"])
    known = sorted((line for line in kept if key(line) not in (None, "")), key=lambda line: (key(line), line.name))
    if wanted["sort"].startswith("-"):
        known.reverse()
    return known + sorted((line for line in kept if key(line) in (None, "")), key=lambda line: line.name)


SORTS: dict[str, Callable[[Line], Any]] = {
    "host": lambda line: line.name,
    "address": lambda line: line.address,
    "rack": lambda line: line.rack,
    "idc": lambda line: line.kept("idc"),
    "cores": lambda line: line.cores,
    "memory": lambda line: line.memory,
    "disks": lambda line: line.kept("disks"),
    "ssds": lambda line: line.kept("ssds"),
}


def _text(line: Line) -> str:
    said = (line.name, line.address, line.rack, line.kept("idc") or "", line.kept("note") or "")
    return " ".join(said).lower()
