"""What is wrong with a cluster file, and where: file, line, section, key, message."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands. ``section`` is a path such as ``configuration/hdfs-site.xml``; lines count from 1."""

    file: str
    line: int | None = None
    section: str | None = None
    key: str | None = None

    def __str__(self) -> str:
        return self.file if self.line is None else f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding. ``level`` is "error" (cannot be deployed) or "warning" (works, perhaps not as meant)."""

    level: str
    file: str
    line: int | None
    section: str | None
    key: str | None
    message: str

    def __str__(self) -> str:
        where = self.file if self.line is None else f"{self.file}:{self.line}"
        inside = "".join(f" [{part}]" for part in (self.section, self.key) if part)
        return f"{where}:{inside} {self.message}"


class ClusterFileError(Exception):
    """A cluster file that cannot be used; ``problems`` holds every finding, errors first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(dict.fromkeys(problems), key=lambda problem: problem.level != "error")
        super().__init__("\n".join(str(problem) for problem in self.problems if problem.level == "error"))


def error_at(place: Place, message: str) -> Problem:
    """An error at ``place``."""
    return Problem("error", place.file, place.line, place.section, place.key, message)


def warning_at(place: Place, message: str) -> Problem:
    """A warning at ``place``."""
    return Problem("warning", place.file, place.line, place.section, place.key, message)


def raise_errors(problems: Iterable[Problem]) -> None:
    """Raise ClusterFileError with all ``problems`` when at least one of them is an error."""
    found = list(problems)
    if any(problem.level == "error" for problem in found):
        raise ClusterFileError(found)
