"""The page of what is done with many rows: what would come of it, row by row, and afterwards what came."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from pyramid.request import Request

from minos_web.operations.refusal import Refused
from minos_web.security.permissions import Permission
from minos_web.security.policy import verdict
from minos_web.views.presenting import sentence

TYPED = ("stop", "restart")
"""What has to be typed before it is done."""


@dataclass(frozen=True)
class Fate:
    """What comes, or came, of one row or cluster: ``done`` or skipped, with the reason; ``url`` leads to it."""

    name: str
    url: str
    said: str
    done: bool
    more: str = ""
    pick: int = 0


@dataclass
class Doing:
    """An action: its words, what it is about, and what came of it. ``looked``: nothing is done yet."""

    name: str
    title: str
    scope: str
    back: str
    looked: bool
    ids: list[int]
    fates: list[Fate] = field(default_factory=list)
    typed: str = ""
    error: str = ""

    @property
    def good(self) -> list[Fate]:
        """Those of which something comes."""
        return [one for one in self.fates if one.done]

    @property
    def skipped(self) -> list[Fate]:
        """Those that are left alone."""
        return [one for one in self.fates if not one.done]


def carried_out(request: Request, doing: Doing, act: Callable[[], Iterable[Fate]]) -> dict[str, Any]:
    """Do it, or only look: then whatever was written is taken back."""
    if doing.name in TYPED:
        doing.typed = f"{doing.name} {doing.scope}"
        if not doing.looked and " ".join(request.POST.get("confirm", "").split()) != doing.typed:
            doing.looked, doing.error = True, f"Nothing was done: type {doing.typed} to confirm."
    try:
        doing.fates = [*act()]
    except Refused as refused:
        doing.fates, doing.looked, doing.error = [], True, sentence(refused.message)
    if doing.looked:
        request.tm.doom()
    return page_of(request, doing)


def page_of(request: Request, doing: Doing) -> dict[str, Any]:
    """What the page is given."""
    if doing.error:
        request.response.status_int = 422
    reason, hours = request.POST.get("reason", ""), request.POST.get("hours", "")
    section = request.matched_route.name.removesuffix("_bulk")
    title = f"{doing.title} {doing.scope}".strip()
    return {"section": section, "title": title, "doing": doing, "given": {"reason": reason, "hours": hours}}


def nothing(back: str, error: str) -> Doing:
    """Nothing was chosen, or nothing that there is."""
    return Doing("", "Nothing was done", "", back, True, [], error=error)


def lacks(request: Request, cluster: str) -> str:
    """Why who asks may not operate a cluster, or the console; empty when they may."""
    found = verdict(request.identity, Permission.OPERATE, cluster)
    return "" if found else str(found.msg)


def hours_in(text: str) -> float | None:
    """A number of hours; None for no text. Raises Refused."""
    if not text.strip():
        return None
    try:
        return float(text)
    except ValueError:
        raise Refused("bad-option", f"hours is a number, not {text[:40]!r}", "hours") from None
