"""PURE. What is kept of a machine: the fields, and which values they take."""

import ipaddress
import re
from dataclasses import dataclass
from typing import Any

Value = str | int | float | None


@dataclass(frozen=True)
class Field:
    """One field. ``kind`` is name, address, word, whole, size or text; ``most`` is its largest number or length. ``other``
    are names that the original and people use for it.
    """

    name: str
    title: str
    kind: str
    most: int
    other: tuple[str, ...] = ()


FIELDS = (
    Field("host", "Host", "name", 128, ("hostname", "name")),
    Field("ip", "Address", "address", 64, ("address",)),
    Field("idc", "Location", "text", 64, ("location", "site", "datacenter")),
    Field("rack", "Rack", "word", 128),
    Field("cores", "Cores", "whole", 100_000),
    Field("ram_gb", "Memory, GB", "size", 1_000_000, ("ram", "memory_gb", "memory")),
    Field("disks", "Disks", "whole", 10_000),
    Field("disk_gb", "GB of each disk", "size", 1_000_000, ("disk_capacity",)),
    Field("ssds", "SSDs", "whole", 10_000, ("ssd",)),
    Field("ssd_gb", "GB of each SSD", "size", 1_000_000, ("ssd_capacity",)),
    Field("note", "Description", "text", 1000, ("description", "notes", "comment")),
)
BY_NAME = {name: field for field in FIELDS for name in (field.name, *field.other)}
KEPT = tuple(field.name for field in FIELDS if field.name != "host")
"""Fields beside the name of the machine."""
_NAME = re.compile(r"[a-z0-9]([a-z0-9._-]*[a-z0-9])?")


class BadValue(ValueError):
    """What a field does not take; the text says why."""


def parsed(field: Field, said: Any) -> Value:
    """The value that a text, or a number of JSON, stands for; None for no text. Raises BadValue."""
    if isinstance(said, bool) or not isinstance(said, str | int | float):
        raise BadValue(f"a text or a number is wanted, not {str(said)[:40]!r}")
    text = str(said).strip()
    return _READERS[field.kind](field, text) if text else None


def _name(field: Field, text: str) -> Value:
    _fits(field, text)
    if not _NAME.fullmatch(text.lower()):
        raise BadValue(f"a host's name has letters, digits, dots, dashes and underscores, not {text[:40]!r}")
    return text.lower()


def _address(field: Field, text: str) -> Value:
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        raise BadValue(f"an IP address is wanted, not {text[:40]!r}") from None


def _word(field: Field, text: str) -> Value:
    _fits(field, text)
    if any(character.isspace() for character in text):
        raise BadValue(f"there are no blanks in it, unlike in {text[:40]!r}")
    return text.lower()


def _text(field: Field, text: str) -> Value:
    _fits(field, text)
    return text


def _fits(field: Field, text: str) -> None:
    if len(text) > field.most:
        raise BadValue(f"at most {field.most} characters are kept, not {len(text)}")
    if not text.replace("\n", "").replace("\r", "").replace("\t", "").isprintable():
        raise BadValue("it holds characters that cannot be shown")


def _whole(field: Field, text: str) -> Value:
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) <= field.most):
        raise BadValue(f"a whole number up to {field.most:,} is wanted, not {text[:40]!r}")
    return int(text)


def _size(field: Field, text: str) -> Value:
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number <= field.most:
        raise BadValue(f"a number up to {field.most:,} is wanted, not {text[:40]!r}")
    return number


_READERS = {"name": _name, "address": _address, "word": _word, "text": _text, "whole": _whole, "size": _size}


def shown(value: Value) -> str:
    """A value as a cell or a form says it; empty for None."""
    if isinstance(value, float):
        return f"{value:.6g}" if value < 1e6 else f"{value:.0f}"
    return "" if value is None else str(value)
