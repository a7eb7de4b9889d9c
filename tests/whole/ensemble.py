"""A ZooKeeper ensemble of a test site, and how a client sees it."""

import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kazoo.client import KazooClient

from tests.whole.site import Site

FILE = """\
[cluster]
  name={name}
  version={version}
  jobs=zookeeper

[zookeeper]
  base_port={base_port}
{hosts}
  [[arguments]]
    jvm_args=-Xmx96m -Xms48m

[configuration]
  base=%{{config_dir}}/conf/zookeeper/common/zookeeper-tst.cfg
"""


@dataclass
class Ensemble:
    """One cluster of service zookeeper."""

    site: Site
    name: str
    base_port: int
    text: str

    @staticmethod
    def described(site: Site, package: Path, base_port: int, name: str = "dptst") -> "Ensemble":
        """Upload the package and save the cluster file."""
        site.api.upload(package, "zookeeper", "test")
        version = package.name.removeprefix("zookeeper-").removesuffix(".tar.gz")
        hosts = "\n".join(f"  host.{number}={host.address}" for number, host in enumerate(site.hosts))
        text = FILE.format(name=name, version=version, base_port=base_port, hosts=hosts)
        site.api.put_text(f"config/conf/zookeeper/zookeeper-{name}.cfg", text)
        return Ensemble(site, name, base_port, text)

    @property
    def path(self) -> str:
        """Its path below the API."""
        return f"clusters/zookeeper/{self.name}"

    def operate(self, action: str, **more: Any) -> dict[str, Any]:
        """Run an operation to its end."""
        return self.site.operate("zookeeper", self.name, action, **more)

    def tasks(self) -> list[dict[str, Any]]:
        """Its tasks."""
        return self.site.tasks("zookeeper", self.name)

    def status(self) -> dict[str, Any]:
        """Its status."""
        status: dict[str, Any] = self.site.api.get(self.path)["status"]
        return status

    def healthy(self) -> bool:
        """Whether the console calls it healthy."""
        return bool(self.status()["kind"] == "running")

    def client(self, number: int) -> KazooClient:
        """A started client of one server only."""
        client = KazooClient(hosts=f"{self.site.hosts[number].address}:{self.base_port}", timeout=10)
        client.start(timeout=30)
        return client

    def mntr(self, number: int) -> dict[str, str]:
        """What one server itself says."""
        with socket.create_connection((self.site.hosts[number].address, self.base_port), timeout=5) as connection:
            connection.sendall(b"mntr")
            text = b""
            while piece := connection.recv(65536):
                text += piece
        return dict(line.split("\t", 1) for line in text.decode().splitlines() if "\t" in line)
