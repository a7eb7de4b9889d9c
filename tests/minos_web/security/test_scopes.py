"""Roles on certain clusters: every route that leads to a cluster, for pages and programs, inside and outside of what is granted."""

import re
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from pyramid.router import Router
from sqlalchemy import select
from sqlalchemy.orm import Session
from webtest import TestApp

from minos_web.console import Console
from minos_web.models.alerts import Alert, Silence
from minos_web.models.brakes import Brake
from minos_web.models.clusters import Cluster, Task
from minos_web.models.operations import Operation, Step
from minos_web.models.people import Approval, ClusterGrant
from minos_web.models.runs import ClientRun
from minos_web.models.schedules import Schedule
from minos_web.security.people import add_grant, find_user, remove_grant
from minos_web.security.permissions import BadPattern, Grant, Permission, Role, checked_pattern, covers, may
from minos_web.security.scopes import SAID_LATER
from minos_web.security.tokens import BadToken, limit_token, make_token
from minos_web.store.configdir import Edit, save
from tests.minos_web.scene import add_cluster, add_hosts
from tests.minos_web.security.test_access import Door, answer_to, doors

OWN, OTHER = "zookeeper/own", "zookeeper/other"
OWN_ADDRESS, OTHER_ADDRESS = ("127.0.0.31",), ("127.0.0.32",)
BY_ID = {
    "operation": "operation", "run": "run", "log_file": "step", "question": "step", "schedule": "schedule",
    "occurrences": "schedule", "alert": "alert", "silence": "silence", "approval": "approval",
    "brake": "brake",
}  # fmt: skip
"""First words of route names -> whose row the id is, written anew here: a route that leads to a cluster must be in it."""
OF_THE_CONSOLE = {
    "arrival", "channel", "cluster", "hosts", "counter", "dashboard", "delivery", "filter", "host", "notify", "package", "route", "user", "workers",
}  # fmt: skip
"""First words of names of routes whose id leads to no cluster."""
SERVICE_WIDE = {("saved_delete", "POST"), ("api_commands", "POST"), ("api_commands", "DELETE")}
TICKETS = {Permission.SPREAD, Permission.DELIVER, Permission.SUPPLY}


@pytest.fixture
def ids(session: Session, console: Console) -> dict[str, dict[str, int]]:
    """Two clusters with one row of everything each: cluster -> kind of row -> id."""
    add_hosts(session)
    for cluster, addresses in ((OWN, OWN_ADDRESS), (OTHER, OTHER_ADDRESS)):
        add_cluster(session, console, cluster.partition("/")[2], addresses)
    found = {name: rows_of(session, name) for name in (OWN, OTHER)}
    session.commit()
    return found


def rows_of(session: Session, name: str) -> dict[str, int]:
    service, _, short = name.partition("/")
    now = time.time()
    cluster = session.scalars(select(Cluster).filter_by(service=service, name=short)).one()
    task = session.scalars(select(Task).filter_by(cluster_id=cluster.id)).first()
    assert task is not None
    step = Step(task_id=task.id, verb="send-log", state="done", command_id=f"c{short}", created_at=now, args={})
    run_step = Step(verb="run", state="done", command_id=f"{len(short):032x}", created_at=now, args={})
    session.add_all([step, run_step])
    session.flush()
    rows = {
        "operation": Operation(cluster_id=cluster.id, action="show", state="done", created_by="x", created_at=now),
        "run": ClientRun(step_id=run_step.id, cluster_id=cluster.id, command="zk", created_by="x", created_at=now),
        "schedule": Schedule(
            name=short, kind="check", cluster_id=cluster.id, timing="once", owner="x", created_at=now, changed_at=now
        ),
        "alert": Alert(
            key=name, open_key=name, rule="r", about="cluster", service=service, cluster=short, title="t", level="error",
            state="firing", since=now, checked_at=now,
        ),
        "silence": Silence(service=service, cluster=short, reason="r", by="x", at=now, until=now + 60),
        "brake": Brake(cluster_id=cluster.id, pulled=name, reason="r", pulled_by="x", pulled_at=now),
        "approval": Approval(
            cluster=name, action="cleanup", submission={}, asked_by="x", asked_at=now, expires_at=now + 60,
            state="waiting",
        ),
    }  # fmt: skip
    session.add_all(rows.values())
    session.flush()
    return {**{kind: row.id for kind, row in rows.items()}, "step": step.id, "run_step": run_step.id}


