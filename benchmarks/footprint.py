"""Memory and processor time of a worker and its keepers beside supervisord: `make bench`, docs/benchmarks.md."""

import argparse
import itertools
import json
import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks import machine
from benchmarks.minos_side import REAL, MinosSide
from benchmarks.sides import Figures, Side, measure
from benchmarks.supervisord_side import SupervisordSide
from benchmarks.table import markdown

TOP = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Plan:
    """What is measured: each count of tasks on both sides, ``passes`` times. ``window`` is in seconds."""

    counts: tuple[int, ...] = (0, 20, 100)
    window: float = 60.0
    passes: int = 3
    beat_seconds: float = REAL.beat_seconds
    sample_seconds: float = REAL.sample_seconds


def run(plan: Plan, say: Callable[[str], None]) -> list[Figures]:
    """All figures of a plan, one side at a time; the sides take turns in going first."""
    found: list[Figures] = []
    command = sleeper()
    with tempfile.TemporaryDirectory(prefix=f"bench-{os.getpid()}-") as folder:
        for turn, tasks in itertools.product(range(plan.passes), plan.counts):
            sides = both(plan, Path(folder) / f"{turn}-{tasks}", command, tasks)
            for make in sides if turn % 2 == 0 else sides[::-1]:
                found.append(measure(make, tasks, "sleep", plan.window))
                say(_line(turn, found[-1]))
    return found


def sleeper() -> list[str]:
    """The command of every task on either side; its argument is no other process's on this host."""
    return ["/bin/sleep", f"86400.{os.getpid()}"]


def both(plan: Plan, folder: Path, command: list[str], tasks: int) -> list[Callable[[], Side]]:
    """Makers of the two sides."""
    rates = plan.beat_seconds, plan.sample_seconds
    return [
        lambda: MinosSide(folder / "m", command, tasks, *rates),
        lambda: SupervisordSide(folder / "s", command, tasks),
    ]


def _line(turn: int, figures: Figures) -> str:
    parts = ", ".join(
        f"{part.processes} {name} {part.alone_bytes / 1024:.0f} KiB alone, {part.cpu_seconds_per_minute:.3f} s/min"
        for name, part in figures.parts.items()
    )
    return f"pass {turn + 1}, {figures.tasks} tasks, {figures.side}: {parts}"


def main() -> None:
    """Measure, print the table, keep everything as JSON."""
    plan = Plan()
    options = argparse.ArgumentParser(prog="python -m benchmarks.footprint", description=__doc__)
    options.add_argument("--tasks", type=int, nargs="+", default=list(plan.counts), help="how many tasks, each in turn")
    options.add_argument("--window", type=float, default=plan.window, help="seconds over which CPU is measured")
    options.add_argument("--passes", type=int, default=plan.passes, help="how often; the median counts")
    options.add_argument("--into", type=Path, default=TOP / "var/bench", help="directory of the JSON file")
    chosen = options.parse_args()
    plan = Plan(tuple(chosen.tasks), chosen.window, chosen.passes)
    about = machine.described()
    found = run(plan, lambda line: print(line, flush=True))
    chosen.into.mkdir(parents=True, exist_ok=True)
    path = chosen.into / time.strftime("footprint-%Y%m%d-%H%M%S.json")
    everything = {"about": about, "plan": asdict(plan), "figures": [asdict(one) for one in found]}
    path.write_text(json.dumps(everything, indent=1) + "\n")
    print("\n" + markdown(found, about) + f"\n{path}")


if __name__ == "__main__":
    main()
