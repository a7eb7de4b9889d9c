"""PURE. When a quota needs a look: little is left, or most of it is used."""

from collections.abc import Iterable
from dataclasses import dataclass

from minos_common.settings import ConsoleSettings
from minos_web.monitor.quotas.sizes import size_words

SPACE, NAMES = "space", "names"
WARNING, ERROR = "warning", "error"
RANK = {"": 0, WARNING: 1, ERROR: 2}


@dataclass(frozen=True)
class Numbers:
    """Quotas and what is used of them: None where there is no quota, or nothing is known."""

    name_quota: int | None = None
    names_used: int | None = None
    space_quota: int | None = None
    space_used: int | None = None

    @property
    def names_left(self) -> int | None:
        """Names that may still be made; below 0 when there are more than allowed."""
        return left(self.name_quota, self.names_used)

    @property
    def space_left(self) -> int | None:
        """Bytes that may still be written."""
        return left(self.space_quota, self.space_used)


def left(quota: int | None, used: int | None) -> int | None:
    """What is left; None without a quota, or where nothing is known."""
    return None if quota is None or used is None else quota - used


@dataclass(frozen=True)
class Limits:
    """Below so many bytes or names that are left, or above so many percent in use, a quota needs a look."""

    space: int
    names: int
    percent: float


def limits_of(settings: ConsoleSettings) -> Limits:
    """The limits that the ini says."""
    return Limits(settings.quota_space_bytes, settings.quota_names, settings.quota_percent)


@dataclass(frozen=True)
class Finding:
    """What is wrong: of ``kind`` space or names, ``level`` error when nothing more can be made. ``short`` is a word or two."""

    kind: str
    level: str
    short: str
    words: str


def judged(numbers: Numbers, limits: Limits) -> list[Finding]:
    """What is wrong with a directory; nothing where it has no quota."""
    space = _finding(SPACE, (numbers.space_quota, numbers.space_used), limits.space, limits.percent)
    names = _finding(NAMES, (numbers.name_quota, numbers.names_used), limits.names, limits.percent)
    return [one for one in (space, names) if one is not None]


def _finding(kind: str, known: tuple[int | None, int | None], least: int, percent: float) -> Finding | None:
    quota, used = known
    rest = left(quota, used)
    if quota is None or used is None or rest is None:
        return None
    if rest >= least and used * 100 <= quota * percent:
        return None
    show = size_words if kind == SPACE else names_words
    if rest <= 0:
        over = "all of it is used" if rest == 0 else f"{show(used)} are used, {show(-rest)} more than allowed"
        return Finding(kind, ERROR, "used up" if rest == 0 else "over", f"{kind}: {over} (quota {show(quota)})")
    part = f"{used / quota * 100:.0f} % used"
    return Finding(kind, WARNING, "low", f"{kind}: {show(rest)} of {show(quota)} left, {part}")


def names_words(number: int) -> str:
    """A number of files and directories."""
    return f"{number:,}"


def bad_text(findings: Iterable[Finding]) -> str:
    """What is wrong, short enough for a column."""
    return ",".join(sorted(f"{one.kind}={one.level}" for one in findings))


def is_worse(now: str, before: str) -> bool:
    """Whether something is wrong that was not, or not so much, as texts of ``bad_text``."""
    old = _levels(before)
    return any(RANK[level] > RANK[old.get(kind, "")] for kind, level in _levels(now).items())


def level_of(bad: str) -> str:
    """The worst level in a text of ``bad_text``; empty when all is well."""
    return max(_levels(bad).values(), key=lambda level: RANK[level], default="")


def _levels(bad: str) -> dict[str, str]:
    pairs = (one.partition("=") for one in bad.split(",") if one)
    return {kind: level for kind, _, level in pairs}
