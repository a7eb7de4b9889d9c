"""What client commands print goes to files, without a write to the database for every piece."""

import logging

from sqlalchemy import select

from minos_common.words import FromConsole, Output, OutputNoted
from minos_web.console import Console
from minos_web.models.operations import Step
from minos_web.store.outputs import Outputs

log = logging.getLogger(__name__)

MOST_KNOWN = 1000


class Printed:
    """Belongs to the dispatcher's thread. Remembers whose command is whose: a worker cannot speak for another one."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._outputs = Outputs(console.var)
        self._host_of: dict[str, int | None] = {}

    def take(self, host_id: int, message: Output) -> list[FromConsole]:
        """Keep it, and say how much is here. What cannot be kept counts as taken: a full disk must not hold a command up."""
        if self._owner(message.command_id) != host_id:
            return []
        upto = message.offset + len(message.data)
        try:
            upto = self._outputs.put(message.command_id, message.offset, message.data)
        except (OSError, ValueError) as error:
            log.warning("output of %s is not kept: %s", message.command_id, error)
        return [OutputNoted(message.command_id, upto)]

    def _owner(self, command_id: str) -> int | None:
        if command_id not in self._host_of:
            if len(self._host_of) >= MOST_KNOWN:
                self._host_of.clear()
            with self._console.readers() as session:
                query = select(Step.host_id).where(Step.command_id == command_id, Step.verb == "client")
                self._host_of[command_id] = session.scalar(query)
        return self._host_of[command_id]
