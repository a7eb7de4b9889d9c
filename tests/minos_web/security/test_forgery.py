"""Forged requests: nothing changes without this browser's own token, from this console's own pages."""

from collections.abc import Callable
from typing import Any

import pytest
from pyramid.router import Router
from webtest import TestApp

from minos_web.security.permissions import Permission
from tests.minos_web.security.test_access import UNSAFE, url_of, views_of


def unsafe_doors(router: Router) -> list[tuple[str, str]]:
    """Doors that a browser may change something through; those for workers' tickets are closed to it anyway."""
    return sorted(
        {
            (route, method)
            for route, method, asked in views_of(router)
            if method in UNSAFE and route != "__static/" and asked not in ([Permission.DELIVER], [Permission.SPREAD])
        }
    )


def ask(app: TestApp, router: Router, door: tuple[str, str], headers: dict[str, str], body: str = "") -> Any:
    return app.request(url_of(router, door[0]), method=door[1], headers=headers, POST=body, expect_errors=True)


@pytest.mark.parametrize(
    "forged",
    [
        {},
        {"X-CSRF-Token": ""},
        {"X-CSRF-Token": "0" * 64},
        {"X-CSRF-Token": "\xe9"},
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/json"},
    ],
)
def test_every_unsafe_route_refuses_a_browser_without_its_token(
    testapp: Any, app: Router, forged: dict[str, str]
) -> None:
    got = {door: ask(testapp, app, door, forged) for door in unsafe_doors(app)}
    assert len(got) > 15
    assert {door: answer.status for door, answer in got.items() if answer.status_int != 400} == {}


@pytest.mark.parametrize(
    "foreign",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost.evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_the_token_alone_is_not_enough_from_elsewhere(testapp: Any, app: Router, foreign: dict[str, str]) -> None:
    got = {door: ask(testapp, app, door, {**testapp.csrf, **foreign}) for door in unsafe_doors(app)}
    assert {door: answer.status for door, answer in got.items() if answer.status_int != 400} == {}


def test_own_pages_are_let_through(testapp: Any) -> None:
    own = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    assert testapp.post("/sign-out", headers={**testapp.csrf, **own}).status_int == 303


def test_a_hidden_field_is_as_good_as_the_header(testapp: Any) -> None:
    assert testapp.post("/sign-out", {"csrf_token": testapp.csrf_token}).status_int == 303


def test_anothers_token_is_refused(browser_as: Callable[[str], Any]) -> None:
    one, other = browser_as("admin"), browser_as("viewer")
    assert one.post("/sign-out", headers=other.csrf, expect_errors=True).status_int == 400


def test_a_refusal_says_the_way_out(testapp: Any) -> None:
    answer = testapp.post("/api/v1/hosts/h1/approve", expect_errors=True)
    assert (answer.status_int, answer.json["error"]["code"]) == (400, "forged")
    assert "reload the page" in answer.json["error"]["message"].lower()


def test_a_program_with_a_token_needs_none(api_as: Callable[[str], TestApp]) -> None:
    answer = api_as("operator").post("/api/v1/hosts/none/approve", expect_errors=True)
    assert answer.status_int == 404
