"""What is wrong is said with file, line, section, key and the way out."""

import pytest

from minos_web.clusterfile.check import check_file
from minos_web.clusterfile.problems import ClusterFileError, Problem
from minos_web.clusterfile.tree import MappingTree
from tests.minos_web.clusterfile.samples import CATALOG, HBASE, HDFS, HDFS_BASE, ZK, ZK_BASE, describe, files_with, site

Edit = tuple[str, str, str]

# name: (edits, file, text of the line it must point at ("" = no line), words of the message)
STRUCTURE: dict[str, tuple[list[Edit], str, str, list[str]]] = {
    "no configuration": ([(HDFS, "[configuration]", "[configurations]")], HDFS, "", ["[configuration]", "missing"]),
    "no cluster section": ([(HDFS, "[cluster]", "[clusters]")], HDFS, "", ["[cluster]"]),
    "no arguments": ([(HDFS_BASE, "[arguments]", "[argument]")], HDFS, "", ["[arguments]"]),
    "missing base": ([(HDFS, "fish.cfg", "no.cfg")], HDFS, "  base=", ["no.cfg", "does not exist"]),
    "a base in a circle": (
        [(HDFS_BASE, "[configuration]", "[configuration]\n  base=%{config_dir}/conf/hdfs/common/fish.cfg")],
        HDFS_BASE,
        "  base=",
        ["circle"],
    ),
    "an expression in base": ([(HDFS, "%{config_dir}/conf", "%{cluster.name}/conf")], HDFS, "  base=", ["config_dir"]),
    "version missing": ([(HDFS, "  version=3.4.1\n", "")], HDFS, "[cluster]", ["version="]),
    "jobs with commas": (
        [(HDFS, "jobs=journalnode zkfc", "jobs=journalnode, zkfc")],
        HDFS,
        "  jobs=",
        ["blanks", "commas"],
    ),
    "another name": ([(HDFS, "name=lake-pike", "name=lake-perch")], HDFS, "  name=", ["lake-perch", "lake-pike"]),
    "an empty name": ([(HDFS, "name=lake-pike", "name=")], HDFS, "  name=", ["''", "lake-pike"]),
    "an illegal name": ([(HDFS, "name=lake-pike", "name=Lake-pike")], HDFS, "  name=", ["Lake-pike", "legal"]),
    "a listed job without section": (
        [(HDFS, "jobs=journalnode", "jobs=httpfs journalnode")],
        HDFS,
        "  jobs=",
        ["httpfs", "section"],
    ),
    "no base port": ([(HDFS, "  base_port=22400\n", "")], HDFS, "[datanode]", ["base_port", "datanode"]),
    "an odd base port": ([(HDFS, "base_port=22400", "base_port=22450")], HDFS, "  base_port=22450", ["22450", "100"]),
    "a base port that is no number": (
        [(HDFS, "base_port=22400", "base_port=%{namenode.base_port}")],
        HDFS,
        "  base_port=%",
        ["whole number"],
    ),
    "a base port too high": ([(HDFS, "base_port=22400", "base_port=65500")], HDFS, "  base_port=65500", ["65400"]),
    "a base port of a key that is not there": (
        [(HDFS, "base_port=22400", "base_port=%(port)s")],
        HDFS,
        "  base_port=%",
        ["'port'"],
    ),
    "a base of a key that is not there": (
        [(HDFS, "%{config_dir}/conf", "%(where)s")],
        HDFS,
        "  base=",
        ["'where'"],
    ),
    "a host number that is too long": ([(HDFS, "host.4=", "host.1234567890=")], HDFS, "  host.1234567890=", ["digits"]),
    "no instances": (
        [(HDFS, "instance_num=3", "instance_num=0")],
        HDFS,
        "  host.1=10.1.0.2/rack=r2/instance_num=0",
        ["instance_num", "0"],
    ),
    "instances of a job that may not": (
        [(HDFS, "host.0=10.1.0.1\n", "host.0=10.1.0.1/instance_num=2\n")],
        HDFS,
        "  host.0=10.1.0.1/instance_num=2",
        ["journalnode", "one instance"],
    ),
    "instances that are no number": (
        [(HDFS, "instance_num=3", "instance_num=x")],
        HDFS,
        "  host.1=10.1.0.2/rack=r2/instance_num=x",
        ["whole number"],
    ),
    "an attribute without equals": (
        [(HDFS, "rack=r1\n", "ssd\n")],
        HDFS,
        "  host.0=10.1.0.1/ssd",
        ["'ssd'", "key=value"],
    ),
    "an attribute with two equals": ([(HDFS, "rack=r1\n", "a=b=c\n")], HDFS, "  host.0=10.1.0.1/a=", ["'a=b=c'"]),
    "an address that is none": ([(HDFS, "host.4=10.1.0.3", "host.4=no host")], HDFS, "  host.4=", ["host"]),
    "an address twice": (
        [(HDFS, "host.4=10.1.0.3", "host.4=10.1.0.2")],
        HDFS,
        "  host.4=",
        ["10.1.0.2", "host.1", "instance_num"],
    ),
    "a key twice": ([(HDFS, "#SITE#", "a=1\n    a=2")], HDFS, "    a=2", ["already", "line"]),
    "a section twice": ([(HDFS, "[namenode]", "[journalnode]")], HDFS, "[journalnode]", ["already"]),
    "a broken line": ([(HDFS, "#SITE#", "nothing here")], HDFS, "    nothing here", ["key=value"]),
    "an open quote": ([(HDFS, "#SITE#", 'a="x')], HDFS, '    a="x', ['opens with "']),
    "text behind a quote": ([(HDFS, "#SITE#", 'a="x" y')], HDFS, '    a="x" y', ['opens with "']),
    "triple quotes never closed": ([(HDFS, "#SITE#", "a='''x")], HDFS, "    a='''x", ["never closed"]),
    "an empty item": ([(HDFS, "#SITE#", "a=x,,y")], HDFS, "    a=x,,y", ["empty item"]),
    "brackets that do not match": (
        [(HDFS, "[[hdfs-site.xml]]", "[[hdfs-site.xml]")],
        HDFS,
        "  [[hdfs-site",
        ["brackets"],
    ),
    "nested too deeply": ([(HDFS, "[[hdfs-site.xml]]", "[[[x]]]")], HDFS, "  [[[x]]]", ["deeply"]),
    "%(x)s without a key": ([(HDFS, "#SITE#", "a=%(asctime)s")], HDFS, "    a=%(", ["asctime", "raw file"]),
    "%(x)s of a key that only the base has": ([(HDFS, "#SITE#", "a=%(both)s")], HDFS, "    a=%(", ["'both'"]),
    "%(x)s in a circle": ([(HDFS, "#SITE#", "a=%(b)s\n    b=%(a)s")], HDFS, "    a=%(", ["itself"]),
    "%(x)s of a list": ([(HDFS, "#SITE#", "a=%(b)s\n    b=1,2")], HDFS, "    a=%(", ["list"]),
    "a missing file section": (
        [(HDFS_BASE, "[[core-site.xml]]", "[[core.xml]]")],
        HDFS,
        "[configuration]",
        ["core-site.xml"],
    ),
    "a base behind a file section": (
        [
            (HDFS, "  base=%{config_dir}/conf/hdfs/common/fish.cfg\n", ""),
            (HDFS, "#SITE#", "base=%{config_dir}/conf/hdfs/common/fish.cfg"),
        ],
        HDFS,
        "",
        ["[arguments]"],
    ),
    "no arguments in a job": (
        [(HDFS, "rack=r1/instance_num=2\n  [[arguments]]\n", "")],
        HDFS,
        "[datanode]",
        ["datanode", "[[arguments]]"],
    ),
    "no common arguments of a job": (
        [(HDFS_BASE, "  [[zkfc]]\n    main_entry=example.Zkfc\n", "")],
        HDFS_BASE,
        "[arguments]",
        ["[[zkfc]]"],
    ),
    "an argument list missing": (
        [(HDFS_BASE, '    main_entry=""\n', "")],
        HDFS_BASE,
        "  [[service_common]]",
        ["main_entry"],
    ),
    "an open quote in arguments": (
        [(HDFS, "rack=r1/instance_num=2\n  [[arguments]]", "rack=r1\n  [[arguments]]\n    jvm_args='-Da=\"x y'")],
        HDFS,
        "    jvm_args=",
        ["not closed"],
    ),
    "a list as raw file": ([(HDFS_BASE, "raw/note.txt", "raw/note.txt, x")], HDFS_BASE, "  note.txt=", ["one path"]),
    "a task's word in a raw path": (
        [(HDFS_BASE, "raw/note.txt", "raw/%{current_host}")],
        HDFS_BASE,
        "  note.txt=",
        ["current_host", "raw file"],
    ),
}

