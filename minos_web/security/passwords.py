"""Passwords: which are good enough, how they are kept (argon2id), and random ones."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from queue import Empty, SimpleQueue

from argon2 import PasswordHasher, profiles
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 12
LONGEST = 128
FEWEST_DIFFERENT = 5
_WELL_KNOWN = ("password", "letmein", "iloveyou", "qwertyuiop", "adminadmin", "changeme", "welcome", "12345678")

_hasher = PasswordHasher.from_parameters(profiles.RFC_9106_LOW_MEMORY)
_turns: SimpleQueue[None] = SimpleQueue()
"""Whoever hashes holds a turn. One hash takes 64 MiB and a core: two turns leave the rest of the console its share."""
_places: SimpleQueue[None] = SimpleQueue()
"""Whoever hashes or waits for a turn holds a place: waiting must not take all threads that answer pages."""
for _tokens, _count in ((_turns, 2), (_places, 8)):
    for _ in range(_count):
        _tokens.put(None)
_LONGEST_WAIT = 5.0


class TooBusy(Exception):
    """So many passwords are being hashed that this one did not get its turn within seconds."""


class BadPassword(ValueError):
    """A password that may not be chosen; the text says why."""

    field = "password"


def check_password(text: str, user: str) -> str:
    """Return ``text`` if ``user`` may choose it as password. Raises BadPassword.

    Length counts, not composition: what guessers try first is refused, everything else of 12 to 128 characters passes.
    """
    plain = text.lower()
    if len(text) < SHORTEST:
        raise BadPassword(f"password has {len(text)} characters; at least {SHORTEST} are needed")
    if len(text) > LONGEST:
        raise BadPassword(f"password has {len(text)} characters; at most {LONGEST} are taken")
    if len(set(plain)) < FEWEST_DIFFERENT:
        raise BadPassword(f"password repeats itself; use at least {FEWEST_DIFFERENT} different characters")
    rest = plain.replace(user.lower(), "")
    for word in _WELL_KNOWN:
        rest = rest.replace(word, "")
    if len(rest) < SHORTEST // 2:
        raise BadPassword("password is little more than your name or a word that guessers try first")
    return text


def random_password() -> str:
    """A password nobody chose: 20 characters from 32, 100 bits, in groups for reading aloud."""
    letters = "".join(secrets.choice("abcdefghjkmnpqrstuvwxyz23456789") for _ in range(20))
    return "-".join(letters[i : i + 5] for i in range(0, 20, 5))


def hash_password(text: str) -> str:
    """The text to keep in place of the password (argon2id, RFC 9106's second profile). Raises TooBusy."""
    with _turn():
        return _hasher.hash(text)


def matches(kept: str, text: str) -> bool:
    """Whether ``text`` is the password behind ``kept``; False for a kept text that is no hash. Raises TooBusy."""
    try:
        with _turn():
            return _hasher.verify(kept, text)
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(kept: str) -> bool:
    """Whether ``kept`` was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(kept)


@cache
def nobodys_hash() -> str:
    """A hash no password fits: checking it takes an unknown user as long as a known one."""
    return hash_password(secrets.token_urlsafe(32))


@contextmanager
def _turn() -> Iterator[None]:
    with _token_of(_places, 0.0), _token_of(_turns, _LONGEST_WAIT):
        yield


@contextmanager
def _token_of(tokens: SimpleQueue[None], wait: float) -> Iterator[None]:
    try:
        tokens.get(block=wait > 0, timeout=wait)
    except Empty:
        raise TooBusy("too many people sign in at this moment; try again in a few seconds") from None
    try:
        yield
    finally:
        tokens.put(None)
