"""Facts about the old directory, worked out by hand from the rules of the language: what stands where for which task.

A row is: task, file (or part of the plan), key, value. Tasks are numbered as the language does, over hosts and instances.
"""

from functools import cache
from typing import Any

import pytest
import yaml

from tests.minos_web.clusterfile.conformance import read_jaas, read_properties, read_site_xml

Row = tuple[str, str, str, Any]
ABSENT = "(absent)"

CORE, HDFS, HBASE, MAPRED, YARN, HIVE = (
    f"{name}-site.xml" for name in ("core", "hdfs", "hbase", "mapred", "yarn", "hive")
)
ZOO, METRICS2, METRICS = "zookeeper.cfg", "hadoop-metrics2.properties", "hadoop-metrics.properties"
TEST_ZOOKEEPER = "10.31.4.11:16000,10.31.4.12:16000,10.31.4.13:16000"
ZOOKEEPER = "10.31.8.11:16000,10.31.8.12:16000,10.31.8.13:16000,10.31.8.15:16000,10.31.8.16:16000"
ZOOKEEPER_HOSTS = ["10.31.8.11", "10.31.8.12", "10.31.8.13", "10.31.8.15", "10.31.8.16"]
BROKERS = "10.31.8.41:17400,10.31.8.42:17400,10.31.8.43:17400,10.31.8.44:17400"
KRB5 = "com.sun.security.auth.module.Krb5LoginModule"
HADOOP_CLASS_PATH = [
    "$run_dir/",
    "$package_dir/share/hadoop/common/", "$package_dir/share/hadoop/common/lib/*", "$package_dir/share/hadoop/common/*",
    "$package_dir/share/hadoop/hdfs/", "$package_dir/share/hadoop/hdfs/lib/*", "$package_dir/share/hadoop/hdfs/*",
]  # fmt: skip

