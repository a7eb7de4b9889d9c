"""PURE. Mail addresses: which texts may be one, and how lists of them are written."""

import re
from email.utils import formataddr, parseaddr

from minos_web.notify.outcome import one_line

_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9]([A-Za-z0-9.-]{0,250}[A-Za-z0-9])?")
_BETWEEN = re.compile(r"[\s,;]+")


def is_address(text: str) -> bool:
    """Whether it is a mail address as one may write it into a header and hand it to a mail server."""
    return _ADDRESS.fullmatch(text) is not None and ".." not in text


def addresses(text: str) -> list[str]:
    """What stands in a field, with blanks, commas or line ends between them; none twice."""
    return list(dict.fromkeys(part for part in _BETWEEN.split(text) if part))


def sender_of(text: str) -> str:
    """A sender with or without a name, as a header has it. Raises ValueError."""
    name, address = parseaddr(text)
    if not is_address(address):
        raise ValueError(f"{one_line(text)[:100]!r} is no sender; write minos@example.org or Minos <minos@example.org>")
    return formataddr((one_line(name), address)) if name else address
