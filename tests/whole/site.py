"""A whole Minos for a test: a real console and real workers as processes of their own, on free ports and addresses."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import requests

from demo.api import Api, wait_for
from minos_common.states import OPERATION_ENDED, OperationState
from tests.whole.inis import CONSOLE_INI, QUICK, WORKER_INI
from tests.whole.quick_java import quick_java

OPERATION_OPEN = set(OperationState) - OPERATION_ENDED
TOP = Path(__file__).resolve().parents[2]
FIRST_PORT, LANE_PORTS = 15000, 4000
SCRIPTS = Path(sys.executable).parent


def free_port(address: str = "127.0.0.1") -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((address, 0))
        port: int = probe.getsockname()[1]
        return port


def free_base_port(addresses: list[str], blocks: int = 1) -> int:
    """A multiple of 100 of which the first ten ports are free on all addresses, and so are those of the next hundreds.

    Every lane of tests has a range of its own, below the ports that the kernel hands out: what is free now is still so
    when a daemon of ours comes to bind it.
    """
    offsets = [100 * block + offset for block in range(blocks) for offset in range(10)]
    first = FIRST_PORT + LANE_PORTS * int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    for base in range(first, first + LANE_PORTS - 100 * blocks, 100):
        if all(_free(address, base + offset) for address in addresses for offset in offsets):
            return base
    raise RuntimeError("no free ports")


def _free(address: str, port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind((address, port))
        except OSError:
            return False
        return True


@dataclass
class Daemon:
    """A process of the site; its output goes to a log that a failing test shows."""

    command: list[str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    folder: Path = TOP
    environment: dict[str, str] | None = None

    def start(self) -> None:
        """Start it in a session of its own."""
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                self.command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True,
                cwd=self.folder, env=self.environment,
            )  # fmt: skip

    def kill(self, number: int = signal.SIGKILL, patience: float = 20) -> None:
        """Send a signal and wait for the end."""
        assert self.process is not None
        self.process.send_signal(number)
        self.process.wait(timeout=patience)

    def end(self) -> None:
        """Whatever its condition, it is gone afterwards."""
        if self.process is not None and self.process.poll() is None:
            try:
                self.kill(signal.SIGTERM)
            except subprocess.TimeoutExpired:
                self.kill()


@dataclass
class WorkerHost:
    """One host of the site."""

    name: str
    address: str
    root: Path
    daemon: Daemon

    def was_welcomed(self) -> bool:
        """Whether its worker was ever welcome."""
        return " welcome: " in self.daemon.log.read_text()


@dataclass
class Site:
    """Console and workers; ``api`` speaks as an administrator."""

    folder: Path
    url: str
    password: str
    console: Daemon
    hosts: list[WorkerHost] = field(default_factory=list)
    token: str = ""

    @property
    def api(self) -> Api:
        """A client with the administrator's token."""
        return Api(self.url, self.token)

    def start_console(self) -> None:
        """Start the console and wait until it answers."""
        self.console.start()
        wait_for("the console", self.answers, 120)

    def answers(self) -> bool:
        """Whether the console is up."""
        try:
            return requests.get(f"{self.url}/healthz", timeout=2).ok
        except requests.RequestException:
            return False

    def approve_all(self) -> None:
        """Approve every worker and wait until all are in touch: beats come from the welcome on."""
        for host in self.hosts:
            wait_for(f"hello of {host.name}", partial(self.host, host.name), 30)
            self.api.post(f"hosts/{host.name}/approve")
        for host in self.hosts:
            wait_for(f"the welcome of {host.name}", host.was_welcomed, 30)
        wait_for("workers in touch", self.all_in_touch, 30)

    def all_in_touch(self) -> bool:
        """Whether every worker beats."""
        return all((self.host(h.name) or {}).get("status", {}).get("kind") == "running" for h in self.hosts)

    def host(self, name: str) -> dict[str, Any] | None:
        """The console's row of a host."""
        return next((h for h in self.api.get("hosts")["hosts"] if h["name"] == name), None)

    def tasks(self, service: str, cluster: str) -> list[dict[str, Any]]:
        """Tasks of a cluster, in order."""
        tasks: list[dict[str, Any]] = self.api.get(f"clusters/{service}/{cluster}/tasks")["tasks"]
        return tasks

    def operate(self, service: str, cluster: str, action: str, **more: Any) -> dict[str, Any]:
        """Start an operation (typed name included) and wait for its end."""
        return self.ended(self.start(service, cluster, action, **more))

    def start(self, service: str, cluster: str, action: str, **more: Any) -> int:
        """Start an operation (typed name included); its id."""
        options = {"confirm": cluster} | more.pop("options", {})
        body = {"action": action, "options": options, **more}
        return int(self.api.post(f"clusters/{service}/{cluster}/operations", body)["id"])

    def operation(self, operation: int) -> dict[str, Any]:
        """An operation with its waves and steps."""
        found: dict[str, Any] = self.api.get(f"operations/{operation}")
        return found

    def in_state(self, operation: int, state: str) -> dict[str, Any] | None:
        """The operation when it is in this state, else None. Raises AssertionError when it ended in another one."""
        found = self.operation(operation)
        assert found["state"] in (state, *OPERATION_OPEN), f"{found['state']}: {found['message']}"
        return found if found["state"] == state else None

    def ended(self, operation: int, patience: float = 400) -> dict[str, Any]:
        """The operation once it has ended."""

        def look() -> dict[str, Any] | None:
            found = self.operation(operation)
            return found if found["state"] in OPERATION_ENDED else None

        found: dict[str, Any] = wait_for(f"operation {operation}", look, patience)
        return found

    def run(self, cluster: str, command: str, words: str = "", **more: Any) -> "Run":
        """Begin a client command on ``service/name``."""
        body = {"command": command, "words": words, **more}
        return Run(self, int(self.api.post(f"clusters/{cluster}/runs", body)["id"]))

    def until(self, what: str, holds: Callable[[], Any], patience: float = 120) -> Any:
        """Wait for a condition; the logs of all daemons go to the test's output when it does not come."""
        try:
            return wait_for(what, holds, patience)
        except TimeoutError:
            self.show_logs()
            raise

    def show_logs(self) -> None:
        """The end of every daemon's log, for the report of a failing test."""
        for log in sorted([*self.folder.glob("*.log"), *(host.root / "worker.log" for host in self.hosts)]):
            if log.exists():
                print(f"---- {log.relative_to(self.folder)}", *log.read_text().splitlines()[-40:], sep="\n")


