"""Pages about people: users and grants, one-time passwords, confirming who one is, tokens, the audit trail."""

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select, update
from webtest import TestApp

from minos_web.console import Console
from minos_web.models.people import ApiToken, AuditEntry, SignIn, User
from minos_web.security.audit import NewEntry, record
from minos_web.security.people import find_user
from tests.minos_web.conftest import PASSWORD, SECRET


def number_of(console: Console, name: str) -> int:
    with console.readers() as session:
        user = find_user(session, name)
        assert user is not None
        return user.id


def post(browser: Any, url: str, status: int | None = None, **fields: str) -> Any:
    return browser.post(url, {**fields, "csrf_token": browser.csrf_token}, status=status)


def actions(console: Console) -> list[str]:
    with console.readers() as session:
        return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def test_a_new_user_signs_in_once_with_what_was_given_and_then_with_their_own(
    testapp: Any, anonymous: TestApp, console: Console
) -> None:
    page = post(testapp, "/admin/users", name="carol", role="operator", do="add")
    code = page.html.select_one("#once").text
    form = anonymous.get("/sign-in").forms[0]
    form["user"], form["password"] = "carol", code
    assert form.submit().status_int == 303
    assert anonymous.get("/hosts").location.endswith("/account")
    assert anonymous.get("/api/v1/hosts", expect_errors=True).status_int == 403
    account = anonymous.get("/account")
    assert "a password of your own is needed first" in account.text
    form = next(form for form in account.forms.values() if "current" in form.fields)
    form["current"], form["password"], form["again"] = code, code, code
    assert "another password" in form.submit(status=422).text
    form["current"], form["password"], form["again"] = code, "tracks of the old mill", "tracks of the old mill"
    form.submit(status=303)
    assert anonymous.get("/hosts").status_int == 200


def test_a_given_password_ends(testapp: Any, anonymous: TestApp, console: Console) -> None:
    code = post(testapp, f"/admin/users/{number_of(console, 'viewer')}", do="password").html.select_one("#once").text
    with console.writers.begin() as session:
        session.execute(update(User).where(User.name == "viewer").values(code_until=time.time() - 1))
    form = anonymous.get("/sign-in").forms[0]
    form["user"], form["password"] = "viewer", code
    assert "has ended" in form.submit(status=401).text


def test_grants_are_given_and_taken_away_on_the_users_page(
    testapp: Any, browser_as: Callable[[str], Any], console: Console
) -> None:
    url = f"/admin/users/{number_of(console, 'viewer')}"
    page = post(testapp, url, do="grant", pattern="hdfs", role="operator", status=422)
    assert "service/cluster" in page.text and 'value="hdfs"' in page.text
    post(testapp, url, do="grant", pattern="hdfs/*", role="pusher", status=422)
    page = post(testapp, url, do="grant", pattern="hdfs/*", role="operator", status=303).follow()
    assert "operator on hdfs/*" in testapp.get("/admin/users").text
    assert "operator on hdfs/*" in browser_as("viewer").get("/account").text
    number = page.html.select_one("tr[id^=grant-]")["id"].partition("-")[2]
    post(testapp, url, do="ungrant", grant=number, status=303)
    assert testapp.get(url).html.select_one("tr[id^=grant-]") is None
    assert "hdfs/*" not in testapp.get("/admin/users").text
    assert actions(console)[-2:] == ["user.grant", "user.ungrant"]


def test_a_user_is_deleted_by_name_and_their_history_stays(
    testapp: Any, browser_as: Callable[[str], Any], console: Console
) -> None:
    url = f"/admin/users/{number_of(console, 'operator')}"
    operator = browser_as("operator")
    assert post(testapp, url, do="delete", confirm="other", status=422)
    post(testapp, url, do="delete", confirm="operator", status=303)
    assert operator.get("/hosts").status_int == 303
    assert testapp.get(url, status=404)
    with console.readers() as session:
        assert session.scalars(select(AuditEntry.target).order_by(AuditEntry.id.desc())).first() == "user operator"
    own = f"/admin/users/{number_of(console, 'admin')}"
    assert "cannot delete yourself" in post(testapp, own, do="delete", confirm="admin", status=422).text
    assert "last admin" in post(testapp, own, do="role", role="viewer", status=422).text


def test_an_admin_signs_somebody_out_everywhere_and_revokes_their_tokens(
    testapp: Any, browser_as: Callable[[str], Any], api_as: Callable[[str], TestApp], console: Console
) -> None:
    browser, program = browser_as("viewer"), api_as("viewer")
    url = f"/admin/users/{number_of(console, 'viewer')}"
    with console.readers() as session:
        token = session.scalars(select(ApiToken)).one()
        number, hint = token.id, token.hint
    assert hint.startswith("minos_") and hint in testapp.get("/admin/users").text
    post(testapp, url, do="sign-out", status=303)
    assert browser.get("/hosts").status_int == 303
    assert program.get("/api/v1/hosts").status_int == 200
    post(testapp, url, do="revoke", token=str(number), status=303)
    assert program.get("/api/v1/hosts", expect_errors=True).status_int == 401


