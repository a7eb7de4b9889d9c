"""Packages over real HTTP: breaks, wrong bytes, refusals."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from minos_worker.packages.fetch import FetchFailed, fetch
from tests.minos_worker.package_server import PackageServer

BODY = os.urandom(400_000)


@pytest.fixture
def server() -> Iterator[PackageServer]:
    it = PackageServer(BODY)
    yield it
    it.close()


def get(server: PackageServer, part: Path, **changes: object) -> None:
    fetch(server.source(**changes), part, lambda _have: None, lambda _seconds: None)


def test_a_package_comes_whole(server: PackageServer, tmp_path: Path) -> None:
    get(server, tmp_path / "p")
    assert (tmp_path / "p").read_bytes() == BODY


def test_every_break_is_gone_on_from_where_it_was(server: PackageServer, tmp_path: Path) -> None:
    server.cut_after = [70_000] * 5
    get(server, tmp_path / "p")
    assert (tmp_path / "p").read_bytes() == BODY
    assert server.asked[0] is None and server.asked[1:] == [f"bytes={70_000 * n}-" for n in range(1, 6)]


def test_what_a_crash_left_is_gone_on_from(server: PackageServer, tmp_path: Path) -> None:
    (tmp_path / "p").write_bytes(BODY[:123_456])
    get(server, tmp_path / "p")
    assert (tmp_path / "p").read_bytes() == BODY and server.asked == ["bytes=123456-"]


def test_a_server_without_ranges_begins_anew(server: PackageServer, tmp_path: Path) -> None:
    (tmp_path / "p").write_bytes(BODY[:123_456])
    server.ranges = False
    get(server, tmp_path / "p")
    assert (tmp_path / "p").read_bytes() == BODY


def test_a_console_that_restarts_is_waited_for(server: PackageServer, tmp_path: Path) -> None:
    server.statuses = [503, 502, 500]
    get(server, tmp_path / "p")
    assert (tmp_path / "p").read_bytes() == BODY


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"sha256": "0" * 64}, "SHA-256"),
        ({"size": len(BODY) - 1}, "announced"),
        ({"size": len(BODY) + 1}, "announced"),
        ({"ticket": "stolen"}, "ticket is not accepted"),
    ],
)
def test_what_does_not_fit_fails_and_leaves_nothing(
    server: PackageServer, tmp_path: Path, changes: dict[str, object], words: str
) -> None:
    with pytest.raises(FetchFailed, match=words):
        get(server, tmp_path / "p", **changes)
    assert list(tmp_path.iterdir()) == []


def test_more_bytes_than_announced_are_not_taken(server: PackageServer, tmp_path: Path) -> None:
    server.extra = b"x" * 100_000
    with pytest.raises(FetchFailed, match="more than"):
        get(server, tmp_path / "p")
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_beginning_is_found_by_the_checksum(server: PackageServer, tmp_path: Path) -> None:
    (tmp_path / "p").write_bytes(b"z" * 1000)
    with pytest.raises(FetchFailed, match="SHA-256"):
        get(server, tmp_path / "p")
    assert list(tmp_path.iterdir()) == []


def test_it_gives_up_in_the_end(server: PackageServer, tmp_path: Path) -> None:
    server.statuses = [503] * 20
    with pytest.raises(FetchFailed, match="503"):
        get(server, tmp_path / "p")
    assert len(server.asked) == 8


def test_other_addresses_than_http_are_refused(server: PackageServer, tmp_path: Path) -> None:
    source = server.source()
    odd = type(source)(source.package, source.size, "file:///etc/passwd", source.ticket)
    with pytest.raises(FetchFailed, match="neither http"):
        fetch(odd, tmp_path / "p", lambda _have: None, lambda _seconds: None)


def test_a_full_disk_is_told_as_such(server: PackageServer, small_disk: Path) -> None:
    with pytest.raises(FetchFailed, match="no space left"):
        get(server, small_disk / "p")
    assert list(small_disk.iterdir()) == []
