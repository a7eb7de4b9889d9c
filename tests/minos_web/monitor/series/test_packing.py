"""Columns of numbers as bytes, and back."""

import math
import random
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minos_web.monitor.series.packing import Damaged, pack, pack_batch, unpack, unpack_batch

SECONDS = st.lists(st.integers(0, 2**32 - 1), unique=True, max_size=300).map(sorted)


@given(st.data())
def test_what_is_packed_is_unpacked_bit_by_bit(data: st.DataObject) -> None:
    seconds = data.draw(SECONDS)
    doubles = st.lists(st.floats(), min_size=len(seconds), max_size=len(seconds))
    columns = data.draw(st.lists(doubles, max_size=3))
    found, told = unpack(pack(seconds, columns))
    assert found.tolist() == seconds
    assert [list(map(repr, one.tolist())) for one in told] == [list(map(repr, one)) for one in columns]


@given(st.lists(st.tuples(st.integers(0, 2**60), st.integers(0, 2**32 - 1), st.floats(allow_nan=False)), max_size=50))
def test_so_are_batches(rows: list[tuple[int, int, float]]) -> None:
    found = [part.tolist() for part in unpack_batch(pack_batch(rows))]
    assert list(zip(*found, strict=True)) == rows


@pytest.mark.parametrize(
    "packed",
    [b"", b"1", b"\x01\x01\x02\x00\x00\x00", pack([1, 2], [[1.0, 2.0]])[:-3], b"\x02" + pack([1], [[1.0]])[1:]],
)
def test_other_bytes_are_refused(packed: bytes) -> None:
    with pytest.raises(Damaged):
        unpack(packed)


def test_other_batches_are_refused() -> None:
    from backports import zstd

    for packed in (b"", b"nonsense", zstd.compress(b"x" * 21)):
        with pytest.raises(Damaged):
            unpack_batch(packed)


def a_day(kind: str) -> Sequence[float]:
    chance = random.Random(5)
    match kind:
        case "constant":
            return [7.0] * 720
        case "counter":
            return [float(at * 40 + chance.randrange(20)) for at in range(720)]
        case _:
            return [round(50 + 20 * math.sin(at / 90) + chance.random(), 1) for at in range(720)]


@pytest.mark.parametrize(("kind", "most"), [("constant", 0.3), ("counter", 2.5), ("gauge", 4.5)])
def test_usual_figures_take_few_bytes(kind: str, most: float) -> None:
    assert len(pack(list(range(0, 7200, 10)), [a_day(kind)])) / 720 < most
