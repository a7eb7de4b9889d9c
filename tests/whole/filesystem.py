"""An HDFS of a test site, and what a client makes of it."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.whole.site import Site

FILE = """\
[cluster]
  name={name}
  version={version}
  jobs=journalnode zkfc namenode datanode

[journalnode]
  base_port={journalnode}
{all}
  [[arguments]]

[zkfc]
  base_port={zkfc}
  [[arguments]]

[namenode]
  base_port={namenode}
{two}
  [[arguments]]

[datanode]
  base_port={datanode}
{all}/instance_num=2
  [[arguments]]

[configuration]
  base=%{{config_dir}}/conf/hdfs/common/hdfs-tst.cfg
  [[decommission]]
    # whatever address a datanode has here, its connections come from the machine's first one
    datanode=127.0.0.1:{data_port}%{{task.number}}
  [[hdfs-site.xml]]
    # one machine is all hosts: datanodes are known by name and told apart by port
    dfs.datanode.address=%{{current_host}}:{data_port}%{{task.number}}
    dfs.client.use.datanode.hostname=true
    dfs.datanode.use.datanode.hostname=true
    dfs.datanode.hostname=%{{current_host}}
    dfs.namenode.datanode.registration.ip-hostname-check=false
"""


@dataclass
class Filesystem:
    """One cluster of service hdfs: three journalnodes, two namenodes, four datanodes, two of them on the last host."""

    site: Site
    name: str
    text: str

    @staticmethod
    def described(site: Site, package: Path, base_port: int, name: str) -> "Filesystem":
        """Upload the package and save the cluster file; it takes the four hundred ports from ``base_port`` on."""
        site.api.upload(package, "hadoop", "test")
        hosts = [f"  host.{number}={host.address}" for number, host in enumerate(site.hosts)]
        ports = dict(zip(("journalnode", "namenode", "zkfc", "datanode"), range(base_port, 65000, 100), strict=False))
        version = package.name.removeprefix("hadoop-").removesuffix(".tar.gz")
        text = FILE.format(
            name=name, version=version, all="\n".join(hosts), two="\n".join(hosts[:2]),
            data_port=f"{ports['datanode'] + 30}"[:-1], **ports,
        )  # fmt: skip
        site.api.put_text(f"config/conf/hdfs/hdfs-{name}.cfg", text)
        return Filesystem(site, name, text)

    @property
    def path(self) -> str:
        """Its path below the API."""
        return f"clusters/hdfs/{self.name}"

    def operate(self, action: str, **more: Any) -> dict[str, Any]:
        """Run an operation to its end."""
        return self.site.operate("hdfs", self.name, action, **more)

    def start(self, action: str, **more: Any) -> int:
        """Start an operation; its id."""
        return self.site.start("hdfs", self.name, action, **more)

    def settled(self) -> bool:
        """Nothing is open, every task runs and the console calls it healthy; waits for it."""
        self.site.until("health", self.healthy, 60)
        return all(task["state"] == "RUNNING" for task in self.tasks())

    def serves(self) -> None:
        """Wait for an active and a standby namenode and all datanodes."""
        self.site.until("an active and a standby namenode", lambda: sorted(self.roles()) == ["active", "standby"], 90)
        self.site.until("four datanodes", lambda: self.figure("live_datanodes") == 4, 60)

    def tasks(self, job: str = "") -> list[dict[str, Any]]:
        """Its tasks, or those of one job."""
        return [task for task in self.site.tasks("hdfs", self.name) if job in ("", task["job"])]

    def healthy(self) -> bool:
        """Whether the console calls it healthy."""
        return bool(self.site.api.get(self.path)["status"]["kind"] == "running")

    def datanode_files(self) -> list[str]:
        """hdfs-site.xml of every datanode, by host and instance."""
        found = [path for host in self.site.hosts for path in host.root.rglob("datanode/**/hdfs-site.xml")]
        return [path.read_text() for path in sorted(found)]

    def roles(self) -> list[str]:
        """What the namenodes say they are, by their number."""
        return [task["texts"].get("hdfs.role", "") for task in self.tasks("namenode")]

    def figure(self, name: str) -> float:
        """A figure of the active namenode."""
        active = next(task for task in self.tasks("namenode") if task["texts"].get("hdfs.role") == "active")
        return float(active["figures"].get(f"hdfs.{name}", -1))

    def command(self, main: str, *arguments: str) -> list[str]:
        """A command line of a Hadoop client, with the configuration of a datanode."""
        run_dir = next(self.site.hosts[2].root.rglob(f"app/hdfs/{self.name}/datanode/0"))
        share = (run_dir / "package").resolve() / "share" / "hadoop"
        path = [run_dir, *(share / part for part in ("common/lib/*", "common/*", "hdfs/*"))]
        command = ["java", "-Xmx96m", "-cp", os.pathsep.join(map(str, path)), "-Dminos.log.level=off"]
        return [*command, main, *arguments]

    def client(self, *arguments: str) -> str:
        """Output of ``hdfs dfs`` with these arguments."""
        return self.run("org.apache.hadoop.fs.FsShell", *arguments)

    def admin(self, *arguments: str) -> str:
        """Output of ``hdfs dfsadmin`` with these arguments."""
        return self.run("org.apache.hadoop.hdfs.tools.DFSAdmin", *arguments)

    def run(self, main: str, *arguments: str) -> str:
        """Output of a Hadoop client that must succeed."""
        command = self.command(main, *arguments)
        done = subprocess.run(command, cwd=self.site.folder, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout


@dataclass
class Writer:
    """A client that writes one file for a long time, a block after another; what it wrote is known."""

    process: subprocess.Popen[bytes]
    log: Path
    sizes: int = 0

    def write_some(self) -> None:
        """Write the next 64 KiB; each is of one byte value, so that what is lost or doubled shows."""
        assert self.process.stdin is not None
        self.process.stdin.write(self._piece(self.sizes))
        self.process.stdin.flush()
        self.sizes += 1

    def written(self) -> bytes:
        """All of it."""
        return b"".join(map(self._piece, range(self.sizes)))

    def errors(self) -> str:
        """What the client complained of."""
        return self.log.read_text()[-2000:]

    @staticmethod
    def _piece(number: int) -> bytes:
        return bytes([number % 251]) * 65536


@contextmanager
def a_writer(files: Filesystem, path: str) -> Iterator[Writer]:
    """A client that writes ``path`` within the block, and closes it at its end."""
    log = files.site.folder / "writer.log"
    command = files.command("org.apache.hadoop.fs.FsShell", "-put", "-", path)
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=files.site.folder, stdin=subprocess.PIPE, stdout=output, stderr=output)
    writer = Writer(process, log)
    try:
        yield writer
        assert process.stdin is not None
        process.stdin.close()
        process.wait(timeout=120)
    finally:
        process.kill()
        process.wait()
