"""PURE. What people hear of an alert, when, and in which words."""

from collections.abc import Sequence
from dataclasses import dataclass

from minos_common.instants import utc
from minos_web.monitor.alerts.finding import ERROR, UNKNOWN
from minos_web.monitor.alerts.life import FIRING, Life, Limits

PROBLEM, RECOVERY, NOT_KNOWN, FLAPPING = "problem", "recovery", "unknown", "flapping"
MOST_SYMPTOMS = 30
_BEFORE = {PROBLEM: "", RECOVERY: "Over: ", NOT_KNOWN: "Not known any more: ", FLAPPING: "Comes and goes: "}


def due(life: Life, told_as: str, muted: bool, limits: Limits) -> tuple[str, str]:
    """(kind of the news that are due or empty, what people have heard last then). Its end is heard by those who heard of it,
    whatever mutes it now.
    """
    if not life.open:
        return (RECOVERY if told_as else "", "")
    if muted or life.state != FIRING:
        return "", told_as
    if life.flapping_since is not None:
        return ("" if told_as == FLAPPING else FLAPPING, FLAPPING)
    if life.seen == UNKNOWN:
        tell = life.is_unknown(limits) and told_as != NOT_KNOWN
        return (NOT_KNOWN, NOT_KNOWN) if tell else ("", told_as)
    news = told_as in ("", FLAPPING) or (life.level == ERROR and told_as != ERROR)
    return (PROBLEM if news else "", life.level)


@dataclass(frozen=True)
class Said:
    """What is known of an alert when it is told."""

    title: str
    where: str
    reason: str
    help: str
    since: float
    symptoms: Sequence[str] = ()


def title(kind: str, said: Said) -> str:
    """One line."""
    return f"{_BEFORE[kind]}{said.title}: {said.where}" if said.where else f"{_BEFORE[kind]}{said.title}"


def text(kind: str, said: Said, now: float) -> str:
    """What, where, why, since when, and what else comes of it."""
    lines = [_FIRST[kind].format(title=said.title, where=said.where or "the console")]
    if said.reason:
        lines.append(f"Why: {said.reason}")
    lines.append(f"Since: {utc(said.since)}, {_span(now - said.since)} ago")
    if said.help and kind != RECOVERY:
        lines.append(f"What helps: {said.help}")
    if said.symptoms:
        lines += ["", f"What comes of it ({len(said.symptoms)}):"]
        lines += [f"- {one}" for one in said.symptoms[:MOST_SYMPTOMS]]
        if len(said.symptoms) > MOST_SYMPTOMS:
            lines.append(f"- and {len(said.symptoms) - MOST_SYMPTOMS} more")
    return "\n".join(lines)


_FIRST = {
    PROBLEM: "{title}, on {where}.",
    RECOVERY: "It is over: {title}, on {where}.",
    NOT_KNOWN: "Nothing is told any more, so nobody knows whether it is over: {title}, on {where}.",
    FLAPPING: "It comes and goes; you hear of it again when it is calm: {title}, on {where}.",
}


def _span(seconds: float) -> str:
    for size, unit in ((86400, "days"), (3600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"{int(seconds // size)} {unit}"
    return f"{max(int(seconds), 0)} seconds"
