"""Large bodies are read once, by the view that may: never copied beforehand to make a request repeatable."""

from pyramid.config import Configurator
from pyramid.request import Request

REPEATABLE_BYTES = 1024 * 1024


def attempts(request: Request) -> int | None:
    """How often pyramid_retry may try: once when the body is large or of unknown length, else its default (None)."""
    if request.method in ("GET", "HEAD"):
        return None
    if request.content_length is None:
        return 1 if request.headers.get("Transfer-Encoding") else None
    return 1 if request.content_length > REPEATABLE_BYTES else None


def includeme(config: Configurator) -> None:
    """pyramid_retry looks its hook up when the configuration is complete."""
    config.add_settings({"retry.activate_hook": "minos_web.security.bodies.attempts"})
