"""Carries arrivals out, a few at a time, in threads of its own: what takes minutes must hold up nothing else."""

import logging
import threading
from concurrent.futures import ThreadPoolExecutor

from minos_web.console import Console
from minos_web.operations.taking_in import TakingIn, waiting

log = logging.getLogger(__name__)

AT_ONCE = 3
LOOK_SECONDS = 0.5
PAUSE_SECONDS = 5.0


class Receiving:
    """Looks for arrivals that wait, until ``stop``."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._ending = threading.Event()
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="arrivals")
        self._busy: set[int] = set()
        self._thread = threading.Thread(target=self._run, name="arrivals", daemon=True)

    def start(self) -> None:
        """Begin, with what an engine before this one was at."""
        self._thread.start()

    def stop(self) -> None:
        """End; what is under way is carried on by the next engine."""
        self._ending.set()
        self._thread.join()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _run(self) -> None:
        while not self._ending.wait(LOOK_SECONDS):
            try:
                for number in waiting(self._console):
                    if number not in self._busy:
                        self._busy.add(number)
                        self._pool.submit(self._carry_out, number)
            except Exception:
                log.exception("looking for arrivals")

    def _carry_out(self, number: int) -> None:
        try:
            TakingIn(self._console, number, self._ending.is_set).run()
        except Exception:  # the database is away; later once more
            log.exception("arrival %s", number)
            self._ending.wait(PAUSE_SECONDS)
        finally:
            self._busy.discard(number)
