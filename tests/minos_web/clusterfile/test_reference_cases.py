"""The language, statement by statement as the reference has it: text, inheritance, expressions, clusters, hosts.

Arguments, files and services are in test_reference_services.py. Where the console means something better than the
original did, the row says what the original did.
"""

from typing import Any

import pytest

from tests.minos_web.clusterfile.conformance import ABSENT
from tests.minos_web.clusterfile.reference import ERROR, check, renamed
from tests.minos_web.clusterfile.samples import FILES, HBASE, HDFS, HDFS_BASE, ZK, files_with, site

Edit = tuple[str, str, str]
Facts = dict[str, Any]

DN_LINES = (
    "  host.0=10.1.0.1/rack=r1\n  host.1=10.1.0.2/rack=r2/instance_num=3\n  host.4=10.1.0.3/rack=r1/instance_num=2\n"
)
APP, LOG, DATA = "/home/work/app/hdfs/lake-pike", "/home/work/log/hdfs/lake-pike", "/home/work/data/hdfs/lake-pike"
NN = "namenode/0/0"


def error(*words: str) -> Facts:
    return {ERROR: words}


# fmt: off
TEXT: dict[str, tuple[str, Facts]] = {
    "long quotes keep line ends": ("a='''one\ntwo'''", {f"{NN} site a": "one\ntwo"}),
    "long quotes hold other quotes, hashes and commas": ("a='''x, \"y\" #z'''", {f"{NN} site a": 'x, "y" #z'}),
    "a quoted key may hold an equals sign": ('"k=1"=v', {f"{NN} site k=1": "v"}),
    "only the first equals sign ends a bare key": ("k=1=v:w", {f"{NN} site k": "1=v:w"}),
    "indentation means nothing": ("a=1\nb=2\n            c=3", {f"{NN} site b": "2", f"{NN} site c": "3"}),
    "a hash ends a bare value, with or without a blank": ("a=x#y\n    b=x #y", {f"{NN} site a": "x", f"{NN} site b": "x"}),
    "a value that is a comment is empty": ("a=# nothing", {f"{NN} site a": ""}),
    "a key twice in one section is refused": ("a=1\n    a=2", error("a", "already")),
    "the same key in two sections is none": ("a=1\n  [[core-site.xml]]\n    a=2", {f"{NN} site a": "1"}),
    "a bare list evaluates its items and prints as Python does": ("a=%{cluster.name}, x, %{namenode.base_port}",
        {f"{NN} site a": "['lake-pike', 'x', '22200']"}),
    "quotes around the whole make no list": ('a="%{cluster.name}, x"', {f"{NN} site a": "lake-pike, x"}),
    "interpolation takes the key of its section": ("low=17\n    a=v%(low)s", {f"{NN} site a": "v17", f"{NN} site low": "17"}),
    "interpolation comes before expressions": ("low=%{cluster.name}\n    a=%(low)s", {f"{NN} site a": "lake-pike"}),
    "interpolation goes through a DEFAULT subsection": ("a=%(low)s\n    [[[DEFAULT]]]\n    low=3", {f"{NN} site a": "3"}),
    "interpolation does not see what only the base has": ("a=v%(both)s", error("both", "a raw file")),
    "interpolation of a pattern without a key is refused": ("a=%(asctime)s", error("asctime")),
    "interpolation reaches the items of a list": ("low=1\n    a=x, %(low)s", {f"{NN} site a": "['x', '1']"}),
    "two percent signs are no escape": ("low=3\n    a=%%(low)s", {f"{NN} site a": "%3"}),
    "a dollar sign is plain": ("low=3\n    a=$low ${low}", {f"{NN} site a": "$low ${low}"}),
    "a bare ampersand or less-than sign is kept (the original broke the file)": ('a="x & y < z"', {f"{NN} site a": "x & y < z"}),
}

