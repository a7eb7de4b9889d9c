"""Words in which tests speak of notifications: tell something, have it routed and sent, look what became of it."""

from typing import Any

from sqlalchemy import select

from minos_web.console import Console
from minos_web.models.alerts import Alert
from minos_web.models.notify import Channel, Delivery, DeliveryAttempt, Route
from minos_web.monitor.telling import Told, tell
from minos_web.notify import channels, routes
from minos_web.notify.channel_rules import ChannelDraft
from minos_web.notify.delivering import busy_channels
from minos_web.notify.routing import route_news
from minos_web.notify.sending import send_due

T0 = 1_790_000_000.0
"""A Monday, 14:13:20 UTC."""


class Desk:
    """Speaks to one console; its clock stands still unless told."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.now = T0

    def tell(self, title: str = "2 of 3 servers run", **said: Any) -> int:
        told = Told(
            **{"kind": "problem", "level": "error", "service": "zookeeper", "cluster": "lake", "title": title, **said}
        )
        with self.console.writers.begin() as session:
            news = tell(session, told, self.now)
            session.flush()
            number: int = news.id
        return number

    def add(self, *rows: Any) -> None:
        with self.console.writers.begin() as session:
            session.add_all(rows)

    def route(self) -> int:
        with self.console.writers.begin() as session:
            return route_news(session, self.console, self.now)

    def send(self) -> int:
        """As the engine does it: all channels with something to do, one after the other."""
        with self.console.readers() as session:
            busy = busy_channels(session, self.now)
        return sum(send_due(self.console, channel, lambda: self.now) for channel in sorted(busy))

    def work(self) -> int:
        self.route()
        return self.send()

    def later(self, seconds: float) -> int:
        self.now += seconds
        return self.work()

    def channel(self, **said: Any) -> Channel:
        draft = ChannelDraft(**{"name": "desk", "kind": "mail", **said})
        with self.console.writers.begin() as session:
            row = channels.create(session, self.console, draft, "admin", self.now)
            session.expunge(row)
        return row

    def routed(self, name: str = "lake", stages: Any = ((0, 0),), **said: Any) -> Route:
        """A route over channels as (channel, after minutes)."""
        drafts = [routes.StageDraft(*stage) for stage in stages]
        draft = routes.RouteDraft(name, stages=drafts, **said)
        with self.console.writers.begin() as session:
            row = routes.create(session, self.console.settings, draft, "admin", self.now)
            session.expunge(row)
        return row

    def deliveries(self, **said: Any) -> list[Delivery]:
        with self.console.readers() as session:
            return list(session.scalars(select(Delivery).filter_by(**said).order_by(Delivery.id)))

    def states(self) -> list[str]:
        return [row.state for row in self.deliveries()]

    def attempts(self) -> list[tuple[int, bool, str]]:
        with self.console.readers() as session:
            rows = session.scalars(select(DeliveryAttempt).order_by(DeliveryAttempt.id))
            return [(row.delivery_id, row.taken, row.text) for row in rows]


def alert(number: int, key: str = "quorum lake", **said: Any) -> Alert:
    """An alert that fires for a minute and a half."""
    values = {
        "open_key": None, "rule": "quorum", "about": "cluster", "title": "a title", "level": "error", "state": "firing",
        "since": T0 - 90, "checked_at": T0,
    }  # fmt: skip
    return Alert(id=number, key=key, **{**values, **said})
