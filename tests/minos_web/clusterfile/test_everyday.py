"""Everyday changes of a cluster file: read from its text, written back into it, nothing else touched."""

from dataclasses import replace

import pytest

from minos_web.clusterfile.edits import CannotWrite
from minos_web.clusterfile.everyday import Everyday, HostLine, JobPart, read_everyday
from minos_web.clusterfile.everyday_edits import new_hosts, write_everyday
from minos_web.clusterfile.load import load_cluster
from minos_web.clusterfile.tree import MappingTree
from tests.minos_web.clusterfile.samples import CATALOG, FILES, HDFS

TEXT = """\
# ours
[cluster]
  name=lake-pike
  version=3.4.1     # tested
  jobs=journalnode datanode

[journalnode]
  base_port=21100
  host.0=10.1.0.1
  [[arguments]]

[datanode]
  base_port=21200
  host.0=10.1.0.1/rack=r1
  host.03=10.1.0.2/rack=r2/instance_num=2   # the old one
  # more to come
  [[arguments]]
    jvm_args='''-Xmx1g
      -XX:+UseG1GC'''

[configuration]
  base=%{config_dir}/conf/hdfs/common/fish.cfg
"""


def read(text: str = TEXT) -> Everyday:
    return read_everyday(text, CATALOG["hdfs"], None)


def job(everyday: Everyday, name: str) -> JobPart:
    return next(part for part in everyday.jobs if part.name == name)


def with_job(everyday: Everyday, name: str, **changes: object) -> Everyday:
    return replace(
        everyday,
        jobs=tuple(replace(part, **changes) if part.name == name else part for part in everyday.jobs),  # type: ignore[arg-type]
    )


def test_what_is_read() -> None:
    everyday = read()
    assert (everyday.version, everyday.pin) == ("3.4.1", None)
    datanode = job(everyday, "datanode")
    assert datanode.hosts == (
        HostLine(0, "10.1.0.1", "1", ("rack=r1",), "host.0"),
        HostLine(3, "10.1.0.2", "2", ("rack=r2",), "host.03"),
    )
    assert (datanode.base_port, datanode.heap, datanode.multi_instance) == ("21200", "1g", True)
    assert job(everyday, "journalnode").heap == ""


def test_what_is_inherited_and_what_stands_elsewhere() -> None:
    description = load_cluster(MappingTree(FILES), "hdfs", "lake-pike", CATALOG)
    everyday = read_everyday(FILES[HDFS], CATALOG["hdfs"], description)
    assert [part.name for part in everyday.jobs] == list(description.job_names)
    moved = FILES | {HDFS: FILES[HDFS].replace("[datanode]", "[other]")}
    base = "conf/hdfs/common/fish.cfg"
    moved[base] = FILES[base] + "\n[datanode]\nbase_port=21200\n[[arguments]]\n"
    described = load_cluster(MappingTree(moved), "hdfs", "lake-pike", CATALOG)
    assert job(read_everyday(moved[HDFS], CATALOG["hdfs"], described), "datanode").elsewhere == base


HOSTS = job(read(), "datanode").hosts
EDITS = {
    "nothing": ({}, [], []),
    "a port": ({"base_port": "22000"}, ["  base_port=21200"], ["  base_port=22000"]),
    "a heap": ({"heap": "8g"}, ["    jvm_args='''-Xmx1g"], ["    jvm_args='''-Xmx8g"]),
    "no heap": (
        {"heap": ""},
        ["    jvm_args='''-Xmx1g", "      -XX:+UseG1GC'''"],
        ["    jvm_args=-XX:+UseG1GC"],
    ),
    "a host less": ({"hosts": HOSTS[:1]}, ["  host.03=10.1.0.2/rack=r2/instance_num=2   # the old one"], []),
    "a host more": ({"hosts": (*HOSTS, HostLine(4, "10.1.0.9"))}, [], ["  host.4=10.1.0.9"]),
    "instances": (
        {"hosts": (HOSTS[0], replace(HOSTS[1], instances="3", attributes=()))},
        ["  host.03=10.1.0.2/rack=r2/instance_num=2   # the old one"],
        ["  host.03=10.1.0.2/instance_num=3   # the old one"],
    ),
}


