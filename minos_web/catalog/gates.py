"""What a service folder may say of rolling updates: facts that must hold before one starts and after each of its steps."""

from typing import Annotated

from msgspec import Meta

from minos_web.catalog.shape import Data, JobName


class Gate(Data, frozen=True):
    """A fact that must hold before tasks of ``job`` are restarted one after another, and again after each of them.

    It is about running, answering tasks of the job ``of`` (empty: of the job itself): about ``all`` of them, those just
    ``touched``, a ``majority``, or the ``one`` - no more, no less - whose words are those of ``where``. Their
    ``figure`` must have one of the values ``equals``, be between ``at_least`` and ``at_most``, or ``compared`` with
    what it was before anything was touched be not-less or not-more, or more by as many as were touched (of ``all``
    tasks: the sum). Without a figure it is
    enough that they answer, or that there is that one. ``title`` tells it in words.
    """

    job: JobName
    title: str
    of: JobName | str = ""
    tasks: Annotated[str, Meta(pattern="^(all|touched|majority|one)$")] = "all"
    where: dict[str, tuple[str, ...]] = {}
    figure: str = ""
    equals: tuple[str, ...] = ()
    at_least: float | None = None
    at_most: float | None = None
    compared: Annotated[str, Meta(pattern="^(|not-less|not-more|more)$")] = ""

    @property
    def looks_at(self) -> str:
        """The job whose tasks are looked at."""
        return self.of or self.job

    @property
    def figures(self) -> list[str]:
        """Every figure it reads."""
        return [*self.where, *([self.figure] if self.figure else [])]
