"""Rotation of output that a process goes on writing."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from minos_worker import rotation


def cuts_heads(folder: Path) -> bool:
    """Whether the file system of the tests can cut off the head of a file."""
    path = folder / "probe"
    path.write_bytes(b"x" * 20_000)
    rotation.rotate(path, 4096, 1)
    left = path.stat().st_size
    path.unlink()
    (folder / "probe.1").unlink()
    return left > 0


def test_small_files_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "o").write_bytes(b"x" * 1000)
    assert not rotation.rotate(tmp_path / "o", 1000, 3)


def test_old_files_move_up_and_the_oldest_goes(tmp_path: Path) -> None:
    path = tmp_path / "o"
    for number in range(5):
        path.write_bytes(bytes([65 + number]) * 5000)
        assert rotation.rotate(path, 4096, 3)
    names = sorted(found.name for found in tmp_path.iterdir())
    assert names == ["o", "o.1", "o.2", "o.3"]
    assert (tmp_path / "o.1").read_bytes()[-1:] == b"E"
    assert path.stat().st_size < 4096


def test_nothing_a_running_process_writes_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "o"
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    count = 200_000
    writer = subprocess.Popen(
        [sys.executable, "-c", f"import os\nfor n in range({count}): os.write(1, b'%07d\\n' % n)"], stdout=handle
    )
    os.close(handle)
    rotated = 0
    while writer.poll() is None:
        if path.stat().st_size > 20_000 and rotation.rotate(path, 20_000, 1000):
            rotated += 1
        time.sleep(0.005)
    pieces = sorted(tmp_path.glob("o.*"), key=lambda found: -int(found.suffix[1:]))
    lines = b"".join(piece.read_bytes() for piece in [*pieces, path]).split()
    assert rotated >= 3
    lost = set(range(count)) - {int(line) for line in lines if line.isdigit() and len(line) == 7}
    if not cuts_heads(tmp_path):
        assert len(lost) < count * 0.005
    else:
        assert not lost and [int(line) for line in lines] == list(range(count))


def test_the_limit_holds_on_file_systems_that_cannot_cut_off_heads(small_disk: Path) -> None:
    path = small_disk / "o"
    path.write_bytes(b"x" * 10_000)
    assert rotation.rotate(path, 5000, 2)
    assert path.stat().st_size == 0 and (small_disk / "o.1").stat().st_size == 10_000


def test_purge_keeps_the_newest(tmp_path: Path) -> None:
    for number in range(6):
        (tmp_path / f"o{number}").write_text("x")
        os.utime(tmp_path / f"o{number}", (number, number))
    (tmp_path / "link").symlink_to("o5")
    rotation.purge(tmp_path, tmp_path / "o0", 2)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link", "o0", "o4", "o5"]


@pytest.mark.parametrize("keep", [1, 5])
def test_rotation_of_a_missing_file_is_an_error_of_the_system(tmp_path: Path, keep: int) -> None:
    with pytest.raises(FileNotFoundError):
        rotation.rotate(tmp_path / "none", 4096, keep)
