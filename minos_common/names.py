"""Which texts may name a thing. A name from the wire or a form is checked here before it is used for anything."""

import re

_PATTERNS = {
    "service": re.compile(r"[a-z][a-z0-9_-]{0,31}\Z"),
    "cluster": re.compile(r"[a-z0-9][A-Za-z0-9_-]{0,62}\Z"),
    "job": re.compile(r"[a-z][a-z0-9_]{0,31}\Z"),
    "host": re.compile(r"[A-Za-z0-9][A-Za-z0-9.:_-]{0,127}\Z"),
    "artifact": re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}\Z"),
    "package": re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,199}\Z"),
    "revision": re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,63}\Z"),
    "timestamp": re.compile(r"[0-9]{8}-[0-9]{6}\Z"),
    "file": re.compile(r"[A-Za-z0-9_][A-Za-z0-9._+-]{0,127}\Z"),
    "user": re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}\Z"),
}


class BadName(ValueError):
    """A text that may not name what it was meant to name. ``field`` says what."""

    def __init__(self, field: str, text: str) -> None:
        shown = text if len(text) <= 60 else text[:57] + "..."
        super().__init__(f"{field} {shown!r} is not a legal name: allowed is {_PATTERNS[field].pattern[:-2]}")
        self.field = field


def check(field: str, text: str) -> str:
    """Return ``text`` if it may name a ``field`` ("service", "cluster", "job", ...); raise BadName otherwise."""
    if not _PATTERNS[field].match(text) or ".." in text:
        raise BadName(field, text)
    return text


def release_name(revision: str, sha256: str) -> str:
    """Name of the release that a worker wheel becomes on a host: its revision and the beginning of its digest.
    Raises BadName."""
    return check("revision", f"{revision[:40]}-{sha256[:12]}")
