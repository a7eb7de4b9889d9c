"""Sends what is due over one channel, one after the other. No transaction is open while a server is talked to."""

import logging
import time
from collections.abc import Callable

from sqlalchemy.exc import OperationalError

from minos_web.console import Console
from minos_web.notify.channel_rules import check_scheme
from minos_web.notify.channels import Opened, opened
from minos_web.notify.delivering import Attempted, claim, release, settle
from minos_web.notify.mail import Posted, send_mail
from minos_web.notify.outcome import NotTaken
from minos_web.notify.parcels import parcel_of
from minos_web.notify.pushing import push
from minos_web.notify.webhook import Where, post
from minos_web.notify.wording import Parcel, short_of, subject_of
from minos_web.operations.refusal import Refused

log = logging.getLogger(__name__)

SETTLE_TRIES, SETTLE_PAUSE = 6, 2.0


def send_due(
    console: Console, channel: int, clock: Callable[[], float], stopping: Callable[[], bool] = lambda: False
) -> int:
    """Send all that is due over a channel; returns how many went. Only one may do so for a channel at a time."""
    with console.writers.begin() as session:
        if again := release(session, channel, clock()):
            log.warning("%s messages may come twice: the console ended while they were sent", again)
    sent = 0
    while not stopping():
        with console.writers.begin() as session:
            row = claim(session, channel, clock())
            if row is None:
                break
            number, parcel = row.id, parcel_of(session, console.settings, row)
        tried = attempt(console, channel, parcel, clock())
        _write_down(console, number, tried)
        sent += tried.error is None
        if tried.error is not None:
            # The text has been scrubbed of addresses; subjects are those that the pages show.
            log.warning("message %s was not taken by channel %s: %s", number, channel, tried.text)
    return sent


def _write_down(console: Console, number: int, tried: Attempted) -> None:
    """A message that went and of which that is not written down comes twice: so a busy database is asked again."""
    for left in reversed(range(SETTLE_TRIES)):
        try:
            with console.writers.begin() as session:
                settle(session, number, tried)
            return
        except OperationalError:
            if not left:
                raise
            time.sleep(SETTLE_PAUSE)


def attempt(console: Console, channel: int, parcel: Parcel, now: float) -> Attempted:
    """One try; whatever happens is told, nothing is raised."""
    began = time.monotonic()
    error: NotTaken | None = None
    try:
        with console.readers() as session:
            found = opened(session, console, channel)
        text = send(console, found, parcel)
    except NotTaken as refused:
        error, text = refused, str(refused)
    except Exception as broken:
        # Our own mistake: its text may hold anything, so the log has the traceback and the page its kind.
        log.exception("sending over channel %s", channel)
        error = NotTaken(f"the console made a mistake ({type(broken).__name__}); its log tells more")
        text = str(error)
    return Attempted(now, time.monotonic() - began, text, error)


def send(console: Console, channel: Opened, parcel: Parcel) -> str:
    """Hand a message over. Raises NotTaken."""
    settings = console.settings
    if channel.kind == "mail":
        return send_mail(parcel, Posted(channel, settings.notify_ca))
    if channel.kind == "webhook":
        return post(parcel, channel, Where.of(settings))
    try:
        check_scheme(channel.url, settings)
    except Refused as refused:
        raise NotTaken(refused.message) from refused
    return push(channel.url, subject_of(parcel), short_of(parcel), parcel.leading.kind)
