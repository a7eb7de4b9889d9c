"""Channels as rows: made, changed, deleted, and opened for whoever sends. Nobody gets their secrets out of here."""

import json
from dataclasses import dataclass, field

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from minos_common.settings import ConsoleSettings
from minos_web.console import Console
from minos_web.models.notify import Channel, Delivery, Route
from minos_web.notify.channel_rules import MOST, PER_MINUTES, ChannelDraft, check, shown_url
from minos_web.notify.outcome import NotTaken
from minos_web.operations.refusal import Refused
from minos_web.security.sealing import CannotUnseal, seal, unseal

OWN_MAIL = 0
"""The channel that the ini makes: its mail server. It is no row."""
OWN_NAME = "mail server of the ini"
MOST_CHANNELS = 100
_SECRETS = ("password", "url", "secret")


@dataclass(frozen=True)
class Opened:
    """A channel with its secrets, for sending."""

    id: int
    name: str
    kind: str
    host: str = ""
    port: int = 25
    security: str = "none"
    user: str = ""
    password: str = field(default="", repr=False)
    sender: str = ""
    url: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)


@dataclass(frozen=True)
class Known:
    """A channel as pages and routes know it; ``trouble`` says why nothing goes over it, empty for a working one."""

    id: int
    name: str
    kind: str
    shown: str
    most: int
    per_minutes: float
    trouble: str = ""


def all_channels(session: Session, settings: ConsoleSettings) -> list[Known]:
    """The ini's mail server, if it names one, then the rows by name."""
    own = []
    if settings.smtp_host:
        shown = f"{settings.smtp_host}:{settings.smtp_port}"
        own.append(Known(OWN_MAIL, OWN_NAME, "mail", shown, MOST, PER_MINUTES))
    rows = session.scalars(select(Channel).order_by(func.lower(Channel.name)))
    return own + [known(row, settings) for row in rows]


def known(row: Channel, settings: ConsoleSettings) -> Known:
    """A row as pages show it."""
    trouble = "" if row.enabled else "it is switched off"
    shown = row.shown
    if row.kind == "mail":
        host, port = (row.host, row.port) if row.host else (settings.smtp_host, settings.smtp_port)
        shown = f"{host}:{port}" if host else ""
        if not host:
            trouble = trouble or "neither it nor the ini names a mail server (minos.smtp_host)"
    return Known(row.id, row.name, row.kind, shown, row.most, row.per_minutes, trouble)


def create(session: Session, console: Console, draft: ChannelDraft, by: str, now: float) -> Channel:
    """A new one. Raises Refused."""
    if (session.scalar(select(func.count()).select_from(Channel)) or 0) >= MOST_CHANNELS:
        raise Refused("too-many", f"there are {MOST_CHANNELS} channels; delete one before you make another")
    row = Channel(kind=draft.kind, sealed=b"", shown="")
    _fill(session, console, row, draft, by, now)
    return row


def change(session: Session, console: Console, row: Channel, draft: ChannelDraft, by: str, now: float) -> None:
    """Keep what is different. Raises Refused."""
    if draft.kind != row.kind:
        raise Refused("invalid", f"this channel is of the kind {row.kind}; make another one for {draft.kind}", "kind")
    _fill(session, console, row, draft, by, now)


def delete(session: Session, row: Channel) -> None:
    """Forget it; what waits for it is given up. Raises Refused while a route leads to it."""
    leading = [route.name for route in session.scalars(select(Route)) if leads_to(route, row.id)]
    if leading:
        raise Refused("in-use", f"routes lead to {row.name}: {', '.join(leading)}; change or delete them first")
    waiting = update(Delivery).where(Delivery.channel_id == row.id, Delivery.state == "waiting")
    session.execute(waiting.values(state="failed", result="its channel was deleted"))
    session.delete(row)


def leads_to(route: Route, channel: int) -> bool:
    """Whether a stage of the route is this channel."""
    return any(stage["channel"] == channel for stage in route.stages)


def opened(session: Session, console: Console, number: int) -> Opened:
    """The channel for sending. Raises NotTaken, which says what is wrong with it."""
    settings = console.settings
    if number == OWN_MAIL:
        if not settings.smtp_host:
            raise NotTaken("the ini names no mail server any more (minos.smtp_host)", away=True)
        return _mail(OWN_MAIL, OWN_NAME, settings, "")
    row = session.get(Channel, number)
    if row is None:
        raise NotTaken("its channel is no more", away=True)
    if trouble := known(row, settings).trouble:
        raise NotTaken(trouble, away=True)
    try:
        secrets = _secrets(console, row)
    except CannotUnseal as error:
        raise NotTaken(f"its secrets cannot be read: {error}; give them anew on its page", away=True) from error
    if row.kind == "mail" and not row.host:
        return _mail(row.id, row.name, settings, row.sender)
    return Opened(
        row.id, row.name, row.kind, row.host, row.port, row.security, row.user,
        sender=row.sender or settings.mail_from, **secrets,
    )  # fmt: skip


def _mail(number: int, name: str, settings: ConsoleSettings, sender: str) -> Opened:
    return Opened(
        number, name, "mail", settings.smtp_host, settings.smtp_port, settings.smtp_security, settings.smtp_user,
        settings.smtp_password, sender or settings.mail_from,
    )  # fmt: skip


def _fill(session: Session, console: Console, row: Channel, draft: ChannelDraft, by: str, now: float) -> None:
    old = _kept_secrets(console, row) if row.sealed else {}
    given = {name: getattr(draft, name) or old.get(name, "") for name in _SECRETS}
    check(draft, given, console.settings)
    if old.get("password") and not draft.password and _leads_elsewhere(row, draft):
        raise Refused(
            "invalid", "give the password anew: the kept one was given for another server or user", "password"
        )
    same = session.scalar(select(Channel.id).where(Channel.name == draft.name, Channel.id != (row.id or 0)))
    if same is not None or draft.name == OWN_NAME:
        raise Refused("invalid", f"another channel is called {draft.name}", "name")
    row.name, row.enabled, row.most, row.per_minutes = draft.name, draft.enabled, draft.most, draft.per_minutes
    row.host, row.port, row.security = draft.host, draft.port, draft.security
    row.user, row.sender = draft.user, draft.sender
    row.shown = shown_url(given["url"])
    row.changed_at, row.changed_by = now, by
    session.add(row)
    session.flush()
    kept = {name: text for name, text in given.items() if text}
    row.sealed = seal(console.secret, json.dumps(kept).encode(), _about(row)) if kept else b""
    session.flush()


def _leads_elsewhere(row: Channel, draft: ChannelDraft) -> bool:
    """Whether a password that is kept would be shown to somebody else than whom it was given for, or less safely."""
    kept = row.host, row.port, row.security, row.user
    return kept != (draft.host, draft.port, draft.security, draft.user)


def _kept_secrets(console: Console, row: Channel) -> dict[str, str]:
    """What is sealed; nothing when it cannot be read any more: then it is given anew."""
    try:
        return _secrets(console, row)
    except CannotUnseal:
        return {}


def _secrets(console: Console, row: Channel) -> dict[str, str]:
    found: dict[str, str] = json.loads(unseal(console.secret, row.sealed, _about(row))) if row.sealed else {}
    return found


def _about(row: Channel) -> str:
    return f"notification channel {row.id}"
