"""Start, status and stop of some processes, by Minos and by supervisord in the same run: docs/performance.md."""

import argparse
import itertools
import json
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

from benchmarks import machine
from benchmarks.footprint import Plan, both, sleeper
from benchmarks.sides import Side, running, wait_for

COUNTS = (1, 20, 100)
WHAT = ("start", "status", "stop")


@dataclass(frozen=True)
class Figures:
    """Seconds of one side with so many processes: until the last one's program runs, until all are told, until all are gone."""

    side: str
    tasks: int
    start: float
    status: float
    stop: float


def measure(make: Callable[[], Side], tasks: int, program: str) -> Figures:
    """Bring a side up, start, ask and stop; take it down. Raises NotSo."""
    with make() as side:
        begin = time.monotonic()
        side.start_tasks()
        wait_for(lambda: len(running(side.daemon, program)) == tasks, f"{tasks} tasks of {side.name} run")
        start = time.monotonic() - begin
        side.settle()
        begin = time.monotonic()
        side.tell_status()
        status = time.monotonic() - begin
        begin = time.monotonic()
        side.stop_tasks()
        wait_for(lambda: not running(side.daemon, program), f"the tasks of {side.name} are gone")
        return Figures(side.name, tasks, start, status, time.monotonic() - begin)


def run(counts: Sequence[int], passes: int, say: Callable[[str], object]) -> list[Figures]:
    """Both sides, who take turns in going first."""
    found: list[Figures] = []
    plan, command = Plan(), sleeper()
    with tempfile.TemporaryDirectory(prefix=f"bench-{os.getpid()}-") as folder:
        for turn, tasks in itertools.product(range(passes), counts):
            sides = both(plan, Path(folder) / f"{turn}-{tasks}", command, tasks)
            for make in sides if turn % 2 == 0 else sides[::-1]:
                found.append(measure(make, tasks, "sleep"))
                say(str(found[-1]))
    return found


def table(found: Sequence[Figures]) -> str:
    """Medians as a table of Markdown, with the ratio of the two."""
    lines = ["| | Minos (s) | supervisord (s) | ratio |", "|---|---:|---:|---:|"]
    for what, tasks in itertools.product(WHAT, sorted({one.tasks for one in found})):
        ours, theirs = (
            median(getattr(one, what) for one in found if one.side == side and one.tasks == tasks)
            for side in ("minos", "supervisord")
        )
        lines.append(f"| {what} of {tasks} | {ours:.3f} | {theirs:.3f} | {ours / theirs:.1f} |")
    return "\n".join(lines)


def main() -> None:
    """``python -m benchmarks.starting [--json FILE]``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, nargs="+", default=list(COUNTS))
    parser.add_argument("--passes", type=int, default=3)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    found = run(given.tasks, given.passes, lambda line: print(line, flush=True))
    print(table(found))
    if given.json:
        given.json.parent.mkdir(parents=True, exist_ok=True)
        figures = {"machine": machine.described(), "figures": [asdict(one) for one in found]}
        given.json.write_text(json.dumps(figures, indent=1) + "\n")


if __name__ == "__main__":
    main()
