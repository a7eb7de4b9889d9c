"""Brings a database to the newest tables, from a checkout or from an installed wheel."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

import minos_web


def migrations_dir() -> Path:
    """Directory of the migrations: ``alembic/`` beside the packages of a checkout, ``minos_web/migrations`` in a wheel.

    Raises FileNotFoundError when neither is there.
    """
    package = Path(minos_web.__file__).parent
    # A wheel lies in site-packages, where the library of the same name is the neighbour: it has no env.py.
    for place in (package.parent / "alembic", package / "migrations"):
        if (place / "env.py").is_file() and (place / "versions").is_dir():
            return place
    raise FileNotFoundError("the migrations are not installed; install Minos again")


def upgrade(engine: Engine, to: str = "head") -> tuple[str, str]:
    """Run what is missing; returns the revision before ("" for an empty database) and after.

    Raises alembic.util.CommandError for a revision that this release does not know.
    """
    config = _config()
    config.attributes["engine"] = engine
    config.attributes["configure_logging"] = False
    before = revision_of(engine)
    command.upgrade(config, to)
    return before, revision_of(engine)


def newest() -> str:
    """The revision of this release's tables."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(migrations_dir()).replace("%", "%%"))
    return config


def revision_of(engine: Engine) -> str:
    """The revision that a database stands at; empty when it has no tables of ours."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() or ""
