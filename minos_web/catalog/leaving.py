"""What a service folder may say of taking tasks out of service so that nothing is lost, and of taking them back."""

from typing import Annotated, Literal

from msgspec import Meta

from minos_web.catalog.clients import ClientStep
from minos_web.catalog.gates import Gate
from minos_web.catalog.shape import Data, FileName, JobName


class Copies(Data, frozen=True):
    """A property (``key`` of the generated ``file``) that says how many tasks what is stored must be spread over."""

    file: FileName
    key: str


class Leaving(Data, frozen=True):
    """How tasks of a job are decommissioned and recommissioned.

    ``file`` of the tasks of the job ``read_by`` has a ``line`` for each task that leaves, behind what the configuration
    writes there; a cluster may give its own line under the job's name in the section ``[[decommission]]`` of
    ``[configuration]``. ``tell`` is run once when the file is there (on a host of ``read_by``), ``each`` on the host of
    every task that leaves, ``each_back`` on that of every one that comes back. When the facts ``gone`` hold, a task can
    be stopped; when those of ``back`` do, it serves again. ``copies``: so many tasks must stay.
    """

    gone: Annotated[tuple[Gate, ...], Meta(min_length=1)]
    read_by: JobName | Literal[""] = ""
    file: FileName | Literal[""] = ""
    line: str = ""
    tell: tuple[ClientStep, ...] = ()
    each: tuple[ClientStep, ...] = ()
    each_back: tuple[ClientStep, ...] = ()
    back: tuple[Gate, ...] = ()
    copies: Copies | None = None

    @property
    def steps(self) -> tuple[ClientStep, ...]:
        """Every client command of it."""
        return (*self.tell, *self.each, *self.each_back)

    @property
    def gates(self) -> tuple[Gate, ...]:
        """Every fact of it."""
        return (*self.gone, *self.back)
