"""Every form of expression and every rule of the text, one line each: what stands in the file, what the task gets."""

import pytest

from tests.minos_web.clusterfile.conformance import read_site_xml
from tests.minos_web.clusterfile.samples import HBASE, HDFS, describe, files_with, hdfs_site, rendered, site

PLAIN_TEXT = {
    "a text": ("a=two words", "two words"),
    "blanks around a value go away": ("a=   two words  ", "two words"),
    "double quotes keep blanks": ('a="  x  "', "  x  "),
    "single quotes keep double quotes": ("a='say \"x\"'", 'say "x"'),
    "an apostrophe inside double quotes": ('a="it\'s"', "it's"),
    "quotes keep commas": ('a="x,y"', "x,y"),
    "quotes keep hashes": ('a="x#y"', "x#y"),
    "an unquoted hash begins a comment": ("a=x#y", "x"),
    "a comment behind a value": ("a=x # why", "x"),
    "a comment behind quotes": ('a="x" # "why"', "x"),
    "only the first equals sign divides": ("a=b=c=d", "b=c=d"),
    "a colon is text": ("a=b:c", "b:c"),
    "an empty value": ("a=", ""),
    "an empty value in quotes": ('a=""', ""),
    "an unquoted comma prints as a list": ("a=x, y", "['x', 'y']"),
    "a trailing comma makes a list of one": ("a=x,", "['x']"),
    "a lone comma makes an empty list": ("a=,", "[]"),
    "quotes in a list": ('a="x,y", z', "['x,y', 'z']"),
    "triple quotes keep line ends": ("a='''x\n  y'''", "x\n  y"),
    "triple quotes on one line": ("a='''x, y#z''' # why", "x, y#z"),
    "triple double quotes": ('a="""x\ny"""', "x\ny"),
    "a quoted key holds an equals sign": ('"a"=x', "x"),
    "blanks around the equals sign": ("a   =   x", "x"),
    "a percent sign is text": ("a=20%", "20%"),
    "a pattern is text": ("a=%d{ISO8601}", "%d{ISO8601}"),
    "an opening without a closing is text": ("a=%{x", "%{x"),
    "no dollar interpolation": ("a=$run_dir ${x}", "$run_dir ${x}"),
    "a character reference stays": ('a="x&#xA;y"', "x\ny"),
    "a written ampersand stays": ('a="x &amp; y"', "x & y"),
    "a bare ampersand is escaped": ('a="x & y"', "x & y"),
    "a bare less-than is escaped": ('a="x < y > z"', "x < y > z"),
    "an unknown entity is escaped": ('a="&nbsp;"', "&nbsp;"),
    "%(name)s of the same section": ("low=7\n    a=v%(low)s", "v7"),
    "%(name)s of the file's top": ("a=%(top)s", "99"),
    "%(name)s through another": ("one=%(two)s\n    two=2\n    a=%(one)s%(two)s", "22"),
    "%(name)s prefers the nearest": ("top=1\n    a=%(top)s", "1"),
    "%(name)s inside a list": ("low=7\n    a=%(low)s, x", "['7', 'x']"),
}

EXPRESSIONS = {
    "cluster attribute": ("%{cluster.name}", "lake-pike"),
    "cluster attribute without a value": ("[%{cluster.ganglia_address}]", "[]"),
    "log level": ("%{cluster.log_level}", "info"),
    "zookeeper part of the name": ("%{cluster.zk_cluster}", "lake"),
    "job list prints as a list": ("%{cluster.jobs}", "['journalnode', 'zkfc', 'namenode', 'datanode']"),
    "port of another job": ("%{datanode.base_port}", "22400"),
    "port plus": ("%{datanode.base_port+25}", "22425"),
    "port minus": ("%{datanode.base_port-3}", "22397"),
    "host of a task": ("%{datanode.0.host}", "10.1.0.1"),
    "task numbers are dense over instances": ("%{datanode.3.host}:%{datanode.3.base_port}", "10.1.0.2:22420"),
    "task numbers are dense over holes in host ids": ("%{datanode.5.host}:%{datanode.5.base_port+1}", "10.1.0.3:22411"),
    "port of a task minus": ("%{datanode.2.base_port-1}", "22409"),
    "host attribute": ("%{datanode.host.rack}", "r1"),
    "host address as attribute": ("%{datanode.host.ip}", "10.1.0.1"),
    "instances as attribute": ("%{datanode.host.instance_num}", "1"),
    "run directory": ("%{namenode.run_dir}", "/home/work/app/hdfs/lake-pike/namenode"),
    "log directory of another job": ("%{datanode.log_dir}", "/home/work/log/hdfs/lake-pike/datanode"),
    "data directory": ("%{namenode.data_dir}", "/home/work/data/hdfs/lake-pike/namenode"),
    "data directories": ("%{namenode.data_dirs}", "/home/work/data/hdfs/lake-pike/namenode"),
    "package directory": ("%{namenode.current_package_dir}", "/home/work/packages/hdfs/lake-pike/current"),
    "attribute of another cluster": ("%{zookeeper.cluster.version}", "3.9.1"),
    "task of another cluster": ("%{zookeeper.zookeeper.1.host}:%{zookeeper.zookeeper.1.base_port+2}", "10.1.0.2:21002"),
    "own service, long form": ("%{hdfs.namenode.1.host} %{hdfs.cluster.version}", "10.1.0.2 3.4.1"),
    "zookeeper hosts": ("%{zk.hosts}", "10.1.0.1,10.1.0.2"),
    "zookeeper hosts with port": ("%{zk.hosts_with_port}", "10.1.0.1:21000,10.1.0.2:21000"),
    "journalnodes": ("%{journalnode_task_list}", "10.1.0.1:22100;10.1.0.2:22100;10.1.0.3:22100"),
    "server list": ("%{server_list}", "server.0=10.1.0.1:21002:21003\nserver.1=10.1.0.2:21002:21003"),
    "hosts copied from another job": ("%{zkfc.1.host}:%{zkfc.1.base_port}", "10.1.0.2:22300"),
    "remote user": ("%{remote_user}", "work"),
    "short user name": ("%{short_user_name}", "operator"),
    "hadoop configuration": ("%{hadoop_conf_path}", "/etc/hadoop/conf"),
    "own address": ("%{current_host}", "10.1.0.1"),
    "every task of a job": ("%{namenode.task_list}", "10.1.0.1:22200,10.1.0.2:22200"),
    "own task": (
        "%{task.job} %{task.number} %{task.host_id} %{task.instance} %{task.base_port}",
        "namenode 0 0 0 22200",
    ),
    "several and repeated": ("%{cluster.name}/%{cluster.name}:%{namenode.base_port}", "lake-pike/lake-pike:22200"),
    "an expression in a list": ("%{cluster.name}, x", "['lake-pike', 'x']"),
    "text around percent signs": ("50%/%{cluster.name}/%", "50%/lake-pike/%"),
}

