"""Samples into a real OpenTSDB on a real HBase of one process, beside bare requests to it; time of questions: docs/benchmarks.md."""

import argparse
import gzip
import json
import statistics
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import msgspec
import requests
from sqlalchemy import delete

from benchmarks import machine
from benchmarks.samples import DAY, HOUR, T0, Size, batches
from minos_web.console import Console, open_console
from minos_web.models.series import SampleChunk
from minos_web.monitor.series.choosing import Asking
from minos_web.monitor.series.forwarding import Forwarder
from minos_web.monitor.series.gathering import gather, origins
from minos_web.monitor.series.opentsdb import OpenTsdb
from minos_web.monitor.series.port import Sample, SeriesQuery
from minos_web.monitor.series.spelling import spelt, tags_of
from minos_web.monitor.series.writing import SeriesWriter
from minos_web.scripts.migrate import upgrade
from tests.conftest import assembled
from tests.whole.timeseries import Tsdb, a_tsdb

SETTINGS = {"tsd__http__request__enable_chunked": "true", "tsd__http__request__max_chunk": str(2 * 1024**2)}
AT_ONCE = 20_000
"""Points of a bare request: as many as the console hands over at once."""


@dataclass(frozen=True)
class Figures:
    """Points a second of wall time: ``forwarded`` as the console does it, out of its tables, of which ``own`` seconds of
    its processor for a million points; ``bare`` when ready-made requests are sent by one client. Milliseconds of
    questions, the median, from OpenTSDB alone.
    """

    points: int
    forwarded: float
    own: float
    bare: float
    one_hour: float
    fifty_hour: float


def measure(tsdb: Tsdb, folder: Path, size: Size, at_once: int = AT_ONCE) -> Figures:
    """All figures, with a console of its own in ``folder``; bare requests have ``at_once`` points."""
    url = f"sqlite:///{folder / 'minos.sqlite'}"
    console = open_console({"sqlalchemy.url": url, "minos.var": str(folder), "minos.opentsdb_url": tsdb.url})
    try:
        upgrade(console.engine)
        points = _store(console, size)
        own, began = time.process_time(), time.perf_counter()
        later = T0 + 800 * float(DAY)
        sent = Forwarder(console, OpenTsdb(tsdb.url)).forward(later)
        took, own = time.perf_counter() - began, time.process_time() - own
        assert sent == points, f"{sent} of {points} points were kept"
        bare = _bare(tsdb, size, at_once)
        with console.writers.begin() as session:
            session.execute(delete(SampleChunk))
        asked = [_ask(console, size, number, later) for number in (1, min(50, size.figures))]
    finally:
        console.engine.dispose()
    return Figures(points, points / took, own / points * 1e6, bare, *asked)


def _store(console: Console, size: Size) -> int:
    writer, points = SeriesWriter(), 0
    for batch, rows in batches(size):
        points += len(rows)
        with console.writers.begin() as session:
            writer.store(session, batch, rows)
    with console.writers.begin() as session:
        for origin in origins(session):
            while gather(session, origin):
                pass
    return points


def _bare(tsdb: Tsdb, size: Size, at_once: int) -> float:
    """Other points of the same shape, an hour later, in requests that were made beforehand."""
    rows = [row for _, some in batches(size) for row in some]
    bodies = [_body(rows[at : at + at_once]) for at in range(0, len(rows), at_once)]
    began = time.perf_counter()
    with requests.Session() as client:
        for body in bodies:
            headers = {"Content-Encoding": "gzip", "Content-Type": "application/json"}
            answer = client.post(f"{tsdb.url}/api/put?summary&sync", data=body, headers=headers, timeout=60)
            assert answer.ok, answer.text[:300]
    return len(rows) / (time.perf_counter() - began)


def _body(rows: list[Sample]) -> bytes:
    points = [
        {"metric": spelt(name.metric), "timestamp": int(at) + 100 * DAY, "value": value, "tags": tags_of(name)}
        for name, at, value in rows
    ]
    return gzip.compress(msgspec.json.encode(points), 5)


def _ask(console: Console, size: Size, number: int, now: float) -> float:
    end = T0 + int(size.hours * HOUR)
    wanted = SeriesQuery(tuple(f"x.figure{n}" for n in range(number)), max(T0, end - HOUR), end, 300, limit=number)
    found = []
    for _ in range(size.repeats):
        with console.readers() as session:
            began = time.perf_counter()
            lines = Asking(session, console.settings, now).lines(wanted)
            found.append((time.perf_counter() - began) * 1000)
            assert lines and lines[0]["points"]
    return statistics.median(found)


def table(found: Figures) -> str:
    """The figures as a table in Markdown."""
    rows = [
        ("handed on by the console, points/s", f"{found.forwarded:,.0f}"),
        ("bare requests of one client, points/s", f"{found.bare:,.0f}"),
        ("**ratio to bare requests**", f"{found.forwarded / found.bare:.2f}"),
        ("the console's own processor time, s for a million points", f"{found.own:.1f}"),
        ("1 series, 1 h, ms", f"{found.one_hour:.1f}"),
        ("50 series, 1 h, ms", f"{found.fifty_hour:.0f}"),
    ]
    return "\n".join(["| | opentsdb |\n|---|---:|", *(f"| {title} | {value} |" for title, value in rows)])


def main() -> None:
    """Measure, print the table, keep everything as JSON."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.opentsdb", description=__doc__)
    options.add_argument("--hosts", type=int, default=Size.hosts)
    options.add_argument("--hours", type=float, default=1.0)
    options.add_argument("--json", type=Path, help="a file for every figure")
    chosen = options.parse_args()
    size = Size(chosen.hosts, hours=chosen.hours)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "console").mkdir()
        (Path(folder) / "tsdb").mkdir()
        with a_tsdb(Path(folder) / "tsdb", assembled("hbase"), assembled("opentsdb"), **SETTINGS) as tsdb:
            found = measure(tsdb, Path(folder) / "console", size)
    print(table(found))
    if chosen.json:
        chosen.json.parent.mkdir(parents=True, exist_ok=True)
        about = {"about": machine.described(), "size": asdict(size), "figures": asdict(found)}
        chosen.json.write_text(json.dumps(about, indent=1) + "\n")


if __name__ == "__main__":
    main()
