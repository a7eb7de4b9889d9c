"""The forms of a channel and of a route. What is typed comes back with what is wrong at its field; secrets do not."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.request import Request
from pyramid.view import view_config

from minos_web.models.notify import Channel, Route
from minos_web.notify.addressing import addresses
from minos_web.notify.channel_rules import MOST, PER_MINUTES, PORTS, ChannelDraft
from minos_web.notify.channels import all_channels
from minos_web.notify.matching import DAYS, KINDS, LEVELS
from minos_web.notify.routes import RouteDraft
from minos_web.operations.refusal import Refused
from minos_web.security.permissions import Permission
from minos_web.views.api import channels as channel_api
from minos_web.views.api import notify_routes as route_api
from minos_web.views.frame import flash
from minos_web.views.presenting import sentence

KIND_WORDS = {"mail": "Mail server", "webhook": "Webhook", "apprise": "Apprise"}
LATER_STAGES = 2
"""Steps of an escalation that the form offers; over the API a route may have more."""
_TEXTS = ("name", "host", "security", "user", "password", "sender", "url", "secret")
_PLACES = ("name", "service", "cluster", "host", "hours", "zone")


@dataclass
class Form:
    """What was typed, and what is wrong with it, by field."""

    texts: dict[str, Any]
    errors: dict[str, str] = field(default_factory=dict)


@view_config(
    route_name="notify_channel_new", request_method="GET", renderer="notify_channel.mako", permission=Permission.ADMINISTER
)  # fmt: skip
@view_config(
    route_name="notify_channel", request_method="GET", renderer="notify_channel.mako", permission=Permission.ADMINISTER
)  # fmt: skip
def channel_page(request: Request) -> dict[str, Any]:
    """The form of a channel; of a new one for the kind that the query names."""
    row = channel_api.found_channel(request) if "id" in request.matchdict else None
    if row is None:
        kind = request.GET.get("kind", "mail")
        if kind not in KIND_WORDS:
            raise HTTPNotFound(f"There is no kind of channels {kind[:40]!r}.")
        empty = {**dict.fromkeys(_TEXTS, ""), "kind": kind, "enabled": True, "security": "starttls", "port": ""}
        return _channel(request, None, Form({**empty, "most": MOST, "per_minutes": f"{PER_MINUTES:g}"}))
    names = ("name", "kind", "enabled", "host", "security", "user", "sender", "most")
    texts = {name: getattr(row, name) for name in names} | {
        "port": row.port or "",
        "per_minutes": f"{row.per_minutes:g}",
    }
    return _channel(request, row, Form({**texts, "password": "", "url": "", "secret": ""}))


@view_config(
    route_name="notify_channel_new", request_method="POST", renderer="notify_channel.mako", permission=Permission.ADMINISTER
)  # fmt: skip
@view_config(
    route_name="notify_channel", request_method="POST", renderer="notify_channel.mako", permission=Permission.ADMINISTER
)  # fmt: skip
def channel_post(request: Request) -> Any:
    """Keep it or delete it; back to the form with the reason when it is refused."""
    row = channel_api.found_channel(request) if "id" in request.matchdict else None
    form = Form({name: request.POST.get(name, "") for name in (*_TEXTS, "kind", "port", "most", "per_minutes")})
    form.texts["enabled"] = "enabled" in request.POST
    return _done(request, form, lambda: _keep_channel(request, row, form), lambda: _channel(request, row, form))


@view_config(
    route_name="notify_route_new", request_method="GET", renderer="notify_route.mako", permission=Permission.ADMINISTER
)  # fmt: skip
@view_config(
    route_name="notify_route", request_method="GET", renderer="notify_route.mako", permission=Permission.ADMINISTER
)  # fmt: skip
def route_page(request: Request) -> dict[str, Any]:
    """The form of a route."""
    row = route_api.found_route(request) if "id" in request.matchdict else None
    draft = route_api.draft_of(row) if row else RouteDraft("")
    texts: dict[str, Any] = msgspec.to_builtins(draft)
    texts["recipients"] = "\n".join(draft.recipients)
    texts["collect_minutes"] = f"{draft.collect_minutes:g}" if draft.collect_minutes else ""
    texts["channels"] = [stage.channel for stage in draft.stages if not stage.after_minutes]
    later = [stage for stage in draft.stages if stage.after_minutes][:LATER_STAGES]
    for at in range(LATER_STAGES):
        stage = later[at] if at < len(later) else None
        texts[f"later{at}_channel"] = str(stage.channel) if stage else ""
        texts[f"later{at}_minutes"] = f"{stage.after_minutes:g}" if stage else ""
        texts[f"later{at}_recipients"] = " ".join(stage.recipients) if stage else ""
    return _route(request, row, Form(texts))


@view_config(
    route_name="notify_route_new", request_method="POST", renderer="notify_route.mako", permission=Permission.ADMINISTER
)  # fmt: skip
@view_config(
    route_name="notify_route", request_method="POST", renderer="notify_route.mako", permission=Permission.ADMINISTER
)  # fmt: skip
def route_post(request: Request) -> Any:
    """Keep it or delete it; back to the form with the reason when it is refused."""
    row = route_api.found_route(request) if "id" in request.matchdict else None
    form = Form(_typed_route(request.POST))
    return _done(request, form, lambda: _keep_route(request, row, form), lambda: _route(request, row, form))


def _done(request: Request, form: Form, keep: Callable[[], str], again: Callable[[], dict[str, Any]]) -> Any:
    try:
        said = keep()
    except Refused as refused:
        request.tm.doom()
        request.response.status_int = 422
        form.errors[refused.field] = sentence(refused.message)
        return again()
    flash(request, "success", said)
    return HTTPSeeOther(request.route_path("notifications"))


def _keep_channel(request: Request, row: Channel | None, form: Form) -> str:
    if row is not None and request.POST.get("do") == "delete":
        channel_api.deleted(request, row)
        return f"The channel {row.name} is deleted."
    draft = _drafted(
        {
            **{name: form.texts[name] for name in _TEXTS if form.texts[name]},
            "name": form.texts["name"],
            "kind": row.kind if row else form.texts["kind"],
            "enabled": form.texts["enabled"],
            "port": int(_number(form, "port", 0.0)),
            "most": int(_number(form, "most", float(MOST))),
            "per_minutes": _number(form, "per_minutes", PER_MINUTES),
        },
        ChannelDraft,
    )
    if row is None:
        made = channel_api.added(request, draft)
        return f"The channel {made.name} is kept. Test it, and have a route lead to it."
    channel_api.changed(request, row, draft)
    return f"The channel {row.name} is kept."


def _typed_route(given: Any) -> dict[str, Any]:
    texts: dict[str, Any] = {name: given.get(name, "") for name in (*_PLACES, "recipients", "collect_minutes")}
    texts |= {"enabled": "enabled" in given, "go_on": given.get("go_on") == "1"}
    texts |= {name: given.getall(name) for name in ("levels", "kinds", "days")}
    texts["channels"] = [int(text) for text in given.getall("channels") if text.isascii() and text.isdigit()]
    for at in range(LATER_STAGES):
        for name in ("channel", "minutes", "recipients"):
            texts[f"later{at}_{name}"] = given.get(f"later{at}_{name}", "").strip()
    return texts


def _keep_route(request: Request, row: Route | None, form: Form) -> str:
    if row is not None and request.POST.get("do") == "delete":
        route_api.deleted(request, row)
        return f"The route {row.name} is deleted."
    texts = form.texts
    at_once, beyond = _not_in_form(row)
    stages: list[dict[str, Any]] = [
        {"channel": channel, "recipients": at_once.get(channel, [])} for channel in texts["channels"]
    ]
    for at in range(LATER_STAGES):
        if texts[f"later{at}_channel"].isdigit():
            minutes = _number(form, f"later{at}_minutes", 0.0)
            if minutes <= 0:
                raise Refused("invalid", "say after how many minutes, more than 0", f"later{at}_minutes")
            heard = addresses(texts[f"later{at}_recipients"])
            stages.append({"channel": int(texts[f"later{at}_channel"]), "after_minutes": minutes, "recipients": heard})
    draft = _drafted(
        {
            **{name: texts[name] for name in (*_PLACES, "levels", "kinds", "days", "enabled", "go_on")},
            "recipients": addresses(texts["recipients"]),
            "collect_minutes": _number(form, "collect_minutes", 0.0),
            "stages": stages + beyond,
        },
        RouteDraft,
    )
    if row is None:
        return f"The route {route_api.added(request, draft).name} is kept."
    route_api.changed(request, row, draft)
    return f"The route {row.name} is kept."


def _not_in_form(row: Route | None) -> tuple[dict[int, list[str]], list[dict[str, Any]]]:
    """What only the API gives a route, and a form must not lose: recipients of channels that hear at once, more stages."""
    stages = row.stages if row else []
    at_once = {one["channel"]: one["recipients"] for one in stages if not one["after_minutes"]}
    return at_once, [one for one in stages if one["after_minutes"]][LATER_STAGES:]


def _drafted(said: Mapping[str, Any], kind: Any) -> Any:
    """A draft out of what a form says. Raises Refused for a choice that no form offers."""
    try:
        return msgspec.convert(said, type=kind)
    except msgspec.ValidationError as error:
        message, _, path = str(error).partition(" - at `$")
        raise Refused("invalid", message, path.strip("`.").partition("[")[0]) from error


def _number(form: Form, name: str, default: float) -> float:
    text = str(form.texts[name]).strip()
    try:
        found = float(text) if text else default
    except ValueError:
        found = math.nan
    if not math.isfinite(found) or abs(found) > 1e9:
        raise Refused("invalid", f"this must be a number, not {text[:40]!r}", name)
    return found


def _channel(request: Request, row: Channel | None, form: Form) -> dict[str, Any]:
    settings = request.console.settings
    return {
        "section": "notifications",
        "title": row.name if row else f"New channel: {KIND_WORDS.get(form.texts['kind'], 'Channel')}",
        "row": row,
        "kind": row.kind if row else form.texts["kind"],
        "form": form,
        "kind_words": KIND_WORDS,
        "ports": PORTS,
        "settings": settings,
        "address": settings.alert_mail.replace(",", " "),
    }


def _route(request: Request, row: Route | None, form: Form) -> dict[str, Any]:
    return {
        "section": "notifications",
        "title": row.name if row else "New route",
        "row": row,
        "form": form,
        "channels": all_channels(request.db, request.console.settings),
        "levels": LEVELS,
        "kinds": KINDS,
        "days": DAYS,
        "later": range(LATER_STAGES),
    }
