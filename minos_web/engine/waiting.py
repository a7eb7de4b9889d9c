"""What workers said and nobody has heard yet. Knows no socket and no database."""

from collections import OrderedDict
from itertools import islice

from minos_common.words import FromWorker, Hello
from minos_web.engine.hearing import Heard

MOST_BYTES = 64 * 1024**2
HELLO_SECONDS = 15.0
"""A worker that is there says hello again within six seconds. One that waited for so long, with no other after it, is of a
connection that is no more: to answer it would keep those waiting who are there.
"""


class Waiting:
    """Messages in their order. Of several hellos of one key only the last is kept: a worker that is not answered says hello
    again, and thousands of them at a time would be answered for what they said long ago.
    """

    def __init__(self) -> None:
        self._lines: OrderedDict[int, tuple[FromWorker, Heard, int]] = OrderedDict()
        self._number = 0
        self._bytes = 0
        self._hellos: dict[str, int] = {}
        self._of_keys: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._lines)

    @property
    def is_full(self) -> bool:
        """Whether what comes now has to wait in the socket, and then at the workers."""
        return self._bytes >= MOST_BYTES

    def has(self, key: str) -> bool:
        """Whether something of this key waits."""
        return key in self._of_keys

    def add(self, message: FromWorker, heard: Heard, size: int) -> None:
        """One more, of ``size`` bytes."""
        self._number += 1
        if isinstance(message, Hello):
            before = self._hellos.pop(heard.key, None)
            if before is not None:
                self._remove(before)
            self._hellos[heard.key] = self._number
        self._lines[self._number] = (message, heard, size)
        self._bytes += size
        self._of_keys[heard.key] = self._of_keys.get(heard.key, 0) + 1

    def take(self, most: int, now: float) -> list[tuple[FromWorker, Heard]]:
        """The first ones, which do not wait any longer; without hellos that are too old at ``now`` (monotonic)."""
        found = []
        for number in list(islice(self._lines, most)):
            message, heard = self._remove(number)
            if self._hellos.get(heard.key) == number:
                del self._hellos[heard.key]
            if not isinstance(message, Hello) or now - heard.monotonic < HELLO_SECONDS:
                found.append((message, heard))
        return found

    def _remove(self, number: int) -> tuple[FromWorker, Heard]:
        message, heard, size = self._lines.pop(number)
        self._bytes -= size
        self._of_keys[heard.key] -= 1
        if not self._of_keys[heard.key]:
            del self._of_keys[heard.key]
        return message, heard
