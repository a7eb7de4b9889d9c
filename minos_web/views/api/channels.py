"""API: channels over which people hear. Their secrets go in; nobody gets them out."""

from typing import Any

import msgspec
from pyramid.httpexceptions import HTTPNotFound
from pyramid.request import Request
from pyramid.view import view_config

from minos_web.models.notify import Channel
from minos_web.notify import channels
from minos_web.notify.channel_rules import ChannelDraft
from minos_web.notify.testing import lay_test
from minos_web.security.permissions import Permission
from minos_web.views.api.lists import paged
from minos_web.views.api.params import id_of


class _Test(msgspec.Struct, forbid_unknown_fields=True):
    recipients: list[str] = []


@view_config(route_name="api_channels", request_method="GET", renderer="json", permission=Permission.VIEW)
def listed(request: Request) -> dict[str, Any]:
    """The mail server of the ini (its id is 0), then the others by name."""
    found = channels.all_channels(request.db, request.console.settings)
    return paged(request, "channels", found, lambda one: _head(request, one))


@view_config(route_name="api_channels", request_method="POST", renderer="json", permission=Permission.ADMINISTER)
def new(request: Request) -> dict[str, Any]:
    """A new one."""
    row = added(request, _body(request))
    request.response.status_int = 201
    return _head(request, channels.known(row, request.console.settings))


@view_config(route_name="api_channel", request_method="PUT", renderer="json", permission=Permission.ADMINISTER)
def save(request: Request) -> dict[str, Any]:
    """Change it; secrets that are left out stay."""
    row = found_channel(request)
    changed(request, row, _body(request))
    return _head(request, channels.known(row, request.console.settings))


@view_config(route_name="api_channel", request_method="DELETE", renderer="json", permission=Permission.ADMINISTER)
def delete(request: Request) -> dict[str, Any]:
    """Forget it."""
    row = found_channel(request)
    deleted(request, row)
    return {"deleted": row.id}


@view_config(route_name="api_channel_test", request_method="POST", renderer="json", permission=Permission.ADMINISTER)
def test(request: Request) -> dict[str, Any]:
    """Send a test over it now; how that went is told of the delivery."""
    body = msgspec.json.decode(request.body or b"{}", type=_Test)
    request.response.status_int = 202
    return {"delivery": tested(request, id_of(request), body.recipients)}


def found_channel(request: Request) -> Channel:
    """The one of the URL. Raises HTTPNotFound."""
    number = id_of(request)
    row: Channel | None = request.db.get(Channel, number)
    if row is None:
        own = number == channels.OWN_MAIL
        raise HTTPNotFound("This one stands in the ini." if own else f"There is no channel {number}.")
    return row


def added(request: Request, draft: ChannelDraft) -> Channel:
    """Keep a new one, with a line in the audit trail. Raises Refused."""
    row = channels.create(request.db, request.console, draft, request.identity.user, request.now)
    request.audit("channel.add", f"channel {row.id} {row.name}", **_told(row))
    return row


def changed(request: Request, row: Channel, draft: ChannelDraft) -> None:
    """Change it, with a line in the audit trail. Raises Refused."""
    channels.change(request.db, request.console, row, draft, request.identity.user, request.now)
    given = [name for name in ("password", "url", "secret") if getattr(draft, name)]
    request.audit("channel.change", f"channel {row.id} {row.name}", given=given, **_told(row))


def deleted(request: Request, row: Channel) -> None:
    """Forget it, with a line in the audit trail. Raises Refused."""
    channels.delete(request.db, row)
    request.audit("channel.delete", f"channel {row.id} {row.name}", **_told(row))


def tested(request: Request, number: int, recipients: list[str]) -> int:
    """Lay a test on the table; the number of its delivery. Raises Refused."""
    row = lay_test(request.db, request.console, number, recipients, request.identity.user, request.now)
    request.audit("channel.test", f"channel {number} {row.channel_name}", recipients=row.recipients)
    return row.id


def _body(request: Request) -> ChannelDraft:
    return msgspec.json.decode(request.body or b"{}", type=ChannelDraft)


def _told(row: Channel) -> dict[str, Any]:
    names = ("kind", "enabled", "host", "port", "security", "user", "sender", "shown", "most", "per_minutes")
    return {name: getattr(row, name) for name in names if getattr(row, name) not in ("", 0)}


def _head(request: Request, one: channels.Known) -> dict[str, Any]:
    row: Channel | None = request.db.get(Channel, one.id) if one.id else None
    settings = request.console.settings
    own = {"host": settings.smtp_host, "port": settings.smtp_port, "security": settings.smtp_security}
    return {
        "id": one.id,
        "name": one.name,
        "kind": one.kind,
        "enabled": row.enabled if row else True,
        "shown": one.shown,
        "trouble": one.trouble,
        "host": row.host if row else own["host"],
        "port": row.port if row else own["port"],
        "security": row.security if row else own["security"],
        "user": row.user if row else settings.smtp_user,
        "sender": row.sender if row else settings.mail_from,
        "most": one.most,
        "per_minutes": one.per_minutes,
        "changed_at": row.changed_at if row else None,
        "changed_by": row.changed_by if row else "",
    }
