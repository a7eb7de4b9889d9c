"""Users over the API: what pages can do, with the same refusals, trail and second looks."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from webtest import TestApp

from minos_web.console import Console
from minos_web.models.people import AuditEntry, SignIn
from minos_web.security.people import find_user
from minos_web.security.permissions import Role
from minos_web.security.tokens import limit_token, make_token
from tests.minos_web.conftest import Browser
from tests.minos_web.views.api.test_openapi import fits

USERS = "/api/v1/users"


@pytest.fixture
def admin(api_as: Callable[[str], TestApp]) -> TestApp:
    return api_as("admin")


def trail(console: Console) -> list[tuple[str, str]]:
    with console.readers() as session:
        rows = session.scalars(select(AuditEntry).order_by(AuditEntry.id))
        return [(row.action, row.target) for row in rows]


def test_a_user_is_made_changed_and_deleted(admin: TestApp, console: Console) -> None:
    made = admin.post_json(USERS, {"name": "olga", "role": "operator"}, status=201).json
    assert fits(made, "/users", "post", "201") == []
    assert made["must_change"] and made["code_until"] > time.time() + 3600 and len(made["password"]) > 20
    assert "password" not in admin.get(f"{USERS}/olga").json
    assert admin.put_json(f"{USERS}/olga", {"role": "deployer"}).json["role"] == "deployer"
    assert admin.post(f"{USERS}/olga/disable").json["disabled"] is True
    assert admin.post(f"{USERS}/olga/enable").json["disabled"] is False
    again = admin.post(f"{USERS}/olga/password").json
    assert fits(again, "/users/{name}/password", "post") == [] and again["password"] != made["password"]
    assert admin.post(f"{USERS}/olga/must-change").json["code_until"] is None
    found = admin.get(f"{USERS}?limit=2&page=2").json
    assert fits(found, "/users") == [] and len(found["users"]) == 2 and found["total"] == 7
    error = admin.delete(f"{USERS}/olga", status=422).json["error"]
    assert (error["field"], error["message"]) == ("confirm", "type olga to delete this user")
    assert admin.delete(f"{USERS}/olga?confirm=olga").json == {"deleted": "olga"}
    admin.get(f"{USERS}/olga", status=404)
    assert [action for action, _ in trail(console)] == [
        *("user.add", "user.role", "user.disable", "user.enable", "user.password", "user.must-change", "user.delete"),
    ]


def test_grants_come_and_go(admin: TestApp, console: Console) -> None:
    first = admin.post_json(f"{USERS}/viewer/grants", {"role": "operator", "clusters": "hdfs/*"}).json
    assert fits(first, "/users/{name}/grants", "post") == []
    second = admin.post_json(f"{USERS}/viewer/grants", {"role": "deployer", "clusters": "hdfs/*"}).json
    (grant,) = second["grants"]
    assert (grant["role"], grant["clusters"], grant["created_by"]) == ("deployer", "hdfs/*", "admin")
    error = admin.post_json(f"{USERS}/viewer/grants", {"role": "viewer", "clusters": "hdfs"}, status=422).json["error"]
    assert error["field"] == "clusters" and "service/cluster" in error["message"]
    error = admin.post_json(f"{USERS}/viewer/grants", {"role": "none", "clusters": "*/*"}, status=422).json["error"]
    assert error["field"] == "role"
    assert admin.delete(f"{USERS}/viewer/grants/{grant['id']}").json["grants"] == []
    admin.delete(f"{USERS}/viewer/grants/{grant['id']}", status=404)
    assert [action for action, _ in trail(console)] == ["user.grant", "user.grant", "user.ungrant"]


@pytest.mark.parametrize(
    ("body", "field", "words"),
    [
        ({"name": "Viewer", "role": "viewer"}, "name", "already"), ({"name": "a b"}, "name", "not a legal name"),
        ({"name": "x", "role": "pusher"}, "role", "a role is one of"), ({"name": "x", "role": "god"}, "role", "one of"),
        ({"name": "x", "roles": []}, "", "unknown field"), ({}, "", "missing required field"),
    ],
)  # fmt: skip
def test_what_makes_no_user(admin: TestApp, body: dict[str, Any], field: str, words: str) -> None:
    error = admin.post_json(USERS, body, status=422).json["error"]
    assert error.get("field", "") == field and words in error["message"]


def test_the_last_admin_stays(admin: TestApp, console: Console) -> None:
    for ask in (
        lambda: admin.put_json(f"{USERS}/admin", {"role": "viewer"}, status=422),
        lambda: admin.post(f"{USERS}/admin/disable", status=422),
        lambda: admin.delete(f"{USERS}/admin?confirm=admin", status=422),
    ):
        assert ask().json["error"]["message"]
    assert "no second step" in admin.post(f"{USERS}/viewer/second-step-reset", status=422).json["error"]["message"]
    assert trail(console) == []


def test_browsers_are_signed_out_one_by_one_or_all(
    admin: TestApp, console: Console, browser_as: Callable[[str], Browser]
) -> None:
    first, second = browser_as("viewer"), browser_as("viewer")
    found = admin.get(f"{USERS}/viewer/sign-ins").json
    assert fits(found, "/users/{name}/sign-ins") == [] and found["total"] == 2
    other = admin.get(f"{USERS}/operator/sign-ins").json
    assert other["sign_ins"] == []
    number = found["sign_ins"][0]["id"]
    admin.delete(f"{USERS}/operator/sign-ins/{number}", status=404)
    assert admin.delete(f"{USERS}/viewer/sign-ins/{number}").json == {"ended": 1}
    assert sorted(one.get("/").status_int for one in (first, second)) == [200, 303]
    assert admin.delete(f"{USERS}/viewer/sign-ins").json == {"ended": 1}
    assert [one.get("/").status_int for one in (first, second)] == [303, 303]


def test_tokens_are_listed_and_revoked(admin: TestApp, api_as: Callable[[str], TestApp]) -> None:
    program = api_as("viewer")
    found = admin.get(f"{USERS}/viewer/tokens").json
    assert fits(found, "/users/{name}/tokens") == []
    (token,) = found["tokens"]
    assert token["role"] == "viewer" and token["hint"].startswith("minos_")
    assert admin.delete(f"{USERS}/viewer/tokens/{token['id']}").json == {"revoked": token["id"]}
    program.get("/api/v1/hosts", status=401)
    admin.delete(f"{USERS}/viewer/tokens/{token['id']}", status=404)


def test_a_browser_that_did_not_say_lately_whose_it_is_changes_no_user(testapp: Browser, console: Console) -> None:
    with console.writers.begin() as session:
        for row in session.scalars(select(SignIn)):
            row.proved_at = 0.0
    body = {"name": "olga"}
    assert testapp.post_json(USERS, body, headers=testapp.csrf, status=403).json["error"]["code"] == "confirm-first"
    testapp.post_json(USERS, body, status=400)
    testapp.get(USERS)


def test_only_admins_of_the_whole_console(
    app: Any, console: Console, api_as: Callable[[str], TestApp], admin: TestApp
) -> None:
    admin.post_json(f"{USERS}/viewer/grants", {"role": "admin", "clusters": "*/*"})
    for role in ("viewer", "deployer"):
        api_as(role).get(USERS, status=403)
        api_as(role).post_json(f"{USERS}/viewer/grants", {"role": "admin", "clusters": "*/*"}, status=403)
    with console.writers.begin() as session:
        user = find_user(session, "admin")
        assert user is not None
        row, text = make_token(session, user, "t", Role.ADMIN, 1.0, time.time())
        limit_token(row, "*/*")
    program = TestApp(app)
    program.set_authorization(("Bearer", text))
    program.get(USERS, status=403)
    admin.get(f"{USERS}/%00", status=404)
