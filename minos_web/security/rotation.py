"""A worker's new key: taken note of when the worker tells it over its old one, and in force when the worker uses it."""

import re

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from minos_common.states import HostState
from minos_common.wire import fingerprint
from minos_web.models.hosts import Host
from minos_web.security.audit import NewEntry, record

_KEY = re.compile(r"[0-9A-Za-z.\-:+=^!/*?&<>()\[\]{}@%$#]{40}")


class BadKey(ValueError):
    """A text that cannot be this worker's next key; the text says why."""


def expect(session: Session, host: Host, public_key: object) -> None:
    """Take note of the key that a worker has made. Raises BadKey."""
    if not isinstance(public_key, str) or not _KEY.fullmatch(public_key):
        raise BadKey("the worker told no key")
    stranger = session.scalar(select(Host).where(Host.public_key == public_key, Host.state == HostState.PENDING))
    if stranger is not None and stranger.id != host.id:
        session.delete(stranger)  # this very worker, when it tried the key at a console that did not expect it
        session.flush()
    used = or_(Host.public_key == public_key, Host.next_key == public_key, Host.previous_key == public_key)
    if session.scalar(select(Host.id).where(used, Host.id != host.id).limit(1)) or public_key == host.public_key:
        raise BadKey("the worker told a key that is in use")
    host.next_key = public_key


def owner_of_next(session: Session, public_key: str) -> Host | None:
    """The host that is expected to use this key from now on."""
    return session.scalar(select(Host).where(Host.next_key == public_key))


def owner_of_previous(session: Session, public_key: str) -> Host | None:
    """The host that used this key before."""
    return session.scalar(select(Host).where(Host.previous_key == public_key).limit(1))


def put_in_force(session: Session, secret: bytes, host: Host, now: float) -> None:
    """The worker has proved that it has the expected key: the one before opens nothing any more."""
    assert host.next_key is not None
    details = {"before": fingerprint(host.public_key), "after": fingerprint(host.next_key)}
    host.previous_key, host.public_key, host.next_key, host.key_since = host.public_key, host.next_key, None, now
    record(session, secret, NewEntry(now, "", "host.key", f"host {host.name}", host.address, details))
