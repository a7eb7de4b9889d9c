"""The plan of a spread, played through with many hosts that come, fail and die: each block leaves the console about once."""

import random
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from minos_common import bits
from minos_web.operations.spread_plan import GRANT_BYTES, MOST_PEERS, Holder, Room, again, grant, peers, rack_of

MIB = 1024**2
SIZES = [MIB] * 40
ROOM = Room(2**62, True)


def host(
    number: int, have: int = 0, granted: int = 0, rack: str = "r1", fresh: bool = True, opens: bool = True
) -> Holder:
    return Holder(number, rack, have, granted, fresh, opens)


def test_the_first_host_is_sent_to_the_console() -> None:
    given_ = grant(host(1), [], SIZES, ROOM)
    assert given_ == bits.full(16) and 16 * MIB == GRANT_BYTES


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        ([host(2, granted=bits.full(16))], bits.full(16) << 16),
        ([host(2, have=bits.full(40))], 0),
        ([host(2, have=bits.full(39))], 1 << 39),
        ([host(2, granted=bits.full(40), fresh=False)], bits.full(16)),
        ([host(2, have=bits.full(40), opens=False)], bits.full(16)),
    ],
    ids=["others fetch these", "another has all", "another has all but one", "another fell silent", "another hides"],
)
def test_what_others_have_or_fetch_is_not_given_twice(others: list[Holder], expected: int) -> None:
    assert grant(host(1), others, SIZES, ROOM) == expected


def test_what_was_given_and_has_not_come_is_given_again_and_nothing_more() -> None:
    me = host(1, have=0b11, granted=0b1111)
    assert grant(me, [], SIZES, ROOM) == 0b1100


@pytest.mark.parametrize("room", [Room(0, False), Room(2**62, False)])
def test_where_there_is_no_room_nothing_new_is_given(room: Room) -> None:
    assert grant(host(1), [], SIZES, room) == 0
    assert grant(host(1, granted=0b1), [], SIZES, room) == 0b1


def test_a_block_larger_than_the_room_is_given_alone() -> None:
    assert grant(host(1), [], [4 * MIB] * 3, Room(MIB, True)) == 0b1


def test_the_own_rack_is_asked_first_and_others_too() -> None:
    near = [host(number, have=1, rack="r1") for number in range(30)]
    far = [host(100 + number, have=1, rack="r2") for number in range(30)]
    found = peers(host(200, rack="r1"), [*far, *near], random.Random(1))
    assert [one.rack for one in found] == ["r1"] * MOST_PEERS + ["r2"] * 2


def test_who_has_nothing_that_is_wanted_is_not_asked() -> None:
    others = [host(1, have=0b01), host(2, have=0b11), host(3, have=0b11, opens=False)]
    assert [one.host for one in peers(host(9, have=0b01), others, random.Random(1))] == [2]


def test_many_hosts_tell_seldom() -> None:
    assert again(1) == 1.0 and again(200) == 8.0


@pytest.mark.parametrize(
    ("said", "address", "rack"), [("dc1/R7", "10.0.0.1", "dc1/r7"), ("", "10.0.0.1", "10.0.0"), ("", "node7", "node7")]
)
def test_the_rack_of_a_host(said: str, address: str, rack: str) -> None:
    assert rack_of(said, address) == rack


@dataclass
class World:
    """Hosts that fetch in turns; ``cost`` counts the blocks that left the console."""

    hosts: dict[int, Holder]
    sizes: list[int]
    cost: int = 0

    def turn(self, number: int, chance: random.Random) -> None:
        me = self.hosts[number]
        others = [one for one in self.hosts.values() if one.host != number]
        granted = grant(me, others, self.sizes, ROOM)
        have = me.have
        for block in bits.numbers(granted):
            if chance.random() < 0.7:  # the others come with the next turn
                have |= 1 << block
                self.cost += 1
        for peer in peers(me, others, chance)[:3]:
            there = list(bits.numbers(peer.have & ~have))
            for block in chance.sample(there, min(len(there), 4)):
                have |= 1 << block
        self.hosts[number] = replace(me, have=have, granted=granted)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 30), st.integers(1, 60), st.integers(0, 8), st.randoms(use_true_random=False))
def test_all_get_everything_and_the_console_gives_each_block_about_once(
    hosts: int, blocks: int, deaths: int, chance: random.Random
) -> None:
    world = World({number: host(number) for number in range(hosts)}, [MIB] * blocks)
    lost = 0
    for _ in range(10_000):
        left = [number for number, one in world.hosts.items() if one.have != bits.full(blocks)]
        if not left:
            break
        world.turn(chance.choice(left), chance)
        if deaths and len(world.hosts) > 1 and chance.random() < 0.05:
            deaths -= 1
            dead = world.hosts.pop(chance.choice(list(world.hosts)))
            elsewhere = reduce(or_, (one.have for one in world.hosts.values()))
            lost += ((dead.have | dead.granted) & ~elsewhere).bit_count()
    assert all(one.have == bits.full(blocks) for one in world.hosts.values())
    # One that dies takes with it at most what it was given last and what only it had.
    assert world.cost <= max(blocks * 3, blocks + lost)
