"""From the rows of a delivery to what a message says: the news in it, and what else is known of them by now."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from minos_common.settings import ConsoleSettings
from minos_web.models.alerts import Alert
from minos_web.models.news import News
from minos_web.models.notify import Delivery, DeliveryItem
from minos_web.notify.wording import Item, Parcel

MOST_SYMPTOMS = 20
_WITH_SYMPTOMS = ("problem", "unknown", "flapping")


def parcel_of(session: Session, settings: ConsoleSettings, row: Delivery) -> Parcel:
    """The message of a delivery."""
    console = settings.url.rstrip("/")
    wanted = select(News).join(DeliveryItem, DeliveryItem.news_id == News.id).where(DeliveryItem.delivery_id == row.id)
    news = session.scalars(wanted.order_by(News.id)).all()
    alerts = _alerts(session, [one.key for one in news if one.key])
    return Parcel(
        message_id=row.message_id,
        kind=row.kind,
        at=row.created_at,
        items=tuple(_item(session, one, alerts.get(one.key), console) for one in news),
        recipients=tuple(row.recipients),
        route=row.route_name,
        console=console,
        page=f"{console}/notifications",
    )


def link_to(console: str, path: str) -> str:
    """A page of the console as an address; none for what is no path of it."""
    if not path.startswith("/") or path.startswith("//") or "\\" in path:
        return ""
    return console + quote(path, safe="/?&=#%:,+-._~@")


def _item(session: Session, news: News, alert: Alert | None, console: str) -> Item:
    more: dict[str, Any] = {}
    if alert is not None:
        more["since"] = alert.since
        if news.kind in _WITH_SYMPTOMS:
            more["symptoms"], more["more_symptoms"] = _symptoms(session, alert)
    return Item(
        id=news.id, kind=news.kind, level=news.level, title=news.title, at=news.at, text=news.text, service=news.service,
        cluster=news.cluster, host=news.host, key=news.key, url=link_to(console, news.path), html=news.html, **more,
    )  # fmt: skip


def _alerts(session: Session, keys: Sequence[str]) -> Mapping[str, Alert]:
    """The newest alert of each key."""
    if not keys:
        return {}
    newest = select(func.max(Alert.id)).where(Alert.key.in_(set(keys))).group_by(Alert.key)
    return {alert.key: alert for alert in session.scalars(select(Alert).where(Alert.id.in_(newest)))}


def _symptoms(session: Session, alert: Alert) -> tuple[tuple[str, ...], int]:
    """What follows from it and is not over: the first by name, and how many more there are."""
    below = (Alert.parent_id == alert.id, Alert.resolved_at.is_(None))
    number = session.scalar(select(func.count()).where(*below)) or 0
    wanted = select(Alert.title).where(*below).order_by(Alert.title, Alert.id).limit(MOST_SYMPTOMS)
    named = tuple(session.scalars(wanted))
    return named, number - len(named)
