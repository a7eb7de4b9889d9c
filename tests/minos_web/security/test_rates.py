"""How often programs may ask: by token and by address, reads and writes apart, and what they are told."""

from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest
from pyramid.router import Router
from webtest import TestApp

from minos_common.settings import ConsoleSettings
from minos_web.console import Console
from minos_web.security.rates import Rates

READ, WRITE = "/api/v1/hosts", "/api/v1/hosts/none/approve"


@pytest.fixture
def narrow(app: Router, console: Console) -> Iterator[Callable[..., None]]:
    """Sets how much is let through."""

    def to(**limits: int) -> None:
        settings = msgspec.structs.replace(console.settings, **limits)
        app.registry.console = type(console)(**{**vars(console), "settings": settings})

    yield to
    app.registry.console = console


def statuses(program: TestApp, times: int, address: str = "10.0.0.1", url: str = READ) -> list[int]:
    ask = program.post if url == WRITE else program.get
    environ = {"REMOTE_ADDR": address}
    return [ask(url, extra_environ=environ, expect_errors=True).status_int for _ in range(times)]


def test_a_token_that_asks_too_often_is_told_when_to_go_on(narrow: Any, api_as: Callable[[str], TestApp]) -> None:
    narrow(api_reads=3)
    program = api_as("viewer")
    assert statuses(program, 3) == [200, 200, 200]
    answer = program.get(READ, extra_environ={"REMOTE_ADDR": "10.0.0.2"}, status=429)
    assert 0 < int(answer.headers["Retry-After"]) <= 61
    assert answer.json["error"]["code"] == "too-often" and "Content-Security-Policy" in answer.headers


def test_reads_and_writes_are_counted_apart_and_tokens_too(narrow: Any, api_as: Callable[[str], TestApp]) -> None:
    narrow(api_reads=1, api_writes=1)
    one, other = api_as("operator"), api_as("operator")
    assert statuses(one, 2) == [200, 429]
    assert statuses(one, 2, url=WRITE) == [404, 429]
    assert statuses(other, 2) == [200, 429]


def test_an_address_has_its_own_count_whoever_asks(narrow: Any, anonymous: TestApp) -> None:
    narrow(api_address_reads=2)
    assert statuses(anonymous, 3) == [401, 401, 429]
    assert statuses(anonymous, 1, "10.0.0.9") == [401]


def test_pages_and_what_is_not_limited_are_let_through(narrow: Any, testapp: TestApp) -> None:
    narrow(api_reads=1, api_address_reads=0)
    assert {testapp.get("/counters").status_int for _ in range(4)} == {200}
    assert statuses(testapp, 4) == [200] * 4  # a browser has no token, and its address no limit here


def test_it_says_how_long_to_wait() -> None:
    settings = ConsoleSettings(var="/nowhere", api_reads=1)
    rates = Rates()
    assert rates.ask_once(("token", "a"), False, settings) == 0.0
    assert 1.0 <= rates.ask_once(("token", "a"), False, settings) <= 60.0
    assert rates.ask_once(("other", "a"), False, settings) == 0.0
