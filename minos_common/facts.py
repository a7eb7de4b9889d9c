"""Facts: structured text read from a status page, e.g. each region of an HBase; how many of them travel and are kept. PURE."""

import math
import zlib
from collections.abc import Iterable, Sequence

import msgspec

MOST_FACTS = 5000
"""Of one kind of one task."""
MOST_PACKED = 400 * 1024
MOST_UNPACKED = 16 * 1024 * 1024
MOST_TEXT = 300
"""Characters of a key or text."""


class Fact(msgspec.Struct, array_like=True):
    """One thing that a page tells of. ``key`` names it among those of its kind; a number that the page does not give is
    left out, never 0.
    """

    key: str
    numbers: dict[str, float] = {}
    texts: dict[str, str] = {}


class BadFacts(ValueError):
    """Bytes that are no packed facts, or too many."""


def tidied(facts: Iterable[Fact]) -> list[Fact]:
    """The same with what is no finite number left out and texts cut; of two with one key the last."""
    found = {}
    for fact in facts:
        numbers = {name: float(value) for name, value in fact.numbers.items() if math.isfinite(value)}
        texts = {name: value[:MOST_TEXT] for name, value in fact.texts.items()}
        found[fact.key[:MOST_TEXT]] = Fact(fact.key[:MOST_TEXT], numbers, texts)
    return list(found.values())


def pack(facts: Sequence[Fact]) -> tuple[bytes, int]:
    """Facts as bytes, and how many were left out because they would be too many."""
    kept = list(facts[:MOST_FACTS])
    while True:
        packed = zlib.compress(msgspec.msgpack.encode(kept), 1)
        if len(packed) <= MOST_PACKED:
            return packed, len(facts) - len(kept)
        kept = kept[: len(kept) * 3 // 4]


def unpack(packed: bytes) -> list[Fact]:
    """Facts from bytes. Raises BadFacts."""
    inflating = zlib.decompressobj()
    try:
        data = inflating.decompress(packed, MOST_UNPACKED)
        if inflating.unconsumed_tail:
            raise BadFacts(f"facts of more than {MOST_UNPACKED} bytes")
        found: list[Fact] = msgspec.msgpack.decode(data, type=list[Fact])
    except (zlib.error, msgspec.MsgspecError) as error:
        raise BadFacts(f"not facts: {error}") from error
    if len(found) > MOST_FACTS:
        raise BadFacts(f"{len(found)} facts, at most {MOST_FACTS} are taken")
    return found
