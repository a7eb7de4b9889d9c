"""The engine as one thing: lease, dispatcher, rounds and arrivals, started and stopped together."""

import logging
import os
import signal
import time
from contextlib import suppress
from dataclasses import replace

from sqlalchemy.exc import DBAPIError

from minos_web.console import Console
from minos_web.engine.dispatcher import CannotListen, Dispatcher
from minos_web.engine.lease import RENEWALS, EngineLease, LeaseLost
from minos_web.engine.receiving import Receiving
from minos_web.engine.rounds import Rounds
from minos_web.engine.standby import Standby
from minos_web.models.database import let_go_of_stalled

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
"""Between two looks of an engine that stands by."""
LEAST_IDLE = 10.0


class Engine:
    """Dispatcher, rounds and arrivals of one console. Only one engine may work on a console at a time."""

    def __init__(self, console: Console) -> None:
        if console.settings.engine == "outside":
            # An engine that is stopped, or cut off, in the middle of a transaction must not keep its rows from the next one.
            let_go_of_stalled(console.engine, max(console.settings.lease_seconds, LEAST_IDLE))
        self._lease = EngineLease(console, _leave if console.settings.engine == "inside" else _tell)
        self._console = replace(console, writers=self._lease.fenced())
        self._began = False
        self.dispatcher = Dispatcher(self._console, self._lease)
        self.rounds = Rounds(self._console, self._renew_lease, self._lease.seconds / RENEWALS)
        self.receiving = Receiving(self._console)

    @property
    def lost(self) -> bool:
        """Whether another engine has taken over."""
        return self._lease.lost

    def start(self) -> None:
        """Take the lease and begin. Raises EngineElsewhere, or CannotListen when the endpoint is taken."""
        self._lease.take()
        self._begin()

    def stand_by(self) -> None:
        """Begin as soon as no other engine is at work, however long that takes."""
        standby, told = Standby(self._lease), ""
        while True:
            try:
                if standby.take():
                    self._begin()
                    return
                told = ""
            except (CannotListen, DBAPIError) as error:
                why = str(error.orig) if isinstance(error, DBAPIError) else str(error)
                if why != told:
                    log.error("the engine cannot begin and tries again: %s", why)
                told = why
            time.sleep(LOOK_SECONDS)

    def stop(self) -> None:
        """End all and give the lease back."""
        if not self._began:
            return
        self.receiving.stop()
        with suppress(LeaseLost):  # what the rounds would still note is not ours to write
            self.rounds.stop()
        self.dispatcher.stop()
        self._lease.give_back()

    def _begin(self) -> None:
        log.info("engine %s works with epoch %s", self._lease.holder, self._lease.epoch)
        try:
            self.dispatcher.start()
        except BaseException:
            self.dispatcher = Dispatcher(self._console, self._lease)
            self._lease.give_back()
            raise
        self._began = True
        self.rounds.start()
        self.receiving.start()

    def _renew_lease(self) -> None:
        """Say that this engine is alive, unless its dispatcher hangs: the health page goes by this row."""
        if self.dispatcher.alive():
            self._lease.renew()


def _tell() -> None:
    """Whoever runs an engine outside of the console looks whether it was lost."""
    log.critical("another engine has taken over: this process ends")


def _leave() -> None:
    """End, so that this process may begin anew."""
    _tell()
    os.kill(os.getpid(), signal.SIGTERM)
