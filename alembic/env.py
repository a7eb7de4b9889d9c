"""Runs migrations on the database that the ini names."""

import importlib
import pkgutil
from collections.abc import Iterator
from contextlib import contextmanager
from logging.config import fileConfig

from alembic import context
from sqlalchemy import Connection

from minos_web import models
from minos_web.models.database import metadata, open_database

for module in pkgutil.iter_modules(models.__path__):  # metadata knows the tables of the modules that were read
    importlib.import_module(f"{models.__name__}.{module.name}")

config = context.config
if config.config_file_name and config.attributes.get("configure_logging", True):
    fileConfig(config.config_file_name, disable_existing_loggers=False)


def run() -> None:
    """Migrate within one transaction; SQLite needs batch mode to alter tables."""
    engine = config.attributes.get("engine") or open_database(config.get_main_option("sqlalchemy.url"))
    with engine.connect() as connection, without_cascades(connection):
        context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
        with context.begin_transaction():
            context.run_migrations()


@contextmanager
def without_cascades(connection: Connection) -> Iterator[None]:
    """Batch mode makes a table anew and drops the old one. With foreign keys on, SQLite takes that for a deletion of every
    row, and deletes whatever hangs on them. The switch is dead within a transaction, so it is thrown outside.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    switch = connection.connection.driver_connection.execute
    switch("PRAGMA foreign_keys=OFF")
    try:
        yield
        broken = switch("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise RuntimeError(f"the migration left rows that hang in the air: {broken[:5]}")
    finally:
        connection.rollback()  # what was to stay is committed; looking around may have begun a transaction
        switch("PRAGMA foreign_keys=ON")


run()
