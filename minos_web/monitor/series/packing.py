"""PURE. Columns of numbers as few bytes: what changes little from row to row becomes zeros, which compress well.

A packed chunk: version (1 byte), number of columns of doubles (1 byte), number of rows (4 bytes), then, compressed with
zstandard, the seconds and the columns. Seconds are kept as distances, doubles as what differs from the one before (XOR);
both by their first bytes, then their second ones, and so on. All little-endian.
"""

import struct
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

_HEAD = struct.Struct("<BBI")
_VERSION = 1
_SECOND, _DOUBLE = np.dtype("<u4"), np.dtype("<f8")
_ID = np.dtype("<u8")

Seconds = NDArray[np.int64]
Values = NDArray[np.float64]
Rows = tuple[NDArray[np.int64], Seconds, Values]
"""Series ids, seconds and values, each a column."""


class Damaged(Exception):
    """These bytes were not packed by this file."""


def pack(seconds: ArrayLike, columns: Sequence[ArrayLike]) -> bytes:
    """Rows of (second, double ...) as bytes. ``seconds`` ascend, at most 2**32 - 1; every column is as long."""
    from backports import zstd

    distances = np.diff(np.asarray(seconds, np.int64), prepend=0)
    parts = [_by_place(distances.astype(_SECOND)), *(_by_place(_unlike_before(column)) for column in columns)]
    return _HEAD.pack(_VERSION, len(columns), len(distances)) + zstd.compress(b"".join(parts), 3)


def unpack(packed: bytes) -> tuple[Seconds, list[Values]]:
    """What was packed. Raises Damaged."""
    from backports import zstd

    try:
        version, width, rows = _HEAD.unpack_from(packed)
        body = zstd.decompress(packed[_HEAD.size :])
    except (struct.error, zstd.ZstdError) as error:
        raise Damaged(str(error)) from None
    if version != _VERSION or len(body) != rows * (_SECOND.itemsize + width * _DOUBLE.itemsize):
        raise Damaged(f"version {version}, {rows} rows of {width} columns in {len(body)} bytes")
    begin = rows * _SECOND.itemsize
    seconds = np.cumsum(_by_row(body[:begin], _SECOND, rows), dtype=np.int64)
    columns = []
    for at in range(begin, len(body), rows * _DOUBLE.itemsize or 1):
        told = _by_row(body[at : at + rows * _DOUBLE.itemsize], _ID, rows)
        columns.append(np.bitwise_xor.accumulate(told).view(_DOUBLE))
    return seconds, columns or [np.empty(0) for _ in range(width)]


def pack_batch(rows: Sequence[tuple[int, int, float]]) -> bytes:
    """(series id, second, value) rows, sorted, as bytes that are quickly made and quickly looked through."""
    from backports import zstd

    ids, seconds, values = zip(*rows, strict=True) if rows else ((), (), ())
    parts = np.array(ids, _ID), np.array(seconds, _SECOND), np.array(values, _DOUBLE)
    return zstd.compress(b"".join(part.tobytes() for part in parts), 1)


def unpack_batch(packed: bytes) -> Rows:
    """Ids, seconds and values of a batch, as they were packed. Raises Damaged."""
    from backports import zstd

    try:
        body = zstd.decompress(packed)
    except zstd.ZstdError as error:
        raise Damaged(str(error)) from None
    rows, rest = divmod(len(body), _ID.itemsize + _SECOND.itemsize + _DOUBLE.itemsize)
    if rest:
        raise Damaged(f"{len(body)} bytes are no rows")
    at, end = rows * _ID.itemsize, rows * (_ID.itemsize + _SECOND.itemsize)
    ids, seconds = np.frombuffer(body[:at], _ID), np.frombuffer(body[at:end], _SECOND)
    return ids.astype(np.int64), seconds.astype(np.int64), np.frombuffer(body[end:], _DOUBLE)


def by_series(batches: Sequence[Rows]) -> Rows:
    """The rows of several batches by series and second; of several at one second the first that came stays the first."""
    if not batches:
        return np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0)
    ids, seconds, values = map(np.concatenate, zip(*batches, strict=True))
    order = np.lexsort((seconds, ids))
    return ids[order], seconds[order], values[order]


def _by_place(numbers: NDArray[Any]) -> bytes:
    """The first bytes of all numbers, then their second ones ..."""
    return numbers.view(np.uint8).reshape(-1, numbers.itemsize).T.tobytes()


def _by_row(raw: bytes, kind: np.dtype[Any], rows: int) -> NDArray[Any]:
    places = np.frombuffer(raw, np.uint8).reshape(kind.itemsize, rows)
    return np.ascontiguousarray(places.T).reshape(-1).view(kind)


def _unlike_before(column: ArrayLike) -> NDArray[np.uint64]:
    bits = np.asarray(column, _DOUBLE).view(_ID)
    found = bits.copy()
    found[1:] ^= bits[:-1]
    return found
