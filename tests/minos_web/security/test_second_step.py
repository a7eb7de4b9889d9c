"""The second step of signing in: codes that count once, recovery codes, and browsers between the steps."""

import time
from collections.abc import Callable
from typing import Any

import msgspec
import pyotp
import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from webtest import TestApp

from minos_web.console import Console
from minos_web.models.outside import PendingSignIn, RecoveryCode, SecondStep
from minos_web.models.people import AuditEntry, SignIn, User
from minos_web.security import entering, second_step
from minos_web.security.entering import Proven, SignInRefused
from minos_web.security.people import UserRefused, find_user, reset_second_step
from minos_web.security.second_step import StepRefused
from minos_web.security.signins import Attempt
from minos_web.security.throttle import Throttle

NOW = 1_800_000_000.0
PASSWORD = "correct horse battery"


def known(session: Session, name: str) -> User:
    user = find_user(session, name)
    assert user is not None
    return user


def code_at(secret: str, when: float) -> str:
    return pyotp.TOTP(secret).at(int(when))


def set_up(console: Console, name: str, when: float = NOW - 3600) -> tuple[int, str, list[str]]:
    """The user's id, secret and recovery codes."""
    with console.writers.begin() as session:
        user = known(session, name)
        secret = second_step.begin(session, console.secret, user, when)
        codes = second_step.confirm(session, console.secret, user.id, code_at(secret, when), when)
        return user.id, secret, codes


def attempt(now: float = NOW, name: str = "") -> Attempt:
    return Attempt(name, "", "198.51.100.7", "test", now)


def test_a_step_counts_once_its_device_is_confirmed(console: Console) -> None:
    with console.writers.begin() as session:
        user = known(session, "viewer")
        secret = second_step.begin(session, console.secret, user, NOW)
        assert not second_step.is_on(second_step.step_of(session, user.id))
        assert second_step.take(session, console.secret, user.id, code_at(secret, NOW), NOW) == ""
        with pytest.raises(StepRefused, match="does not fit"):
            second_step.confirm(session, console.secret, user.id, "000000", NOW)
        assert second_step.confirm(session, console.secret, user.id, code_at(secret, NOW), NOW)
        assert second_step.users_with_step(session) == {user.id}
        with pytest.raises(StepRefused, match="already"):
            second_step.begin(session, console.secret, user, NOW)


@pytest.mark.parametrize(("away", "taken"), [(-61, ""), (-30, "code"), (0, "code"), (30, "code"), (61, "")])
def test_a_clock_may_be_half_a_minute_wrong(console: Console, away: float, taken: str) -> None:
    user, secret, _ = set_up(console, "viewer")
    with console.writers.begin() as session:
        assert second_step.take(session, console.secret, user, code_at(secret, NOW + away), NOW) == taken


def test_a_code_counts_once_and_older_ones_no_more(console: Console) -> None:
    user, secret, _ = set_up(console, "viewer")
    with console.writers.begin() as session:
        take = [second_step.take(session, console.secret, user, code_at(secret, NOW), NOW) for _ in range(2)]
        assert take == ["code", ""]
        assert second_step.take(session, console.secret, user, code_at(secret, NOW - 30), NOW) == ""
        assert second_step.take(session, console.secret, user, code_at(secret, NOW + 30), NOW) == "code"


def test_a_recovery_code_counts_once_however_it_is_typed(console: Console) -> None:
    user, _, codes = set_up(console, "viewer")
    with console.writers.begin() as session:
        typed = f"  {codes[3].upper().replace('-', ' ')} "
        assert second_step.take(session, console.secret, user, typed, NOW) == "recovery code"
        assert second_step.take(session, console.secret, user, codes[3], NOW) == ""
        assert second_step.recovery_codes_left(session, user) == 9
        kept = " ".join(session.scalars(select(RecoveryCode.code_hash)))
        assert codes[4] not in kept
        assert codes[4].replace("-", "") not in kept


