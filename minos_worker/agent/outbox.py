"""What the worker owes the console: reports and events, each repeated until it is noted. PURE."""

from collections import OrderedDict
from dataclasses import dataclass

from minos_common.words import Report, TaskEvent

REPORTS_AT_ONCE = 50
EVENTS_AT_ONCE = 50
FIRST_REPEAT = 2.0
LAST_REPEAT = 60.0


@dataclass
class Owed:
    """A message that the console has not noted. Times are monotonic seconds."""

    message: Report | TaskEvent
    due: float = 0.0
    repeat_after: float = FIRST_REPEAT

    def sent(self, now: float) -> None:
        """It was handed to the connection: due again later and later."""
        self.due = now + self.repeat_after
        self.repeat_after = min(self.repeat_after * 2, LAST_REPEAT)


class Outbox:
    """Unnoted messages in their order. Only so many of a kind are under way at once, so that none crowds out beats."""

    def __init__(self) -> None:
        self._reports: OrderedDict[str, Owed] = OrderedDict()
        self._events: OrderedDict[str, Owed] = OrderedDict()

    @property
    def unreported(self) -> int:
        """Reports and events that are not noted."""
        return len(self._reports) + len(self._events)

    @property
    def reported(self) -> list[str]:
        """Ids of the commands whose reports are not noted."""
        return list(self._reports)

    def add(self, message: Report | TaskEvent) -> None:
        """Owe this."""
        if isinstance(message, Report):
            self._reports[message.command_id] = Owed(message)
        else:
            self._events[message.event_id] = Owed(message)

    def due(self, now: float) -> list[Owed]:
        """What should be sent now, oldest first; events before reports, so that a report finds its state told."""
        groups = (
            (self._events.values(), EVENTS_AT_ONCE),
            (self._reports.values(), REPORTS_AT_ONCE),
        )
        return [owed for group, most in groups for owed in list(group)[:most] if owed.due <= now]

    def next_due(self) -> float | None:
        """When the next of the foremost messages is due; None when nothing is owed."""
        foremost = [*list(self._events.values())[:EVENTS_AT_ONCE], *list(self._reports.values())[:REPORTS_AT_ONCE]]
        return min((owed.due for owed in foremost), default=None)

    def noted(self, command_ids: list[str], event_ids: list[str]) -> None:
        """The console has these."""
        for command_id in command_ids:
            self._reports.pop(command_id, None)
        for event_id in event_ids:
            self._events.pop(event_id, None)

    def connected(self) -> None:
        """A new connection: all is due at once, and patience begins anew."""
        for owed in [*self._events.values(), *self._reports.values()]:
            owed.due, owed.repeat_after = 0.0, FIRST_REPEAT
