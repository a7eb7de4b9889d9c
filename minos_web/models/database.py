"""Opening the database: one URL, the right pragmas, short transactions."""

import json
from collections.abc import Callable
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.orm import Session, sessionmaker

from minos_web.models import (
    alerts,
    cluster_drafts,
    clusters,
    config,
    counters,
    crashes,
    dashboards,
    drills,
    engine_counts,
    facts,
    hosts,
    inventory,
    lease,
    news,
    notify,
    operations,
    outside,
    packages,
    people,
    quotas,
    rates,
    row_counts,
    saved_filters,
    schedules,
    series,
    watching,
)
from minos_web.models.meta import Base

TABLES = (
    alerts,
    cluster_drafts,
    clusters,
    config,
    counters,
    crashes,
    dashboards,
    drills,
    engine_counts,
    facts,
    hosts,
    inventory,
    lease,
    news,
    notify,
    operations,
    outside,
    packages,
    people,
    quotas,
    rates,
    row_counts,
    saved_filters,
    schedules,
    series,
    watching,
)
"""Every module of tables, so that importing this file makes the metadata complete."""

metadata = Base.metadata
SessionMaker = Callable[[], Session]

_WRITES = "minos_writes"


def open_database(url: str) -> Engine:
    """Engine for a SQLAlchemy URL. SQLite is set to WAL with full durability and waits up to 5 s for a lock."""
    # Every web thread may hold one connection for its request and a short second one for who is asking.
    # What is in a row stays out of logs and messages: an error tells its statement without the values.
    pings = not url.startswith("sqlite")
    # On MariaDB a look at a row after waiting for it would else still see what was there when the transaction began.
    more = {"isolation_level": "READ COMMITTED"} if url.startswith(("mysql", "mariadb")) else {}
    engine = create_engine(
        url, pool_pre_ping=pings, pool_size=20, max_overflow=20, hide_parameters=True, json_deserializer=_json, **more
    )
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _json(text: str | bytes) -> Any:
    """Pages of thousands of tasks read tens of thousands of these, ten times as fast as with json; what that one writes and
    no other reads (NaN, halves of characters) is left to it.
    """
    try:
        return msgspec.json.decode(text)
    except (msgspec.MsgspecError, UnicodeError):
        return json.loads(text)


def readers(engine: Engine) -> sessionmaker[Session]:
    """Sessions that only read."""
    return sessionmaker(engine)


def writers(engine: Engine) -> sessionmaker[Session]:
    """Sessions that write. On SQLite they take the write lock at once: a transaction that reads first and writes later
    fails the moment another one wrote in between, whatever the busy timeout says.
    """
    return sessionmaker(writing(engine))


def writing(engine: Engine) -> Engine:
    """The same engine for transactions that write, without sessions."""
    return engine.execution_options(**{_WRITES: True})


def let_go_of_stalled(engine: Engine, seconds: float) -> None:
    """Have the server end transactions of this process that do nothing for so long, with the locks that they hold. For
    connections that are made from now on; SQLite has no server.
    """
    wanted = {
        "postgresql": f"SET idle_in_transaction_session_timeout = {int(seconds * 1000)}",
        "mysql": f"SET SESSION idle_transaction_timeout = {max(1, int(seconds))}",
        "mariadb": f"SET SESSION idle_transaction_timeout = {max(1, int(seconds))}",
    }.get(engine.dialect.name)
    if wanted is None:
        return

    def prepare(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        cursor.execute(wanted)
        cursor.close()
        connection.commit()  # a roll-back would take it back

    event.listen(engine, "connect", prepare)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions begin where _begin_sqlite says, not where the driver guesses
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA busy_timeout=5000")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA journal_size_limit=67108864")
    cursor.execute("PRAGMA cache_size=-65536")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
