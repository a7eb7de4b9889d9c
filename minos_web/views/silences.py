"""Silences: which there are, one that begins, one that ends before its time."""

import re
from datetime import UTC, datetime
from typing import Any

import msgspec
from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.view import view_config

from minos_web.monitor.alerts.rules import all_rules
from minos_web.monitor.silencing import SCOPE, STATES, NewSilence, listed
from minos_web.operations.refusal import Refused
from minos_web.security.permissions import Permission
from minos_web.views.alert_frame import alerts_frame
from minos_web.views.alert_words import scope_words, silence_times
from minos_web.views.api.silences import begun, ended, found_silence
from minos_web.views.frame import flash
from minos_web.views.paging import cut, wanted_page
from minos_web.views.presenting import sentence

ROWS = 100
_TIMED = ("hours", "until", "begins")
_FIELDS = ("reason", *SCOPE, *_TIMED)
_TYPED = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d)?Z?")


@view_config(route_name="silences", request_method="GET", renderer="silences.mako", permission=Permission.VIEW)
def list_page(request: Request) -> dict[str, Any]:
    """Those of now, coming and over; and the form for one, filled with what the query says."""
    return _page(request, {name: request.GET.get(name, "").strip() for name in _FIELDS}, {})


@view_config(route_name="silences", request_method="POST", renderer="silences.mako", permission=Permission.OPERATE)
def begin_post(request: Request) -> Any:
    """Begin one; what is wrong with it is told at its field."""
    typed = {name: request.POST.get(name, "").strip() for name in _FIELDS}
    everything = request.POST.get("everything") == "1"
    try:
        row = begun(request, _wanted(typed, everything))
    except Refused as refused:
        request.tm.doom()
        request.response.status_int = 422
        return _page(request, typed, {refused.field: sentence(refused.message)}, everything)
    flash(
        request, "success", f"Silence begun: nobody hears of {scope_words(row)}. It {silence_times(row, request.now)}."
    )
    return HTTPSeeOther(request.route_path("silences"))


@view_config(route_name="silence_end", request_method="POST", permission=Permission.OPERATE)
def end_post(request: Request) -> HTTPSeeOther:
    """End one before its time."""
    row = found_silence(request)
    if ended(request, row):
        flash(request, "success", "The silence is over: people hear of these alerts again.")
    else:
        flash(request, "info", "This silence was over already.")
    return HTTPSeeOther(request.route_path("silences"))


def typed_time(text: str, field: str) -> float | None:
    """Seconds since the epoch of a UTC time such as 2026-01-31 09:00; None for no text. Raises Refused."""
    if not text:
        return None
    try:
        if not _TYPED.fullmatch(text):
            raise ValueError
        return datetime.fromisoformat(text.removesuffix("Z")).replace(tzinfo=UTC).timestamp()
    except ValueError:
        raise Refused("invalid", f"a date and time (UTC) such as 2026-01-31 09:00, not {text[:40]!r}", field) from None


def _wanted(typed: dict[str, str], everything: bool) -> NewSilence:
    """What is typed, understood. Raises Refused."""
    try:
        hours = float(typed["hours"]) if typed["hours"] else None
    except ValueError:
        raise Refused("invalid", f"hours is a number, not {typed['hours'][:40]!r}", "hours") from None
    until, begins = (typed_time(typed[name], name) for name in ("until", "begins"))
    said = {name: typed[name] for name in ("reason", *SCOPE)}
    times = {"hours": hours, "until": until, "begins": begins}
    return msgspec.convert({**said, **times, "everything": everything}, NewSilence)


def _page(request: Request, typed: dict[str, str], errors: dict[str, str], everything: bool = False) -> dict[str, Any]:
    shown = request.GET.get("state", "now")
    shown = shown if shown in STATES else "now"
    rows = {which: listed(request.db, which, request.now) for which in STATES}
    return {
        **alerts_frame(request, "silences"),
        "title": "Silences",
        "page": cut(rows[shown], wanted_page(request.GET), ROWS),
        "numbers": {which: len(rows[which]) for which in STATES},
        "shown": shown,
        "typed": typed,
        "errors": errors,
        "everything": everything,
        "times": lambda row: silence_times(row, request.now),
        "scope_words": scope_words,
        "rules": [(rule.name, rule.title) for rule in all_rules(request.db, request.console.catalog)],
    }
