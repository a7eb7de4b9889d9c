"""Hadoop's ``*-site.xml``: properties sorted by name."""

import re
from collections.abc import Sequence

from minos_web.catalog.description import GeneratedFile
from minos_web.clusterfile.formats.chunks import Chunk, Item, one_text

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<?xml-stylesheet type="text/xsl" href="configuration.xsl"?>\n<configuration>\n'
_TAIL = "</configuration>\n"
_BARE_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});)")
_REFERENCE = re.compile(r"&#(?:x([0-9A-Fa-f]{1,6})|([0-9]{1,7}));")
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(items: Sequence[Item], _file: GeneratedFile) -> list[Chunk]:
    """``<configuration>`` with a ``<property>`` for each item."""
    chunks = [Chunk(_HEAD)]
    for index in sorted(range(len(items)), key=lambda index: items[index].key):
        key, value = escape(items[index].key), escape(one_text(items[index].value))
        chunks.append(
            Chunk(f"  <property>\n    <name>{key}</name>\n    <value>{value}</value>\n  </property>\n", index)
        )
    return [*chunks, Chunk(_TAIL)]


def escape(text: str) -> str:
    """Text for an element. References such as ``&#xA;`` and ``&amp;`` stay; a bare ``&``, ``<`` or ``>`` is escaped.

    Characters that XML cannot hold become the replacement character.
    """
    if text.isascii() and text.isprintable() and not any(char in text for char in "&<>"):
        return text
    text = _REFERENCE.sub(_legal_reference, text)
    text = _BARE_AMPERSAND.sub("&amp;", text).replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#xD;")
    return _ILLEGAL.sub("\ufffd", text)


def _legal_reference(match: re.Match[str]) -> str:
    """A reference to a character that XML cannot hold becomes plain text."""
    code = int(match.group(1), 16) if match.group(1) else int(match.group(2))
    legal = code <= 0x10FFFF and not _ILLEGAL.match(chr(code))
    return match.group(0) if legal else f"&amp;{match.group(0)[1:]}"
