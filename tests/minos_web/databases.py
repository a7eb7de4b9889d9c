"""Real database servers of tests, on loopback, each in a directory of its own, gone afterwards.

Neither server runs as root; pytest's directories are closed to others, so theirs lie beside them. Starting one and migrating
a database takes ten seconds: tests of one process share a server of each kind, and each gets a copy of a migrated database.
"""

import itertools
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, make_url, text
from sqlalchemy.exc import OperationalError

from minos_web.models.database import open_database
from minos_web.scripts.migrate import upgrade
from tests.whole.site import free_port

PATIENCE = 60
MEMORY_BYTES = 4 * 1024**3
SERVICE_PATH = ":".join([*map(str, sorted(Path("/usr/lib/postgresql").glob("*/bin"))), "/usr/sbin", os.environ["PATH"]])


@contextmanager
def postgresql() -> Iterator[str]:
    """The URL of an empty database of a PostgreSQL of our own."""
    with _place() as place:
        port = free_port()
        _do(place, ["initdb", "-D", str(place / "data"), "-U", "minos", "-A", "trust", "--no-sync", "-E", "UTF8"])
        settings = {"port": port, "listen_addresses": "127.0.0.1", "unix_socket_directories": "", "fsync": "off"}
        server = ["postgres", "-D", str(place / "data")]
        server += [word for key, value in settings.items() for word in ("-c", f"{key}={value}")]
        with _served(place, server, f"postgresql+psycopg://minos@127.0.0.1:{port}/postgres") as url:
            yield url


@contextmanager
def mariadb() -> Iterator[str]:
    """The URL of an empty database of a MariaDB of our own."""
    with _place() as place:
        port, data = free_port(), f"--datadir={place / 'data'}"
        _do(place, [
            "mariadb-install-db", "--no-defaults", data, "--skip-test-db", "--auth-root-authentication-method=normal"
        ])  # fmt: skip
        server = ["mariadbd", "--no-defaults", data, f"--port={port}", "--bind-address=127.0.0.1"]
        server += [f"--socket={place / 'socket'}", f"--pid-file={place / 'pid'}", "--innodb-flush-log-at-trx-commit=0"]
        root = f"mysql+pymysql://root@127.0.0.1:{port}"
        with _served(place, server, f"{root}/mysql"):
            engine = create_engine(f"{root}/mysql")
            with engine.begin() as connection:
                connection.execute(text("CREATE DATABASE minos CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"))
            engine.dispose()
            yield f"{root}/minos?charset=utf8mb4"


SERVERS = {"postgresql": postgresql, "mariadb": mariadb}
DATABASES = ("sqlite", *SERVERS)


