"""How many tasks decide by majority, and which heaps are asked for."""

import pytest

from minos_web.clusterfile.sizes import heap_of, quorum_problems
from tests.minos_web.clusterfile.samples import HDFS_BASE, ZK, describe, files_with

HOSTS = "  host.0=10.1.0.1\n  host.1=10.1.0.2\n"


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (1, "one zookeeper alone"),
        (2, "survive no loss: both must run; use 3 (or 1)"),
        (3, ""),
        (4, "survive the loss of 1, as 3 do; use 5 (or 3)"),
        (5, ""),
        (6, "survive the loss of 2, as 5 do; use 7 (or 5)"),
    ],
)
def test_numbers_that_decide_by_majority(count: int, words: str) -> None:
    hosts = "".join(f"  host.{number}=10.1.0.{number + 1}\n" for number in range(count))
    description = describe(files_with((ZK, HOSTS, hosts)), "zookeeper", "lake")

    found = list(quorum_problems(description))

    assert [problem.level for problem in found] == ["warning"] * bool(words)
    assert words in "".join(problem.message for problem in found)
    assert all((problem.file, problem.section) == (ZK, "zookeeper") for problem in found)


@pytest.mark.parametrize(
    ("jvm_args", "size"),
    [
        ("-Xmx512m", 512 << 20),
        ("-Xmx4G", 4 << 30),
        ("-Xmx1048576", 1 << 20),
        ("-Xmx2048k", 2 << 20),
        ("-Xmx1t", 1 << 40),
        ("-XX:MaxHeapSize=3g", 3 << 30),
        ("-Xmx1g -XX:MaxHeapSize=3g", 3 << 30),
        ('"-Xmx2g"', 2 << 30),
        ("-Xms8g -XX:+UseG1GC", None),
        ("-Xmx%{cluster.log_level}", None),
        ("-Xmxlots", None),
        ("", None),
    ],
)
def test_the_heap_that_counts(jvm_args: str, size: int | None) -> None:
    files = files_with(
        (ZK, "  [[arguments]]", f"  [[arguments]]\n    jvm_args='{jvm_args}'" if jvm_args else "  [[arguments]]")
    )
    files["conf/zookeeper/common/water.cfg"] = files["conf/zookeeper/common/water.cfg"].replace("-Xmx64m", "")

    found = heap_of(describe(files, "zookeeper", "lake").job("zookeeper"))

    assert (found[0] if found else None) == size
    assert found is None or found[1].place.file == ZK


def test_an_inherited_heap_has_the_place_of_the_base() -> None:
    found = heap_of(describe(files_with(), "zookeeper", "lake").job("zookeeper"))

    assert found is not None
    assert (found[0], found[1].place.file) == (64 << 20, "conf/zookeeper/common/water.cfg")


def test_jobs_that_decide_nothing_may_have_any_number() -> None:
    sections = {problem.section for problem in quorum_problems(describe(files_with((HDFS_BASE, "", ""))))}

    assert "datanode" not in sections
