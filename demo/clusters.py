"""The clusters that the demo can bring up, in the order in which they need each other."""

from dataclasses import dataclass

from demo.site import BASE_PORT, CLUSTER, HOSTS


@dataclass(frozen=True)
class DemoCluster:
    """``package`` is a folder of packages/, ``artifact`` what its tarball is stored as; ``text`` is the cluster file with
    ``{version}`` in it, ``needs`` are services that it uses. ``secret`` is the file below var/demo that keeps the cleanup password.
    """

    service: str
    name: str
    package: str
    artifact: str
    text: str
    secret: str
    says: str
    needs: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """Where the API has it."""
        return f"clusters/{self.service}/{self.name}"

    @property
    def file(self) -> str:
        """Its file in the config directory."""
        return f"conf/{self.service}/{self.service}-{self.name}.cfg"


def _hosts(count: int = len(HOSTS), last: str = "") -> str:
    lines = [f"  host.{number}={host.address}" for number, host in enumerate(HOSTS[:count])]
    return "\n".join(lines) + last


ZOOKEEPER = f"""\
# The demo's ensemble: three servers on three loopback addresses of one machine.
[cluster]
  name={CLUSTER}
  version={{version}}
  jobs=zookeeper

[zookeeper]
  base_port={BASE_PORT}
{_hosts()}
  [[arguments]]
    jvm_args=-Xmx128m -Xms64m

[configuration]
  base=%{{config_dir}}/conf/zookeeper/common/zookeeper-tst.cfg
"""

HDFS = f"""\
# The demo's HDFS: two namenodes that take over from each other, and four datanodes, two of them on one host.
[cluster]
  name={CLUSTER}-files
  version={{version}}
  jobs=journalnode zkfc namenode datanode

[journalnode]
  base_port={BASE_PORT + 100}
{_hosts()}
  [[arguments]]

[zkfc]
  base_port={BASE_PORT + 300}
  [[arguments]]

[namenode]
  base_port={BASE_PORT + 200}
{_hosts(2)}
  [[arguments]]

[datanode]
  base_port={BASE_PORT + 400}
{_hosts(last="/instance_num=2")}
  [[arguments]]

[configuration]
  base=%{{config_dir}}/conf/hdfs/common/hdfs-tst.cfg
  [[decommission]]
    datanode=127.0.0.1:{str(BASE_PORT + 430)[:-1]}%{{task.number}}
  [[hdfs-site.xml]]
    # The hosts are addresses of one machine, and connections between them come from 127.0.0.1: datanodes are known by what
    # they are called, not by where they call from, and as a namenode tells them apart by address and port, by their port.
    dfs.datanode.address=%{{current_host}}:{str(BASE_PORT + 430)[:-1]}%{{task.number}}
    dfs.client.use.datanode.hostname=true
    dfs.datanode.use.datanode.hostname=true
    dfs.datanode.hostname=%{{current_host}}
    dfs.namenode.datanode.registration.ip-hostname-check=false
"""

YARN = f"""\
# The demo's YARN: two resourcemanagers that take over from each other, and a nodemanager on each host.
[cluster]
  name={CLUSTER}-programs
  version={{version}}
  hdfs_cluster={CLUSTER}-files
  jobs=resourcemanager nodemanager historyserver proxyserver

[resourcemanager]
  base_port={BASE_PORT + 500}
{_hosts(2)}
  [[arguments]]

[nodemanager]
  base_port={BASE_PORT + 600}
{_hosts()}
  [[arguments]]

[historyserver]
  base_port={BASE_PORT + 700}
{_hosts(1)}
  [[arguments]]

[proxyserver]
  base_port={BASE_PORT + 800}
{_hosts(1)}
  [[arguments]]

[configuration]
  base=%{{config_dir}}/conf/yarn/common/yarn-tst.cfg
  [[mapred-site.xml]]
    # One machine is all hosts, and the shuffle listens on every address.
    mapreduce.shuffle.port={str(BASE_PORT + 630)[:-1]}%{{task.number}}
  [[hdfs-site.xml]]
    dfs.client.use.datanode.hostname=true
"""

HBASE = f"""\
# The demo's HBase: two masters of which one is active, and three regionservers.
[cluster]
  name={CLUSTER}-tables
  version={{version}}
  hdfs_cluster={CLUSTER}-files
  jobs=regionserver master

[regionserver]
  base_port={BASE_PORT + 900}
{_hosts()}
  [[arguments]]

[master]
  base_port={BASE_PORT + 1000}
{_hosts(2)}
  [[arguments]]

[configuration]
  base=%{{config_dir}}/conf/hbase/common/hbase-tst.cfg
  [[hdfs-site.xml]]
    dfs.client.use.datanode.hostname=true
"""

