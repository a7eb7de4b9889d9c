"""Output that is rotated and cleared while somebody reads it and somebody writes it."""

import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from minos_worker.keeper import outputs as room
from minos_worker.keeper.outputs import Outputs, Reader, WasCut

LIMIT = 100_000


@pytest.fixture
def outputs() -> Outputs:
    return Outputs()


@pytest.fixture
def output(tmp_path: Path) -> Path:
    path = tmp_path / "zk_20260101-000000.out"
    path.write_bytes(random.Random(1).randbytes(3 * LIMIT))
    return path


@pytest.fixture
def handle(output: Path) -> Iterator[int]:
    opened = os.open(output, os.O_RDONLY)
    yield opened
    os.close(opened)


def rest_of(reader: Reader, offset: int) -> bytes:
    found = b""
    while piece := reader.read(offset + len(found), 7777):
        found += piece
    return found


def descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def append(path: Path, data: bytes) -> None:
    with path.open("ab") as file:
        file.write(data)


def rename_away(path: Path) -> None:
    path.rename(path.with_name("away"))
    path.write_bytes(b"another one")


@pytest.mark.parametrize("change", [lambda path: append(path, b"more" * LIMIT), rename_away, Path.unlink])
def test_a_file_is_read_as_it_was_when_it_was_opened(
    outputs: Outputs, output: Path, handle: int, change: object
) -> None:
    before = output.read_bytes()
    with outputs.reading(handle) as reader:
        begin = reader.read(0, 1000)
        change(output)  # type: ignore[operator]
        assert begin + rest_of(reader, 1000) == before


@pytest.mark.parametrize("small_disk_too", [False, True])
def test_rotation_takes_nothing_from_who_reads(
    outputs: Outputs, output: Path, request: pytest.FixtureRequest, small_disk_too: bool
) -> None:
    """Several times while it is read, on file systems that can and cannot cut off heads."""
    if small_disk_too:
        output = request.getfixturevalue("small_disk") / "out"
        output.write_bytes(random.Random(2).randbytes(LIMIT // 2))
    before, limit = output.read_bytes(), output.stat().st_size // 3
    handle = os.open(output, os.O_RDONLY)
    with outputs.reading(handle) as reader:
        found = reader.read(0, limit // 2)
        for _ in range(4):
            append(output, b"later\n" * (limit // 5))
            assert outputs.rotate(output, limit, 2)
            found += reader.read(len(found), limit // 3)
        found += rest_of(reader, len(found))
    os.close(handle)
    assert found == before


def test_who_opens_it_after_a_rotation_reads_what_is_left(outputs: Outputs, output: Path) -> None:
    assert outputs.rotate(output, LIMIT, 2)
    left = output.read_bytes()
    handle = os.open(output, os.O_RDONLY)
    with outputs.reading(handle) as reader:
        assert rest_of(reader, 0) == left
    os.close(handle)


def test_copies_are_closed_with_their_reader(outputs: Outputs, output: Path, handle: int) -> None:
    before = descriptors()
    with outputs.reading(handle):
        for _ in range(3):
            append(output, b"x" * 2 * LIMIT)
            outputs.rotate(output, LIMIT, 3)
        assert descriptors() == before + 3
    assert descriptors() == before


@pytest.mark.parametrize("again", [b"", b"new" * LIMIT * 2])
def test_a_reader_is_told_when_it_was_cleared(
    outputs: Outputs, output: Path, handle: int, tmp_path: Path, again: bytes
) -> None:
    """Also when as much has been written again."""
    with outputs.reading(handle) as reader:
        reader.read(0, 1000)
        outputs.clear(tmp_path, lambda path: False)
        append(output, again)
        with pytest.raises(WasCut, match="cleared"):
            reader.read(1000, 1000)


def test_a_reader_is_told_when_somebody_else_cut_it(outputs: Outputs, output: Path, handle: int) -> None:
    with outputs.reading(handle) as reader:
        reader.read(0, 1000)
        os.truncate(output, 5000)
        with pytest.raises(WasCut, match="somebody else"):
            reader.read(1000, 1000)


def test_clearing_empties_what_is_written_to_and_deletes_the_rest(
    outputs: Outputs, output: Path, tmp_path: Path
) -> None:
    for name in (f"{output.name}.1", f"{output.name}.12", "zk_20250101-000000.out", ".half.new"):
        (tmp_path / name).write_bytes(b"old")
    writer = os.open(output, os.O_WRONLY | os.O_APPEND)
    freed = outputs.clear(tmp_path, lambda path: path != str(output))
    os.write(writer, b"the first line\n")
    os.close(writer)
    assert freed == (4, 3 * LIMIT + 9)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".half.new", output.name]
    assert output.read_bytes() == b"the first line\n"
    assert outputs.clear(tmp_path, lambda path: path != str(output))[0] == 1
    assert outputs.clear(tmp_path, lambda path: path != str(output)) == (0, 0)
    assert outputs.clear(tmp_path / "none", lambda path: True) == (0, 0)


def test_clearing_follows_no_link(outputs: Outputs, tmp_path: Path) -> None:
    (tmp_path / "stdout").mkdir()
    (tmp_path / "precious").write_text("x")
    (tmp_path / "stdout" / "a.out").symlink_to(tmp_path / "precious")
    os.mkfifo(tmp_path / "stdout" / "b.out")
    assert outputs.clear(tmp_path / "stdout", lambda path: False) == (0, 0)
    assert (tmp_path / "precious").read_text() == "x"


def test_cuts_are_remembered_but_not_for_ever(
    outputs: Outputs, output: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "MOST_REMEMBERED", 3)
    info = output.stat()
    file = (info.st_dev, info.st_ino)
    assert outputs.cut(file) is None
    outputs.rotate(output, LIMIT, 2)
    rotated = outputs.cut(file)
    assert rotated is not None and not rotated.cleared
    outputs.clear(tmp_path, lambda path: False)
    cleared = outputs.cut(file)
    assert cleared is not None and cleared.cleared and cleared.at >= rotated.at
    for number in range(3):
        (tmp_path / f"{number}.out").write_text("x")
    outputs.clear(tmp_path, lambda path: False)
    assert outputs.cut(file) is None