def grant(console: Console, user: str, *grants: tuple[Role, str], role: Role | None = None) -> None:
    with console.writers.begin() as session:
        row = find_user(session, user)
        assert row is not None
        row.role = role or row.role
        for given, pattern in grants:
            add_grant(session, row, Grant(given, pattern), "admin", time.time())


def kind_of(route: str) -> str:
    """Whose row the ``{id}`` of a route is; "" for a row of no cluster."""
    words = route.removeprefix("api_").split("_")
    for number in range(len(words), 0, -1):
        if "_".join(words[:number]) in BY_ID and words[:2] != ["alert", "rule"]:
            return BY_ID["_".join(words[:number])]
    assert words[0] in OF_THE_CONSOLE or words[0] == "saved", f"say of the route {route} whose row its id is"
    return ""


def url_in(router: Router, route: str, cluster: str, ids: dict[str, int]) -> str | None:
    """The URL of a route for this cluster; None when it leads to none."""
    pattern = router.registry.introspector.get("routes", route)["pattern"]
    service, _, name = cluster.partition("/")
    names = re.findall(r"\{(\w+)", pattern)
    of_file = "config" in route and "path" in names
    by_id = kind_of(route) if "id" in names and "cluster" not in names else ""
    if not ("cluster" in names or of_file or by_id):
        return None
    values = {
        "service": service, "cluster": name, "job": "zookeeper", "number": "0", "name": "none", "action": "restart",
        "list": "none", "table": "none", "path": f"conf/{service}/{service}-{name}.cfg", "id": str(ids.get(by_id, 1)),
        "decision": "approve", "step": "1",
    }  # fmt: skip

    def value(match: re.Match[str]) -> str:
        key, _, rule = match[1].partition(":")
        return rule.partition("|")[0] if key == "verb" else values[key]

    return "/" + re.sub(r"\{((?:[^{}]|\{[^{}]*\})+)\}", value, pattern).lstrip("/")


def routes_to_clusters(router: Router, cluster: str, ids: dict[str, int]) -> list[tuple[Door, str]]:
    """Doors that lead to a cluster (ZooKeeper's; those of one service's own boards are doors as any), and their URLs."""
    found = []
    for door in doors(router):
        url = url_in(router, door[0], cluster, ids)
        if url is not None and door[2] not in TICKETS and "{service:" not in _pattern(router, door[0]):
            found.append((door, url))
    return sorted(found, key=lambda one: one[0][1] == "DELETE")  # what is gone leads to no cluster any more


def _pattern(router: Router, route: str) -> str:
    return str(router.registry.introspector.get("routes", route)["pattern"])


def refused(app: TestApp, url: str, method: str, headers: dict[str, str]) -> bool:
    response = app.request(url, method=method, headers=headers, expect_errors=True)
    return response.status_int == 403 and "lacks the permission" in response.text


@pytest.mark.parametrize("how", ["browser", "token"])
def test_a_grant_counts_on_its_clusters_and_nowhere_else(
    app: Router, console: Console, ids: dict[str, dict[str, int]], browser_as: Callable[[str], Any], how: str
) -> None:
    """Whoever sees all may act on every route of their own cluster and on none of another."""
    role = Role.OPERATOR if how == "browser" else Role.ADMIN
    grant(console, "viewer", (role, OWN))
    caller = browser_as("viewer") if how == "browser" else TestApp(app)
    if how == "token":
        with console.writers.begin() as session:
            row = find_user(session, "viewer")
            assert row is not None
            caller.set_authorization(("Bearer", make_token(session, row, "t", Role.ADMIN, 1.0, time.time())[1]))
    headers = caller.csrf if how == "browser" else {}
    wrong, seen = {}, 0
    for cluster in (OTHER, OWN):
        for door, url in routes_to_clusters(app, cluster, ids[cluster]):
            route, method, permission = door
            if how == "token" and not route.startswith("api_"):
                continue
            wide = (route, method) in SERVICE_WIDE
            allowed = may(Role.VIEWER, permission) or (cluster == OWN and may(role, permission) and not wide)
            seen += 1
            if refused(caller, url, method, headers) is allowed:
                wrong[cluster, route, method] = permission
    assert wrong == {}
    assert seen > 60


