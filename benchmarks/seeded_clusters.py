"""PURE. Cluster files of the seeded site: which services, on which of its hosts, with how many tasks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

FIRST_PORT = 10_000
TASKS = 10_000
"""Of a site of full size."""


@dataclass(frozen=True)
class Plan:
    """A cluster: ``many`` tasks of its workers' job, beside the few that lead it."""

    service: str
    name: str
    many: int
    needs: str = ""


_HDFS = (1987, *(300,) * 13)
_HBASE, _YARN, _KAFKA, _ENSEMBLES = (250,) * 10, (150,) * 8, (40,) * 8, 20


def plans(scale: float) -> list[Plan]:
    """Sixty clusters, of which one has 2,000 tasks; ``scale`` 1 is full size, and of a smaller site each cluster is smaller."""
    found = [Plan("zookeeper", f"z{number:02}", 5) for number in range(_ENSEMBLES)]
    files = [f"z{number:02}-files" for number in range(len(_HDFS))]
    found += [Plan("hdfs", name, _scaled(many, scale)) for name, many in zip(files, _HDFS, strict=True)]
    for service, suffix, sizes in (("hbase", "tables", _HBASE), ("yarn", "programs", _YARN)):
        for number, many in enumerate(sizes):
            found.append(Plan(service, f"z{number:02}-{suffix}", _scaled(many, scale), files[number]))
    found += [Plan("kafka", f"z{number:02}-streams", _scaled(many, scale)) for number, many in enumerate(_KAFKA)]
    return found


def _scaled(many: int, scale: float) -> int:
    return max(3, round(many * scale))


JOBS = {
    "zookeeper": (("zookeeper", 5),),
    "hdfs": (("journalnode", 3), ("zkfc", 0), ("namenode", 2), ("datanode", -1)),
    "hbase": (("regionserver", -1), ("master", 2)),
    "yarn": (("resourcemanager", 2), ("nodemanager", -1), ("historyserver", 1), ("proxyserver", 1)),
    "kafka": (("kafka", -1),),
}
"""Service -> (job, how many hosts of it; -1: the many, 0: those of the job that it goes with)."""


def texts(made: Sequence[Plan], addresses: Sequence[str]) -> Iterator[tuple[str, str]]:
    """(path, text) of each cluster's file. Where there are more tasks than hosts, each host has several."""
    port, first = FIRST_PORT, 0
    for plan in made:
        jobs = JOBS[plan.service]
        lines = ["[cluster]", f"  name={plan.name}", "  version=3.4.2", f"  jobs={' '.join(job for job, _ in jobs)}"]
        lines += [f"  hdfs_cluster={plan.needs}"] if plan.needs else []
        for job, hosts in jobs:
            wanted = plan.many if hosts < 0 else hosts
            lines += ["", f"[{job}]", f"  base_port={port}", *_hosts(addresses, first, wanted), "  [[arguments]]"]
            port += 100
        lines += ["", "[configuration]", f"  base=%{{config_dir}}/conf/{plan.service}/common/{plan.service}-tst.cfg"]
        first += 17
        yield f"conf/{plan.service}/{plan.service}-{plan.name}.cfg", "\n".join(lines) + "\n"


def _hosts(addresses: Sequence[str], first: int, wanted: int) -> Iterator[str]:
    """Lines of so many tasks, beginning with some host."""
    number = min(wanted, len(addresses))
    each, over = divmod(wanted, number) if number else (0, 0)
    for position in range(number):
        several = each + (position < over)
        address = addresses[(first + position) % len(addresses)]
        yield f"  host.{position}={address}" + (f"/instance_num={several}" if several > 1 else "")
