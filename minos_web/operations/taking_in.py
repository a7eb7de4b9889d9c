"""Takes in what arrives: fetches imports, looks into what is whole, and gives it its place. The engine's threads do this."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from minos_web.console import Console
from minos_web.models.arrivals import Arrival
from minos_web.operations.arrivals import CHECKING, DONE, FAILED, FETCHING, WAITING, incoming_of, pieces_of
from minos_web.security.audit import NewEntry, record
from minos_web.store.arriving import BadPackage, measure
from minos_web.store.importing.builds import import_build
from minos_web.store.importing.from_directory import import_file
from minos_web.store.importing.from_maven import import_maven
from minos_web.store.importing.from_url import import_url
from minos_web.store.importing.source import Order
from minos_web.store.packages import READY, Sessions, admit

log = logging.getLogger(__name__)

TELL_SECONDS = 1.0
IMPORTS: dict[str, Callable[[Order, Console], None]] = {
    "url": lambda order, console: import_url(order, console.settings.import_urls, console.settings.import_private),
    "file": lambda order, console: import_file(order, console.settings.package_directories),
    "maven": lambda order, console: import_maven(order, console.settings.maven),
    "build": lambda order, console: import_build(order, console.settings.package_builds),
}


class NotWanted(Exception):
    """It was cancelled, or the engine ends."""


UNDER_WAY = (WAITING, FETCHING, CHECKING)


def waiting(console: Console) -> list[int]:
    """Arrivals that are to be carried on: new ones, and what an engine before this one was at."""
    with console.readers() as session:
        return list(session.scalars(select(Arrival.id).where(Arrival.state.in_(UNDER_WAY)).order_by(Arrival.id)))


@dataclass
class TakingIn:
    """One arrival. ``ending`` says whether the engine ends."""

    console: Console
    number: int
    ending: Callable[[], bool]
    _told: float = 0.0

    def run(self) -> None:
        """Carry it out; its row says how it ended. Raises DBAPIError when the database is away: nothing is lost then, and it
        is to be carried out once more.
        """
        try:
            self._take_in()
        except NotWanted:
            pass
        except BadPackage as error:
            self._end(FAILED, str(error))
        except DBAPIError:
            raise
        except OSError as error:
            log.warning("arrival %s: %s", self.number, error)
            self._end(FAILED, f"the console cannot keep it: {error}")
        except Exception:
            log.exception("arrival %s", self.number)
            self._end(FAILED, "the console failed at it; its log says why")

    def _take_in(self) -> None:
        row = self._set(state=FETCHING) if self._kind() != "upload" else self._set(state=CHECKING)
        pieces, incoming = pieces_of(self.console), replace(incoming_of(self.console, row), check=self._check)
        path = pieces.path(self.number)
        if row.kind != "upload":
            pieces.begin(self.number, row.size or 0)
            order = Order(row.source, path, incoming.max_bytes, incoming.keep_free, self._tell)
            IMPORTS[row.kind](order, self.console)
            self._set(state=CHECKING, message="")
        arrived = measure(path, incoming, lambda have: self._tell(have, path.stat().st_size, ""))
        with self.console.writers.begin() as session:
            package, created = admit(Sessions(self.console.readers, session), self.console.var, arrived, incoming)
            refused = package.state != READY
            values = {"state": DONE, "package_id": package.id, "created": created, "message": package.reason}
            ended = {"ended_at": time.time(), "have": arrived.size, "size": arrived.size}
            session.execute(update(Arrival).where(Arrival.id == self.number).values(**values, **ended))
            if created or refused:
                about = {"artifact": package.artifact, "name": package.name, "sha256": package.sha256}
                about |= {"from": f"{row.kind} {row.source}".strip()}
                what = "package.quarantine" if refused else "package.upload"
                entry = NewEntry(time.time(), row.created_by, what, f"package {package.id}", "", about)
                record(session, self.console.secret, entry)
        pieces.drop(self.number)

    def _kind(self) -> str:
        with self.console.readers() as session:
            return session.get_one(Arrival, self.number).kind

    def _check(self) -> None:
        """Raises NotWanted when the engine ends."""
        if self.ending():
            raise NotWanted

    def _set(self, **values: object) -> Arrival:
        """Write that down, unless it is not wanted any more. Raises NotWanted."""
        with self.console.writers.begin() as session:
            row = session.get(Arrival, self.number)
            if row is None or row.state not in UNDER_WAY or self.ending():
                raise NotWanted
            for name, value in values.items():
                setattr(row, name, value)
            session.flush()
            session.expunge(row)
            return row

    def _tell(self, have: int, size: int | None, words: str) -> None:
        now = time.monotonic()
        if now - self._told >= TELL_SECONDS:
            self._told = now
            try:
                self._set(have=have, **({"size": size} if size is not None else {}), message=words)
            except DBAPIError as error:  # how far it is may wait
                log.warning("arrival %s: %s", self.number, error)

    def _end(self, state: str, message: str) -> None:
        with self.console.writers.begin() as session:
            row = session.get(Arrival, self.number)
            if row is not None and row.state in UNDER_WAY:
                row.state, row.message, row.ended_at = state, message, time.time()
        pieces_of(self.console).drop(self.number)
