"""Passwords: which are good enough, how they are kept (argon2id), and random ones."""

import secrets
import string
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from queue import Empty, SimpleQueue

from argon2 import PasswordHasher, profiles
from argon2.exceptions import InvalidHashError, VerificationError

from minos_web.security.common_words import LETTERS, ROWS, SHORTEST_RUN, WORDS, ZIGZAGS

SHORTEST = 12
LONGEST = 128
FEWEST_DIFFERENT = 5
_LONGEST_PERIOD = 4

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
    """Return ``text`` as it is kept (NFKC) if ``user`` may choose it as password. Raises BadPassword.

    Length counts, not composition: what guessers try first is refused, everything else of 12 to 128 characters passes.
    """
    text = normal(text)
    plain = text.lower()
    if len(text) < SHORTEST:
        raise BadPassword(f"password has {len(text)} characters; at least {SHORTEST} are needed")
    if len(text) > LONGEST:
        raise BadPassword(f"password has {len(text)} characters; at most {LONGEST} are taken")
    if len(set(plain)) < FEWEST_DIFFERENT:
        raise BadPassword(f"password repeats itself; use at least {FEWEST_DIFFERENT} different characters")
    if any(plain == (plain[:period] * len(plain))[: len(plain)] for period in range(1, _LONGEST_PERIOD + 1)):
        raise BadPassword("password repeats itself: a few characters, again and again")
    if min(len(_own_part(plain, user)), len(_own_part(plain.translate(LETTERS), user))) < SHORTEST // 2:
        raise BadPassword("password is little more than your name or words and rows of keys that guessers try first")
    return text


def normal(text: str) -> str:
    """The same text in one form, however a keyboard or system puts its characters together (NFKC)."""
    return unicodedata.normalize("NFKC", text)


def _own_part(plain: str, user: str) -> str:
    """What is left without name, well-known words, rows of keys, and figures and signs at either end."""
    rest = plain
    for word in (user.lower(), *WORDS):
        rest = rest.replace(word, "") if len(word) > 2 else rest
    for run in _runs():
        rest = rest.replace(run, "")
    return rest.strip(string.digits + string.punctuation + " ")


@cache
def _runs() -> tuple[str, ...]:
    """Every part of a row of keys, from either end, the longest first."""
    ways = [way for row in (*ROWS, *ZIGZAGS) for way in (row, row[::-1])]
    parts = {
        way[start:end] for way in ways for start in range(len(way)) for end in range(start + SHORTEST_RUN, len(way) + 1)
    }
    return tuple(sorted(parts, key=lambda part: (-len(part), part)))


def random_password() -> str:
    """A password nobody chose: 20 characters from 32, 100 bits, in groups for reading aloud."""
    letters = "".join(secrets.choice("abcdefghjkmnpqrstuvwxyz23456789") for _ in range(20))
    return "-".join(letters[i : i + 5] for i in range(0, 20, 5))


def hash_password(text: str) -> str:
    """The text to keep in place of the password (argon2id, RFC 9106's second profile). Raises TooBusy."""
    with _turn():
        return _hasher.hash(normal(text))


def matches(kept: str, text: str) -> bool:
    """Whether ``text`` is the password behind ``kept``; False for a kept text that is no hash. Raises TooBusy.

    One that was kept before texts were brought into one form is found as it was typed.
    """
    return _is(kept, normal(text)) or (normal(text) != text and _is(kept, text))


def _is(kept: str, text: str) -> bool:
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
