"""Pieces of uploads: in whatever order and condition they come, what is kept is the beginning of the file."""

import hashlib
import os
import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from minos_web.store.arriving import NoRoom
from minos_web.store.pieces import RECENT_SECONDS, Damaged, Misplaced, Pieces


def put(pieces: Pieces, number: int, offset: int, data: bytes) -> int:
    """How many bytes are here afterwards, as a sender hears it."""
    try:
        return pieces.put(number, offset, data, hashlib.sha256(data).hexdigest())
    except Misplaced as error:
        return error.have


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(1, 3000), st.randoms(use_true_random=False))
def test_however_it_is_interrupted_the_right_bytes_are_there_in_the_end(
    tmp_path_factory: pytest.TempPathFactory, size: int, chance: random.Random
) -> None:
    """Answers get lost, pieces come twice, late, damaged, and the sender forgets what it knew."""
    pieces = Pieces(tmp_path_factory.mktemp("pieces"), 0)
    content = random.Random(size).randbytes(size)
    believed = 0
    while believed < size:
        length = chance.randint(size // 20 + 1, size // 3 + 1)
        match chance.choice(["good", "lost answer", "damaged", "old piece", "forgot"]):
            case "good":
                believed = put(pieces, 1, believed, content[believed : believed + length])
            case "lost answer":
                put(pieces, 1, believed, content[believed : believed + length])
                believed = min(believed, pieces.have(1))
            case "damaged":
                with pytest.raises(Damaged):
                    pieces.put(1, believed, b"?", "0" * 64)
            case "old piece":
                at = chance.randrange(size)
                put(pieces, 1, at, content[at : at + length])
            case "forgot":
                believed = pieces.have(1)
        assert content.startswith(pieces.path(1).read_bytes() if pieces.have(1) else b"")
    assert pieces.path(1).read_bytes() == content


def test_a_disk_that_is_full_leaves_no_half_piece(small_disk: Path) -> None:
    pieces = Pieces(small_disk, 0)
    data = bytes(100_000)
    put(pieces, 1, 0, data)
    with pytest.raises(NoRoom):
        for offset in range(100_000, 10**6, 100_000):
            pieces.put(1, offset, data, hashlib.sha256(data).hexdigest())
    assert pieces.have(1) % 100_000 == 0


def test_files_that_nobody_knows_are_deleted_when_they_are_old(tmp_path: Path) -> None:
    pieces = Pieces(tmp_path / "in", 0)
    for number in (1, 2, 3):
        put(pieces, number, 0, b"x")
    for number in (1, 2):
        old = pieces.path(number).stat().st_mtime - RECENT_SECONDS - 10
        os.utime(pieces.path(number), (old, old))
    pieces.forget_others([1])
    assert [pieces.have(number) for number in (1, 2, 3)] == [1, 0, 1]
