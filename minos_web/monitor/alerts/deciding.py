"""PURE. What one round makes of all alerts: their lives go on, symptoms are folded under their causes, what is explained is
muted, and what people should hear is decided. Only what changed comes out.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from minos_web.monitor.alerts.checks import Checked, Seen, missing
from minos_web.monitor.alerts.finding import ERROR, GONE, OK, UNKNOWN, WARNING, Finding
from minos_web.monitor.alerts.folding import AFTER_SECONDS, Ground, Open, fold
from minos_web.monitor.alerts.life import FIRING, Event, Life, Limits, advance, limits_of
from minos_web.monitor.alerts.muting import Calm, Heard, why_muted
from minos_web.monitor.alerts.rules import Rule
from minos_web.monitor.alerts.saying import due


@dataclass
class Standing:
    """One alert, as it was before a round and as the round leaves it. ``id``: None while it has no row. ``cause`` is the key of
    the alert of which it is a symptom; ``news`` the kind of what people should hear now.
    """

    key: str
    rule: str
    about: str
    title: str
    where: str
    host: str = ""
    service: str = ""
    cluster: str = ""
    job: str = ""
    number: int | None = None
    part: str = ""
    id: int | None = None
    life: Life | None = None
    reason: str = ""
    value: float | None = None
    told_as: str = ""
    muted: str = ""
    cause: str = ""
    events: list[Event] = field(default_factory=list)
    news: str = ""
    symptoms: list[str] = field(default_factory=list)
    changed: bool = False

    @property
    def place(self) -> str:
        """service/name of its cluster; empty without one."""
        return f"{self.service}/{self.cluster}" if self.cluster else ""

    @property
    def open(self) -> bool:
        """Whether it is not over."""
        return self.life is not None and self.life.open


@dataclass(frozen=True)
class Round:
    """What a round knows beside the alerts. ``seconds`` lie between two checks."""

    now: float
    checks: int
    seconds: float
    rules: Mapping[str, Rule]
    ground: Ground
    calm: Calm

    def limits(self, rule: str) -> Limits:
        """How long something must be bad by this rule."""
        known = self.rules.get(rule)
        return limits_of(known.for_seconds if known else 0.0, self.checks, self.seconds)


def decide(before: Iterable[Standing], checked: Checked, around: Round) -> list[Standing]:
    """Every alert that is changed by this round; ``before`` are those that are open, or over since a moment ago."""
    standing = {one.key: one for one in before}
    for seen in _once(checked.seen):
        one = standing.get(seen.key)
        if one is None:
            one = standing[seen.key] = _new(seen)
        _go_on(one, seen.finding, around, seen)
    for key, finding in missing([one.key for one in standing.values() if one.open and one.id is not None], checked):
        _go_on(standing[key], finding, around)
    _fold(standing, around)
    for one in standing.values():
        _mute(one, standing, around)
        _hear(one, around)
    for one in standing.values():
        if one.news and one.open:
            one.symptoms = symptoms(standing.values(), one.key)
    return [one for one in standing.values() if one.changed and (one.life is not None or one.id is not None)]


_BADNESS = (GONE, OK, UNKNOWN, WARNING, ERROR)


def _once(seen: Iterable[Seen]) -> Iterable[Seen]:
    """Names are labels: of several hosts that share one the worst counts."""
    worst: dict[str, Seen] = {}
    for one in seen:
        other = worst.get(one.key)
        if other is None or _BADNESS.index(one.finding.seen) > _BADNESS.index(other.finding.seen):
            worst[one.key] = one
    return worst.values()


def _new(seen: Seen) -> Standing:
    subject, rule = seen.subject, seen.rule
    where = f"{subject.where} {seen.part}".strip() if subject.about != "rack" else subject.where
    return Standing(
        seen.key, rule.name, subject.about, rule.title, where, subject.host, subject.service, subject.cluster,
        subject.job, subject.number, seen.part or subject.part,
    )  # fmt: skip


def _go_on(one: Standing, finding: Finding, around: Round, seen: Seen | None = None) -> None:
    """One more check of it."""
    was = one.life
    one.life, events = advance(was, finding, around.now, around.limits(one.rule))
    one.events += events
    if one.life == was and not events:
        return
    one.changed = True
    if finding.reason and (finding.value is not None or finding.seen in ("warning", "error")):
        one.reason = finding.reason
    if any(event.kind in ("pending", "firing", "level") for event in events):
        one.value = finding.value
    if seen is not None and seen.subject.number is not None:
        one.number = seen.subject.number


def _holds(one: Standing, around: Round) -> bool:
    """Whether others wait for it: it fires, or will soon if it is not over by then."""
    life = one.life
    if life is None or not life.open:
        return False
    limits = around.limits(one.rule)
    return life.state == FIRING or around.now - life.since <= limits.for_seconds + (limits.checks + 1) * around.seconds


def _fold(standing: Mapping[str, Standing], around: Round) -> None:
    alerts = []
    for one in standing.values():
        life = one.life
        late = life is not None and not life.open and around.now - (life.resolved_at or 0.0) <= AFTER_SECONDS
        if late or one.open:
            alerts.append(_open(one, around, late))
    folded = fold(alerts, around.ground)
    for one in standing.values():
        cause = folded.get(one.key, "")
        if one.open and cause != one.cause:
            text = f"{standing[cause].title}: {standing[cause].where}" if cause else ""
            one.events.append(Event("folded", text) if cause else Event("unfolded"))
            one.cause, one.changed = cause, True


def _open(one: Standing, around: Round, over: bool) -> Open:
    rule = around.rules.get(one.rule)
    level = one.life.level if one.life else ""
    alone, follows = (rule.alone, rule.follows) if rule else (False, False)
    holds = not over and _holds(one, around)
    return Open(
        one.key, one.rule, one.about, one.host, one.place, one.part, level, alone, follows, holds, over, one.cause
    )


def _mute(one: Standing, standing: Mapping[str, Standing], around: Round) -> None:
    if not one.open or one.life is None:
        return
    heard = Heard(one.rule, one.about, one.service, one.place, one.job, one.host, one.life.since)
    own = muted = why_muted(heard, around.calm, around.now)
    if not own and one.cause:
        cause = standing[one.cause]
        muted = f"it comes of this: {cause.title}, on {cause.where or 'the console'}"
    muted = muted[:255]
    if muted != one.muted:
        if own or not one.cause:
            one.events.append(Event("muted" if muted else "unmuted", muted))
        one.muted, one.changed = muted, True


def _hear(one: Standing, around: Round) -> None:
    if one.life is None:
        return
    news, told_as = due(one.life, one.told_as, bool(one.muted), around.limits(one.rule))
    if news or told_as != one.told_as:
        one.news, one.told_as, one.changed = news, told_as, True


def symptoms(standing: Iterable[Standing], key: str) -> list[str]:
    """In words: what comes of an alert, over however many steps."""
    rows = list(standing)
    below: dict[str, list[Standing]] = {}
    for one in rows:
        if one.open and one.cause:
            below.setdefault(one.cause, []).append(one)
    found, todo = [], [key]
    while todo:
        for one in sorted(below.pop(todo.pop(), ()), key=lambda one: (one.about, one.where)):
            found.append(f"{one.title}: {one.where}" + (f" ({one.reason})" if one.reason else ""))
            todo.append(one.key)
    return found
