"""An HBase of a test site, and what a client makes of it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.whole.filesystem import Filesystem
from tests.whole.site import Run, Site

FILE = """\
[cluster]
  name={name}
  version={version}
  hdfs_cluster={hdfs}
  jobs=regionserver master

[regionserver]
  base_port={regionserver}
{all}
  [[arguments]]

[master]
  base_port={master}
{two}
  [[arguments]]

[configuration]
  base=%{{config_dir}}/conf/hbase/common/hbase-tst.cfg
  [[hdfs-site.xml]]
    dfs.client.use.datanode.hostname=true
  [[hbase-site.xml]]
    hbase.move.wait.max=180
"""


@dataclass
class Tables:
    """One cluster of service hbase: three regionservers and two masters."""

    site: Site
    name: str
    version: str

    @staticmethod
    def described(files: Filesystem, package: Path, base_port: int, name: str) -> "Tables":
        """Upload the package and save the cluster file; it takes the two hundred ports from ``base_port`` on."""
        site = files.site
        site.api.upload(package, "hbase", "test")
        hosts = [f"  host.{number}={host.address}" for number, host in enumerate(site.hosts)]
        version = package.name.removeprefix("hbase-").removesuffix(".tar.gz")
        text = FILE.format(
            name=name, version=version, hdfs=files.name,
            all="\n".join(hosts), two="\n".join(hosts[:2]), regionserver=base_port, master=base_port + 100,
        )  # fmt: skip
        site.api.put_text(f"config/conf/hbase/hbase-{name}.cfg", text)
        return Tables(site, name, f"{version}-hadoop3")

    def operate(self, action: str, **more: Any) -> dict[str, Any]:
        """Run an operation to its end."""
        return self.site.operate("hbase", self.name, action, **more)

    def tasks(self, job: str) -> list[dict[str, Any]]:
        """Tasks of a job."""
        return [task for task in self.site.tasks("hbase", self.name) if task["job"] == job]

    def roles(self) -> list[str]:
        """What the masters say they are, by their number."""
        return [task["texts"].get("hbase.role", "") for task in self.tasks("master")]

    def figure(self, name: str) -> float:
        """A figure of the active master; -1 when it does not tell it."""
        active = [task for task in self.tasks("master") if task["texts"].get("hbase.role") == "active"]
        return float(active[0]["figures"].get(f"hbase.{name}", -1)) if active else -1.0

    def regions(self) -> list[float]:
        """How many regions each server has."""
        return [float(task["figures"].get("hbase.regions", -1)) for task in self.tasks("regionserver")]

    def shell(self) -> Run:
        """HBase's shell, to be given lines."""
        return self.site.run(f"hbase/{self.name}", "shell", "-n")
