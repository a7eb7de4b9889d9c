"""Old packages on a host: deleted when nobody needs them, and never otherwise."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from minos_common.words import HeldPackage
from minos_worker import durable
from minos_worker.packages.tidying import YOUNG_SECONDS, _alone, held, tidy
from minos_worker.process.using import used_below

NOW = 2_000_000_000.0


def put(root: Path, number: int, cluster: str = "dptst", age: float = YOUNG_SECONDS * 2) -> Path:
    """A whole package that came so long ago; its unpacked directory."""
    folder = root / "zookeeper" / cluster / f"r{number}-20260101-00000{number}"
    unpacked = folder / f"zookeeper-3.9.{number}"
    unpacked.mkdir(parents=True)
    (folder / ".lock").touch()
    (folder / f".zookeeper-3.9.{number}.complete").write_text(f"{number:064x}")
    for path in (*folder.iterdir(), folder):
        os.utime(path, (NOW - age + number, NOW - age + number))
    return unpacked


def nobody(_folders: Iterable[Path]) -> set[Path]:
    return set()


def left(root: Path, cluster: str = "dptst") -> list[int]:
    return sorted(int(one.place[1]) for one in held(root) if one.cluster == cluster)


def test_the_newest_stay(tmp_path: Path) -> None:
    for number in range(5):
        put(tmp_path, number)
        put(tmp_path, number, "other")
    gone = tidy(tmp_path, list, 2, NOW, nobody)
    assert left(tmp_path) == left(tmp_path, "other") == [3, 4] and len(gone) == 6
    assert not list(tmp_path.rglob("*.dropped"))
    assert tidy(tmp_path, list, 2, NOW, nobody) == []


def prepared(root: Path, packages: list[Path]) -> list[Path]:
    return [packages[0]]


def current(root: Path, packages: list[Path]) -> list[Path]:
    durable.point(packages[0].parent.parent / "current", packages[0])
    return []


@pytest.mark.parametrize("how", [prepared, current])
def test_what_is_needed_stays(tmp_path: Path, how: Callable[[Path, list[Path]], list[Path]]) -> None:
    packages = [put(tmp_path, number) for number in range(4)]
    needed = how(tmp_path, packages)
    tidy(tmp_path, lambda: needed, 1, NOW, nobody)
    assert left(tmp_path) == [0, 3]


def test_what_came_just_now_stays(tmp_path: Path) -> None:
    for number in range(4):
        put(tmp_path, number, age=YOUNG_SECONDS / 2)
    assert tidy(tmp_path, list, 1, NOW, nobody) == []


def test_what_somebody_wants_at_the_last_moment_stays(tmp_path: Path) -> None:
    packages = [put(tmp_path, number) for number in range(3)]

    def wanted_meanwhile(_folders: Iterable[Path]) -> set[Path]:
        os.utime(packages[0].parent, (NOW, NOW))  # as bringing it does
        return set()

    assert tidy(tmp_path, list, 1, NOW, wanted_meanwhile) == [packages[1].parent]


def test_what_a_crash_left_half_deleted_goes(tmp_path: Path) -> None:
    packages = [put(tmp_path, number) for number in range(2)]
    packages[0].parent.rename(packages[0].parent.with_name(".r0.ab12.dropped"))
    assert left(tmp_path) == [1]
    tidy(tmp_path, list, 1, NOW, nobody)
    assert [path.name for path in (tmp_path / "zookeeper" / "dptst").iterdir()] == [packages[1].parent.name]


def test_a_root_behind_a_link_is_the_same(tmp_path: Path) -> None:
    real = tmp_path / "real"
    packages = [put(real, number) for number in range(3)]
    (tmp_path / "link").symlink_to(real)
    durable.point(real / "zookeeper" / "dptst" / "current", tmp_path / "link" / packages[0].relative_to(real))
    tidy(tmp_path / "link", lambda: [tmp_path / "link" / packages[1].relative_to(real)], 1, NOW, nobody)
    assert left(real) == [0, 1, 2]


def test_what_is_being_brought_stays(tmp_path: Path) -> None:
    packages = [put(tmp_path, number) for number in range(3)]
    with _alone(packages[0].parent) as alone:
        assert alone
        tidy(tmp_path, list, 1, NOW, nobody)
    assert left(tmp_path) == [0, 2]


def test_what_a_process_uses_stays(tmp_path: Path) -> None:
    packages = [put(tmp_path, number) for number in range(4)]
    command = [sys.executable, "-c", "print('up', flush=True); input()", f"-Dhome={packages[0]}/lib"]
    standing = [sys.executable, "-c", "print('up', flush=True); input()"]
    processes = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE),
        subprocess.Popen(standing, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=packages[1]),
    ]
    try:
        for process in processes:
            assert process.stdout is not None and process.stdout.readline() == b"up\n"
        tidy(tmp_path, list, 1, NOW, used_below)
    finally:
        for process in processes:
            process.communicate(b"\n")
    assert left(tmp_path) == [0, 1, 3]


def test_what_is_here_is_told(tmp_path: Path) -> None:
    put(tmp_path, 1)
    (tmp_path / "zookeeper" / "dptst" / "r2-20260101-000000").mkdir()  # one that did not come whole
    assert held(tmp_path) == [HeldPackage("zookeeper", "dptst", "r1-20260101-000001", "zookeeper-3.9.1", f"{1:064x}")]
    assert held(tmp_path / "nothing") == []
