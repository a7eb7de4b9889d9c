"""Where things lie, and which names may not become paths."""

from pathlib import Path

import pytest

from minos_common.names import BadName
from minos_common.settings import WorkerSettings
from minos_common.words import PackageName, TaskName
from minos_worker.layout import BadInstance, Layout, layout_of

ZK = TaskName("zookeeper", "dptst", "zookeeper")
DN1 = TaskName("hdfs", "dptst-x", "datanode", 1)


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    dirs = f"{tmp_path}/disk1/data {tmp_path}/disk2/data"
    return layout_of(WorkerSettings(console="c", console_key="k", root=str(tmp_path / "root"), data_dirs=dirs))


def test_directories_of_single_tasks_and_instances(layout: Layout, tmp_path: Path) -> None:
    assert layout.run_dir(ZK) == tmp_path / "root/app/zookeeper/dptst/zookeeper"
    assert layout.run_dir(DN1) == tmp_path / "root/app/hdfs/dptst-x/datanode/1"
    assert layout.log_dir(DN1) == tmp_path / "root/log/hdfs/dptst-x/datanode/1"
    assert layout.data_dir(DN1, 1) == tmp_path / "disk2/data/hdfs/dptst-x/datanode/1"
    assert layout.stdout_dir(ZK) == layout.run_dir(ZK) / "stdout"


def test_links_to_data_roots_of_one_name_are_told_apart(layout: Layout) -> None:
    assert layout.data_links((0, 1)) == {"data": 0, "data-2": 1}


def test_a_data_root_called_log_does_not_hide_the_log(tmp_path: Path) -> None:
    settings = WorkerSettings(console="c", console_key="k", root=str(tmp_path), data_dirs=f"{tmp_path}/log")
    assert layout_of(settings).data_links((0,)) == {"log-2": 0}


def test_packages(layout: Layout, tmp_path: Path) -> None:
    paths = layout.package_paths(ZK, PackageName("zookeeper", "zookeeper-3.9.3.tar.gz", "r12", "20260102-030405", "ab"))
    folder = tmp_path / "root/packages/zookeeper/dptst/r12-20260102-030405"
    assert (paths.folder, paths.archive) == (folder, folder / "zookeeper-3.9.3.tar.gz")
    assert paths.unpacked == folder / "zookeeper-3.9.3" and paths.current == folder.parent / "current"


@pytest.mark.parametrize("name", ["x.tgz", "x.tar", "x.tar.xz", "x.tar.bz2", "x.zip", "x"])
def test_archive_and_what_it_unpacks_to_never_share_a_name(layout: Layout, name: str) -> None:
    paths = layout.package_paths(ZK, PackageName("a", name, "r1", "20260102-030405", "ab"))
    assert paths.unpacked != paths.archive and paths.unpacked.parent == paths.folder


BAD = ["", "..", ".", "a/b", "/etc", "a\0", "a\nb", "-x", "x" * 300, "a\\b", "é"]


@pytest.mark.parametrize("text", BAD)
def test_bad_names_of_tasks_are_refused(layout: Layout, text: str) -> None:
    for task in (TaskName(text, "c", "j"), TaskName("s", text, "j"), TaskName("s", "c", text)):
        for path in (layout.run_dir, layout.log_dir, layout.slot_dir, lambda task: layout.data_dir(task, 0)):
            with pytest.raises(BadName):
                path(task)


@pytest.mark.parametrize("text", BAD)
def test_bad_names_of_packages_are_refused(layout: Layout, text: str) -> None:
    good = ("zookeeper", "x.tgz", "r1", "20260102-030405")
    for place in range(4):
        with pytest.raises(BadName):
            layout.package_paths(ZK, PackageName(*good[:place], text, *good[place + 1 :], "ab"))


@pytest.mark.parametrize("instance", [-1, 1000, 10**9])
def test_bad_instances_are_refused(layout: Layout, instance: int) -> None:
    with pytest.raises(BadInstance):
        layout.run_dir(TaskName("s", "c", "j", instance))


def test_roots_default_to_places_below_the_workers_root(tmp_path: Path) -> None:
    layout = layout_of(WorkerSettings(console="c", console_key="k", root=str(tmp_path)))
    assert layout.data == (tmp_path / "data",) and layout.package == tmp_path / "packages"
    layout.make_roots()
    assert (tmp_path / "worker").stat().st_mode & 0o777 == 0o700
