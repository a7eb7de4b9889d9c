"""Old news, messages and attempts go after a while; what still waits stays."""

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from minos_web.models.news import News
from minos_web.models.notify import Delivery, DeliveryItem

_OPEN = ("waiting", "sending")


def forget_news(session: Session, before: float) -> None:
    """Delete messages that ended before ``before``, and older news that are in none."""
    session.execute(delete(Delivery).where(Delivery.created_at < before, Delivery.state.not_in(_OPEN)))
    used = exists(select(DeliveryItem.news_id).where(DeliveryItem.news_id == News.id))
    session.execute(delete(News).where(News.at < before, News.routed_at.is_not(None), ~used))
