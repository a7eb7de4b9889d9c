"""The words of the storage of samples: what a series, a batch and a question are. PURE."""

import math
from dataclasses import dataclass
from typing import Any, NamedTuple


class SeriesName(NamedTuple):
    """What is measured where. Empty texts where a part does not apply. A tuple: millions of them are looked up."""

    metric: str
    host: str
    service: str = ""
    cluster: str = ""
    job: str = ""
    task: str = ""

    @property
    def origin(self) -> str:
        """Where its samples come from, which says in what batches to look for them: the host, or the cluster if it is not
        of one host.
        """
        return self.host or f"{self.service}/{self.cluster}"


PARTS = ("host", "service", "cluster", "job", "task")
"""The labels of a series."""

Sample = tuple[SeriesName, int, float]
"""(series, second since the epoch, value)."""


@dataclass(frozen=True)
class Batch:
    """Samples that come together: what ``sender`` sends twice under one ``id`` counts once."""

    sender: str
    id: str


@dataclass(frozen=True)
class SeriesQuery:
    """Which series, and when: epoch seconds; about ``points`` values per series come back. Empty texts match all.

    ``rate`` turns counters into growth per second; a counter that began anew gives a gap, never a negative rate.
    """

    metrics: tuple[str, ...]
    start: float
    end: float
    points: int = 300
    host: str = ""
    service: str = ""
    cluster: str = ""
    job: str = ""
    task: str = ""
    rate: bool = False
    limit: int = 200

    @property
    def step(self) -> int:
        """Whole seconds between two points of the answer."""
        return max(1, math.ceil((self.end - self.start) / max(1, self.points)))


Line = dict[str, Any]
"""{name, labels, points: [(second, value or None), ...]}: averages over equal steps; None where nothing was measured."""
