"""A whole database as one file, and back, over any two kinds of database: a backup, or a move from SQLite to a server.

The file is gzip. In it are blocks, each with its length (4 bytes, network order) before it, in MessagePack: first what it is
(format, revision of the tables, release of Minos), then some rows of a table at a time, in the end how many rows each table has.
"""

import gzip
import os
import struct
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, cast

import msgspec
from sqlalchemy import (
    JSON,
    Connection,
    Engine,
    Integer,
    MetaData,
    Table,
    bindparam,
    delete,
    func,
    inspect,
    select,
    text,
)

from minos_common.version import VERSION
from minos_web.models.database import metadata, writing

FORMAT = 1
AT_ONCE = 500
"""Rows of a block."""
MOST_BLOCK = 512 * 1024**2
"""Bytes of one: more is a damaged length."""
_LENGTH = struct.Struct("!I")


class BadDump(Exception):
    """A dump that cannot be made or used; the text says why."""


class Head(msgspec.Struct, tag=True):
    """What a dump is: ``revision`` of the tables, ``minos`` the release that made it."""

    format: int
    revision: str
    minos: str


class Rows(msgspec.Struct, tag=True):
    """Some rows of a table, values in the order of ``columns``."""

    table: str
    columns: list[str]
    rows: list[list[Any]]


class End(msgspec.Struct, tag=True):
    """Table -> how many rows it has. Without it a dump is not whole."""

    counts: dict[str, int]


def dump(engine: Engine, revision: str, path: Path) -> dict[str, int]:
    """Write all rows, as they are at one moment, to a new file that only its owner may read, and to the disk; table -> rows.

    ``revision`` is that of the tables, which may be an older one. Raises OSError.
    """
    tables = _tables(engine)
    counts: dict[str, int] = {}
    path.touch(mode=0o600, exist_ok=False)
    with gzip.open(path, "wb", compresslevel=5) as file, _snapshot(engine) as connection:
        out = cast(BinaryIO, file)
        _write(out, Head(FORMAT, revision, VERSION))
        for table in tables.sorted_tables:
            counts[str(table.name)] = 0
            columns = [str(column.name) for column in table.columns]
            found = connection.execution_options(yield_per=AT_ONCE).execute(
                select(table).order_by(*table.primary_key.columns)
            )
            for some in found.partitions():
                _write(out, Rows(str(table.name), columns, [list(row) for row in some]))
                counts[str(table.name)] += len(some)
        _write(out, End(counts))
    with path.open("rb") as written:
        os.fsync(written.fileno())
    return counts


def head_of(path: Path) -> Head:
    """What a dump says of itself. Raises BadDump."""
    first = next(_blocks(path), None)
    if not isinstance(first, Head):
        raise BadDump(f"{path} is no dump")
    if first.format != FORMAT:
        raise BadDump(f"{path} has format {first.format}, this release reads {FORMAT}")
    return first


def filled(engine: Engine) -> list[str]:
    """Tables that have rows."""
    there = set(inspect(engine).get_table_names())
    with engine.connect() as connection:
        return [
            table.name
            for table in metadata.sorted_tables
            if table.name in there and connection.scalar(select(func.count()).select_from(table))
        ]


def load(engine: Engine, path: Path) -> dict[str, int]:
    """Put the rows of a dump into tables that stand at its revision and have none but those that migrations make; all
    or nothing. Table -> rows. Raises BadDump.
    """
    tables = _tables(engine)
    counts: dict[str, int] = {}
    with writing(engine).begin() as connection:
        for table in reversed(tables.sorted_tables):
            connection.execute(delete(table))
        later: list[Callable[[], object]] = []
        told: End | None = None
        for block in _blocks(path):
            if isinstance(block, Rows):
                later += _insert(connection, tables, block)
                counts[block.table] = counts.get(block.table, 0) + len(block.rows)
            elif isinstance(block, End):
                told = block
        if told is None or {name: number for name, number in told.counts.items() if number} != counts:
            raise BadDump(f"{path} ends too early: it is not whole")
        for do in later:
            do()
        if connection.dialect.name == "postgresql":
            _set_sequences(connection, tables)
    return counts


def _tables(engine: Engine) -> MetaData:
    """The tables as they are, whatever revision they stand at."""
    found = MetaData()
    found.reflect(engine)
    found.remove(found.tables["alembic_version"])
    for table in found.tables.values():
        _typed(table)
    return found


def _typed(table: Table) -> None:
    """Values are what they were, whatever a database calls the kind of a column."""
    known = metadata.tables.get(table.name)
    for column in table.columns:
        if known is not None and column.name in known.columns:
            column.type = known.columns[column.name].type
        if isinstance(column.type, JSON) and column.nullable:
            column.type = JSON(none_as_null=True)


def _insert(connection: Connection, tables: MetaData, block: Rows) -> list[Callable[[], object]]:
    """Insert a block; returns what has to be done when all rows are there: links among rows of one table."""
    table = tables.tables.get(block.table)
    unknown = set(block.columns) - set(table.columns.keys() if table is not None else ())
    if table is None or unknown:
        raise BadDump(f"the table {block.table} is not as the dump has it: {', '.join(sorted(unknown))}")
    own = [key.parent.name for key in table.foreign_keys if key.column.table is table]
    rows = [dict(zip(block.columns, row, strict=True)) for row in block.rows]
    links = [
        {"row": row["id"], "link": row[name], "name": name} for name in own for row in rows if row[name] is not None
    ]
    if rows:
        connection.execute(table.insert(), [row | dict.fromkeys(own) for row in rows])

    def linked(name: str) -> Callable[[], object]:
        some = [{"row": one["row"], "link": one["link"]} for one in links if one["name"] == name]
        change = table.update().where(table.c.id == bindparam("row")).values({name: bindparam("link")})
        return lambda: connection.execute(change, some)

    return [linked(name) for name in sorted({str(one["name"]) for one in links})]


def _set_sequences(connection: Connection, tables: MetaData) -> None:
    """The next row gets the next number: PostgreSQL counts apart from the rows."""
    for table in tables.tables.values():
        column = table.columns.get("id")
        if column is not None and isinstance(column.type, Integer):
            connection.execute(
                text(
                    f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), coalesce(max(id), 1), max(id) IS NOT NULL)"
                    f" FROM {table.name}"
                )
            )


def _snapshot(engine: Engine) -> Connection:
    """A connection to which the rows stand still. SQLite's readers have that anyway."""
    connection = engine.connect()
    if engine.dialect.name == "sqlite":
        return connection
    return connection.execution_options(isolation_level="REPEATABLE READ")


def _write(file: BinaryIO, block: Head | Rows | End) -> None:
    packed = msgspec.msgpack.encode(block)
    file.write(_LENGTH.pack(len(packed)) + packed)


def _blocks(path: Path) -> Iterator[Head | Rows | End]:
    decoder = msgspec.msgpack.Decoder(Head | Rows | End)
    try:
        with gzip.open(path, "rb") as file:
            while length := file.read(_LENGTH.size):
                (size,) = _LENGTH.unpack(length)
                if size > MOST_BLOCK:
                    raise BadDump(f"{path} is damaged")
                yield decoder.decode(file.read(size))
    except (OSError, EOFError, zlib.error, struct.error, msgspec.DecodeError) as error:
        raise BadDump(f"{path} cannot be read as a dump: {error}") from error