KAFKA = f"""\
# The demo's Kafka: a broker on each host.
[cluster]
  name={CLUSTER}-logs
  version={{version}}
  jobs=kafka

[kafka]
  base_port={BASE_PORT + 1100}
{_hosts()}
  [[arguments]]

[configuration]
  base=%{{config_dir}}/conf/kafka/common/kafka-tst.cfg
"""

FLINK = f"""\
# The demo's Flink: a job manager, and a task manager on each host.
[cluster]
  name={CLUSTER}-flow
  version={{version}}
  jobs=jobmanager taskmanager

[jobmanager]
  base_port={BASE_PORT + 1200}
{_hosts(1)}
  [[arguments]]

[taskmanager]
  base_port={BASE_PORT + 1300}
{_hosts()}
  [[arguments]]

[configuration]
  base=%{{config_dir}}/conf/flink/common/flink-tst.cfg
"""

STORM = f"""\
# The demo's Storm: nimbus on one host, a supervisor on the two others. Its web page is in Apache's own tarball only.
[cluster]
  name={CLUSTER}-tuples
  version={{version}}
  jobs=nimbus supervisor

[nimbus]
  base_port={BASE_PORT + 1400}
{_hosts(1)}
  [[arguments]]

[supervisor]
  base_port={BASE_PORT + 1500}
  host.0={HOSTS[1].address}
  host.1={HOSTS[2].address}
  [[arguments]]

[configuration]
  base=%{{config_dir}}/conf/storm/common/storm-tst.cfg
  [[storm.yaml]]
    # one machine is all hosts, and Storm listens on every address
    supervisor.thrift.port={(BASE_PORT + 1510) // 10}%{{task.number}}
    supervisor.slots.ports="{(BASE_PORT + 1520) // 10}%{{task.number}},{(BASE_PORT + 1530) // 10}%{{task.number}}"
"""

CLUSTERS = (
    DemoCluster(
        "zookeeper",
        CLUSTER,
        "zookeeper",
        "zookeeper",
        ZOOKEEPER,
        "cleanup-password",
        f"ZooKeeper: {', '.join(f'{host.address}:{BASE_PORT}' for host in HOSTS)}",
    ),
    DemoCluster(
        "hdfs",
        f"{CLUSTER}-files",
        "hadoop",
        "hadoop",
        HDFS,
        "cleanup-password-hdfs",
        f"HDFS: hdfs://{CLUSTER}-files, web pages {' and '.join(f'http://{h.address}:{BASE_PORT + 201}' for h in HOSTS[:2])}",
        ("zookeeper",),
    ),
    DemoCluster(
        "yarn",
        f"{CLUSTER}-programs",
        "hadoop",
        "hadoop",
        YARN,
        "cleanup-password-yarn",
        f"YARN: web pages {' and '.join(f'http://{h.address}:{BASE_PORT + 501}' for h in HOSTS[:2])}",
        ("zookeeper", "hdfs"),
    ),
    DemoCluster(
        "hbase",
        f"{CLUSTER}-tables",
        "hbase",
        "hbase",
        HBASE,
        "cleanup-password-hbase",
        f"HBase: web pages {' and '.join(f'http://{h.address}:{BASE_PORT + 1001}' for h in HOSTS[:2])}",
        ("zookeeper", "hdfs"),
    ),
    DemoCluster(
        "kafka",
        f"{CLUSTER}-logs",
        "kafka",
        "kafka",
        KAFKA,
        "cleanup-password-kafka",
        f"Kafka: {', '.join(f'{host.address}:{BASE_PORT + 1100}' for host in HOSTS)}",
        ("zookeeper",),
    ),
    DemoCluster(
        "flink",
        f"{CLUSTER}-flow",
        "flink",
        "flink",
        FLINK,
        "cleanup-password-flink",
        f"Flink: web page http://{HOSTS[0].address}:{BASE_PORT + 1201}",
    ),
    DemoCluster(
        "storm",
        f"{CLUSTER}-tuples",
        "apache-storm",
        "apache-storm",
        STORM,
        "cleanup-password-storm",
        "Storm: topologies are submitted from its shell",
        ("zookeeper",),
    ),
)