@dataclass
class _Shared:
    """A server of this process, with a migrated database that nobody uses: ``url`` leads there."""

    kind: str
    url: str

    def copy(self, name: str) -> None:
        """A new database that is like the migrated one."""
        with self._anywhere() as connection:
            if self.kind == "postgresql":
                connection.execute(
                    text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'postgres'")
                )
                connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {make_url(self.url).database}"))
            else:
                _copied(connection, "minos", name)

    def make(self, name: str) -> None:
        """A new database without tables."""
        letters = "" if self.kind == "postgresql" else " CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"
        with self._anywhere() as connection:
            connection.execute(text(f"CREATE DATABASE {name}{letters}"))

    def drop(self, name: str) -> None:
        """Take a database away again, whoever is still connected."""
        force = " WITH (FORCE)" if self.kind == "postgresql" else ""
        with self._anywhere() as connection:
            connection.execute(text(f"DROP DATABASE {name}{force}"))

    def url_of(self, name: str) -> str:
        """Where that database is."""
        return make_url(self.url).set(database=name).render_as_string(hide_password=False)

    @contextmanager
    def _anywhere(self) -> Iterator[Connection]:
        aside = make_url(self.url).set(database="template1" if self.kind == "postgresql" else "mysql")
        engine = create_engine(aside, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            yield connection
        engine.dispose()


_ENDING = ExitStack()
_NUMBERS = itertools.count(1)


def end_shared() -> None:
    """Stop the servers of this process."""
    _shared.cache_clear()
    _migrated_file.cache_clear()
    _ENDING.close()


@contextmanager
def a_database(kind: str) -> Iterator[str]:
    """The URL of a new database of a server ("postgresql", "mariadb"), as the migrations make it."""
    shared, name = _shared(kind), f"minos_{next(_NUMBERS)}"
    shared.copy(name)
    try:
        yield shared.url_of(name)
    finally:
        shared.drop(name)


@contextmanager
def empty_database(kind: str) -> Iterator[str]:
    """The URL of a new database of a server that has no tables."""
    shared, name = _shared(kind), f"minos_{next(_NUMBERS)}"
    shared.make(name)
    try:
        yield shared.url_of(name)
    finally:
        shared.drop(name)


@contextmanager
def made_database(kind: str, folder: Path) -> Iterator[Engine]:
    """A new database of one of these kinds, as the migrations make it."""
    with ExitStack() as stack:
        url = stack.enter_context(a_database(kind)) if kind in SERVERS else f"sqlite:///{folder / 'minos.sqlite'}"
        if kind not in SERVERS:
            shutil.copyfile(_migrated_file(), folder / "minos.sqlite")
        engine = open_database(url)
        stack.callback(engine.dispose)
        yield engine


@cache
def _shared(kind: str) -> _Shared:
    url = _ENDING.enter_context(SERVERS[kind]())
    _migrate(url)
    return _Shared(kind, url)


@cache
def _migrated_file() -> Path:
    """A file of SQLite, as the migrations make it."""
    file = Path(_ENDING.enter_context(tempfile.TemporaryDirectory(prefix="minos-database-"))) / "minos.sqlite"
    _migrate(f"sqlite:///{file}")
    return file


def _migrate(url: str) -> None:
    engine = open_database(url)
    upgrade(engine)
    engine.dispose()


def _copied(connection: Connection, there: str, name: str) -> None:
    """MariaDB: every table with what is in it."""
    connection.execute(text(f"CREATE DATABASE {name} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"))
    connection.execute(text("SET FOREIGN_KEY_CHECKS=0"))
    connection.execute(text(f"USE {name}"))
    for (table,) in connection.execute(text(f"SHOW TABLES FROM {there}")).all():
        made = connection.execute(text(f"SHOW CREATE TABLE {there}.`{table}`")).one()[1]
        connection.exec_driver_sql(made.replace("%", "%%"))
        connection.execute(text(f"INSERT INTO `{table}` SELECT * FROM {there}.`{table}`"))


@contextmanager
def _place() -> Iterator[Path]:
    place = Path(tempfile.mkdtemp(prefix="minos-database-", dir=_quick_place()))
    if os.getuid() == 0:
        shutil.chown(place, "nobody")
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _quick_place() -> str | None:
    """Memory, where there is plenty: every table that MariaDB makes waits for the disk."""
    memory = Path("/dev/shm")
    return str(memory) if memory.is_dir() and shutil.disk_usage(memory).free > MEMORY_BYTES else None


def _as_somebody() -> dict[str, Any]:
    somebody: dict[str, Any] = {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.getuid() == 0 else {}
    return {**somebody, "env": {**os.environ, "PATH": SERVICE_PATH, "LC_ALL": "C.UTF-8", "HOME": "/nonexistent"}}


def _found(name: str) -> str:
    found = shutil.which(name, path=SERVICE_PATH)
    assert found, f"{name} is missing: tests/needs.sh --install"
    return found


def _do(place: Path, command: list[str]) -> None:
    done = subprocess.run(
        [_found(command[0]), *command[1:]], cwd=place, capture_output=True, text=True, check=False, **_as_somebody()
    )
    assert done.returncode == 0, done.stdout + done.stderr


@contextmanager
def _served(place: Path, command: list[str], url: str) -> Iterator[str]:
    log = place.with_suffix(".log")
    with log.open("wb") as output:
        server = subprocess.Popen(
            [_found(command[0]), *command[1:]], cwd=place, stdout=output, stderr=output, **_as_somebody()
        )
    engine = create_engine(url)
    try:
        deadline = time.monotonic() + PATIENCE
        while not _answers(engine):
            assert server.poll() is None and time.monotonic() < deadline, log.read_text()
            time.sleep(0.1)
        engine.dispose()  # of a database to which somebody is connected no copy can be made
        yield url
    finally:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
        log.unlink()


def _answers(engine: Engine) -> bool:
    try:
        with engine.connect():
            return True
    except OperationalError:
        return False
