"""PURE. What HDFS's own client prints of directories: ``dfs -count -q``, and ``dfs -du -s``."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from minos_web.monitor.quotas.rules import Numbers

_QUOTA, _LEFT = r"(none|\d+)", r"(inf|-?\d+)"
_COUNTED = re.compile(rf" *{_QUOTA} +{_LEFT} +{_QUOTA} +{_LEFT} +(\d+) +(\d+) +\d+ (/.*)")
_SUMMED = re.compile(r"\d+ +(\d+) +(/.*)")
_MISSING = re.compile(r"(?:count|du): `(.*)': No such file or directory")
_COMPLAINT = re.compile(r"(?:(?:count|du): |(?:FATAL|ERROR)\b|Exception in ).*")
_NOISE = re.compile(
    r"(TRACE|DEBUG|INFO|WARN|WARNING|SLF4J|log4j|OpenJDK|Java HotSpot|Picked up|Caused by)\b.*|\s+(at|\.\.\.) .*"
    r"|[\w$]+(\.[\w$]+)+(Exception|Error)\b.*"
)
_CUT = re.compile(r"\[(\d+ bytes were lost here|what is printed from here on is not kept)\b.*")
TWICE = "two names of directories look the same as they are printed"


class CutShort(Exception):
    """A part of the output is missing, so nobody knows what was in it."""


@dataclass(frozen=True)
class Counted:
    """Directory -> its numbers; ``twice`` are names that were printed more than once, which say nothing. ``missing`` are
    directories (or patterns) that are not there, ``complaints`` everything else that went wrong.
    """

    found: dict[str, Numbers] = field(default_factory=dict)
    twice: frozenset[str] = frozenset()
    missing: frozenset[str] = frozenset()
    complaints: tuple[str, ...] = ()


def counted_in(output: bytes) -> Counted:
    """What ``dfs -count -q`` printed. What is used follows from quota and rest, or from the counts where there is no quota of
    names; the space of a directory without a quota is not told. Raises CutShort.
    """
    found: dict[str, Numbers] = {}
    twice: set[str] = set()
    lines = _Lines(output)
    for match, path in lines.records(_COUNTED):
        quota, left, space, space_left = match.group(1, 2, 3, 4)
        names = int(match[5]) + int(match[6])
        numbers = Numbers(
            None if quota == "none" else int(quota),
            names if left == "inf" or quota == "none" else int(quota) - int(left),
            None if space == "none" else int(space),
            None if space_left == "inf" or space == "none" else int(space) - int(space_left),
        )
        if path in found:
            twice.add(path)
        found[path] = numbers
    kept = {path: numbers for path, numbers in found.items() if path not in twice}
    return Counted(kept, frozenset(twice), frozenset(lines.missing), tuple(lines.complaints))


def sums_in(output: bytes) -> dict[str, int]:
    """Directory -> bytes on disks, with all copies, as ``dfs -du -s`` printed them. Raises CutShort."""
    return {path: int(match[1]) for match, path in _Lines(output).records(_SUMMED)}


class _Lines:
    """Lines of a client's output: a name may go over several of them, and what the client complains of stands between."""

    def __init__(self, output: bytes) -> None:
        self._lines = output.decode(errors="replace").removesuffix("\n").split("\n")
        self.missing: list[str] = []
        self.complaints: list[str] = []

    def records(self, record: re.Pattern[str]) -> Iterator[tuple[re.Match[str], str]]:
        """Each line that fits with its last group, the path; lines that follow and are no complaint belong to the path."""
        current: tuple[re.Match[str], list[str]] | None = None
        for line in self._lines:
            match = record.fullmatch(line)
            if match is not None:
                if current is not None:
                    yield current[0], "\n".join(current[1])
                current = match, [match[match.lastindex or 0]]
            elif not self._is_said(line) and current is not None:
                current[1].append(line)
        if current is not None:
            yield current[0], "\n".join(current[1])

    def _is_said(self, line: str) -> bool:
        """Whether the client speaks here, and keeps it."""
        if _CUT.fullmatch(line):
            raise CutShort(line.strip("[]"))
        missing = _MISSING.fullmatch(line)
        if missing:
            self.missing.append(missing[1])
        elif _COMPLAINT.fullmatch(line):
            self.complaints.append(line.strip())
        else:
            return _NOISE.fullmatch(line) is not None
        return True
