"""A small config directory for tests: a ZooKeeper cluster, an HDFS and an HBase cluster that use it."""

from minos_web.catalog.loader import Catalog, load_catalog
from minos_web.clusterfile.description import ClusterDescription
from minos_web.clusterfile.directories import HostDirs
from minos_web.clusterfile.load import load_cluster
from minos_web.clusterfile.render import render_task
from minos_web.clusterfile.rendered import RenderedTask
from minos_web.clusterfile.tree import MappingTree
from tests.minos_web.clusterfile.conformance import read_site_xml

CATALOG: Catalog = load_catalog()

HDFS = "conf/hdfs/hdfs-lake-pike.cfg"
HDFS_BASE = "conf/hdfs/common/fish.cfg"
ZK = "conf/zookeeper/zookeeper-lake.cfg"
ZK_BASE = "conf/zookeeper/common/water.cfg"
HBASE = "conf/hbase/hbase-lake-carp.cfg"
HBASE_BASE = "conf/hbase/common/pond.cfg"

FILES = {
    ZK: """\
[cluster]
  name=lake
  version=3.9.1
  jobs=zookeeper

[zookeeper]
  base_port=21000
  host.0=10.1.0.1
  host.1=10.1.0.2
  [[arguments]]

[configuration]
  base=%{config_dir}/conf/zookeeper/common/water.cfg
""",
    ZK_BASE: """\
[configuration]
  [[zookeeper.cfg]]
    tick_time=1000
    init_limit=9
    sync_limit=3
    data_dir=%{zookeeper.data_dir}
    data_log_dir=%{zookeeper.log_dir}
    client_port=%{zookeeper.base_port}
    autopurge_snap_retain_count=4
    autopurge_purge_interval=12
    fsync_warning_threashold_ms=700
    pre_alloc_size=2048
    security_switch="# "
    auth_provider_1=example.Provider
    jaas_login_renew=1234
    server_list=%{server_list}
  [[jaas-server.conf]]

[arguments]
  [[service_common]]
    jvm_args=-Xmx64m
    system_properties=""
    main_entry=example.Zoo
    extra_args=$run_dir/zookeeper.cfg
  [[zookeeper]]
""",
    HDFS: """\
[cluster]
  name=lake-pike
  version=3.4.1
  jobs=journalnode zkfc namenode datanode

[journalnode]
  base_port=22100
  host.0=10.1.0.1
  host.1=10.1.0.2
  host.2=10.1.0.3
  [[arguments]]

[zkfc]
  base_port=22300
  [[arguments]]

[namenode]
  base_port=22200
  host.0=10.1.0.1
  host.1=10.1.0.2
  [[arguments]]

[datanode]
  base_port=22400
  host.0=10.1.0.1/rack=r1
  host.1=10.1.0.2/rack=r2/instance_num=3
  host.4=10.1.0.3/rack=r1/instance_num=2
  [[arguments]]

[configuration]
  base=%{config_dir}/conf/hdfs/common/fish.cfg
  [[hdfs-site.xml]]
    #SITE#
""",
    HDFS_BASE: """\
[configuration]
  note.txt=%{config_dir}/raw/note.txt
  [[core-site.xml]]
    fs.defaultFS=hdfs://%{cluster.name}
  [[hdfs-site.xml]]
    dfs.nameservices=%{cluster.name}
    both=base
    x.%{cluster.name}=base

[arguments]
  [[service_common]]
    jvm_args=-Xmx100m -XX:+UseThis -Dpath="/a b"
    system_properties=-Dname=%{cluster.name} -Dboth=service
    main_entry=""
    extra_args=""
  [[journalnode]]
    main_entry=example.Journal
  [[zkfc]]
    main_entry=example.Zkfc
  [[namenode]]
    main_entry=example.Name
  [[datanode]]
    main_entry=example.Data
    system_properties=-Dboth=job
""",
    "raw/note.txt": "as it is: %{cluster.name} %(x)s $run_dir\n",
    HBASE: """\
[cluster]
  name=lake-carp
  version=2.6.0
  jobs=master regionserver
  hdfs_cluster=lake-pike

[master]
  base_port=23500
  host.0=10.1.0.1
  [[arguments]]

[regionserver]
  base_port=23600
  host.0=10.1.0.2/instance_num=2
  [[arguments]]

[configuration]
  base=%{config_dir}/conf/hbase/common/pond.cfg
  [[hbase-site.xml]]
    #SITE#
""",
    HBASE_BASE: """\
[configuration]
  [[core-site.xml]]
  [[hdfs-site.xml]]
  [[hbase-site.xml]]
    hbase.security.authentication=simple
    hbase.security.authorization=false
  [[jaas.conf]]
    headerLine=example.Login required
    storeKey=true
    keyTab=/keys/h
    principal='"own quotes"'

[arguments]
  [[service_common]]
    jvm_args=-Xmx100m
    system_properties=""
    main_entry=""
    extra_args=start
  [[master]]
    main_entry=example.Master
  [[regionserver]]
    main_entry=example.Region
""",
}


EMPTY_ARGUMENTS = '    jvm_args=""\n    system_properties=""\n    main_entry=""\n    extra_args=""\n'


def cluster_text(jobs: dict[str, str], configuration: str, head: str = "", arguments: str = EMPTY_ARGUMENTS) -> str:
    """A cluster file lake-x without a base; ``jobs`` maps job names to host lines, the ports go on from 31000.

    ``head`` are more lines of [cluster], ``arguments`` those of [[service_common]].
    """
    bodies = "".join(
        f"[{job}]\nbase_port={31000 + 100 * number}\n{lines}\n[[arguments]]\n"
        for number, (job, lines) in enumerate(jobs.items())
    )
    common = "".join(f"  [[{job}]]\n" for job in jobs)
    return (
        f"[cluster]\nname=lake-x\nversion=1\njobs={' '.join(jobs)}\n{head}\n{bodies}"
        f"[configuration]\n{configuration}\n[arguments]\n  [[service_common]]\n{arguments}{common}"
    )


def files_with(*edits: tuple[str, str, str]) -> dict[str, str]:
    """The sample files after edits ``(path, old text, new text)``; an old text that is not there is an error."""
    files = dict(FILES)
    for path, old, new in edits:
        assert old in files.get(path, ""), f"{old!r} is not in {path}"
        files[path] = files[path].replace(old, new, 1)
    return files


def site(lines: str) -> dict[str, str]:
    """The sample files with ``lines`` in hdfs-site.xml of the HDFS cluster file."""
    return files_with((HDFS, "#SITE#", lines))


def describe(files: dict[str, str], service: str = "hdfs", cluster: str = "lake-pike") -> ClusterDescription:
    """The description of a cluster of ``files``."""
    return load_cluster(MappingTree(files), service, cluster, CATALOG)


def rendered(
    description: ClusterDescription, job: str, task: int = 0, directories: dict[str, HostDirs] | None = None
) -> RenderedTask:
    """Task number ``task`` of a job, rendered."""
    return render_task(description, description.job(job).tasks[task], directories)


def hdfs_site(files: dict[str, str], job: str = "namenode", task: int = 0) -> dict[str, str]:
    """Properties of hdfs-site.xml as one task gets them."""
    return read_site_xml(rendered(describe(files), job, task).files["hdfs-site.xml"])
