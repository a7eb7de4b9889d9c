"""Java properties: ``key=value`` in the order of the section."""

import re
from collections.abc import Sequence

from minos_web.catalog.description import GeneratedFile
from minos_web.clusterfile.formats.chunks import Chunk, Item, one_text

_IN_KEY = re.compile(r"[\s=:#!]")
_LINE_ENDS = {"\n": "\\n", "\r": "\\r"}


def render(items: Sequence[Item], _file: GeneratedFile) -> list[Chunk]:
    """One line for each item. Backslashes stay as written, so the escapes of properties can be used in values."""
    return [Chunk(f"{_key(item.key)}={_value(one_text(item.value))}\n", index) for index, item in enumerate(items)]


def _key(key: str) -> str:
    return _IN_KEY.sub(lambda match: _LINE_ENDS.get(match.group(), "\\" + match.group()), key)


def _value(value: str) -> str:
    """A line end inside a value becomes its escape, else the rest of the value would be a key of its own."""
    text = value.replace("\r", "\\r").replace("\n", "\\n")
    return "\\" + text if text[:1].isspace() else text
