"""Arguments, files, services and selections, statement by statement as the reference has them.

The language is in test_reference_cases.py. Where the console means something better than the original did, the row says
what the original did.
"""

from typing import Any

import pytest

from tests.minos_web.clusterfile.conformance import ABSENT
from tests.minos_web.clusterfile.reference import ERROR, check
from tests.minos_web.clusterfile.samples import (
    EMPTY_ARGUMENTS,
    HBASE_BASE,
    HDFS,
    HDFS_BASE,
    ZK,
    ZK_BASE,
    cluster_text,
    files_with,
)

Edit = tuple[str, str, str]
Facts = dict[str, Any]

DN = "datanode/0/0"
OWN = "rack=r1/instance_num=2\n  [[arguments]]\n"
COMMON = "    main_entry=example.Data\n    system_properties=-Dboth=job\n"
SERVICE = '    jvm_args=-Xmx100m -XX:+UseThis -Dpath="/a b"\n'
SYSTEM = "    system_properties=-Dname=%{cluster.name} -Dboth=service\n"
RUN = "/home/work/app/hdfs/lake-pike"


def error(*words: str) -> Facts:
    return {ERROR: words}


def arguments(own: str = "", common: str = "", service: str = "") -> tuple[Edit, ...]:
    """jvm_args of the datanode at three levels, written as they are given."""
    return (
        (HDFS, OWN, f"{OWN}    jvm_args={own}\n"),
        (HDFS_BASE, COMMON, f"{COMMON}    jvm_args={common}\n"),
        (HDFS_BASE, SERVICE, f"    jvm_args={service}\n"),
    )


