"""Telling people who look at no page: what is told stands in the database with what made it worth telling."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from minos_web.models.news import News

LONGEST_TITLE = 255
LONGEST_TEXT_BYTES = 60_000
"""More does not fit every database, and nobody reads it."""


@dataclass(frozen=True)
class Told:
    """See models/news.News for what the fields mean."""

    kind: str
    level: str
    title: str
    text: str = ""
    key: str = ""
    service: str = ""
    cluster: str = ""
    host: str = ""
    path: str = ""
    html: str = ""
    recipients: Sequence[str] = ()


def tell(session: Session, told: Told, now: float) -> News:
    """Have it told; who hears it, and how, is decided once this is committed."""
    news = News(
        at=now,
        kind=told.kind,
        level=told.level,
        title=told.title[:LONGEST_TITLE],
        text=told.text.encode()[:LONGEST_TEXT_BYTES].decode(errors="ignore"),
        key=told.key,
        service=told.service,
        cluster=told.cluster,
        host=told.host,
        path=told.path,
        html=told.html,
        recipients=list(told.recipients),
    )
    session.add(news)
    return news
