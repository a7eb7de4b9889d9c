"""Join tokens: a worker that shows one is approved by itself. Each is for one host, for a while, and for once."""

import secrets
from collections.abc import Iterable

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from minos_common.names import BadName, check
from minos_web.models.hosts import Host, JoinToken
from minos_web.security.enrolment import CannotDecide, decide
from minos_web.security.signins import digest

PREFIX = "join_"
LONGEST_HOURS = 30 * 24
MOST_AT_ONCE = 200
MOST_OPEN = 2000


class BadJoin(ValueError):
    """A token that may not be made, or that does not open the door; the text says why. ``field`` of the form."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


def invite(session: Session, host_names: Iterable[str], hours: float, user: str, now: float) -> dict[str, str]:
    """Host name -> text of a new token for it. Raises BadJoin; the caller then undoes what was written."""
    names = list(dict.fromkeys(host_names))
    if not names:
        raise BadJoin("name at least one host", "hosts")
    if len(names) > MOST_AT_ONCE:
        raise BadJoin(f"at most {MOST_AT_ONCE} hosts at once; these are {len(names)}", "hosts")
    if not 0 < hours <= LONGEST_HOURS:
        raise BadJoin(f"a token lives between 1 hour and {LONGEST_HOURS // 24} days", "hours")
    session.execute(delete(JoinToken).where(JoinToken.expires_at <= now))
    made = {name: _make(session, name, hours, user, now) for name in names}
    if (session.scalar(select(func.count()).select_from(JoinToken)) or 0) > MOST_OPEN:
        raise BadJoin(f"more than {MOST_OPEN} tokens would be open: revoke some", "hosts")
    return made


def _make(session: Session, host_name: str, hours: float, user: str, now: float) -> str:
    """Text of a new token for the host of this name; an older one for the same host ends."""
    try:
        check("host", host_name)
    except BadName as error:
        raise BadJoin(str(error), "hosts") from error
    session.execute(delete(JoinToken).where(JoinToken.host_name == host_name))
    text = PREFIX + secrets.token_urlsafe(24)
    row = JoinToken(
        secret_hash=digest(text),
        host_name=host_name,
        created_by=user,
        created_at=now,
        expires_at=now + hours * 3600,
    )
    session.add(row)
    session.flush()
    return text


def open_tokens(session: Session, now: float) -> list[JoinToken]:
    """Tokens that may still be used, by the names of their hosts."""
    return list(session.scalars(select(JoinToken).where(JoinToken.expires_at > now).order_by(JoinToken.host_name)))


def revoke_join_token(session: Session, token_id: int) -> str | None:
    """Name of the host whose token is gone now; None when there was none."""
    row = session.get(JoinToken, token_id)
    if row is None:
        return None
    session.delete(row)
    return row.host_name


def join(session: Session, host: Host, text: str, now: float) -> str:
    """Approve the pending ``host`` that showed a token; who made the token. The token is used up. Raises BadJoin."""
    row = session.scalar(select(JoinToken).where(JoinToken.secret_hash == digest(text)))
    if row is None:
        raise BadJoin("its join token is not known: used already, revoked, or never made here")
    if row.expires_at <= now:
        raise BadJoin("its join token has expired")
    if row.host_name != host.name:
        raise BadJoin(f"its join token is for {row.host_name}, but it calls itself {host.name}")
    try:
        decide(session, host, "approve", row.created_by, now)
    except CannotDecide as error:
        raise BadJoin(str(error)) from error
    session.delete(row)
    return row.created_by
