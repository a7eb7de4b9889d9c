"""Real database servers of a test, on loopback, each in a directory of its own, gone afterwards.

Neither server runs as root; pytest's directories are closed to others, so theirs lie beside them.
"""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import OperationalError

from minos_web.models.database import open_database
from minos_web.scripts.migrate import upgrade
from tests.whole.site import free_port

PATIENCE = 60
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


@contextmanager
def made_database(kind: str, folder: Path) -> Iterator[Engine]:
    """A new database of one of these kinds, as the migrations make it."""
    with SERVERS[kind]() if kind in SERVERS else nullcontext(f"sqlite:///{folder / 'minos.sqlite'}") as url:
        engine = open_database(url)
        try:
            upgrade(engine)
            yield engine
        finally:
            engine.dispose()


@contextmanager
def _place() -> Iterator[Path]:
    place = Path(tempfile.mkdtemp(prefix="minos-database-"))
    if os.getuid() == 0:
        shutil.chown(place, "nobody")
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


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
        yield url
    finally:
        engine.dispose()
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
