"""PURE. How an alert is put: its state as a badge, what it is about, what happened to it, its figure with a unit."""

import re
from typing import Any

from minos_web.models.alerts import Alert, AlertEvent, Silence
from minos_web.monitor.alert_lists import LEVELS
from minos_web.monitor.alerts.rules import Rule
from minos_web.operations.refusal import Refused
from minos_web.views.badges import Badge
from minos_web.views.metric_words import MetricWords, words_of
from minos_web.views.presenting import duration, figure

LEVEL_KINDS = {"error": "down", "warning": "degraded", "info": "waiting"}
"""Level -> which shape and colour says it."""
_EVENTS = {
    "pending": ("changing", "a check was bad"),
    "firing": ("down", "fires"),
    "level": ("down", "changed its level"),
    "unknown": ("unknown", "nobody tells any more; whether it is over is not known"),
    "known": ("changing", "told again"),
    "resolved": ("running", "is over"),
    "flapping": ("changing", "comes and goes too often to be told each time"),
    "calm": ("running", "does not come and go any more"),
    "folded": ("stopped", "is a symptom of another alert"),
    "unfolded": ("changing", "is no symptom of another alert any more"),
    "muted": ("stopped", "nobody hears of it"),
    "unmuted": ("changing", "people hear of it again"),
    "acknowledged": ("running", "looks after it"),
    "unacknowledged": ("stopped", "took that back"),
    "note": ("stopped", "wrote"),
}
_SPANS = {"s": 1.0, "min": 60.0, "h": 3600.0, "d": 86400.0}
_SPAN = re.compile(r"(?:(\d{1,9}(?:\.\d+)?)\s*(s|min|h|d)?)?")
_OF_PEOPLE = ("acknowledged", "unacknowledged", "note")
_STATES = {
    "pending": "Bad, but not for long enough yet. Nobody was told.",
    "firing": "It is so now.",
    "acknowledged": "It is so now, and somebody looks after it.",
    "unknown": "Nothing is told any more, so nobody knows whether it is over.",
    "resolved": "It is over.",
}


def alert_badge(alert: Alert) -> Badge:
    """State of an alert: since when it fires, is unknown, or over. The level says the colour while it fires."""
    if alert.open_key is None:
        return Badge("done", "resolved", alert.resolved_at, _STATES["resolved"])
    if alert.unknown_since is not None:
        return Badge("unknown", "unknown", alert.unknown_since, _STATES["unknown"])
    if alert.state == "pending":
        return Badge("waiting", "pending", alert.since, _STATES["pending"])
    word = "acknowledged" if alert.acknowledged_at is not None else "firing"
    return Badge(LEVEL_KINDS.get(alert.level, "unknown"), word, alert.fired_at or alert.since, _STATES[word])


def level_badge(level: str) -> Badge:
    """A level, which is no state: it has no age."""
    return Badge(LEVEL_KINDS.get(level, "unknown"), level)


def subject(alert: Alert) -> str:
    """What an alert is about, in short: zookeeper/1 of dptst on host-2, /data."""
    task = f"{alert.job}/{alert.number}" if alert.number is not None else alert.job
    if alert.about == "rack":
        return f"rack {alert.part}"
    what = " of ".join(text for text in (task, alert.cluster) if text)
    words = " on ".join(text for text in (what, alert.host) if text) or alert.service or "the console"
    return f"{words}, {alert.part}" if alert.part else words


def headline(alert: Alert) -> str:
    """What is wrong, without the where that stands behind it in its title: lists tell that beside it."""
    before, _, _ = alert.title.rpartition(": ")
    return before if before and alert.about != "console" else alert.title


def scope_words(scope: Any) -> str:
    """What a silence or a rule is for: a row with some of rule, service, cluster, job and host."""
    said = [
        f"{name} {getattr(scope, name)}"
        for name in ("rule", "service", "cluster", "job", "host")
        if getattr(scope, name, "")
    ]
    return ", ".join(said) or "everything"


def value_words(alert: Alert, known: dict[str, MetricWords]) -> str:
    """The figure as last told, with its unit; empty where there is none."""
    if alert.value is None:
        return ""
    return figure(alert.value, words_of(alert.metric, known).unit if alert.metric else "count")


def event_line(event: AlertEvent) -> tuple[str, str, str]:
    """(tone, who, what happened); ``who`` is empty where no person did it."""
    tone, words = _EVENTS.get(event.kind, ("stopped", event.kind))
    who = event.by or ("somebody" if event.kind in _OF_PEOPLE else "")
    return tone, who, words


def silence_times(silence: Silence, now: float) -> str:
    """How long it lasts still, or lasted: "ends in 2 h 05 min"."""
    if silence.ended_at is not None:
        return f"ended by {silence.ended_by or 'the console'} after {duration(max(0.0, silence.ended_at - silence.at))}"
    if silence.until <= now:
        return f"was over after {duration(silence.until - silence.at)}"
    if silence.at > now:
        return f"begins in {duration(silence.at - now)}, for {duration(silence.until - silence.at)}"
    return f"ends in {duration(silence.until - now)}"


def tally(counts: dict[str, int]) -> str:
    """2 errors, 1 warning; the worst first."""
    said = []
    for level in LEVELS:
        number = counts.get(level, 0)
        if number:
            said.append(f"{number:,} {level if number == 1 or level == 'info' else level + 's'}")
    return ", ".join(said)


def rule_words(rule: Rule) -> str:
    """When a rule fires: host.disk_percent > 90 for 5 min; an error when > 95; over when < 85."""
    how = f"{rule.combine} of {rule.metric}" if rule.about == "cluster" and rule.combine != "largest" else rule.metric
    said = [f"{how} {rule.condition}" + (f" for {span_words(rule.for_seconds)}" if rule.for_seconds else "")]
    said += [f"an error when {rule.worse}"] if rule.worse else []
    return "; ".join([*said, *([f"over when {rule.clear}"] if rule.clear else [])])


def span_words(seconds: float) -> str:
    """A time as the form of a rule takes it: 90 s, 5 min, 2 h, 1 d."""
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size and seconds % size == 0:
            return f"{seconds / size:g} {unit}"
    return f"{seconds:g} s"


def seconds_in(text: str) -> float:
    """The other way round; a plain number is seconds, no text is no time. Raises Refused."""
    match = _SPAN.fullmatch(text.strip().lower())
    if match is None:
        raise Refused("invalid", f"a time such as 90 s, 5 min or 2 h, not {text[:40]!r}", "for")
    return float(match[1] or 0) * _SPANS[match[2] or "s"]
