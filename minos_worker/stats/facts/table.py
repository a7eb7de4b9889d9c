"""The readers of facts by the names that the catalog uses."""

from minos_worker.stats.facts import kafka
from minos_worker.stats.facts.flink import flink_programs, flink_taskmanagers
from minos_worker.stats.facts.hbase import hbase_master, hbase_regionserver
from minos_worker.stats.facts.hdfs import hdfs_namenode
from minos_worker.stats.facts.kafka_groups import kafka_groups
from minos_worker.stats.facts.reader import FactReader
from minos_worker.stats.facts.storm import storm_nimbus
from minos_worker.stats.facts.yarn import yarn_apps, yarn_nodes, yarn_queues
from minos_worker.stats.kafka_groups import ask_groups
from minos_worker.stats.nimbus_facts import ask_topologies

FACT_READERS: dict[str, FactReader] = {
    "hbase-master": FactReader(hbase_master),
    "hbase-regionserver": FactReader(hbase_regionserver),
    "hdfs-namenode": FactReader(hdfs_namenode),
    "yarn-queues": FactReader(yarn_queues),
    "yarn-apps": FactReader(yarn_apps),
    "yarn-nodes": FactReader(yarn_nodes),
    "kafka-broker": FactReader(kafka.kafka_broker, question=kafka.QUESTION),
    "kafka-groups": FactReader(kafka_groups, ask=ask_groups),
    "flink-programs": FactReader(flink_programs),
    "flink-taskmanagers": FactReader(flink_taskmanagers),
    "storm-nimbus": FactReader(storm_nimbus, ask=ask_topologies),
}
