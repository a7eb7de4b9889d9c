"""What all hosts together have and what of it is used, by the newest figures of each; and what the package store holds."""

import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Text, func, select, type_coerce
from sqlalchemy.orm import Session

from minos_common.states import HostState
from minos_web.console import Console
from minos_web.models.hosts import Host
from minos_web.models.packages import Package

_DISKS = {"host.disk_total:": "disk", "host.disk_used:": "disk_used"}


@dataclass(frozen=True)
class Capacity:
    """Sums over ``telling`` of ``hosts`` approved hosts: the others told nothing lately. Bytes, cores, and load by core."""

    hosts: int = 0
    telling: int = 0
    cores: int = 0
    load: float = 0.0
    memory: float = 0.0
    memory_used: float = 0.0
    disk: float = 0.0
    disk_used: float = 0.0

    @property
    def load_percent(self) -> float | None:
        """Processes that run or wait to, by core."""
        return _percent(self.load, self.cores)

    @property
    def memory_percent(self) -> float | None:
        """How much of the memory is used."""
        return _percent(self.memory_used, self.memory)

    @property
    def disk_percent(self) -> float | None:
        """How much of the disks is used."""
        return _percent(self.disk_used, self.disk)


@dataclass(frozen=True)
class Store:
    """Packages that are there, their bytes, and how much room is left where they lie."""

    packages: int
    size: int
    free: int


def hosts_capacity(session: Session, fresh: Callable[[float | None], bool]) -> Capacity:
    """Of all approved hosts. ``fresh`` says whether figures of a time still tell what is."""
    cores, memory = Host.facts["cores"].as_integer(), Host.facts["memory"].as_float()
    wanted = select(cores, memory, type_coerce(Host.figures, Text), Host.figures_at)
    rows = session.execute(wanted.where(Host.state == HostState.APPROVED)).all()
    told = (({"cores": one, "memory": two}, _decoded(figures)) for one, two, figures, at in rows if fresh(at))
    return summed(len(rows), told)


def summed(hosts: int, told: Iterable[tuple[dict[str, Any], dict[str, float]]]) -> Capacity:
    """``told`` are facts and figures of those that tell. PURE."""
    sums = {"cores": 0.0, "load": 0.0, "memory": 0.0, "memory_used": 0.0, "disk": 0.0, "disk_used": 0.0}
    telling = 0
    for facts, figures in told:
        telling += 1
        sums["cores"] += facts.get("cores") or 0
        sums["load"] += figures.get("host.load1", 0.0)
        sums["memory"] += figures.get("host.memory_total") or facts.get("memory") or 0.0
        sums["memory_used"] += figures.get("host.memory_used", 0.0)
        for name, value in figures.items():
            if name.startswith("host.disk_"):
                which = _DISKS.get(name.partition(":")[0] + ":")
                if which and ":" in name:
                    sums[which] += value
    return Capacity(hosts=hosts, telling=telling, cores=int(sums.pop("cores")), **sums)


def package_store(session: Session, console: Console) -> Store:
    """What is in the store."""
    kept = select(func.count(), func.coalesce(func.sum(Package.size), 0)).where(Package.state != "deleted")
    number, size = session.execute(kept).one()
    return Store(number, int(size), shutil.disk_usage(console.var).free)


def _decoded(figures: Any) -> dict[str, float]:
    """Figures as the database hands them over, as text or not: of a thousand hosts the usual way takes too long."""
    found = msgspec.json.decode(figures) if isinstance(figures, str | bytes) else figures
    return found if isinstance(found, dict) else {}


def _percent(part: float, whole: float) -> float | None:
    return 100.0 * part / whole if whole else None
