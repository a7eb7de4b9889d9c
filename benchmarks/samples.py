"""Samples into each database beside plain rows, bytes of one on disk, time of questions: docs/benchmarks.md."""

import argparse
import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import Column, Double, Engine, Integer, MetaData, Table, insert, text
from sqlalchemy.orm import Session

from benchmarks import machine
from minos_web.models.database import open_database
from minos_web.monitor.series.asking import query
from minos_web.monitor.series.gathering import gather, origins, prune, roll_up
from minos_web.monitor.series.port import Batch, Sample, SeriesName, SeriesQuery
from minos_web.monitor.series.writing import SeriesWriter
from minos_web.scripts.migrate import upgrade
from tests.minos_web.databases import mariadb, postgresql

T0 = 1_700_006_400
PERIOD = 10
HOUR, DAY = 3600, 86400


@dataclass(frozen=True)
class Size:
    """How much: ``hosts`` with so many ``figures`` each for ``hours``; 50 series for ``days`` of one sample in ten minutes."""

    hosts: int = 5
    figures: int = 400
    hours: float = 6.0
    days: int = 30
    repeats: int = 20


@dataclass(frozen=True)
class Figures:
    """Rates in samples a second of one core's wall time: ``taken`` as they come, ``kept`` with gathering and rolling up,
    ``plain`` into a table of (series, second, value) rows, by a bulk insert of the same batches. Bytes of a sample on disk;
    ``after`` when samples are gone and buckets are left. Milliseconds of questions, the median.
    """

    database: str
    samples: int
    taken: float
    kept: float
    plain: float
    bytes: float
    plain_bytes: float
    after: float
    one_hour: float
    fifty_hour: float
    one_all: float
    one_month: float
    fifty_month: float


def measure(name: str, url: str, size: Size) -> Figures:
    """All figures of one database, which is empty."""
    engine = open_database(url)
    upgrade(engine)
    stored = list(batches(size))
    samples = sum(len(rows) for _, rows in stored)
    plain, plain_bytes = _plain(engine, stored)
    before = _disk(engine)
    taken = _seconds(lambda: _take(engine, stored))
    gathered = _seconds(lambda: _gather(engine))
    rolled = _seconds(lambda: _roll(engine))
    whole = _disk(engine) - before
    end = T0 + int(size.hours * HOUR)
    asks = [
        ((1, end - HOUR, end), 300), ((50, end - HOUR, end), 300), ((1, T0, end), 300),
    ]  # fmt: skip
    short = [_ask(engine, size, *ask) for ask in asks]
    _month(engine, size.days)
    month = [_ask(engine, size, (count, T0, T0 + size.days * DAY), 300) for count in (1, 50)]
    with Session(engine) as session:
        prune(session, {0: T0 + 1000 * DAY, 60: 0, 600: 0, 3600: 0})
        session.commit()
    after = _buckets_bytes(engine)
    engine.dispose()
    return Figures(
        name, samples, samples / taken, samples / (taken + gathered + rolled), samples / plain,
        whole / samples, plain_bytes / samples, after / samples, *short, *month,
    )  # fmt: skip


