"""PURE. Names of series as OpenTSDB takes them, and back: letters, digits, ``-``, ``_`` and ``.`` stand for themselves,
every other byte is written ``/XX``. No two names become the same.
"""

import re
from collections.abc import Mapping

from minos_web.monitor.series.port import PARTS, SeriesName

_OTHERS = re.compile(rb"[^A-Za-z0-9._-]")
_SPELT = re.compile(r"/([0-9A-F]{2})|([A-Za-z0-9._-])")
NOWHERE = "/"
"""The host of a series that says of no place at all: OpenTSDB wants one tag at least. No text is spelt like this."""


def spelt(text: str) -> str:
    """This text for OpenTSDB."""
    return _OTHERS.sub(lambda found: b"/%02X" % found.group()[0], text.encode()).decode()


def text_of(word: str) -> str | None:
    """The text that is spelt like this; None when none is (another program's word)."""
    found, at = bytearray(), 0
    while at < len(word):
        match = _SPELT.match(word, at)
        if match is None:
            return None
        found += bytes([int(match[1], 16)]) if match[1] else match[2].encode()
        at = match.end()
    try:
        text = found.decode()
    except UnicodeDecodeError:
        return None
    return text if spelt(text) == word else None


def tags_of(name: SeriesName) -> dict[str, str]:
    """Its labels, but empty ones, as tags."""
    tags = {part: spelt(getattr(name, part)) for part in PARTS if getattr(name, part)}
    return tags or {"host": NOWHERE}


def name_from(metric: str, tags: Mapping[str, str]) -> SeriesName | None:
    """The series that is told by a metric and tags; None when it is none of ours."""
    if not set(tags) <= set(PARTS):
        return None
    texts = {part: text_of(word) for part, word in tags.items() if word != NOWHERE}
    said = text_of(metric)
    if said is None or None in texts.values():
        return None
    return SeriesName(said, **({"host": ""} | texts))  # type: ignore[arg-type]
