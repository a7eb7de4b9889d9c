"""A worker's new key at the console: told over the old one, in force with its first hello, the old one then opens nothing."""

from typing import Any

import pytest
import zmq
from sqlalchemy import select

from minos_common import wire
from minos_common.states import HostState, Outcome, StepState
from minos_common.words import Beat, Report
from minos_web.engine.dispatcher import Dispatcher
from minos_web.models.hosts import Host
from minos_web.models.operations import Step
from minos_web.models.people import AuditEntry
from minos_web.operations.host_keys import ask_for_key, change_of
from tests.minos_web.engine.talker import KEYS, Talker, approved, decide, hello, serves

NEW = wire.new_keys()


def host_row(dispatcher: Dispatcher) -> Host:
    with dispatcher._console.readers() as session:
        return session.scalars(select(Host)).one()


def asked(talker: Talker, dispatcher: Dispatcher) -> str:
    """The command that asks for a new key, as the worker gets it."""
    console = dispatcher._console
    with console.writers.begin() as session:
        host = session.scalars(select(Host).where(Host.state == HostState.APPROVED)).one()
        ask_for_key(session, console.settings, host, "olga", host.beat_at or 0.0)
    while (message := talker.answer()) is not None:
        if getattr(message, "verb", "") == "rotate-key":
            return str(message.command_id)
    raise AssertionError("no command came")


def tell(talker: Talker, command_id: str, public_key: Any) -> None:
    talker.say(Report(command_id, Outcome.DONE, "made", 1, data={"public_key": public_key}))
    while (message := talker.answer()) is not None:
        if command_id in getattr(message, "command_ids", []):
            return
    raise AssertionError("the report was not noted")


def welcome(talker: Talker) -> Any:
    talker.say(hello())
    while (message := talker.answer()) is not None:
        if hasattr(message, "next_key"):
            return message
    raise AssertionError("no welcome came")


def test_a_new_key_takes_the_place_of_the_old_one(context: zmq.Context[Any], dispatcher: Dispatcher) -> None:
    old = approved(context, dispatcher)
    tell(old, asked(old, dispatcher), NEW.public.decode())
    assert welcome(old).next_key == NEW.public.decode()
    assert serves(old)  # the old one is good until the new one is used
    new = Talker(context, dispatcher, NEW)
    first = welcome(new)
    assert (first.state, first.next_key, first.host) == (HostState.APPROVED, "", "h1")
    assert serves(new)
    row = host_row(dispatcher)
    assert (row.public_key, row.next_key, row.previous_key) == (NEW.public.decode(), None, KEYS.public.decode())
    assert row.key_since is not None and row.state == HostState.APPROVED
    with dispatcher._console.readers() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "host.key")).one()
        assert entry.details["after"] == wire.fingerprint(NEW.public)


def test_the_key_before_opens_nothing_and_is_led_to_the_new_one(
    context: zmq.Context[Any], dispatcher: Dispatcher
) -> None:
    old = approved(context, dispatcher)
    tell(old, asked(old, dispatcher), NEW.public.decode())
    welcome(Talker(context, dispatcher, NEW))
    answer = welcome(old)
    assert (answer.state, answer.next_key) == (HostState.PENDING, NEW.public.decode())
    assert "was changed at" in answer.message and "delete worker.key" in answer.message
    old.say(Beat("s1", 7, 0.0))
    assert old.answer().state == HostState.PENDING
    assert host_row(dispatcher).public_key == NEW.public.decode()  # and no row of its own was made
    assert dispatcher.drops.counts["unapproved"] >= 2


NONSENSE = ["", None, 7, "short", KEYS.public.decode(), "x" * 39 + "\n"]


@pytest.mark.parametrize("told", NONSENSE, ids=["empty", "none", "number", "short", "the-same", "newline"])
def test_nonsense_is_no_key(context: zmq.Context[Any], dispatcher: Dispatcher, told: Any) -> None:
    worker = approved(context, dispatcher)
    tell(worker, asked(worker, dispatcher), told)
    assert host_row(dispatcher).next_key is None
    with dispatcher._console.readers() as session:
        step = session.scalars(select(Step)).one()
        assert step.state == StepState.FAILED and "key" in step.message


def test_of_a_revoked_host_no_key_opens_anything(context: zmq.Context[Any], dispatcher: Dispatcher) -> None:
    old = approved(context, dispatcher)
    tell(old, asked(old, dispatcher), NEW.public.decode())
    decide(dispatcher._console, HostState.REVOKED)
    for keys in (KEYS, NEW, KEYS):
        answer = welcome(Talker(context, dispatcher, keys))
        assert (answer.state, answer.next_key) == (HostState.REVOKED, "")


def test_a_key_that_was_tried_in_vain_before_is_taken(context: zmq.Context[Any], dispatcher: Dispatcher) -> None:
    """A console from a backup met the new key as a newcomer's; asked again, the worker tells the same one."""
    old = approved(context, dispatcher)
    assert welcome(Talker(context, dispatcher, NEW)).state == HostState.PENDING
    tell(old, asked(old, dispatcher), NEW.public.decode())
    assert welcome(old).next_key == NEW.public.decode()
    assert welcome(Talker(context, dispatcher, NEW)).state == HostState.APPROVED
    assert host_row(dispatcher).public_key == NEW.public.decode()


def test_a_key_that_never_comes_is_asked_for_again(context: zmq.Context[Any], dispatcher: Dispatcher) -> None:
    old, console = approved(context, dispatcher), dispatcher._console
    tell(old, asked(old, dispatcher), NEW.public.decode())
    with console.readers() as session:
        host, step = session.scalars(select(Host)).one(), session.scalars(select(Step)).one()
        ended = step.ended_at or 0.0
        assert change_of(session, host, ended + 1).under_way and not change_of(session, host, ended + 61).under_way
    other = wire.new_keys()
    with console.writers.begin() as session:
        step = session.scalars(select(Step)).one()
        step.ended_at = (step.ended_at or 0.0) - 100
    tell(old, asked(old, dispatcher), other.public.decode())
    assert welcome(Talker(context, dispatcher, other)).state == HostState.APPROVED
