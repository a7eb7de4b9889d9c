"""Tickets: a worker's right to do one thing for a while, without being a user: fetch a package, bring a log file."""

import base64
import hashlib
import hmac
from enum import Enum

PREFIX = "ticket."


class BadTicket(ValueError):
    """A ticket that opens nothing; the text says why."""


class For(Enum):
    """What a ticket is for. It goes into the key, so that no ticket, and no other text signed with the same secret, can
    pass for one of another purpose.
    """

    PACKAGE = b"minos fetch ticket"
    LOG_FILE = b"minos log file ticket"
    RUN_FILE = b"minos run file ticket"


def make_ticket(secret: bytes, purpose: For, number: int, host_id: int, expires_at: float) -> str:
    """Text that opens the package or log file ``number`` to the worker of ``host_id`` until ``expires_at`` (epoch
    seconds).
    """
    said = f"{PREFIX}{number}.{host_id}.{int(expires_at)}"
    return f"{said}.{_sign(secret, purpose, said)}"


def check_ticket(secret: bytes, ticket: str, purpose: For, number: int, now: float) -> int:
    """Id of the host that the ticket was made for. Raises BadTicket."""
    said, _, signature = ticket.rpartition(".")
    if not hmac.compare_digest(_sign(secret, purpose, said).encode(), signature.encode("utf-8", "replace")):
        raise BadTicket("this ticket was not made by this console")
    _, opens, host, expires_at = said.split(".")
    if int(opens) != number:
        what = purpose.name.lower().replace("_", " ")
        raise BadTicket(f"this ticket is for {what} {opens}, not {number}")
    if now >= int(expires_at):
        raise BadTicket("this ticket has expired")
    return int(host)


def _sign(secret: bytes, purpose: For, said: str) -> str:
    key = hmac.digest(secret, purpose.value, hashlib.sha256)
    return (
        base64.urlsafe_b64encode(hmac.digest(key, said.encode("utf-8", "replace"), hashlib.sha256))
        .rstrip(b"=")
        .decode()
    )
