"""Batches of figures that the console has not noted: fresh ones go at once, old ones in order and at a pace. PURE."""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass

from minos_worker.agent.outbox import FIRST_REPEAT, LAST_REPEAT
from minos_worker.stats.batch import Batch

FRESH_SECONDS = 5.0
"""A batch that is not noted after so long is no news any more: it goes to the disk, and waits for its turn."""
FRESH_AT_ONCE = 4
OLD_AT_ONCE = 2
OLD_SECONDS = 0.05
"""At least so long between two old ones, so that many hosts that come back do not drown the console."""
LENT = 8
"""So many are read from the disk ahead of their turn."""
AGAIN_SECONDS = 10.0
"""So long after the disk did not take one it is asked again."""


@dataclass
class Waiting:
    """A batch that is not noted. Times are monotonic seconds; ``keep_at`` is when the disk should have it."""

    batch: Batch
    born: float
    keep_at: float
    due: float = 0.0
    repeat_after: float = FIRST_REPEAT

    def sent(self, now: float) -> None:
        """It was handed to the connection: due again later and later."""
        self.due = now + self.repeat_after
        self.repeat_after = min(self.repeat_after * 2, LAST_REPEAT)


class Batches:
    """``most`` is how many stay in memory when the disk takes none; then the oldest make room and count as dropped."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._memory: OrderedDict[str, Waiting] = OrderedDict()
        self._handed: set[str] = set()
        self._lent: OrderedDict[str, Waiting] = OrderedDict()
        self._asked = False
        self._old_at = 0.0
        self.dropped = 0

    def __len__(self) -> int:
        """How many are in memory only."""
        return len(self._memory)

    def add(self, batch: Batch, now: float) -> None:
        """A new one."""
        self._memory[batch.batch_id] = Waiting(batch, now, now + FRESH_SECONDS)
        while len(self._memory) > self._most:
            batch_id, _ = self._memory.popitem(last=False)
            self._handed.discard(batch_id)
            self.dropped += 1

    def due(self, now: float, old_too: bool) -> list[Waiting]:
        """What should be sent now: what is fresh first. Old ones only when asked for, and one at a time."""
        fresh, old = self._foremost(now)
        found = [one for one in fresh if one.due <= now]
        if old_too and now >= self._old_at:
            due = next((one for one in old if one.due <= now), None)
            if due is not None:
                self._old_at = now + OLD_SECONDS
                found.append(due)
        return found

    def next_due(self, now: float) -> float | None:
        """When ``due`` may next have something; None: nothing is owed."""
        fresh, old = self._foremost(now)
        moments = [one.due for one in fresh] + [max(one.due, self._old_at) for one in old]
        return min(moments, default=None)

    def _foremost(self, now: float) -> tuple[list[Waiting], list[Waiting]]:
        fresh = [one for one in self._memory.values() if now - one.born < FRESH_SECONDS]
        older = (one for one in self._memory.values() if now - one.born >= FRESH_SECONDS)
        old = [*self._lent.values(), *older]
        return fresh[:FRESH_AT_ONCE], old[:OLD_AT_ONCE]

    def connected(self) -> None:
        """A new connection: all is due at once, and patience begins anew."""
        for one in [*self._memory.values(), *self._lent.values()]:
            one.due, one.repeat_after = 0.0, FIRST_REPEAT

    def noted(self, batch_ids: Iterable[str]) -> list[str]:
        """The console has these. Those that may lie on the disk."""
        on_disk = []
        for batch_id in batch_ids:
            if self._memory.pop(batch_id, None) is None or batch_id in self._handed:
                on_disk.append(batch_id)
            self._lent.pop(batch_id, None)
            self._handed.discard(batch_id)
        return on_disk

    # ---- the disk ---------------------------------------------------------------------------------------------

    def to_keep(self, now: float) -> list[Batch]:
        """Those that the disk should take now; they stay here until it has."""
        found = [
            one.batch for batch_id, one in self._memory.items() if one.keep_at <= now and batch_id not in self._handed
        ]
        self._handed.update(batch.batch_id for batch in found)
        return found

    def kept(self, batch_id: str) -> bool:
        """The disk has it; whether that is still wanted."""
        self._handed.discard(batch_id)
        return self._memory.pop(batch_id, None) is not None

    def not_kept(self, batch_id: str, now: float) -> None:
        """The disk did not take it: it stays in memory."""
        self._handed.discard(batch_id)
        if batch_id in self._memory:
            self._memory[batch_id].keep_at = now + AGAIN_SECONDS

    def to_read(self, on_disk: int) -> int:
        """How many should be read from the disk now; they are expected by ``lent`` then."""
        wanted = min(LENT, on_disk) - len(self._lent)
        if self._asked or wanted <= 0 or len(self._lent) > LENT // 2:
            return 0
        self._asked = True
        return wanted

    def lent(self, batches: Iterable[Batch], now: float) -> None:
        """The oldest of the disk, in their order."""
        self._asked = False
        for batch in batches:
            self._lent[batch.batch_id] = Waiting(batch, now, 0.0)

    def left(self) -> list[Batch]:
        """What is in memory only."""
        return [one.batch for one in self._memory.values()]
