"""The emergency brake as this worker remembers it: obeyed at once, written down, never turned back by an old message."""

import logging
import sqlite3

from minos_common.brake import is_pulled, why_frozen
from minos_common.words import Brake, TaskName
from minos_worker.journal import Journal

log = logging.getLogger(__name__)


class BrakeMemory:
    """What the console said last of the brake. ``kept`` is the revision that is on the disk: what a beat tells, so that the
    console says it again until it is. May be asked from any thread; ``hear`` is the loop's alone.
    """

    def __init__(self, known: Brake | None = None) -> None:
        self._brake = known or Brake(0)
        self.kept = self._brake.revision
        if is_pulled(self._brake):
            log.warning(
                "the emergency brake was pulled when this worker ended, and still counts: %s", _words(self._brake)
            )

    @property
    def revision(self) -> int:
        """That of what is obeyed."""
        return self._brake.revision

    def hear(self, brake: Brake) -> bool:
        """Obey from now on, unless it is older than what is known; whether there is something to write down."""
        if brake.revision > self._brake.revision:
            self._brake = brake
            log.warning("the emergency brake: %s", _words(brake))
        return self._brake.revision > self.kept

    def keep(self, journal: Journal) -> None:
        """Write down what is obeyed. A disk that takes it not leaves ``kept`` behind: it is tried again."""
        brake = self._brake
        try:
            journal.keep_brake(brake)
        except sqlite3.Error as error:
            log.error("the emergency brake cannot be written down: %s", error)
            return
        self.kept = max(self.kept, brake.revision)

    def why(self, verb: str, task: TaskName | None) -> str:
        """Why a verb is refused now; empty when it may go."""
        return why_frozen(self._brake, verb, task)


def _words(brake: Brake) -> str:
    if not is_pulled(brake):
        return "it is released"
    return "; ".join(([brake.everything] if brake.everything else []) + [one.why for one in brake.clusters])
