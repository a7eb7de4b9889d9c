"""Who may do what: sign-ins, tokens, permissions, forgery checks, headers and the audit trail."""

from pyramid.config import Configurator


def includeme(config: Configurator) -> None:
    """Wire every part; the order does not matter."""
    config.include("minos_web.security.policy")
    config.include("minos_web.security.proving")
    config.include("minos_web.security.forgery")
    config.include("minos_web.security.headers")
    config.include("minos_web.security.throttle")
    config.include("minos_web.security.ways")
    config.include("minos_web.security.pushing")
    config.include("minos_web.security.rates")
    config.include("minos_web.security.audit")
    config.include("minos_web.security.bodies")
