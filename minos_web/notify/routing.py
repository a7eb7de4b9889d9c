"""From news to deliveries, in one transaction: what was told stands here as messages to people, or is not routed yet."""

import hashlib
import logging
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from minos_web.console import Console
from minos_web.models.news import News
from minos_web.models.notify import Delivery, DeliveryItem
from minos_web.notify.channels import OWN_MAIL, Known, all_channels
from minos_web.notify.matching import BEFORE_RECOVERY, Ear, Rule, Subject, Ways, decide, ends
from minos_web.notify.routes import rules, ways_of

log = logging.getLogger(__name__)

ALONE = ("report", "test")
"""Kinds of messages that are neither counted nor put together: each is for somebody else, or asked for."""
AT_ONCE = 200
"""Pieces of news of one transaction."""


@dataclass(frozen=True)
class Switchboard:
    """Everything that says who hears of what, as it is now."""

    rules: Sequence[Rule]
    channels: Sequence[Known]
    ways: Ways

    @classmethod
    def of(cls, session: Session, console: Console) -> "Switchboard":
        """As the rows and the ini say."""
        channels = all_channels(session, console.settings)
        return cls(rules(session, console.settings), channels, ways_of(channels))

    def leads(self) -> bool:
        """Whether anybody hears of anything."""
        return any(rule.enabled and any(ends(rule, self.ways)) for rule in self.rules)

    def name_of(self, channel: int) -> str:
        """What a channel is called."""
        return next((one.name for one in self.channels if one.id == channel), "")

    def mail(self) -> int | None:
        """The channel for mails to certain people: the ini's server, else the first that works."""
        found = [one.id for one in self.channels if one.kind == "mail" and not one.trouble]
        return OWN_MAIL if OWN_MAIL in found else min(found, default=None)


def is_waiting(session: Session) -> bool:
    """Whether any news are not routed."""
    return session.scalar(select(News.id).where(News.routed_at.is_(None)).limit(1)) is not None


def route_news(session: Session, console: Console, now: float) -> int:
    """Decide for the oldest news who hears of them; returns for how many that was possible."""
    wanted = select(News).where(News.routed_at.is_(None)).order_by(News.id).limit(AT_ONCE).with_for_update()
    rows = list(session.scalars(wanted))
    board = Switchboard.of(session, console) if rows else None
    done = 0
    for news in rows:
        assert board is not None
        try:
            with session.begin_nested():
                _route(session, news, board, now)
            done += 1
        except Exception:
            # One piece of news that cannot be routed must not hide the others; it has its turn again.
            log.exception("news %s", news.id)
    return done


def _route(session: Session, news: News, board: Switchboard, now: float) -> None:
    for ear in ears_of(session, news, board):
        put(session, news, ear, board.name_of(ear.channel), now)
    news.routed_at = now
    session.flush()


def ears_of(session: Session, news: News, board: Switchboard) -> list[Ear]:
    """Who hears of it. The end of something goes to those who heard that it began, whatever the hour."""
    if news.recipients:
        mail = board.mail()
        return [] if mail is None else [Ear(mail, tuple(news.recipients))]
    subject = Subject(news.kind, news.level, news.service, news.cluster, news.host)
    if news.kind != "recovery" or not news.key:
        return decide(board.rules, subject, news.at, board.ways)
    began = _began(session, news)
    if not began:
        return decide(board.rules, subject, news.at, board.ways)
    found = _those_who_heard(session, began, board.ways)
    # Beside them those who asked for ends alone, such as a book of what happened.
    ends = [rule for rule in board.rules if "recovery" in rule.kinds and "problem" not in rule.kinds]
    have = {(ear.channel, ear.recipients) for ear in found}
    return found + [
        ear for ear in decide(ends, subject, news.at, board.ways) if (ear.channel, ear.recipients) not in have
    ]


def put(session: Session, news: News, ear: Ear, name: str, now: float) -> Delivery:
    """Into the message that is being collected for these people, or into one of its own."""
    row = _collecting(session, ear, now) if ear.collect_minutes else None
    if row is None:
        report = bool(news.recipients or news.html)
        late = (ear.after_minutes or ear.collect_minutes) * 60
        row = new_delivery(ear, name, "report" if report else "digest" if ear.collect_minutes else "message", now)
        row.due_at = now + late
        session.add(row)
        session.flush()
    session.add(DeliveryItem(delivery_id=row.id, news_id=news.id))
    return row


def new_delivery(ear: Ear, name: str, kind: str, now: float) -> Delivery:
    """A message that waits, without anything in it."""
    return Delivery(
        channel_id=ear.channel, channel_name=name, route_id=ear.route_id, route_name=ear.route_name, kind=kind,
        audience=audience_of(ear.channel, ear.recipients), recipients=list(ear.recipients),
        stage=1 if ear.after_minutes else 0, collect_minutes=ear.collect_minutes, state="waiting", created_at=now,
        due_at=now, attempts=0, away=False, result="", message_id=new_message_id(),
    )  # fmt: skip


def new_message_id() -> str:
    """What tells a message from all others, at every attempt."""
    return uuid.uuid4().hex


def audience_of(channel: int, recipients: Sequence[str]) -> str:
    """What tells those from one another who hear over a channel."""
    said = "\n".join([str(channel), *sorted(one.lower() for one in recipients)])
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def _collecting(session: Session, ear: Ear, now: float) -> Delivery | None:
    wanted = select(Delivery).where(
        Delivery.audience == audience_of(ear.channel, ear.recipients), Delivery.state == "waiting",
        Delivery.kind == "digest", Delivery.route_id == ear.route_id, Delivery.due_at > now, Delivery.attempts == 0,
    )  # fmt: skip
    return session.scalars(wanted.order_by(Delivery.id).limit(1).with_for_update()).first()


def _began(session: Session, news: News) -> list[int]:
    """News of the trouble that is over now."""
    before = (News.key == news.key, News.id < news.id)
    last = session.scalar(select(func.max(News.id)).where(*before, News.kind == "recovery")) or 0
    wanted = select(News.id).where(*before, News.id > last, News.kind.in_(BEFORE_RECOVERY))
    return list(session.scalars(wanted))


def _those_who_heard(session: Session, news: Sequence[int], ways: Ways) -> list[Ear]:
    """Those to whom a message goes or went; of an escalation only once it went out. What was for certain people only has an
    end of its own for them.
    """
    wanted = (
        select(Delivery).join(DeliveryItem, DeliveryItem.delivery_id == Delivery.id)
        .where(DeliveryItem.news_id.in_(news)).order_by(Delivery.id)
    )  # fmt: skip
    found: dict[str, Ear] = {}
    for row in session.scalars(wanted):
        went = row.state in ("sent", "sending") or row.attempts > 0
        goes = row.state == "waiting" and row.stage == 0
        if (went or goes) and row.kind not in ALONE and row.channel_id in ways.working:
            ear = Ear(row.channel_id, tuple(row.recipients), row.route_id, row.route_name, 0.0, row.collect_minutes)
            found.setdefault(row.audience, ear)
    return list(found.values())
