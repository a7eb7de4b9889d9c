"""``storm.yaml``: ``key: value`` with YAML's own types; commas make lists, ``{class:...}`` a list of maps."""

import re
from collections.abc import Sequence

from minos_web.catalog.description import GeneratedFile
from minos_web.clusterfile.document import Text
from minos_web.clusterfile.formats.chunks import Chunk, Item

_PLAIN = re.compile(r"(?![-?:]( |$))[^\s\-?:,\[\]{}#&*!|>'\"%@`~=][^#\"'\[\]{},]*|~|[-+.][\w.+-]+|-\S[^#:\"'\[\]{},]*")
_WRITTEN = re.compile(r"\[\]|\{\}|\"[^\"\\\x00-\x1f]*\"|'[^'\x00-\x1f]*'")
_NO_ITEM = frozenset({"", "~", "null", "Null", "NULL", "[]"})
"""Values that say of themselves that there is no list, or an empty one."""
_CONSUMER = re.compile(r"\s*class\s*:[^,;]*(,[^,;:]+:[^,;]*)*\s*")


def render(items: Sequence[Item], file: GeneratedFile) -> list[Chunk]:
    """One entry for each item, in the order of the section."""
    return [Chunk(_entry(item, file), index) for index, item in enumerate(items)]


def _entry(item: Item, file: GeneratedFile) -> str:
    key = _scalar(item.key)
    consumers = _consumers(item.value)
    if consumers:
        lines = [
            ("    " if number else "  - ") + line for consumer in consumers for number, line in enumerate(consumer)
        ]
        return "\n".join([f"{key}:", *lines]) + "\n"
    values = _list(item.value, item.key in file.lists)
    if values is None:
        return f"{key}: {_scalar(str(item.value))}".rstrip() + "\n"
    return "".join([f"{key}:\n" if values else f"{key}: []\n", *(f"  - {_scalar(value)}\n" for value in values)])


def _consumers(value: Text) -> list[list[str]] | None:
    """Lines ``key: value`` of each consumer of ``{class:C,k:v;class:D,...}``, None when it is something else."""
    if not isinstance(value, str) or not (value.startswith("{") and value.endswith("}")):
        return None
    parts = value[1:-1].split(";")
    if not all(_CONSUMER.fullmatch(part) for part in parts):
        return None
    pairs = [[pair.partition(":") for pair in part.split(",")] for part in parts]
    return [[f"{_scalar(key.strip())}: {_scalar(text.strip())}" for key, _, text in part] for part in pairs]


def _list(value: Text, always: bool) -> list[str] | None:
    """Items of a list, None for a single value; ``always`` makes a list of one out of that, if it is an item at all."""
    if not isinstance(value, str):
        return [item.strip() for item in value]
    if "," in value:
        return [item.strip() for item in value.split(",")]
    return [value] if always and value not in _NO_ITEM else None


def _scalar(text: str) -> str:
    """As it is where YAML reads that (numbers, true, null, what is quoted already), else in double quotes."""
    if not text or _WRITTEN.fullmatch(text):
        return text
    if _PLAIN.fullmatch(text) and not re.search(r":( |$)| #|\s$|[\n\r\t\x00-\x1f\x7f-\x9f\ufeff]", text):
        return text
    return '"' + re.sub(r'[\\"\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]', _escape, text) + '"'


def _escape(match: re.Match[str]) -> str:
    char = match.group()
    return "\\" + char if char in '\\"' else f"\\u{ord(char):04x}"
