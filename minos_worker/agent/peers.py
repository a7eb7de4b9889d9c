"""Lets other hosts fetch blocks of packages from this one: a thread that serves until the worker ends."""

import logging
import threading

from minos_worker.packages.pace import Pace
from minos_worker.packages.serving import PeerServer
from minos_worker.verbs.work import Place

log = logging.getLogger(__name__)


class Peers:
    """Serves other hosts at ``address``, at ``port`` once it began (0: not). A port that is taken is no reason not to work:
    this host then only fetches.
    """

    def __init__(self, place: Place, address: str) -> None:
        self._place, self._address = place, address
        self._server: PeerServer | None = None
        self.port = 0

    def begin(self) -> None:
        """Listen, unless the ini says no."""
        settings, exchange = self._place.settings, self._place.stock.exchange
        if settings.peer_port < 0:
            return
        try:
            self._server = PeerServer(
                self._address, settings.peer_port, exchange.shelf, Pace(settings.serve_bytes_per_second)
            )
        except OSError as error:
            log.warning("other hosts cannot fetch from %s:%s: %s", self._address, settings.peer_port, error)
            return
        self.port = self._server.port
        log.info("other hosts may fetch blocks of packages at %s:%s", self._address, self.port)
        threading.Thread(target=self._server.serve_forever, name="peers", daemon=True).start()

    def end(self) -> None:
        """Listen no more."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
