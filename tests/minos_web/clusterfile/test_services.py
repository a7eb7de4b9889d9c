"""What each shipped service makes of its cluster files."""

from pathlib import Path

import pytest
import yaml

from minos_web.catalog.loader import SHIPPED, load_catalog
from minos_web.catalog.newcluster import new_cluster_text
from minos_web.clusterfile.check import check_file
from minos_web.clusterfile.evaluate import Context
from minos_web.clusterfile.render import render_task
from minos_web.clusterfile.rendered import RenderedTask
from minos_web.clusterfile.tree import MappingTree
from tests.minos_web.clusterfile.conformance import read_jaas, read_properties
from tests.minos_web.clusterfile.samples import (
    CATALOG,
    EMPTY_ARGUMENTS,
    HBASE_BASE,
    HDFS,
    ZK,
    ZK_BASE,
    cluster_text,
    describe,
    files_with,
    rendered,
)


def of(service: str, jobs: dict[str, str], configuration: str, cluster: str = "") -> dict[str, RenderedTask]:
    """First task of each job of a cluster lake-x; ``jobs`` maps job names to host lines."""
    text = cluster_text(jobs, configuration, cluster)
    description = describe(files_with() | {f"conf/{service}/{service}-lake-x.cfg": text}, service, "lake-x")
    return {f"{slot.job}/{slot.task_id}": render_task(description, slot) for slot in description.tasks()}


def zoo(*edits: tuple[str, str, str]) -> RenderedTask:
    """The second server of the sample ZooKeeper cluster."""
    return rendered(describe(files_with(*edits), "zookeeper", "lake"), "zookeeper", 1)


def test_zookeeper_files() -> None:
    task = zoo()

    assert read_properties(task.files["zookeeper.cfg"]) == {
        "tickTime": "1000",
        "initLimit": "9",
        "syncLimit": "3",
        "dataDir": "/home/work/data/zookeeper/lake/zookeeper",
        "dataLogDir": "/home/work/log/zookeeper/lake/zookeeper",
        "clientPort": "21000",
        "autopurge.snapRetainCount": "4",
        "autopurge.purgeInterval": "12",
        "fsync.warningthresholdms": "700",
        "preAllocSize": "2048",
        "server.0": "10.1.0.1:21002:21003",
        "server.1": "10.1.0.2:21002:21003",
    }
    assert task.files["jaas.conf"] == ""
    assert task.start.class_path == ["$run_dir/", "$package_dir/", "$package_dir/lib/*", "$package_dir/*"]
    assert (task.start.http_url, task.bootstrap.needs_files) == ("", False)


def test_zookeeper_status_page_and_ports() -> None:
    task = zoo()

    assert task.slot.ports == {"client": 21000, "admin": 21001, "follower": 21002, "election": 21003}
    assert task.start.status
    assert (task.start.status.reader, task.start.status.address) == ("zookeeper-admin", "10.1.0.2:21001")
    assert task.start.status.fallback_port == 21000
    assert task.start.status.keep["server_state"] == "zookeeper.role"


@pytest.mark.parametrize("number", [1, 7])
def test_myid_is_the_number_in_the_server_list_even_with_holes(number: int) -> None:
    task = zoo((ZK, "host.1=", f"host.{number}="))

    [once] = task.bootstrap.actions
    assert (once.name, once.action.kind, once.action.text) == ("zookeeper-myid", "write-once", str(number))
    assert once.action.path == "/home/work/data/zookeeper/lake/zookeeper/myid"
    assert f"server.{number}=10.1.0.2:" in task.files["zookeeper.cfg"]
    assert task.as_json()["bootstrap"]["script"] == {
        "kind": "zookeeper-myid",
        "myid": number,
        "myid_file": once.action.path,
    }


