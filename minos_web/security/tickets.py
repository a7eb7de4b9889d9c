"""Tickets: a worker's right to fetch one package for a while, without being a user."""

import base64
import hashlib
import hmac

PREFIX = "ticket."


class BadTicket(ValueError):
    """A ticket that opens nothing; the text says why."""


def make_ticket(secret: bytes, package_id: int, host_id: int, expires_at: float) -> str:
    """Text that lets the worker of ``host_id`` fetch ``package_id`` until ``expires_at`` (epoch seconds)."""
    said = f"{PREFIX}{package_id}.{host_id}.{int(expires_at)}"
    return f"{said}.{_sign(secret, said)}"


def check_ticket(secret: bytes, ticket: str, package_id: int, now: float) -> int:
    """Id of the host that the ticket was made for. Raises BadTicket."""
    said, _, signature = ticket.rpartition(".")
    if not hmac.compare_digest(_sign(secret, said).encode(), signature.encode("utf-8", "replace")):
        raise BadTicket("this ticket was not made by this console")
    _, package, host, expires_at = said.split(".")
    if int(package) != package_id:
        raise BadTicket(f"this ticket is for package {package}, not {package_id}")
    if now >= int(expires_at):
        raise BadTicket("this ticket has expired")
    return int(host)


def _sign(secret: bytes, said: str) -> str:
    """The purpose goes into the key, so that no other text signed with the same secret can pass as a ticket."""
    key = hmac.digest(secret, b"minos fetch ticket", hashlib.sha256)
    return (
        base64.urlsafe_b64encode(hmac.digest(key, said.encode("utf-8", "replace"), hashlib.sha256))
        .rstrip(b"=")
        .decode()
    )
