"""Whatever has newest figures to tell in Owl's shape. Another kind of thing is one more function here."""

from collections.abc import Callable, Iterator

from sqlalchemy.orm import Session

from minos_web.monitor.exposition import Around
from minos_web.monitor.owl_hbase import of_hbase
from minos_web.monitor.owl_shapes import Point, of_tasks
from minos_web.monitor.owl_storm import of_storm

SOURCES: tuple[Callable[[Session, Around], Iterator[Point]], ...] = (of_tasks, of_hbase, of_storm)


def points_of(session: Session, around: Around) -> Iterator[Point]:
    """Everything that is known and not old."""
    for source in SOURCES:
        yield from source(session, around)
