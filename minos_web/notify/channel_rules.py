"""What may be a channel: a mail server, an address of the ini's list, a service of Apprise that the ini names."""

from typing import Literal
from urllib.parse import urlsplit

import msgspec

from minos_common.settings import ConsoleSettings
from minos_web.notify.addressing import sender_of
from minos_web.notify.outcome import one_line
from minos_web.notify.pushing import understands
from minos_web.operations.refusal import Refused
from minos_web.store.importing.addresses import is_below

MOST, PER_MINUTES = 5, 5.0
"""Messages that the same people get in so many minutes at most, where a channel says nothing else."""
SHORTEST_SECRET = 16
LONGEST = {"name": 64, "host": 255, "user": 255, "sender": 255, "password": 1000, "url": 2000, "secret": 1000}
MOST_MESSAGES, MOST_MINUTES = 10_000, 1440.0
PORTS = {"none": 25, "starttls": 587, "tls": 465}


class ChannelDraft(msgspec.Struct, forbid_unknown_fields=True):
    """A channel as somebody gives it. Empty secrets (password, url, secret) stay what they were."""

    name: str
    kind: Literal["mail", "webhook", "apprise"]
    enabled: bool = True
    host: str = ""
    port: int = 0
    security: Literal["none", "starttls", "tls"] = "starttls"
    user: str = ""
    password: str = ""
    sender: str = ""
    url: str = ""
    secret: str = ""
    most: int = MOST
    per_minutes: float = PER_MINUTES


def check(draft: ChannelDraft, secrets: dict[str, str], settings: ConsoleSettings) -> None:
    """Trim its texts, leave out what is not of its kind, and see whether it can be kept. Raises Refused with the field."""
    for name, most in LONGEST.items():
        text = getattr(draft, name).strip()
        setattr(draft, name, text)
        if len(text) > most:
            raise _wrong(f"{name} has {len(text)} characters; at most {most} are kept", name)
        if one_line(text) != text and not (name == "password" and text.isprintable()):
            raise _wrong(f"{name} holds characters that cannot be shown", name)
    if not draft.name:
        raise _wrong("a channel needs a name", "name")
    if not 1 <= draft.most <= MOST_MESSAGES:
        raise _wrong(f"messages are a number from 1 to {MOST_MESSAGES}", "most")
    if not 0 < draft.per_minutes <= MOST_MINUTES:
        raise _wrong(f"minutes are a number up to {MOST_MINUTES:.0f}", "per_minutes")
    {"mail": _mail, "webhook": _webhook, "apprise": _apprise}[draft.kind](draft, secrets, settings)


def shown_url(url: str) -> str:
    """What may be seen of an address: who is written to, no path, and nothing of a password."""
    if not url:
        return ""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https"):
        return f"{parts.scheme}://…"  # of many services even the host part is a secret
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}/…"


def _mail(draft: ChannelDraft, secrets: dict[str, str], settings: ConsoleSettings) -> None:
    secrets["url"] = secrets["secret"] = ""
    if not draft.host:
        draft.port, draft.user, draft.security, secrets["password"] = 0, "", "none", ""
        if not settings.smtp_host:
            raise _wrong("name a mail server: the ini names none (minos.smtp_host)", "host")
    else:
        if "/" in draft.host or "@" in draft.host or " " in draft.host:
            raise _wrong("the mail server is the name or address of a host", "host")
        draft.port = draft.port or PORTS[draft.security]
        if not 1 <= draft.port <= 65535:
            raise _wrong("the port is a number from 1 to 65535", "port")
    if not draft.user:
        secrets["password"] = ""
    if draft.sender:
        try:
            sender_of(draft.sender)
        except ValueError as error:
            raise _wrong(str(error), "sender") from error


def _webhook(draft: ChannelDraft, secrets: dict[str, str], settings: ConsoleSettings) -> None:
    _no_mail(draft, secrets)
    if not secrets["url"]:
        raise _wrong("a webhook needs an address", "url")
    if not settings.webhook_urls.split():
        raise _wrong("no webhook is allowed: the ini lists no addresses (minos.webhook_urls)", "url")
    if not is_below(secrets["url"], settings.webhook_urls):
        raise _wrong("this does not lie below an address that the ini lists (minos.webhook_urls)", "url")
    if len(secrets["secret"]) < SHORTEST_SECRET:
        raise _wrong(f"the secret that signs what is sent needs at least {SHORTEST_SECRET} characters", "secret")


def _apprise(draft: ChannelDraft, secrets: dict[str, str], settings: ConsoleSettings) -> None:
    _no_mail(draft, secrets)
    secrets["secret"] = ""
    if not secrets["url"]:
        raise _wrong("an Apprise channel needs an address", "url")
    check_scheme(secrets["url"], settings)
    if not understands(secrets["url"]):
        raise _wrong("Apprise does not understand this address; its documentation has the form of each", "url")


def check_scheme(url: str, settings: ConsoleSettings) -> None:
    """Whether the ini lets the console write to services of this kind. Raises Refused."""
    scheme, allowed = urlsplit(url).scheme.lower(), settings.apprise_schemes.lower().split()
    if not allowed:
        raise _wrong("no Apprise channel is allowed: the ini lists no services (minos.apprise_schemes)", "url")
    if scheme not in allowed:
        told = f"services of the kind {scheme}://" if scheme else "what has no kind (slack://…)"
        raise _wrong(f"{told} are not among those that the ini lists (minos.apprise_schemes)", "url")


def _no_mail(draft: ChannelDraft, secrets: dict[str, str]) -> None:
    draft.host, draft.user, draft.sender, draft.port, draft.security = "", "", "", 0, "none"
    secrets["password"] = ""


def _wrong(message: str, field: str) -> Refused:
    return Refused("invalid", message, field)