# fmt: off
ARGUMENTS: dict[str, tuple[tuple[Edit, ...], Facts]] = {
    "heap switches have a key of four letters": (arguments("-Xmx3g -Xss3m", "-Xmn2g", "-Xmx1g -Xms1g -Xmn1g -Xss1m"),
        {f"{DN} start jvm_args": ["-Xmx3g", "-Xss3m", "-Xmn2g", "-Xms1g"]}),
    "doubles stay in the job's own list alone": (arguments("-Xmx1m -Xmx2m", "-Db=1 -Db=2", "-Dz=1 -Dz=2"),
        {f"{DN} start jvm_args": ["-Xmx1m", "-Xmx2m", "-Db=1", "-Dz=1"]}),
    "the key ends at the first equals sign": (arguments("-Da=1=2", "", "-Da=3 -Da=1"), {f"{DN} start jvm_args": ["-Da=1=2"]}),
    "other switches with a value behind a colon are their own keys": (arguments("-Xbootclasspath/a:/x", "", "-Xbootclasspath/a:/y -Xlog:gc"),
        {f"{DN} start jvm_args": ["-Xbootclasspath/a:/x", "-Xbootclasspath/a:/y", "-Xlog:gc"]}),
    "expressions follow the task, and keys are compared before them": (
        arguments("%{datanode.base_port+1} -Dx=%{namenode.1.host}", "%{datanode.base_port+1} 22401",
            "-Dx=0 -h=%{current_host} -Dport=%{namenode.base_port} -Dpart=30%"),
        {"datanode/1/1 start jvm_args": ["22411", "-Dx=10.1.0.2", "22401", "-h=10.1.0.2", "-Dport=22210", "-Dpart=30%"],
         f"{DN} start jvm_args": ["22401", "-Dx=10.1.0.2", "22401", "-h=10.1.0.1", "-Dport=22200", "-Dpart=30%"]}),
    "double quotes are told as written and gone for the process": (arguments("'''\n-Done=\"/x:/y\"\n-Dtwo=\\$HOME'''"),
        {f"{DN} start jvm_args": ['-Done="/x:/y"', "-Dtwo=\\$HOME"],
         f"{DN} start evaluated arguments": ["-Done=/x:/y", "-Dtwo=$HOME", "-Dboth=job", "-Dname=lake-pike", "example.Data"]}),
    "quotes hold an argument together (the original lost them all)": (arguments("'-Xmx7m -Dlist=\"a b\"'"),
        {f"{DN} start jvm_args": ["-Xmx7m", '-Dlist="a b"'],
         f"{DN} start evaluated arguments": ["-Xmx7m", "-Dlist=a b", "-Dboth=job", "-Dname=lake-pike", "example.Data"]}),
    "a bare comma makes a list whose items are whole": (arguments("", "", "-Xmx1g, -Dtwo words"), {f"{DN} start jvm_args": ["-Xmx1g", "-Dtwo words"]}),
    "a bare comma in a job's list does too (the original crashed)": (arguments("-Xmx1g, -Xms1g"), {f"{DN} start jvm_args": ["-Xmx1g", "-Xms1g"]}),
    "every list must stand for the whole service": (((HDFS_BASE, '    main_entry=""\n', ""),), error("main_entry", "service_common")),
    "every job needs its common arguments": (((HDFS_BASE, f"  [[datanode]]\n{COMMON}", ""),), error("[arguments]", "datanode")),
    "every job needs arguments of its own": (((HDFS, OWN, "rack=r1\n"),), error("datanode", "arguments")),
    "kinds are joined jvm, system, entry, extra": (((HDFS, OWN, f"{OWN}    extra_args=last\n    jvm_args=-Xmx1m\n"),),
        {f"{DN} start evaluated arguments": ["-Xmx1m", "-XX:+UseThis", "-Dpath=/a b", "-Dboth=job", "-Dname=lake-pike", "example.Data", "last"]}),
    "main_entry of the job does not replace the common one": (((HDFS, OWN, f"{OWN}    main_entry=example.Own\n"),),
        {f"{DN} start main_entry": ["example.Own", "example.Data"]}),
    "an empty list of the job leaves the inherited ones": (((HDFS, OWN, f"{OWN}    system_properties=\n"),),
        {f"{DN} start system_properties": ["-Dboth=job", "-Dname=lake-pike"]}),
    "words of the host stay for the host": (arguments("-Da=$run_dir -Db=${start_time} -Dc=$pid -Dd=$log_dir -De=${job_name} -Df=$package_dir"),
        {"datanode/1/1 start jvm_args": ["-Da=$run_dir", "-Db=${start_time}", "-Dc=$pid", "-Dd=$log_dir", "-De=${job_name}", "-Df=$package_dir"],
         "datanode/1/1 start evaluated arguments": [f"-Da={RUN}/datanode/1", "-Db=<start_time>", "-Dc=<pid>", f"-Dd={RUN}/datanode/1/log",
            "-De=datanode", f"-Df={RUN}/datanode/1/package", "-Dboth=job", "-Dname=lake-pike", "example.Data"]}),
}

