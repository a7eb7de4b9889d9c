"""Facts as bytes and back."""

import math
import random
import zlib

import msgspec
import pytest

from minos_common import facts
from minos_common.facts import BadFacts, Fact, pack, tidied, unpack


def test_they_come_back_as_they_were() -> None:
    told = [Fact("r1", {"reads": 5.0}, {"table": "t"}), Fact("r2")]
    packed, left_out = pack(told)
    assert (unpack(packed), left_out) == (told, 0)


def test_a_thousand_regions_are_far_below_a_message() -> None:
    told = [
        Fact(f"{n:032x}", {f"number_{i}": float(n * i) for i in range(12)}, {"table": f"t{n % 9}"}) for n in range(1000)
    ]
    packed, left_out = pack(told)
    assert left_out == 0 and len(packed) < 100_000


def test_too_many_are_cut_and_counted() -> None:
    kept, left_out = pack([Fact(str(n)) for n in range(facts.MOST_FACTS + 7)])
    assert (len(unpack(kept)), left_out) == (facts.MOST_FACTS, 7)


def test_too_large_ones_are_cut_and_counted() -> None:
    noise = random.Random(1)
    told = [Fact(noise.randbytes(150).hex()) for _ in range(4000)]
    packed, left_out = pack(told)
    assert len(packed) <= facts.MOST_PACKED
    assert 0 < left_out < 4000 and len(unpack(packed)) == 4000 - left_out


def test_what_is_no_number_is_left_out_and_long_texts_are_cut() -> None:
    told = tidied([Fact("k" * 999, {"a": math.nan, "b": math.inf, "c": 1}, {"t": "x" * 999}), Fact("k" * 500)])
    assert told == [Fact("k" * 300)], "of two with one key the last"
    assert tidied([Fact("k", {"a": math.nan, "c": 1}, {"t": "x" * 999})]) == [Fact("k", {"c": 1.0}, {"t": "x" * 300})]


@pytest.mark.parametrize(
    "packed",
    [
        b"",
        b"junk",
        zlib.compress(b"junk"),
        zlib.compress(msgspec.msgpack.encode([["key", {"a": "text"}]])),
        zlib.compress(msgspec.msgpack.encode([["k"]] * 5001)),
        zlib.compress(b"\x00" * (facts.MOST_UNPACKED + 1)),
    ],
)
def test_anything_else_is_refused(packed: bytes) -> None:
    with pytest.raises(BadFacts):
        unpack(packed)