EXPRESSIONS: dict[str, tuple[str, Facts]] = {
    "attributes of the cluster and their defaults": (
        "a=%{cluster.name}|%{cluster.version}|%{cluster.kerberos_realm}|%{cluster.log_level}|%{cluster.zk_cluster}\n"
        "    b=[%{cluster.kerberos_username}%{cluster.ganglia_address}%{cluster.package_name}%{cluster.revision}]\n"
        "    c=[%{cluster.timestamp}%{cluster.hdfs_cluster}%{cluster.hbase_cluster}%{cluster.yarn_cluster}]",
        {f"{NN} site a": "lake-pike|3.4.1|XIAOMI.NET|info|lake", f"{NN} site b": "[]", f"{NN} site c": "[]"}),
    "jobs print as a Python list, those of another cluster too": ("a=%{cluster.jobs}\n    b=%{zookeeper.cluster.jobs}",
        {f"{NN} site a": "['journalnode', 'zkfc', 'namenode', 'datanode']", f"{NN} site b": "['zookeeper']"}),
    "a port plus a number": ("a=%{namenode.base_port}|%{namenode.base_port+1}|%{datanode.base_port+25}|%{datanode.base_port+0}",
        {"namenode/1/0 site a": "22200|22201|22425|22400"}),
    "a port follows the instance of the task, that of another job too": (
        "own=%{datanode.base_port}\n    own2=%{datanode.base_port+2}\n    other=%{journalnode.base_port}\n    other1=%{namenode.base_port+1}",
        {"datanode/0/0 site own": "22400", "datanode/1/0 site own": "22400", "datanode/1/2 site own": "22420",
         "datanode/1/2 site own2": "22422", "datanode/1/1 site other": "22110", "datanode/4/1 site other1": "22211",
         "journalnode/2/0 site own": "22400"}),
    "the port of a numbered task follows its own instance alone": ("a=%{datanode.2.base_port}|%{namenode.1.base_port+1}",
        {"datanode/1/2 site a": "22410|22201", "datanode/0/0 site a": "22410|22201"}),
    "a minus subtracts (the original added)": ("a=%{namenode.base_port-3}|%{datanode.2.base_port-3}", {f"{NN} site a": "22197|22407"}),
    "junk behind a port is refused (the original dropped it)": ("a=%{namenode.base_port+1x.y}", error("base_port+1x.y")),
    "junk behind a task's port is refused": ("a=%{namenode.1.base_port+2 and more}", error("base_port+2 and more")),
    "a second step is refused (the original dropped it)": ("a=%{namenode.base_port+1+1}", error("base_port+1+1")),
    "a task number past the last is refused": ("a=%{datanode.6.host}", error("datanode", "6")),
    "an unknown part of a task is refused (the original wrote None)": ("a=%{namenode.0.port}", error("namenode.0.port")),
    "an unknown directory is refused (the original wrote None)": ("a=%{namenode.tmp_dir}", error("namenode.tmp_dir")),
    "an unknown word is refused (the original left it)": ("a=%{nosuchthing}", error("nosuchthing")),
    "an unknown word in front of a known one is refused (the original shifted values)": ("a=%{nosuchthing}/%{cluster.name}",
        error("nosuchthing")),
    "an unknown word in a key is refused": ("k.%{nosuchthing}=1", error("nosuchthing")),
    "the ZooKeeper cluster is found by the name's first part": (
        "a=%{zk.hosts}\n    b=%{zk.hosts_with_port}\n    c=%{zookeeper.zookeeper.1.host}:%{zookeeper.zookeeper.1.base_port+3}",
        {f"{NN} site a": "10.1.0.1,10.1.0.2", f"{NN} site b": "10.1.0.1:21000,10.1.0.2:21000", f"{NN} site c": "10.1.0.2:21003"}),
    "every journalnode, divided by semicolons": ("a=qjournal://%{journalnode_task_list}/%{cluster.name}",
        {"datanode/1/1 site a": "qjournal://10.1.0.1:22100;10.1.0.2:22100;10.1.0.3:22100/lake-pike"}),
    "a service whose cluster is not named is refused": ("a=%{hbase.master.0.host}", error("hbase")),
    "a short form needs a job of this cluster": ("a=%{zookeeper.base_port}", error("zookeeper")),
    "a short form of a directory needs one too": ("a=%{zookeeper.data_dir}", error("zookeeper.data_dir")),
    "several and repeated expressions": ("a=%{cluster.name}-%{cluster.name}:%{namenode.base_port}%{namenode.base_port}",
        {f"{NN} site a": "lake-pike-lake-pike:2220022200"}),
    "words without a dot": ("a=%{remote_user}|%{short_user_name}|%{hadoop_conf_path}|%{current_host}",
        {"namenode/1/0 site a": "work|operator|/etc/hadoop/conf|10.1.0.2"}),
    "a host's attribute of another job needs its host of the same number": ("a=%{namenode.host.ip}",
        error("host.2 of namenode")),
    "an attribute that a host lacks is told with its address": ("a=%{datanode.host.cpu}", error("cpu", "10.1.0.1")),
    "directories of another job have no instance where its first host has one alone": ("a=%{namenode.run_dir}|%{datanode.run_dir}",
        {"datanode/1/2 site a": f"{APP}/namenode|{APP}/datanode/2", "namenode/1/0 site a": f"{APP}/namenode|{APP}/datanode"}),
    "percent signs that begin nothing are plain": ("a=%d{ISO8601} 50% %{cluster.name} %", {f"{NN} site a": "%d{ISO8601} 50% lake-pike %"}),
    "a key written out in the child wins over an evaluated one of the base (the original's base won)":
        ("x.lake-pike=child", {f"{NN} site x.lake-pike": "child"}),
    "the same with a list": ("x.lake-pike=child, list", {f"{NN} site x.lake-pike": "['child', 'list']"}),
    "the same with a percent sign": ("x.lake-pike=100%", {f"{NN} site x.lake-pike": "100%"}),
    "the same spelling overrides": ("x.%{cluster.name}=child", {f"{NN} site x.lake-pike": "child"}),
}