SENT = ["core-site.xml", "hadoop-metrics2.properties", "hdfs-site.xml", "note.txt"]
FILES: dict[str, tuple[tuple[Edit, ...], Facts]] = {
    "a section that the service does not know is never sent": (((HDFS, "#SITE#", "\n  [[fair.properties]]\n    a=b"),),
        {f"{DN} files fair.properties": ABSENT, f"{DN} start config_files": SENT}),
    "a section that is needed and not there is refused": (((HDFS_BASE, "[[core-site.xml]]", "[[core.xml]]"),), error("core-site.xml")),
    "a raw file is sent as it is": ((), {f"{DN} raw_contents note.txt": "as it is: %{cluster.name} %(x)s $run_dir\n"}),
    "a raw file that is not there is sent empty": (((HDFS_BASE, "raw/note.txt", "raw/absent.txt"),),
        {f"{DN} raw_contents note.txt": "", f"{DN} start config_files": SENT}),
    "the path of a raw file is evaluated": (((HDFS_BASE, "raw/note.txt", "%{cluster.name}/%{namenode.0.host}.txt"),),
        {f"{DN} raw_files note.txt source": "%{config_dir}/lake-pike/10.1.0.1.txt"}),
    "every task gets every file": ((), {f"{job} start config_files": SENT for job in ("journalnode/2/0", "zkfc/1/0", "namenode/0/0", "datanode/4/1")}),
    "two keys of three pin no package": (((HDFS, "version=3.4.1", "version=3.4.1\n  package_name=p\n  revision=r"),),
        {f"{DN} start package": {"package_name": "", "revision": "", "timestamp": "", "force_update": False}}),
    "properties of a site are sorted by name": (((HDFS, "#SITE#", "z=1\n    A=2\n    a=3"),),
        {"namenode/0/0 site": {"A": "2", "a": "3", "both": "base", "dfs.nameservices": "lake-pike", "x.lake-pike": "base", "z": "1"}}),
    "a start without new files sends none": ((), {f"{DN} plain_start": {"config_files": [], "script": False}}),
    "the page of a task is one port above its own": ((), {"datanode/1/2 start http_url": "http://10.1.0.2:22421", "namenode/1/0 start http_url": "http://10.1.0.2:22201"}),
    "metrics without ganglia go into a file alone": ((), {
        "datanode/1/1 files hadoop-metrics2.properties properties": {
            "*.period": "10", "*.sink.file.class": "org.apache.hadoop.metrics2.sink.FileSink",
            "datanode.sink.file.filename": "/home/work/log/hdfs/lake-pike/datanode/1/datanode-metrics.out"}}),
    "four jobs get ganglia's servers, whatever the job is": (((HDFS, "version=3.4.1", "version=3.4.1\n  ganglia_address=10.5.5.5:8649"),), {
        **{f"zkfc/0/0 files hadoop-metrics2.properties properties {job}.sink.ganglia.servers": "10.5.5.5:8649"
           for job in ("namenode", "datanode", "resourcemanager", "nodemanager")},
        "zkfc/0/0 files hadoop-metrics2.properties properties zkfc.sink.ganglia.servers": ABSENT}),
    "the first of each job is formatted": ((), {
        "namenode/0/0 bootstrap script action": ["-format", "-nonInteractive"], "namenode/0/0 bootstrap script runs": True,
        "namenode/1/0 bootstrap script action": ["-bootstrapStandby", "-skipSharedEditsCheck", "-nonInteractive"],
        "namenode/1/0 bootstrap script runs": True, "namenode/1/0 bootstrap script ha_status": "standby",
        "namenode/0/0 bootstrap script ha_status": "standby", "zkfc/0/0 bootstrap script action": ["-formatZK"],
        "zkfc/1/0 bootstrap actions": [], "zkfc/1/0 bootstrap script": {"kind": "hdfs-format-zk", "runs": False, "action": []},
        "journalnode/0/0 bootstrap script": None, "datanode/0/0 bootstrap script": None, "journalnode/0/0 bootstrap actions": [], "datanode/0/0 bootstrap actions": [],
        "namenode/0/0 bootstrap config_files": SENT, "datanode/0/0 bootstrap data_dir_indexes": [0, 1],
        "namenode/0/0 bootstrap data_dir_indexes": [0]}),
}

