"""Alerts, what happened to them, the rules of a site's own, and silences."""

from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from minos_web.models.meta import Base


class AlertRule(Base):
    """A rule of the site's own, or (``shipped``) what the site changed of one that the catalog brings: ``name`` is its then.

    ``about`` is what is judged: host, rack, task, cluster or console. ``metric`` is a figure as series call it, or one divided
    by another; ``condition``, ``worse`` and ``clear`` are of the grammar of monitor/alerts/grammar. When ``worse`` holds it is
    an error (empty: never); ``clear`` empty: what is not bad is good again. It must be bad for ``for_seconds``. Of a cluster
    the figure may be one of its tasks: the ``combine`` of theirs (largest, smallest or sum). Empty ``service``, ``cluster``,
    ``job`` and ``host``: of any. A row of a shipped rule with no ``condition`` leaves its conditions as they are shipped.
    """

    __tablename__ = "alert_rules"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(64), unique=True)
    shipped: Mapped[bool] = mapped_column(default=False)
    enabled: Mapped[bool] = mapped_column(default=True)
    title: Mapped[str] = mapped_column(String(120), default="")
    about: Mapped[str] = mapped_column(String(16), default="task")
    metric: Mapped[str] = mapped_column(String(200), default="")
    condition: Mapped[str] = mapped_column(String(120), default="")
    worse: Mapped[str] = mapped_column(String(120), default="")
    clear: Mapped[str] = mapped_column(String(120), default="")
    for_seconds: Mapped[float] = mapped_column(default=0.0)
    level: Mapped[str] = mapped_column(String(8), default="warning")
    combine: Mapped[str] = mapped_column(String(8), default="largest")
    service: Mapped[str] = mapped_column(String(32), default="")
    cluster: Mapped[str] = mapped_column(String(64), default="")
    job: Mapped[str] = mapped_column(String(32), default="")
    host: Mapped[str] = mapped_column(String(128), default="")
    help: Mapped[str] = mapped_column(Text, default="")
    changed_at: Mapped[float]
    changed_by: Mapped[str] = mapped_column(String(64))


class Alert(Base):
    """One thing that is wrong, from the first bad check until it is over. ``key`` is ``rule`` and subject; ``open_key`` is the
    same while it is not over, so that there is one open alert of it at most, and None afterwards.

    ``state`` is pending, firing or resolved. ``unknown_since``: nothing is told any more, so nobody knows whether it is
    over. ``told``: people heard of the problem, so they hear of its end. ``muted`` says why nobody hears of it now (silence,
    maintenance, operation, flapping, or that of a parent). ``parent_id`` is the alert of which it is a symptom. ``flips``
    are times of late changes that people would hear of.
    ``value`` is the figure as it last fired or changed its level. ``seen`` is what the last check found: ok, warning, error or
    unknown; ``checks`` counts how often in a row it was that. ``told_as`` is what people heard last (warning, error, unknown or
    flapping; empty: nothing yet, or its end). ``flapping_since``: it changes all the time, so nobody hears of each change.
    """

    __tablename__ = "alerts"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(300), index=True)
    open_key: Mapped[str | None] = mapped_column(String(300), unique=True)
    rule: Mapped[str] = mapped_column(String(64), index=True)
    about: Mapped[str] = mapped_column(String(16))
    service: Mapped[str] = mapped_column(String(32), default="", index=True)
    cluster: Mapped[str] = mapped_column(String(64), default="")
    job: Mapped[str] = mapped_column(String(32), default="")
    number: Mapped[int | None]
    host: Mapped[str] = mapped_column(String(128), default="")
    part: Mapped[str] = mapped_column(String(200), default="")
    title: Mapped[str] = mapped_column(String(255))
    reason: Mapped[str] = mapped_column(Text, default="")
    level: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(16), index=True)
    metric: Mapped[str] = mapped_column(String(200), default="")
    value: Mapped[float | None]
    checks: Mapped[int] = mapped_column(default=0)
    flips: Mapped[list[float]] = mapped_column(JSON, default=list)
    since: Mapped[float]
    fired_at: Mapped[float | None] = mapped_column(index=True)
    unknown_since: Mapped[float | None]
    resolved_at: Mapped[float | None] = mapped_column(index=True)
    checked_at: Mapped[float]
    seen: Mapped[str] = mapped_column(String(8), default="")
    flapping_since: Mapped[float | None]
    told: Mapped[bool] = mapped_column(default=False)
    told_as: Mapped[str] = mapped_column(String(16), default="")
    muted: Mapped[str] = mapped_column(String(255), default="")
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("alerts.id", ondelete="SET NULL"), index=True)
    acknowledged_at: Mapped[float | None]
    acknowledged_by: Mapped[str] = mapped_column(String(64), default="")

    events: Mapped[list["AlertEvent"]] = relationship(
        back_populates="alert", order_by="AlertEvent.id", cascade="all, delete-orphan", passive_deletes=True
    )


class AlertEvent(Base):
    """What happened to an alert: ``kind`` is pending, firing, level, unknown, known, resolved, flapping, calm, folded, unfolded,
    muted, unmuted, acknowledged, unacknowledged or note; ``by`` a user, or empty.
    """

    __tablename__ = "alert_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    alert_id: Mapped[int] = mapped_column(ForeignKey("alerts.id", ondelete="CASCADE"), index=True)
    at: Mapped[float] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(String(16))
    by: Mapped[str] = mapped_column(String(64), default="")
    text: Mapped[str] = mapped_column(Text, default="")

    alert: Mapped[Alert] = relationship(back_populates="events")


class Silence(Base):
    """Nobody hears of alerts that fit, until ``until``, or until it was ended. Empty fields fit everything."""

    __tablename__ = "silences"

    id: Mapped[int] = mapped_column(primary_key=True)
    rule: Mapped[str] = mapped_column(String(64), default="")
    service: Mapped[str] = mapped_column(String(32), default="")
    cluster: Mapped[str] = mapped_column(String(64), default="")
    job: Mapped[str] = mapped_column(String(32), default="")
    host: Mapped[str] = mapped_column(String(128), default="")
    reason: Mapped[str] = mapped_column(String(255))
    by: Mapped[str] = mapped_column(String(64))
    at: Mapped[float]
    until: Mapped[float] = mapped_column(index=True)
    ended_at: Mapped[float | None]
    ended_by: Mapped[str] = mapped_column(String(64), default="")


def label_of(alert: Alert) -> dict[str, Any]:
    """What an alert is about, as labels: those of its parts that are not empty."""
    labels = {name: getattr(alert, name) for name in ("service", "cluster", "job", "number", "host", "part")}
    return {name: value for name, value in labels.items() if value not in ("", None)}