def test_what_is_dangerous_asks_again_and_gives_a_new_secret(testapp: Any, console: Console) -> None:
    url = f"/admin/users/{number_of(console, 'viewer')}"
    with console.writers.begin() as session:
        session.execute(update(SignIn).values(proved_at=time.time() - 301))
    answer = testapp.post(
        url,
        {"do": "disable", "csrf_token": testapp.csrf_token},
        headers={"Referer": f"http://localhost{url}"},
        status=303,
    )
    assert answer.location == f"http://localhost/confirm-it-is-you?next={url.replace('/', '%2F')}"
    assert not actions(console)
    form = next(form for form in answer.follow().forms.values() if "password" in form.fields)
    form["password"] = "not it at all"
    assert "not your current password" in form.submit(status=422).text
    old = testapp.cookies["minos_session"]
    form["password"] = PASSWORD
    assert form.submit(status=303).location == f"http://localhost{url}"
    assert testapp.cookies["minos_session"] != old
    testapp._secret = testapp.cookies["minos_session"]
    post(testapp, url, do="disable", status=303)
    assert actions(console) == ["sign-in.refused", "sign-in.confirm", "user.disable"]
    thief = TestApp(testapp.app)
    thief.set_cookie("minos_session", old)
    assert "/sign-in" in thief.get("/hosts").location


def test_a_program_with_a_cookie_is_asked_and_one_with_a_token_is_not(
    testapp: Any, api_as: Callable[[str], TestApp], console: Console
) -> None:
    with console.writers.begin() as session:
        session.execute(update(SignIn).values(proved_at=0.0))
    url = "/api/v1/clusters/zookeeper/none/operations"
    body = {"action": "cleanup"}
    refused = testapp.post_json(url, body, headers=testapp.csrf, status=403).json["error"]
    assert refused["code"] == "confirm-first" and "/confirm-it-is-you" in refused["message"]
    assert testapp.post_json(url, {"action": "show"}, headers=testapp.csrf, status=404)
    assert api_as("admin").post_json(url, body, status=404)
    assert "/confirm-it-is-you" in testapp.get("/clusters/zookeeper/none/act/cleanup", status=303).location
    assert testapp.get("/clusters/zookeeper/none/act/stop", status=404)


@pytest.mark.parametrize("after", ["https://evil.example/", "//evil.example", "/\\evil"])
def test_confirming_leads_nowhere_else(testapp: Any, after: str) -> None:
    answer = post(testapp, "/confirm-it-is-you", password=PASSWORD, next=after, status=303)
    assert answer.location == "http://localhost/"


def test_a_token_is_kept_to_clusters(testapp: Any, console: Console) -> None:
    page = post(testapp, "/account/tokens", name="t", role="operator", days="30", clusters="hdfs", status=422)
    assert "service/cluster" in page.text
    post(testapp, "/account/tokens", name="t", role="operator", days="30", clusters="hdfs/* */own", status=200)
    post(testapp, "/account/tokens", name="t", role="operator", days="367", clusters="", status=422)
    with console.readers() as session:
        row = session.scalars(select(ApiToken)).one()
        assert (row.clusters, row.role) == (["hdfs/*", "*/own"], "operator")


def filled(console: Console) -> None:
    with console.writers.begin() as session:
        for number, who in enumerate(("olga", "otto", "olga")):
            entry = NewEntry(
                86400.0 * number, who, "user.role", f"user =u{number}", "10.0.0.1", {"note": f"because {number}"}
            )
            record(session, SECRET, entry)


def test_the_trail_is_searched_and_taken_along(
    testapp: Any, console: Console, api_as: Callable[[str], TestApp]
) -> None:
    filled(console)
    program = api_as("admin")

    def found(query: str) -> list[int]:
        return [one["id"] for one in program.get(f"/api/v1/audit?{query}").json["entries"]]

    assert found("") == [3, 2, 1]
    assert found("user=olga") == [3, 1] and found("q=because+1") == [2] and found("target=u2") == [3]
    assert (
        found("from=1970-01-02") == [3, 2]
        and found("to=1970-01-02") == [2, 1]
        and found("from=1970-01-02&to=1970-01-02") == [2]
    )
    assert found("limit=1&before=3") == [2]
    error = program.get("/api/v1/audit?from=soon", status=422).json["error"]
    assert error["field"] == "from"
    assert "not &#39;soon&#39;" in testapp.get("/admin/audit?from=soon", status=422).text
    page = testapp.get("/admin/audit?q=because+1").text
    assert "user =u1" in page and "user =u2" not in page
    table = testapp.get("/admin/audit/export.csv?user=otto").text.splitlines()
    assert len(table) == 2 and table[1].startswith("2,1970-01-02T00:00:00.000Z,otto,user.role,user =u1,10.0.0.1,")
    lines = [json.loads(line) for line in testapp.get("/admin/audit/export.jsonl").text.splitlines()]
    assert [line["id"] for line in lines] == [1, 2, 3] and len(lines[0]["chain"]) == 64


def test_the_seals_are_looked_at_from_the_page(
    testapp: Any, console: Console, api_as: Callable[[str], TestApp]
) -> None:
    filled(console)
    assert "Every entry is as it was written" in testapp.get("/admin/audit/verify").text
    verdict = api_as("admin").get("/api/v1/audit/verify").json
    assert verdict == {"done": True, "entries": 3, "faults": [], "next": None}
    with console.writers.begin() as session:
        session.execute(update(AuditEntry).where(AuditEntry.id == 2).values(user="<b>nobody</b>"))
    page = testapp.get("/admin/audit/verify").text
    assert "Entry 2: this entry was edited" in page
    assert api_as("admin").get("/api/v1/audit/verify").json["faults"][0]["entry"] == 2


def test_what_is_denied_is_noted_once_in_a_while(
    browser_as: Callable[[str], Any], anonymous: TestApp, console: Console
) -> None:
    viewer = browser_as("viewer")
    for _ in range(5):
        viewer.get("/admin/users", status=403)
    for _ in range(3):
        anonymous.get("/api/v1/hosts", headers={"Authorization": "Bearer minos_x"}, status=401)
    with console.readers() as session:
        rows = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
        assert [(row.user, row.action, row.target) for row in rows] == [
            ("viewer", "denied", "/admin/users"),
            ("", "token.refused", "/api/v1/hosts"),
        ]
