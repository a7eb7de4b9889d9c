"""PURE. Which routes fit a piece of news, and who hears of it over them, how soon."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from fnmatch import fnmatchcase
from zoneinfo import ZoneInfo

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LEVELS = ("error", "warning", "info")
KINDS = ("problem", "recovery", "unknown", "flapping", "crash", "report", "note")
ANSWERED = ("problem", "unknown", "flapping")
"""Kinds of news that somebody may acknowledge, so that others hear when nobody does."""
BEFORE_RECOVERY = ("problem", "unknown", "flapping", "crash")
"""Kinds of news after which a recovery means something."""
MINUTES_OF_A_DAY = 24 * 60


@dataclass(frozen=True)
class Subject:
    """What routes look at of a piece of news."""

    kind: str = "problem"
    level: str = "error"
    service: str = ""
    cluster: str = ""
    host: str = ""


@dataclass(frozen=True)
class Stage:
    """A channel of a route: it hears after so many minutes; ``recipients`` in place of the route's own."""

    channel: int
    after_minutes: float = 0.0
    recipients: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rule:
    """A route as deciding needs it, see models/notify.Route. ``id`` None is the default one that the ini makes."""

    id: int | None
    name: str
    enabled: bool = True
    service: str = ""
    cluster: str = ""
    host: str = ""
    levels: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    hours: str = ""
    days: tuple[str, ...] = ()
    zone: str = "UTC"
    recipients: tuple[str, ...] = ()
    stages: tuple[Stage, ...] = ()
    go_on: bool = False
    collect_minutes: float = 0.0

    @property
    def always(self) -> bool:
        """Whether it is for every hour of the week."""
        return not self.hours and not self.days


@dataclass(frozen=True)
class Ear:
    """Who hears: over which channel, after how many minutes, and with what else is collected for so many minutes."""

    channel: int
    recipients: tuple[str, ...] = ()
    route_id: int | None = None
    route_name: str = ""
    after_minutes: float = 0.0
    collect_minutes: float = 0.0


@dataclass(frozen=True)
class Ways:
    """Channels that work, and those of them that send mail: a mail without recipients goes nowhere."""

    working: Collection[int] = frozenset()
    mail: Collection[int] = frozenset()


@dataclass
class _Heard:
    """Who hears already: nobody hears twice of the same over one channel."""

    others: set[tuple[int, bool]] = field(default_factory=set)
    addresses: set[tuple[int, bool, str]] = field(default_factory=set)

    def left(self, stage: Stage, recipients: Sequence[str], mail: bool) -> tuple[str, ...] | None:
        """Those who would not have heard yet; None for nobody."""
        late = stage.after_minutes > 0
        if not mail:
            new = (stage.channel, late) not in self.others
            self.others.add((stage.channel, late))
            return () if new else None
        left = [one for one in dict.fromkeys(recipients) if (stage.channel, late, one.lower()) not in self.addresses]
        self.addresses |= {(stage.channel, late, one.lower()) for one in left}
        return tuple(left) or None


def decide(rules: Sequence[Rule], subject: Subject, at: float, ways: Ways) -> list[Ear]:
    """Who hears of ``subject`` at ``at``: the rules are asked in their order, and one that leads nowhere stops nobody."""
    found: list[Ear] = []
    heard = _Heard()
    for rule in rules:
        if not (rule.enabled and fits(rule, subject) and in_time(rule, at)):
            continue
        leads = False
        for stage, recipients in ends(rule, ways):
            leads = True
            if stage.after_minutes and subject.kind not in ANSWERED:
                continue
            left = heard.left(stage, recipients, stage.channel in ways.mail)
            if left is not None:
                late = stage.after_minutes
                found.append(Ear(stage.channel, left, rule.id, rule.name, late, 0.0 if late else rule.collect_minutes))
        if leads and not rule.go_on:
            break
    return found


def ends(rule: Rule, ways: Ways) -> Iterator[tuple[Stage, tuple[str, ...]]]:
    """The stages of a rule that reach somebody, with their mail addresses."""
    for stage in rule.stages:
        recipients = stage.recipients or rule.recipients if stage.channel in ways.mail else ()
        if stage.channel in ways.working and (recipients or stage.channel not in ways.mail):
            yield stage, recipients


def fits(rule: Rule, subject: Subject) -> bool:
    """Whether it is about this, whatever the hour."""
    if (rule.levels and subject.level not in rule.levels and subject.kind != "recovery") or (
        rule.kinds and subject.kind not in rule.kinds
    ):
        return False
    pairs = ((rule.service, subject.service), (rule.cluster, subject.cluster), (rule.host, subject.host))
    return all(not pattern or fnmatchcase(text, pattern) for pattern, text in pairs)


def in_time(rule: Rule, at: float) -> bool:
    """Whether ``at`` lies in its hours and days. Hours over midnight belong to the day on which they begin."""
    if rule.always:
        return True
    here = datetime.fromtimestamp(at, _zone(rule.zone))
    if rule.hours:
        begin, end = window(rule.hours)
        minute = here.hour * 60 + here.minute
        over_midnight = end <= begin
        if over_midnight and minute < end:
            here -= timedelta(days=1)
        elif not (begin <= minute and (over_midnight or minute < end)):
            return False
    return not rule.days or DAYS[here.weekday()] in rule.days


def _zone(name: str) -> tzinfo:
    """A time zone; UTC for one that this machine does not know any more: better an hour wrong than nobody told."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return UTC


def window(hours: str) -> tuple[int, int]:
    """Minutes of the day from and until which "22:00-06:00" is. Raises ValueError."""
    begin, dash, end = hours.partition("-")
    if not dash:
        raise ValueError(hours)
    return _minute(begin), _minute(end)


def _minute(text: str) -> int:
    hour, colon, minute = text.strip().partition(":")
    if not (hour.isascii() and hour.isdigit() and minute.isascii() and minute.isdigit() and colon and len(minute) == 2):
        raise ValueError(text)
    found = int(hour) * 60 + int(minute)
    if int(minute) > 59 or found > MINUTES_OF_A_DAY:
        raise ValueError(text)
    return found