def batches(size: Size) -> Iterator[tuple[Batch, list[Sample]]]:
    """What the workers of so many hosts send, in order of time."""
    chance = random.Random(7)
    names = [
        [SeriesName(f"x.figure{number}", f"host-{host}", "hbase", "main", "regionserver", "0") for number in range(size.figures)]
        for host in range(size.hosts)
    ]  # fmt: skip
    walks = [[chance.uniform(0, 1000) for _ in range(size.figures)] for _ in range(size.hosts)]
    for tick in range(int(size.hours * HOUR) // PERIOD):
        for host in range(size.hosts):
            walk = walks[host]
            for number in range(size.figures):
                walk[number] = _next(walk[number], number % 4, chance)
            at = T0 + tick * PERIOD
            yield Batch("bench", f"{host}-{tick}"), [(name, at, walk[n]) for n, name in enumerate(names[host])]


def _next(value: float, kind: int, chance: random.Random) -> float:
    """A constant, a counter, a whole number that moves now and then, a measured one."""
    match kind:
        case 0:
            return value
        case 1:
            return float(int(value) + chance.randrange(500))
        case 2:
            return float(int(value) + (chance.random() < 0.1))
        case _:
            return round(abs(value + chance.gauss(0, 5)), 1)


def _take(engine: Engine, stored: list[tuple[Batch, list[Sample]]]) -> None:
    writer = SeriesWriter()
    for batch, rows in stored:
        with Session(engine) as session:
            writer.store(session, batch, rows)
            session.commit()


def _gather(engine: Engine) -> None:
    with Session(engine) as session:
        for origin in origins(session):
            while gather(session, origin):
                session.commit()


def _roll(engine: Engine) -> None:
    with Session(engine) as session:
        while roll_up(session, T0 + 1000 * DAY):
            session.commit()


def _plain(engine: Engine, stored: list[tuple[Batch, list[Sample]]]) -> tuple[float, float]:
    metadata = MetaData()
    rows = Table(
        "plain_rows", metadata, Column("series", Integer, primary_key=True, autoincrement=False),
        Column("at", Integer, primary_key=True, autoincrement=False), Column("value", Double), sqlite_with_rowid=False,
    )  # fmt: skip
    metadata.create_all(engine)
    ids: dict[SeriesName, int] = {}
    before = _disk(engine)

    def put() -> None:
        for _, some in stored:
            values = [{"series": ids.setdefault(n, len(ids)), "at": at, "value": value} for n, at, value in some]
            with engine.begin() as connection:
                connection.execute(insert(rows), values)

    seconds = _seconds(put)
    size = _disk(engine) - before
    metadata.drop_all(engine)
    return seconds, size


def _month(engine: Engine, days: int) -> None:
    writer = SeriesWriter()
    for day in range(days):
        with Session(engine) as session:
            for number in range(50):
                name = SeriesName(f"month.figure{number}", "host-m")
                times = range(T0 + day * DAY, T0 + (day + 1) * DAY, 600)
                writer.store(session, Batch("month", f"{day}-{number}"), [(name, at, float(at % 977)) for at in times])
            session.commit()
    _gather(engine)
    _roll(engine)


def _ask(engine: Engine, size: Size, what: tuple[int, int, int], points: int) -> float:
    count, start, end = what
    kind = "month" if end - start > DAY else "x"
    wanted = SeriesQuery(tuple(f"{kind}.figure{n}" for n in range(count)), start, end, points, limit=count)
    found = []
    for _ in range(size.repeats):
        with Session(engine) as session:
            begin = time.perf_counter()
            lines = query(session, wanted)
            found.append((time.perf_counter() - begin) * 1000)
            assert len(lines) == min(count, size.figures if kind == "x" else 50) and lines[0]["points"]
    return statistics.median(found)


def _disk(engine: Engine) -> int:
    """Bytes that the database takes on disk."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        match engine.dialect.name:
            case "sqlite":
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
                return Path(str(engine.url.database)).stat().st_size - _free(connection.exec_driver_sql)
            case "postgresql":
                connection.exec_driver_sql("VACUUM FULL")
                return int(connection.scalar(text("SELECT pg_database_size(current_database())")) or 0)
            case _:
                tables = connection.scalars(text("SHOW TABLES")).all()
                for table in tables:
                    connection.exec_driver_sql(f"OPTIMIZE TABLE `{table}`").all()
                size = "SELECT SUM(data_length + index_length) FROM information_schema.tables WHERE table_schema = DATABASE()"
                return int(connection.scalar(text(size)) or 0)


def _free(run: Callable[..., object]) -> int:
    pages, size = (run(f"PRAGMA {word}").scalar() for word in ("freelist_count", "page_size"))  # type: ignore[attr-defined]
    return int(pages) * int(size)


def _buckets_bytes(engine: Engine) -> int:
    """Bytes of the buckets of what was measured for hours, without the month."""
    wanted = (
        "SELECT SUM(LENGTH(sample_chunks.packed)) FROM sample_chunks JOIN series ON series.id = sample_chunks.series_id"
        " WHERE series.metric LIKE 'x.%'"
    )
    with engine.connect() as connection:
        return int(connection.scalar(text(wanted)) or 0)


def _seconds(do: Callable[[], None]) -> float:
    begin = time.perf_counter()
    do()
    return time.perf_counter() - begin


def table(found: list[Figures]) -> str:
    """The figures as a table in Markdown."""
    head = "| | " + " | ".join(one.database for one in found) + " |\n|---|" + "---:|" * len(found)
    rows: list[tuple[str, Callable[[Figures], str]]] = [
        ("taken in, samples/s", lambda one: f"{one.taken:,.0f}"),
        ("taken in, gathered and rolled up, samples/s", lambda one: f"{one.kept:,.0f}"),
        ("plain rows, samples/s", lambda one: f"{one.plain:,.0f}"),
        ("**ratio to plain rows**", lambda one: f"{one.kept / one.plain:.1f}"),
        ("bytes of a sample on disk, with its buckets", lambda one: f"{one.bytes:.1f}"),
        ("of a plain row", lambda one: f"{one.plain_bytes:.1f}"),
        ("of a sample when only buckets are left", lambda one: f"{one.after:.2f}"),
        ("1 series, 1 h, ms", lambda one: f"{one.one_hour:.2f}"),
        ("50 series, 1 h, ms", lambda one: f"{one.fifty_hour:.1f}"),
        ("1 series, all hours, ms", lambda one: f"{one.one_all:.2f}"),
        ("1 series, 30 days, ms", lambda one: f"{one.one_month:.2f}"),
        ("50 series, 30 days, ms", lambda one: f"{one.fifty_month:.1f}"),
    ]
    return "\n".join([head, *(f"| {title} | {' | '.join(map(tell, found))} |" for title, tell in rows)])


@contextmanager
def databases(names: list[str]) -> Iterator[dict[str, str]]:
    """Name -> URL of an empty database of each kind."""
    with ExitStack() as stack:
        found = {}
        for name in names:
            if name == "sqlite":
                folder = stack.enter_context(tempfile.TemporaryDirectory())
                found[name] = f"sqlite:///{folder}/minos.sqlite"
            else:
                found[name] = stack.enter_context({"postgresql": postgresql, "mariadb": mariadb}[name]())
        yield found


def main() -> None:
    """Measure, print the table, keep everything as JSON."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.samples", description=__doc__)
    options.add_argument("--databases", nargs="+", default=["sqlite", "postgresql", "mariadb"])
    options.add_argument("--hosts", type=int, default=Size.hosts)
    options.add_argument("--hours", type=float, default=Size.hours)
    options.add_argument("--json", type=Path, help="a file for every figure")
    chosen = options.parse_args()
    size = Size(chosen.hosts, hours=chosen.hours)
    with databases(chosen.databases) as urls:
        found = [measure(name, url, size) for name, url in urls.items()]
    print(table(found))
    if chosen.json:
        chosen.json.parent.mkdir(parents=True, exist_ok=True)
        about = {"about": machine.described(), "size": asdict(size), "figures": [asdict(one) for one in found]}
        chosen.json.write_text(json.dumps(about, indent=1) + "\n")


if __name__ == "__main__":
    main()
