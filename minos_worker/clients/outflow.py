"""What a client command prints, on its way to the console: a window of bytes that the console has not noted. PURE."""

from minos_common.verbs import CLIENT_OUTPUT

PIECE = 64 * 1024
WINDOW = 1024 * 1024
TAIL = 48 * 1024
AGAIN_SECONDS = 2.0
AWAY_SECONDS = 10.0
"""So long without a word the console counts as away, and what does not fit is dropped rather than waited for."""


class Outflow:
    """Bytes from a process, given to the console piece by piece. Times are monotonic seconds.

    ``printed`` counts all that came; told are at most CLIENT_OUTPUT bytes. ``tail`` is the end of all.
    """

    def __init__(self, now: float) -> None:
        self.printed = 0
        self.tail = bytearray()
        self._window = bytearray()
        self._base = 0
        """Number of the window's first byte among those that are told."""
        self._dropped = 0
        self._told_at = -AGAIN_SECONDS
        self._told_to = 0
        self._heard_at = now

    def wants(self, now: float) -> bool:
        """Whether more may be read: a console that is there is waited for, so that nothing is lost."""
        return len(self._window) < WINDOW or now - self._heard_at > AWAY_SECONDS

    def came(self, data: bytes) -> None:
        """The process printed this."""
        self.printed += len(data)
        self.tail += data
        del self.tail[:-TAIL]
        if self._full:
            return
        if len(self._window) >= WINDOW:
            self._dropped += len(data)
            return
        if self._dropped:
            self._mark(f"\n[{self._dropped} bytes were lost here: the console was away]\n")
            self._dropped = 0
        self._window += data
        if self._full:
            self._mark("\n[what is printed from here on is not kept]\n")

    @property
    def _full(self) -> bool:
        return self._base + len(self._window) >= CLIENT_OUTPUT

    def _mark(self, text: str) -> None:
        self._window += text.encode()

    def noted(self, upto: int, now: float) -> None:
        """The console has the first ``upto`` bytes."""
        self._heard_at = now
        if upto > self._base:
            del self._window[: upto - self._base]
            self._base = upto

    def due(self, now: float) -> tuple[int, bytes] | None:
        """(offset, bytes) to be told now: what follows when the last piece was noted, else the same again after a while."""
        if not self._window or (self._told_to > self._base and now - self._told_at < AGAIN_SECONDS):
            return None
        piece = bytes(self._window[:PIECE])
        self._told_at, self._told_to = now, self._base + len(piece)
        return self._base, piece

    @property
    def is_empty(self) -> bool:
        """Whether the console has everything that is told."""
        return not self._window
