"""The worker's end of the launcher: keeps it alive and asks it for processes."""

import contextlib
import json
import logging
import os
import select
import socket
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from minos_worker.process.identity import ProcessId
from minos_worker.process.launcher import MAX_REQUEST
from minos_worker.task_user import TaskUser

log = logging.getLogger(__name__)

ANSWER_SECONDS = 15.0


class Limit(NamedTuple):
    """A limit to set: ``kind`` is nofile (open files) or core (bytes), ``value`` -1 for none; ``origin`` says who asks."""

    kind: str
    value: int
    origin: str


class SpawnFailed(Exception):
    """A process could not be started; the text says why. ``held``: the slot's lock is taken; ``limit``: it cannot be had;
    ``told``: the shim itself said so, and without that a process may have been started after all.
    """

    def __init__(self, message: str, held: bool = False, limit: Limit | None = None, told: bool = False) -> None:
        super().__init__(message)
        self.held, self.limit, self.told = held, limit, told


@dataclass(frozen=True)
class SpawnRequest:
    """What to start: ``argv`` (the first one an absolute path) in ``run_dir``, output to the end of ``stdout``.
    ``slot_dir`` is where lock, exit record and process record are; ``user`` None: it runs as the worker does.
    ``started_with`` is only written down."""

    generation: str
    slot_dir: str
    run_dir: str
    argv: list[str]
    environment: dict[str, str]
    stdout: str
    task: str
    limits: tuple[Limit, ...] = ()
    user: TaskUser | None = None
    started_with: dict[str, str] = field(default_factory=dict)

    def packet(self) -> bytes:
        """The request as the shim reads it: fields separated by NUL. Raises SpawnFailed for a NUL in a field."""
        record = {
            "version": 1,
            "generation": self.generation,
            "stdout": self.stdout,
            "task": self.task,
            "started_with": self.started_with,
        }
        head = json.dumps(record).removesuffix("}")
        pairs = [f"{name}={value}" for name, value in self.environment.items()]
        orders = [f"{limit.kind}={limit.value}" for limit in self.limits]
        if self.user is not None:
            groups = ",".join(map(str, self.user.groups))
            orders += [f"uid={self.user.uid}", f"gid={self.user.gid}", f"groups={groups}"]
        fields = [
            self.generation,
            self.slot_dir,
            self.run_dir,
            self.stdout,
            head,
            " ".join([str(len(self.argv)), *orders]),
        ]
        fields += [*self.argv, *pairs]
        if any("\0" in field for field in fields):
            raise SpawnFailed("a NUL character is in what should be started")
        return b"\0".join(os.fsencode(field) for field in fields)


class Launcher:
    """Starts the launcher when needed, and again when it has died. For one thread only."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._channel: socket.socket | None = None

    @property
    def pid(self) -> int | None:
        """The launcher's pid while it runs."""
        return self._process.pid if self._process and self._process.poll() is None else None

    def start(self) -> None:
        """Start the launcher unless it runs. Raises OSError."""
        if self.pid is not None and self._channel is not None:
            return
        self.close()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4 * MAX_REQUEST)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-S", str(Path(__file__).with_name("launcher.py")), str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd="/",
                start_new_session=True,
            )
        self._channel = ours

    def close(self) -> None:
        """Let the launcher end; tasks and their shims stay."""
        if self._channel is not None:
            self._channel.close()
            self._channel = None
        if self._process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(2)
            self._process = None

    def spawn(self, request: SpawnRequest) -> ProcessId:
        """Have a shim start a process. Raises SpawnFailed."""
        packet = request.packet()
        if len(packet) > MAX_REQUEST:
            raise SpawnFailed(f"the start request of {len(packet)} bytes is over {MAX_REQUEST}")
        self._send(packet)
        answer = self._answer(request.generation)
        if answer.startswith("!"):
            limit = next((one for one in request.limits if answer.startswith(f"!limit {one.kind}:")), None)
            raise SpawnFailed(answer.lstrip("!"), held=answer.startswith("!!"), limit=limit, told=True)
        pid, tick = answer.split()
        return ProcessId(int(pid), int(tick))

    def _send(self, packet: bytes) -> None:
        for attempt in (1, 2):
            try:
                self.start()
                assert self._channel is not None
                self._channel.send(packet)
                return
            except OSError as error:
                log.warning("launcher does not take a request (try %d): %s", attempt, error)
                self.close()
        raise SpawnFailed("the launcher does not start; see the worker's log")

    def _answer(self, generation: str) -> str:
        """The shim's answer; answers of earlier, given-up requests are passed over."""
        assert self._channel is not None
        while True:
            ready, _, _ = select.select([self._channel], [], [], ANSWER_SECONDS)
            packet = self._channel.recv(MAX_REQUEST) if ready else b""
            if not packet:
                self.close()
                raise SpawnFailed("the launcher gave no answer")
            whose, _, answer = packet.decode(errors="replace").partition(" ")
            if whose == generation:
                return answer
