"""Who gets in where: every route times every role, asked of the running application."""

import re
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pyramid.router import Router
from webtest import TestApp

from minos_web.console import Console
from minos_web.models.database import metadata
from minos_web.routes import API_PREFIX
from minos_web.security import policy
from minos_web.security.permissions import Permission, Role, may
from tests.minos_web.scene import add_cluster, add_hosts

UNSAFE = ("POST", "PUT", "DELETE")
WRITTEN = Path(__file__).with_name("doors.txt")
Door = tuple[str, str, str]
"""Route name, method, permission."""


def views_of(router: Router) -> list[tuple[str, str, list[Any]]]:
    """(route, method, permissions) of every view that a URL leads to; a view of any method counts for two."""
    found = []
    for item in router.registry.introspector.get_category("views"):
        view = item["introspectable"]
        methods = view["request_methods"] or ("GET", "POST")
        asked = [related["value"] for related in item["related"] if related.category_name == "permissions"]
        for method in [methods] if isinstance(methods, str) else methods:
            if view["route_name"] and method != "HEAD":
                found.append((view["route_name"], method, asked))
    return found


def doors(router: Router) -> list[Door]:
    """Every door that is not open to everyone."""
    return [
        (route, method, asked[0])
        for route, method, asked in views_of(router)
        if asked and asked[0] != Permission.EVERYONE
    ]


def url_of(router: Router, route: str) -> str:
    """A URL that leads to the route and names things that do not exist."""
    pattern = router.registry.introspector.get("routes", route)["pattern"]

    def value(match: re.Match[str]) -> str:
        name, _, rule = match[1].partition(":")
        if "\\d" in rule:
            return "999999"
        if "|" in rule:
            return rule.partition("|")[0]
        if rule.isalpha():
            return rule  # the only word that is let through
        return {"path": "conf/none/none.cfg"}.get(name, "none")

    return "/" + re.sub(r"\{((?:[^{}]|\{[^{}]*\})+)\}", value, pattern).lstrip("/")


def answer_to(app: TestApp, router: Router, door: Door, headers: dict[str, str]) -> int:
    route, method, _ = door
    response = app.request(url_of(router, route), method=method, headers=headers, expect_errors=True)
    if response.status_int == 303 and "/sign-in" in response.location:
        return 401
    if response.status_int == 303 and response.location.endswith("/mine"):
        return 403  # who does not see all is led to what was granted
    return int(response.status_int)


def written_doors() -> dict[str, dict[str, str]]:
    """Route -> method -> permission, as doors.txt has them."""
    found = {}
    for line in WRITTEN.read_text().splitlines():
        if not line.startswith("#"):
            route, *doors = line.split()
            found[route] = {
                method: asked
                for methods, _, asked in (door.partition("=") for door in doors)
                for method in methods.split("/")
            }
    return found


