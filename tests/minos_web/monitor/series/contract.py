"""What every storage of samples must do: a table of cases that runs over each backend, whatever is below.

A case has batches, stored one after the other, a question, and the points that are told of each series. Every case has
metrics of its own, so that all can be run over one storage, in any order.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from minos_web.monitor.series.port import Sample, SeriesName, SeriesQuery

T0 = 1_700_006_400
"""The beginning of a window of every level but the longest."""

Points = list[list[float | None]]
Store = Callable[[str, Sequence[Sample]], Any]
"""Stores the samples of one batch under a name."""
Ask = Callable[[SeriesQuery], list[dict[str, Any]]]
"""The lines that fit."""


@dataclass(frozen=True)
class Case:
    """``told``: the lines that are expected, in order."""

    name: str
    batches: tuple[tuple[Sample, ...], ...]
    wanted: SeriesQuery
    told: tuple[tuple[SeriesName, Points], ...]


def check(case: Case, store: Store, ask: Ask) -> None:
    """Run one case. Raises AssertionError."""
    for number, batch in enumerate(case.batches):
        store(f"{case.name} {number}", batch)
    lines = ask(case.wanted)
    assert [(line["name"], line["labels"]) for line in lines] == [(name.metric, labels(name)) for name, _ in case.told]
    for line, (_, points) in zip(lines, case.told, strict=True):
        assert [point[0] for point in line["points"]] == [point[0] for point in points]
        for (_, told), (_, expected) in zip(line["points"], points, strict=True):
            assert told == (None if expected is None else pytest.approx(expected))


def labels(name: SeriesName) -> dict[str, str]:
    """The labels of a line of this series."""
    parts = ("host", "service", "cluster", "job", "task")
    return {part: getattr(name, part) for part in parts if getattr(name, part)}


def _samples(name: SeriesName, values: Sequence[float], every: int = 10, begin: int = T0) -> tuple[Sample, ...]:
    return tuple((name, begin + every * number, value) for number, value in enumerate(values))


def _one(metric: str, host: str = "a") -> SeriesName:
    return SeriesName(metric, host)


def _asked(metric: str, seconds: int, step: int, rate: bool = False, **more: Any) -> SeriesQuery:
    return SeriesQuery((metric,), T0, T0 + seconds, -(-seconds // step), rate=rate, **more)


def _simple() -> list[Case]:
    plain, small = _one("contract.plain"), _one("contract.small")
    values = (1.0, 2.5, -3.0, 0.0, 1e300, 2.0**53, 0.1)
    return [
        Case("as measured", (_samples(plain, values),), _asked(plain.metric, 100, 10),
             ((plain, [[T0 + 10 * n, value] for n, value in enumerate(values)]),)),
        Case("one sample", (_samples(small, [5.0]),), _asked(small.metric, 100, 10), ((small, [[T0, 5.0]]),)),
        Case("nothing", (), _asked("contract.nothing", 100, 10), ()),
    ]  # fmt: skip


def _averaged() -> list[Case]:
    found = []
    for step in (20, 60, 120, 600, 3600):
        name = _one(f"contract.averaged{step}")
        values = [float(number % 7) for number in range(720)]
        per, slots = step // 10, 7200 // step
        means = [[T0 + step * n, sum(values[n * per : (n + 1) * per]) / per] for n in range(slots)]
        found.append(
            Case(f"averages of {step} s", (_samples(name, values),), _asked(name.metric, 7199, step), ((name, means),))
        )
    uneven = _one("contract.uneven")
    values = tuple((uneven, T0 + at, float(value)) for at, value in ((0, 1), (1, 2), (2, 3), (30, 10), (70, 4)))
    found.append(Case("uneven distances", (values,), _asked(uneven.metric, 119, 60),
                      ((uneven, [[T0, 4.0], [T0 + 60, 4.0]]),)))  # fmt: skip
    return found


def _again() -> list[Case]:
    twice, late, second = _one("contract.twice"), _one("contract.late"), _one("contract.second")
    some = _samples(twice, [1.0, 2.0, 3.0])
    return [
        Case("what comes twice counts once", (some, some), _asked(twice.metric, 60, 10),
             ((twice, [[T0, 1.0], [T0 + 10, 2.0], [T0 + 20, 3.0]]),)),
        Case("late samples find their place", (_samples(late, [3.0], begin=T0 + 20), _samples(late, [1.0, 2.0])),
             _asked(late.metric, 60, 10), ((late, [[T0, 1.0], [T0 + 10, 2.0], [T0 + 20, 3.0]]),)),
        Case("a second keeps its first value", (_samples(second, [1.0, 2.0]), _samples(second, [7.0, 8.0, 3.0])),
             _asked(second.metric, 60, 10), ((second, [[T0, 1.0], [T0 + 10, 2.0], [T0 + 20, 3.0]]),)),
    ]  # fmt: skip


def _gaps() -> list[Case]:
    gap, slow = _one("contract.gap"), _one("contract.slow")
    rows = tuple((gap, T0 + at, 1.0) for at in (0, 10, 20, 30, 200, 210))
    return [
        Case("a gap is shown as one", (rows,), _asked(gap.metric, 299, 10), ((gap, [
            [T0, 1.0], [T0 + 10, 1.0], [T0 + 20, 1.0], [T0 + 30, 1.0], [T0 + 40, None], [T0 + 200, 1.0], [T0 + 210, 1.0]]),)),
        Case("where a minute is usual, a minute is no gap", (_samples(slow, [1.0] * 5, every=60),),
             _asked(slow.metric, 299, 10), ((slow, [[T0 + 60 * n, 1.0] for n in range(5)]),)),
    ]  # fmt: skip


def _rates() -> list[Case]:
    grown, anew, missing = _one("contract.grown"), _one("contract.anew"), _one("contract.missing")
    found = [
        Case("growth per second", (_samples(grown, [0.0, 20.0, 20.0, 50.0]),), _asked(grown.metric, 60, 10, rate=True),
             ((grown, [[T0 + 10, 2.0], [T0 + 20, 0.0], [T0 + 30, 3.0]]),)),
        Case("a counter that began anew never shrinks", (_samples(anew, [100.0, 120.0, 5.0, 25.0]),),
             _asked(anew.metric, 60, 10, rate=True), ((anew, [[T0 + 10, 2.0], [T0 + 30, 2.0]]),)),
        Case("growth over a gap", (tuple((missing, T0 + at, float(at)) for at in (0, 10, 20, 120, 130)),),
             _asked(missing.metric, 180, 10, rate=True),
             ((missing, [[T0 + 10, 1.0], [T0 + 20, 1.0], [T0 + 30, None], [T0 + 120, 1.0], [T0 + 130, 1.0]]),)),
    ]  # fmt: skip
    for step in (60, 600):
        name = _one(f"contract.grown{step}")
        samples = _samples(name, [3.0 * 10 * number for number in range(720)])
        told: Points = [[T0 + step * n, 3.0] for n in range(1, 7200 // step)]
        found.append(
            Case(f"growth of {step} s", (samples,), _asked(name.metric, 7199, step, rate=True), ((name, told),))
        )
    return found


ODD = (
    "a b",
    "ü/ß",
    "x:y",
    "%2F",
    "/",
    "/3A",
    "a|b",
    ".*",
    "*",
    "日本",
    "'; DROP TABLE series; --",
    "a,b=c{d}",
    '"\\',
    "A",
    "a",
)
"""Hosts that are spelt as nobody should."""


def _names() -> list[Case]:
    metric = "contract.odd:{} \"'/|*é"
    odd = [SeriesName(metric, host) for host in ODD]
    samples = tuple((name, T0, float(number)) for number, name in enumerate(odd))
    found = [
        Case(f"host {host!r}", (samples,), _asked(metric, 60, 10, host=host), ((name, [[T0, float(number)]]),))
        for number, (host, name) in enumerate(zip(ODD, odd, strict=True))
    ]
    full = SeriesName("contract.full", "h", "hbase", "main", "regionserver", "0")
    other = SeriesName("contract.full", "h", "hbase", "main", "regionserver", "1")
    whole = SeriesName("contract.full", "", "hbase", "main")
    batch = ((full, T0, 1.0), (other, T0, 2.0), (whole, T0, 3.0))
    found += [
        Case("by cluster", (batch,), _asked(full.metric, 60, 10, service="hbase", cluster="main"),
             ((whole, [[T0, 3.0]]), (full, [[T0, 1.0]]), (other, [[T0, 2.0]]))),
        Case("by task", (batch,), _asked(full.metric, 60, 10, job="regionserver", task="1"), ((other, [[T0, 2.0]]),)),
        Case("of no such cluster", (batch,), _asked(full.metric, 60, 10, cluster="contract"), ()),
        Case("at most so many", (batch,), _asked(full.metric, 60, 10, limit=1), ((whole, [[T0, 3.0]]),)),
    ]  # fmt: skip
    return found


CASES: tuple[Case, ...] = (*_simple(), *_averaged(), *_again(), *_gaps(), *_rates(), *_names())
"""All of them."""
