"""Who fetches which blocks of a package from whom, so that each leaves the console about once. PURE."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from minos_common import bits

GRANT_BYTES = 16 * 1024**2
"""Bytes that a host is told to ask of the console at a time."""
MOST_PEERS = 12
FRESH_SECONDS = 20.0
"""A host that fetches and is silent for longer is not waited for."""
WINDOW_SECONDS = 10.0
"""Over so long the bytes that leave the console are held below its limit."""
TELLS_PER_SECOND = 25.0


@dataclass(frozen=True)
class Holder:
    """A host with the blocks ``have``, told to ask the console for ``granted``. ``fresh``: it was heard of lately, so that
    it may be waited for; ``open``: others can ask it.
    """

    host: int
    rack: str
    have: int
    granted: int
    fresh: bool
    open: bool


@dataclass(frozen=True)
class Room:
    """What the console may give now: ``bytes``, and whether to one more host (``host``)."""

    bytes: int
    host: bool


def grant(me: Holder, others: Iterable[Holder], sizes: Sequence[int], room: Room) -> int:
    """Blocks that ``me`` shall ask of the console: what it was told before and has not yet, and of what nobody has or is to
    get the next ones, within ``room``. ``others`` are those that it can reach.
    """
    missing = bits.full(len(sizes)) & ~me.have
    given = me.granted & missing
    if given or not room.host:
        return given
    coming = 0
    for other in others:
        if other.open:
            coming |= other.have | (other.granted if other.fresh else 0)
    budget = min(GRANT_BYTES, room.bytes)
    for number in bits.numbers(missing & ~coming):
        budget -= sizes[number]
        if budget < 0 and given:
            break
        given |= 1 << number
    return given


def peers(me: Holder, others: Iterable[Holder], chance: random.Random) -> list[Holder]:
    """Whom ``me`` shall ask: those that have what it has not, of its own rack first, in any order otherwise."""
    useful = [other for other in others if other.open and other.have & ~me.have]
    chance.shuffle(useful)
    useful.sort(key=lambda other: other.rack != me.rack)
    near = [other for other in useful if other.rack == me.rack][:MOST_PEERS]
    far = [other for other in useful if other.rack != me.rack]
    return near + far[: max(MOST_PEERS - len(near), 2)]


def again(fetching: int) -> float:
    """Seconds until a host shall tell again, when so many fetch at the same time."""
    return max(1.0, fetching / TELLS_PER_SECOND)


def rack_of(said: str, address: str) -> str:
    """Where a host stands: as somebody said, else by the network that its address looks to be of. In small letters, so that
    no two ways of writing make two racks.
    """
    return said.lower() or address.rpartition(".")[0] or address
