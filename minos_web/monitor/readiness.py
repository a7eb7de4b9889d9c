"""What each host still needs before it can be relied on, and the way out."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_common.settings import ConsoleSettings
from minos_common.states import HostState
from minos_common.version import VERSION
from minos_web.models.clusters import Task
from minos_web.models.hosts import Host
from minos_web.monitor.clocks import wrong_clock


@dataclass(frozen=True)
class Lack:
    """One thing that is missing: what, and what to do. ``way`` names the page that helps: install, hosts, host, upgrade."""

    what: str
    advice: str
    way: str


@dataclass(frozen=True)
class Readiness:
    """A host, or an address that a cluster file names, with what it lacks. ``host`` is None where no worker ever came."""

    name: str
    address: str
    host: Host | None
    lacks: tuple[Lack, ...]


def readiness(session: Session, settings: ConsoleSettings, now: float) -> list[Readiness]:
    """Every host that is wanted or known: those that lack something first."""
    hosts = list(session.scalars(select(Host).order_by(Host.name)))
    live = [host for host in hosts if host.state in (HostState.APPROVED, HostState.PENDING)]
    found = [Readiness(host.name, host.address, host, tuple(lacks_of(host, settings, now))) for host in live]
    known = {text for host in live for text in (host.name, host.address)}
    wanted = session.scalars(select(Task.address).where(Task.described, Task.retired.is_(False)).distinct())
    never = Lack("no worker", "cluster files name this host, but no worker ever said hello from it", "install")
    found += [Readiness(address, address, None, (never,)) for address in sorted(set(wanted) - known)]
    return sorted(found, key=lambda one: (not one.lacks, one.host is not None, one.name))


def lacks_of(host: Host, settings: ConsoleSettings, now: float) -> Sequence[Lack]:
    """What a known host lacks. PURE."""
    if host.state == HostState.PENDING:
        return [Lack("approval", "compare its fingerprint, then approve it", "hosts")]
    silent = now - (host.beat_at or 0)
    if silent > settings.lost_seconds:
        return [Lack("its worker is silent", "is the host up, and does minos-worker run there?", "host")]
    found = []
    if host.worker_version != VERSION:
        text = f"version {host.worker_version or 'unknown'}; this console is {VERSION}"
        found.append(Lack("another worker version", text, "upgrade"))
    java = str(host.facts.get("java") or "none found")
    if java.startswith("none"):
        found.append(Lack("a JDK", f"{java.removeprefix('none: ')}; set java_home in its worker.ini", "host"))
    if clock := wrong_clock(host.clock_offset):
        found.append(Lack("the right time", clock, "host"))
    found += [Lack(str(reason["code"]).replace("-", " "), str(reason["message"]), "host") for reason in host.degraded]
    return found
