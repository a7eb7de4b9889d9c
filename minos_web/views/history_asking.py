"""What a query asks of the history: which kinds, of what, by whom, from when to when, and from which place on."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from pyramid.request import Request

from minos_web.monitor.happening_sources import Asked
from minos_web.monitor.happenings import KINDS, place_in
from minos_web.operations.refusal import Refused

NAMES = ("service", "cluster", "host", "who")
LONGEST_TEXT = 200
BEFORE_MINUTES = 30
MOST_MINUTES = 60 * 24 * 31
FOREVER = 253_402_300_799.0
"""The last second that a date can be written of."""
_TYPED = re.compile(r"\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)?(?:Z| UTC)?")


@dataclass(frozen=True)
class Filter:
    """A query, checked. ``start`` and ``end`` are None where it sets no end; ``before`` is the moment before which things are
    asked for, ``minutes`` how long before.
    """

    asked: Asked
    kinds: tuple[str, ...]
    texts: dict[str, str]
    start: float | None
    end: float | None
    before: float | None
    minutes: int

    @property
    def narrows(self) -> bool:
        """Whether anything is left out."""
        return bool(self.kinds or any(self.texts.values())) or (self.start, self.end, self.before) != (None, None, None)

    def page(self, limit: int) -> Asked:
        """So many of them at most."""
        return replace(self.asked, limit=limit)


def filter_of(request: Request, fixed: Mapping[str, str] | None = None) -> Filter:
    """What the query asks for; ``fixed`` are the names that the page itself is about. Raises Refused, which names the field."""
    params = request.GET
    texts = {name: params.get(name, "").strip()[:LONGEST_TEXT] for name in NAMES} | dict(fixed or {})
    if texts["cluster"] and not texts["service"]:
        raise Refused("bad-request", "name the service of the cluster as well", "service")
    kinds = _kinds([one for text in params.getall("kind") for one in text.split(",")])
    before, minutes = moment(params, "before"), _minutes(params)
    start, end = moment(params, "from"), moment(params, "to")
    if before is not None:
        start, end = before - 60.0 * minutes, math.nextafter(before, 0.0)
    if start is not None and end is not None and start >= end:
        raise Refused("bad-request", "from must lie before to", "from")
    service = request.console.catalog.get(texts["service"])
    cursor = params.get("cursor", "")
    asked = Asked(
        start if start is not None else 0.0,
        end if end is not None else FOREVER,
        service=texts["service"],
        cluster=texts["cluster"],
        host=texts["host"],
        who=texts["who"],
        kinds=kinds or KINDS,
        artifact=service.artifact if service else "",
        cursor=place_in(cursor) if cursor else None,
    )
    return Filter(asked, kinds, texts, start, end, before, minutes)


def moment(params: Mapping[str, str], name: str) -> float | None:
    """A time in the query: seconds since the epoch, or a date and time of UTC. Raises Refused."""
    text = params.get(name, "").strip()
    if not text:
        return None
    try:
        plain = text.removesuffix("Z").removesuffix(" UTC")
        found = datetime.fromisoformat(plain).replace(tzinfo=UTC).timestamp() if _TYPED.fullmatch(text) else float(text)
        if not 0 <= found <= FOREVER:
            raise ValueError
    except (ValueError, OverflowError):
        told = f"{name} must be a time (UTC) such as 2026-01-31 09:00, or seconds since 1970, not {text[:40]!r}"
        raise Refused("invalid", told, name) from None
    return found


def typed(at: float | None) -> str:
    """A moment as a field of a form takes it; empty for None."""
    return "" if at is None else datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M")


def _kinds(names: list[str]) -> tuple[str, ...]:
    wanted = [name.strip() for name in names if name.strip()]
    for name in wanted:
        if name not in KINDS:
            raise Refused("invalid", f"kind is one of {', '.join(KINDS)}, not {name[:40]!r}", "kind")
    return tuple(kind for kind in KINDS if kind in wanted)


def _minutes(params: Mapping[str, str]) -> int:
    text = params.get("minutes", "").strip()
    if not text:
        return BEFORE_MINUTES
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
    if not 1 <= number <= MOST_MINUTES:
        raise Refused("invalid", f"minutes is a number from 1 to {MOST_MINUTES}, not {text[:40]!r}", "minutes")
    return number
