"""PURE. Sizes and numbers of names as people write and read them. As everywhere in Hadoop, a GB is 1024 MB."""

import re
from decimal import Decimal

_UNITS = ("B", "KB", "MB", "GB", "TB", "PB", "EB")
_SIZE = re.compile(r"(\d{1,19}(?:\.\d{1,9})?)\s*([kmgtpe]?)(?:i?b)?", re.IGNORECASE | re.ASCII)
_WHOLE = re.compile(r"\d{1,3}(?:[ ,]\d{3})+|\d{1,19}", re.ASCII)
LARGEST = 2**63 - 2
"""HDFS keeps the largest number for "no quota"."""


def size_in(text: str) -> int:
    """Bytes that a text like 10 GiB, 1.5t or 1073741824 says. Raises ValueError."""
    match = _SIZE.fullmatch(text.strip())
    if match is None:
        raise ValueError("write a size like 500 MB, 10 GB or 1.5 TB, or whole bytes")
    step = " kmgtpe".index(match[2].lower() or " ")
    number = Decimal(match[1]) * 1024**step
    if number != int(number) and step == 0:
        raise ValueError("bytes are whole")
    return _allowed(int(number))


def names_in(text: str) -> int:
    """The number of names that a text says. Raises ValueError."""
    text = text.strip()
    if not _WHOLE.fullmatch(text):
        raise ValueError("write a whole number, like 100000")
    return _allowed(int(re.sub(r"[ ,]", "", text)))


def _allowed(number: int) -> int:
    if not 1 <= number <= LARGEST:
        raise ValueError(f"a quota is between 1 and {LARGEST}; to have none, clear it")
    return number


def size_words(size: int) -> str:
    """Bytes in short: 512 B, 1.5 GB."""
    number, step = float(abs(size)), 0
    while number >= 1024 and step < len(_UNITS) - 1:
        number, step = number / 1024, step + 1
    digits = 0 if number >= 100 or number == int(number) else 1 if number >= 10 else 2
    text = f"{number:.{digits}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return f"{'-' if size < 0 else ''}{text} {_UNITS[step]}"
