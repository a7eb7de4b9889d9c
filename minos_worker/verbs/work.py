"""What a verb works with: the place (settings, layout, keeper) and the call (time left, cancel, progress)."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from minos_common.settings import WorkerSettings
from minos_common.states import Outcome
from minos_common.words import Command, FromWorker
from minos_worker.brake import BrakeMemory
from minos_worker.clients.clients import Clients
from minos_worker.journal import Journal
from minos_worker.keeper.keeper import Keeper
from minos_worker.keeper.outputs import Outputs
from minos_worker.layout import Layout
from minos_worker.own_keys import OwnKeys
from minos_worker.packages.store import Stock
from minos_worker.release.releases import Releases
from minos_worker.stats.gauges import Gauges
from minos_worker.stats.pages import StatusPages


class Unsuccessful(Exception):
    """How a verb ends that has no answer: the text is the report's message."""

    outcome = Outcome.FAILED
    output = ""
    data: dict[str, Any] = {}


class Failed(Unsuccessful):
    """The verb did not achieve its effect. ``output``: what a process printed."""

    def __init__(self, message: str, output: str = "") -> None:
        super().__init__(message)
        self.output = output


class Refused(Unsuccessful):
    """The verb would not begin; nothing was touched."""

    outcome = Outcome.REFUSED


class Frozen(Refused):
    """The emergency brake is pulled: it may be asked again once that is released. ``revision`` is the brake's."""

    def __init__(self, message: str, revision: int) -> None:
        super().__init__(message)
        self.data = {"brake": revision}


class Expired(Unsuccessful):
    """The command's time was over before it could begin."""

    outcome = Outcome.EXPIRED


class Cancelled(Unsuccessful):
    """The console asked to stop working on it."""

    outcome = Outcome.CANCELLED


class Overdue(Unsuccessful):
    """The command's time ended while it was carried out."""


@dataclass(frozen=True)
class Answer:
    """What a verb achieved, for the report."""

    message: str
    output: str = ""
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Place:
    """Everything of this worker that verbs need."""

    settings: WorkerSettings
    layout: Layout
    keeper: Keeper
    journal: Journal
    pages: StatusPages
    releases: Releases
    keys: OwnKeys
    stock: Stock
    outputs: Outputs = field(default_factory=Outputs)
    clients: Clients = field(default_factory=Clients)
    brake: BrakeMemory = field(default_factory=BrakeMemory)
    gauges: Gauges | None = None
    """None: those of this host, made by whoever reads them."""


@dataclass(eq=False)
class Call:
    """One command being carried out. ``deadline`` in seconds since boot; ``tell`` sends (message, fraction), ``say`` any
    message.
    """

    command: Command
    deadline: float
    tell: Callable[[str, float | None], None]
    say: Callable[[FromWorker], None] = lambda message: None
    is_accepted: bool = False
    is_cancelled: bool = False
    repeated: bool = False
    _told: tuple[str, float] = ("", 0.0)

    def remaining(self) -> float:
        """Seconds left."""
        return self.deadline - time.clock_gettime(time.CLOCK_BOOTTIME)

    def check_cancelled(self) -> None:
        """Raises Cancelled when the console asked to stop."""
        if self.is_cancelled:
            raise Cancelled("cancelled")

    def check(self) -> None:
        """Raises Cancelled or Overdue when it is time to stop."""
        self.check_cancelled()
        if self.remaining() <= 0:
            raise Overdue("its time was over before it was done")

    def wait(self, seconds: float) -> None:
        """Sleep that ends early, by raising, when it is time to stop."""
        until = time.monotonic() + seconds
        self.check()
        while (left := until - time.monotonic()) > 0:
            time.sleep(min(left, 0.1))
            self.check()

    def progress(self, message: str, fraction: float | None = None) -> None:
        """Tell how far it is; at most about once a second for the same message."""
        now = time.monotonic()
        if message != self._told[0] or now - self._told[1] >= 1.0:
            self._told = (message, now)
            self.tell(message, fraction)
