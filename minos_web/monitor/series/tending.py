"""The round that keeps the tables of samples in order."""

import logging

from minos_web.console import Console
from minos_web.monitor.series.gathering import gather, origins, prune, roll_up
from minos_web.monitor.series.keeping import UNSENT_TIMES, kept_since, unsent_since

log = logging.getLogger(__name__)

ROUND_SECONDS = 300.0


def tend(console: Console, now: float) -> None:
    """Gather, roll up and prune, in short transactions; what fails of one origin keeps no other from its turn."""
    with console.readers() as session:
        waiting = origins(session)
    for origin in waiting:
        try:
            while _gathered(console, origin):
                pass
        except Exception:
            log.exception("samples of %s", origin)
    while _rolled(console, now):
        pass
    settings = console.settings
    with console.writers.begin() as session:
        gone, lost = prune(session, kept_since(settings, now), unsent_since(settings, now))
    log.debug("pruned %s chunks of samples", gone)
    if lost and settings.opentsdb_url:
        hours = settings.keep_samples_hours * UNSENT_TIMES
        log.error("%s chunks of samples are deleted that OpenTSDB did not take within %g hours", lost, hours)


def _gathered(console: Console, origin: str) -> int:
    with console.writers.begin() as session:
        return gather(session, origin)


def _rolled(console: Console, now: float) -> int:
    with console.writers.begin() as session:
        return roll_up(session, now)