def test_the_secret_is_not_in_the_database_and_belongs_to_its_user(console: Console) -> None:
    user, secret, _ = set_up(console, "viewer")
    with console.writers.begin() as session:
        row = session.get_one(SecondStep, user)
        assert secret.encode() not in row.sealed
        row.user_id = known(session, "admin").id
        with pytest.raises(StepRefused, match="cannot be read"):
            second_step.secret_of(console.secret, row)
        session.rollback()


def test_the_first_step_opens_nothing_and_the_second_is_taken_once(console: Console) -> None:
    user, secret, _ = set_up(console, "viewer")
    throttle = Throttle()
    entered = entering.enter(console, Proven(user, "password"), attempt())
    assert entered.pending
    with console.readers() as session:
        assert session.scalars(select(SignIn)).all() == []
    done = entering.finish(console, throttle, entered.secret, code_at(secret, NOW), attempt())
    assert done.secret and done.codes == ()
    with pytest.raises(SignInRefused, match="begin again"):
        entering.finish(console, throttle, entered.secret, code_at(secret, NOW + 30), attempt())
    with console.readers() as session:
        trail = list(session.scalars(select(AuditEntry).order_by(AuditEntry.id)))
    assert [(row.action, row.user, row.details.get("way"), row.details.get("step")) for row in trail] == [
        ("sign-in.first-step", "viewer", "password", None),
        ("sign-in", "viewer", "password", "code"),
    ]


def test_wrong_codes_end_the_try_and_a_right_password_gives_no_new_ones(console: Console) -> None:
    user, secret, _ = set_up(console, "viewer")
    throttle = Throttle()
    said = []
    for _ in range(2):
        entered = entering.enter(console, Proven(user, "password"), attempt())
        throttle.succeeded("viewer", "198.51.100.7")
        for _ in range(5):
            with pytest.raises(SignInRefused) as refused:
                entering.finish(console, throttle, entered.secret, "000000", attempt())
            said.append((refused.value.over, refused.value.wait > 0))
    assert said == [(False, False)] * 5 + [(False, True)] * 5
    with pytest.raises(SignInRefused, match="too many"):
        entering.finish(console, throttle, entered.secret, code_at(secret, NOW), attempt())


def test_thirty_codes_an_hour_are_the_most_from_wherever(console: Console) -> None:
    throttle = Throttle()
    waits = [throttle.try_code("viewer", f"198.51.{n}.1") for n in range(31)]
    assert waits[:30] == [0.0] * 30
    assert waits[30] > 60


@pytest.mark.parametrize("what", ["late", "disabled"])
def test_a_first_step_is_void_when_late_or_its_user_is_disabled(console: Console, what: str) -> None:
    user, secret, _ = set_up(console, "viewer")
    entered = entering.enter(console, Proven(user, "password"), attempt())
    later = NOW + (601 if what == "late" else 0)
    with console.writers.begin() as session:
        session.execute(update(User).where(User.id == user).values(disabled=what == "disabled"))
    with pytest.raises(SignInRefused, match="begin again"):
        entering.finish(console, Throttle(), entered.secret, code_at(secret, later), attempt(later))


def test_an_administrator_resets_what_was_lost(session: Session, console: Console) -> None:
    user, _, _ = set_up(console, "viewer")
    entered = entering.enter(console, Proven(user, "password"), attempt())
    reset_second_step(session, known(session, "viewer"))
    session.commit()
    assert entered.pending
    assert session.scalars(select(PendingSignIn)).all() == []
    session.commit()
    assert not entering.enter(console, Proven(user, "password"), attempt()).pending
    with pytest.raises(UserRefused, match="has no second step"):
        reset_second_step(session, known(session, "viewer"))