def test_zookeeper_security() -> None:
    login = "[[jaas-server.conf]]\n    headerLine=L required\n    a=true\n    keyTab=/k\n    b='\"q\"'"
    task = zoo((ZK_BASE, "[[jaas-server.conf]]", login), (ZK_BASE, 'security_switch="# "', "security_switch="))

    properties = read_properties(task.files["zookeeper.cfg"])
    assert properties["authProvider.1"] == "example.Provider"
    assert properties["kerberos.removeHostFromPrincipal"] == "true"
    assert read_jaas(task.files["jaas.conf"])["Server"]["options"] == {"a": "true", "keyTab": '"/k"', "b": '"q"'}


def test_zookeeper_modern_keys_pass_and_old_unknown_ones_do_not() -> None:
    more = "[[zookeeper.cfg]]\n    admin.serverPort=%{zookeeper.base_port+1}\n    maxClientCnxns=7\n    max_session_timeout=9"
    properties = read_properties(zoo((ZK_BASE, "[[zookeeper.cfg]]", more)).files["zookeeper.cfg"])

    assert (properties["admin.serverPort"], properties["maxSessionTimeout"]) == ("21001", "9")
    assert "maxClientCnxns" not in properties


@pytest.mark.parametrize("level", ["tst", "prc", "srv"])
def test_a_new_zookeeper_cluster_is_free_of_problems(level: str) -> None:
    hosts = {"zookeeper": ["127.0.0.11", "127.0.0.12", "127.0.0.13"]}
    text = new_cluster_text(CATALOG["zookeeper"], "new", "3.9.3", level, hosts)
    files = {**CATALOG.default_files(), "conf/zookeeper/zookeeper-new.cfg": text}

    assert check_file(MappingTree(files), "conf/zookeeper/zookeeper-new.cfg", CATALOG) == []
    task = rendered(describe(files, "zookeeper", "new"), "zookeeper", 2)
    properties = read_properties(task.files["zookeeper.cfg"])
    assert properties["clientPortAddress"] == properties["admin.serverAddress"] == "127.0.0.13"
    assert properties["4lw.commands.whitelist"] == "mntr,ruok,srvr,stat"
    assert "RollingFileAppender" in task.files["logback.xml"]
    assert task.start.main_entry == ["org.apache.zookeeper.server.quorum.QuorumPeerMain"]


def test_hdfs_formats_its_first_task_only() -> None:
    description = describe(files_with())
    actions = {
        (slot.job, slot.task_id): [once.action.args for once in render_task(description, slot).bootstrap.actions]
        for slot in description.tasks()
    }

    assert actions[("zkfc", 0)] == [["example.Zkfc", "-formatZK"]]
    assert actions[("zkfc", 1)] == []
    assert actions[("namenode", 0)] == [["example.Name", "-format", "-nonInteractive"]]
    assert actions[("namenode", 1)] == [
        ["example.Name", "-bootstrapStandby", "-skipSharedEditsCheck", "-nonInteractive"]
    ]
    assert actions[("journalnode", 0)] == actions[("datanode", 3)] == []
    assert rendered(description, "zkfc").cleanup[0].action.args == ["example.Zkfc", "-clearZK"]
    assert rendered(description, "zkfc", 1).cleanup == []


def test_hdfs_sends_its_files_before_the_format() -> None:
    script = rendered(describe(files_with()), "namenode").as_json()["bootstrap"]

    assert script["config_files"] == ["core-site.xml", "hadoop-metrics2.properties", "hdfs-site.xml", "note.txt"]


def test_hdfs_metrics_without_and_with_ganglia() -> None:
    with_ganglia = files_with((HDFS, "version=3.4.1", "version=3.4.1\n  ganglia_address=10.5.5.5:8649"))

    plain = read_properties(rendered(describe(files_with()), "datanode", 2).files["hadoop-metrics2.properties"])
    more = read_properties(rendered(describe(with_ganglia), "namenode").files["hadoop-metrics2.properties"])

    assert plain == {
        "*.period": "10",
        "*.sink.file.class": "org.apache.hadoop.metrics2.sink.FileSink",
        "datanode.sink.file.filename": "/home/work/log/hdfs/lake-pike/datanode/1/datanode-metrics.out",
    }
    assert more["datanode.sink.ganglia.servers"] == "10.5.5.5:8649"
    assert "journalnode.sink.ganglia.servers" not in more


