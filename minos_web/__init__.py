"""The Minos console. ``main`` builds the application and starts nothing."""

from typing import Any

from pyramid.config import Configurator
from pyramid.router import Router


def main(_global_config: dict[str, str] | None = None, **settings: Any) -> Router:
    """The WSGI application of an ini's ``[app:main]``."""
    with Configurator(settings=settings) as config:
        config.include("minos_web.application")
        return config.make_wsgi_app()
