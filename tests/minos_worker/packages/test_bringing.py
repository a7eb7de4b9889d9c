"""A package brought to its place: in blocks where there are some, whole where those are of no use, and never half."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from minos_common import bits
from minos_common.settings import WorkerSettings
from minos_common.verbs import PackageSource
from minos_common.words import TaskName
from minos_worker.layout import layout_of
from minos_worker.packages.shelf import Shelf
from minos_worker.packages.spreading import Exchange
from minos_worker.packages.store import PackageFailed, Stock, bring
from tests.minos_worker.package_server import PackageServer
from tests.minos_worker.packages.spread_console import SpreadConsole, made, random_files
from tests.minos_worker.packages.test_spreading import Job

TASK = TaskName("zookeeper", "dptst", "zookeeper")
FILES = random_files(3)


@pytest.fixture
def stock(tmp_path: Path) -> Stock:
    layout = layout_of(WorkerSettings(console="", console_key="", root=str(tmp_path / "root")))
    layout.make_roots()
    return Stock(layout, Exchange(Shelf(layout.package)), 0)


class Both:
    """A console that has a package as blocks and whole."""

    def __init__(self, folder: Path) -> None:
        archive, blocks, manifest = made(folder, FILES)
        self.blocks = SpreadConsole(blocks.read_bytes(), manifest)
        self.whole = PackageServer(archive.read_bytes())
        self.whole.ticket = "ticket"
        source = self.whole.source(name="a-1.tar", sha256=hashlib.sha256(archive.read_bytes()).hexdigest())
        self.source: PackageSource = msgspec.structs.replace(source, blocks=self.blocks.source().blocks)


@pytest.fixture
def console(tmp_path: Path) -> Iterator[Both]:
    both = Both(tmp_path)
    yield both
    both.blocks.close()
    both.whole.close()


def files_of(unpacked: Path) -> dict[str, bytes]:
    return {p.relative_to(unpacked).as_posix(): p.read_bytes() for p in unpacked.rglob("*") if p.is_file()}


def names_in(stock: Stock, source: PackageSource) -> set[str]:
    return {path.name for path in stock.layout.package_paths(TASK, source.package).folder.iterdir()}


def test_it_comes_in_blocks_once(stock: Stock, console: Both) -> None:
    for _ in range(2):
        assert files_of(bring(stock, TASK, console.source, Job())) == FILES
    assert console.whole.asked == [] and len(console.blocks.told) == 2
    names = {"a-1", ".a-1.complete", ".a-1.tar.blocks", ".a-1.tar.manifest", ".lock"}
    assert names_in(stock, console.source) == names
    again = Shelf(stock.layout.package).find(console.blocks.sha256)  # as the next worker finds it
    assert again is not None and not again.missing


def test_another_cluster_of_the_host_takes_it_from_the_first(stock: Stock, console: Both) -> None:
    first = bring(stock, TASK, console.source, Job())
    console.blocks.given.clear()
    other = bring(stock, TaskName("zookeeper", "other", "zookeeper"), console.source, Job())
    assert files_of(other) == files_of(first) and console.blocks.given == []
    found = stock.exchange.shelf.find(console.blocks.sha256)
    assert found is not None and not found.missing


@pytest.mark.parametrize("how", ["no list", "no blocks", "wrong blocks", "blocks that end"])
def test_where_blocks_are_of_no_use_it_comes_whole(stock: Stock, console: Both, how: str) -> None:
    if how == "wrong blocks":
        console.blocks.spoil = lambda data: bytes(len(data))
    elif how == "blocks that end":
        console.blocks.grants = lambda told: 0b11 if not told.from_console else spoilt()
    else:
        console.blocks.gone = {"manifest" if how == "no list" else "blocks"}

    def spoilt() -> int:
        console.blocks.gone = {"blocks"}
        return bits.full(console.blocks.count)

    assert files_of(bring(stock, TASK, console.source, Job())) == FILES
    assert len(console.whole.asked) == 1
    assert names_in(stock, console.source) == {"a-1", ".a-1.complete", "a-1.tar", ".lock"}


def test_one_that_was_killed_on_its_way_goes_on(stock: Stock, console: Both) -> None:
    class Killed(Exception):
        pass

    class Dying(Job):
        def wait(self, seconds: float) -> None:
            raise Killed

    console.blocks.grants = lambda told: 0b111
    with pytest.raises(Killed):
        bring(stock, TASK, console.source, Dying())
    assert ".a-1.tar.blocks.part" in names_in(stock, console.source)
    console.blocks.grants = lambda told: bits.full(console.blocks.count) & ~0b111
    assert files_of(bring(stock, TASK, console.source, Job())) == FILES
    assert ".a-1.tar.blocks.part" not in names_in(stock, console.source)


def test_a_full_disk_is_told(stock: Stock, console: Both) -> None:
    with pytest.raises(PackageFailed, match="no space for the package"):
        bring(Stock(stock.layout, stock.exchange, 2**60), TASK, console.source, Job())
    assert console.blocks.given == []
