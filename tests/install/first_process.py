#!/usr/bin/python3
"""A stand-in for systemd on a machine of the install test: its first process, and under the name systemctl what talks to it.

Of a unit it reads Type, User, ExecStartPre, ExecStart, Restart, RestartSec, KillMode, TimeoutStopSec, UMask and StateDirectory;
limits and hardening it leaves out. What a service prints goes to /var/log/UNIT.log.
"""

import configparser
import json
import os
import pwd
import select
import shlex
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

UNITS, SOCKET = Path("/etc/systemd/system"), "/run/first-process.sock"
WANTED_BY = {".service": "multi-user.target.wants", ".timer": "timers.target.wants"}


class Bad(Exception):
    """What systemctl answers with."""


class Unit:
    """A service."""

    def __init__(self, name: str) -> None:
        self.name, self.pid, self.wanted, self.again_at = name, 0, False, 0.0
        self.load()

    def load(self) -> None:
        """Read its file anew."""
        parser = configparser.ConfigParser(strict=False, interpolation=None)
        parser.optionxform = str  # type: ignore[assignment,method-assign]
        if not parser.read(UNITS / self.name):
            raise Bad(f"Unit {self.name} not found.")
        self.told = dict(parser["Service"])

    def begin(self, key: str) -> subprocess.Popen[bytes]:
        """Start one of its commands."""
        user = pwd.getpwnam(self.told.get("User", "root"))
        environment = {
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "HOME": user.pw_dir,
            "USER": user.pw_name,
        }
        if state := self.told.get("StateDirectory"):
            folder = Path("/var/lib") / state
            folder.mkdir(exist_ok=True)
            folder.chmod(int(self.told.get("StateDirectoryMode", "0755"), 8))
            os.chown(folder, user.pw_uid, user.pw_gid)
        with Path(f"/var/log/{self.name}.log").open("ab") as log:
            return subprocess.Popen(
                shlex.split(self.told[key]), stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", env=environment,
                start_new_session=True, user=user.pw_uid, group=user.pw_gid, extra_groups=os.getgrouplist(user.pw_name, user.pw_gid),
                umask=int(self.told.get("UMask", "0022"), 8),
            )  # fmt: skip

    def start(self) -> None:
        """Start it, or leave it as it is when it runs."""
        if self.pid:
            return
        if "ExecStartPre" in self.told and self.begin("ExecStartPre").wait():
            raise Bad(f"ExecStartPre of {self.name} failed")
        process = self.begin("ExecStart")
        if self.told.get("Type") == "oneshot":
            if process.wait():
                raise Bad(f"{self.name} failed")
            return
        self.pid, self.wanted = process.pid, True

    def stop(self) -> None:
        """End it, and with KillMode=process nothing else."""
        self.wanted, pid = False, self.pid
        kill = os.kill if self.told.get("KillMode") == "process" else os.killpg
        deadline = time.monotonic() + float(self.told.get("TimeoutStopSec", "90"))
        if pid:
            kill(pid, signal.SIGTERM)
        while self.pid:
            if time.monotonic() > deadline:
                kill(pid, signal.SIGKILL)
            reap(units)
            time.sleep(0.05)

    def ended(self, status: int) -> None:
        """Its process is gone."""
        self.pid = 0
        restart = self.told.get("Restart", "no")
        if self.wanted and (restart == "always" or (restart == "on-failure" and status)):
            self.again_at = time.monotonic() + float(self.told.get("RestartSec", "0.1"))


units: dict[str, Unit] = {}


def reap(known: dict[str, Unit]) -> None:
    """Take leave of every child that ended: also of those that were left to the first process."""
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not pid:
            return
        for unit in known.values():
            if unit.pid == pid:
                unit.ended(status)


def obey(words: list[str]) -> str:
    """Carry out a command line of systemctl."""
    flags, (verb, *names) = {w for w in words if w.startswith("-")}, [w for w in words if not w.startswith("-")]
    if verb == "daemon-reload":
        for unit in units.values():
            unit.load()
        return ""
    return "".join(act(verb, one if "." in one else f"{one}.service", "--now" in flags) for one in names)


def act(verb: str, name: str, now: bool) -> str:
    """Do this with one unit; what systemctl prints."""
    if verb not in ("enable", "stop", "start", "restart", "is-active"):
        raise Bad(f"this stand-in knows no {verb}")
    if verb == "enable":
        enable(name)
    if name.endswith(".timer"):
        return ""
    unit = units.setdefault(name, Unit(name))
    if verb in ("stop", "restart"):
        unit.stop()
    if verb in ("start", "restart") or now:
        unit.start()
    return ("active\n" if unit.pid else "inactive\n") if verb == "is-active" else ""


def enable(name: str) -> None:
    """Have it started at every boot."""
    if not (UNITS / name).is_file():
        raise Bad(f"Unit {name} not found.")
    link = UNITS / WANTED_BY[Path(name).suffix] / name
    link.parent.mkdir(exist_ok=True)
    link.unlink(missing_ok=True)
    link.symlink_to(UNITS / name)


def be_first() -> None:
    """Start what is enabled; then obey, reap and restart for ever."""
    Path("/run/systemd/system").mkdir(parents=True)
    server = socket.socket(socket.AF_UNIX)
    server.bind(SOCKET)
    server.listen()
    for link in sorted((UNITS / WANTED_BY[".service"]).glob("minos-*.service")):
        units[link.name] = Unit(link.name)
        units[link.name].start()
    while True:
        if select.select([server], [], [], 0.2)[0]:
            answer(server.accept()[0])
        reap(units)
        for unit in units.values():
            if unit.wanted and not unit.pid and time.monotonic() >= unit.again_at:
                unit.start()


def answer(connection: socket.socket) -> None:
    with connection, connection.makefile("rw") as stream:
        try:
            told = [0, obey(json.loads(stream.readline()))]
        except (Bad, OSError) as error:
            told = [1, f"{error}\n"]
        stream.write(json.dumps(told) + "\n")


def ask(words: list[str]) -> int:
    """systemctl."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(SOCKET)
        with connection.makefile("rw") as stream:
            stream.write(json.dumps(words) + "\n")
            stream.flush()
            code, text = json.loads(stream.readline())
    sys.stdout.write(text)
    return int(code)


if __name__ == "__main__":
    if os.getpid() == 1:
        be_first()
    sys.exit(ask(sys.argv[1:]))