def test_with_no_role_one_sees_granted_clusters_only(
    app: Router, console: Console, ids: dict[str, dict[str, int]], browser_as: Callable[[str], Any]
) -> None:
    grant(console, "viewer", (Role.VIEWER, OWN), role=Role.NONE)
    browser = browser_as("viewer")
    wrong = {}
    for cluster in (OTHER, OWN):
        for (route, method, permission), url in routes_to_clusters(app, cluster, ids[cluster]):
            allowed = cluster == OWN and may(Role.VIEWER, permission)
            if refused(browser, url, method, browser.csrf) is allowed:
                wrong[cluster, route, method] = permission
    assert wrong == {}
    assert browser.get("/").status_int == 303
    page = browser.get("/").follow()
    assert "/clusters/zookeeper/own" in page.text and "/clusters/zookeeper/other" not in page.text
    assert refused(browser, "/hosts", "GET", {})


def test_what_is_of_the_whole_console_needs_the_role_that_counts_everywhere(
    app: Router, console: Console, browser_as: Callable[[str], Any]
) -> None:
    """However much is granted on all clusters, hosts, packages, users and lists stay those of the role."""
    grant(console, "viewer", (Role.ADMIN, "*/*"))
    browser = browser_as("viewer")
    wrong = {}
    for door in doors(app):
        names = re.findall(r"\{(\w+)", _pattern(app, door[0]))
        if "cluster" in names or ("config" in door[0] and "path" in names) or door[:2] in SAID_LATER:
            continue
        if (answer_to(browser, app, door, browser.csrf) in (401, 403)) is may(Role.VIEWER, door[2]):
            wrong[door] = 1
    assert wrong == {}


def test_a_cluster_that_the_body_names_is_looked_at(
    ids: dict[str, dict[str, int]], console: Console, browser_as: Callable[[str], Any], app: Router
) -> None:
    grant(console, "viewer", (Role.OPERATOR, OWN), role=Role.NONE)
    browser = browser_as("viewer")
    said = {"kind": "check", "timing": "every", "every": 3600}
    silence = {"reason": "work", "hours": 1, "service": "zookeeper"}
    question = {"service": "zookeeper", "job": "zookeeper", "task": 0, "verb": "show"}
    bodies = [
        ("/api/v1/schedules", lambda name: {**said, "name": f"new {name}", "cluster": f"zookeeper/{name}"}, 201),
        ("/api/v1/silences", lambda name: {**silence, "cluster": name}, 201),
        ("/api/v1/brake", lambda name: {"reason": "r", "service": "zookeeper", "cluster": name}, 200),
        ("/api/v1/questions", lambda name: {**question, "cluster": name}, 202),
    ]
    for url, body, status in bodies:
        browser.post_json(url, body("own"), headers=browser.csrf, status=status)
        browser.post_json(url, body("other"), headers=browser.csrf, status=403)
        browser.post_json(url, body(""), headers=browser.csrf, status=403)
    number = ids[OWN]["schedule"]
    body = {**said, "name": "moved", "cluster": OTHER}
    browser.put_json(f"/api/v1/schedules/{number}", body, headers=browser.csrf, status=403)
    assert "other" not in browser.get("/schedules/new?what=check").text


def test_charts_and_their_marks_are_those_of_ones_own_clusters(
    ids: dict[str, dict[str, int]], console: Console, browser_as: Callable[[str], Any]
) -> None:
    grant(console, "viewer", (Role.VIEWER, OWN), role=Role.NONE)
    browser = browser_as("viewer")
    own, other = ({"service": "zookeeper", "cluster": name} for name in ("own", "other"))
    asked = {
        name: urlencode({"metric": "zookeeper.sent", "service": "zookeeper", "cluster": name})
        for name in ("own", "other")
    }
    browser.get("/api/v1/events", own, status=200)
    browser.get("/api/v1/events", other, status=403)
    browser.get("/api/v1/events", {"service": "zookeeper"}, status=403)
    several = "/api/v1/series/several"
    browser.get(several, {"q": asked["own"]}, status=200)
    for texts in (
        [asked["other"]],
        [asked["own"], asked["other"]],
        ["metric=host.load1"],
        [asked["own"] + "&cluster=other"],
        [],
    ):
        browser.get(several, [("q", text) for text in texts], status=403)


