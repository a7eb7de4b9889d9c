"""What a service folder may say of facts: which pages tell them, and what becomes of their numbers."""

from typing import Annotated

from msgspec import Meta

from minos_web.catalog.shape import Data, Name


class Total(Data, frozen=True):
    """Numbers of all facts of a kind in a cluster taken together, stored as series ``<service>.<name>.<number>``; with ``by``,
    the name of a text, once for each of its values: ``<service>.<name>.<number>:<value>``.

    ``means`` are weighted: number -> the number that says how much each counts.
    """

    name: Name
    by: str = ""
    sums: tuple[str, ...] = ()
    largest: tuple[str, ...] = ()
    smallest: tuple[str, ...] = ()
    means: dict[str, str] = {}


class FactKind(Data, frozen=True):
    """A kind of fact. Of each of its ``counters``, numbers that only grow, there is ``<counter>_per_second`` as well.
    ``unique``: a key is that of one thing in the whole cluster, e.g. a region; when it moves two tasks tell it for a moment,
    and the later one counts. ``windows``: counter -> numbers that tell of its latest growth only, e.g. percentiles: they are
    left out while it does not grow.
    """

    name: Name
    title: str
    unique: bool = False
    counters: tuple[str, ...] = ()
    windows: dict[str, tuple[str, ...]] = {}
    totals: tuple[Total, ...] = ()


class FactSource(Data, frozen=True):
    """A page of a job's tasks that tells facts. ``reader`` is one of minos_worker/stats/facts; ``port`` and ``path`` are those of
    the status page where they are empty (and then it is fetched once). It is read every ``every`` periods of figures.
    ``where``: only tasks with these words count, e.g. the active one of two that tell the same. ``gathered_seconds``: its
    daemon gathers its numbers anew when it is asked so long after the last time, and answers the same until then; growth is
    then between two gatherings.
    """

    reader: Name
    kinds: Annotated[tuple[FactKind, ...], Meta(min_length=1)]
    port: str = ""
    path: str = ""
    every: Annotated[int, Meta(ge=1, le=360)] = 1
    where: dict[str, tuple[str, ...]] = {}
    gathered_seconds: Annotated[float, Meta(ge=0, le=600)] = 0.0