VALUES: dict[str, tuple[str, list[str]]] = {
    "an unknown word": ("%{nosuchthing}", ["%{nosuchthing}", "not known"]),
    "an unknown word beside a known one": ("%{nosuchthing}/%{cluster.name}", ["nosuchthing"]),
    "blanks inside": ("%{ cluster.name }", ["did you mean %{cluster.name}?"]),
    "nothing inside": ("x%{}", ["%{}"]),
    "a near miss": ("%{zk.host}", ["did you mean %{zk.hosts}?"]),
    "an unknown zk word": ("%{zk.leader}", ["zk.leader"]),
    "an unknown attribute": ("%{cluster.rack}", ["'rack'"]),
    "a misspelt attribute": ("%{cluster.versoin}", ["did you mean version?"]),
    "a custom key of cluster": ("%{cluster.rack}", ["'rack'"]),
    "a task number too big": ("%{datanode.6.host}", ["datanode", "no task 6", "6"]),
    "an unknown part of a task": ("%{namenode.0.port}", ["namenode.0.port"]),
    "an unknown directory": ("%{namenode.tmp_dir}", ["namenode.tmp_dir"]),
    "junk behind a port": ("%{namenode.base_port+1x}", ["base_port+1x", "nothing else"]),
    "two steps": ("%{namenode.base_port+1+1}", ["nothing else"]),
    "a port of another service": ("%{zookeeper.base_port}", ["'zookeeper'", "not a job"]),
    "a service that cannot be referred to": ("%{kafka.kafka.0.host}", ["kafka", "hdfs, yarn, zookeeper"]),
    "a service that does not exist": ("%{nosuch.cluster.name}", ["nosuch"]),
    "a cluster that is not named": ("%{hbase.master.0.host}", ["hbase_cluster="]),
    "a job that another cluster lacks": ("%{zookeeper.keeper.0.host}", ["no job 'keeper'"]),
    "slots without a supervisor": ("%{slots_ports_list}", ["supervisor"]),
}