def test_a_file_that_others_build_on_is_everybodys(
    ids: dict[str, dict[str, int]], console: Console, browser_as: Callable[[str], Any]
) -> None:
    grant(console, "viewer", (Role.DEPLOYER, OWN))
    browser = browser_as("viewer")
    assert not refused(browser, "/config-form/conf/zookeeper/zookeeper-own.cfg", "GET", {})
    assert refused(browser, "/config-form/conf/zookeeper/zookeeper-other.cfg", "GET", {})
    with console.writers.begin() as session:
        text = "[configuration]\n  base=%{config_dir}/conf/zookeeper/zookeeper-own.cfg\n"
        save(session, Edit("conf/zookeeper/more.cfg", "admin", time.time()), text.encode())
    assert refused(browser, "/config-form/conf/zookeeper/zookeeper-own.cfg", "GET", {})
    assert refused(browser, "/config-form/conf/zookeeper/common/zookeeper-tst.cfg", "GET", {})


def test_a_token_of_certain_clusters_opens_nothing_else(
    ids: dict[str, dict[str, int]], app: Router, console: Console
) -> None:
    with console.writers.begin() as session:
        user = find_user(session, "admin")
        assert user is not None
        row, text = make_token(session, user, "own", Role.ADMIN, 1.0, time.time())
        limit_token(row, " zookeeper/own, hdfs/* ")
        assert row.clusters == ["zookeeper/own", "hdfs/*"]
        with pytest.raises(BadToken, match="service/cluster"):
            limit_token(row, "own")
    program = TestApp(app)
    program.set_authorization(("Bearer", text))
    wrong = {}
    for cluster in (OTHER, OWN):
        for (route, method, _), url in routes_to_clusters(app, cluster, ids[cluster]):
            wide = (route, method) in SERVICE_WIDE
            if route.startswith("api_") and refused(program, url, method, {}) is (cluster == OWN and not wide):
                wrong[cluster, route, method] = 1
    assert wrong == {}
    for url in ("/api/v1/hosts", "/api/v1/clusters", "/api/v1/packages"):
        program.get(url, status=403)


@pytest.mark.parametrize(
    ("pattern", "cluster", "fits"),
    [
        ("*/*", "hdfs/dptst", True), ("hdfs/*", "hdfs/dptst", True), ("*/dptst", "hdfs/dptst", True),
        ("hdfs/dp*", "hdfs/dptst", True), ("hdfs/*", "hbase/dptst", False), ("hdfs/dp", "hdfs/dptst", False),
        ("hdfs/dptst", "hdfs/dptst2", False), ("hdfs/*", "hdfs/*", True), ("hdfs/d*", "hdfs/*", False),
        ("*/dptst", "hdfs/*", False), ("*/*", "", False), ("hdfs/*", "hdfs2/x", False), ("h*s/*", "hdfs/a/b", True),
    ],
)  # fmt: skip
def test_patterns(pattern: str, cluster: str, fits: bool) -> None:
    assert covers(pattern, cluster) is fits


@pytest.mark.parametrize("text", ["", "hdfs", "hdfs/", "/x", "a/b/c", "hdfs/x y", "<b>/*", "hdfs/" + "x" * 65])
def test_what_names_no_clusters_is_no_pattern(text: str) -> None:
    with pytest.raises(BadPattern, match="service/cluster"):
        checked_pattern(text)


def test_grants_come_and_go_and_sign_out(session: Session, console: Console) -> None:
    user = find_user(session, "viewer")
    assert user is not None
    row = add_grant(session, user, Grant(Role.OPERATOR, " hdfs/* "), "admin", 1.0)
    again = add_grant(session, user, Grant(Role.DEPLOYER, "hdfs/*"), "admin", 2.0)
    assert row is again and [(one.pattern, one.role) for one in user.grants] == [("hdfs/*", "deployer")]
    assert remove_grant(session, user, row.id + 1) is None
    assert remove_grant(session, user, row.id) is row
    assert session.scalars(select(ClusterGrant)).all() == []
