"""How people hear of news: channels, routes to them, what went out over which, and every attempt."""

from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from minos_web.models.meta import Base
from minos_web.models.news import News


class Channel(Base):
    """A way to people. ``kind`` is mail, webhook or apprise. ``host``, ``port``, ``security`` (none, starttls, tls), ``user``
    and ``sender`` are those of a mail server; an empty ``host``: that of the ini. ``shown`` is what may be seen of an address,
    ``sealed`` (see security/sealing) holds the address, the password, the secret. At most ``most`` messages go to the same
    people in ``per_minutes``.
    """

    __tablename__ = "notify_channels"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(64), unique=True)
    kind: Mapped[str] = mapped_column(String(16))
    enabled: Mapped[bool] = mapped_column(default=True)
    host: Mapped[str] = mapped_column(String(255), default="")
    port: Mapped[int] = mapped_column(default=0)
    security: Mapped[str] = mapped_column(String(16), default="")
    user: Mapped[str] = mapped_column(String(255), default="")
    sender: Mapped[str] = mapped_column(String(255), default="")
    shown: Mapped[str] = mapped_column(String(255), default="")
    sealed: Mapped[bytes] = mapped_column(LargeBinary, default=b"")
    most: Mapped[int]
    per_minutes: Mapped[float]
    changed_at: Mapped[float]
    changed_by: Mapped[str] = mapped_column(String(64))


class Route(Base):
    """Which news go where: routes are asked by ``position``, the first that fits decides, unless it says to ``go_on``. Empty
    fields fit everything. ``hours`` ("22:00-06:00") and ``days`` (mon, tue, ...) are of the clock of ``zone``. ``stages`` are
    [{channel, after_minutes, recipients}]: those after 0 minutes hear at once, others when nobody acknowledged until then.
    ``recipients`` are mail addresses of stages without their own. News of ``collect_minutes`` go into one message.
    """

    __tablename__ = "notify_routes"

    id: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(64), unique=True)
    enabled: Mapped[bool] = mapped_column(default=True)
    service: Mapped[str] = mapped_column(String(64), default="")
    cluster: Mapped[str] = mapped_column(String(64), default="")
    host: Mapped[str] = mapped_column(String(128), default="")
    levels: Mapped[list[str]] = mapped_column(JSON, default=list)
    kinds: Mapped[list[str]] = mapped_column(JSON, default=list)
    hours: Mapped[str] = mapped_column(String(16), default="")
    days: Mapped[list[str]] = mapped_column(JSON, default=list)
    zone: Mapped[str] = mapped_column(String(64), default="UTC")
    recipients: Mapped[list[str]] = mapped_column(JSON, default=list)
    stages: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    go_on: Mapped[bool] = mapped_column(default=False)
    collect_minutes: Mapped[float] = mapped_column(default=0.0)
    changed_at: Mapped[float]
    changed_by: Mapped[str] = mapped_column(String(64))


class Delivery(Base):
    """One message over one channel to ``recipients`` (mail addresses; none elsewhere). ``channel_id`` 0 is the mail server of
    the ini. ``kind`` is message, digest, report or test.

    ``state`` is waiting, sending, sent, failed (given up), needless (it was acknowledged or over before it was its turn) or
    merged (it is part of ``merged_into``). ``audience`` tells those from one another who hear over a channel: limits count
    each of them. ``stage`` 0 heard at once, others are an escalation. ``away``: at the last attempt the channel took nothing,
    so nothing overtakes this one there. ``message_id`` is the same at every attempt.
    """

    __tablename__ = "notify_deliveries"

    id: Mapped[int] = mapped_column(primary_key=True)
    channel_id: Mapped[int] = mapped_column(index=True)
    channel_name: Mapped[str] = mapped_column(String(64))
    route_id: Mapped[int | None]
    route_name: Mapped[str] = mapped_column(String(64), default="")
    kind: Mapped[str] = mapped_column(String(16), default="message")
    audience: Mapped[str] = mapped_column(String(32), index=True)
    recipients: Mapped[list[str]] = mapped_column(JSON, default=list)
    stage: Mapped[int] = mapped_column(default=0)
    collect_minutes: Mapped[float] = mapped_column(default=0.0)
    state: Mapped[str] = mapped_column(String(16), index=True)
    created_at: Mapped[float] = mapped_column(index=True)
    due_at: Mapped[float] = mapped_column(index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    first_tried_at: Mapped[float | None]
    away: Mapped[bool] = mapped_column(default=False)
    sent_at: Mapped[float | None] = mapped_column(index=True)
    result: Mapped[str] = mapped_column(Text, default="")
    message_id: Mapped[str] = mapped_column(String(64))
    merged_into: Mapped[int | None]

    items: Mapped[list["DeliveryItem"]] = relationship(
        order_by="DeliveryItem.news_id", cascade="all, delete-orphan", passive_deletes=True
    )
    tries: Mapped[list["DeliveryAttempt"]] = relationship(
        order_by="DeliveryAttempt.id", cascade="all, delete-orphan", passive_deletes=True
    )


class DeliveryItem(Base):
    """A piece of news that is in a delivery."""

    __tablename__ = "notify_items"

    delivery_id: Mapped[int] = mapped_column(ForeignKey("notify_deliveries.id", ondelete="CASCADE"), primary_key=True)
    news_id: Mapped[int] = mapped_column(ForeignKey("news.id", ondelete="CASCADE"), primary_key=True, index=True)

    news: Mapped[News] = relationship()


class DeliveryAttempt(Base):
    """One try to hand a delivery over: whether it was ``taken``, and what was said."""

    __tablename__ = "notify_attempts"

    id: Mapped[int] = mapped_column(primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("notify_deliveries.id", ondelete="CASCADE"), index=True)
    at: Mapped[float]
    seconds: Mapped[float] = mapped_column(default=0.0)
    taken: Mapped[bool] = mapped_column(default=False)
    text: Mapped[str] = mapped_column(Text, default="")