def test_a_role_that_needs_a_step_sets_it_up_before_it_gets_in(console: Console) -> None:
    asked = msgspec.structs.replace(console.settings, totp_roles="operator admin")
    strict = Console(asked, console.engine, console.readers, console.writers, console.catalog, console.secret)
    with console.readers() as session:
        users = {name: known(session, name).id for name in ("viewer", "operator")}
    assert not entering.enter(strict, Proven(users["viewer"], "password"), attempt()).pending
    assert not entering.enter(strict, Proven(users["operator"], "provider"), attempt()).pending
    entered = entering.enter(strict, Proven(users["operator"], "password"), attempt())
    with console.readers() as session:
        row = second_step.step_of(session, users["operator"])
        assert row is not None
        secret = second_step.secret_of(console.secret, row)
    done = entering.finish(strict, Throttle(), entered.secret, code_at(secret, NOW), attempt())
    assert len(done.codes) == second_step.RECOVERY_CODES


def test_a_role_that_is_none_stops_the_start() -> None:
    assert second_step.roles_named("admin operator") == ["admin", "operator"]
    with pytest.raises(ValueError, match="there is no role root"):
        second_step.roles_named("admin root")


def test_signing_in_with_two_steps_in_a_browser(anonymous: TestApp, console: Console) -> None:
    now = time.time()
    _, secret, _ = set_up(console, "viewer", now - 3600)
    form = anonymous.get("/sign-in", {"next": "/hosts"}).forms[0]
    form["user"], form["password"] = "viewer", PASSWORD
    first = form.submit()
    assert first.location == "http://localhost/sign-in/second-step?next=%2Fhosts"
    assert "minos_session" not in first.headers["Set-Cookie"]
    assert anonymous.get("/hosts").location.startswith("http://localhost/sign-in?")
    form = first.follow().forms[0]
    form["code"] = "000000"
    wrong = form.submit(status=401)
    assert "This code does not fit" in wrong.text
    wrong.forms[0]["code"] = code_at(secret, now)
    done = wrong.forms[0].submit()
    assert done.location == "http://localhost/hosts"
    assert done.follow().status_int == 200
    assert anonymous.get("/sign-in/second-step").location == "http://localhost/"


def test_nobody_sees_the_second_step_without_the_first(anonymous: TestApp) -> None:
    assert anonymous.get("/sign-in/second-step").location == "http://localhost/sign-in"


def own_form(page: Any) -> Any:
    """The form of the page itself, after those of the frame."""
    return next(form for form in page.forms.values() if form.action.endswith("/second-step"))


def test_the_account_page_turns_it_on_and_off(browser_as: Callable[[str], Any], console: Console) -> None:
    browser = browser_as("viewer")
    page = browser.get("/account/second-step")
    refused = browser.post("/account/second-step", {"do": "begin", "password": "not mine"}, browser.csrf, status=422)
    assert "User or password is wrong" in refused.text
    own_form(page)["password"] = PASSWORD
    page = own_form(page).submit("do", value="begin").follow()
    assert "<svg" in page.text and "style=" not in page.text.partition('<svg class="mn-qr"')[2].partition("</svg>")[0]
    secret = page.html.find(id="step-secret").text.replace(" ", "")
    now = time.time()
    own_form(page)["code"] = code_at(secret, now - 30)
    on = own_form(page).submit("do", value="confirm")
    codes = on.html.find(id="step-codes").text.split()
    assert len(codes) == 10
    assert codes[0] not in browser.get("/account/second-step").text
    assert browser.post("/account/second-step", {"do": "off", "code": "123"}, browser.csrf, status=422)
    assert browser.post("/account/second-step", {"do": "codes", "code": codes[0]}, browser.csrf).status_int == 200
    assert browser.post("/account/second-step", {"do": "off", "code": codes[1]}, browser.csrf, status=422)
    assert browser.post("/account/second-step", {"do": "off", "code": code_at(secret, now)}, browser.csrf).location
    assert "It is off" in browser.get("/account/second-step").text


def test_the_users_page_resets_it(testapp: Any, console: Console) -> None:
    user, _, _ = set_up(console, "viewer")
    url = f"/admin/users/{user}"
    assert "Reset second step" in testapp.get(url).text
    testapp.post(url, {"do": "second-step"}, testapp.csrf)
    with console.readers() as session:
        assert second_step.users_with_step(session) == set()
        assert "user.second-step-reset" in session.scalars(select(AuditEntry.action)).all()
