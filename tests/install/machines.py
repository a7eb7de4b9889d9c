"""Machines for the install test: namespaces with their own file system (over this one's), network, name and processes."""

import os
import shutil
import signal
import subprocess
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
OWN = ("etc", "opt", "home", "var", "root", "usr/local")
"""Directories of which each machine has its own copy, kept from boot to boot."""
HIDDEN = ("node", "npm", "npx")
BRIDGE, NET = "minos-lan", "10.77.0"
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
FROM_OUTSIDE = ("_proxy", "_PROXY", "PIP_", "SSL_CERT", "REQUESTS_CA")
"""How this machine reaches PyPI."""

BOOT = """\
set -e
for d in {own}; do
    mount -t overlay overlay -o lowerdir=/$d,upperdir={folder}/upper/$d,workdir={folder}/work/$d /$d
done
mount --bind {folder}/boot_id /proc/sys/kernel/random/boot_id
for p in {hidden}; do mount --bind /dev/null $p; done
mount -t tmpfs tmpfs /run
hostname {name}
ip link set lo up
read go
mount -t tmpfs tmpfs /tmp
exec /usr/bin/python3 /usr/local/bin/systemctl
"""


@dataclass
class Machine:
    """One machine; it is off until ``boot``."""

    name: str
    address: str
    folder: Path
    process: subprocess.Popen[str] | None = field(default=None, repr=False)

    def boot(self) -> None:
        """Power on: what is enabled is started. Every boot has an id of its own."""
        for part in OWN:
            for kind in ("upper", "work"):
                (self.folder / kind / part).mkdir(parents=True, exist_ok=True)
        program = self.folder / "upper/usr/local/bin/systemctl"
        program.parent.mkdir(exist_ok=True)
        shutil.copy(HERE / "first_process.py", program)
        program.chmod(0o755)
        (self.folder / "boot_id").write_text(f"{uuid.uuid4()}\n")
        found = [str(Path(path).resolve()) for name in HIDDEN if (path := shutil.which(name, path=PATH))]
        text = BOOT.format(own=" ".join(OWN), folder=self.folder, hidden=" ".join(found), name=self.name)
        apart = ["unshare", "--mount", "--net", "--uts", "--ipc", "--pid", "--fork", "--kill-child", "--mount-proc"]
        self.process = subprocess.Popen(
            [*apart, "sh", "-c", text], stdin=subprocess.PIPE, stdout=(self.folder / "boot.log").open("a"),
            stderr=subprocess.STDOUT, text=True, env={"PATH": PATH, "LANG": "C.UTF-8"},
        )  # fmt: skip
        first = self._first()
        number = self.address.rpartition(".")[2]
        _run("ip", "link", "add", f"minos{number}", "type", "veth", "peer", "name", "eth0", "netns", str(first))
        _run("ip", "link", "set", f"minos{number}", "master", BRIDGE, "up")
        _run("nsenter", "-t", str(first), "-n", "ip", "addr", "add", f"{self.address}/24", "dev", "eth0")
        _run("nsenter", "-t", str(first), "-n", "ip", "link", "set", "eth0", "up")
        assert self.process.stdin is not None
        self.process.stdin.write("go\n")
        self.process.stdin.flush()
        while not Path(f"/proc/{first}/root/run/first-process.sock").exists():
            assert self.process.poll() is None, (self.folder / "boot.log").read_text()
            time.sleep(0.05)

    def _first(self) -> int:
        """The first process of the machine, as it is numbered outside."""
        assert self.process is not None
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        while not (found := children.read_text().split()):
            assert self.process.poll() is None, (self.folder / "boot.log").read_text()
        return int(found[0])

    def power_off(self) -> None:
        """Everything on it is gone at once; its disks stay."""
        if self.process is None:
            return
        first = Path(f"/proc/{self._first()}")
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process = None
        deadline = time.monotonic() + 30
        while first.exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        subprocess.run(
            ["ip", "link", "del", f"minos{self.address.rpartition('.')[2]}"], check=False, capture_output=True
        )

    def run(self, script: str, at: str = "/root", outside: bool = False) -> str:
        """Type lines as root; what they printed. ``outside``: over the network of this machine, for PyPI."""
        into = ["nsenter", "-t", str(self._first()), "-m", "-p", "-u", *([] if outside else ["-n"])]
        environment = {"PATH": PATH, "LANG": "C.UTF-8", "HOME": "/root"}
        if outside:
            environment |= {key: value for key, value in os.environ.items() if any(one in key for one in FROM_OUTSIDE)}
        done = subprocess.run(
            [*into, "sh", "-ec", f"cd {at}\n{script}"],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=900,
        )
        assert done.returncode == 0, f"{self.name}: {script}\n{done.stdout}{done.stderr}\n{self.logs()}"
        return done.stdout

    def put(self, path: str, data: bytes) -> None:
        """Bring a file, as scp would."""
        into = ["nsenter", "-t", str(self._first()), "-m", "sh", "-c", 'mkdir -p "${1%/*}" && cat >"$1"', "sh", path]
        subprocess.run(into, input=data, check=True, env={"PATH": PATH})

    def take(self, path: str) -> bytes:
        """Fetch a file, as scp would."""
        into = ["nsenter", "-t", str(self._first()), "-m", "cat", path]
        return subprocess.run(into, check=True, capture_output=True, env={"PATH": PATH}).stdout

    def logs(self) -> str:
        """The end of what its services printed."""
        files = sorted((self.folder / "upper/var/log").glob("minos-*.log"))
        return "\n".join(f"---- {self.name} {file.name}\n{file.read_text()[-3000:]}" for file in files)


@contextmanager
def machines(folder: Path, names: list[str]) -> Iterator[list[Machine]]:
    """So many machines on one network, switched on; all of them are gone afterwards."""
    subprocess.run(["ip", "link", "del", BRIDGE], check=False, capture_output=True)
    _run("ip", "link", "add", BRIDGE, "type", "bridge")
    _run("ip", "addr", "add", f"{NET}.254/24", "dev", BRIDGE)
    _run("ip", "link", "set", BRIDGE, "up")
    made = [Machine(name, f"{NET}.{number}", folder / name) for number, name in enumerate(names, 1)]
    try:
        for machine in made:
            machine.boot()
        yield made
    finally:
        for machine in made:
            machine.power_off()
        _run("ip", "link", "del", BRIDGE)


def _run(*command: str) -> None:
    subprocess.run(command, check=True, env={"PATH": PATH})
