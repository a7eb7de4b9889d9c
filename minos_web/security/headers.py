"""Headers that tell browsers what an answer may do: no foreign content, no inline script, no frames, no guessing."""

from collections.abc import Callable
from typing import Any

from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.response import Response
from pyramid.tweens import INGRESS

Handler = Callable[[Request], Response]


def content_policy(nonce: str) -> str:
    """The content security policy; ``nonce`` lets the editor's own style elements through."""
    return (
        "default-src 'none'; script-src 'self'; "
        f"style-src 'self' 'nonce-{nonce}'; "
        "img-src 'self' data:; connect-src 'self'; font-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )


def tween_factory(handler: Handler, _registry: Any) -> Handler:
    """Adds the headers to whatever comes out, error pages included."""

    def add_headers(request: Request) -> Response:
        response = handler(request)
        headers = response.headers
        headers["Content-Security-Policy"] = content_policy(request.csp_nonce)
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "same-origin"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Cross-Origin-Resource-Policy"] = "same-origin"
        if request.scheme == "https":
            headers["Strict-Transport-Security"] = "max-age=31536000"
        if "Cache-Control" not in headers:
            headers["Cache-Control"] = "no-store"
        return response

    return add_headers


def includeme(config: Configurator) -> None:
    """Outermost, so that nothing gets out without them."""
    config.add_tween("minos_web.security.headers.tween_factory", under=INGRESS)