def test_a_raw_file_replaces_a_generated_one_and_is_sent_as_it_is() -> None:
    files = files_with((HDFS, "  base=", "  hadoop-metrics2.properties=raw/own.txt\n  base="))
    files["raw/own.txt"] = "own=%{cluster.name} %(x)s\n"

    task = rendered(describe(files), "namenode")

    assert task.files["hadoop-metrics2.properties"] == "own=%{cluster.name} %(x)s\n"
    assert task.files["note.txt"] == "as it is: %{cluster.name} %(x)s $run_dir\n"


def test_hbase_files() -> None:
    task = rendered(describe(files_with(), "hbase", "lake-carp"), "regionserver", 1)

    metrics = read_properties(task.files["hadoop-metrics.properties"])
    assert metrics["jvm.fileName"] == "/home/work/log/hbase/lake-carp/regionserver/1/jvm_metrics.out"
    assert metrics["hbase.extendedperiod"] == "3600"
    assert task.files["jaas.conf"] == ""
    assert task.start.class_path == ["$run_dir/", "$package_dir//", "$package_dir//lib/*", "$package_dir//*"]
    assert task.start.http_url == "http://10.1.0.2:23611"


def test_hbase_with_security_sends_its_login_block() -> None:
    files = files_with(
        (HBASE_BASE, "authentication=simple", "authentication=kerberos"), (HBASE_BASE, "ion=false", "ion=true")
    )

    description = describe(files, "hbase", "lake-carp")

    assert description.secured
    assert read_jaas(rendered(description, "master").files["jaas.conf"])["Client"]["options"] == {
        "storeKey": "true",
        "keyTab": '"/keys/h"',
        "principal": '"own quotes"',
    }


def test_kafka_ids_and_brokers() -> None:
    hosts = "host.0=10.2.0.1\nhost.3=10.2.0.2"
    files = "[[kafka.cfg]]\nbroker.id=later\nport=%{kafka.base_port}\n[[kafka-scribe.cfg]]\n"

    tasks = of("kafka", {"kafka": hosts, "kafkascribe": "host.0=10.2.0.2\nhost.1=10.2.0.1"}, files)

    assert read_properties(tasks["kafka/1"].files["kafka.cfg"]) == {"broker.id": "1", "port": "31000"}
    assert read_properties(tasks["kafkascribe/1"].files["kafka.cfg"])["broker.id"] == "1"
    scribe = read_properties(tasks["kafka/0"].files["kafka-scribe.cfg"])
    assert scribe["metadata.broker.list"] == "10.2.0.1:31000,10.2.0.2:31000"


def test_storm_yaml_hosts_and_environment() -> None:
    jobs = {"nimbus": "host.0=10.3.0.1", "supervisor": "host.0=10.3.0.2\nhost.1=10.3.0.3", "ui": "", "logviewer": ""}
    lines = "servers=%{zk.hosts}\nslot_number=2\nsupervisor.slots.ports=%{slots_ports_list}\nwords='a: b'"

    tasks = of("storm", jobs, f"[[storm.yaml]]\n{lines}")

    assert yaml.safe_load(tasks["nimbus/0"].files["storm.yaml"]) == {
        "servers": ["10.1.0.1", "10.1.0.2"],
        "slot_number": 2,
        "supervisor.slots.ports": [31110, 31111],
        "words": "a: b",
    }
    assert tasks["ui/0"].slot.host_address == "10.3.0.1"
    assert tasks["logviewer/1"].slot.host_address == "10.3.0.3"
    assert tasks["logviewer/1"].start.environment["SUPERVISOR_LOG_DIR"] == "/home/work/log/storm/lake-x/supervisor"


def test_storm_needs_no_metric_server() -> None:
    assert "metricserver/0" not in of(
        "storm", {"nimbus": "host.0=10.3.0.1", "supervisor": "host.0=10.3.0.2"}, "[[storm.yaml]]"
    )


