"""What every import has: where it writes, whom it tells, and how it is refused."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from minos_web.store.arriving import BadPackage


class CannotImport(BadPackage):
    """What is wanted is not allowed here, or is not to be had; the text says why and the way out."""

    def __init__(self, message: str) -> None:
        super().__init__("source", message)


@dataclass(frozen=True)
class Order:
    """Bring what ``source`` names to the file ``path``: ``max_bytes`` at most. ``tell`` takes the bytes so far, all bytes
    if they are known, and words; it raises to end the work.
    """

    source: str
    path: Path
    max_bytes: int
    keep_free: int
    tell: Callable[[int, int | None, str], None]
