"""Fills a service's cluster template: the text of a first cluster file."""

import re
from collections.abc import Mapping, Sequence

from minos_web.catalog.description import Service

_JOBS = re.compile(r"^\s*jobs\s*=\s*(.*)$", re.MULTILINE)
_BASE_PORT = re.compile(r"^\s*\[(\w+)\]\s*\n(?:(?!\s*\[).*\n)*?\s*base_port\s*=\s*(\d+)", re.MULTILINE)


def jobs_of_template(service: Service) -> list[str]:
    """Names of the jobs that a new cluster has, in the order of the template."""
    found = _JOBS.search(service.template)
    return found[1].split() if found else []


def ports_of_template(service: Service) -> dict[str, int]:
    """Job -> the base port that the template gives it."""
    return {job: int(port) for job, port in _BASE_PORT.findall(service.template)}


def new_cluster_text(
    service: Service, name: str, version: str, level: str, hosts: Mapping[str, Sequence[str]], hdfs: str = ""
) -> str:
    """Text of ``conf/<service>/<service>-<name>.cfg`` for a new cluster.

    ``level`` is tst, prc or srv and picks the base file; ``hosts`` maps each job to the addresses of its hosts. In the
    template ``@name@``, ``@version@``, ``@level@`` and ``@hosts.<job>@`` (one line per host) are replaced, and ``@hdfs@`` by
    ``hdfs``, or else the usual name of an HDFS on the same ZooKeeper.
    Raises LookupError when the service has no template.
    """
    if not service.template:
        raise LookupError(f"{service.name} has no template for new clusters")
    text = service.template.replace("@name@", name).replace("@version@", version).replace("@level@", level)
    text = text.replace("@hdfs@", hdfs or f"{name.partition('-')[0]}-files")
    for job in service.jobs:
        lines = "\n".join(f"host.{number}={address}" for number, address in enumerate(hosts.get(job.name, ())))
        text = text.replace(f"@hosts.{job.name}@", lines.replace("\n", "\n  "))
    return text
