"""PURE. Why nobody hears of an alert now: somebody is at work on it, an operation is under way, it was silenced."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from minos_common.instants import utc_minute
from minos_web.monitor.maintenance import WHOLE, note_of, of_job

AFTER_SECONDS = 120.0
"""So long after an operation what it caused has to go away by itself."""
BEFORE_SECONDS = 5.0
"""What was seen a moment before an operation began is of it all the same: clocks of rounds are not in step."""


@dataclass(frozen=True)
class Heard:
    """What of an alert says whether it is muted. ``cluster`` is service/name."""

    rule: str
    about: str
    service: str
    cluster: str
    job: str
    host: str
    since: float


@dataclass(frozen=True)
class Underway:
    """An operation: of a cluster (service/name), or of the workers (empty). ``ended``: None while it is open."""

    id: int
    action: str
    cluster: str
    began: float
    ended: float | None = None


@dataclass(frozen=True)
class Quiet:
    """A silence. Empty fields fit everything."""

    by: str
    reason: str
    until: float
    rule: str = ""
    service: str = ""
    cluster: str = ""
    job: str = ""
    host: str = ""

    def fits(self, alert: Heard) -> bool:
        """Whether it is about this alert."""
        name = alert.cluster.partition("/")[2]
        own = {"rule": alert.rule, "service": alert.service, "cluster": name, "job": alert.job, "host": alert.host}
        return all(not getattr(self, field) or getattr(self, field) == value for field, value in own.items())


@dataclass(frozen=True)
class Calm:
    """All that mutes. Notes are maintenance as rows keep it; ``unwell`` and ``worked_on``: cluster -> hosts of its tasks that are
    not well, without anybody at work on the host, and with.
    """

    host_notes: Mapping[str, Any] = field(default_factory=dict)
    cluster_notes: Mapping[str, Any] = field(default_factory=dict)
    unwell: Mapping[str, Collection[str]] = field(default_factory=dict)
    worked_on: Mapping[str, Collection[str]] = field(default_factory=dict)
    operations: Sequence[Underway] = ()
    silences: Sequence[Quiet] = ()


def why_muted(alert: Heard, calm: Calm, now: float) -> str:
    """In words; empty when people should hear of it."""
    return _worked_on(alert, calm, now) or _caused(alert, calm.operations, now) or _silenced(alert, calm.silences, now)


def _worked_on(alert: Heard, calm: Calm, now: float) -> str:
    notes = [note_of(calm.host_notes.get(alert.host), now)] if alert.host else []
    if alert.cluster:
        notes.append(of_job(calm.cluster_notes.get(alert.cluster), alert.job or WHOLE, now))
    if alert.about == "cluster" and not calm.unwell.get(alert.cluster):
        # All that is not well of it stands on hosts that somebody is at work on.
        notes += [note_of(calm.host_notes.get(host), now) for host in sorted(calm.worked_on.get(alert.cluster, ()))]
    return next((note.words for note in notes if note is not None), "")


def _caused(alert: Heard, operations: Sequence[Underway], now: float) -> str:
    for one in operations:
        about = one.cluster == alert.cluster if one.cluster else alert.about == "host"
        if not about or alert.about in ("console", "rack") or alert.since < one.began - BEFORE_SECONDS:
            continue
        if one.ended is None:
            return f"operation {one.id} ({one.action}) is at work"
        if now - one.ended <= AFTER_SECONDS:
            return f"operation {one.id} ({one.action}) has just ended"
    return ""


def _silenced(alert: Heard, silences: Sequence[Quiet], now: float) -> str:
    for one in silences:
        if now < one.until and one.fits(alert):
            until = utc_minute(one.until)
            return f"silenced by {one.by} until {until}" + (f": {one.reason}" if one.reason else "")
    return ""
