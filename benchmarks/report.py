"""Makes docs/performance.md of what benchmarks left in var/bench: ``python -m benchmarks.report``, the end of `make bench`."""

import argparse
import json
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks import alerts, charts, machine, many_table, opentsdb, packages, pages, plan, samples, starting
from benchmarks import table as footprint
from benchmarks.sides import Figures as Footprint
from benchmarks.sides import Part

TOP = Path(__file__).resolve().parent.parent
HEAD = """\
# Performance

Figures of `make bench`, collected by `python -m benchmarks.report`: do not edit this page. What is measured, how, and how to read it
is in [benchmarks.md](benchmarks.md). Ratios to a peer in the same run hold; seconds are those of this machine. **Bold** misses its
target.

"""


class Section(NamedTuple):
    """Of one benchmark: its files below var/bench (the newest of a pattern, or all), and its figures as Markdown."""

    title: str
    pattern: str
    text: Callable[[list[Any]], str]
    every: bool = False


def _fleet(found: list[Any]) -> str:
    by_size = sorted(found, key=lambda one: int(one["hosts"]))
    for one in by_size:
        if "quiet" in one:
            one["quiet"]["memory_mib"] = one["quiet"]["memory"] / 2**20
    rows = [row for one in by_size for row in one["fan_out"]]
    return f"{many_table.fan_out(rows)}\n\n{many_table.others(by_size)}"


def _packages(found: list[Any]) -> str:
    one = found[0]
    sent = packages.Upload(**one["upload"]) if one["upload"] else None
    return packages.table([packages.Spread(**row) for row in one["spreads"]], sent)


def _footprint(found: list[Any]) -> str:
    rows = [{**row, "parts": {k: Part(**v) for k, v in row["parts"].items()}} for row in found[0]["figures"]]
    return footprint.markdown([Footprint(**row) for row in rows], found[0]["about"])


SECTIONS = (
    Section("Many workers", "many*.json", _fleet, every=True),
    Section("A plan", "plan.json", lambda found: plan.table([plan.Figures(**row) for row in found[0]])),
    Section(
        "Start, status and stop beside supervisord",
        "starting.json",
        lambda found: starting.table([starting.Figures(**row) for row in found[0]["figures"]]),
    ),
    Section("Footprint beside supervisord", "footprint-*.json", _footprint),
    Section("A package to many hosts", "packages.json", _packages),
    Section(
        "Samples",
        "samples.json",
        lambda found: samples.table([samples.Figures(**row) for row in found[0]["figures"]]),
    ),
    Section("OpenTSDB", "opentsdb.json", lambda found: opentsdb.table(opentsdb.Figures(**found[0]["figures"]))),
    Section("Charts", "charts.json", lambda found: charts.table(charts.Figures(**found[0]["charts"]))),
    Section(
        "A round of alerts", "alerts.json", lambda found: alerts.table([alerts.Figures(**row) for row in found[0]])
    ),
    Section("Pages", "pages.json", lambda found: pages.table([pages.Figures(**row) for row in found[0]["pages"]])),
)


def report(folder: Path) -> str:
    """The page of what lies in ``folder``."""
    about = machine.described()
    parts = [HEAD, ", ".join(f"{name} {value}" for name, value in about.items() if name != "date"), "\n"]
    for section in SECTIONS:
        files = sorted(folder.glob(section.pattern), key=lambda path: path.stat().st_mtime)
        if files:
            parts.append(f"\n## {section.title}\n{_when(files)}\n\n{section.text(_read(files, section.every))}\n")
    return "".join(parts)


def _read(files: list[Path], every: bool) -> list[Any]:
    return [json.loads(path.read_text()) for path in (files if every else files[-1:])]


def _when(files: Iterable[Path]) -> str:
    newest = max(path.stat().st_mtime for path in files)
    return time.strftime("Measured on %Y-%m-%d %H:%M UTC.", time.gmtime(newest))


def main() -> None:
    """``python -m benchmarks.report [--from FOLDER] [--into FILE]``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--from", dest="folder", type=Path, default=TOP / "var/bench")
    parser.add_argument("--into", type=Path, default=TOP / "docs/performance.md")
    given = parser.parse_args()
    given.into.write_text(report(given.folder))
    print(given.into)


if __name__ == "__main__":
    main()
