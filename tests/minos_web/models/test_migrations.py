"""Migrations bring every row along, and end at the tables that the code means."""

import itertools
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, MetaData, Table, func, insert, inspect, select
from sqlalchemy.types import JSON, Boolean, Float, Integer

from minos_web.models.database import metadata, open_database
from minos_web.scripts.migrate import migrations_dir, upgrade


def configured() -> Config:
    """Alembic on our migrations."""
    config = Config()
    config.set_main_option("script_location", str(migrations_dir()))
    return config


ORDER = list(reversed([script.revision for script in ScriptDirectory.from_config(configured()).walk_revisions()]))
"""Every revision, as they follow each other."""
REPLACED = {"samples": "sample_batches"}
"""Tables that are no more, and those that hold their rows now."""


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    opened = open_database(f"sqlite:///{tmp_path / 'minos.sqlite'}")
    yield opened
    opened.dispose()


def migrate(engine: Engine, revision: str, back: bool = False) -> None:
    config = configured()
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
    return {
        name: connection.execute(select(func.count()).select_from(Table(name, MetaData()))).scalar_one()
        for name in inspect(connection).get_table_names()
    }


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Revision -> the file of an empty database that stands there; made in one walk up."""
    folder = tmp_path_factory.mktemp("revisions")
    walking, found = open_database(f"sqlite:///{folder / 'walking.sqlite'}"), {}
    for revision in ORDER:
        migrate(walking, revision)
        walking.dispose()  # what is still beside the file goes into it
        found[revision] = Path(shutil.copyfile(folder / "walking.sqlite", folder / f"{revision}.sqlite"))
    return found


def keeps_rows(engine: Engine, revision: str, to: str) -> None:
    """A row in every table, as it was at ``revision``, is there after the way to another one and back."""
    with engine.begin() as connection:
        fill(connection)
    with engine.connect() as connection:
        before = counts(connection)
    migrate(engine, to)
    with engine.connect() as connection:
        now = counts(connection)
        assert {name: now.get(REPLACED.get(name, name) if name not in now else name) for name in before} == before
    migrate(engine, revision, back=True)
    with engine.connect() as connection:
        assert counts(connection) == before
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


@pytest.mark.parametrize(("revision", "following"), list(itertools.pairwise(ORDER)))
def test_no_row_is_lost_by_a_step_up_or_down(
    tmp_path: Path, engine: Engine, places: dict[str, Path], revision: str, following: str
) -> None:
    shutil.copyfile(places[revision], tmp_path / "minos.sqlite")
    keeps_rows(engine, revision, following)


@pytest.mark.parametrize("revision", [ORDER[0], ORDER[len(ORDER) // 2], ORDER[-1]])
def test_no_row_is_lost_on_the_whole_way(
    tmp_path: Path, engine: Engine, places: dict[str, Path], revision: str
) -> None:
    shutil.copyfile(places[revision], tmp_path / "minos.sqlite")
    keeps_rows(engine, revision, "head")


def test_the_newest_tables_are_those_of_the_code(engine: Engine) -> None:
    upgrade(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"render_as_batch": True})
        assert compare_metadata(context, metadata) == []
