"""When hello, beats and giving up are due."""

import itertools

import pytest

from minos_common.words import Welcome
from minos_worker.agent.conversation import Conversation, Due


def approved(now: float = 0.0) -> Conversation:
    talk = Conversation(now)
    talk.due(now)
    assert talk.welcomed(Welcome("approved", beat_seconds=3.0, sample_seconds=7.0), now)
    return talk


def times(talk: Conversation, what: Due, until: float, begin: float = 0.0, hears: bool = True) -> list[float]:
    found = []
    for tick in range(int(begin * 100), int(until * 100)):
        now = tick / 100
        if hears:
            talk.heard(now)
        if what in talk.due(now):
            found.append(now)
    return found


def test_hello_is_said_at_once_and_then_about_every_five_seconds() -> None:
    found = times(Conversation(0.0), Due.HELLO, 60)
    gaps = [later - earlier for earlier, later in itertools.pairwise(found)]
    assert found[0] == 0.0 and all(3.9 <= gap <= 6.1 for gap in gaps)


@pytest.mark.parametrize("state", ["pending", "rejected", "revoked"])
def test_without_approval_there_is_only_hello(state: str) -> None:
    talk = Conversation(0.0)
    assert talk.due(0.0) == [Due.HELLO]
    assert not talk.welcomed(Welcome(state), 0.0)
    said = [due for tick in range(3000) for due in (talk.heard(tick / 100), talk.due(tick / 100))[1]]
    assert set(said) == {Due.HELLO}


def test_beats_come_as_the_console_asks() -> None:
    talk = approved()
    assert talk.sample_seconds == 7.0
    found = times(talk, Due.BEAT, 30)
    assert found[0] == 0.0 and 10 <= len(found) <= 12


def test_a_console_silent_for_three_beats_is_given_up() -> None:
    talk = approved()
    found = times(talk, Due.GIVE_UP, 30, hears=False)
    assert 9.0 < found[0] <= 9.6
    assert not talk.is_approved


def test_silence_counts_from_when_the_next_connection_is_opened() -> None:
    talk = approved()
    assert times(talk, Due.GIVE_UP, 10, hears=False)
    talk.connecting(60.0)
    assert times(talk, Due.GIVE_UP, 75, begin=10, hears=False) == []
    assert times(talk, Due.GIVE_UP, 76, begin=75, hears=False)


def test_a_new_connection_begins_with_hello() -> None:
    talk = approved()
    talk.connected(5.0)
    assert not talk.is_approved and talk.due(5.0) == [Due.HELLO]


def test_a_second_welcome_is_no_new_beginning() -> None:
    talk = approved()
    assert not talk.welcomed(Welcome("approved", beat_seconds=3.0), 1.0)


def test_a_worker_that_is_revoked_falls_silent() -> None:
    talk = approved()
    talk.welcomed(Welcome("revoked"), 1.0)
    assert not talk.is_approved and times(talk, Due.BEAT, 20, begin=1) == []


def test_next_due_is_never_after_what_is_due() -> None:
    talk = approved()
    for tick in range(3000):
        now = tick / 100
        soon = talk.next_due()
        if talk.due(now):
            assert soon <= now
        talk.heard(now)


def test_an_engine_that_was_followed_is_not_obeyed() -> None:
    talk = Conversation(0.0)
    said = [(0, False), (7, False), (9, False), (7, True), (8, True), (0, False), (9, False), (10, False), (9, True)]
    assert [talk.outdated(Welcome("approved", epoch=epoch)) for epoch, _ in said] == [outdated for _, outdated in said]


def silence(talk: Conversation, begin: float) -> float:
    """Seconds of a connection on which nothing is heard until it is given up."""
    talk.connected(begin)
    return times(talk, Due.GIVE_UP, begin + 100, begin, hears=False)[0] - begin


def test_who_is_not_heard_in_its_turn_waits_longer_and_a_console_that_is_away_is_tried_as_often_as_ever() -> None:
    talk = Conversation(0.0)
    waited = [silence(talk, 100.0 * number) for number in range(1, 8)]
    assert waited == pytest.approx([15.5, 15.5, 15.5, 30.5, 45.5, 60.5, 60.5], abs=0.05)
    given_up = times(talk, Due.GIVE_UP, 900, 870, hears=False)  # nobody answers the door
    assert given_up[0] - 870 < 16
    talk.connected(900.0)
    talk.heard(901.0)
    assert silence(talk, 1000.0) == pytest.approx(15.5, abs=0.05)
