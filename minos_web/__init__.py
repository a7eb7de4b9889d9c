"""The Minos console. ``main`` builds the application and starts nothing."""

import warnings
from typing import Any

# Pyramid 2 still asks pkg_resources for its assets; that this is deprecated is nothing an operator can act upon.
warnings.filterwarnings("ignore", "pkg_resources is deprecated", UserWarning)

from pyramid.config import Configurator  # noqa: E402
from pyramid.router import Router  # noqa: E402


def main(_global_config: dict[str, str] | None = None, **settings: Any) -> Router:
    """The WSGI application of an ini's ``[app:main]``."""
    with Configurator(settings=settings) as config:
        config.include("minos_web.application")
        return config.make_wsgi_app()