@dataclass
class Run:
    """A client command that somebody asked the console for."""

    site: Site
    number: int

    def told(self) -> dict[str, Any]:
        """How far it is."""
        found: dict[str, Any] = self.site.api.get(f"runs/{self.number}")
        return found

    def output(self) -> str:
        """What is here of what it printed."""
        return bytes(self.site.api.get_bytes(f"runs/{self.number}/output")).decode()

    def output_all(self) -> str:
        """All of it, piece by piece."""
        found = b""
        while piece := self.site.api.get_bytes(f"runs/{self.number}/output?offset={len(found)}"):
            found += piece
        return found.decode(errors="replace")

    def line(self, text: str, end: bool = False) -> None:
        """Give it a line."""
        self.site.api.post(f"runs/{self.number}/lines", {"text": text, "end": end})

    def printed(self, text: str, patience: float = 60) -> None:
        """Wait until it has printed this."""
        self.site.until(
            f"{text!r} of run {self.number}", lambda: text in self.output() or self._ended_without(text), patience
        )

    def over(self, patience: float = 120) -> dict[str, Any]:
        """How it ended, waited for."""
        found: dict[str, Any] = self.site.until(f"the end of run {self.number}", self._if_over, patience)
        return found

    def _if_over(self) -> dict[str, Any] | None:
        told = self.told()
        return told if told["over"] else None

    def _ended_without(self, text: str) -> bool:
        told = self._if_over()
        assert not told or text in self.output(), f"{told}: {self.output()[-2000:]}"
        return False


@contextmanager
def a_site(
    folder: Path,
    addresses: list[str],
    before_workers: Callable[[Site], None] = lambda site: None,
    **settings: object,
) -> Iterator[Site]:
    """A site with one worker per address, approved and in touch; everything it started is gone afterwards.

    ``before_workers`` is called when the console is up and no worker is yet. ``settings`` are keys of its ini, and
    ``http_port``, ``wire_port`` and ``database`` (a URL).
    """
    site = _make(folder, addresses, settings)
    try:
        site.start_console()
        before_workers(site)
        for host in site.hosts:
            host.daemon.start()
        site.approve_all()
        yield site
    except BaseException:
        site.show_logs()
        raise
    finally:
        _end(site)


def _make(folder: Path, addresses: list[str], settings: dict[str, object]) -> Site:
    var = folder / "console"
    var.mkdir(parents=True)
    http_port, wire_port = (int(str(settings.pop(key, free_port()))) for key in ("http_port", "wire_port"))
    database = str(settings.pop("database", f"sqlite:///{var}/minos.sqlite"))
    url = f"http://127.0.0.1:{http_port}"
    ini = folder / "console.ini"
    own = "".join(f"minos.{key} = {value}\n" for key, value in {"url": url, **QUICK, **settings}.items())
    parts = {"var": var, "http_port": http_port, "wire_port": wire_port, "top": TOP, "own": own}
    ini.write_text(CONSOLE_INI.format(database=database, **parts))
    secrets = ["--token-file", str(folder / "token"), "--password-file", str(folder / "password")]
    subprocess.run([str(SCRIPTS / "minos-init"), str(ini), *secrets], check=True, cwd=TOP, stdout=subprocess.DEVNULL)
    console = Daemon([str(SCRIPTS / "pserve"), str(ini)], folder / "console.log")
    site = Site(folder, url, (folder / "password").read_text().strip(), console)
    site.token = (folder / "token").read_text().strip()
    for address in addresses:
        name = f"host-{address.rpartition('.')[2]}"
        root = folder / name
        root.mkdir()
        worker_ini = root / "worker.ini"
        about = {"wire_port": wire_port, "var": var, "root": root, "java_home": quick_java()}
        worker_ini.write_text(WORKER_INI.format(name=name, address=address, **about))
        daemon = Daemon([str(SCRIPTS / "minos-worker"), str(worker_ini)], root / "worker.log")
        site.hosts.append(WorkerHost(name, address, root, daemon))
    return site


def _end(site: Site) -> None:
    for host in site.hosts:
        host.daemon.end()
    site.console.end()
    for host in site.hosts:
        kill_below(host.root)


def kill_below(root: Path) -> None:
    """Kill every process whose working directory or command line lies below ``root``: tasks outlive their workers."""
    deadline = time.monotonic() + 20
    while (left := list(_pids_below(root))) and time.monotonic() < deadline:
        for pid in left:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        time.sleep(0.05)


def _pids_below(root: Path) -> Iterator[int]:
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            command = (entry / "cmdline").read_bytes().decode(errors="replace")
            folder = str((entry / "cwd").readlink())
            state = (entry / "stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            continue
        below = folder == str(root) or folder.startswith(f"{root}/") or f"{root}/" in command
        if below and state != "Z":
            yield int(entry.name)


def same_process(pid: int, root: Path) -> bool:
    """Whether a live process of this number belongs to the site."""
    return pid in set(_pids_below(root))
