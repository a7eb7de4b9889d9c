"""A YARN of a test site, and what a client makes of it."""

from dataclasses import dataclass
from typing import Any

from tests.whole.filesystem import Filesystem
from tests.whole.site import Run, Site

FILE = """\
[cluster]
  name={name}
  version={version}
  hdfs_cluster={hdfs}
  jobs=resourcemanager nodemanager historyserver proxyserver

[resourcemanager]
  base_port={resourcemanager}
{two}
  [[arguments]]

[nodemanager]
  base_port={nodemanager}
{two}
  [[arguments]]

[historyserver]
  base_port={historyserver}
{one}
  [[arguments]]

[proxyserver]
  base_port={proxyserver}
{one}
  [[arguments]]

[configuration]
  base=%{{config_dir}}/conf/yarn/common/yarn-tst.cfg
  [[mapred-site.xml]]
    # one machine is all hosts, and the shuffle listens on every address
    mapreduce.shuffle.port={shuffle}%{{task.number}}
  [[hdfs-site.xml]]
    dfs.client.use.datanode.hostname=true
"""


@dataclass
class Programs:
    """One cluster of service yarn: two resourcemanagers, two nodemanagers, a history server and a proxy."""

    site: Site
    name: str
    version: str

    @staticmethod
    def described(files: Filesystem, version: str, base_port: int, name: str) -> "Programs":
        """Save the cluster file; it takes the four hundred ports from ``base_port`` on."""
        site = files.site
        hosts = [f"  host.{number}={host.address}" for number, host in enumerate(site.hosts)]
        jobs = ("resourcemanager", "nodemanager", "historyserver", "proxyserver")
        ports = dict(zip(jobs, range(base_port, 65000, 100), strict=False))
        text = FILE.format(
            name=name, version=version, hdfs=files.name, one=hosts[0], two="\n".join(hosts[:2]),
            shuffle=f"{ports['nodemanager'] + 50}"[:-1], **ports
        )  # fmt: skip
        site.api.put_text(f"config/conf/yarn/yarn-{name}.cfg", text)
        return Programs(site, name, version)

    @property
    def path(self) -> str:
        """Its path below the API."""
        return f"clusters/yarn/{self.name}"

    def operate(self, action: str, **more: Any) -> dict[str, Any]:
        """Run an operation to its end."""
        return self.site.operate("yarn", self.name, action, **more)

    def tasks(self, job: str) -> list[dict[str, Any]]:
        """Tasks of a job."""
        return [task for task in self.site.tasks("yarn", self.name) if task["job"] == job]

    def roles(self) -> list[str]:
        """What the resourcemanagers say they are, by their number."""
        return [task["texts"].get("yarn.role", "").lower() for task in self.tasks("resourcemanager")]

    def figure(self, name: str) -> float:
        """A figure of the active resourcemanager; -1 when it does not tell it."""
        active = [
            task for task in self.tasks("resourcemanager") if task["texts"].get("yarn.role", "").lower() == "active"
        ]
        return float(active[0]["figures"].get(f"yarn.{name}", -1)) if active else -1.0

    def examples(self, words: str) -> Run:
        """A program of the examples' jar, in the shell."""
        jar = f"$package_dir/share/hadoop/mapreduce/hadoop-mapreduce-examples-{self.version}.jar"
        return self.site.run(f"yarn/{self.name}", "jar", f"{jar} {words}", seconds=600)
