"""API: what went out to people lately, what waits, what was given up; and every attempt of one."""

from typing import Any

from pyramid.httpexceptions import HTTPNotFound
from pyramid.request import Request
from pyramid.view import view_config
from sqlalchemy import Select, select

from minos_web.models.news import News
from minos_web.models.notify import Delivery, DeliveryItem
from minos_web.security.permissions import Permission
from minos_web.views.api.lists import newest
from minos_web.views.api.params import id_of, number_of
from minos_web.views.errors import Refusal

STATES = ("waiting", "sending", "sent", "failed", "needless", "merged")


@view_config(route_name="api_deliveries", request_method="GET", renderer="json", permission=Permission.VIEW)
def listed(request: Request) -> dict[str, Any]:
    """The newest first; ``before`` goes on behind an id, ``state``, ``channel`` and ``key`` narrow them."""
    rows, further = newest(request, _matching(request), Delivery.id)
    return {"deliveries": [_json(row) for row in rows], "more": further is not None, "next": further}


@view_config(route_name="api_delivery", request_method="GET", renderer="json", permission=Permission.VIEW)
def one(request: Request) -> dict[str, Any]:
    """One with its news and every attempt."""
    row = found_delivery(request)
    attempts = [{"at": one.at, "seconds": one.seconds, "taken": one.taken, "text": one.text} for one in row.tries]
    news = [
        {"id": one.id, "at": one.at, "kind": one.kind, "level": one.level, "key": one.key, "title": one.title}
        for one in news_of(request, row)
    ]
    return {**_json(row), "attempted": attempts, "news": news}


def found_delivery(request: Request) -> Delivery:
    """The one of the URL. Raises HTTPNotFound."""
    number = id_of(request)
    row: Delivery | None = request.db.get(Delivery, number)
    if row is None:
        raise HTTPNotFound(f"There is no delivery {number}; old ones are forgotten after a while.")
    return row


def news_of(request: Request, row: Delivery, most: int = 1000) -> list[News]:
    """What is in it, in order."""
    wanted = select(News).join(DeliveryItem, DeliveryItem.news_id == News.id).where(DeliveryItem.delivery_id == row.id)
    return list(request.db.scalars(wanted.order_by(News.id).limit(most)))


def _matching(request: Request) -> Select[Delivery]:
    wanted, state, key = select(Delivery), request.GET.get("state", ""), request.GET.get("key", "")
    if state and state not in STATES:
        raise Refusal(422, "invalid", f"state is one of {', '.join(STATES)}", "state")
    if state:
        wanted = wanted.where(Delivery.state == state)
    if (channel := number_of(request, "channel")) is not None:
        wanted = wanted.where(Delivery.channel_id == channel)
    if key:
        about = select(DeliveryItem.delivery_id).join(News, News.id == DeliveryItem.news_id).where(News.key == key)
        wanted = wanted.where(Delivery.id.in_(about))
    return wanted


def _json(row: Delivery) -> dict[str, Any]:
    names = (
        "id", "channel_id", "channel_name", "route_id", "route_name", "kind", "recipients", "stage", "state",
        "created_at", "due_at", "attempts", "sent_at", "result", "message_id", "merged_into",
    )  # fmt: skip
    return {name: getattr(row, name) for name in names}
