"""Signing in and out in a browser: cookies, throttling, and that an ended sign-in is dead at once."""

import time
from collections.abc import Callable
from http.cookies import SimpleCookie
from typing import Any

import pytest
from pyramid.router import Router
from sqlalchemy import select, update
from webtest import TestApp

from minos_web.console import Console
from minos_web.models.people import ApiToken, AuditEntry, SignIn, User
from minos_web.security import passwords
from minos_web.security.audit import verify

PASSWORD = "correct horse battery"


def send(browser: TestApp, user: str, password: str, after: str = "", address: str = "198.51.100.7") -> Any:
    """Fill in the form and send it."""
    page = browser.get("/sign-in", {"next": after} if after else {}, extra_environ={"REMOTE_ADDR": address})
    form = page.forms["sign-in"] if "sign-in" in page.forms else page.forms[0]
    form["user"], form["password"] = user, password
    return form.submit(expect_errors=True, extra_environ={"REMOTE_ADDR": address})


def session_cookie(response: Any) -> Any:
    jar: SimpleCookie = SimpleCookie()
    for value in response.headers.getall("Set-Cookie"):
        jar.load(value)
    return jar.get("minos_session")


def audited(console: Console) -> list[tuple[str, str]]:
    with console.readers() as session:
        assert list(verify(session, console.secret)) == []
        return [(row.action, row.user) for row in session.scalars(select(AuditEntry).order_by(AuditEntry.id))]


def test_the_right_password_opens_and_is_audited(anonymous: TestApp, console: Console) -> None:
    response = send(anonymous, "admin", PASSWORD)
    assert (response.status_int, response.location) == (303, "http://localhost/")
    cookie = session_cookie(response)
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert anonymous.get("/account").status_int == 200
    assert audited(console) == [("sign-in", "admin")]


@pytest.mark.parametrize(
    ("user", "password"),
    [("admin", "wrong password"), ("nobody", PASSWORD), ("", ""), ("admin", ""), ("' OR 1=1 --", "x")],
)
def test_every_wrong_try_gets_the_same_answer(anonymous: TestApp, console: Console, user: str, password: str) -> None:
    response = send(anonymous, user, password)
    assert response.status_int == 401
    assert "User or password is wrong" in response.text
    assert session_cookie(response) is None
    assert audited(console) == [("sign-in.refused", user)]


def test_a_disabled_user_stays_out(anonymous: TestApp, console: Console) -> None:
    with console.writers.begin() as session:
        session.execute(update(User).where(User.name == "viewer").values(disabled=True))
    assert send(anonymous, "viewer", PASSWORD).status_int == 401


def test_guesses_are_refused_before_any_password_is_hashed(anonymous: TestApp, monkeypatch: pytest.MonkeyPatch) -> None:
    hashed = []
    real = passwords._hasher.verify
    monkeypatch.setattr(
        type(passwords._hasher), "verify", lambda self, kept, text: hashed.append(text) or real(kept, text)
    )
    statuses = [send(anonymous, "admin", f"guess number {n}").status_int for n in range(30)]
    assert statuses == [401] * 5 + [429] * 25
    assert len(hashed) == 5
    refused = send(anonymous, "admin", PASSWORD)
    assert refused.status_int == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 301
    assert send(anonymous, "admin", PASSWORD, address="203.0.113.5").status_int == 303


def test_sign_out_kills_the_session_itself(browser_as: Callable[[str], Any], app: Router) -> None:
    browser = browser_as("admin")
    stolen = browser.cookies["minos_session"].strip('"')
    browser.post("/sign-out", headers=browser.csrf)
    thief = TestApp(app)
    thief.set_cookie("minos_session", stolen)
    assert thief.get("/account").status_int == 303
    assert thief.get("/api/v1/hosts", expect_errors=True).status_int == 401


def test_signing_in_again_makes_a_new_session(anonymous: TestApp, app: Router) -> None:
    planted = "planted-by-somebody-else"
    anonymous.set_cookie("minos_session", planted)
    cookie = session_cookie(send(anonymous, "admin", PASSWORD))
    assert cookie is not None and cookie.value != planted
    thief = TestApp(app)
    thief.set_cookie("minos_session", planted)
    assert thief.get("/account").status_int == 303


@pytest.mark.parametrize(("column", "age"), [("seen_at", 721 * 60), ("created_at", 25 * 3600)])
def test_an_unused_or_old_session_ends(testapp: Any, console: Console, column: str, age: float) -> None:
    assert testapp.get("/account").status_int == 200
    with console.writers.begin() as session:
        session.execute(update(SignIn).values({column: time.time() - age}))
    assert testapp.get("/account").status_int == 303


def test_disabling_a_user_ends_what_runs(
    browser_as: Callable[[str], Any], api_as: Callable[[str], TestApp], console: Console
) -> None:
    browser, program = browser_as("viewer"), api_as("viewer")
    assert program.get("/api/v1/hosts").status_int == 200
    with console.writers.begin() as session:
        session.execute(update(User).where(User.name == "viewer").values(disabled=True))
    assert browser.get("/account").status_int == 303
    assert program.get("/api/v1/hosts", expect_errors=True).status_int == 401


def test_an_expired_token_is_worth_nothing(api_as: Callable[[str], TestApp], console: Console) -> None:
    program = api_as("viewer")
    with console.writers.begin() as session:
        session.execute(update(ApiToken).values(expires_at=time.time() - 1))
    assert program.get("/api/v1/hosts", expect_errors=True).status_int == 401


def test_last_use_is_noted_after_a_while(testapp: Any, api_as: Callable[[str], TestApp], console: Console) -> None:
    program = api_as("viewer")
    with console.writers.begin() as session:
        session.execute(update(SignIn).values(seen_at=time.time() - 90))
    testapp.get("/account")
    program.get("/api/v1/hosts")
    with console.readers() as session:
        assert time.time() - session.scalars(select(SignIn.seen_at)).one() < 30
        used = session.scalars(select(ApiToken.used_at)).one()
        assert used is not None and time.time() - used < 30


def test_a_role_is_effective_at_once(browser_as: Callable[[str], Any], console: Console) -> None:
    browser = browser_as("operator")
    with console.writers.begin() as session:
        session.execute(update(User).where(User.name == "operator").values(role="viewer"))
    assert browser.put("/api/v1/config/conf/a/b.cfg", "x", headers=browser.csrf, expect_errors=True).status_int == 403


@pytest.mark.parametrize(
    ("after", "where"),
    [
        ("/hosts?state=pending", "/hosts?state=pending"),
        ("", "/"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/x\r\nSet-Cookie: a=b", "/"),
    ],
)
def test_the_way_back_stays_on_this_console(anonymous: TestApp, after: str, where: str) -> None:
    response = send(anonymous, "admin", PASSWORD, after)
    assert response.location == f"http://localhost{where}"
