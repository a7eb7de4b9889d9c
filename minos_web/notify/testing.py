"""A test message: laid on the table like any other, sent at once, tried once."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from minos_web.console import Console
from minos_web.models.news import News
from minos_web.models.notify import Delivery, DeliveryItem
from minos_web.notify.addressing import is_address
from minos_web.notify.channels import all_channels
from minos_web.notify.matching import Ear
from minos_web.notify.routing import new_delivery
from minos_web.operations.refusal import Refused

MOST_RECIPIENTS = 20


def lay_test(
    session: Session, console: Console, channel: int, recipients: Sequence[str], by: str, now: float
) -> Delivery:
    """A message that tests a channel; for mail to ``recipients``, else to those of the ini. Raises Refused."""
    found = next((one for one in all_channels(session, console.settings) if one.id == channel), None)
    if found is None:
        raise Refused("unknown-channel", f"there is no channel {channel}", "id")
    if found.trouble:
        raise Refused("wrong-state", f"nothing goes over {found.name}: {found.trouble}")
    to = _addresses(recipients, console) if found.kind == "mail" else ()
    text = f"{by} pressed the test button of the channel “{found.name}”. Whoever reads this hears of alerts over it."
    news = News(
        at=now, kind="test", level="info", title=f"Test of {found.name}", text=text, path="/notifications",
        recipients=list(to), routed_at=now,
    )  # fmt: skip
    row = new_delivery(Ear(channel, to), found.name, "test", now)
    session.add_all([news, row])
    session.flush()
    session.add(DeliveryItem(delivery_id=row.id, news_id=news.id))
    session.flush()
    return row


def _addresses(recipients: Sequence[str], console: Console) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(recipients)) or tuple(console.settings.alert_mail.replace(",", " ").split())
    if not found:
        raise Refused("invalid", "name a mail address that gets the test", "recipients")
    if len(found) > MOST_RECIPIENTS:
        raise Refused("invalid", f"a test goes to {MOST_RECIPIENTS} addresses at most", "recipients")
    for one in found:
        if not is_address(one):
            raise Refused("invalid", f"{one[:100]!r} is no mail address", "recipients")
    return found
