"""The whole application put together, top to bottom."""

from pyramid.config import Configurator
from pyramid.static import ManifestCacheBuster

from minos_web.console import Console, open_console


def includeme(config: Configurator) -> None:
    """Everything that ``main`` needs, in the order in which a request meets it."""
    settings = config.get_settings()
    console = settings.get("minos_console") or open_console(settings)
    config.registry.console = console
    config.include("pyramid_tm")
    config.include("pyramid_retry")
    config.include("pyramid_mako")
    config.include("minos_web.request")
    config.include("minos_web.security")
    config.include("minos_web.routes")
    config.include(add_static)
    config.include("minos_web.views")
    config.include("minos_web.boards")


def add_static(config: Configurator) -> None:
    """The built bundle under /static, with hashed names and ready-compressed twins."""
    config.add_static_view(
        "static",
        "minos_web.static:dist",
        cache_max_age=31536000,
        content_encodings=["br", "gzip"],
        permission="everyone",
    )
    # An upgrade replaces the bundle under a running console: its pages must then name the new files. Costs two stats.
    manifest = ManifestCacheBuster("minos_web.static:dist/manifest.json", reload=True)
    config.add_cache_buster("minos_web.static:dist", manifest)


def console_of(registry: object) -> Console:
    """The console of an application's registry."""
    return registry.console  # type: ignore[attr-defined, no-any-return]
