"""Users, their sign-ins and tokens: what ends when somebody becomes another."""

import time

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from minos_common.names import BadName
from minos_common.settings import ConsoleSettings
from minos_web.models.people import SignIn, User
from minos_web.security.passwords import BadPassword, matches
from minos_web.security.people import UserRefused, add_user, find_user, set_disabled, set_password, set_role
from minos_web.security.permissions import Role
from minos_web.security.signins import Attempt, find_sign_in, forget_old, open_sign_in
from minos_web.security.tokens import BadToken, find_token, identity_of, make_token, revoke_token, tokens_of

NOW = time.time()
SETTINGS = ConsoleSettings(var="unused", session_idle_minutes=30, session_hours=12)


def known(session: Session, name: str) -> User:
    user = find_user(session, name)
    assert user is not None
    return user


def signed_in(session: Session, user: User) -> str:
    secret = open_sign_in(session, user, Attempt(user.name, "", "127.0.0.1", "test", NOW))
    session.flush()
    return secret


@pytest.mark.parametrize(
    ("name", "password", "error", "reason"),
    [
        ("Admin", "correct horse battery", UserRefused, "there is a user Admin already"),
        ("../admin", "correct horse battery", BadName, "not a legal name"),
        ("new user", "correct horse battery", BadName, "not a legal name"),
        ("", "correct horse battery", BadName, "not a legal name"),
        ("carol", "carol", BadPassword, "at least 12"),
    ],
)
def test_users_who_cannot_be_added(
    session: Session, name: str, password: str, error: type[Exception], reason: str
) -> None:
    with pytest.raises(error, match=reason):
        add_user(session, name, password, Role.VIEWER, NOW)


def test_an_added_user_has_the_password_and_nothing_else(session: Session) -> None:
    user = add_user(session, "carol", "correct horse battery", Role.OPERATOR, NOW)
    assert matches(user.password_hash, "correct horse battery")
    assert (user.role, user.disabled) == ("operator", False)


def test_a_new_password_signs_out_every_browser_but_this(session: Session) -> None:
    user = known(session, "viewer")
    secrets = [signed_in(session, user) for _ in range(3)]
    mine = find_sign_in(session, secrets[0], NOW, SETTINGS)
    assert mine is not None
    set_password(session, user, "another good password", NOW, keep=mine.id)
    alive = [find_sign_in(session, secret, NOW, SETTINGS) is not None for secret in secrets]
    assert alive == [True, False, False]


def test_a_new_role_and_disabling_sign_out(session: Session) -> None:
    for change in (lambda user: set_role(session, user, Role.VIEWER), lambda user: set_disabled(session, user, True)):
        user = known(session, "operator")
        secret = signed_in(session, user)
        change(user)
        assert find_sign_in(session, secret, NOW, SETTINGS) is None


def test_the_last_admin_stays(session: Session) -> None:
    admin = known(session, "admin")
    for change in (lambda: set_role(session, admin, Role.VIEWER), lambda: set_disabled(session, admin, True)):
        with pytest.raises(UserRefused, match="last admin"):
            change()
    set_role(session, known(session, "operator"), Role.ADMIN)
    set_role(session, admin, Role.VIEWER)
    assert admin.role == "viewer"


@pytest.mark.parametrize(("idle", "age", "lives"), [(0, 0, True), (29, 29, True), (31, 31, False), (5, 721, False)])
def test_a_sign_in_ends_when_unused_or_old(session: Session, idle: float, age: float, lives: bool) -> None:
    secret = signed_in(session, known(session, "viewer"))
    row = session.scalars(select(SignIn)).one()
    row.created_at, row.seen_at = NOW - age * 60, NOW - idle * 60
    assert (find_sign_in(session, secret, NOW, SETTINGS) is not None) is lives
    forget_old(session, NOW, SETTINGS)
    assert session.scalar(select(func.count()).select_from(SignIn)) == (1 if lives else 0)


def test_only_the_hash_of_a_secret_is_kept(session: Session) -> None:
    secret = signed_in(session, known(session, "viewer"))
    row = session.scalars(select(SignIn)).one()
    assert len(secret) >= 43
    assert secret not in (row.secret_hash, row.browser, row.address)
    assert find_sign_in(session, row.secret_hash, NOW, SETTINGS) is None


def test_secrets_never_repeat(session: Session) -> None:
    user = known(session, "viewer")
    assert len({signed_in(session, user) for _ in range(500)}) == 500


def test_a_token_lives_until_its_end_and_its_users(session: Session) -> None:
    user = known(session, "operator")
    row, text = make_token(session, user, " backup job ", Role.VIEWER, 2.0, NOW)
    assert text.startswith("minos_")
    assert (row.name, row.role) == ("backup job", "viewer")
    assert find_token(session, text, NOW + 2 * 86400 - 1) is row
    assert find_token(session, text, NOW + 2 * 86400) is None
    assert find_token(session, text + "x", NOW) is None
    set_disabled(session, user, True)
    assert find_token(session, text, NOW) is None


def test_a_token_never_exceeds_its_user(session: Session) -> None:
    user = known(session, "operator")
    row, _ = make_token(session, user, "x", Role.ADMIN, 1.0, NOW)
    assert identity_of(row).role == Role.OPERATOR
    set_role(session, user, Role.VIEWER)
    assert identity_of(row).role == Role.VIEWER


@pytest.mark.parametrize(
    ("name", "days", "field"), [("", 1, "name"), ("x" * 65, 1, "name"), ("x", 0, "days"), ("x", 367, "days")]
)
def test_tokens_that_may_not_be_made(session: Session, name: str, days: float, field: str) -> None:
    with pytest.raises(BadToken) as caught:
        make_token(session, known(session, "operator"), name, Role.VIEWER, days, NOW)
    assert caught.value.field == field


def test_a_token_is_revoked_by_its_own_user_only(session: Session) -> None:
    owner, other = known(session, "operator"), known(session, "viewer")
    row, text = make_token(session, owner, "x", Role.VIEWER, 1.0, NOW)
    assert not revoke_token(session, other.id, row.id)
    assert tokens_of(session, owner.id) == [row]
    assert revoke_token(session, owner.id, row.id)
    assert find_token(session, text, NOW) is None
