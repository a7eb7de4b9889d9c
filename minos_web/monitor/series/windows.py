"""PURE. Windows of time, of which each series has one chunk: how long they are, and how chunks become points again."""

from collections.abc import Mapping

import numpy as np

from minos_web.monitor.series.packing import pack, unpack
from minos_web.monitor.series.shaping import Buckets, Points, samples

WINDOWS: Mapping[int, int] = {0: 7200, 60: 86400, 600: 864000, 3600: 5184000}
"""Level -> seconds of a window: at a sample every ten seconds, 720 or 1440 rows. Every window is whole in all longer ones."""
RAW = WINDOWS[0]


def start_of(level: int, at: float) -> int:
    """The beginning of the window that holds this second."""
    return int(at) - int(at) % WINDOWS[level]


def pack_samples(found: Points) -> bytes:
    """Samples as a chunk of level 0."""
    return pack(found.seconds, [found.values])


def unpack_samples(packed: bytes) -> Points:
    """The samples of a chunk of level 0. Raises Damaged."""
    seconds, (values,) = unpack(packed)
    return samples(seconds, values)


def pack_buckets(found: Buckets) -> bytes:
    """Buckets as a chunk of their level."""
    return pack(found.at, list(found[1:]))


def unpack_buckets(packed: bytes) -> Buckets:
    """The buckets of a chunk. Raises Damaged."""
    seconds, columns = unpack(packed)
    return Buckets(seconds, *columns)


def replaced(old: Buckets, start: int, new: Buckets) -> Buckets:
    """Buckets with those of the two hours from ``start`` on replaced."""
    kept = (old.at < start) | (old.at >= start + RAW)
    whole = [np.concatenate([was[kept], now]) for was, now in zip(old, new, strict=True)]
    order = np.argsort(whole[0])
    return Buckets(*(part[order] for part in whole))
