"""Figures that are not noted: what goes first, what goes to the disk, what is dropped."""

from minos_common.words import SampleGroup, Samples
from minos_worker.agent.batches import FRESH_AT_ONCE, FRESH_SECONDS, LENT, OLD_AT_ONCE, OLD_SECONDS, Batches
from minos_worker.stats.batch import Batch

LATER = FRESH_SECONDS + 1.0


def batch(number: int) -> Batch:
    return Batch(Samples(f"b{number}", [SampleGroup(float(number), {})]), float(number), float(number), "boot")


def sent(batches: Batches, now: float, old_too: bool = True) -> list[str]:
    found = batches.due(now, old_too)
    for one in found:
        one.sent(now)
    return [one.batch.batch_id for one in found]


def all_sent(batches: Batches, begin: float, seconds: float) -> list[str]:
    """Ids in the order in which they are sent when each is noted at once."""
    found, now = [], begin
    while now < begin + seconds:
        for batch_id in sent(batches, now):
            found.append(batch_id)
            batches.noted([batch_id])
        now += OLD_SECONDS / 2
    return found


def test_what_is_fresh_goes_at_once_so_many_at_a_time() -> None:
    batches = Batches(100)
    for number in range(10):
        batches.add(batch(number), 0.0)
    assert sent(batches, 0.0) == ["b0", "b1", "b2", "b3"]
    assert sent(batches, 1.0) == [] and FRESH_AT_ONCE == 4
    assert batches.noted(["b1"]) == []
    assert sent(batches, 1.0) == ["b4"]
    assert sent(batches, 2.0) == ["b0", "b2", "b3"]  # not noted: told again


def test_old_ones_go_in_their_order_at_a_pace_and_fresh_ones_before_them() -> None:
    batches = Batches(100)
    batches.lent([batch(1), batch(2)], LATER)
    batches.add(batch(3), 0.0)
    batches.add(batch(4), 0.0)
    batches.add(batch(9), LATER)
    assert sent(batches, LATER) == ["b9", "b1"]
    assert sent(batches, LATER + OLD_SECONDS / 2) == []
    assert batches.next_due(LATER) == LATER + OLD_SECONDS
    assert all_sent(batches, LATER + OLD_SECONDS, 10 * OLD_SECONDS)[:1] == ["b2"]
    assert OLD_AT_ONCE == 2


def test_all_old_ones_come_in_the_end() -> None:
    batches = Batches(100)
    for number in range(30):
        batches.add(batch(number), 0.0)
    assert all_sent(batches, LATER, 40 * OLD_SECONDS) == [f"b{number}" for number in range(30)]
    assert batches.next_due(LATER) is None and len(batches) == 0


def test_old_ones_wait_until_they_are_asked_for() -> None:
    batches = Batches(100)
    batches.add(batch(1), 0.0)
    assert sent(batches, LATER, old_too=False) == []
    assert sent(batches, LATER) == ["b1"]


def test_what_waits_goes_to_the_disk_and_from_there_to_the_console() -> None:
    batches = Batches(100)
    batches.add(batch(1), 0.0)
    assert batches.to_keep(1.0) == []
    assert batches.to_keep(LATER) == [batch(1)]
    assert batches.to_keep(LATER) == []  # it is on its way
    assert batches.kept("b1") and len(batches) == 0
    assert batches.to_read(1) == 1
    assert batches.to_read(1) == 0  # asked already
    batches.lent([batch(1)], LATER)
    assert sent(batches, LATER) == ["b1"]
    assert batches.noted(["b1"]) == ["b1"]
    assert batches.next_due(LATER) is None


def test_the_disk_is_read_a_few_at_a_time() -> None:
    batches = Batches(100)
    assert batches.to_read(500) == LENT
    batches.lent([batch(number) for number in range(LENT)], 0.0)
    assert batches.to_read(500) == 0
    batches.noted([f"b{number}" for number in range(LENT // 2)])
    assert batches.to_read(500) == LENT // 2


def test_one_that_is_noted_while_it_is_written_is_forgotten_everywhere() -> None:
    batches = Batches(100)
    batches.add(batch(1), 0.0)
    batches.to_keep(LATER)
    assert batches.noted(["b1"]) == ["b1"]
    assert not batches.kept("b1")


def test_a_disk_that_takes_none_is_asked_again_and_the_oldest_are_dropped() -> None:
    batches = Batches(3)
    batches.add(batch(1), 0.0)
    assert batches.to_keep(LATER) == [batch(1)]
    batches.not_kept("b1", LATER)
    assert batches.to_keep(LATER + 1) == []
    assert batches.to_keep(LATER + 20) == [batch(1)]
    for number in range(2, 7):
        batches.add(batch(number), LATER)
    assert batches.left() == [batch(4), batch(5), batch(6)]
    assert batches.dropped == 3


def test_a_new_connection_makes_everything_due() -> None:
    batches = Batches(10)
    batches.add(batch(1), 0.0)
    assert sent(batches, 0.0) == ["b1"] and sent(batches, 1.0) == []
    batches.connected()
    assert sent(batches, 1.0) == ["b1"]
