"""The engine as one thing: lease, dispatcher and rounds, started and stopped together."""

import logging
import os
import socket
import time
from pathlib import Path

from filelock import FileLock, Timeout

from minos_web.console import Console
from minos_web.engine.dispatcher import Dispatcher
from minos_web.engine.rounds import Rounds
from minos_web.models.lease import Lease

log = logging.getLogger(__name__)


class EngineElsewhere(RuntimeError):
    """Another process is the engine of this console."""


class Engine:
    """Dispatcher and rounds of one console. Only one engine may work on a console at a time."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._lock = FileLock(console.var / "engine.lock")
        self.dispatcher = Dispatcher(console)
        self.rounds = Rounds(console, self._renew_lease)

    def start(self) -> None:
        """Take the lease and begin. Raises EngineElsewhere, or zmq.ZMQError when the endpoint is taken."""
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            holder = Path(self._lock.lock_file)
            raise EngineElsewhere(f"another engine works on this console (it holds {holder}); stop it first") from None
        self._take_lease()
        self.dispatcher.start()
        self.rounds.start()

    def stop(self) -> None:
        """End both and give the lease back."""
        self.rounds.stop()
        self.dispatcher.stop()
        self._lock.release()

    def _renew_lease(self) -> None:
        """Say that this engine is alive, unless its dispatcher hangs: the health page goes by this row."""
        if self.dispatcher.alive():
            with self._console.writers.begin() as session:
                session.get_one(Lease, "engine").seen_at = time.time()

    def _take_lease(self) -> None:
        holder = f"{socket.gethostname()}:{os.getpid()}"
        with self._console.writers.begin() as session:
            lease = session.get(Lease, "engine") or Lease(name="engine", epoch=0)
            lease.holder, lease.epoch, lease.seen_at = holder, lease.epoch + 1, time.time()
            session.add(lease)
            log.info("engine %s works with epoch %s", holder, lease.epoch)