ON = ((HBASE_BASE, "authentication=simple", "authentication=kerberos"), (HBASE_BASE, "authorization=false", "authorization=true"))
LOGIN = ((ZK_BASE, "[[jaas-server.conf]]", "[[jaas-server.conf]]\n    headerLine=example.Zk required\n    principal=zk/%{cluster.name}\n    useTicketCache=false\n    storeKey=true\n    name='\"q\"'"),)
ZOO = {"service": "zookeeper", "cluster": "lake"}
CARP = {"service": "hbase", "cluster": "lake-carp"}
METRICS = "files hadoop-metrics.properties properties"
OTHERS: dict[str, tuple[dict[str, Any], tuple[Edit, ...], Facts]] = {
    "a key that zookeeper.cfg is made of is missing": (ZOO, ((ZK_BASE, "    sync_limit=3\n", ""),), error("sync_limit")),
    "keys that zookeeper.cfg is not made of are not written": (ZOO, ((ZK_BASE, "    tick_time", "    maxClientCnxns=7\n    tick_time"),),
        {"zookeeper/0/0 files zookeeper.cfg properties maxClientCnxns": ABSENT}),
    "an empty switch turns the security lines on without a login": (ZOO, ((ZK_BASE, 'security_switch="# "', "security_switch="),), {
        "zookeeper/0/0 files zookeeper.cfg properties authProvider.1": "example.Provider",
        "zookeeper/0/0 files zookeeper.cfg properties jaasLoginRenew": "1234",
        "zookeeper/0/0 files zookeeper.cfg properties kerberos.removeRealmFromPrincipal": "true",
        "zookeeper/0/0 files jaas.conf sections": {}}),
    "a secured ZooKeeper needs somebody": (ZOO, LOGIN, error("ticket")),
    "a secured ZooKeeper needs an administrator": ({**ZOO, "kerberos_user": "kim"}, LOGIN, error("kim")),
    "an administrator gets the login block": ({**ZOO, "kerberos_user": "zk_admin"}, LOGIN, {"zookeeper/1/0 files jaas.conf sections": {
        "Server": {"module": "example.Zk", "flag": "required", "options": {"principal": '"zk/lake"', "useTicketCache": "false", "storeKey": "true", "name": '"q"'}}}}),
    "myid is the number of the server list, with holes too (the original's was the task number)": (ZOO, ((ZK, "host.1=", "host.4="),), {
        "zookeeper/4/0 files zookeeper.cfg properties server.4": "10.1.0.2:21002:21003",
        "zookeeper/4/0 files zookeeper.cfg properties server.1": ABSENT, "zookeeper/4/0 bootstrap script myid": 4, "zookeeper/4/0 task_id": 1}),
    "ZooKeeper has no page and sends no files with its bootstrap": (ZOO, (), {"zookeeper/0/0 start http_url": "", "zookeeper/0/0 bootstrap config_files": [],
        "zookeeper/0/0 bootstrap script": {"kind": "zookeeper-myid", "myid": 0, "myid_file": "/home/work/data/zookeeper/lake/zookeeper/myid"}}),
    "myid lies in the first of several data directories": ({**ZOO, "data_dirs": ["/d/b", "/d/a"]}, (),
        {"zookeeper/1/0 bootstrap script myid_file": "/d/b/zookeeper/lake/zookeeper/myid", "zookeeper/1/0 bootstrap data_dir_indexes": [0]}),
    "a secured HBase sends its login block": ({**CARP, "kerberos_user": "hbase_admin"}, ON, {"regionserver/0/1 files jaas.conf sections": {
        "Client": {"module": "example.Login", "flag": "required", "options": {"storeKey": "true", "keyTab": '"/keys/h"', "principal": '"own quotes"'}}}}),
    "one of two security keys is not enough": (CARP, ON[:1], {"master/0/0 files jaas.conf sections": {}}),
    "HBase's metrics without ganglia": (CARP, (), {f"master/0/0 {METRICS} hbase.extendedperiod": "3600", f"master/0/0 {METRICS} rest.class": ABSENT,
        f"regionserver/0/1 {METRICS} rpc.fileName": "/home/work/log/hbase/lake-carp/regionserver/1/rpc_metrics.out"}),
    "region servers start before masters and stop after them": (CARP, (), {
        "sequence start": [["regionserver", 0, 0], ["regionserver", 0, 1], ["master", 0, 0]],
        "sequence stop": [["master", 0, 0], ["regionserver", 0, 0], ["regionserver", 0, 1]]}),
    "task numbers count over hosts and instances": ({"jobs": ["datanode"], "tasks": ["5", "2", "0"]}, (),
        {"sequence start": [["datanode", 0, 0], ["datanode", 1, 1], ["datanode", 4, 1]]}),
    "within a host the order of the choice counts": ({"jobs": ["datanode"], "tasks": ["3", "5", "1"]}, (),
        {"sequence start": [["datanode", 1, 2], ["datanode", 1, 0], ["datanode", 4, 1]]}),
    "a number past the last task is refused": ({"jobs": ["datanode"], "tasks": ["6"]}, (), error("6")),
    "the second namenode alone is no first one (the original formatted it)": ({"jobs": ["namenode"], "tasks": ["1"]}, (),
        {"namenode/1/0 bootstrap script action": ["-bootstrapStandby", "-skipSharedEditsCheck", "-nonInteractive"]}),
    "an expression does not see the log level of an operation": ({"log_level": "debug"}, ((HDFS, "#SITE#", "a=%{cluster.log_level}"),), {f"{DN} site a": "info"}),
    "the remote user is that of the operation": ({"remote_user": "sam"}, ((HDFS, "#SITE#", "a=%{remote_user}"),), {f"{DN} site a": "sam"}),
}
# fmt: on


