"""PURE. What becomes of an attempt to hand a message over, and how it is told without a secret in it."""

import logging
import re
import unicodedata
from urllib.parse import unquote

LONGEST = 400
_SHORTEST_SECRET = 5
_PARTS = re.compile(r"[:/@?&=#+,\s]+")


class NotTaken(Exception):
    """The message is not handed over; the text says why. ``away``: the channel takes nothing at all now, so others wait
    behind it in their order. ``refused`` are mail addresses of several that were refused: the others have it.
    """

    def __init__(self, text: str, away: bool = False, refused: tuple[str, ...] = ()) -> None:
        super().__init__(one_line(text)[:LONGEST])
        self.away, self.refused = away, refused


def keep_out_of_logs() -> None:
    """Whole addresses stand in what the library under all requests tells at its lowest level: that is for no log."""
    logging.getLogger("urllib3.connectionpool").setLevel(logging.INFO)


def one_line(text: str) -> str:
    """A text without line ends and characters that cannot be seen: what may stand in a header of a mail."""
    plain = "".join(" " if unicodedata.category(sign)[0] in "CZ" else sign for sign in text)
    return " ".join(plain.split())


def scrubbed(text: str, *secrets: str) -> str:
    """A text in which neither these secrets stand nor any longer part of them, as of an address."""
    parts = {part for secret in secrets for part in (secret, *_PARTS.split(secret), *_PARTS.split(unquote(secret)))}
    for part in sorted(parts, key=len, reverse=True):
        if len(part) >= _SHORTEST_SECRET:
            text = text.replace(part, "…")
    return text