MIDDLE = "conf/hdfs/common/middle.cfg"
ON_MIDDLE = ((HDFS, "common/fish.cfg", "common/middle.cfg"),)
INHERITED: dict[str, tuple[tuple[Edit, ...], str, Facts]] = {
    # edits of the sample files, lines of a middle file below [configuration] ("": there is none), facts
    "the leaf beats the middle, the middle the root": ((*ON_MIDDLE, (HDFS, "#SITE#", "three=leaf")),
        "  [[hdfs-site.xml]]\n    both=middle\n    two=middle\n    three=middle\n",
        {f"{NN} site both": "middle", f"{NN} site two": "middle", f"{NN} site three": "leaf", f"{NN} site dfs.nameservices": "lake-pike"}),
    "a file section of the middle is kept (the original lost it)": (ON_MIDDLE, "  raw.txt=raw/note.txt\n  [[hdfs-site.xml]]\n    two=2\n",
        {f"{NN} site two": "2", f"{NN} raw_files raw.txt source": "%{config_dir}/raw/note.txt"}),
    "[arguments] of the root beats that of the middle": (ON_MIDDLE,
        "[arguments]\n  [[service_common]]\n    jvm_args=-Xmx9m\n    system_properties=\n    main_entry=\n    extra_args=\n",
        {"zkfc/0/0 start jvm_args": ["-Xmx100m", "-XX:+UseThis", '-Dpath="/a b"']}),
    "[cluster] of the base beats that of the file": (
        ((HDFS_BASE, "[arguments]", "[cluster]\n name=lake-pike\n version=0.1\n jobs=namenode\n kerberos_realm=BASE\n[arguments]"),
         (HDFS, "version=3.4.1", "version=3.4.1\n  kerberos_realm=LEAF"),
         (HDFS, "#SITE#", "a=%{cluster.version}%{cluster.kerberos_realm}%{cluster.jobs}")), "",
        {f"{NN} site a": "0.1BASE['namenode']", "datanode/0/0": ABSENT}),
    "a base that is not there is an error": (((HDFS, "fish.cfg", "no-such.cfg"),), "", error("no-such.cfg")),
    "a base behind a file section is a key of that file": (
        ((HDFS, "  base=%{config_dir}/conf/hdfs/common/fish.cfg\n", ""), (HDFS, "#SITE#", "base=%{config_dir}/conf/hdfs/common/fish.cfg")),
        "", error("[arguments]")),
    "a raw file of the file alone is sent (the original lost it)": (((HDFS, "  base=", "  own.txt=%{config_dir}/raw/note.txt\n  base="),), "",
        {f"{NN} raw_files own.txt source": "%{config_dir}/raw/note.txt",
         f"{NN} start config_files": ["core-site.xml", "hadoop-metrics2.properties", "hdfs-site.xml", "note.txt", "own.txt"]}),
    "a raw file of the base is overridden (the original crashed)": (((HDFS, "  base=", "  note.txt=%{config_dir}/raw/other.txt\n  base="),), "",
        {f"{NN} raw_contents note.txt": "other\n"}),
    "a file section of the file alone is made (the original lost it)": (
        ((HDFS_BASE, "  [[core-site.xml]]\n    fs.defaultFS=hdfs://%{cluster.name}\n", ""), (HDFS, "  [[hdfs-site.xml]]", "  [[core-site.xml]]\n    a=b\n  [[hdfs-site.xml]]")),
        "", {f"{NN} files core-site.xml properties": {"a": "b"}}),
    "expressions of a base are those of the cluster that builds on it": (((HDFS_BASE, "both=base", "both=%{datanode.0.host}"),), "",
        {f"{NN} site both": "10.1.0.1"}),
    "an unevaluated key of the base is no second one": (((HDFS, "#SITE#", "dfs.nameservices=x"),), "", {f"{NN} site dfs.nameservices": "x"}),
}