@pytest.mark.parametrize(("edits", "facts"), ARGUMENTS.values(), ids=ARGUMENTS)
def test_arguments(edits: tuple[Edit, ...], facts: Facts) -> None:
    check(files_with(*edits), facts)


@pytest.mark.parametrize(("edits", "facts"), FILES.values(), ids=FILES)
def test_files_and_bootstrap(edits: tuple[Edit, ...], facts: Facts) -> None:
    more: dict[str, Any] = {"data_dirs": ["/d/a", "/d/b"]} if "bootstrap" in " ".join(facts) else {}
    check(files_with(*edits), facts, **more)


@pytest.mark.parametrize(("request_", "edits", "facts"), OTHERS.values(), ids=OTHERS)
def test_service_or_selection(request_: dict[str, Any], edits: tuple[Edit, ...], facts: Facts) -> None:
    check(files_with(*edits), facts, **request_)


KAFKA = "[[kafka.cfg]]\nbroker.id=later\nport=%{kafka.base_port}\n[[kafka-scribe.cfg]]\nmetadata.broker.list=later\n"
BROKERS = {
    "kafka": "host.0=10.2.0.1\nhost.2=10.2.0.2\nhost.4=10.2.0.3",
    "kafkascribe": "host.0=10.2.0.1\nhost.1=10.2.0.2",
}
STORM = {"nimbus": "host.0=10.3.0.1", "supervisor": "host.0=10.3.0.2", "ui": "host.7=10.9.9.9", "logviewer": ""}
IMPALA = {"statestored": "host.0=10.4.0.1", "impalad": "host.0=10.4.0.2\nhost.1=10.4.0.3/instance_num=2"}
SITES = "[[core-site.xml]]\n[[hdfs-site.xml]]\n[[hive-site.xml]]\n"
IMPALA_ARGUMENTS = EMPTY_ARGUMENTS.replace(
    'extra_args=""',
    "extra_args=-s=%{statestored.base_port} -f=%{statestored.0.base_port} -r=$run_dir/x -p=$package_dir/x -l=$log_dir",
)
HADOOP = SITES.replace("hive-", "mapred-") + "shuffle=%{nodemanager.base_port+8}\n[[yarn-site.xml]]\n"
# fmt: off
OWN_CLUSTERS: dict[str, tuple[str, str, Facts]] = {
    # service, its cluster file, facts
    "a broker's id is its task number, a scribe's copy has the scribe's": ("kafka", cluster_text(BROKERS, KAFKA), {
        "kafka/4/0 files kafka.cfg properties": {"broker.id": "2", "port": "31000"},
        "kafkascribe/1/0 files kafka.cfg properties broker.id": "1", "kafkascribe/0/0 task_id": 0,
        "kafka/4/0 files kafka-scribe.cfg properties metadata.broker.list": "10.2.0.1:31000,10.2.0.2:31000,10.2.0.3:31000",
        "kafka/2/0 start class_path": ["$run_dir/", "$package_dir/*"]}),
    "one host or slot is a list of one (the original's was none)": ("storm",
        cluster_text(STORM, "[[storm.yaml]]\nstorm.zookeeper.servers=10.1.0.1\nslot_number=1\nsupervisor.slots.ports=%{slots_ports_list}"), {
        "nimbus/0/0 files storm.yaml values": {"storm.zookeeper.servers": ["10.1.0.1"], "slot_number": 1, "supervisor.slots.ports": [31110]},
        "ui/0/0 host": "10.3.0.1", "ui/7/0": ABSENT, "logviewer/0/0 host": "10.3.0.2"}),
    "two consumers are a list of two maps (the original broke the file)": ("storm",
        cluster_text(STORM, '[[storm.yaml]]\nc="{class:a.B,parallelism.hint:2;class:a.C,argument:x}"\nn=%{nimbus.0.host}'), {
        "nimbus/0/0 files storm.yaml values": {"c": [{"class": "a.B", "parallelism.hint": 2}, {"class": "a.C", "argument": "x"}], "n": "10.3.0.1"}}),
    "types of storm.yaml are YAML's, quotes of a value are gone": ("storm",
        cluster_text(STORM, "[[storm.yaml]]\na=true\nb=null\nc=0.25\nd=\"17\"\ne='\"17\"'\nf=\nh=\"x,y , 3\"\ni=x,7"), {
        "nimbus/0/0 files storm.yaml values": {"a": True, "b": None, "c": 0.25, "d": 17, "e": "17", "f": None, "h": ["x", "y", 3], "i": ["x", 7]}}),
    "storm needs no metricserver (the original asked for one)": ("storm", cluster_text(STORM, "[[storm.yaml]]\n"),
        {"sequence start": [["nimbus", 0, 0], ["supervisor", 0, 0], ["ui", 0, 0], ["logviewer", 0, 0]]}),
    "impala needs no hbase-site.xml and knows every word of the host (the original did not)": ("impala",
        cluster_text(IMPALA, SITES, arguments=IMPALA_ARGUMENTS), {
        "impalad/1/1 files hbase-site.xml properties": {}, "impalad/1/1 start program": "$package_dir/bin/impalad",
        "impalad/0/0 start evaluated arguments": ["-s=31000", "-f=31000", "-r=/home/work/app/impala/lake-x/impalad/x",
            "-p=/home/work/app/impala/lake-x/impalad/package/x", "-l=/home/work/app/impala/lake-x/impalad/log"],
        "impalad/1/1 start extra_args": ["-s=31010", "-f=31000", "-r=$run_dir/x", "-p=$package_dir/x", "-l=$log_dir"]}),
    "the shuffle port follows the instance, for every job": ("yarn",
        cluster_text({"resourcemanager": "host.0=10.6.0.1", "nodemanager": "host.3=10.6.0.2/instance_num=2"}, HADOOP), {
        "nodemanager/3/1 files mapred-site.xml properties shuffle": "31118", "resourcemanager/0/0 files mapred-site.xml properties shuffle": "31108",
        "sequence start": [["resourcemanager", 0, 0], ["nodemanager", 3, 0], ["nodemanager", 3, 1]]}),
    "the start order is the service's, not that of jobs": ("impala",
        cluster_text({"impalad": "host.0=10.4.0.2", "statestored": "host.0=10.4.0.1"}, SITES),
        {"sequence start": [["statestored", 0, 0], ["impalad", 0, 0]]}),
    "kafka and impala care about no dash, but zk.hosts needs a part": ("kafka",
        cluster_text(BROKERS, KAFKA + "z=%{zk.hosts}"), {"kafka/0/0 files kafka-scribe.cfg properties z": "10.1.0.1,10.1.0.2"}),
}
# fmt: on


@pytest.mark.parametrize(("service", "text", "facts"), OWN_CLUSTERS.values(), ids=OWN_CLUSTERS)
def test_own_cluster(service: str, text: str, facts: Facts) -> None:
    check(files_with() | {f"conf/{service}/{service}-lake-x.cfg": text}, facts, service=service, cluster="lake-x")
