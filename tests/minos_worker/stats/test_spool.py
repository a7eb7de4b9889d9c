"""Batches on disk: their order over restarts, bounds of bytes and age, what is broken."""

from pathlib import Path

import pytest

from minos_common.words import SampleGroup, Samples
from minos_worker.stats.batch import Batch
from minos_worker.stats.spool import Spool

BOOT = "0b5e1a2c-1111-2222-3333-444444444444"
EARLIER = "ffffffff-1111-2222-3333-444444444444"


def batch(number: int, clock: float | None = None, boot_id: str = BOOT) -> Batch:
    figures = {f"host.figure{index}": index * 1.5 for index in range(50)}
    return Batch(Samples(f"b{number}", [SampleGroup(1e9 + number, figures)]), 1e9, clock or float(number), boot_id)


def spool(folder: Path, most_bytes: int = 10**6, most_seconds: float = 1e6, boot_id: str = BOOT) -> Spool:
    opened = Spool(folder / "samples", most_bytes, most_seconds, boot_id)
    opened.open()
    return opened


def ids(batches: list[Batch]) -> list[str]:
    return [one.batch_id for one in batches]


def test_what_one_worker_kept_the_next_one_reads_in_order_and_forgets(tmp_path: Path) -> None:
    first = spool(tmp_path)
    for number in range(1, 13):
        first.add(batch(number), 20.0)
    second = spool(tmp_path)
    assert len(second) == 12
    second.add(batch(13), 20.0)
    found = second.read(5) + second.read(100)
    assert found == [batch(number) for number in range(1, 14)]
    second.forget([*ids(found[:12]), "never seen"])
    assert ids(spool(tmp_path).read(100)) == ["b13"]


def test_the_period_is_known_to_the_next_worker(tmp_path: Path) -> None:
    first = spool(tmp_path)
    assert first.period() is None
    first.keep_period(2.5)
    assert spool(tmp_path).period() == 2.5
    for odd in ("", "x", "0", "-1", "nan", "1e9"):
        (tmp_path / "samples" / "period").write_text(odd)
        assert spool(tmp_path).period() is None


def test_the_same_batch_is_kept_once(tmp_path: Path) -> None:
    kept = spool(tmp_path)
    kept.add(batch(1), 1.0)
    kept.add(batch(1), 1.0)
    assert ids(spool(tmp_path).read(9)) == ["b1"]


def test_the_oldest_make_room_when_there_are_too_many_bytes(tmp_path: Path) -> None:
    whole = spool(tmp_path)
    whole.add(batch(1), 1.0)
    size = next((tmp_path / "samples").iterdir()).stat().st_size
    small = spool(tmp_path, most_bytes=size * 4)
    for number in range(2, 11):
        small.add(batch(number), 1.0)
    assert ids(small.read(100)) == ["b7", "b8", "b9", "b10"] or len(small) == 3
    assert small.dropped == 10 - len(small)


@pytest.mark.parametrize(
    ("batches", "clock", "left"),
    [
        ([batch(1, 100.0), batch(2, 4000.0)], 3690.0, ["b1", "b2"]),
        ([batch(1, 100.0), batch(2, 4000.0)], 3710.0, ["b2"]),
        ([batch(1, 999999.0, EARLIER)], 3590.0, ["b1"]),  # before this boot: its age counts from there
        ([batch(1, 5.0, EARLIER)], 3610.0, []),
    ],
)
def test_what_is_too_old_goes(tmp_path: Path, batches: list[Batch], clock: float, left: list[str]) -> None:
    kept = spool(tmp_path)
    for one in batches:
        kept.add(one, 0.0)
    kept = spool(tmp_path, most_seconds=3600.0)
    kept.add(batch(9), clock)
    assert ids(kept.read(100)) == [*left, "b9"]
    assert kept.dropped == len(batches) - len(left)


def test_broken_files_are_dropped_and_strange_ones_left(tmp_path: Path) -> None:
    kept = spool(tmp_path)
    for number in (1, 2, 3):
        kept.add(batch(number), 1.0)
    first, second, _ = sorted((tmp_path / "samples").iterdir())
    first.write_bytes(first.read_bytes()[:20])
    second.write_bytes(b"not compressed")
    (tmp_path / "samples" / "README").write_text("mine")
    (tmp_path / "samples" / ".x.batch.1234.new").write_text("half")
    again = spool(tmp_path)
    assert (ids(again.read(100)), again.dropped) == (["b3"], 2)
    assert not first.exists() and sorted(path.name for path in (tmp_path / "samples").iterdir())[-1] == "README"
    assert not (tmp_path / "samples" / ".x.batch.1234.new").exists()


def test_a_disk_that_takes_nothing_is_told(tmp_path: Path) -> None:
    kept = spool(tmp_path)
    (tmp_path / "samples").rmdir()
    with pytest.raises(OSError, match="samples"):
        kept.add(batch(1), 1.0)
    assert len(kept) == 0


def test_a_name_that_is_no_name_makes_no_file(tmp_path: Path) -> None:
    kept = spool(tmp_path)
    bad = batch(1)
    bad.samples.batch_id = "../../etc/cron"
    with pytest.raises(ValueError, match="cannot be kept"):
        kept.add(bad, 1.0)
    assert not list((tmp_path / "samples").iterdir())
