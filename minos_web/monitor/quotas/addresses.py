"""Who hears of a user's quota: kept by user, taken from lists in the form of the old kerberos_ids.txt."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from minos_web.models.quotas import QuotaAddress
from minos_web.operations.refusal import Refused

MOST_USERS, MOST_ADDRESSES, LONGEST_USER = 20_000, 20, 128
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,189}[A-Za-z0-9])?")


@dataclass(frozen=True)
class Listed:
    """What a list says: user -> addresses; ``notes`` are lines that were passed over or joined, and why."""

    users: dict[str, list[str]]
    notes: list[str]


def listed_in(text: str) -> Listed:
    """Read a list: on each line a user (or principal: what follows @ or / counts for nothing), then one or more addresses.
    What follows # is a comment. A user that comes twice has the addresses of both lines.
    """
    users: dict[str, list[str]] = {}
    notes: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        words = re.split(r"[\s,;]+", line.partition("#")[0].strip())
        if not words[0]:
            continue
        user = user_in(words[0])
        good = [word for word in words[1:] if _ADDRESS.fullmatch(word)]
        notes += [f"line {number}: {word[:80]!r} is no mail address" for word in words[1:] if word and word not in good]
        if not good or not user:
            notes.append(f"line {number}: {words[0][:80]!r} has no address")
            continue
        if user in users:
            notes.append(f"line {number}: {user[:80]!r} came before: it has the addresses of both lines")
        users[user] = list(dict.fromkeys([*users.get(user, []), *good]))[:MOST_ADDRESSES]
    return Listed(users, notes)


def user_in(principal: str) -> str:
    """The user of a principal: alice of alice/host@REALM."""
    return re.split(r"[@/]", principal.rstrip(":="), maxsplit=1)[0][:LONGEST_USER]


def addresses_in(text: str) -> list[str]:
    """Addresses with blanks or commas between them. Raises Refused."""
    words = [word for word in re.split(r"[\s,;]+", text) if word]
    wrong = next((word for word in words if not _ADDRESS.fullmatch(word)), None)
    if wrong is not None or not words:
        said = f"{wrong[:80]!r} is no mail address" if wrong else "write at least one mail address"
        raise Refused("bad-address", said, "addresses")
    if len(words) > MOST_ADDRESSES:
        raise Refused("bad-address", f"a user has at most {MOST_ADDRESSES} addresses", "addresses")
    return list(dict.fromkeys(words))


def keep_addresses(session: Session, users: dict[str, list[str]], by: tuple[str, float]) -> None:
    """Keep the addresses of these users, in place of what they had; others stay. ``by``: user and time. Raises Refused."""
    known = {one.user: one for one in session.scalars(select(QuotaAddress))}
    if len(known.keys() | users.keys()) > MOST_USERS:
        raise Refused("too-many", f"addresses of at most {MOST_USERS} users are kept", "list")
    for user, addresses in users.items():
        row = known.get(user)
        if row is None:
            row = QuotaAddress(user=user)
            session.add(row)
        row.addresses, row.changed_by, row.changed_at = addresses, by[0], by[1]
    session.flush()


def forget_addresses(session: Session, users: Iterable[str]) -> int:
    """Forget users; how many were known."""
    gone = session.execute(delete(QuotaAddress).where(QuotaAddress.user.in_(list(users))))
    return int(gone.rowcount)  # type: ignore[attr-defined]


def all_addresses(session: Session) -> dict[str, list[str]]:
    """User -> addresses, by user."""
    return {one.user: one.addresses for one in session.scalars(select(QuotaAddress).order_by(QuotaAddress.user))}


def count_users(session: Session) -> int:
    """Users whose addresses are kept."""
    return session.scalar(select(func.count()).select_from(QuotaAddress)) or 0
