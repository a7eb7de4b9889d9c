"""The demo's site: where things lie, which hosts there are, what its cluster file says."""

import os
from dataclasses import dataclass
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("MINOS_DEMO_VAR", TOP / "var" / "demo"))
INI = TOP / "demo" / "console.ini"
URL = "http://127.0.0.1:8088"
WIRE = "tcp://127.0.0.1:8089"
BIN = TOP / ".venv" / "bin"

CLUSTER = "dptst"
BASE_PORT = 12000


@dataclass(frozen=True)
class DemoHost:
    """One of the "hosts" that share this machine, told apart by their loopback addresses."""

    name: str
    address: str

    @property
    def root(self) -> Path:
        """Everything of this host's worker."""
        return VAR / "hosts" / self.name


HOSTS = tuple(DemoHost(f"demo-{number}", f"127.0.0.{number}") for number in (11, 12, 13))

WORKER_INI = """\
[worker]
console = {wire}
console_key = {var}/console/console.pub
root = {root}
name = {name}
address = {address}
keep_free_bytes = 268435456
"""


def worker_ini(host: DemoHost) -> Path:
    """The host's worker.ini, written if it says something else."""
    path = host.root / "worker.ini"
    text = WORKER_INI.format(wire=WIRE, var=VAR, root=host.root, name=host.name, address=host.address)
    if not path.exists() or path.read_text() != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return path
