"""The ways to sign in that the ini sets up, made once for each set of settings; what is wrong with them stops the start."""

from dataclasses import dataclass
from functools import lru_cache

from pyramid.config import Configurator

from minos_common.settings import BadSetting, ConsoleSettings
from minos_web.security.directory import Directory, directory_of
from minos_web.security.provider import Provider, provider_of
from minos_web.security.second_step import roles_named


@dataclass(frozen=True)
class Ways:
    """Beside passwords of the console's own users, which always count."""

    directory: Directory | None
    provider: Provider | None


@lru_cache(maxsize=8)
def ways_of(settings: ConsoleSettings) -> Ways:
    """The ways of a console. Raises BadSetting."""
    try:
        roles_named(settings.totp_roles)
    except ValueError as error:
        raise BadSetting(str(error)) from error
    return Ways(directory_of(settings), provider_of(settings))


def includeme(config: Configurator) -> None:
    """Looks at them now rather than at the first sign-in."""
    ways_of(config.registry.console.settings)