OF_DATANODE = {
    # task 2 is instance 1 of host.1 (three instances), task 4 instance 0 of host.4 (two instances)
    "own port of an instance": (2, "%{datanode.base_port}", "22410"),
    "own port of an instance plus": (3, "%{datanode.base_port+2}", "22422"),
    "the offset reaches other jobs": (3, "%{namenode.base_port}", "22220"),
    "the port of a numbered task does not move": (3, "%{namenode.1.base_port}", "22200"),
    "run directory of an instance": (2, "%{datanode.run_dir}", "/home/work/app/hdfs/lake-pike/datanode/1"),
    "run directory of a single instance": (0, "%{datanode.run_dir}", "/home/work/app/hdfs/lake-pike/datanode"),
    "another job's directory has no instance": (2, "%{namenode.run_dir}", "/home/work/app/hdfs/lake-pike/namenode"),
    "another job's host of the same id": (2, "%{journalnode.host.ip}", "10.1.0.2"),
    "own address of an instance": (4, "%{current_host}", "10.1.0.3"),
    "own attribute": (1, "%{datanode.host.rack}/%{datanode.host.instance_num}", "r2/3"),
}


@pytest.mark.parametrize(("lines", "expected"), PLAIN_TEXT.values(), ids=PLAIN_TEXT)
def test_text_means(lines: str, expected: str) -> None:
    files = site(lines)
    files[HDFS] = "top=99\n" + files[HDFS]

    assert hdfs_site(files)["a"] == expected


@pytest.mark.parametrize(("value", "expected"), EXPRESSIONS.values(), ids=EXPRESSIONS)
def test_expression_gives(value: str, expected: str) -> None:
    assert hdfs_site(site(f"a={value}"))["a"] == expected


@pytest.mark.parametrize(("task", "value", "expected"), OF_DATANODE.values(), ids=OF_DATANODE)
def test_expression_of_an_instance_gives(task: int, value: str, expected: str) -> None:
    assert hdfs_site(site(f"a={value}"), "datanode", task)["a"] == expected


def test_keys_are_evaluated_too() -> None:
    properties = hdfs_site(site("rpc.%{cluster.name}.nn1=%{namenode.1.host}"))

    assert properties["rpc.lake-pike.nn1"] == "10.1.0.2"
    assert not any("%{" in key for key in properties)


def test_a_key_written_out_in_the_child_beats_the_evaluated_one_of_the_base() -> None:
    assert hdfs_site(site("x.lake-pike=child"))["x.lake-pike"] == "child"
    assert hdfs_site(site("x.%{cluster.name}=child"))["x.lake-pike"] == "child"


def test_values_of_cluster_are_literal_but_later_replacements_reach_into_them() -> None:
    files = files_with(
        (HDFS, "version=3.4.1", "version=3.4.1\n  package_name=p-%{cluster.name}"),
        (HDFS, "#SITE#", "a=%{cluster.package_name}\n    b=%{cluster.package_name}/%{cluster.name}"),
    )

    properties = hdfs_site(files)

    assert properties["a"] == "p-%{cluster.name}"
    assert properties["b"] == "p-lake-pike/lake-pike"


def test_other_clusters_are_found_by_their_attribute() -> None:
    lines = (
        "a=%{hdfs.datanode.2.host}:%{hdfs.datanode.2.base_port+2}\n    b=%{journalnode_task_list}\n    c=%{zk.hosts}"
    )
    description = describe(files_with((HBASE, "#SITE#", lines)), "hbase", "lake-carp")

    properties = read_site_xml(rendered(description, "regionserver", 1).files["hbase-site.xml"])

    assert properties["a"] == "10.1.0.2:22412"
    assert properties["b"] == "10.1.0.1:22100;10.1.0.2:22100;10.1.0.3:22100"
    assert properties["c"] == "10.1.0.1,10.1.0.2"
