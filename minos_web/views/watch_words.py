"""PURE. Policies of watching as a form holds them: sizes and numbers in texts, and back."""

import re

from minos_web.monitor.watch_policies import Policy
from minos_web.operations.refusal import Refused

_SIZE = re.compile(r"([0-9]{1,12}(?:[.,][0-9]{1,6})?)\s*([kmgtKMGT]?)(?:i?[bB]|bytes?)?")
_TIMES = {"": 1.0, "k": 1024.0, "m": 1024.0**2, "g": 1024.0**3, "t": 1024.0**4}


def parse_size(text: str, field: str) -> float:
    """Bytes of a size such as "4 GiB", "512m" or "1.5 GB" (always times 1024). Raises Refused."""
    found = _SIZE.fullmatch(text.strip())
    if found is None:
        raise Refused("invalid", f"a size is a number with MiB or GiB, such as 4 GiB, not {text[:40]!r}", field)
    return float(found[1].replace(",", ".")) * _TIMES[found[2].lower()]


def size_text(count: float) -> str:
    """The size that ``parse_size`` reads as the same bytes."""
    for unit, times in (("TiB", 1024.0**4), ("GiB", 1024.0**3), ("MiB", 1024.0**2)):
        if count >= times and (count * 1000) % times == 0:
            return f"{count / times:.15g} {unit}"
    return f"{count:.15g} bytes"


def parse_number(text: str, field: str, whole: bool = False) -> float:
    """A number that somebody wrote. Raises Refused."""
    try:
        number = float(int(text)) if whole else float(text)
    except ValueError:
        kind = "a whole number" if whole else "a number"
        raise Refused("invalid", f"this is {kind}, not {text[:40]!r}", field) from None
    if not -1e18 < number < 1e18:  # neither inf nor nan
        raise Refused("invalid", f"{text[:40]} is no number that makes sense here", field)
    return number


def texts_of(policy: Policy) -> dict[str, str]:
    """A policy as its form shows it."""
    page, memory = policy.page, policy.memory
    return {
        "job": policy.job,
        "page_checks": f"{page.checks}" if page else "",
        "page_seconds": f"{page.seconds:g}" if page else "5",
        "page_grace": f"{page.grace:g}" if page else "60",
        "page_figure": page.figure if page else "",
        "page_values": " ".join(page.values) if page else "",
        "page_action": page.action if page else "tell",
        "memory_bytes": size_text(memory.bytes) if memory else "",
        "memory_checks": f"{memory.checks}" if memory else "3",
        "memory_action": memory.action if memory else "tell",
        "most_per_hour": f"{policy.most_per_hour}",
    }
