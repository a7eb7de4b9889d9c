"""Runs migrations on the database that the ini names."""

from logging.config import fileConfig

from alembic import context

from minos_web.models.database import metadata, open_database

config = context.config
if config.config_file_name and config.attributes.get("configure_logging", True):
    fileConfig(config.config_file_name, disable_existing_loggers=False)


def run() -> None:
    """Migrate within one transaction; SQLite needs batch mode to alter tables."""
    engine = config.attributes.get("engine") or open_database(config.get_main_option("sqlalchemy.url"))
    with engine.connect() as connection:
        context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
        with context.begin_transaction():
            context.run_migrations()


run()
