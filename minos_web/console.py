"""What every part of the console is given: settings, database, catalog and secrets. Knows no request and no thread."""

import os
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from minos_common.settings import ConsoleSettings, read_settings
from minos_web.catalog.loader import SHIPPED, Catalog, load_catalog
from minos_web.models.database import open_database, readers, writers


@dataclass(frozen=True)
class Console:
    """One console. ``readers`` and ``writers`` make sessions; ``secret`` signs tickets, cookies and the audit chain."""

    settings: ConsoleSettings
    engine: Engine
    readers: sessionmaker[Session]
    writers: sessionmaker[Session]
    catalog: Catalog
    secret: bytes

    @property
    def var(self) -> Path:
        """Directory of everything this console keeps."""
        return Path(self.settings.var)


def open_console(ini: dict[str, str], engine: Engine | None = None) -> Console:
    """The console that the keys of an ini's ``[app:main]`` describe; makes its directory and secret at first call.

    Raises BadSetting for a wrong key.
    """
    settings = read_settings(ConsoleSettings, {k: v for k, v in ini.items() if isinstance(v, str)}, "minos.")
    var = Path(settings.var)
    var.mkdir(parents=True, exist_ok=True, mode=0o700)
    engine = engine or open_database(ini["sqlalchemy.url"])
    services = [SHIPPED, *([Path(settings.services)] if settings.services else [])]
    return Console(
        settings, engine, readers(engine), writers(engine), load_catalog(services), _secret_at(var / "secret")
    )


def _secret_at(path: Path) -> bytes:
    """32 random bytes kept in ``path``, made at first call."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes()
    with os.fdopen(handle, "wb") as file:
        file.write(os.urandom(32))
        file.flush()
        os.fsync(file.fileno())
    return path.read_bytes()
