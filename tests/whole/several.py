"""A console of several processes: two for pages and two engines on one PostgreSQL, the second engine as on another machine."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import requests
from sqlalchemy import create_engine, text

from demo.api import Api, wait_for
from tests.minos_web.databases import postgresql
from tests.whole.site import SCRIPTS, Daemon, Site, a_site, free_base_port, free_port

LEASE_SECONDS = 4


@dataclass
class Several:
    """``site.console`` is the first process for pages. Of ``engines`` one works; ``wires`` are their endpoints."""

    folder: Path
    database: str
    wires: list[str]
    second_url: str = ""
    engines: list[Daemon] = field(default_factory=list)
    pages: Daemon | None = None
    site: Site | None = None

    def begin(self, site: Site) -> None:
        """The console's own process is up: now the others, and workers that know both engines."""
        first = site.folder / "console.ini"
        other = _like(site.folder / "console", site.folder / "other")
        second = first.with_name("second.ini")
        written, port = first.read_text(), free_port()
        self.second_url = f"http://127.0.0.1:{port}"
        second.write_text(
            written.replace(f"listen = {site.url.removeprefix('http://')}", f"listen = 127.0.0.1:{port}")
            .replace(self.wires[0], self.wires[1])
            .replace(f"minos.var = {site.folder / 'console'}\n", f"minos.var = {other}\n")
        )
        self.pages = Daemon([str(SCRIPTS / "pserve"), str(second)], site.folder / "pages.log")
        self.pages.start()
        for name, ini in (("a", first), ("b", second)):
            engine = Daemon([str(SCRIPTS / "minos-engine"), str(ini)], site.folder / f"engine-{name}.log")
            self.engines.append(engine)
        self.engines[0].start()
        wait_for("the first engine", partial(self.works, 0), 60)
        self.engines[1].start()
        for host in site.hosts:
            ini = host.root / "worker.ini"
            ini.write_text(ini.read_text().replace(self.wires[0], " ".join(self.wires)))
        wait_for("the second process for pages", self._second_answers, 60)

    def works(self, number: int) -> bool:
        """Whether this engine is the one at work, by the row that all see."""
        process = self.engines[number].process
        return process is not None and self.lease()[0].endswith(f":{process.pid}")

    def lease(self) -> tuple[str, int, float]:
        """Holder, epoch and last sign of life."""
        engine = create_engine(self.database)
        try:
            with engine.connect() as connection:
                query = text("SELECT holder, epoch, seen_at FROM leases WHERE name = 'engine'")
                row = connection.execute(query).one_or_none()
                return (str(row.holder), int(row.epoch), float(row.seen_at)) if row is not None else ("", 0, 0.0)
        finally:
            engine.dispose()

    def second_api(self, token: str) -> Api:
        """A client of the second process for pages."""
        return Api(self.second_url, token)

    def end(self) -> None:
        """All of it is gone."""
        for daemon in [*self.engines, *([self.pages] if self.pages else [])]:
            daemon.end()

    def _second_answers(self) -> bool:
        try:
            return requests.get(f"{self.second_url}/healthz", timeout=2).ok
        except requests.RequestException:
            return False


@contextmanager
def several(folder: Path, addresses: list[str]) -> Iterator[tuple[Site, Several]]:
    """A site with all of them, whose workers are approved and in touch."""
    base = free_base_port(["127.0.0.1"])
    with postgresql() as url:
        made = Several(folder, url, [f"tcp://127.0.0.1:{base + number}" for number in (0, 1)])
        options = {"database": url, "engine": "outside", "lease_seconds": LEASE_SECONDS, "wire_port": base}
        try:
            with a_site(folder / "site", addresses, made.begin, **options) as site:
                yield site, made
        finally:
            made.end()


def _like(var: Path, other: Path) -> Path:
    """The console's directory as another machine sees it: shared, but for the lock, which is each machine's own."""
    other.mkdir(mode=0o700)
    for name in ("packages", "outputs", "logs", "run-files", "packs", "imports"):
        (var / name).mkdir(exist_ok=True)
    for path in var.iterdir():
        if path.name not in ("engine.lock", "tmp"):
            (other / path.name).symlink_to(path)
    return other
