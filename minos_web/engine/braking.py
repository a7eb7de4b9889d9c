"""The emergency brake as workers are told it. Belongs to the dispatcher's thread."""

from sqlalchemy.orm import Session

from minos_common.words import Brake
from minos_web.operations.braking import revision, told_to_workers


class Brakes:
    """What is told now, looked up anew at every tick: pages pull and release it behind our back."""

    def __init__(self) -> None:
        self.told = Brake(0)

    def look(self, session: Session) -> bool:
        """Read what counts; whether that is something new."""
        if revision(session) == self.told.revision:
            return False
        self.told = told_to_workers(session)
        return True

    def owed(self, known: int) -> list[Brake]:
        """What a worker has to hear that has written down ``known``. One that knows no brake (-1) would not understand."""
        return [] if known < 0 or known >= self.told.revision else [self.told]
