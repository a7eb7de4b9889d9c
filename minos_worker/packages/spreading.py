"""Fetches a package block by block: from this host's other packages, from other hosts, and what nobody has from the console."""

import contextlib
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import requests

from minos_common import bits
from minos_common.archives.blocks import Manifest, decoded
from minos_common.archives.entries import BadArchive
from minos_common.verbs import PackageSource, SpreadAnswer, SpreadPeer, SpreadTold
from minos_worker.packages.asking import Asking, Busy, NoAnswer, NoBlocks
from minos_worker.packages.block_file import BlockFile
from minos_worker.packages.fetch import FetchFailed
from minos_worker.packages.pace import Pace
from minos_worker.packages.shelf import Own, Shelf

TRIES = 8
"""Times in a row that the console may not answer while no block comes from anywhere."""
AVOIDED_SECONDS = 600.0
"""So long a host that gave nothing is not asked again."""
STALL_SECONDS = 180.0
"""When no block comes for so long, the whole package is fetched: a firewall may stand between the hosts."""
RUN_BYTES = 4 * 1024**2
"""Bytes that are asked for at once, unless one block has more."""
MOST_BLOCKS = 512


class Job(Protocol):
    """The command that it is done for; each may raise to end the work."""

    def check(self) -> None:
        """Is it time to stop?"""

    def progress(self, message: str, fraction: float | None = None) -> None:
        """Tell how far it is."""

    def wait(self, seconds: float) -> None:
        """Sleep."""


@dataclass
class Exchange:
    """What fetching shares on this host: its shelf, and its limit."""

    shelf: Shelf
    pace: Pace = field(default_factory=lambda: Pace(0))


def fetch_blocks(source: PackageSource, part: Path, listed: Path, exchange: Exchange, job: Job) -> BlockFile:
    """All blocks of ``source``, in the file ``part``, their list in the file ``listed``. What an earlier try left is used, and
    on failure what has come stays. Raises NoBlocks, FetchFailed, OSError, and what ``job`` raises.
    """
    assert source.blocks is not None
    with requests.Session() as session:
        session.trust_env = False  # a proxy of somebody's environment has no business here
        asking = Asking(session, source, exchange.pace)
        file = BlockFile(part, _manifest(asking, source, listed, job))
        file.open(job.check)
        owned = exchange.shelf.owned()  # before this file is among them
        exchange.shelf.put(source.blocks.manifest, file)
        _Fetching(asking, file, owned, job, source.package.name).run()
        return file


def _manifest(asking: Asking, source: PackageSource, path: Path, job: Job) -> Manifest:
    """From the file of an earlier try, or from the console."""
    assert source.blocks is not None
    with contextlib.suppress(OSError, BadArchive):
        return decoded(path.read_bytes(), source.blocks.manifest)
    patience = _Patience(job)
    while True:
        try:
            data = asking.manifest()
            manifest = decoded(data, source.blocks.manifest)
        except NoAnswer as error:
            patience.failed(f"the list of the package's blocks could not be fetched: {error}")
            continue
        except BadArchive as error:
            raise FetchFailed(str(error)) from error
        path.write_bytes(data)
        return manifest


class _Patience:
    """Waits longer from failure to failure, and gives up after ``TRIES``."""

    def __init__(self, job: Job) -> None:
        self._job, self._failures = job, 0

    def failed(self, why: str) -> None:
        """Once more. Raises FetchFailed."""
        self._failures += 1
        if self._failures >= TRIES:
            raise FetchFailed(why)
        self._job.wait(min(0.5 * 2.0**self._failures, 15.0))

    def begin_anew(self) -> None:
        """Something came."""
        self._failures = 0


