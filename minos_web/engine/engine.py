"""The engine as one thing: lease, dispatcher and rounds, started and stopped together."""

import logging
import os
import signal

from minos_web.console import Console
from minos_web.engine.dispatcher import Dispatcher
from minos_web.engine.lease import EngineLease
from minos_web.engine.rounds import Rounds

log = logging.getLogger(__name__)


class Engine:
    """Dispatcher and rounds of one console. Only one engine may work on a console at a time."""

    def __init__(self, console: Console) -> None:
        self._lease = EngineLease(console)
        self.dispatcher = Dispatcher(console)
        self.rounds = Rounds(console, self._renew_lease)

    def start(self) -> None:
        """Take the lease and begin. Raises EngineElsewhere, or CannotListen when the endpoint is taken."""
        self._lease.take()
        log.info("engine %s works with epoch %s", self._lease.holder, self._lease.epoch)
        try:
            self.dispatcher.start()
        except BaseException:
            self._lease.give_back()
            raise
        self.rounds.start()

    def stop(self) -> None:
        """End both and give the lease back."""
        self.rounds.stop()
        self.dispatcher.stop()
        self._lease.give_back()

    def _renew_lease(self) -> None:
        """Say that this engine is alive, unless its dispatcher hangs: the health page goes by this row."""
        if self.dispatcher.alive() and not self._lease.renew():
            log.critical("another engine has taken over: this process ends")
            os.kill(os.getpid(), signal.SIGTERM)
