"""Markers, and deletion that stays below them."""

import contextlib
import os
import threading
from pathlib import Path

import pytest

from minos_common.words import TaskName
from minos_worker import markers
from minos_worker.markers import MARKER, Marker, NotOurs

OURS = TaskName("zookeeper", "dptst", "zookeeper")
THEIRS = TaskName("hdfs", "dptst-x", "datanode")


def marked(path: Path, task: TaskName = OURS) -> Path:
    markers.put(path, Marker(task))
    return path


def test_wipe_removes_a_marked_tree(tmp_path: Path) -> None:
    tree = marked(tmp_path / "d")
    (tree / "a/b/c").mkdir(parents=True)
    (tree / "a/b/file").write_text("x")
    (tree / "a/link").symlink_to("/etc")
    os.mkfifo(tree / "fifo")
    markers.wipe(tree, OURS)
    assert not tree.exists() and Path("/etc").is_dir()


def test_wipe_of_what_is_not_there(tmp_path: Path) -> None:
    assert markers.wipe(tmp_path / "none", OURS) == 0


def hostile(name: str, folder: Path) -> Path:
    tree = folder / "d"
    tree.mkdir()
    (tree / "precious").write_text("x")
    if name == "another's":
        markers.put(tree, Marker(THEIRS))
    elif name == "a link as marker":
        marked(folder / "real")
        (tree / MARKER).symlink_to(folder / "real" / MARKER)
    elif name == "garbage":
        (tree / MARKER).write_text("zookeeper--dptst--zookeeper")
    elif name == "a fifo as marker":
        os.mkfifo(tree / MARKER)
    elif name == "a directory as marker":
        (tree / MARKER).mkdir()
    elif name == "empty":
        (tree / MARKER).write_text("")
    return tree


@pytest.mark.parametrize(
    "name", ["none", "another's", "a link as marker", "garbage", "a fifo as marker", "a directory as marker", "empty"]
)
def test_without_the_tasks_own_marker_nothing_is_touched(tmp_path: Path, name: str) -> None:
    tree = hostile(name, tmp_path)
    with pytest.raises(NotOurs):
        markers.wipe(tree, OURS)
    assert (tree / "precious").exists()


def test_a_link_in_place_of_the_directory_is_not_followed(tmp_path: Path) -> None:
    real = marked(tmp_path / "real")
    (real / "precious").write_text("x")
    (tmp_path / "d").symlink_to(real)
    with pytest.raises((NotOurs, OSError)):
        markers.wipe(tmp_path / "d", OURS)
    assert (real / "precious").exists()


def test_directories_swapped_for_links_meanwhile_lead_nowhere(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    for number in range(50):
        (outside / f"precious{number}").write_text("x")
    for number in range(20):
        tree = marked(tmp_path / f"d{number}")
        for inner in range(30):
            (tree / f"sub{inner}").mkdir()
            (tree / f"sub{inner}/f").write_text("x")

        def swap(tree: Path = tree) -> None:
            for inner in range(29, -1, -1):
                try:
                    (tree / f"sub{inner}").rename(tree / f"gone{inner}")
                    (tree / f"sub{inner}").symlink_to(outside)
                except OSError:
                    pass

        thread = threading.Thread(target=swap)
        thread.start()
        with contextlib.suppress(OSError):
            markers.wipe(tree, OURS)
        thread.join()
    assert len(list(outside.iterdir())) == 50


def test_wipe_leaves_directories_with_another_tasks_marker(tmp_path: Path) -> None:
    tree = marked(tmp_path / "d")
    inner = marked(tree / "0", THEIRS)
    (inner / "precious").write_text("x")
    (tree / "own").write_text("x")
    markers.wipe(tree, OURS)
    assert (inner / "precious").exists() and not (tree / "own").exists()


def test_put_does_not_take_over_another_tasks_directory(tmp_path: Path) -> None:
    marked(tmp_path / "d", THEIRS)
    with pytest.raises(NotOurs, match="hdfs"):
        markers.put(tmp_path / "d", Marker(OURS))


def test_what_counts_as_empty(tmp_path: Path) -> None:
    assert markers.is_empty(tmp_path / "none")
    tree = marked(tmp_path / "d")
    assert markers.is_empty(tree)
    marked(tree / "0", THEIRS)
    assert markers.is_empty(tree)
    (tree / "x").symlink_to(tree / "0")
    assert not markers.is_empty(tree)


def test_a_marker_lies_beside_its_directory_for_a_while(tmp_path: Path) -> None:
    tree = tmp_path / "d"
    markers.put(tree, Marker(OURS))
    with markers.aside([tree, tmp_path / "none"]):
        assert list(tree.iterdir()) == [] and markers.get(tree) == Marker(OURS)
        (tree / "formatted").touch()
    assert (tree / MARKER).is_file() and [path.name for path in tmp_path.iterdir()] == ["d"]


@pytest.mark.parametrize("next_thing", ["put", "wipe"])
def test_after_a_crash_a_marker_is_found_beside_its_directory(tmp_path: Path, next_thing: str) -> None:
    tree = tmp_path / "d"
    markers.put(tree, Marker(OURS))
    (tree / MARKER).rename(tmp_path / ".minos-task-of-d")
    (tree / "half").touch()
    assert markers.get(tree) == Marker(OURS) and markers.is_empty(tmp_path)
    if next_thing == "put":
        markers.put(tree, Marker(OURS))
        assert (tree / MARKER).is_file()
    else:
        assert markers.wipe(tree, OURS) == 1 and not tree.exists()
    assert not (tmp_path / ".minos-task-of-d").exists()
    with pytest.raises(NotOurs):
        markers.put(tree, Marker(OURS))
        markers.wipe(tree, THEIRS)
