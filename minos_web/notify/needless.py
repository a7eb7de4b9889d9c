"""Whether an escalation still has a point: somebody took the alert on, or it is over."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_web.models.alerts import Alert
from minos_web.models.news import News
from minos_web.models.notify import Delivery, DeliveryItem
from minos_web.notify.matching import ANSWERED


def why_needless(session: Session, row: Delivery) -> str:
    """Why nobody needs to hear of it any more; empty when somebody does."""
    wanted = select(News).join(DeliveryItem, DeliveryItem.news_id == News.id)
    reasons = [_settled(session, news) for news in session.scalars(wanted.where(DeliveryItem.delivery_id == row.id))]
    return reasons[-1] if reasons and all(reasons) else ""


def _settled(session: Session, news: News) -> str:
    if news.kind not in ANSWERED:
        return f"a {news.kind} needs nobody's answer"
    if not news.key:
        return ""
    over = select(News.id).where(News.key == news.key, News.id > news.id, News.kind == "recovery").limit(1)
    if session.scalar(over) is not None:
        return "it was over before"
    wanted = select(Alert).where(Alert.key == news.key).order_by(Alert.id.desc()).limit(1)
    alert = session.scalars(wanted).first()
    return _answered(alert) if alert is not None else "nobody can acknowledge it"


def _answered(alert: Alert) -> str:
    if alert.resolved_at is not None:
        return "it was over before"
    if alert.acknowledged_at is not None:
        return f"{alert.acknowledged_by or 'somebody'} acknowledged it before"
    return f"nobody hears of it any more: {alert.muted}" if alert.muted else ""