def built_doors(router: Router) -> dict[str, dict[str, str]]:
    """The same of the running application; a view of every method counts as ``any``."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for item in router.registry.introspector.get_category("views"):
        view = item["introspectable"]
        methods = view["request_methods"] or ("any",)
        asked = [related["value"] for related in item["related"] if related.category_name == "permissions"]
        for method in [methods] if isinstance(methods, str) else methods:
            if view["route_name"] and method != "HEAD":
                found[view["route_name"]][method] = " ".join(str(one) for one in asked) or "nothing"
    return found


def test_every_door_is_written_down(shared_app: Router) -> None:
    written, built = written_doors(), built_doors(shared_app)
    routes = {item["introspectable"]["name"] for item in shared_app.registry.introspector.get_category("routes")}
    assert sorted(routes - set(built)) == []  # a route without a view leads nowhere
    assert {name: doors for name, doors in built.items() if written.get(name) != doors} == {}, "see doors.txt"
    assert sorted(set(written) - set(built)) == []


def test_the_policy_knows_where_the_api_begins() -> None:
    assert policy.API == API_PREFIX + "/"


def test_every_view_asks_for_a_permission_by_name(shared_app: Router) -> None:
    asked = {(route, method): permissions for route, method, permissions in views_of(shared_app)}
    assert len(asked) > 40
    wrong = {door: found for door, found in asked.items() if len(found) != 1 or found[0] not in set(Permission)}
    assert wrong == {}


def test_little_is_open_to_everyone(shared_app: Router) -> None:
    open_doors = {route for route, _, asked in views_of(shared_app) if asked == [Permission.EVERYONE]}
    assert open_doors == {
        "__static/", "language", "sign_in", "sign_in_step", "sign_in_provider", "sign_in_back", "sign_out", "healthz", "api_healthz", "api_openapi", "install_script", "install_wheel",
    }  # fmt: skip


def test_changing_routes_ask_for_more_than_viewing(shared_app: Router) -> None:
    own_account = {
        "account",
        "account_step",
        "sign_in_step",
        "account_password",
        "account_tokens",
        "language",
        "sign_in",
        "sign_out",
    }
    questions = {"api_questions", "api_logs_fetch", "api_log_file", "task_log_fetch", "log_file_cancel"}
    own_things = {"filters_save", "filter_change", "first_steps"}
    weak = {
        (route, method)
        for item in shared_app.registry.introspector.get_category("views")
        for route, method in [(item["introspectable"]["route_name"], item["introspectable"]["request_methods"])]
        for asked in [related["value"] for related in item["related"] if related.category_name == "permissions"]
        if method
        and set([method] if isinstance(method, str) else method) & set(UNSAFE)
        and asked in (Permission.VIEW, Permission.EVERYONE)
        and route not in own_account | own_things | questions
    }
    assert weak == set()


def test_nobody_gets_in_without_signing_in(anonymous: TestApp, app: Router) -> None:
    anonymous.get("/sign-in", expect_errors=True)
    got = {door: answer_to(anonymous, app, door, {}) for door in doors(app)}
    assert {door: status for door, status in got.items() if status != 401} == {}


WAYS = [(role, how) for role in Role for how in ("browser", "token") if (role, how) != (Role.NONE, "token")]
"""A token of who is nothing anywhere cannot be made."""


@pytest.mark.parametrize(("role", "how"), WAYS)
def test_each_role_gets_exactly_what_it_may(
    app: Router, browser_as: Callable[[str], Any], api_as: Callable[[str], TestApp], role: Role, how: str
) -> None:
    browser = browser_as(role)
    program = api_as(role) if how == "token" else None
    wrong = {}
    for door in doors(app):
        if how == "token" and not door[0].startswith("api_"):
            continue
        if how == "browser":
            status = answer_to(browser, app, door, browser.csrf)
        else:
            status = answer_to(program, app, door, {})
        if (status in (401, 403)) is may(role, door[2]):
            wrong[door] = status
    assert wrong == {}


@pytest.mark.parametrize("method", ["PATCH", "TRACE", "PROPFIND"])
def test_other_methods_open_nothing(testapp: Any, app: Router, method: str) -> None:
    """Refused as forged, or as nothing that is here; never carried out, never a mistake of ours."""
    routes = sorted({route for route, _, _ in views_of(app)} - {"__static/"})
    got = {route: answer_to(testapp, app, (route, method, ""), {}) for route in routes}
    assert {route: status for route, status in got.items() if status not in (400, 404, 405)} == {}


def test_a_token_opens_no_page(api_as: Callable[[str], TestApp]) -> None:
    response = api_as("admin").get("/hosts")
    assert response.status_int == 303
    assert "/sign-in" in response.location


def test_a_wrong_token_is_not_made_good_by_a_cookie(testapp: TestApp) -> None:
    response = testapp.get("/api/v1/hosts", headers={"Authorization": "Bearer minos_wrong"}, status=401)
    assert response.headers["WWW-Authenticate"].startswith("Bearer")
    assert response.json["error"]["code"] == "unauthenticated"


@pytest.mark.parametrize(
    "value", ["Bearer", "Bearer ", "Basic YWRtaW46eA==", "Bearer \xff\xfe", "minos_x", "Bearer ticket.1.1.9999999999.x"]
)
def test_strange_authorization_headers_are_401(anonymous: TestApp, value: str) -> None:
    assert anonymous.get("/api/v1/hosts", headers={"Authorization": value}, status=401).json["error"]["message"]


def test_an_anonymous_page_leads_to_sign_in_and_back(anonymous: TestApp) -> None:
    response = anonymous.get("/hosts?state=pending", status=303)
    assert response.location == "http://localhost/sign-in?next=%2Fhosts%3Fstate%3Dpending"


def dump(console: Console) -> dict[str, list[Any]]:
    """Every row of every table but those that note the last use of sign-ins and tokens, and what was refused."""
    with console.readers() as session:
        found = {
            table.name: [tuple(row) for row in session.execute(table.select())]
            for table in metadata.sorted_tables
            if table.name not in ("sign_ins", "api_tokens")
        }
    found["audit_entries"] = [row for row in found["audit_entries"] if "denied" not in row]
    found["leases"] = [row for row in found["leases"] if "audit" not in row]
    return found


def test_getting_a_page_changes_nothing(testapp: Any, app: Router, console: Console) -> None:
    with console.writers.begin() as session:
        add_hosts(session)
        add_cluster(session, console)
    before = dump(console)
    for route, method, _ in views_of(app):
        if method == "GET" and route != "__static/":
            url = url_of(app, route).replace("/clusters/none/none", "/clusters/zookeeper/dptst")
            testapp.get(url, expect_errors=True)
            assert dump(console) == before, url
