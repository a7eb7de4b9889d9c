"""The worker's connection to a console that is away for long, or has engines at several addresses."""

import itertools
import time
from typing import Any

import pytest
import zmq
from zmq.auth.thread import ThreadAuthenticator

from minos_common.wire import new_keys, open_router
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


def test_the_engine_at_work_is_found_among_several_addresses() -> None:
    console, context = new_keys(), zmq.Context()
    zap = ThreadAuthenticator(context)
    zap.start()
    zap.configure_curve(domain="*", location=zmq.auth.CURVE_ALLOW_ANY)
    router = open_router(context, "tcp://127.0.0.1:*", console)
    works = router.getsockopt_string(zmq.LAST_ENDPOINT)
    link = Link(f"tcp://127.0.0.1:1 tcp://127.0.0.1:2  {works}", new_keys(), console.public)
    try:
        deadline = time.monotonic() + 60
        while not link.poll(time.monotonic(), 0.1)[0]:
            assert time.monotonic() < deadline
        assert link.endpoint == works
        router.close(0)  # it was killed
        while link.endpoint == works:
            link.poll(time.monotonic(), 0.1)
            assert time.monotonic() < deadline
    finally:
        link.close()
        zap.stop()
        context.destroy(linger=0)
