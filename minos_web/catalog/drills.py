"""What a service folder may say of failover drills: who is killed, and what must hold afterwards."""

from typing import Annotated

from msgspec import Meta

from minos_web.catalog.clients import ClientStep
from minos_web.catalog.shape import Data, JobName, Name


class Drill(Data, frozen=True):
    """The process of the one task of ``job`` whose ``figure`` has one of ``values`` is killed, as a fault would. It is over
    when a task of the job, whichever, says one of them again, and should be within ``limit_seconds``; then the facts of a
    rolling update must hold. ``before`` writes something first, ``after`` must find it and write again, and ``cleanup``
    takes it away however the drill ends. They are run on the host of another task of the job.
    """

    name: Name
    title: str
    about: str
    job: JobName
    figure: str
    values: Annotated[tuple[str, ...], Meta(min_length=1)]
    limit_seconds: Annotated[float, Meta(gt=0, le=3600)] = 60.0
    before: tuple[ClientStep, ...] = ()
    after: tuple[ClientStep, ...] = ()
    cleanup: tuple[ClientStep, ...] = ()

    @property
    def steps(self) -> tuple[ClientStep, ...]:
        """Every client command of it."""
        return (*self.before, *self.after, *self.cleanup)
