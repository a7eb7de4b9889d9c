"""The spread of a package over hosts: what they tell becomes rows, and what they are told follows from these."""

import random
import time

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from minos_common import bits
from minos_common.verbs import SpreadAnswer, SpreadPeer, SpreadTold
from minos_web.console import Console
from minos_web.models.hosts import Host
from minos_web.models.packages import Package
from minos_web.models.spread import PackageSpread
from minos_web.operations.inventory import rack_of_host
from minos_web.operations.spread_plan import FRESH_SECONDS, WINDOW_SECONDS, Holder, Room, again, grant, peers
from minos_web.store.block_files import sizes_of

MOST_BYTES = 2**50
"""No host is believed to have fetched more."""


def hear(session: Session, console: Console, package: Package, host: Host, told: SpreadTold) -> SpreadAnswer:
    """Note what ``host`` tells, and say whom to ask for what. Raises OSError, BadArchive when the list of blocks is lost."""
    now = time.time()
    sizes = sizes_of(console.var, package)
    row = _row(session, package, host, told, now, len(sizes))
    rows = session.scalars(
        select(PackageSpread)
        .where(PackageSpread.package_id == package.id, PackageSpread.host_id != host.id)
        .options(joinedload(PackageSpread.host))
    ).all()
    alive = [one for one in rows if _alive(console, one, now) and _has_still(one, package, now)]
    holders = {one.host_id: _holder(one, len(sizes), now) for one in alive}
    me = _holder(row, len(sizes), now)
    reached = [one for one in holders.values() if one.host not in told.unreachable]
    fetching = [one for one in holders.values() if one.fresh and one.have != bits.full(len(sizes))]
    given = grant(me, reached, sizes, _room(session, console, fetching, now))
    if given & ~me.granted:
        row.granted_at, row.granted_bytes = now, sum(sizes[number] for number in bits.numbers(given))
    row.granted = bits.to_bytes(given, len(sizes))
    urls = {one.host_id: f"http://{_bracketed(one.host.address)}:{_port(one.host)}/blocks/" for one in rows}
    found = [
        SpreadPeer(one.host, urls[one.host], bits.to_bytes(one.have, len(sizes)))
        for one in peers(me, reached, random.Random())
    ]
    return SpreadAnswer(row.granted, found, again(len(fetching)))


def _row(session: Session, package: Package, host: Host, told: SpreadTold, now: float, count: int) -> PackageSpread:
    row = session.get(PackageSpread, (package.id, host.id))
    if row is None:
        row = PackageSpread(package_id=package.id, host_id=host.id, began_at=now, granted=b"", granted_at=0.0)
        row.granted_bytes = 0
        session.add(row)
    have = bits.from_bytes(told.have, count)
    if row.whole and have != bits.full(count):
        row.began_at, row.granted = now, b""
    row.have, row.whole = bits.to_bytes(have, count), have == bits.full(count)
    row.heard_at, row.blocks = now, count
    row.rack = rack_of_host(session, host)[:128]
    for name in ("from_console", "from_hosts", "from_own"):
        setattr(row, name, min(max(getattr(told, name), 0), MOST_BYTES))
    return row


def _alive(console: Console, row: PackageSpread, now: float) -> bool:
    """Whether its worker is in touch: a host that fetches tells us here as well."""
    beat = max(row.host.beat_at or 0.0, row.heard_at)
    return row.host.state == "approved" and now - beat < max(console.settings.lost_seconds, FRESH_SECONDS)


def _has_still(row: PackageSpread, package: Package, now: float) -> bool:
    """Whether a host that had all of it says so still; one that has it just now may not have said so yet."""
    just_now = not row.whole or now - row.heard_at < 60.0
    return just_now or any(one["sha256"] == package.sha256 for one in row.host.packages)


def _holder(row: PackageSpread, count: int, now: float) -> Holder:
    return Holder(
        host=row.host_id,
        rack=row.rack,
        have=bits.from_bytes(row.have, count),
        granted=bits.from_bytes(row.granted, count),
        fresh=now - row.heard_at < FRESH_SECONDS,
        open=_port(row.host) > 0,
    )


def _room(session: Session, console: Console, fetching: list[Holder], now: float) -> Room:
    settings = console.settings
    served = sum(1 for one in fetching if one.granted & ~one.have)
    if not settings.spread_bytes_per_second:
        return Room(2**62, served < settings.spread_hosts)
    given = session.scalar(
        select(func.sum(PackageSpread.granted_bytes)).where(PackageSpread.granted_at > now - WINDOW_SECONDS)
    )
    left = int(settings.spread_bytes_per_second * WINDOW_SECONDS) - int(given or 0)
    return Room(left, left > 0 and served < settings.spread_hosts)


def _port(host: Host) -> int:
    """Where other hosts ask it; 0: nowhere."""
    return int((host.facts or {}).get("peer_port", 0))


def _bracketed(address: str) -> str:
    return f"[{address}]" if ":" in address else address
