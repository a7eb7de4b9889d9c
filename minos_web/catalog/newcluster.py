"""Fills a service's cluster template: the text of a first cluster file."""

from collections.abc import Mapping, Sequence

from minos_web.catalog.description import Service


def new_cluster_text(service: Service, name: str, version: str, level: str, hosts: Mapping[str, Sequence[str]]) -> str:
    """Text of ``conf/<service>/<service>-<name>.cfg`` for a new cluster.

    ``level`` is tst, prc or srv and picks the base file; ``hosts`` maps each job to the addresses of its hosts. In the
    template ``@name@``, ``@version@``, ``@level@`` and ``@hosts.<job>@`` (one line per host) are replaced, and ``@hdfs@`` by
    the usual name of an HDFS on the same ZooKeeper.
    Raises LookupError when the service has no template.
    """
    if not service.template:
        raise LookupError(f"{service.name} has no template for new clusters")
    text = service.template.replace("@name@", name).replace("@version@", version).replace("@level@", level)
    text = text.replace("@hdfs@", f"{name.partition('-')[0]}-files")
    for job in service.jobs:
        lines = "\n".join(f"host.{number}={address}" for number, address in enumerate(hosts.get(job.name, ())))
        text = text.replace(f"@hosts.{job.name}@", lines.replace("\n", "\n  "))
    return text