HEAD: dict[str, tuple[tuple[Edit, ...], Facts]] = {
    "a key outside of the schema cannot be asked for": (
        ((HDFS, "version=3.4.1", "version=3.4.1\n  rack=r7"), (HDFS, "#SITE#", "a=%{cluster.rack}")), error("rack")),
    "values of [cluster] are not evaluated, but a later replacement reaches into them": (
        ((HDFS, "version=3.4.1", "version=3.4.1\n  package_name=p-%{cluster.name}"),
         (HDFS, "#SITE#", "a=%{cluster.package_name}\n    b=%{cluster.package_name}/%{cluster.name}\n    c=%{cluster.name}/%{cluster.package_name}")),
        {f"{NN} site a": "p-%{cluster.name}", f"{NN} site b": "p-lake-pike/lake-pike", f"{NN} site c": "lake-pike/p-%{cluster.name}"}),
    "jobs with commas are refused": (((HDFS, "jobs=journalnode zkfc", "jobs=journalnode, zkfc"),), error("jobs=")),
    "jobs with commas in quotes are no sections": (((HDFS, "jobs=journalnode zkfc namenode datanode", 'jobs="journalnode, zkfc"'),), error("journalnode,")),
    "a job's section that is not listed is not looked at, even a broken one": (
        ((HDFS, "[configuration]", "[nfs]\n  base_port=77\n  host.0=x/y\n[configuration]"),), {"datanode/0/0 base_port": 22400}),
    "a job that is listed needs a section": (((HDFS, "jobs=", "jobs=httpfs "),), error("httpfs")),
    "the base port must be there": (((HDFS, "  base_port=22400\n", ""),), error("base_port", "datanode")),
    "the base port must be a number": (((HDFS, "base_port=22400", "base_port=%{namenode.base_port}"),), error("whole number")),
    "the base port must be a multiple of 100": (((HDFS, "base_port=22400", "base_port=22450"),), error("22450")),
}

