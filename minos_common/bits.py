"""Sets of small numbers as bits: in memory an int, on the wire bytes. PURE."""

from collections.abc import Iterator


def to_bytes(bits: int, count: int) -> bytes:
    """The lowest ``count`` bits; bit 0 is the lowest of the first byte."""
    return (bits & full(count)).to_bytes((count + 7) // 8, "little")


def from_bytes(data: bytes, count: int) -> int:
    """The bits; those beyond ``count`` are left out."""
    return int.from_bytes(data, "little") & full(count)


def full(count: int) -> int:
    """All of ``count`` bits."""
    return (1 << count) - 1


def numbers(bits: int) -> Iterator[int]:
    """The numbers in the set, lowest first."""
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest
