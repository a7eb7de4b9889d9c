"""Messages as JSON to an address of the ini's list: signed, no redirect followed, nothing of the address in a message."""

import hashlib
import hmac
import time
from dataclasses import dataclass

import msgspec
import requests
import urllib3

from minos_common.settings import ConsoleSettings
from minos_web.notify.channels import Opened
from minos_web.notify.outcome import NotTaken, keep_out_of_logs, one_line, scrubbed
from minos_web.notify.wording import Parcel, json_of
from minos_web.store.importing.addresses import is_below, session
from minos_web.store.importing.source import CannotImport

CONNECT_SECONDS, ANSWER_SECONDS = 5.0, 10.0
_LATER = (408, 425, 429)
_MOST_READ = 300


@dataclass(frozen=True)
class Where:
    """What the ini allows."""

    allowed: str
    private: bool
    ca: str = ""

    @classmethod
    def of(cls, settings: ConsoleSettings) -> "Where":
        """As these settings say."""
        return cls(settings.webhook_urls, settings.webhook_private, settings.notify_ca)


def signature(secret: str, body: bytes, at: int) -> str:
    """What stands in the header Minos-Signature: a receiver makes the same of what it got, and looks at the time."""
    made = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256)
    return f"t={at},v1={made.hexdigest()}"


def post(parcel: Parcel, channel: Opened, where: Where) -> str:
    """Hand it over, and say what was answered. Raises NotTaken."""
    if not is_below(channel.url, where.allowed):
        raise NotTaken("it does not lie below an address that the ini lists (minos.webhook_urls)")
    keep_out_of_logs()
    body = msgspec.json.encode(json_of(parcel))
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Minos",
        "Minos-Delivery": parcel.message_id,
        "Minos-Signature": signature(channel.secret, body, int(time.time())),
    }
    try:
        with session(where.private, "minos.webhook_private") as asking:
            if where.ca:
                asking.verify = where.ca
            with asking.post(
                channel.url, data=body, headers=headers, allow_redirects=False, stream=True,
                timeout=(CONNECT_SECONDS, ANSWER_SECONDS),
            ) as answer:  # fmt: skip
                return _judged(answer, channel)
    except CannotImport as error:
        raise NotTaken(str(error), away=True) from None
    except requests.Timeout:
        raise NotTaken("it did not answer in time", away=True) from None
    except (requests.RequestException, OSError) as error:
        raise NotTaken(f"it cannot be reached: {scrubbed(_cause(error), channel.url)}", away=True) from None


def _judged(answer: requests.Response, channel: Opened) -> str:
    code = answer.status_code
    if 200 <= code < 300:
        return f"answered {code}"
    said = scrubbed(one_line(_beginning(answer)), channel.url, channel.secret)
    told = f"it answers {code}{': ' if said else ''}{said}"
    if 300 <= code < 400:
        told = f"it answers {code}, and redirects are not followed: name the address where it leads"
    raise NotTaken(told, away=code >= 500 or code in _LATER)


def _beginning(answer: requests.Response) -> str:
    try:
        piece = answer.raw.read1(_MOST_READ, decode_content=True)
    except (OSError, urllib3.exceptions.HTTPError):
        return ""
    return bytes(piece).decode("utf-8", "replace")


def _cause(error: BaseException) -> str:
    """The innermost reason: the outer ones are long and repeat the address."""
    while error.__context__ is not None:
        error = error.__context__
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