FACTS: dict[str, list[Row]] = {
    "zookeeper/ndtst": [
        ("zookeeper/0", ZOO, "clientPort", "16000"),
        ("zookeeper/0", ZOO, "tickTime", "3000"),
        ("zookeeper/0", ZOO, "initLimit", "20"),
        ("zookeeper/0", ZOO, "autopurge.snapRetainCount", "3"),  # middle file over common
        ("zookeeper/0", ZOO, "autopurge.purgeInterval", "1"),
        ("zookeeper/0", ZOO, "fsync.warningthresholdms", "50"),
        ("zookeeper/1", ZOO, "dataDir", "/home/work/data/zookeeper/ndtst/zookeeper"),
        ("zookeeper/1", ZOO, "dataLogDir", "/home/work/log/zookeeper/ndtst/zookeeper"),
        ("zookeeper/1", ZOO, "server.0", "10.31.4.11:16002:16003"),
        ("zookeeper/1", ZOO, "server.2", "10.31.4.13:16002:16003"),
        ("zookeeper/1", ZOO, "server.3", ABSENT),
        ("zookeeper/1", ZOO, "authProvider.1", ABSENT),
        ("zookeeper/1", "jaas.conf", "", {}),
        ("zookeeper/1", "bootstrap", "script.myid", 1),
        ("zookeeper/1", "bootstrap", "script.myid_file", "/home/work/data/zookeeper/ndtst/zookeeper/myid"),
        ("zookeeper/1", "start", "http_url", ""),
        ("zookeeper/1", "start", "main_entry", ["org.apache.zookeeper.server.quorum.QuorumPeerMain"]),
        ("zookeeper/1", "start", "extra_args", ["$run_dir/zookeeper.cfg"]),
    ],
    "zookeeper/ndprc": [
        ("zookeeper/0", ZOO, "tickTime", "2000"),  # cluster file over middle over common
        ("zookeeper/0", ZOO, "preAllocSize", "65536"),  # middle over common
        ("zookeeper/0", ZOO, "autopurge.snapRetainCount", "12"),  # common
        ("zookeeper/0", ZOO, "server.0", ABSENT),
        ("zookeeper/0", ZOO, "server.1", "10.31.8.11:16002:16003"),
        ("zookeeper/0", ZOO, "server.6", "10.31.8.16:16002:16003"),
        ("zookeeper/4", "task", "host", "10.31.8.16"),
        ("zookeeper/4", "task", "host_id", 6),
        ("zookeeper/4", "bootstrap", "script.myid", 6),  # the number in the server list, not that of the task
        ("zookeeper/0", ZOO, "authProvider.1", "org.apache.zookeeper.server.auth.SASLAuthenticationProvider"),
        ("zookeeper/0", ZOO, "jaasLoginRenew", "1800000"),
        ("zookeeper/0", ZOO, "kerberos.removeHostFromPrincipal", "true"),
        ("zookeeper/0", ZOO, "kerberos.removeRealmFromPrincipal", "true"),
        ("zookeeper/0", "jaas.conf", "Server", {
            "module": KRB5, "flag": "required", "options": {
                "useKeyTab": "true", "storeKey": "true", "useTicketCache": "false",
                "keyTab": '"/etc/hadoop/conf/zookeeper.keytab"', "principal": '"zookeeper/hadoop@EXAMPLE.ORG"',
            },
        }),
        ("zookeeper/2", "start", "jvm_args", [
            "-Xmx2g", "-Xms2g", "-Xmn128m", "-XX:+UseConcMarkSweepGC",
            "-Xloggc:$run_dir/stdout/zookeeper_gc_${start_time}.log",
        ]),
        ("zookeeper/2", "start", "system_properties", [
            "-Djute.maxbuffer=4194304", "-Dsun.net.inetaddr.ttl=60", "-Dzookeeper.log.dir=$log_dir",
            "-Dzookeeper.log.file=zookeeper.log", "-Dzookeeper.log.level=warn",
            "-Djava.security.auth.login.config=$run_dir/jaas.conf", "-Djava.security.krb5.conf=$run_dir/krb5.conf",
        ]),
        ("zookeeper/2", "start", "class_path", ["$run_dir/", "$package_dir/", "$package_dir/lib/*", "$package_dir/*"]),
    ],
    "hdfs/ndtst-alpha": [
        ("namenode/0", CORE, "fs.defaultFS", "hdfs://ndtst-alpha"),
        ("namenode/0", CORE, "ha.zookeeper.quorum", TEST_ZOOKEEPER),
        ("namenode/0", CORE, "fs.trash.interval", "1440"),  # middle
        ("namenode/0", CORE, "fs.trash.checkpoint.interval", "720"),  # common
        ("namenode/0", CORE, "hadoop.tmp.dir", "/tmp/hadoop-work"),
        ("namenode/0", CORE, "io.compression.codecs",
            "org.apache.hadoop.io.compress.DefaultCodec,\norg.apache.hadoop.io.compress.GzipCodec,\n"
            "org.apache.hadoop.io.compress.SnappyCodec"),
        ("namenode/0", HDFS, "dfs.ha.namenodes.ndtst-alpha", "host0,host1"),
        ("namenode/0", HDFS, "dfs.replication", "2"),
        ("namenode/0", HDFS, "dfs.namenode.handler.count", "16"),
        ("namenode/0", HDFS, "dfs.cluster.administrators", ""),  # made empty by the middle file
        ("namenode/0", HDFS, "dfs.datanode.du.reserved", "1073741824"),  # in the cluster file only
        ("namenode/0", HDFS, "dfs.ha.fencing.methods", "sshfence(work:22)\nshell(/bin/true)"),
        ("namenode/0", HDFS, "dfs.namenode.kerberos.principal", "hdfs_tst/hadoop@XIAOMI.NET"),
        ("zkfc/1", HDFS, "dfs.namenode.shared.edits.dir",
            "qjournal://10.31.4.11:16100;10.31.4.12:16100;10.31.4.13:16100/ndtst-alpha"),
        ("zkfc/1", "task", "host", "10.31.4.12"),  # the namenodes' hosts
        ("zkfc/1", "task", "base_port", 16300),
        ("datanode/3", HDFS, "dfs.datanode.data.dir", "/home/work/data/hdfs/ndtst-alpha/datanode"),
        ("datanode/3", METRICS2, "datanode.sink.file.filename",
            "/home/work/log/hdfs/ndtst-alpha/datanode/datanode-metrics.out"),
        ("datanode/3", METRICS2, "*.sink.ganglia.class", ABSENT),
        ("datanode/3", "start", "package.package_name", ""),
    ],
    "hdfs/ndprc-main": [
        ("namenode/0", HDFS, "dfs.namenode.handler.count", "128"),  # cluster file over middle over common
        ("namenode/0", HDFS, "dfs.blocksize", "268435456"),  # middle
        ("namenode/0", HDFS, "dfs.replication", "3"),  # common
        ("namenode/0", CORE, "fs.trash.interval", "10080"),
        ("namenode/0", CORE, "hadoop.security.authentication", "kerberos"),
        ("namenode/0", CORE, "hadoop.proxyuser.hue.hosts", "10.31.8.23,10.31.8.24"),
        ("namenode/0", CORE, "hadoop.security.auth_to_local",
            "\n      RULE:[2:$1@$0](hdfs_prc@EXAMPLE.ORG)s/.*/hdfs/\n"
            "      RULE:[2:$1@$0](hbase_prc@EXAMPLE.ORG)s/.*/hbase/\n      DEFAULT\n    "),
        ("namenode/0", HDFS, "dfs.block.local-path-access.user", "work, hbase, impala"),
        ("namenode/0", HDFS, "dfs.namenode.kerberos.principal", "hdfs_prc/hadoop@EXAMPLE.ORG"),
        ("namenode/0", HDFS, "dfs.namenode.keytab.file", "/etc/hadoop/conf/hdfs_prc.keytab"),
        ("namenode/0", HDFS, "dfs.namenode.name.dir", "/home/work/data/hdfs/ndprc-main/namenode"),
        ("namenode/0", HDFS, "dfs.journalnode.rpc-address", "0.0.0.0:16100"),
        ("namenode/1", HDFS, "dfs.domain.socket.path", "/home/work/app/hdfs/ndprc-main/datanode/socket.16400"),
        ("datanode/2", HDFS, "dfs.namenode.rpc-address.ndprc-main.host1", "10.31.8.22:16200"),
        ("datanode/3", HDFS, "dfs.namenode.rpc-address.ndprc-main.host1", "10.31.8.22:16200"),
        ("datanode/3", HDFS, "dfs.namenode.http-address.ndprc-main.host0", "10.31.8.21:16201"),
        ("datanode/3", HDFS, "dfs.datanode.ipc.address", "0.0.0.0:16410"),
        ("datanode/3", HDFS, "dfs.datanode.http.address", "0.0.0.0:16411"),
        ("datanode/3", HDFS, "dfs.datanode.address", "0.0.0.0:16412"),
        ("datanode/3", HDFS, "dfs.journalnode.rpc-address", "0.0.0.0:16110"),  # the instance reaches other jobs' ports
        ("datanode/10", HDFS, "dfs.datanode.address", "0.0.0.0:16402"),
        ("datanode/11", HDFS, "dfs.datanode.data.dir",
            "/disk1/data/hdfs/ndprc-main/datanode/1,/disk2/data/hdfs/ndprc-main/datanode/1,"
            "/disk3/data/hdfs/ndprc-main/datanode/1"),
        ("datanode/11", HDFS, "dfs.domain.socket.path", "/home/work/app/hdfs/ndprc-main/datanode/1/socket.16410"),
        ("datanode/11", HDFS, "dfs.hosts.exclude", "/home/work/app/hdfs/ndprc-main/namenode/excludes"),
        ("datanode/11", "task", "host", "10.31.8.38"),
        ("datanode/11", "task", "host_id", 7),
        ("datanode/11", "task", "process_name", "hdfs--ndprc-main--datanode1"),
        ("datanode/11", "task", "host_attributes", {"rack": "p3"}),
        ("datanode/11", "dirs", "log_dir", "/home/work/log/hdfs/ndprc-main/datanode/1"),
        ("datanode/11", "dirs", "current_package_dir", "/home/work/packages/hdfs/ndprc-main/current"),
        ("datanode/11", "start", "http_url", "http://10.31.8.38:16411"),
        ("datanode/11", "start", "jvm_args", [
            "-Xmx3g", "-Xms3g", "-XX:-UseConcMarkSweepGC", "-XX:MaxDirectMemorySize=1g",
            "-Xloggc:$run_dir/stdout/datanode_gc_${start_time}.log", "-Xmn256m", "-XX:+UseConcMarkSweepGC",
            "-XX:CMSInitiatingOccupancyFraction=70", "-XX:+HeapDumpOnOutOfMemoryError", "-XX:HeapDumpPath=$log_dir",
        ]),
        ("datanode/11", "start", "system_properties", [
            "-Dminos.rack=/nd/p3", "-Dminos.data.port=16412", "-Dproc_datanode", "-Dhdfs.log.file=datanode.log",
            "-Djava.net.preferIPv4Stack=true", "-Djava.security.krb5.conf=$run_dir/krb5.conf",
            "-Dhdfs.log.dir=$log_dir", "-Dhdfs.log.level=info", "-Dhadoop.id.str=work", "-Dminos.pid=$pid",
        ]),
        ("datanode/11", "start", "main_entry", ["org.apache.hadoop.hdfs.server.datanode.DataNode"]),
        ("datanode/11", "start", "extra_args", []),
        ("datanode/11", "start", "environment", {"LC_ALL": "en_US.UTF-8"}),
        ("datanode/11", "start", "class_path", HADOOP_CLASS_PATH),
        ("datanode/11", "start", "package", {
            "package_name": "hadoop-2.6.0-nd4.tar.gz", "revision": "r2107", "timestamp": "20150611-093042",
            "force_update": False,
        }),
        ("datanode/11", "bootstrap", "data_dir_indexes", [0, 1, 2]),
        ("datanode/1", METRICS2, "datanode.sink.file.filename",
            "/home/work/log/hdfs/ndprc-main/datanode/1/datanode-metrics.out"),
        ("journalnode/0", METRICS2, "namenode.sink.ganglia.servers", "10.31.8.8:8649"),
        ("journalnode/0", METRICS2, "journalnode.sink.ganglia.servers", ABSENT),
        ("namenode/1", "start", "jvm_args", [
            "-Xmx24g", "-Xms24g", "-Xmn2g", "-XX:CMSInitiatingOccupancyFraction=80",
            "-Xloggc:$run_dir/stdout/namenode_gc_${start_time}.log", "-XX:MaxDirectMemorySize=512m",
            "-XX:+UseConcMarkSweepGC", "-XX:+HeapDumpOnOutOfMemoryError", "-XX:HeapDumpPath=$log_dir",
        ]),
        ("namenode/0", "bootstrap", "script.action", ["-format", "-nonInteractive"]),
        ("namenode/1", "bootstrap", "script.action",
            ["-bootstrapStandby", "-skipSharedEditsCheck", "-nonInteractive"]),
        ("zkfc/0", "bootstrap", "script.action", ["-formatZK"]),
        ("zkfc/1", "bootstrap", "script", {"kind": "hdfs-format-zk", "runs": False, "action": []}),
        ("datanode/0", "bootstrap", "script", None),
    ],
    "hbase/ndtst-alpha": [
        ("master/0", HBASE, "hbase.regionserver.handler.count", "12"),
        ("master/0", HBASE, "hbase.hregion.max.filesize", "1073741824"),
        ("master/0", HBASE, "hbase.coprocessor.user.region.classes",
            "['org.example.hbase.Audit', 'org.example.hbase.Quota']"),  # a comma outside of quotes
        ("master/0", HBASE, "hbase.zookeeper.quorum", "10.31.4.11,10.31.4.12,10.31.4.13"),
        ("master/0", HBASE, "hbase.zookeeper.property.clientPort", "16000"),
        ("master/0", HBASE, "hbase.rootdir", "hdfs://ndtst-alpha/hbase/ndtst-alpha"),
        ("master/0", "jaas.conf", "", {}),
        ("regionserver/1", "start", "jvm_args", [  # the common [arguments] win over those of the middle file
            "-Xmn512m", "-XX:MaxDirectMemorySize=1g", "-Xloggc:$run_dir/stdout/regionserver_gc_${start_time}.log",
            "-Xmx1g", "-Xms1g", "-XX:+UseConcMarkSweepGC", "-XX:+UseParNewGC",
        ]),
    ],
    "hbase/ndprc-main": [
        ("regionserver/9", "task", "host", "10.31.8.35"),
        ("regionserver/9", HBASE, "hbase.regionserver.port", "16610"),
        ("regionserver/9", HBASE, "hbase.regionserver.info.port", "16611"),
        ("regionserver/9", HBASE, "hbase.master.port", "16510"),
        ("regionserver/10", HBASE, "hbase.regionserver.port", "16600"),
        ("regionserver/10", "dirs", "run_dir", "/home/work/app/hbase/ndprc-main/regionserver"),  # one there: no number
        ("regionserver/10", HDFS, "dfs.namenode.rpc-address.ndprc-main.host0", "10.31.8.21:16200"),
        ("regionserver/10", HDFS, "dfs.nameservices", "ndprc-main"),
        ("master/1", HBASE, "hbase.zookeeper.quorum", ",".join(ZOOKEEPER_HOSTS)),
        ("master/1", HBASE, "zookeeper.session.timeout", "60000"),
        ("master/1", HBASE, "hfile.block.cache.size", "0.25"),
        ("master/1", HBASE, "hbase.regionserver.handler.count", "128"),
        ("master/1", HBASE, "hbase.regionserver.global.memstore.upperLimit", "0.35"),
        ("master/1", HBASE, "hbase.coprocessor.region.classes",
            "org.apache.hadoop.hbase.security.token.TokenProvider,"
            "org.apache.hadoop.hbase.security.access.AccessController"),
        ("master/1", "jaas.conf", "Client", {
            "module": KRB5, "flag": "required", "options": {
                "useKeyTab": "true", "useTicketCache": "false", "keyTab": '"/etc/hadoop/conf/hbase_prc.keytab"',
                "principal": '"hbase_prc/hadoop@EXAMPLE.ORG"', "storeKey": "true",
            },
        }),
        ("master/0", "start", "jvm_args", [
            "-Xmx4g", "-Xms4g", "-Xloggc:$run_dir/stdout/master_gc_${start_time}.log", "-XX:+UseConcMarkSweepGC",
            "-XX:+UseParNewGC",
        ]),
        ("master/0", "start", "http_url", "http://10.31.8.23:16501"),
        ("regionserver/9", "start", "extra_args", ["-Dhbase.regionserver.slow.ms=500", "start"]),
        ("regionserver/9", METRICS, "jvm.fileName", "/home/work/log/hbase/ndprc-main/regionserver/1/jvm_metrics.out"),
        ("regionserver/9", METRICS, "hbase.class", "org.apache.hadoop.metrics.ganglia.GangliaContext31"),
        ("regionserver/9", METRICS, "rest.servers", "10.31.8.8:8649"),
    ],
    "yarn/ndtst-alpha": [
        ("nodemanager/1", YARN, "yarn.nodemanager.resource.memory-mb", "6144"),
        ("nodemanager/1", YARN, "yarn.scheduler.maximum-allocation-mb", "2048"),
        ("nodemanager/1", YARN, "yarn.log-aggregation.retain-seconds", "86400"),
        ("nodemanager/1", YARN, "yarn.resourcemanager.zk-address", TEST_ZOOKEEPER),
        ("nodemanager/1", MAPRED, "mapreduce.task.io.sort.mb", "64"),
        ("nodemanager/1", MAPRED, "mapreduce.shuffle.port", "16808"),
    ],
    "yarn/ndprc-main": [
        ("nodemanager/7", "task", "host", "10.31.8.34"),
        ("nodemanager/7", YARN, "yarn.nodemanager.address", "0.0.0.0:16810"),
        ("nodemanager/7", YARN, "yarn.nodemanager.localizer.address", "0.0.0.0:16812"),
        ("nodemanager/7", MAPRED, "mapreduce.shuffle.port", "16818"),
        ("nodemanager/7", YARN, "yarn.nodemanager.local-dirs",
            "/disk1/data/yarn/ndprc-main/nodemanager/1,/disk2/data/yarn/ndprc-main/nodemanager/1,"
            "/disk3/data/yarn/ndprc-main/nodemanager/1"),
        ("nodemanager/7", YARN, "yarn.nodemanager.log-dirs", "/home/work/log/yarn/ndprc-main/nodemanager/1"),
        ("nodemanager/7", YARN, "yarn.nodemanager.resource.cpu-vcores", "16"),
        ("nodemanager/0", YARN, "yarn.nodemanager.resource.cpu-vcores", "12"),
        ("nodemanager/7", YARN, "yarn.resourcemanager.nodes.exclude-path",
            "/home/work/app/yarn/ndprc-main/resourcemanager/excludes"),
        ("nodemanager/7", YARN, "yarn.resourcemanager.resource-tracker.address.rm1", "10.31.8.22:16703"),
        ("resourcemanager/1", YARN, "yarn.resourcemanager.address.rm0", "10.31.8.21:16700"),
        ("resourcemanager/1", YARN, "yarn.resourcemanager.admin.address.rm1", "10.31.8.22:16704"),
        ("resourcemanager/1", YARN, "yarn.resourcemanager.ha.rm-ids", "rm0,rm1"),
        ("resourcemanager/1", YARN, "yarn.resourcemanager.zk-address", ZOOKEEPER),
        ("resourcemanager/1", YARN, "yarn.scheduler.maximum-allocation-mb", "24576"),
        ("resourcemanager/1", YARN, "yarn.nodemanager.resource.memory-mb", "24576"),  # of the nodemanagers' host.1
        ("resourcemanager/1", YARN, "yarn.web-proxy.address", "10.31.8.24:17001"),
        ("resourcemanager/1", MAPRED, "mapreduce.jobhistory.address", "10.31.8.23:16900"),
        ("resourcemanager/1", MAPRED, "mapreduce.map.java.opts", "-Xmx1200m -Djava.net.preferIPv4Stack=true"),
        ("resourcemanager/1", CORE, "fs.defaultFS", "hdfs://ndprc-main"),
        ("resourcemanager/1", "start", "jvm_args", [
            "-Xmx6g", "-Xms6g", "-Xloggc:$run_dir/stdout/resourcemanager_gc_${start_time}.log",
            "-XX:+UseConcMarkSweepGC",
        ]),
        ("proxyserver/0", "start", "environment", {
            "LC_ALL": "en_US.UTF-8", "HADOOP_COMMON_HOME": "$package_dir", "HADOOP_HDFS_HOME": "$package_dir",
            "YARN_HOME": "$package_dir",
        }),
        ("proxyserver/0", "start", "http_url", "http://10.31.8.24:17001"),
    ],
    "impala/ndprc-bi": [
        ("impalad/3", "start", "extra_args", [
            "-principal=impala_prc/hadoop@EXAMPLE.ORG", "-keytab_file=/etc/hadoop/conf/impala_prc.keytab",
            "-mem_limit=60%", "-beeswax_port=17210", "-webserver_port=17211", "-be_port=17212",
            "-state_store_subscriber_port=17213", "-hs2_port=17214", '-default_query_options="MEM_LIMIT=2g"',
            "-log_dir=$run_dir/log", "-log_filename=$job_name", "-state_store_host=10.31.8.23",
            "-state_store_port=17100", "-catalog_service_host=10.31.8.24", "-minidump_path=",
            "-webserver_interface=10.31.8.33",
        ]),
        ("statestored/0", "start", "extra_args", [
            "-state_store_port=17100", "-webserver_port=17101", "-log_dir=$run_dir/log", "-log_filename=$job_name",
            "-state_store_host=10.31.8.23", "-catalog_service_host=10.31.8.24", "-mem_limit=40%", "-minidump_path=",
            "-webserver_interface=10.31.8.23",
        ]),
        ("impalad/0", CORE, "yarn.resourcemanager.scheduler.address", "10.31.8.21:16702"),
        ("impalad/0", HBASE, "zookeeper.znode.parent", "/hbase/ndprc-main"),
        ("impalad/0", HBASE, "hbase.master", "10.31.8.23:16500"),
        ("impalad/0", HBASE, "hbase.zookeeper.quorum", ",".join(ZOOKEEPER_HOSTS)),
        ("impalad/0", HIVE, "hive.metastore.kerberos.principal", "hive_prc/hadoop@EXAMPLE.ORG"),
        ("impalad/0", HIVE, "hive.metastore.client.socket.timeout", "600"),
        ("impalad/0", "start", "environment.LIBHDFS_OPTS",
            "-Djava.security.krb5.conf=/etc/krb5-hadoop.conf -Dimpala.log.dir=$run_dir/log -Dimpala.log.level=warn"),
    ],
    "kafka/ndprc-logs": [
        ("kafka/3", "task", "host", "10.31.8.44"),  # host.10 comes behind host.3
        ("kafka/3", "kafka.cfg", "broker.id", "3"),
        ("kafka/3", "kafka.cfg", "port", "17400"),
        ("kafka/3", "kafka.cfg", "host.name", "10.31.8.44"),
        ("kafka/3", "kafka.cfg", "log.dirs", "/home/work/data/kafka/ndprc-logs/kafka"),
        ("kafka/3", "kafka.cfg", "zookeeper.connect", f"{ZOOKEEPER}/kafka/ndprc-logs"),
        ("kafka/3", "kafka.cfg", "log.retention.hours", "168"),
        ("kafka/3", "kafka.cfg", "auto.create.topics.enable", "false"),
        ("kafka/0", "kafka-scribe.cfg", "metadata.broker.list", BROKERS),
        ("kafkascribe/1", "kafka.cfg", "broker.id", "1"),
        ("kafkascribe/1", "kafka-scribe.cfg", "scribe.port", "17500"),
        ("kafkascribe/1", "start", "extra_args", ["$run_dir/kafka-scribe.cfg"]),
        ("kafka/0", "start", "system_properties", [
            "-Dcom.sun.management.jmxremote.port=17401", "-Djava.net.preferIPv4Stack=true", "-Dkafka.log.dir=$log_dir",
            "-Dkafka.log.level=INFO", "-Dlog4j.configuration=file:$run_dir/log4j.properties",
        ]),
    ],
    "storm/ndprc-rt": [
        ("supervisor/2", "storm.yaml", "storm.zookeeper.servers", ZOOKEEPER_HOSTS),
        ("supervisor/2", "storm.yaml", "storm.zookeeper.port", 16000),
        ("supervisor/2", "storm.yaml", "supervisor.slots.ports", [17710, 17711, 17712, 17713, 17714, 17715]),
        ("supervisor/2", "storm.yaml", "nimbus.host", "10.31.8.45"),
        ("supervisor/2", "storm.yaml", "nimbus.thrift.port", 17600),
        ("supervisor/2", "storm.yaml", "nimbus.reassign", True),
        ("supervisor/2", "storm.yaml", "ui.port", 17801),
        ("supervisor/2", "storm.yaml", "logviewer.port", 17901),
        ("supervisor/2", "storm.yaml", "drpc.servers", ["10.31.8.45"]),
        ("supervisor/2", "storm.yaml", "transactional.zookeeper.servers", None),
        ("supervisor/2", "storm.yaml", "topology.acker.executors", None),
        ("supervisor/2", "storm.yaml", "topology.stats.sample.rate", 0.05),
        ("supervisor/2", "storm.yaml", "topology.message.timeout.secs", 45),
        ("supervisor/2", "storm.yaml", "worker.childopts", "-Xmx2048m -XX:+UseConcMarkSweepGC"),
        ("supervisor/2", "storm.yaml", "java.library.path", "/usr/local/lib:/usr/lib"),
        ("supervisor/2", "storm.yaml", "topology.metrics.consumer.register", [
            {"class": "org.example.storm.Figures", "parallelism.hint": 2, "argument": "10.31.8.8"},
        ]),
        ("nimbus/0", "storm.yaml", "storm.local.dir", "/home/work/data/storm/ndprc-rt/supervisor"),
        ("ui/0", "task", "host", "10.31.8.45"),
        ("ui/0", "start", "http_url", "http://10.31.8.45:17801"),
        ("logviewer/2", "task", "host", "10.31.8.48"),
        ("logviewer/2", "start", "environment.SUPERVISOR_LOG_DIR", "/home/work/log/storm/ndprc-rt/supervisor"),
        ("supervisor/0", "start", "jvm_args", ["-Xmx768m", "-Xms512m"]),
        ("supervisor/0", "start", "system_properties", [
            "-Dlogfile.name=supervisor.log", "-Dstorm.home=$run_dir", "-Dstorm.log.dir=$run_dir/logs",
            "-Dstorm.log.level=info", "-Dlogback.configurationFile=$run_dir/cluster.xml",
            '-Djava.library.path="/usr/local/lib:/usr/lib"',
        ]),
    ],
}  # fmt: skip
ROWS = [(cluster, *row) for cluster, rows in FACTS.items() for row in rows]


