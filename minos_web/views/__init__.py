"""Pages and API: thin views that ask one thing and show it."""

from pyramid.config import Configurator


def includeme(config: Configurator) -> None:
    """Templates, the frame around pages, and every view below this package."""
    settings = config.get_settings()
    settings["mako.directories"] = "minos_web:templates"
    settings["mako.default_filters"] = "h"  # not a wish of the ini: a page that does not escape is a hole
    settings["mako.strict_undefined"] = "true"
    config.include("minos_web.views.frame")
    config.include("minos_web.views.language")
    config.scan("minos_web.views")
