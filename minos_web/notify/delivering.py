"""Which message goes next over a channel, and what became of it. Limits hold here: what is too much goes into one message."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from minos_web.models.notify import Channel, Delivery, DeliveryAttempt, DeliveryItem
from minos_web.notify.channel_rules import MOST, PER_MINUTES
from minos_web.notify.needless import why_needless
from minos_web.notify.outcome import NotTaken
from minos_web.notify.routing import ALONE, audience_of, new_message_id

GIVE_UP_SECONDS = 86400.0
FIRST_WAIT, LONGEST_WAIT = 10.0, 300.0
LOOKED_AT = 1000
"""Messages of a channel that are looked at in one transaction; the others have their turn after these."""


@dataclass(frozen=True)
class Attempted:
    """How an attempt went: ``error`` None when it was taken; ``text`` is what was said."""

    at: float
    seconds: float
    text: str
    error: NotTaken | None = None


def busy_channels(session: Session, now: float) -> set[int]:
    """Channels that have something to do."""
    due = select(Delivery.channel_id).where(Delivery.state == "waiting", Delivery.due_at <= now)
    found = set(session.scalars(due.distinct())) - _quiet_channels(session, now)
    found |= set(session.scalars(due.where(Delivery.kind == "test").distinct()))
    return found | set(session.scalars(select(Delivery.channel_id).where(Delivery.state == "sending").distinct()))


def release(session: Session, channel: int, now: float) -> int:
    """Messages of which a console that ended in the middle of sending did not say whether they went: they go again."""
    rows = session.scalars(
        select(Delivery).where(Delivery.channel_id == channel, Delivery.state == "sending").with_for_update()
    ).all()
    for row in rows:
        text = "the console ended in the middle of sending: nobody knows whether it went, so it may come twice"
        session.add(DeliveryAttempt(delivery_id=row.id, at=now, seconds=0.0, taken=False, text=text))
        row.state, row.due_at, row.result = "waiting", now, text
    return len(rows)


def claim(session: Session, channel: int, now: float) -> Delivery | None:
    """The message that goes next, marked as being sent; None when nothing is to go now."""
    wanted = select(Delivery).where(
        Delivery.channel_id == channel, Delivery.state == "waiting", Delivery.due_at <= now
    )  # fmt: skip
    rows = session.scalars(wanted.order_by(Delivery.id).limit(LOOKED_AT).with_for_update()).all()
    tests = [row for row in rows if row.kind == "test"]
    if tests:
        return _taken(tests[0], now)
    if channel in _quiet_channels(session, now):
        return None
    for group in _groups(session, rows):
        if found := _next_of(session, group, now):
            return _taken(found, now)
    return None


def settle(session: Session, number: int, tried: Attempted) -> None:
    """Write down how the attempt went, and when the next one is."""
    row = session.get(Delivery, number, with_for_update=True)
    if row is None:
        return  # a channel or its news were deleted meanwhile
    error = tried.error
    session.add(
        DeliveryAttempt(delivery_id=row.id, at=tried.at, seconds=tried.seconds, taken=error is None, text=tried.text)
    )
    row.attempts, row.result, row.away = row.attempts + 1, tried.text, bool(error and error.away)
    ended = tried.at + tried.seconds
    if error is None or error.refused:
        row.state, row.sent_at = "sent", ended
        if error is not None:
            _again_for(session, row, error, ended)
    elif row.kind == "test" or ended - (row.first_tried_at or ended) >= GIVE_UP_SECONDS:
        row.state = "failed"
    else:
        row.state, row.due_at = "waiting", ended + wait_after(row.attempts)


def wait_after(attempts: int) -> float:
    """Seconds until the next attempt: longer each time, never so long that a server that is back stays unnoticed."""
    return min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(attempts - 1, 10))


def _quiet_channels(session: Session, now: float) -> set[int]:
    """Channels that took nothing at the last attempt, until the next: nothing overtakes what waits there."""
    wanted = select(Delivery.channel_id).where(Delivery.state == "waiting", Delivery.away, Delivery.due_at > now)
    return set(session.scalars(wanted.distinct()))


def _taken(row: Delivery, now: float) -> Delivery:
    row.state = "sending"
    row.first_tried_at = row.first_tried_at or now
    return row


def _groups(session: Session, rows: Sequence[Delivery]) -> list[list[Delivery]]:
    """Messages for the same people, the oldest first; those that stand alone, each by itself."""
    found: dict[str, list[Delivery]] = {}
    for row in rows:
        if row.stage and (why := why_needless(session, row)):
            row.state, row.result = "needless", why
        else:
            found.setdefault(f"alone {row.id}" if row.kind in ALONE else row.audience, []).append(row)
    return list(found.values())


def _next_of(session: Session, group: Sequence[Delivery], now: float) -> Delivery | None:
    head = group[0]
    if head.kind in ALONE:
        return head
    most, seconds = _limit(session, head.channel_id)
    sent = session.scalars(
        select(Delivery.sent_at)
        .where(
            Delivery.audience == head.audience, Delivery.state == "sent", Delivery.sent_at > now - seconds,
            Delivery.kind.not_in(ALONE),
        )
        .order_by(Delivery.sent_at.desc()).limit(most)
    ).all()  # fmt: skip
    left = most - len(sent)
    if left > 1 or (left == 1 and len(group) == 1):
        return head
    _merge(session, head, group[1:])
    if left == 1:
        return head
    head.due_at = (sent[-1] or now) + seconds + 0.001
    head.result = f"waits: these people got {most} messages within {seconds / 60:g} minutes"
    return None


def _limit(session: Session, channel: int) -> tuple[int, float]:
    row = session.get(Channel, channel)
    return (row.most, row.per_minutes * 60) if row is not None else (MOST, PER_MINUTES * 60)


def _merge(session: Session, head: Delivery, others: Sequence[Delivery]) -> None:
    """What is in ``others`` is in ``head`` then: what would be too many messages is one."""
    if not others:
        return
    numbers = [row.id for row in others]
    item = DeliveryItem
    have = select(item.news_id).where(item.delivery_id == head.id)
    more = session.scalars(
        select(item.news_id).where(item.delivery_id.in_(numbers), item.news_id.not_in(have)).distinct()
    ).all()
    session.execute(delete(item).where(item.delivery_id.in_(numbers)))
    session.add_all(item(delivery_id=head.id, news_id=number) for number in sorted(more))
    session.execute(
        update(Delivery).where(Delivery.id.in_(numbers)).values(
            state="merged", merged_into=head.id, result="it is part of another message: there were too many"
        )
    )  # fmt: skip
    session.flush()
    session.expire(head, ["items"])
    head.kind, head.stage = "digest", min(row.stage for row in (head, *others))
    if head.attempts:
        head.message_id = new_message_id()  # who got the first attempt would take this for the same


def _again_for(session: Session, row: Delivery, error: NotTaken, now: float) -> None:
    """Those of several that were refused are tried again, with the same message."""
    left = [one for one in row.recipients if one in error.refused]
    row.recipients = [one for one in row.recipients if one not in error.refused]
    again = Delivery(
        channel_id=row.channel_id, channel_name=row.channel_name, route_id=row.route_id, route_name=row.route_name,
        kind=row.kind, audience=audience_of(row.channel_id, left), recipients=left, stage=row.stage,
        collect_minutes=row.collect_minutes, state="failed" if row.kind == "test" else "waiting",
        created_at=row.created_at, due_at=now + wait_after(1), attempts=1, first_tried_at=row.first_tried_at, away=False,
        result=str(error), message_id=row.message_id,
    )  # fmt: skip
    session.add(again)
    session.flush()
    numbers = session.scalars(select(DeliveryItem.news_id).where(DeliveryItem.delivery_id == row.id)).all()
    session.add_all(DeliveryItem(delivery_id=again.id, news_id=number) for number in numbers)