HOSTS: dict[str, tuple[str, str, Facts]] = {
    # host lines of the datanode, lines of hdfs-site.xml, facts
    "host numbers count as numbers": ("  host.10=10.1.0.3\n  host.2=10.1.0.2\n", "t0=%{datanode.0.host}\n    t1=%{datanode.1.host}",
        {f"{NN} site t0": "10.1.0.2", f"{NN} site t1": "10.1.0.3", "datanode/10/0 task_id": 1}),
    "names and directories of instances": (DN_LINES, "", {
        "datanode/0/0 process_name": "hdfs--lake-pike--datanode", "datanode/1/0 process_name": "hdfs--lake-pike--datanode0",
        "datanode/4/1 process_name": "hdfs--lake-pike--datanode1", "datanode/1/0 dirs run_dir": f"{APP}/datanode/0",
        "datanode/0/0 dirs stdout_dir": f"{APP}/datanode/stdout", "datanode/1/2 dirs package_dir": f"{APP}/datanode/2/package",
        "datanode/1/2 dirs current_package_dir": "/home/work/packages/hdfs/lake-pike/current",
        "datanode/1/2 dirs log_dir": f"{LOG}/datanode/2", "datanode/1/2 dirs available_data_dirs": [f"{DATA}/datanode/2"]}),
    "instances below one are refused": ("  host.0=10.1.0.1/instance_num=-1\n", "", error("instance_num")),
    "an attribute needs an equals sign": ("  host.0=10.1.0.1/ssd\n", "", error("ssd")),
    "an attribute has one equals sign": ("  host.0=10.1.0.1/a=b=c\n", "", error("a=b=c")),
    "an attribute called ip replaces the address": ("  host.0=10.1.0.1/ip=10.9.0.7\n", "a=%{datanode.0.host}",
        {"datanode/0/0 host": "10.9.0.7", "datanode/0/0 site a": "10.9.0.7"}),
    "attributes are literal": ("  host.0=10.1.0.1/x=%{cluster.name}\n", "a=%{datanode.0.host}", {"datanode/0/0 host_attributes x": "%{cluster.name}"}),
    "the directories of another job need no host 0 (the original did)": ("  host.1=10.1.0.1\n  host.2=10.1.0.2\n", "a=%{datanode.data_dir}",
        {f"{NN} site a": f"{DATA}/datanode"}),
    "an eleventh instance runs into the next hundred": ("  host.0=10.1.0.9/instance_num=11\n", "", {"datanode/0/10 base_port": 22500}),
}
# fmt: on


@pytest.mark.parametrize(("lines", "facts"), TEXT.values(), ids=TEXT)
def test_text(lines: str, facts: Facts) -> None:
    check(site(lines), facts)


@pytest.mark.parametrize(("lines", "facts"), EXPRESSIONS.values(), ids=EXPRESSIONS)
def test_expression(lines: str, facts: Facts) -> None:
    check(site(lines), facts)


@pytest.mark.parametrize(("edits", "middle", "facts"), INHERITED.values(), ids=INHERITED)
def test_inheritance(edits: tuple[Edit, ...], middle: str, facts: Facts) -> None:
    files = files_with(*edits) | {"raw/other.txt": "other\n"}
    if middle:
        files[MIDDLE] = f"[configuration]\n  base=%{{config_dir}}/conf/hdfs/common/fish.cfg\n{middle}"
    check(files, facts)


@pytest.mark.parametrize(("edits", "facts"), HEAD.values(), ids=HEAD)
def test_cluster_and_jobs(edits: tuple[Edit, ...], facts: Facts) -> None:
    check(files_with(*edits), facts)


@pytest.mark.parametrize(("hosts", "lines", "facts"), HOSTS.values(), ids=HOSTS)
def test_hosts(hosts: str, lines: str, facts: Facts) -> None:
    check(files_with((HDFS, DN_LINES, hosts), (HDFS, "#SITE#", lines)), facts)


def test_instances_of_a_job_that_may_have_one_alone() -> None:
    check(
        files_with((HDFS, "host.2=10.1.0.3\n", "host.2=10.1.0.3/instance_num=2\n")),
        error("instance_num", "journalnode"),
    )


