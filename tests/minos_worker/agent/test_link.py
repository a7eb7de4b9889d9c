"""The worker's connection to a console that is away for long."""

import itertools
from typing import Any

import pytest

from minos_common.wire import new_keys
from minos_worker.agent import link as module
from minos_worker.agent.conversation import Conversation, Due
from minos_worker.agent.link import LONGEST_PAUSE, Link

AWAY = 1800.0


def test_however_long_the_console_is_away_it_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[float] = []
    right, now = module.open_dealer, 0.0

    def noted(*about: Any) -> Any:
        opened.append(now)
        return right(*about)

    monkeypatch.setattr(module, "open_dealer", noted)
    link, talk = Link("tcp://127.0.0.1:1", new_keys(), new_keys().public), Conversation(now)
    patience = 1.5 * LONGEST_PAUSE + 20.0  # the longest pause, and the silence after it
    try:
        while now < AWAY:
            link.poll(now, 0.0)
            talk.connecting(link.open_at)
            if Due.GIVE_UP in talk.due(now):
                link.give_up(now)
            now += 1.0
    finally:
        link.close()
    tries = [0.0, *opened, AWAY]
    assert max(later - earlier for earlier, later in itertools.pairwise(tries)) <= patience
