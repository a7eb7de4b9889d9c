"""No text gives anything but problems with a place, or success."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from minos_web.clusterfile.check import check_file
from minos_web.clusterfile.tree import MappingTree
from tests.minos_web.clusterfile.samples import CATALOG, FILES, HBASE, HBASE_BASE, HDFS, HDFS_BASE, ZK, ZK_BASE

PIECES = (
    "%{", "}", "%(", ")s", "[", "]", "[[", "]]", "[[[x]]]", "'''", '"', "'", ",", "=", "#", "\n", " ", "/", "\\", "$", "!*",
    "%{cluster.name}", "%{datanode.9.host}", "%{zk.hosts}", "%{hdfs.namenode.0.host}", "%{job.host.x}", "base=", "host.1=",
    "instance_num=99", "base_port+", "-3", "\x00", "\u2028", "\ufeff", "é", "&#xA;", "&", "<", "[configuration]",
    "[arguments]", "jobs=", "name=", "server_list=", "999999999999",
)  # fmt: skip
PATHS = (HDFS, HDFS_BASE, ZK, ZK_BASE, HBASE, HBASE_BASE)


def mangled(text: str, random_: random.Random) -> str:
    """A text with pieces put in, cut out, and lines swapped."""
    for _ in range(random_.randint(1, 6)):
        at = random_.randrange(len(text) + 1)
        kind = random_.random()
        if kind < 0.5:
            text = text[:at] + random_.choice(PIECES) + text[at:]
        elif kind < 0.8:
            text = text[:at] + text[at + random_.randint(1, 40) :]
        else:
            lines = text.split("\n")
            one, other = random_.randrange(len(lines)), random_.randrange(len(lines))
            lines[one], lines[other] = lines[other], lines[one]
            text = "\n".join(lines)
    return text


@settings(max_examples=300, deadline=None)
@given(st.randoms(use_true_random=False), st.sampled_from(PATHS))
def test_mangled_files_give_problems_or_success(random_: random.Random, path: str) -> None:
    files = dict(FILES)
    files[path] = mangled(files[path], random_)

    for cluster_file in (HDFS, ZK, HBASE, path):
        for problem in check_file(MappingTree(files), cluster_file, CATALOG):
            assert problem.message
            assert problem.level in ("error", "warning")


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300))
def test_any_text_gives_problems(text: str) -> None:
    for path in (ZK, ZK_BASE):
        assert check_file(MappingTree({**FILES, path: text}), ZK, CATALOG)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60), st.sampled_from(["zookeeper.cfg", "jaas-server.conf"]))
def test_any_value_gives_problems_or_success(text: str, section: str) -> None:
    value = text.replace("'''", "")
    files = dict(FILES)
    files[ZK_BASE] = files[ZK_BASE].replace(f"[[{section}]]\n", f"[[{section}]]\n    headerLine='''{value}'''\n")

    check_file(MappingTree(files), ZK, CATALOG)
