"""The worker's own key pair, and the one that is to take its place: two files, of which one becomes the other."""

import logging
from pathlib import Path

from minos_common.wire import KeyPair, key_file, keys_at, new_keys
from minos_worker import durable

log = logging.getLogger(__name__)


class OwnKeys:
    """``current`` is the pair of worker.key, ``next`` that of worker.key.next, if there is one. Raises what keys_at does."""

    def __init__(self, worker_dir: Path) -> None:
        self._path = worker_dir / "worker.key"
        self._next_path = worker_dir / "worker.key.next"
        self.current = keys_at(self._path)
        self.next: KeyPair | None = None
        if self._next_path.exists():
            try:
                self.next = keys_at(self._next_path)
            except (OSError, ValueError) as error:
                log.error("the next key is not looked at: %s", error)

    def make_next(self) -> KeyPair:
        """The pair that is to take over; made at the first call, the same at any other until it has. Raises OSError."""
        if self.next is None:
            made = new_keys()
            durable.write(self._next_path, key_file(made), 0o600)
            self.next = made
        return self.next

    def named(self, public: str) -> KeyPair | None:
        """The next pair, if that is its public key."""
        pair = self.next
        return pair if pair is not None and pair.public.decode() == public else None

    def take_over(self, pair: KeyPair) -> None:
        """The console takes ``pair`` for this worker's: if it is the next one, it is the current one from now on. Raises
        OSError.
        """
        if self.next is None or pair != self.next:
            return
        durable.rename(self._next_path, self._path)
        self.current, self.next = pair, None
        log.info("the new key is in use: %s", pair.public.decode())
