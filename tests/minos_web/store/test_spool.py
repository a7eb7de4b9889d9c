"""The spool: pieces in any order and doubled, several tries, limits, and full disks."""

import os
import random
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from minos_web.store.spool import RESTS_SECONDS, Misplaced, NoRoom, Piece, Spool

BYTES = random.Random(1).randbytes(100)


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path / "logs", most_bytes=1000, keep_free=0)


def bring(spool: Spool, number: int, data: bytes = BYTES, run: str = "a", step: int = 30) -> None:
    """All of a file, in pieces."""
    have = 0
    while True:
        have = spool.put(number, Piece(run, have, len(data)), data[have : have + step])
        if have == len(data):
            return


def content(spool: Spool, number: int) -> bytes | None:
    found = spool.find(number)
    return found.path.read_bytes() if found is not None and found.whole else None


def age(spool: Spool, number: int, seconds: float) -> None:
    found = spool.find(number)
    assert found is not None
    os.utime(found.path, (time.time() - seconds,) * 2)


def test_pieces_become_a_file_that_is_whole_only_at_its_end(spool: Spool) -> None:
    assert spool.find(7) is None
    assert spool.put(7, Piece("a", 0, 100), BYTES[:60]) == 60
    found = spool.find(7)
    assert found is not None and not found.whole and (found.have, found.size) == (60, 100)
    assert spool.put(7, Piece("a", 60, 100), BYTES[60:]) == 100
    assert content(spool, 7) == BYTES
    assert [path.stat().st_mode & 0o777 for path in spool.directory.glob("7-*")] == [0o600]


def test_an_empty_file(spool: Spool) -> None:
    for _ in range(2):
        assert spool.put(7, Piece("a", 0, 0), b"") == 0
        assert content(spool, 7) == b""


def test_a_doubled_piece_is_a_success_and_a_gap_is_told(spool: Spool) -> None:
    for _ in range(2):
        assert spool.put(7, Piece("a", 0, 100), BYTES[:60]) == 60
    for offset, length in ((61, 10), (30, 10), (0, 30), (90, 10), (60, 41)):
        with pytest.raises(Misplaced) as told:
            spool.put(7, Piece("a", offset, 100), b"x" * length)
        assert told.value.have == 60
    for _ in range(2):
        assert spool.put(7, Piece("a", 60, 100), BYTES[60:]) == 100
    assert content(spool, 7) == BYTES


def test_a_new_try_begins_anew_and_the_old_one_is_over(spool: Spool) -> None:
    spool.put(7, Piece("a", 0, 100), BYTES[:60])
    with pytest.raises(Misplaced) as told:
        spool.put(7, Piece("b", 60, 100), BYTES[60:])
    assert told.value.have == 0
    bring(spool, 7, b"another and longer" * 10, run="b")
    with pytest.raises(Misplaced):
        spool.put(7, Piece("a", 60, 100), BYTES[60:])
    assert content(spool, 7) == b"another and longer" * 10
    assert len(spool.files()) == 1


def test_whoever_asked_for_nothing_more_is_forgotten(spool: Spool) -> None:
    for number in (1, 2, 3):
        bring(spool, number)
    spool.put(4, Piece("a", 0, 100), BYTES[:60])
    (spool.directory / "README").write_text("not ours")
    spool.forget_others([2, 9])
    assert [one.number for one in spool.files()] == [2]
    assert (spool.directory / "README").exists()
    Spool(spool.directory / "none", 1, 1).forget_others([])


def test_more_than_the_spool_may_hold_is_refused_before_a_byte_is_kept(spool: Spool) -> None:
    with pytest.raises(NoRoom, match=r"1001 bytes.*log_spool_bytes"):
        spool.put(7, Piece("a", 0, 1001), BYTES)
    bring(spool, 1, b"x" * 600, step=600)
    with pytest.raises(NoRoom, match="other log files take 600"):
        spool.put(7, Piece("a", 0, 401), BYTES)
    assert spool.put(7, Piece("a", 0, 400), BYTES) == 100
    assert len(spool.files()) == 2


def test_files_that_had_their_time_make_way_the_oldest_first_but_none_that_is_on_its_way(spool: Spool) -> None:
    for number, old in ((1, 3), (2, 2), (3, 1)):
        bring(spool, number, b"x" * 300, step=300)
        age(spool, number, RESTS_SECONDS + old)
    spool.put(4, Piece("a", 0, 100), BYTES[:10])
    age(spool, 4, 10 * RESTS_SECONDS)
    spool.put(5, Piece("a", 0, 500), BYTES)
    assert sorted(one.number for one in spool.files()) == [3, 4, 5]


def test_room_on_the_disk_is_looked_at_before_every_piece(tmp_path: Path) -> None:
    free = os.statvfs(tmp_path)
    spool = Spool(tmp_path / "logs", 2**62, free.f_bavail * free.f_frsize + 2**30)
    with pytest.raises(NoRoom, match="keep_free_bytes"):
        spool.put(7, Piece("a", 0, 100), BYTES)
    assert spool.files() == []


def test_a_full_disk_leaves_only_whole_pieces(small_disk: Path) -> None:
    spool = Spool(small_disk / "logs", 2**40, -(2**20))  # it looks as if there were room
    data = random.Random(2).randbytes(200_000)
    spool.put(7, Piece("a", 0, 230_000), data)
    (small_disk / "others").write_bytes(b"x" * 30_000)  # somebody else was quicker
    with pytest.raises(NoRoom):
        spool.put(7, Piece("a", 200_000, 230_000), b"y" * 30_000)
    found = spool.find(7)
    assert found is not None and found.path.read_bytes() == data
    (small_disk / "others").unlink()
    assert spool.put(7, Piece("a", 200_000, 230_000), b"y" * 30_000) == 230_000


def test_several_at_once(spool: Spool) -> None:
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda number: bring(spool, number, step=3), range(10)))
    assert all(content(spool, number) == BYTES for number in range(10))


def test_the_same_piece_from_two_threads_is_taken_once(spool: Spool) -> None:
    with ThreadPoolExecutor(8) as threads:
        for begin in range(0, 100, 10):
            place = Piece("a", begin, 100)
            reached = list(
                threads.map(lambda _, at=begin, where=place: spool.put(7, where, BYTES[at : at + 10]), range(8))
            )
            assert reached == [begin + 10] * 8
    assert content(spool, 7) == BYTES
