"""Search within a log file, from its end backwards: what happened last is what is looked for."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from minos_worker.logs import LONGEST_LINE, open_log

BLOCK = 1 << 20
LONGEST_NEEDLE = 500
MOST_MATCHES = 500
MOST_TEXT = 256 * 1024
"""Characters of all matches together, so that the answer fits into a message however long the lines are."""


class Match(NamedTuple):
    """A line that holds the text: where it begins (bytes from the file's beginning), and the line, cut to a sane length."""

    offset: int
    text: str


class Found(NamedTuple):
    """Matches, newest first; the search went down to ``before``, 0 when it saw everything; ``size`` of the file."""

    matches: list[Match]
    before: int
    size: int


def search(
    places: dict[str, Path],
    name: str,
    text: str,
    before: int | None = None,
    limit: int = 200,
    go_on: Callable[[], bool] = lambda: True,
) -> Found:
    """Lines of a log that hold ``text``, whatever the case of its ASCII letters, above the byte ``before`` (None: the end).

    Ends when ``limit`` lines, or long ones enough, are found or ``go_on`` says no; a later search goes on at the answer's ``before``. Raises
    BadLogName, OSError, ValueError for a text that cannot be searched for.
    """
    needle = text.encode(errors="surrogateescape").lower()
    if not needle or len(needle) > LONGEST_NEEDLE or b"\n" in needle:
        raise ValueError(f"a text of 1 to {LONGEST_NEEDLE} bytes on one line can be searched for")
    limit = max(1, min(limit, MOST_MATCHES))
    handle = open_log(places, name)
    try:
        size = os.fstat(handle).st_size
        end = size if before is None else max(0, min(before, size))
        matches: list[Match] = []
        while end > 0 and not _is_full(matches, limit) and go_on():
            begin, lines = _block(handle, end)
            end = _collect(begin, lines, needle, limit, matches)
        return Found(matches, end, size)
    finally:
        os.close(handle)


def _block(handle: int, end: int) -> tuple[int, bytes]:
    """The last whole lines below ``end`` and where they begin; a line longer than a block is cut."""
    start = max(0, end - BLOCK)
    data = os.pread(handle, end - start, start)
    if start == 0:
        return 0, data
    first = data.find(b"\n", 0, -1)
    return (start, data) if first < 0 else (start + first + 1, data[first + 1 :])


def _collect(begin: int, lines: bytes, needle: bytes, limit: int, matches: list[Match]) -> int:
    """Add the matching lines of a block from its end on; returns the byte down to which all were seen."""
    small = lines.lower()
    at = len(small)
    while not _is_full(matches, limit) and (at := small.rfind(needle, 0, at)) >= 0:
        start = small.rfind(b"\n", 0, at) + 1
        stop = small.find(b"\n", at)
        line = lines[start : stop if stop >= 0 else None]
        shown = line if len(line) <= LONGEST_LINE else line[max(0, at - start - 200) :][:LONGEST_LINE]
        matches.append(Match(begin + start, shown.decode(errors="replace")))
        at = start
    return begin + at if _is_full(matches, limit) else begin


def _is_full(matches: list[Match], limit: int) -> bool:
    return len(matches) >= limit or sum(len(match.text) for match in matches) >= MOST_TEXT