@pytest.mark.parametrize(("cluster", "task", "part", "key", "expected"), ROWS, ids=lambda value: str(value)[:40])
def test_it_is_so(
    plans: dict[tuple[str, str], Any], cluster: str, task: str, part: str, key: str, expected: Any
) -> None:
    service, _, name = cluster.partition("/")
    job, _, number = task.partition("/")
    one = next(one for one in plans[service, name]["tasks"] if (one["job"], one["task_id"]) == (job, int(number)))
    facts = read(part, one["files"][part]) if part in one["files"] else one if part == "task" else one[part]
    assert looked_up(facts, key) == expected


@cache
def read(name: str, text: str) -> dict[str, Any]:
    """A file as whoever gets it reads it."""
    if name.endswith(".xml"):
        return dict(read_site_xml(text))
    if name.endswith(".yaml"):
        return dict(yaml.safe_load(text))
    return read_jaas(text) if name == "jaas.conf" else dict(read_properties(text))


def looked_up(facts: dict[str, Any], key: str) -> Any:
    """The value of a key, of a key inside one (``package.revision``), or all of it (empty key)."""
    if key in facts or not key:
        return facts[key] if key else facts
    outer, _, inner = key.partition(".")
    return facts[outer].get(inner, ABSENT) if isinstance(facts.get(outer), dict) else ABSENT
