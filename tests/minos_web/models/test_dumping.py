"""A database as a file and back: over all kinds of databases, whole or not at all."""

import gzip
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Double,
    Engine,
    Float,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    insert,
    select,
)

from minos_web.models.database import metadata, writing
from minos_web.models.dumping import BadDump, dump, filled, head_of, load
from minos_web.scripts.migrate import newest
from tests.minos_web.databases import DATABASES, made_database

STRANGE = "Zoë 🙂 'quoted' \"twice\" \\ %s ${x}\nline"


KINDS: tuple[tuple[Any, Callable[[int], Any]], ...] = (
    (Boolean, lambda number: number == 1),
    (Integer, lambda number: number),
    (Double, lambda number: 1_700_000_000.125 * number),
    (Float, lambda number: number / 4),
    (LargeBinary, lambda number: bytes(range(256)) * number),
    (JSON, lambda _number: {"a": [1, None, True, STRANGE], "b": {}}),
    (Text, lambda number: f"{number}{STRANGE}" * 50),
    (String, lambda number: f"{number}{STRANGE}"),
)


def value_of(table: Table, column: Column[Any], number: int) -> Any:
    """Something of the column's kind; the second row has nothing where it may. Links among rows lead forward too."""
    for key in column.foreign_keys:
        return 3 - number if key.column.table is table else number
    if column.nullable and number == 2:
        return None
    value = next(make(number) for kind, make in KINDS if isinstance(column.type, kind))
    return value[: getattr(column.type, "length", None)] if isinstance(value, str) else value


@pytest.fixture
def full(tmp_path: Path) -> Iterator[Engine]:
    """A database of SQLite with two rows in every table."""
    with made_database("sqlite", tmp_path) as engine:
        with writing(engine).begin() as connection:
            for table in reversed(metadata.sorted_tables):
                connection.execute(table.delete())
            connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
            for table in metadata.sorted_tables:
                for number in (1, 2):
                    row = {column.name: value_of(table, column, number) for column in table.columns}
                    connection.execute(insert(table).values(row))
        yield engine


def rows(engine: Engine) -> dict[str, list[tuple[Any, ...]]]:
    """Everything in a database."""
    with engine.connect() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key.columns))]
            for table in metadata.sorted_tables
        }


@pytest.mark.parametrize("kind", DATABASES)
def test_all_rows_go_to_any_database_and_back(full: Engine, tmp_path: Path, kind: str) -> None:
    there, back = tmp_path / "there.dump", tmp_path / "back.dump"
    counts = dump(full, newest(), there)
    assert set(counts.values()) == {2} and len(counts) == len(metadata.tables)
    assert head_of(there).revision == newest() and there.stat().st_mode & 0o777 == 0o600
    (tmp_path / "second").mkdir()
    with made_database(kind, tmp_path / "second") as second:
        assert load(second, there) == counts
        assert rows(second) == rows(full)
        dump(second, newest(), back)
        users = metadata.tables["users"]
        with writing(second).begin() as connection:
            new = {"name": "next", "password_hash": "x", "role": "viewer", "created_at": 1.0, "disabled": False}
            known = {column.name: value_of(users, column, 1) for column in users.columns if column.name != "id"}
            (number,) = connection.execute(insert(users).values(known | new)).inserted_primary_key or (None,)
        assert number == 3
    (tmp_path / "third").mkdir()
    with made_database("sqlite", tmp_path / "third") as third:
        load(third, back)
        assert rows(third) == rows(full)


@pytest.mark.parametrize("cut", [0, 10, 0.5, -9])
def test_what_is_not_whole_is_not_loaded(full: Engine, tmp_path: Path, cut: float) -> None:
    whole, part = tmp_path / "whole", tmp_path / "part"
    dump(full, newest(), whole)
    written = whole.read_bytes()
    part.write_bytes(written[: int(len(written) * cut) if 0 < cut < 1 else int(cut)])
    (tmp_path / "second").mkdir()
    with made_database("sqlite", tmp_path / "second") as second:
        before = rows(second)
        with pytest.raises(BadDump):
            load(second, part)
        assert rows(second) == before


def test_one_without_an_end_is_not_whole(full: Engine, tmp_path: Path) -> None:
    whole, part = tmp_path / "whole", tmp_path / "part"
    dump(full, newest(), whole)
    plain = gzip.decompress(whole.read_bytes())
    part.write_bytes(gzip.compress(plain[: plain.rindex(b"End") - 12]))
    (tmp_path / "second").mkdir()
    with made_database("sqlite", tmp_path / "second") as second, pytest.raises(BadDump):
        load(second, part)


def test_something_else_is_no_dump(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_text("hello")
    with pytest.raises(BadDump):
        head_of(other)


def test_what_has_rows_is_told(full: Engine, tmp_path: Path) -> None:
    assert "users" in filled(full)
    (tmp_path / "second").mkdir()
    with made_database("sqlite", tmp_path / "second") as second:
        assert filled(second) == []
