"""Logs: what is listed, what is read, and what is not."""

import os
import time
from pathlib import Path

import pytest

from minos_worker import logs
from minos_worker.logs import BadLogName


def places(folder: Path) -> dict[str, Path]:
    (folder / "l").mkdir(exist_ok=True)
    return {"log": folder / "l"}


def test_pieces_follow_each_other_without_cutting_characters(tmp_path: Path) -> None:
    where = places(tmp_path)
    text = "".join(f"zeile {n} äöü€😀\n" for n in range(200))
    (where["log"] / "a.log").write_text(text)
    got, offset = "", 0
    for limit in [7, 11, 13, 64] * 1000:
        piece = logs.read(where, "log/a.log", offset, limit)
        if piece.next_offset == piece.offset:
            break
        got, offset = got + piece.text, piece.next_offset
    assert got == text


def test_the_end_does_not_begin_in_the_middle_of_a_character(tmp_path: Path) -> None:
    where = places(tmp_path)
    (where["log"] / "a.log").write_text("ä" * 100)
    piece = logs.read(where, "log/a.log", None, 21)
    assert piece.text == "ä" * 10 and piece.next_offset == piece.size == 200


def test_bytes_that_are_no_text_are_shown_as_such(tmp_path: Path) -> None:
    where = places(tmp_path)
    (where["log"] / "a.log").write_bytes(bytes(range(256)) * 10)
    assert "�" in logs.read(where, "log/a.log", 0, 4096).text
    assert logs.read(where, "log/a.log", None, 300).size == 2560


def test_a_huge_file_opens_at_its_end_at_once(tmp_path: Path) -> None:
    where = places(tmp_path)
    with (where["log"] / "huge.log").open("wb") as file:
        file.truncate(20 * 2**30)
        file.seek(0, os.SEEK_END)
        file.write(b"the end\n")
    begin = time.monotonic()
    assert logs.read(where, "log/huge.log", None, 8).text == "the end\n"
    assert time.monotonic() - begin < 0.1


def test_offsets_and_limits_beyond_what_there_is(tmp_path: Path) -> None:
    where = places(tmp_path)
    (where["log"] / "a.log").write_text("abc")
    assert logs.read(where, "log/a.log", 100, 10)[:3] == (100, 100, 3)
    assert logs.read(where, "log/a.log", -5, 10**9).text == "abc"


def test_files_in_subdirectories_are_listed_and_read_newest_first(tmp_path: Path) -> None:
    where = places(tmp_path)
    (where["log"] / "sub").mkdir()
    (where["log"] / "old.log").write_text("o")
    os.utime(where["log"] / "old.log", (1, 1))
    (where["log"] / "sub/new.log").write_text("n")
    (where["log"] / ".hidden").write_text("h")
    assert [file.name for file in logs.listing(where)] == ["log/sub/new.log", "log/old.log"]
    assert logs.read(where, "log/sub/new.log", 0, 10).text == "n"


@pytest.mark.parametrize(
    "name",
    [
        "",
        "log",
        "log/",
        "x/a",
        "log/../a",
        "log/..",
        "log//a",
        "/log/a",
        "log/.",
        "log/a\0b",
        "../l/a",
        "log/fifo",
        "log/dir",
    ],
)
def test_names_that_are_none(tmp_path: Path, name: str) -> None:
    where = places(tmp_path)
    os.mkfifo(where["log"] / "fifo")
    (where["log"] / "dir").mkdir()
    (tmp_path / "a").write_text("secret")
    with pytest.raises((BadLogName, OSError)):
        logs.read(where, name, 0, 10)


def test_links_are_neither_listed_nor_followed(tmp_path: Path) -> None:
    where = places(tmp_path)
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret/a").write_text("secret")
    (where["log"] / "file").symlink_to(tmp_path / "secret/a")
    (where["log"] / "dir").symlink_to(tmp_path / "secret")
    assert logs.listing(where) == []
    for name in ("log/file", "log/dir/a"):
        with pytest.raises(OSError):
            logs.read(where, name, 0, 10)


def test_last_lines(tmp_path: Path) -> None:
    path = tmp_path / "out"
    path.write_text("".join(f"{n}\n" for n in range(100)) + "x" * 5000)
    lines = logs.last_lines(path, 3)
    assert lines[:2] == ["98", "99"] and len(lines[2]) == logs.LONGEST_LINE
    assert logs.last_lines(tmp_path / "none", 3) == []
