"""An engine that stands by: it watches the one at work, and knows when that has been silent for too long."""

import logging
import time
from collections.abc import Callable

from minos_web.engine.lease import EngineElsewhere, EngineLease, Sign

log = logging.getLogger(__name__)


class Standby:
    """Watches by this machine's own clock how long the sign of life stays the same; ``now`` is of a clock that nobody sets."""

    def __init__(self, lease: EngineLease, clock: Callable[[], float] = time.monotonic) -> None:
        self._lease, self._clock = lease, clock
        self._sign: Sign | None = None
        self._since = clock()
        self._told = ""

    def take(self) -> bool:
        """Whether the lease is this engine's now. Raises what the database raises."""
        sign = self._lease.look()
        if sign != self._sign:
            self._sign, self._since = sign, self._clock()
        silent = sign is not None and self._clock() - self._since >= self._lease.seconds
        try:
            self._lease.take_after(sign if silent else None)
        except EngineElsewhere as elsewhere:
            self._tell(sign.holder if sign is not None else "", str(elsewhere))
            return False
        return True

    def _tell(self, holder: str, why: str) -> None:
        if holder != self._told:
            self._told = holder
            log.info("standing by: %s is at work (%s)", holder or "another engine", why)
