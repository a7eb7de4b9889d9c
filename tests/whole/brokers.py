"""A Kafka of a test site, and a client that keeps account of what it was promised."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.whole.site import Site

FILE = """\
[cluster]
  name={name}
  version={version}
  jobs=kafka

[kafka]
  base_port={base_port}
{hosts}
  [[arguments]]

[configuration]
  base=%{{config_dir}}/conf/kafka/common/{base}.cfg
"""


@dataclass
class Brokers:
    """One cluster of service kafka: three brokers."""

    site: Site
    name: str
    base_port: int
    text: str

    @staticmethod
    def described(site: Site, package: Path, base_port: int, name: str, base: str = "kafka-tst") -> "Brokers":
        """Upload the package and save the cluster file, built on ``base``."""
        site.api.upload(package, "kafka", "test")
        hosts = "\n".join(f"  host.{number}={host.address}" for number, host in enumerate(site.hosts))
        version = package.name.removeprefix("kafka-").removesuffix(".tar.gz")
        text = FILE.format(name=name, version=version, base_port=base_port, hosts=hosts, base=base)
        site.api.put_text(f"config/conf/kafka/kafka-{name}.cfg", text)
        return Brokers(site, name, base_port, text)

    @property
    def path(self) -> str:
        """Its path below the API."""
        return f"clusters/kafka/{self.name}"

    def operate(self, action: str, **more: Any) -> dict[str, Any]:
        """Run an operation to its end."""
        return self.site.operate("kafka", self.name, action, **more)

    def tasks(self) -> list[dict[str, Any]]:
        """Its tasks."""
        return self.site.tasks("kafka", self.name)

    def controllers(self) -> list[int]:
        """Numbers of the brokers that say that they are the controller."""
        return [t["task_id"] for t in self.tasks() if t["texts"].get("kafka.controller") == "controller"]

    def healthy(self) -> bool:
        """Whether the console calls it healthy."""
        return bool(self.site.api.get(self.path)["status"]["kind"] == "running")

    def command(self, name: str, words: str) -> str:
        """What a client command of the shell printed; it must succeed."""
        run = self.site.run(f"kafka/{self.name}", name, words)
        assert run.over()["exit_code"] == 0, run.output_all()[-2000:]
        return run.output_all()


@dataclass
class Producer:
    """Kafka's own client that numbers its messages and tells which of them were taken."""

    process: subprocess.Popen[bytes]
    log: Path
    told: list[dict[str, Any]] = field(default_factory=list)

    def acknowledged(self) -> set[str]:
        """Messages that the brokers promised to keep, as told so far."""
        return {one["value"] for one in self._lines() if one.get("name") == "producer_send_success"}

    def refused(self) -> list[dict[str, Any]]:
        """Messages that were given up."""
        return [one for one in self._lines() if one.get("name") == "producer_send_error"]

    def _lines(self) -> Iterator[dict[str, Any]]:
        for line in self.log.read_text().splitlines():
            if line.startswith("{") and line.endswith("}"):
                yield json.loads(line)


@contextmanager
def a_producer(brokers: Brokers, topic: str) -> Iterator[Producer]:
    """Sends a hundred messages a second with acks=all until the block ends; then waits for what is on its way."""
    package = next(brokers.site.hosts[0].root.rglob(f"app/kafka/{brokers.name}/kafka/package")).resolve()
    servers = ",".join(f"{host.address}:{brokers.base_port}" for host in brokers.site.hosts)
    quiet = brokers.site.folder / "log4j-off.properties"
    quiet.write_text("log4j.rootLogger=OFF\n")
    usual = brokers.site.folder / "producer.properties"  # this client gives up at once unless it is told to be usual
    usual.write_text("retries=2147483647\nenable.idempotence=true\n")
    command = [
        "java", "-Xmx96m", "-cp", f"{package}/libs/*", f"-Dlog4j.configuration=file:{quiet}",
        "org.apache.kafka.tools.VerifiableProducer", "--bootstrap-server", servers, "--topic", topic,
        "--acks", "-1", "--throughput", "100", "--producer.config", str(usual),
    ]  # fmt: skip
    log = brokers.site.folder / f"producer-{topic}.log"
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, cwd=os.fspath(brokers.site.folder))
        try:
            yield Producer(process, log)
            process.terminate()
            process.wait(60)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
