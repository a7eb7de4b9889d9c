"""A console for tests: a real ROUTER with CURVE and ZAP in the test's own process that speaks the wire."""

import itertools
import threading
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import zmq
from zmq.auth import CURVE_ALLOW_ANY
from zmq.auth.thread import ThreadAuthenticator

from minos_common import wire
from minos_common.words import (
    Accepted,
    Beat,
    BeatAnswer,
    Cancel,
    Command,
    HeldPackage,
    Hello,
    Holds,
    Noted,
    Output,
    OutputNoted,
    Progress,
    Report,
    Samples,
    TaskEvent,
    TaskName,
    TaskStates,
    TaskStatus,
    Welcome,
)

Found = TypeVar("Found")


class ConsoleDouble:
    """Welcomes every worker, answers beats, notes what it is told, and keeps all of it for the test to look at."""

    def __init__(self, folder: Path, beat_seconds: float = 0.3, sample_seconds: float = 0.5) -> None:
        self.keys = wire.keys_at(folder / "console.key")
        self.beat_seconds, self.sample_seconds = beat_seconds, sample_seconds
        self.state = "approved"
        self.notes = True
        self.answers_beats = True
        self.told_revision = 0
        self.next_key = ""
        self.strange: set[str] = set()
        """Keys that are not welcomed."""
        self.keys_of_hellos: list[str] = []
        self.hello_times: list[float] = []
        self.hellos: list[Hello] = []
        self.holds: list[HeldPackage] = []
        self.beats: list[tuple[float, Beat]] = []
        self.accepted: list[Accepted] = []
        self.progress: list[Progress] = []
        self.reports: list[Report] = []
        self.events: list[TaskEvent] = []
        self.samples: list[Samples] = []
        self.states: list[TaskStates] = []
        self.printed: dict[str, bytes] = {}
        self.takes_output = True
        self.everything: list[Any] = []
        self._port = 0
        self._route: bytes | None = None
        self._outgoing: list[list[bytes]] = []
        self._ending = threading.Event()
        self._thread: threading.Thread | None = None
        self._command_numbers = itertools.count(1)
        self.open()

    # ---- life -------------------------------------------------------------------------------------------------

    def open(self) -> None:
        """Bind (again, on the same port) and serve in a thread."""
        self._ending.clear()
        self._context: zmq.Context[Any] = zmq.Context()
        self._authenticator = ThreadAuthenticator(self._context)
        self._authenticator.start()
        self._authenticator.configure_curve(domain="*", location=CURVE_ALLOW_ANY)
        self._router = wire.open_router(self._context, f"tcp://127.0.0.1:{self._port or '*'}", self.keys)
        self._port = int(self._router.getsockopt_string(zmq.LAST_ENDPOINT).rsplit(":", 1)[1])
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Go away, as a console that is killed does."""
        self._ending.set()
        if self._thread is not None:
            self._thread.join(10)
            self._thread = None
            self._authenticator.stop()
            self._context.destroy(linger=0)
            self._route = None

    @property
    def endpoint(self) -> str:
        return f"tcp://127.0.0.1:{self._port}"

    def _serve(self) -> None:
        while not self._ending.is_set():
            while self._outgoing and self._send(self._outgoing[0]):
                self._outgoing.pop(0)
            if self._router.poll(10):
                parts = self._router.recv_multipart(copy=False)
                route, *frames = [part.bytes for part in parts]
                key = str(parts[-1].get("User-Id"))
                self._handle(route, wire.unpack_from_worker(frames), key)
        self._router.close(linger=0)

    def _send(self, frames: list[bytes]) -> bool:
        """Whether the message is done with: handed over, or its worker is gone. False: the queue is full."""
        if self._route is None:
            return True
        try:
            self._router.send_multipart([self._route, *frames])
        except zmq.Again:
            return False
        except zmq.ZMQError:
            self._route = None
        return True

    def _handle(self, route: bytes, message: Any, key: str) -> None:
        self._route = route
        self.everything.append(message)
        if isinstance(message, Hello):
            self.hellos.append(message)
            self.keys_of_hellos.append(key)
            self.hello_times.append(time.monotonic())
            state = "pending" if key in self.strange else self.state
            next_key = "" if key == self.next_key else self.next_key
            self.say(Welcome(state, "", message.name, self.beat_seconds, self.sample_seconds, next_key))
        elif isinstance(message, Beat):
            self.beats.append((time.monotonic(), message))
            if self.answers_beats:
                self.say(BeatAnswer(message.number, time.time(), self.told_revision))
        elif isinstance(message, Accepted):
            self.accepted.append(message)
        elif isinstance(message, Progress):
            self.progress.append(message)
        elif isinstance(message, Output):
            self._take(message)
        elif isinstance(message, Holds):
            self.holds = message.packages
        elif isinstance(message, TaskStates):
            self.states.append(message)
        else:
            self._keep(message)

    def _take(self, message: Output) -> None:
        """As the console does: what follows is taken, what is known is not taken twice."""
        if not self.takes_output:
            return
        have = self.printed.get(message.command_id, b"")
        if message.offset <= len(have):
            have = self.printed[message.command_id] = have[: message.offset] + message.data
        self.say(OutputNoted(message.command_id, len(have)))

    def _keep(self, message: Any) -> None:
        if isinstance(message, Report):
            self.reports.append(message)
            noted = Noted(command_ids=[message.command_id])
        elif isinstance(message, TaskEvent):
            self.events.append(message)
            noted = Noted(event_ids=[message.event_id])
        else:
            self.samples.append(message)
            noted = Noted(batch_ids=[message.batch_id])
        if self.notes:
            self.say(noted)

    # ---- for tests --------------------------------------------------------------------------------------------

    def say(self, message: Any) -> None:
        """Send a message to the worker."""
        self._outgoing.append(wire.pack(message))

    def say_raw(self, *frames: bytes) -> None:
        """Send frames as they are."""
        self._outgoing.append(list(frames))

    def send(self, verb: str, args: msgspec.Struct, expires_in: float = 60.0, **more: Any) -> str:
        """Send a command; its id."""
        command_id = more.pop("command_id", "") or f"{verb}-{next(self._command_numbers)}-{uuid.uuid4().hex[:6]}"
        self.say(Command(command_id, verb, wire.raw(args), expires_in, **more))
        return command_id

    def cancel(self, command_id: str) -> None:
        self.say(Cancel(command_id))

    def report(self, command_id: str, seconds: float = 30.0) -> Report:
        """The first report on a command, waited for."""
        return self.wait(lambda: next((r for r in self.reports if r.command_id == command_id), None), seconds)

    def ask(self, verb: str, args: msgspec.Struct, expires_in: float = 60.0, seconds: float = 30.0) -> Report:
        """Send a command and wait for its report."""
        return self.report(self.send(verb, args, expires_in), seconds)

    def status(self, task: TaskName) -> TaskStatus | None:
        """The newest status told of a task."""
        for message in reversed(self.everything):
            if isinstance(message, TaskEvent) and message.status.task == task:
                return message.status
            if isinstance(message, Hello | TaskStates):
                return next((status for status in message.tasks if status.task == task), None)
        return None

    def wait_status(self, task: TaskName, condition: Callable[[TaskStatus], Any], seconds: float = 20.0) -> TaskStatus:
        """The newest status of a task once it meets the condition."""

        def look() -> TaskStatus | None:
            status = self.status(task)
            return status if status is not None and condition(status) else None

        return self.wait(look, seconds, lambda: f"status was {self.status(task)}")

    def wait(
        self, look: Callable[[], Found | None], seconds: float = 20.0, explain: Callable[[], Any] = lambda: ""
    ) -> Found:
        """What ``look`` returns, once it is something."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            found = look()
            if found:
                return found
            time.sleep(0.01)
        raise AssertionError(f"did not happen within {seconds} s: {explain()}")
