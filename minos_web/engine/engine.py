"""The engine as one thing: lease, dispatcher, rounds and arrivals, started and stopped together."""

import logging
import os
import signal

from minos_web.console import Console
from minos_web.engine.dispatcher import Dispatcher
from minos_web.engine.lease import EngineLease
from minos_web.engine.receiving import Receiving
from minos_web.engine.rounds import Rounds

log = logging.getLogger(__name__)


class Engine:
    """Dispatcher, rounds and arrivals of one console. Only one engine may work on a console at a time."""

    def __init__(self, console: Console) -> None:
        self._lease = EngineLease(console)
        self.dispatcher = Dispatcher(console)
        self.rounds = Rounds(console, self._renew_lease)
        self.receiving = Receiving(console)

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
        self.receiving.start()

    def stop(self) -> None:
        """End all and give the lease back."""
        self.receiving.stop()
        self.rounds.stop()
        self.dispatcher.stop()
        self._lease.give_back()

    def _renew_lease(self) -> None:
        """Say that this engine is alive, unless its dispatcher hangs: the health page goes by this row."""
        if self.dispatcher.alive() and not self._lease.renew():
            log.critical("another engine has taken over: this process ends")
            os.kill(os.getpid(), signal.SIGTERM)
