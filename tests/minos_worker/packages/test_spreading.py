"""Packages that come in blocks, over real HTTP: from the console, from other hosts, from what lies here; and all that breaks."""

import hashlib
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from minos_common import bits
from minos_common.archives.blocks import Block, Manifest, Member, decoded, encoded
from minos_common.archives.entries import BadArchive
from minos_common.verbs import PackageSource, SpreadPeer
from minos_worker.packages.asking import NoBlocks
from minos_worker.packages.block_file import BlockFile
from minos_worker.packages.fetch import FetchFailed
from minos_worker.packages.pace import Pace
from minos_worker.packages.serving import PeerServer
from minos_worker.packages.shelf import Shelf
from minos_worker.packages.spreading import Exchange, fetch_blocks
from minos_worker.packages.unpack import unpack, unpack_blocks
from tests.minos_worker.packages.spread_console import SpreadConsole, made, random_files


class Job:
    """A command that never ends by itself and waits for nothing."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def check(self) -> None:
        pass

    def progress(self, message: str, fraction: float | None = None) -> None:
        self.said.append(message)

    def wait(self, seconds: float) -> None:
        pass


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Manifest]:
    return made(tmp_path_factory.mktemp("package"), random_files(1))


@pytest.fixture
def console(package: tuple[Path, Path, Manifest]) -> Iterator[SpreadConsole]:
    it = SpreadConsole(package[1].read_bytes(), package[2])
    yield it
    it.close()


def get(console: SpreadConsole, folder: Path, exchange: Exchange | None = None, job: Job | None = None) -> BlockFile:
    folder.mkdir(exist_ok=True)
    return fetch_blocks(
        console.source(), folder / ".a.part", folder / ".a.manifest", exchange or Exchange(Shelf(folder)), job or Job()
    )


@contextmanager
def peer(file: BlockFile, sha256: str, pace: int = 0) -> Iterator[str]:
    """Another host that has what is in ``file``; its address."""
    shelf = Shelf(file.path.parent)
    shelf.put(sha256, file)
    server = PeerServer("127.0.0.1", 0, shelf, Pace(pace))
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.port}/blocks/"
    server.shutdown()
    server.server_close()


def whole(package: tuple[Path, Path, Manifest], folder: Path) -> BlockFile:
    """The block file of another host."""
    folder.mkdir()
    file = BlockFile(folder / "blocks", package[2])
    file.path.write_bytes(package[1].read_bytes())
    file.have = bits.full(file.count)
    return file


def tree(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {
        path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mode)
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_blocks_unpack_to_what_the_archive_unpacks_to(
    console: SpreadConsole, package: tuple[Path, Path, Manifest], tmp_path: Path
) -> None:
    file = get(console, tmp_path / "host")
    unpack(package[0], tmp_path / "one", lambda _: None)
    unpack_blocks(file.path, file.path.with_suffix(".manifest"), tmp_path / "two", lambda _: None)
    assert tree(tmp_path / "one") == tree(tmp_path / "two") != {}
    assert console.told[-1].from_console == len(console.blocks) == sum(end - begin for begin, end in console.given)


def test_what_another_host_has_is_not_asked_of_the_console(
    console: SpreadConsole, package: tuple[Path, Path, Manifest], tmp_path: Path
) -> None:
    other = whole(package, tmp_path / "other")
    with peer(other, console.sha256) as url:
        console.grants = lambda told: 0
        console.peers = lambda told: [SpreadPeer(7, url, bits.to_bytes(other.have, other.count))]
        job = Job()
        file = get(console, tmp_path / "host", job=job)
    assert file.path.read_bytes() == console.blocks and console.given == []
    assert console.told[-1].from_hosts == len(console.blocks)
    assert any("from 1 other host" in text for text in job.said)


@pytest.mark.parametrize("how", ["dead", "lies", "knows nothing"])
def test_a_host_that_is_of_no_use_is_told_and_done_without(
    how: str, console: SpreadConsole, package: tuple[Path, Path, Manifest], tmp_path: Path
) -> None:
    other = whole(package, tmp_path / "other")
    if how == "lies":
        other.path.write_bytes(bytes(other.size))
    with peer(other, "0" * 64 if how == "knows nothing" else console.sha256) as living:
        url = "http://127.0.0.1:9/blocks/" if how == "dead" else living
        console.peers = lambda told: [SpreadPeer(7, url, bits.to_bytes(other.have, other.count))]
        console.grants = lambda told: bits.full(console.count) if 7 in told.unreachable else 0
        file = get(console, tmp_path / "host")
    assert file.path.read_bytes() == console.blocks
    assert console.told[-1].from_console == len(console.blocks)


def test_blocks_of_the_package_before_are_used_again(
    console: SpreadConsole, package: tuple[Path, Path, Manifest], tmp_path: Path
) -> None:
    exchange = Exchange(Shelf(tmp_path))
    get(console, tmp_path / "host", exchange)
    changed = {**random_files(1), "lib/f-2": b"changed", "lib/f-3": os.urandom(300_000)}
    _archive, blocks, manifest = made(tmp_path, changed, "a-2.tar")
    next_console = SpreadConsole(blocks.read_bytes(), manifest)
    try:
        file = get(next_console, tmp_path / "next", exchange)
    finally:
        next_console.close()
    assert file.path.read_bytes() == blocks.read_bytes()
    told = next_console.told[-1]
    assert told.from_own > 0.9 * len(next_console.blocks) and told.from_console < 600_000


def test_what_lies_on_the_disk_is_found_by_the_next_worker(
    console: SpreadConsole, package: tuple[Path, Path, Manifest], tmp_path: Path
) -> None:
    folder = tmp_path / "zookeeper" / "dptst" / "r1-20260101-000000"
    folder.mkdir(parents=True)
    (folder / ".a.tar.manifest").write_bytes(console.manifest)
    (folder / ".a.tar.blocks").write_bytes(console.blocks)
    (folder / ".b.tar.manifest").write_bytes(b"\x93\x01")  # a broken disk must not keep a worker from its work
    (folder / ".b.tar.blocks").write_bytes(b"")
    shelf = Shelf(tmp_path)
    found = shelf.find(console.sha256)
    assert found is not None and not found.missing and len(shelf.owned()) == console.count
    found.path.unlink()
    assert shelf.find(console.sha256) is None


def test_a_try_that_was_killed_is_gone_on_from(console: SpreadConsole, tmp_path: Path) -> None:
    console.grants = lambda told: 0b111

    class Killed(Exception):
        pass

    class Dying(Job):
        def wait(self, seconds: float) -> None:
            raise Killed

    with pytest.raises(Killed):
        get(console, tmp_path / "host", job=Dying())
    console.given.clear()
    console.grants = lambda told: bits.full(console.count)
    file = get(console, tmp_path / "host")
    first = file.offsets[3]
    assert file.path.read_bytes() == console.blocks and min(console.given)[0] == first


@pytest.mark.parametrize("gone", ["manifest", "blocks", "spread"])
def test_a_console_without_blocks_is_told_from_one_that_is_down(
    gone: str, console: SpreadConsole, tmp_path: Path
) -> None:
    console.gone = {gone}
    with pytest.raises(NoBlocks, match="404"):
        get(console, tmp_path / "host")


def test_wrong_bytes_of_the_console_are_no_blocks(console: SpreadConsole, tmp_path: Path) -> None:
    console.spoil = lambda data: bytes(len(data))
    with pytest.raises(NoBlocks, match="wrong bytes"):
        get(console, tmp_path / "host")


def test_a_manifest_that_was_not_announced_is_refused(console: SpreadConsole, tmp_path: Path) -> None:
    source = console.source()
    console.manifest = console.manifest[:-1] + b"x"
    with pytest.raises(FetchFailed, match="announced"):
        fetch_blocks(source, tmp_path / "part", tmp_path / "list", Exchange(Shelf(tmp_path)), Job())


def test_a_console_that_stays_away_is_given_up(console: SpreadConsole, tmp_path: Path) -> None:
    console.statuses = [503] * 100
    with pytest.raises(FetchFailed, match="503"):
        get(console, tmp_path / "host")
    assert len(console.statuses) == 92


def test_where_no_block_comes_for_long_the_rest_is_not_waited_for(
    console: SpreadConsole, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("minos_worker.packages.spreading.STALL_SECONDS", 0.3)
    console.grants, console.again = lambda told: 0, 0.05
    with pytest.raises(NoBlocks, match="no block came"):
        get(console, tmp_path / "host")


def test_a_stranger_s_ticket_is_refused(console: SpreadConsole, tmp_path: Path) -> None:
    source = console.source()
    stolen = PackageSource(source.package, source.size, source.url, "stolen", source.blocks)
    with pytest.raises(FetchFailed, match="ticket is not accepted"):
        fetch_blocks(stolen, tmp_path / "part", tmp_path / "list", Exchange(Shelf(tmp_path)), Job())


def test_a_full_disk_is_known_before_a_byte_comes(console: SpreadConsole, small_disk: Path) -> None:
    with pytest.raises(OSError, match="No space left"):
        fetch_blocks(console.source(), small_disk / "part", small_disk / "list", Exchange(Shelf(small_disk)), Job())
    assert console.given == []


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cuts=st.lists(st.integers(0, 4_000_000), max_size=8),
    statuses=st.lists(st.sampled_from([500, 502, 503, 408]), max_size=4),
    there=st.integers(0, 2**64),
    damage=st.lists(st.integers(0, 2**32), max_size=5),
)
def test_wherever_it_breaks_the_right_bytes_are_there_in_the_end(
    package: tuple[Path, Path, Manifest],
    tmp_path_factory: pytest.TempPathFactory,
    cuts: list[int],
    statuses: list[int],
    there: int,
    damage: list[int],
) -> None:
    folder = tmp_path_factory.mktemp("host")
    console = SpreadConsole(package[1].read_bytes(), package[2])
    other = whole(package, folder / "other")
    other.have &= there
    console.cuts, console.statuses = list(cuts), list(statuses)
    console.again = 0.01
    part = bytearray(console.blocks)  # an earlier try, with damage in it
    for at in damage:
        part[at % len(part)] ^= 0xFF
    (folder / ".a.part").write_bytes(part if damage else b"")
    try:
        with peer(other, console.sha256) as url:
            console.peers = lambda told: [SpreadPeer(7, url, bits.to_bytes(other.have, other.count))]
            file = get(console, folder)
    finally:
        console.close()
    assert hashlib.sha256(file.path.read_bytes()).digest() == hashlib.sha256(console.blocks).digest()


@pytest.mark.parametrize(
    ("path", "span", "code"),
    [
        ("/blocks/{}", "bytes=0-99", 206),
        ("/blocks/{}", None, 404),
        ("/blocks/{}", "bytes=0-", 404),
        ("/blocks/{}", "bytes=5-4", 416),
        ("/blocks/{}", "bytes=0-999999999", 416),
        ("/blocks/" + "0" * 64, "bytes=0-99", 404),
        ("/../etc/passwd", "bytes=0-9", 404),
        ("/", "bytes=0-9", 404),
    ],
)
def test_a_host_gives_bytes_of_blocks_and_nothing_else(
    console: SpreadConsole, package: tuple[Path, Path, Manifest], tmp_path: Path, path: str, span: str | None, code: int
) -> None:
    with peer(whole(package, tmp_path / "other"), console.sha256) as url:
        headers = {"Range": span} if span else {}
        answer = requests.get(url.removesuffix("/blocks/") + path.format(console.sha256), headers=headers, timeout=5)
    assert answer.status_code == code
    assert answer.content == (console.blocks[:100] if code == 206 else b"")


def test_what_has_not_come_yet_is_not_given(
    console: SpreadConsole, package: tuple[Path, Path, Manifest], tmp_path: Path
) -> None:
    other = whole(package, tmp_path / "other")
    other.have = 0b101
    ends = other.offsets
    with peer(other, console.sha256) as url:
        codes = [
            requests.get(f"{url}{console.sha256}", headers={"Range": f"bytes={a}-{b - 1}"}, timeout=5).status_code
            for a, b in ((ends[0], ends[1]), (ends[1], ends[2]), (ends[2], ends[3]), (ends[0], ends[3]))
        ]
    assert codes == [206, 416, 206, 416]


def manifest(**changes: Any) -> Manifest:
    values = {
        "format": 1,
        "sha256": "0" * 64,
        "archive_size": 10,
        "members": [Member(b"a", "file", 3)],
        "blocks": [Block(hashlib.sha256(b"abc").digest(), 3, 3)],
        **changes,
    }
    return Manifest(**values)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"format": 2}, "format 2"),
        ({"blocks": [Block(b"short", 3, 3)]}, "cannot be"),
        ({"blocks": [Block(bytes(32), 3, 2**30)]}, "cannot be"),
        ({"blocks": [Block(bytes(32), -1, 3)]}, "cannot be"),
        ({"blocks": [Block(bytes(32), 0, 3)]}, "cannot be"),
    ],
)
def test_hostile_manifests_are_refused(changes: dict[str, Any], words: str) -> None:
    data = encoded(manifest(**changes))
    with pytest.raises(BadArchive, match=words):
        decoded(data, hashlib.sha256(data).hexdigest())


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ([Member(b"../a", "file", 3)], "upwards"),
        ([Member(b"/a", "file", 3)], "absolute"),
        ([Member(b"a", "file", 4)], "ends before"),
        ([Member(b"a", "symlink", 0, False, b"../../etc")], "lead out"),
        ([Member(b"a", "file", 3), Member(b"a", "file", 0)], "twice"),
        ([], "empty"),
    ],
)
def test_blocks_are_unpacked_with_the_same_doubt_as_archives(
    tmp_path: Path, package: tuple[Path, Path, Manifest], members: list[Member], words: str
) -> None:
    _archive, blocks, listed = made(tmp_path, {"x": b"abc"})
    (tmp_path / "m").write_bytes(encoded(manifest(members=members, blocks=listed.blocks)))
    with pytest.raises(BadArchive, match=words):
        unpack_blocks(blocks, tmp_path / "m", tmp_path / "out", lambda _: None)
