"""Brings a database to the newest tables, from a checkout or from an installed wheel."""

from importlib.resources import files
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

import minos_web


def migrations_dir() -> Path:
    """Directory of the migrations: ``alembic/`` beside the packages of a checkout, ``minos_web.migrations`` in a wheel."""
    checkout = Path(minos_web.__file__).parent.parent / "alembic"
    # A wheel lies in site-packages, where the library of the same name is the neighbour.
    if (checkout / "env.py").is_file() and (checkout / "versions").is_dir():
        return checkout
    return Path(str(files("minos_web.migrations")))


def upgrade(engine: Engine) -> tuple[str, str]:
    """Run what is missing; returns the revision before ("" for an empty database) and after."""
    config = Config()
    config.set_main_option("script_location", str(migrations_dir()).replace("%", "%%"))
    config.attributes["engine"] = engine
    config.attributes["configure_logging"] = False
    before = revision_of(engine)
    command.upgrade(config, "head")
    return before, revision_of(engine)


def revision_of(engine: Engine) -> str:
    """The revision that a database stands at; empty when it has no tables of ours."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() or ""


def newest_revision() -> str:
    """The revision that ``upgrade`` leads to."""
    config = Config()
    config.set_main_option("script_location", str(migrations_dir()).replace("%", "%%"))
    return ScriptDirectory.from_config(config).get_current_head() or ""