def line_of(files: dict[str, str], file: str, start: str) -> int | None:
    """Number of the last line that begins with ``start``; None for an empty start."""
    found = [number for number, line in enumerate(files[file].split("\n"), 1) if start and line.startswith(start)]
    return found[-1] if found else None


def problems_of(files: dict[str, str], path: str = HDFS) -> list[Problem]:
    """Errors that the editor shows."""
    return [problem for problem in check_file(MappingTree(files), path, CATALOG) if problem.level == "error"]


@pytest.mark.parametrize(("edits", "file", "line", "words"), STRUCTURE.values(), ids=STRUCTURE)
def test_structure_error_is_told_at_its_line(edits: list[Edit], file: str, line: str, words: list[str]) -> None:
    files = files_with(*edits)

    with pytest.raises(ClusterFileError) as caught:
        describe(files)

    wanted = line_of(files, file, line)
    fitting = [one for one in caught.value.problems if one.file == file and (not line or one.line == wanted)]
    assert any(all(word in one.message for word in words) for one in fitting), str(caught.value)


@pytest.mark.parametrize(("value", "words"), VALUES.values(), ids=VALUES)
def test_value_error_is_told_at_its_line(value: str, words: list[str]) -> None:
    files = site(f"fine=1\n    wrong={value}")

    [problem] = problems_of(files)

    assert (problem.file, problem.line) == (HDFS, line_of(files, HDFS, "    wrong="))
    assert (problem.section, problem.key) == ("configuration/hdfs-site.xml", "wrong")
    assert all(word in problem.message for word in words), problem.message