def test_impala_program_environment_and_missing_hbase_site() -> None:
    files = "[[core-site.xml]]\n[[hdfs-site.xml]]\n[[hive-site.xml]]"

    task = of("impala", {"impalad": "host.0=10.4.0.1/instance_num=2"}, files, "log_level=warn")["impalad/1"]

    assert task.start.program == "$package_dir/bin/impalad"
    assert task.start.environment["LIBHDFS_OPTS"].endswith("-Dimpala.log.level=warn")
    assert task.start.environment["KRB5CCNAME"] == "$run_dir/impala.tc"
    assert "LC_ALL" not in task.start.environment
    assert "<configuration>" in task.files["hbase-site.xml"]


def test_the_log_level_of_an_operation_reaches_impala_only() -> None:
    files = files_with((HDFS, "#SITE#", "a=%{cluster.log_level}"))
    slot = describe(files).job("namenode").tasks[0]

    task = render_task(describe(files), slot, context=Context(log_level="debug"))

    assert "<value>info</value>" in task.files["hdfs-site.xml"]


def test_remote_user_comes_from_outside() -> None:
    files = files_with((HDFS, "#SITE#", "a=%{remote_user}-%{short_user_name}"))
    description = describe(files)

    task = render_task(description, next(description.tasks()), context=Context("sam", "kim"))

    assert "<value>sam-kim</value>" in task.files["hdfs-site.xml"]


def test_yarn_environment_class_path_and_ports() -> None:
    files = "[[core-site.xml]]\n[[hdfs-site.xml]]\n[[mapred-site.xml]]\np=%{nodemanager.base_port+8}\n[[yarn-site.xml]]"

    task = of("yarn", {"nodemanager": "host.0=10.6.0.1/instance_num=2"}, files)["nodemanager/1"]

    assert "<value>31018</value>" in task.files["mapred-site.xml"]
    assert task.start.environment == {
        "LC_ALL": "en_US.UTF-8",
        "HADOOP_COMMON_HOME": "$package_dir",
        "HADOOP_HDFS_HOME": "$package_dir",
        "YARN_HOME": "$package_dir",
    }
    folders = [entry.split("/")[3] for entry in task.start.class_path[1::3]]
    assert folders == ["common", "mapreduce", "yarn", "hdfs"]


def test_chronos_fds_and_mapreduce_render() -> None:
    secured = "[[chronos.cfg]]\nzkSecure=true\n[[jaas.conf]]\nheaderLine=M required\na=b"
    sites = ("core-site.xml", "hdfs-site.xml", "hbase-site.xml", "galaxy-site.xml", "mapred-site.xml", "yarn-site.xml")
    names = (*sites, "zookeeper.properties", "passport.properties")

    chronos = of("chronos", {"chronos": "host.0=10.7.0.1"}, secured)["chronos/0"]
    fds = of("fds", {"restserver": "host.0=10.7.0.1"}, "".join(f"[[{name}]]\na=1\n" for name in names))["restserver/0"]
    mapreduce = of("mapreduce", {"mapreduce": "host.0=10.7.0.1"}, "")["mapreduce/0"]

    assert chronos.files["jaas.conf"].startswith("Client {")
    assert sorted(fds.files) == sorted(names)
    assert mapreduce.files == {}


def test_a_site_s_own_service_is_rendered_and_a_format_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    text = 'artifact = "x"\n[[jobs]]\nname = "one"\n[[files]]\nname = "a.conf"\nformat = "properties"\n'
    files = {
        "conf/mine/mine-a.cfg": "[cluster]\nname=a\nversion=1\njobs=one\n[one]\nbase_port=30000\nhost.0=h\n[[arguments]]\n"
        f"[configuration]\n[[a.conf]]\nk=%{{one.base_port}}\n[arguments]\n[[service_common]]\n{EMPTY_ARGUMENTS}[[one]]\n"
    }
    found = []
    for version in (text, text.replace("properties", "propperties")):
        (tmp_path / "mine" / "service.toml").write_text(version)
        catalog = load_catalog((SHIPPED, tmp_path))
        found.append(check_file(MappingTree(files), "conf/mine/mine-a.cfg", catalog))

    assert found[0] == []
    assert "'propperties'" in found[1][0].message
