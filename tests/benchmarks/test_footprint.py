"""The footprint benchmark in its short form: complete figures of both sides, nothing left, and what a keeper may cost."""

import os
import tempfile
from pathlib import Path

import pytest

from benchmarks import footprint, machine
from benchmarks.sides import Figures, NotSo, measure, wait_for
from benchmarks.table import markdown, middle, rows

SHORT = footprint.Plan(counts=(0, 5), window=1.0, passes=1, beat_seconds=0.3, sample_seconds=0.5)
MOST_OF_A_KEEPER = 1024 * 1024


@pytest.fixture(scope="module")
def found() -> list[Figures]:
    return footprint.run(SHORT, print)


def test_both_sides_have_every_figure(found: list[Figures]) -> None:
    assert [(one.side, one.tasks) for one in found] == [
        ("minos", 0),
        ("supervisord", 0),
        ("minos", 5),
        ("supervisord", 5),
    ]
    for one in found:
        assert 0 < one.pss_bytes <= one.rss_bytes and 0 < one.alone_bytes <= one.rss_bytes, one
        assert one.cpu_seconds_per_minute >= 0 and one.start_seconds > 0
    processes = {(one.side, one.tasks): {name: part.processes for name, part in one.parts.items()} for one in found}
    assert processes == {
        ("minos", 0): {"worker": 1, "keepers": 1},
        ("supervisord", 0): {"supervisord": 1},
        ("minos", 5): {"worker": 1, "keepers": 6},
        ("supervisord", 5): {"supervisord": 1},
    }


def test_no_task_and_no_daemon_is_left(found: list[Figures]) -> None:
    assert found and not left_behind()


@pytest.mark.parametrize("which", [0, 1], ids=["minos", "supervisord"])
def test_a_side_that_fails_leaves_nothing_either(which: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        seen.extend(left_behind())
        raise NotSo("it does not settle")

    seen: list[Path] = []
    with tempfile.TemporaryDirectory(prefix=f"bench-{os.getpid()}-") as folder:
        side = footprint.both(SHORT, Path(folder) / "x", footprint.sleeper(), 2)[which]()
        monkeypatch.setattr(side, "settle", fail)
        with pytest.raises(NotSo, match="does not settle"):
            measure(lambda: side, 2, "sleep", 0.1)
        assert len(seen) == 3, "a daemon and two tasks"
        wait_for(lambda: not left_behind(), "all processes are gone", 10)


def test_the_keeper_of_a_task_costs_less_than_a_mebibyte(found: list[Figures]) -> None:
    none, five = (one.parts["keepers"].alone_bytes for one in found if one.side == "minos")
    each = (five - none) / 5
    print(f"a keeper costs {each / 1024:.0f} KiB")
    assert 0 < each < MOST_OF_A_KEEPER


def test_the_table_has_a_ratio_of_each_figure(found: list[Figures]) -> None:
    about = machine.described()
    text = markdown(found, about)
    assert all(about.values()) and all(value in text for value in about.values())
    pss = next(row for row in rows(found) if row.what == "5 tasks: memory (PSS)")
    assert pss.minos == middle(found, "minos", 5, "pss_bytes") / 2**20
    assert pss.ratio == pss.minos / pss.supervisord
    assert f"| {pss.what} | MiB | {pss.minos:.2f} | {pss.supervisord:.2f} | {pss.ratio:.2f} |" in text


def left_behind() -> list[Path]:
    """Command lines of living daemons and tasks of a benchmark that this process runs."""
    marks = footprint.sleeper()[1].encode(), f"/bench-{os.getpid()}-".encode()
    return [path for path in Path("/proc").glob("[0-9]*/cmdline") if any(_says(path, mark) for mark in marks)]


def _says(path: Path, word: bytes) -> bool:
    try:
        return word in path.read_bytes()
    except OSError:
        return False