class _Fetching:
    """The blocks of one package until all are here. Asks one after the other: a line that is full is not made faster by
    more, and what it waits for others have to fetch first.
    """

    def __init__(self, asking: Asking, file: BlockFile, owned: dict[bytes, Own], job: Job, name: str) -> None:
        self._asking, self._file, self._owned, self._job, self._name = asking, file, owned, job, name
        self._told = SpreadTold(b"")
        self._avoided: dict[int, float] = {}
        self._helped: set[int] = set()
        self._random = random.Random()

    def run(self) -> None:
        """Fetch everything that is missing, and tell the console at the end."""
        self._take_own()
        patience = _Patience(self._job)
        answer = SpreadAnswer(b"", [], 1.0)
        came = time.monotonic()
        while self._file.missing:
            why, before = "", self._file.have
            try:
                answer = self._tell()
                silent = False
            except NoAnswer as error:
                why, silent = f"the console does not say whom to ask: {error}", True
            until = time.monotonic() + answer.again
            self._take_granted(bits.from_bytes(answer.console, self._file.count) & self._file.missing)
            self._take_from_peers(answer.peers, until)
            if self._file.have != before:
                patience.begin_anew()
                came = time.monotonic()
            elif silent:
                patience.failed(why)
            elif time.monotonic() - came > STALL_SECONDS:
                raise NoBlocks(f"no block came for {STALL_SECONDS:.0f} s")
            else:
                self._progress(": waits for other hosts that fetch what is missing")
                self._job.wait(max(until - time.monotonic(), 0.1))
        with contextlib.suppress(NoAnswer, NoBlocks, FetchFailed):  # they find out without
            self._tell()

    def _tell(self) -> SpreadAnswer:
        now = time.monotonic()
        self._avoided = {host: at for host, at in self._avoided.items() if now - at < AVOIDED_SECONDS}
        self._told.have = bits.to_bytes(self._file.have, self._file.count)
        self._told.unreachable = list(self._avoided)
        return self._asking.tell(self._told)

    def _take_own(self) -> None:
        """What other packages on this host have already."""
        for number in bits.numbers(self._file.missing):
            own = self._owned.get(self._file.manifest.blocks[number].sha256)
            if own is None:
                continue
            self._job.check()
            begin, end = own.file.offsets[own.number : own.number + 2]
            with contextlib.suppress(OSError), own.file.path.open("rb") as file:
                file.seek(begin)
                if self._file.put(number, file.read(end - begin)):
                    self._told.from_own += end - begin

    def _take_granted(self, blocks: int) -> None:
        for first, count in self._runs(blocks):
            begin, end = self._file.offsets[first], self._file.offsets[first + count]
            try:
                data = self._asking.of_console(begin, end)
            except NoAnswer:
                return  # asked for again with the next answer
            if not self._put(first, count, data):
                raise NoBlocks(f"the console gave wrong bytes for blocks {first} to {first + count - 1}")
            self._told.from_console += end - begin

    def _take_from_peers(self, peers: list[SpreadPeer], until: float) -> None:
        """In turn from each that has something, the nearest first, until it is time to tell again."""
        having = {peer.host: bits.from_bytes(peer.have, self._file.count) for peer in peers}
        while time.monotonic() < until:
            asked = False
            for peer in peers:
                there = having[peer.host] & self._file.missing
                if there and peer.host not in self._avoided:
                    asked = True
                    if not self._take_run(peer, there):
                        having[peer.host] = 0
            if not asked:
                return

    def _take_run(self, peer: SpreadPeer, there: int) -> bool:
        """Some blocks in a row, from anywhere in the file: who fetches at the same time shall have others to offer. Whether
        they came.
        """
        runs = list(self._runs(there))
        first, count = self._random.choice(runs)
        begin, end = self._file.offsets[first], self._file.offsets[first + count]
        try:
            right = self._put(first, count, self._asking.of_peer(peer.url, begin, end))
        except Busy:
            return False
        except NoAnswer:
            right = False
        if not right:
            self._avoided[peer.host] = time.monotonic()
            return False
        self._helped.add(peer.host)
        self._told.from_hosts += end - begin
        return True

    def _put(self, first: int, count: int, data: bytes) -> bool:
        """Whether all of these blocks were right."""
        begin = self._file.offsets[first]
        for number in range(first, first + count):
            stored = data[self._file.offsets[number] - begin : self._file.offsets[number + 1] - begin]
            if not self._file.put(number, stored):
                return False
        self._progress()
        return True

    def _progress(self, more: str = "") -> None:
        self._job.check()
        helped = len(self._helped)
        whom = f" from {helped} other host{'' if helped == 1 else 's'}" if helped else ""
        fraction = self._file.have.bit_count() / max(self._file.count, 1)
        self._job.progress(f"fetching {self._name}{whom}{more}", fraction)

    def _runs(self, blocks: int) -> Iterator[tuple[int, int]]:
        """These blocks as (first, how many) in a row, each of ``RUN_BYTES`` at most."""
        first = last = -1
        for number in bits.numbers(blocks):
            begins = first < 0 or number != last + 1 or number - first >= MOST_BLOCKS
            if not begins:
                begins = self._file.offsets[number + 1] - self._file.offsets[first] > RUN_BYTES
            if begins and first >= 0:
                yield first, last - first + 1
            first, last = (number if begins else first), number
        if first >= 0:
            yield first, last - first + 1
