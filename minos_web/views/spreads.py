"""How a package spreads over hosts, for pages: who has how much of it, and where that came from."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from minos_web.models.operations import Operation, Step
from minos_web.models.packages import Package
from minos_web.models.spread import PackageSpread
from minos_web.operations.spread_plan import FRESH_SECONDS

SHOWN = 60
"""Hosts that are shown without asking for all; those that are on their way come first."""


@dataclass(frozen=True)
class SpreadLine:
    """One host. ``fraction`` of the blocks are there; bytes by where they came from; ``fetching``: it is on its way."""

    host: str
    rack: str
    fraction: float
    from_console: int
    from_hosts: int
    from_own: int
    fetching: bool


@dataclass(frozen=True)
class Spread:
    """All hosts together; ``times`` is what left the console, in sizes of the package."""

    lines: list[SpreadLine]
    hidden: int
    whole: int
    from_console: int
    from_hosts: int
    from_own: int
    times: float

    @property
    def total(self) -> int:
        """How many hosts there are."""
        return len(self.lines) + self.hidden


def spread_of(session: Session, package: Package, now: float, everything: bool = False) -> Spread | None:
    """Every host that told of the package; None when none did."""
    return _spread(session, package, now, everything, None)


def spread_in(session: Session, operation: Operation, package: Package, now: float, everything: bool) -> Spread | None:
    """The hosts that fetched the package for an operation."""
    brought = select(Step.host_id).where(
        Step.operation_id == operation.id, Step.verb.in_(("bring", "prepare")), Step.sent_at.is_not(None)
    )
    hosts = set(session.scalars(brought.distinct()))
    begin = operation.started_at or operation.created_at
    return _spread(session, package, now, everything, (hosts, begin))


def _spread(
    session: Session, package: Package, now: float, everything: bool, within: tuple[set[int | None], float] | None
) -> Spread | None:
    query = select(PackageSpread).where(PackageSpread.package_id == package.id).options(joinedload(PackageSpread.host))
    rows = list(session.scalars(query))
    if within is not None:
        hosts, begin = within
        rows = [row for row in rows if row.host_id in hosts and row.heard_at >= begin]
    if not rows:
        return None
    lines = sorted((_line(row, now) for row in rows), key=lambda line: (not line.fetching, line.fraction, line.host))
    from_console = sum(line.from_console for line in lines)
    return Spread(
        lines=lines if everything else lines[:SHOWN],
        hidden=0 if everything else max(len(lines) - SHOWN, 0),
        whole=sum(row.whole for row in rows),
        from_console=from_console,
        from_hosts=sum(line.from_hosts for line in lines),
        from_own=sum(line.from_own for line in lines),
        times=from_console / max(package.blocks_size, 1),
    )


def _line(row: PackageSpread, now: float) -> SpreadLine:
    have = int.from_bytes(row.have, "little").bit_count()
    return SpreadLine(
        host=row.host.name,
        rack=row.rack,
        fraction=have / max(row.blocks, 1),
        from_console=row.from_console,
        from_hosts=row.from_hosts,
        from_own=row.from_own,
        fetching=not row.whole and now - row.heard_at < FRESH_SECONDS,
    )