@pytest.mark.parametrize("name", EDITS)
def test_what_is_written(name: str) -> None:
    changes, gone, new = EDITS[name]
    before = read()
    after = with_job(before, "datanode", **changes)
    text = write_everyday(TEXT, before, after)
    assert [line for line in TEXT.splitlines() if line not in text.splitlines()] == gone
    assert [line for line in text.splitlines() if line not in TEXT.splitlines()] == new
    wanted = {(line.number, line.value) for line in job(after, "datanode").hosts}
    assert {(line.number, line.value) for line in job(read(text), "datanode").hosts} == wanted
    assert job(read(text), "datanode").heap == job(after, "datanode").heap


@pytest.mark.parametrize(
    ("arguments", "heap", "line"),
    [
        ("", "2g", "    jvm_args=-Xmx2g"),
        ("    jvm_args=-XX:+UseG1GC", "2g", "    jvm_args=-Xmx2g -XX:+UseG1GC"),
        ('    jvm_args="-Xmx1g -Da=b,c"', "2g", "    jvm_args=\"-Xmx2g -Da=b,c\""),
        ("    jvm_args=-Xmx1g -Dp=%{datanode.base_port}", "2g", "    jvm_args=-Xmx2g -Dp=%{datanode.base_port}"),
        ("    jvm_args=-Xms1g -Xmx1g", "", "    jvm_args=-Xms1g"),
        ("    jvm_args=-Xmx1g", "", None),
    ],
)  # fmt: skip
def test_heaps(arguments: str, heap: str, line: str | None) -> None:
    text = TEXT.replace("    jvm_args='''-Xmx1g\n      -XX:+UseG1GC'''", arguments)
    before = read(text)
    after = write_everyday(text, before, with_job(before, "datanode", heap=heap))
    assert job(read(after), "datanode").heap == heap
    assert line in after.splitlines() if line else "jvm_args" not in after


def test_a_list_of_arguments_is_left_alone() -> None:
    text = TEXT.replace("    jvm_args='''-Xmx1g\n      -XX:+UseG1GC'''", "    jvm_args=-Xmx1g, -Xms1g")
    before = read(text)
    assert not job(before, "datanode").plain_heap
    with pytest.raises(CannotWrite, match="change its heap in the text"):
        write_everyday(text, before, with_job(before, "datanode", heap="2g"))


def test_version_and_pin() -> None:
    before = read()
    pin = ("hadoop-3.4.1.tar.gz", "r1", "20260101-000000")
    text = write_everyday(TEXT, before, replace(before, version="3.4.2", pin=pin))
    assert "  version=3.4.2     # tested\n" in text
    assert read(text).pin == pin
    assert write_everyday(text, read(text), before) == TEXT


@pytest.mark.parametrize(
    ("words", "values"),
    [
        ("10.0.0.1", ["10.0.0.1"]),
        ("a b/rack=1\nc/instance_num=2", ["a", "b/rack=1", "c/instance_num=2"]),
        ("dn-[09-11].x/rack=1", ["dn-09.x/rack=1", "dn-10.x/rack=1", "dn-11.x/rack=1"]),
        ("dn-[9-11]", ["dn-9", "dn-10", "dn-11"]),
        ("", []),
    ],
)
def test_new_hosts(words: str, values: list[str]) -> None:
    lines = new_hosts(words, [HostLine(7, "old")])
    assert [line.value for line in lines] == values
    assert [line.number for line in lines] == list(range(8, 8 + len(values)))


@pytest.mark.parametrize("words", ["dn-[1-", "dn-[a-b]", "dn-[5-1]", "dn-[1-99999]", "dn-[1]", "dn-[1-2"])
def test_rows_that_are_none(words: str) -> None:
    with pytest.raises(CannotWrite, match="hosts"):
        new_hosts(words, [])
