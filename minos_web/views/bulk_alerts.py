"""Doing something with many alerts: look after them, take that back, or silence what they are about."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from pyramid.request import Request
from pyramid.view import view_config
from sqlalchemy import select

from minos_web.models.alerts import Alert
from minos_web.monitor.silencing import NewSilence
from minos_web.operations.refusal import Refused
from minos_web.security.permissions import Permission
from minos_web.security.scopes import named
from minos_web.views.alert_frame import query_of
from minos_web.views.alert_words import headline, scope_words, subject
from minos_web.views.api.alerts import acted
from minos_web.views.api.silences import begun
from minos_web.views.bulk_page import Doing, Fate, carried_out, hours_in, lacks, nothing, page_of
from minos_web.views.lists.alerts import open_list
from minos_web.views.lists.scene import Scene
from minos_web.views.lists.scope import chosen_ids
from minos_web.views.presenting import count, sentence

_TITLES = {"acknowledge": "Look after", "unacknowledge": "Take back", "silence": "Silence"}


@view_config(route_name="alerts_bulk", request_method="POST", renderer="bulk.mako", permission=Permission.OPERATE)
def alerts_post(request: Request) -> dict[str, Any]:
    """Look at, or do, something with many alerts. Symptoms stay as they are: they follow what they come from."""
    request.require(Permission.VIEW)
    do, back = request.POST.get("do", ""), request.route_path("alerts")
    if do not in _TITLES:
        return page_of(request, nothing(back, f"There is no such action; there are {', '.join(_TITLES)}."))
    try:
        ids = chosen_ids(request, open_list(Scene.of(request)))
    except Refused as refused:
        return page_of(request, nothing(back, sentence(refused.message)))
    doing = Doing(do, _TITLES[do], count(len(ids), "alert"), back, "go" not in request.POST, ids)
    act = _silence if do == "silence" else _act
    return carried_out(request, doing, lambda: act(request, doing, _rows(request, ids)))


def _rows(request: Request, ids: Sequence[int]) -> Iterable[Alert]:
    """In the order of the list, and kept from the rounds meanwhile."""
    for start in range(0, len(ids), 500):
        part = ids[start : start + 500]
        wanted = select(Alert).where(Alert.id.in_(part)).with_for_update()
        found = {row.id: row for row in request.db.scalars(wanted)}
        yield from (found[one] for one in part if one in found)


def _act(request: Request, doing: Doing, rows: Iterable[Alert]) -> Iterable[Fate]:
    for alert in rows:
        why = _lacks(request, alert) or _needless(doing.name, alert)
        if not why and not doing.looked:
            acted(request, alert, doing.name, "")
        yield _fate(request, alert, why or _said(doing), not why)


def _needless(do: str, alert: Alert) -> str:
    if alert.open_key is None:
        return "it is over"
    if do == "acknowledge" and alert.acknowledged_at is not None:
        return f"{alert.acknowledged_by or 'somebody'} looks after it already"
    return "nobody looks after it" if do == "unacknowledge" and alert.acknowledged_at is None else ""


def _said(doing: Doing) -> str:
    if doing.name == "acknowledge":
        return "you would look after it" if doing.looked else "you look after it"
    return "nobody would look after it" if doing.looked else "nobody looks after it now"


def _silence(request: Request, doing: Doing, rows: Iterable[Alert]) -> Iterable[Fate]:
    """One silence for each rule and what its alerts are about: those of one job on one host share it."""
    reason, hours = request.POST.get("reason", ""), hours_in(request.POST.get("hours", ""))
    begins: dict[tuple[tuple[str, str], ...], int] = {}
    for alert in rows:
        scope = (("rule", alert.rule), *query_of(alert))
        if why := _lacks(request, alert):
            yield _fate(request, alert, why, False)
        elif alert.open_key is None:
            yield _fate(request, alert, "it is over", False)
        elif scope in begins:
            yield _fate(request, alert, "the silence of another one here is of it as well", False)
        else:
            wanted = msgspec.convert({**dict(scope), "reason": reason, "hours": hours}, NewSilence)
            begins[scope] = 0 if doing.looked else begun(request, wanted).id
            yield _fate(request, alert, f"silence of {scope_words(wanted)}", True)


def _lacks(request: Request, alert: Alert) -> str:
    return lacks(request, named(alert.service, alert.cluster))


def _fate(request: Request, alert: Alert, said: str, done: bool) -> Fate:
    return Fate(headline(alert), request.route_path("alert", id=alert.id), said, done, subject(alert))
