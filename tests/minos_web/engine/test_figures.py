"""Figures over the wire: each batch is taken once, and placed by the console's clock."""

import time

from sqlalchemy import select

from minos_common.words import Noted, SampleGroup, Samples
from minos_web.console import Console
from minos_web.engine.dispatcher import Dispatcher
from minos_web.engine.presence import Taken
from minos_web.models.hosts import Host
from tests.minos_web.engine.talker import approved

HOUR = 3600.0


def test_a_batch_is_taken_once_and_noted_each_time(console: Console, dispatcher: Dispatcher, context) -> None:  # type: ignore[no-untyped-def]
    talker = approved(context, dispatcher)
    at = time.time()
    for load in (1.0, 2.0):  # the same batch again could say nothing else; this one shows which was taken
        talker.say(Samples("b1", [SampleGroup(at, {"host.load1": load})]))
        assert talker.answer() == Noted(batch_ids=["b1"])
    with console.readers() as session:
        host = session.scalars(select(Host)).one()
        assert (host.figures, host.figures_at) == ({"host.load1": 1.0}, at)


def test_figures_of_a_host_whose_clock_is_wrong_have_our_times(
    console: Console,
    dispatcher: Dispatcher,
    context,  # type: ignore[no-untyped-def]
) -> None:
    talker = approved(context, dispatcher)
    at = time.time()
    talker.say(Samples("b1", [SampleGroup(at + HOUR, {"host.load1": 1.0})], shift=-HOUR))
    assert talker.answer() == Noted(batch_ids=["b1"])
    talker.say(Samples("b2", [SampleGroup(at + 10, {"host.load1": 2.0})], shift=0.1))
    assert talker.answer() == Noted(batch_ids=["b2"])
    with console.readers() as session:
        host = session.scalars(select(Host)).one()
        assert host.figures == {"host.load1": 2.0}
        assert host.figures_at is not None and abs(host.figures_at - at - 10) < 1


def test_only_the_last_batches_are_remembered() -> None:
    taken = Taken()
    for number in range(Taken.MOST + 1):
        taken.add(f"b{number}")
    assert "b0" not in taken and f"b{Taken.MOST}" in taken and "b1" in taken