def test_all_directories_of_a_task_of_its_own() -> None:
    names = ("run_dir", "log_dir", "data_dir", "data_dirs", "current_package_dir")
    lines = "\n    ".join(f"{name}=%{{datanode.{name}}}" for name in names)
    tail = "hdfs/lake-pike/datanode"

    check(
        site(lines),
        {
            "datanode/0/0 site run_dir": f"{APP}/datanode",
            "datanode/1/1 site run_dir": f"{APP}/datanode/1",
            "datanode/1/0 site log_dir": f"{LOG}/datanode/0",
            "datanode/0/0 site data_dir": f"/d/b/{tail}",
            "datanode/1/2 site data_dirs": f"/d/b/{tail}/2,/d/a/{tail}/2",
            "datanode/1/2 site current_package_dir": "/home/work/packages/hdfs/lake-pike/current",
        },
        data_dirs=["/d/b", "/d/a"],
    )


NAMES: dict[str, tuple[str, str, str, Facts]] = {
    "a name that begins with a capital": ("lake-pike", "Lake-pike", "hdfs", error("Lake-pike")),
    "an hdfs cluster without a ZooKeeper part": ("lake-pike", "pike", "hdfs", error("pike", "zookeeper")),
    "an hbase cluster with nothing legal behind its dash": ("lake-carp", "lake-Carp", "hbase", error("zookeeper")),
    "a ZooKeeper cluster with a dash": ("lake", "lake-two", "zookeeper", error("lake-two")),
    "a loose end": ("lake-pike", "lake-pike_X", "hdfs", {f"{NN} process_name": "hdfs--lake-pike_X--namenode"}),
    "three parts": ("lake-pike", "lake-pike-2", "hdfs", {f"{NN} site dfs.nameservices": "lake-pike-2"}),
}


@pytest.mark.parametrize(("old", "new", "service", "facts"), NAMES.values(), ids=NAMES)
def test_names(old: str, new: str, service: str, facts: Facts) -> None:
    check(renamed(old, new, service), facts, service=service, cluster=new)


def test_a_name_that_is_not_the_one_asked_for() -> None:
    check(files_with((HDFS, "name=lake-pike", "name=lake-perch")), error("lake-perch", "lake-pike"))


def test_a_missing_zookeeper_cluster_is_missed_only_where_it_is_asked_for() -> None:
    path = "conf/hdfs/hdfs-sea-pike.cfg"
    asking = renamed("lake-pike", "sea-pike", files=site("a=%{zk.hosts}"))
    silent = asking | {path: asking[path].replace("a=%{zk.hosts}", "")}

    check(asking, error("zookeeper-sea.cfg"), cluster="sea-pike")
    check(silent, {f"{NN} site dfs.nameservices": "sea-pike"}, cluster="sea-pike")


OF_HBASE: dict[str, tuple[str, Facts]] = {
    "copied hosts are seen by a deployment of hdfs alone": ("a=%{hdfs.zkfc.0.host}", error("zkfc")),
    "a task of the cluster that hdfs_cluster names": ("a=%{hdfs.journalnode.2.host}", {"master/0/0 files hbase-site.xml properties a": "10.1.0.3"}),
    "a job of another cluster": ("a=%{hdfs.nfs.0.host}", error("nfs")),
    "a service that cannot be referred to": ("a=%{kafka.kafka.0.host}", error("kafka")),
    "the instance of a task does not reach other clusters": ("a=%{hdfs.datanode.1.base_port+1}",
        {"regionserver/0/1 files hbase-site.xml properties a": "22401"}),
    "the own service by its long form": ("a=%{hbase.regionserver.1.base_port}|%{hbase.cluster.name}",
        {"regionserver/0/0 files hbase-site.xml properties a": "23610|lake-carp"}),
}  # fmt: skip


@pytest.mark.parametrize(("line", "facts"), OF_HBASE.values(), ids=OF_HBASE)
def test_another_cluster(line: str, facts: Facts) -> None:
    check(files_with((HBASE, "#SITE#", line)), facts, service="hbase", cluster="lake-carp")


def test_another_cluster_is_judged_only_when_it_is_asked_for() -> None:
    broken = files_with((ZK, "host.1=10.1.0.2", "host.1=10.1.0.2/ssd"))
    asking = broken | {HDFS: FILES[HDFS].replace("#SITE#", "a=%{zk.hosts}")}

    check(broken, {f"{NN} site both": "base"})
    check(asking, error("ssd"))
