"""Search in logs, from the end backwards."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from minos_common.wire import MAX_MESSAGE
from minos_worker import log_search
from minos_worker.log_search import search
from minos_worker.logs import BadLogName


def places(folder: Path, text: bytes) -> dict[str, Path]:
    (folder / "x.log").write_bytes(text)
    return {"log": folder}


def test_newest_first_with_places_and_any_case(tmp_path: Path) -> None:
    found = search(places(tmp_path, b"an Error\nfine\nERROR twice error\nlast"), "log/x.log", "error")
    assert [(match.offset, match.text) for match in found.matches] == [(14, "ERROR twice error"), (0, "an Error")]
    assert (found.before, found.size) == (0, 36)


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_it_goes_on_where_it_ended(tmp_path: Path, limit: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_search, "BLOCK", 40)
    lines = [f"line {number} {'hit' if number % 3 == 0 else 'miss'}" for number in range(30)]
    where = places(tmp_path, "\n".join(lines).encode())
    seen: list[str] = []
    before: int | None = None
    while before != 0:
        found = search(where, "log/x.log", "hit", before, limit)
        assert len(found.matches) <= limit
        seen += [match.text for match in found.matches]
        before = found.before
    assert seen == [line for line in reversed(lines) if "hit" in line]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text("abX\u00e9", max_size=30), max_size=30), st.text("abx", min_size=1, max_size=3))
def test_it_finds_what_a_plain_look_finds(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str], needle: str
) -> None:
    folder = tmp_path_factory.mktemp("log")
    found = search(places(folder, "\n".join(lines).encode()), "log/x.log", needle)
    assert [match.text for match in found.matches] == [line for line in reversed(lines) if needle in line.lower()]


def test_a_line_beyond_all_measure_is_shown_around_the_text(tmp_path: Path) -> None:
    text = b"a" * 3_000_000 + b"needle" + b"b" * 100
    found = search(places(tmp_path, text), "log/x.log", "needle")
    assert len(found.matches) == 1 and "needle" in found.matches[0].text and len(found.matches[0].text) <= 2000


def test_long_lines_come_in_portions_that_fit_into_a_message(tmp_path: Path) -> None:
    where = places(tmp_path, b"".join(b"hit %03d " % number + b"\xff" * 3000 + b"\n" for number in range(300)))
    seen: list[str] = []
    before: int | None = None
    while before != 0:
        found = search(where, "log/x.log", "hit", before, 500)
        assert sum(len(match.text.encode()) for match in found.matches) < MAX_MESSAGE - 64 * 1024
        seen += [match.text[:7] for match in found.matches]
        before = found.before
    assert seen == [f"hit {number:03}" for number in reversed(range(300))]


def test_its_time_may_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_search, "BLOCK", 100)
    turns = iter([True, True, False])
    found = search(places(tmp_path, b"nothing\n" * 100), "log/x.log", "hit", go_on=lambda: next(turns))
    assert not found.matches and 0 < found.before < found.size


def test_a_gigabyte_of_holes_costs_no_memory(tmp_path: Path) -> None:
    with (tmp_path / "x.log").open("wb") as file:
        file.seek(200_000_000)
        file.write(b"\nthe end\n")
    turns = iter([True] * 5 + [False])
    found = search({"log": tmp_path}, "log/x.log", "the end", go_on=lambda: next(turns))
    assert [match.text for match in found.matches] == ["the end"]


@pytest.mark.parametrize("text", ["", "a\nb", "x" * 501])
def test_texts_that_cannot_be_searched_for(tmp_path: Path, text: str) -> None:
    with pytest.raises(ValueError, match="can be searched for"):
        search(places(tmp_path, b""), "log/x.log", text)


def test_only_logs_of_the_task(tmp_path: Path) -> None:
    with pytest.raises(BadLogName):
        search({"log": tmp_path}, "log/../secret", "x")
