"""What goes wrong is told in the form that was asked for, with a status, a code and a way out; never a traceback."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from webtest import TestApp

from minos_web.views.api import health, hosts


@pytest.fixture
def program(api_as: Callable[[str], TestApp]) -> TestApp:
    return api_as("admin")


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/v1/none", 404, "not-found"),
        ("GET", "/api/v1/hosts/none", 404, "not-found"),
        ("GET", "/api/v1/operations/99999999999999999999999999", 404, "not-found"),
        ("GET", "/api/v1/packages/99999999999999999999999999/file", 404, "not-found"),
        ("GET", "/api/v1/questions/99999999999999999999999999", 404, "not-found"),
        ("PUT", "/api/v1/hosts", 405, "method-not-allowed"),
        ("PATCH", "/api/v1/packages", 405, "method-not-allowed"),
        ("DELETE", "/api/v1/healthz", 405, "method-not-allowed"),
        ("TRACE", "/api/v1/hosts", 405, "method-not-allowed"),
        ("GET", "/api/v1/hosts/%ff", 400, "not-utf8"),
        ("GET", "/api/v1/hosts?state=%ff", 400, "not-utf8"),
        ("GET", "/api/v1/config/conf/a.cfg?revision=x", 422, "invalid"),
    ],
)
def test_api_errors_are_json_with_a_code(program: TestApp, method: str, path: str, status: int, code: str) -> None:
    response = program.request(path, method=method, expect_errors=True)
    assert (response.status_int, response.content_type) == (status, "application/json")
    assert response.json["error"]["code"] == code
    assert response.json["error"]["message"]


def test_405_says_what_is_allowed(program: TestApp) -> None:
    response = program.request("/api/v1/packages", method="DELETE", expect_errors=True)
    assert response.headers["Allow"] == "GET, HEAD, POST"


@pytest.mark.parametrize(
    ("body", "status", "code", "field"),
    [
        (b"", 400, "bad-json", None),
        (b"{", 400, "bad-json", None),
        (b"\x80", 400, "bad-json", None),
        (b'{"service": "\xff"}', 400, "not-utf8", None),
        (b'{"args": {"x": ' + b"[" * 100_000, 400, "bad-json", None),
        (b"[]", 422, "invalid", None),
        (b'{"service": 1}', 422, "invalid", "service"),
        (b'{"service": "a", "cluster": "b", "job": "c", "task": "zero", "verb": "show"}', 422, "invalid", "task"),
        (b'{"service": "a", "cluster": "b", "job": "c", "task": 0, "verb": "show", "more": 1}', 422, "invalid", None),
        (b'{"service": "a", "cluster": "b", "job": "c", "task": 0, "verb": "show"}', 404, "not-found", None),
    ],
)
def test_bad_json_names_what_is_wrong(program: TestApp, body: bytes, status: int, code: str, field: str | None) -> None:
    response = program.post("/api/v1/questions", body, content_type="application/json", expect_errors=True)
    error = response.json["error"]
    assert (response.status_int, error["code"], error.get("field")) == (status, code, field)


def test_large_bodies_are_refused_where_none_is_wanted(program: TestApp) -> None:
    response = program.post("/api/v1/questions", b"x" * (2 * 1024**2 + 1), expect_errors=True)
    assert (response.status_int, response.json["error"]["code"]) == (413, "too-large")


def test_our_own_mistakes_tell_a_number_and_nothing_else(
    program: TestApp, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_args: Any) -> None:
        raise KeyError("secret inner detail")

    monkeypatch.setattr(hosts, "host_status", fail)
    monkeypatch.setattr(hosts, "hosts_named", fail)
    response = program.get("/api/v1/hosts/h1", expect_errors=True)
    assert response.status_int == 500
    assert "secret inner detail" not in response.text
    assert "Traceback" not in response.text
    number = response.json["error"]["message"].rpartition(" ")[2]
    assert number in caplog.text
    assert "secret inner detail" in caplog.text


def test_a_locked_database_is_503_and_says_that_nothing_was_changed(
    program: TestApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*_args: Any) -> None:
        raise OperationalError("UPDATE x", {}, Exception("database is locked"))

    monkeypatch.setattr(hosts, "hosts_named", locked)
    response = program.post("/api/v1/hosts/h1/approve", expect_errors=True)
    assert (response.status_int, response.json["error"]["code"]) == (503, "database")
    assert "nothing was changed" in response.json["error"]["message"]
    assert "UPDATE" not in response.text


def test_health_speaks_when_the_database_does_not(anonymous: TestApp, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_text: str) -> None:
        raise OperationalError("SELECT 1", {}, Exception("gone"))

    monkeypatch.setattr(health, "text", away)
    assert anonymous.get("/api/v1/healthz").json["database"] == "down"


@pytest.mark.parametrize("path", ["/none", "/hosts/none", "/clusters/none/none"])
def test_pages_get_a_page(testapp: Any, path: str) -> None:
    response = testapp.get(path, expect_errors=True)
    assert response.status_int == 404
    assert "Traceback" not in response.text
    assert "404" in response.text


def test_a_page_for_people_is_not_json(testapp: Any) -> None:
    response = testapp.post("/hosts", headers=testapp.csrf, expect_errors=True)
    assert response.content_type in ("text/html", "text/plain")


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_a_signed_out_poll_is_401_and_a_page_leads_to_sign_in(anonymous: TestApp, headers: dict[str, str]) -> None:
    response = anonymous.get("/hosts", headers=headers, expect_errors=True)
    assert response.status_int == (401 if headers else 303)
