"""What is owed, in which order, and how often it is repeated."""

from minos_common.states import Outcome, TaskState
from minos_common.words import Report, TaskEvent, TaskName, TaskStatus
from minos_worker.agent.outbox import EVENTS_AT_ONCE, Outbox

STATUS = TaskStatus(TaskName("s", "c", "j"), TaskState.RUNNING, 0.0)


def report(number: int) -> Report:
    return Report(f"c{number}", Outcome.DONE, "")


def event(number: int) -> TaskEvent:
    return TaskEvent(f"e{number}", 0.0, TaskState.STOPPED, STATUS)


def sent(outbox: Outbox, now: float) -> list[object]:
    messages = []
    for owed in outbox.due(now):
        owed.sent(now)
        messages.append(owed.message)
    return messages


def test_it_is_repeated_later_and_later_until_noted() -> None:
    outbox = Outbox()
    outbox.add(report(1))
    times = [now / 2 for now in range(400) if sent(outbox, now / 2)]
    assert times == [0.0, 2.0, 6.0, 14.0, 30.0, 62.0, 122.0, 182.0]
    outbox.noted(["c1"], [])
    assert outbox.next_due() is None and outbox.unreported == 0


def test_events_come_before_reports_and_both_in_their_order() -> None:
    outbox = Outbox()
    for message in (report(1), event(1), report(2), event(2)):
        outbox.add(message)
    assert sent(outbox, 0.0) == [event(1), event(2), report(1), report(2)]


def test_only_so_many_are_under_way_at_once() -> None:
    outbox = Outbox()
    for number in range(100):
        outbox.add(event(number))
    assert len(sent(outbox, 0.0)) == EVENTS_AT_ONCE
    assert sent(outbox, 1.0) == []
    outbox.noted([], ["e0", "e5"])
    assert sent(outbox, 1.0) == [event(EVENTS_AT_ONCE), event(EVENTS_AT_ONCE + 1)]


def test_a_new_connection_makes_everything_due() -> None:
    outbox = Outbox()
    outbox.add(report(1))
    sent(outbox, 0.0)
    assert sent(outbox, 1.0) == []
    outbox.connected()
    assert sent(outbox, 1.0) == [report(1)]


def test_notes_of_what_is_not_owed_are_nothing() -> None:
    Outbox().noted(["x"], ["y"])