def test_all_problems_are_told_at_once() -> None:
    files = files_with(
        (HDFS, "base_port=22400", "base_port=7"), (HDFS, "  version=3.4.1\n", ""), (HDFS, "rack=r1\n", "ssd\n")
    )

    messages = " ".join(problem.message for problem in problems_of(files))

    assert "7 is not" in messages
    assert "version=" in messages
    assert "'ssd'" in messages


def test_several_wrong_values_are_told_at_once() -> None:
    assert [problem.key for problem in problems_of(site("a=%{x}\n    b=1\n    c=%{y}"))] == ["a", "c"]


def test_a_missing_zookeeper_cluster_hurts_only_who_refers_to_it() -> None:
    files = {path: text.replace("lake-pike", "sea-pike") for path, text in site("a=%{zk.hosts}").items()}
    files["conf/hdfs/hdfs-sea-pike.cfg"] = files.pop(HDFS)
    path = "conf/hdfs/hdfs-sea-pike.cfg"

    [problem] = problems_of(files, path)
    files[path] = files[path].replace("a=%{zk.hosts}", "")

    assert "conf/zookeeper/zookeeper-sea.cfg" in problem.message
    assert problems_of(files, path) == []


def test_hdfs_needs_a_zookeeper_part_and_zookeeper_must_not_have_one() -> None:
    hdfs = {"conf/hdfs/hdfs-pike.cfg": site("")[HDFS].replace("lake-pike", "pike"), HDFS_BASE: site("")[HDFS_BASE]}
    zookeeper = {
        "conf/zookeeper/zookeeper-a-b.cfg": site("")[ZK].replace("name=lake", "name=a-b"),
        ZK_BASE: site("")[ZK_BASE],
    }

    [first] = problems_of(hdfs, "conf/hdfs/hdfs-pike.cfg")
    [second] = problems_of(zookeeper, "conf/zookeeper/zookeeper-a-b.cfg")

    assert "zookeeper" in first.message
    assert "dash" in second.message


def test_copied_hosts_are_not_seen_from_another_service() -> None:
    [problem] = problems_of(files_with((HBASE, "#SITE#", "a=%{hdfs.zkfc.0.host}")), HBASE)

    assert "zkfc" in problem.message
    assert "namenode" in problem.message


def test_a_key_that_zookeeper_cfg_needs_is_missing() -> None:
    [problem] = problems_of(files_with((ZK_BASE, "    sync_limit=3\n", "")), ZK)

    assert "sync_limit" in problem.message


def test_the_first_key_of_a_login_block_must_be_its_header() -> None:
    [problem] = problems_of(
        files_with((ZK_BASE, "[[jaas-server.conf]]", "[[jaas-server.conf]]\n    storeKey=true")), ZK
    )

    assert (problem.file, problem.key) == (ZK_BASE, "storeKey")
    assert "headerLine" in problem.message


def test_an_attribute_that_some_hosts_lack_is_an_error_for_their_tasks_only() -> None:
    files = files_with((HDFS, "/rack=r2", ""), (HDFS, "#SITE#", "a=%{datanode.host.rack}"))

    found = check_file(MappingTree(files), HDFS, CATALOG)

    assert not [problem for problem in found if problem.level == "error"]
    assert any("10.1.0.2" in problem.message and "'rack'" in problem.message for problem in found)


def test_an_unknown_service_is_told() -> None:
    with pytest.raises(ClusterFileError, match="nosuch"):
        describe({}, "nosuch", "x")


def test_a_file_that_is_no_text_is_told() -> None:
    with pytest.raises(ClusterFileError, match="UTF-8"):
        describe({HDFS: b"\xff"})  # type: ignore[dict-item]
