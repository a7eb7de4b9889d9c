"""Large bodies: read by the views that are made for them only, after the permission was checked, and never copied."""

from collections.abc import Callable
from typing import Any

from pyramid.config import Configurator
from pyramid.httpexceptions import HTTPRequestEntityTooLarge
from pyramid.request import Request
from pyramid.response import Response

MOST_BYTES = 2 * 1024 * 1024
"""What forms, JSON and config files may amount to."""

View = Callable[[Any, Request], Response]


def attempts(request: Request) -> int | None:
    """How often pyramid_retry may try: once when the body is large, as it would copy it; else its default (None)."""
    return 1 if (request.content_length or 0) > MOST_BYTES else None


def limit_body(view: View, info: Any) -> View:
    """View deriver: a body that is announced as too large is refused unread, unless the view says ``large_body=True``."""
    if info.exception_only or info.options.get("large_body"):
        return view

    def limited(context: Any, request: Request) -> Response:
        if (request.content_length or 0) > MOST_BYTES:
            raise HTTPRequestEntityTooLarge(
                f"the body has {request.content_length} bytes; at most {MOST_BYTES} are taken"
            )
        return view(context, request)

    return limited


limit_body.options = ("large_body",)  # type: ignore[attr-defined]


def includeme(config: Configurator) -> None:
    """Between the check of the permission and that of forgery, which looks into forms."""
    config.add_view_deriver(limit_body, under="secured_view", over="csrf_view")
    # pyramid_retry looks its hook up when the configuration is complete.
    config.add_settings({"retry.activate_hook": "minos_web.security.bodies.attempts"})
