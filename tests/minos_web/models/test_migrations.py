"""Migrations bring every row along, and end at the tables that the code means."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine, MetaData, Table, insert, select
from sqlalchemy.types import JSON, Boolean, Float, Integer

from minos_web.models.database import metadata, open_database
from minos_web.scripts.migrate import migrations_dir, upgrade

REVISIONS = sorted(path.name.partition("_")[0] for path in (migrations_dir() / "versions").glob("[0-9]*.py"))
REPLACED = {"samples": "sample_batches"}
"""Tables that are no more, and those that hold their rows now."""


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    opened = open_database(f"sqlite:///{tmp_path / 'minos.sqlite'}")
    yield opened
    opened.dispose()


def migrate(engine: Engine, revision: str, back: bool = False) -> None:
    config = Config()
    config.set_main_option("script_location", str(migrations_dir()))
    config.attributes.update(engine=engine, configure_logging=False)
    (command.downgrade if back else command.upgrade)(config, revision)


def fill(connection: Connection) -> None:
    """One row in every table, hanging on row 1 of the tables it refers to."""
    found = MetaData()
    found.reflect(connection)
    for table in found.sorted_tables:
        if table.name != "alembic_version":
            connection.execute(insert(table).values(row_of(table)))


def row_of(table: Table) -> dict[str, object]:
    """Something for every column that must not be empty; 1 for whatever refers to another table."""
    values: dict[str, object] = {}
    for column in table.columns:
        kind = column.type
        if column.foreign_keys:
            values[column.name] = 1
        elif isinstance(kind, Boolean):
            values[column.name] = False
        elif isinstance(kind, Integer | Float):
            values[column.name] = 1
        elif isinstance(kind, JSON):
            values[column.name] = {}
        elif kind.python_type is bytes:  # servers have names of their own for it
            values[column.name] = b"1"
        else:
            values[column.name] = "1"
    return values


def counts(connection: Connection) -> dict[str, int]:
    found = MetaData()
    found.reflect(connection)
    return {name: len(connection.execute(select(table)).all()) for name, table in found.tables.items()}


@pytest.mark.parametrize("revision", REVISIONS)
def test_no_row_is_lost_on_the_way_up_or_down(engine: Engine, revision: str) -> None:
    migrate(engine, revision)
    with engine.begin() as connection:
        fill(connection)
    with engine.connect() as connection:
        before = counts(connection)
    upgrade(engine)
    with engine.connect() as connection:
        now = counts(connection)
        assert {name: now.get(REPLACED.get(name, name) if name not in now else name) for name in before} == before
    migrate(engine, revision, back=True)
    with engine.connect() as connection:
        assert counts(connection) == before
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_the_newest_tables_are_those_of_the_code(engine: Engine) -> None:
    upgrade(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"render_as_batch": True})
        assert compare_metadata(context, metadata) == []
