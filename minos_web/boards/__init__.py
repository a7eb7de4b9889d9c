"""Pages of one service only, each service in a folder or file of its own; thin, as views are."""

from pyramid.config import Configurator


def includeme(config: Configurator) -> None:
    """Every view below this package, and the tabs that lead to them."""
    config.include("minos_web.boards.tabs")
    config.scan("minos_web.boards")
