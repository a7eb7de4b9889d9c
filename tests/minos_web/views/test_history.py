"""The history: every kind of line, filters, cursors that stand still, days, what was before something, the file."""

import csv
import html
import io
import time
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_web.console import Console
from minos_web.models.clusters import Cluster, Task, TaskChange
from minos_web.models.operations import Operation
from minos_web.security.audit import NewEntry, record
from minos_web.store.configdir import Edit, save
from tests.minos_web.alert_scene import add_alert, add_incident
from tests.minos_web.conftest import Browser
from tests.minos_web.scene import add_cluster, add_hosts, add_package
from tests.minos_web.views.api.test_openapi import fits

NOW = float(int(time.time()))
API = "/api/v1/history"
EVIL = "<b onmouseover=x>\"'&"


def operation(session: Session, cluster: Cluster | None, ago: float, **more: Any) -> Operation:
    told = {"action": "restart", "state": "done", "created_by": "olga", "message": "", **more}
    row = Operation(cluster=cluster, created_at=NOW - ago, ended_at=NOW - ago + 5, wave_names=["x"], **told)
    session.add(row)
    session.flush()
    return row


@pytest.fixture
def scene(session: Session, console: Console) -> Session:
    """One of every kind, at moments of its own within the last hour."""
    add_hosts(session)
    add_cluster(session, console)
    add_package(session).uploaded_at = NOW - 700
    session.flush()
    cluster = session.scalars(select(Cluster)).one()
    task = session.scalars(select(Task).where(Task.number == 1)).one()
    operation(session, cluster, 600)
    save(session, Edit("conf/zookeeper/zookeeper-dptst.cfg", "olga", NOW - 500, "more room"), b"[cluster]\n")
    ended = {"kind": "signal", "value": 9}
    for number, (before, after, ago, last) in enumerate(
        [("RUNNING", "STARTING", 400, ended), ("STARTING", "RUNNING", 390, ended)]
    ):
        moment = {"at": NOW - ago, "before": before, "after": after, "last_exit": last}
        session.add(TaskChange(event_key=str(number), task_id=task.id, **moment))
    add_alert(session, now=NOW, since=NOW - 350, fired_at=NOW - 340, resolved_at=NOW - 300)
    entries = [
        ("maintenance.begin", "zookeeper/dptst", 200, {"reason": "disks"}), ("host.approve", "host host-31", 190, {}),
        ("brake.pull", "all", 180, {"reason": "a storm"}), ("user.add", "user eve", 170, {}),
        ("package.delete", "package 1", 160, {"name": "old.tar.gz"}),
    ]  # fmt: skip
    for action, target, ago, details in entries:
        record(session, console.secret, NewEntry(NOW - ago, "olga", action, target, details=details))
    session.commit()
    return session


def told(api: Any, query: str = "") -> list[dict[str, Any]]:
    answer = api.get(f"{API}?from={NOW - 3600}&to={NOW - 1}{query}").json
    assert fits(answer, "/history") == []
    return [one for one in answer["events"] if one["who"] != "minos" and "by admin" not in one["text"]]


def titles(found: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(one["kind"], one["title"]) for one in found]


EVERYTHING = [
    ("package", "old.tar.gz deleted"),
    ("act", "Brake pulled for all"),
    ("act", "Host host-31 approved"),
    ("maintenance", "Maintenance of dptst begun"),
    ("alert", "Task does not run: zookeeper/1 of dptst on host-32"),
    ("alert", "Task does not run: zookeeper/1 of dptst on host-32"),
    ("task", "zookeeper/1 of dptst runs"),
    ("crash", "zookeeper/1 of dptst ended and is started again"),
    ("config", "zookeeper-dptst.cfg saved"),
    ("operation", "Restart dptst"),
    ("package", "zookeeper-3.9.9.tar.gz came"),
]


def test_everything_in_its_order(api_as: Any, scene: Session) -> None:
    found = told(api_as("viewer"))
    assert titles(found) == EVERYTHING, "and no user, which is for the audit alone"
    over, fired = [one for one in found if one["kind"] == "alert"]
    assert (over["state"], over["text"], fired["state"]) == ("resolved", "over after 40 s", "error")
    assert fired["until"] == over["at"] and fired["host"] == "host-32"
    crash = next(one for one in found if one["kind"] == "crash")
    assert "SIGKILL" in crash["text"] and (crash["host"], crash["cluster"]) == ("host-32", "dptst")
    saved = next(one for one in found if one["kind"] == "config")
    assert saved["url"].endswith("zookeeper-dptst.cfg?from=1&to=2") and saved["text"] == "more room"


FILTERS = {
    "&kind=crash": ["crash"],
    "&kind=crash&kind=task": ["task", "crash"],
    "&kind=package,config": ["package", "config", "package"],
    "&who=olga&kind=operation,alert,crash": ["operation"],
    "&who=nobody": [],
    "&host=host-32": ["alert", "alert", "task", "crash"],
    "&host=host-31": ["act"],
    "&service=zookeeper&cluster=dptst":
        ["package", "maintenance", "alert", "alert", "task", "crash", "config", "operation", "package"],
    "&service=hdfs": [],
}  # fmt: skip


def test_filters(api_as: Any, scene: Session) -> None:
    api = api_as("viewer")
    for query, kinds in FILTERS.items():
        assert [one["kind"] for one in told(api, query)] == kinds, query


def test_what_was_before_a_moment_leaves_the_moment_out(api_as: Any, scene: Session) -> None:
    api = api_as("viewer")
    url = f"{API}?service=zookeeper&cluster=dptst&before={NOW - 500}&minutes=5"
    kinds = [one["kind"] for one in api.get(url).json["events"] if one["who"] != "minos"]
    assert kinds == ["operation", "package"]
    page = api.get(f"{API}?before=2001-02-03T04:05&minutes=120").json
    assert page == {"events": [], "next": None}


def test_pages_stand_still_while_things_happen(api_as: Any, scene: Session, console: Console) -> None:
    api = api_as("viewer")
    cluster = scene.scalars(select(Cluster)).one()
    same = [operation(scene, cluster, 100, action="start") for _ in range(4)]
    record(scene, console.secret, NewEntry(NOW - 100, "olga", "maintenance.end", "zookeeper/dptst"))
    scene.commit()
    url = f"{API}?from={NOW - 3600}&limit=3"
    first = api.get(url).json
    operation(scene, cluster, 1)  # what is new shifts nothing
    scene.commit()
    seen, cursor = list(first["events"]), first["next"]
    while cursor:
        page = api.get(f"{url}&cursor={cursor}").json
        seen, cursor = seen + page["events"], page["next"]
    ids = [one["id"] for one in seen]
    assert len(ids) == len(set(ids)) and {f"operation-{one.id}" for one in same} <= set(ids)
    assert ids.count("operation-1") == 1 and [one["at"] for one in seen] == sorted(
        (o["at"] for o in seen), reverse=True
    )
    ours = titles([one for one in seen if one["at"] < NOW - 100 and one["who"] != "minos"])
    assert [one for one in ours if one in EVERYTHING] == EVERYTHING


def test_symptoms_stand_behind_their_cause_until_one_looks_closer(api_as: Any, session: Session) -> None:
    add_incident(session, 3, NOW)
    session.commit()
    api = api_as("viewer")
    assert len(told(api, "&kind=alert")) == 1
    assert len(told(api, "&kind=alert&host=host-31")) == 4


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("from=5&to=4", "from"), ("from=x", "from"), ("to=2026-13-01", "to"), ("before=-1", "before"),
        ("before=1e300", "before"), ("minutes=0&before=9", "minutes"), ("kind=nonsense", "kind"), ("cluster=a", "service"),
        ("cursor=1~x~1", "cursor"), ("cursor=%00", "cursor"), ("limit=-1", "limit"), ("from=nan", "from"),
    ],
)  # fmt: skip
def test_nonsense_is_refused_by_name(api_as: Any, testapp: Browser, query: str, field: str) -> None:
    response = api_as("viewer").get(f"{API}?{query}", expect_errors=True)
    assert response.status_int in (400, 422) and response.json["error"]["field"] == field
    if field != "limit":
        page = testapp.get(f"/history?{query}", status=422)
        assert page.html.select_one("#filter-error").text.strip()


def test_the_page_shows_it_by_day(testapp: Browser, scene: Session) -> None:
    operation(scene, scene.scalars(select(Cluster)).one(), 3 * 86400)
    scene.commit()
    page = testapp.get("/history")
    days = [one.text.split()[0] for one in page.html.select(".mn-history__day h2")]
    assert days[0] in ("Today", "Yesterday") and days[-1].rstrip(",") in (
        "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
    )  # fmt: skip
    crash = next(one for one in page.html.select(".mn-history__line") if "started again" in one.text)
    before = testapp.get(crash.select_one(".mn-history__before a")["href"])
    assert "What happened in the 30 minutes before" in before.text and "Restart dptst" in before.text
    longer = next(a for a in before.html.select(".mn-why a") if a.text == "2 hours")["href"]
    assert "What happened in the 2 hours before" in testapp.get(longer).text


def test_the_filter_stays_in_the_address(testapp: Browser, scene: Session) -> None:
    cluster = scene.scalars(select(Cluster)).one()
    for number in range(120):
        operation(scene, cluster, 1000 + number)
    scene.commit()
    page = testapp.get("/history?kind=operation&who=olga&service=zookeeper&cluster=dptst")
    assert [one["value"] for one in page.html.select("input[name=kind][checked]")] == ["operation"]
    assert page.html.select_one("#who")["value"] == "olga"
    older = page.html.select_one("a[rel=next]")["href"]
    assert "kind=operation" in older and "who=olga" in older
    below = testapp.get(older)
    assert len(page.html.select(".mn-history__line")) == 100 and len(below.html.select(".mn-history__line")) == 21
    assert "Nothing that fits" in testapp.get("/history?who=nobody")


def test_a_cluster_has_its_own(testapp: Browser, scene: Session) -> None:
    page = testapp.get("/clusters/zookeeper/dptst/history?kind=operation")
    assert [a.text for a in page.html.select(".mn-history__what a")] == ["Restart dptst"]
    assert page.html.select_one("select#service") is None
    assert "Restart" in testapp.get("/clusters/zookeeper/dptst/history?show=operations").html.select_one("tbody").text
    assert "running → starting" in testapp.get("/clusters/zookeeper/dptst/history?show=changes").html.select_one("ol.mn-timeline").text.replace("\n", "")  # fmt: skip
    testapp.get("/clusters/zookeeper/nothing/history", status=404)


def test_hostile_names_in_every_column(
    testapp: Browser, api_as: Any, session: Session, console: Console, scene: Session
) -> None:
    cluster = session.scalars(select(Cluster)).one()
    operation(session, cluster, 60, created_by=EVIL, message=EVIL, options={"procedure": EVIL}, action="procedure")
    save(session, Edit("conf/evil.cfg", EVIL, NOW - 59, EVIL), b"x")
    add_alert(session, now=NOW, host=EVIL, title=EVIL, reason=EVIL, part=EVIL, job=EVIL, cluster=EVIL)
    package = add_package(session, version=EVIL, artifact=EVIL)
    package.state, package.reason, package.uploaded_by = "quarantined", EVIL, EVIL
    for action in (
        "maintenance.begin",
        "brake.pull",
        "host.approve",
        "silence.begin",
        "schedule.run",
        "operation.skip",
    ):
        details = {"reason": EVIL, "job": EVIL, "name": EVIL, "operation": 1}
        record(session, console.secret, NewEntry(NOW - 50, EVIL, action, f"{EVIL}/{EVIL}", details=details))
    session.commit()
    for url in ("/history", f"/history?who={EVIL}&host={EVIL}&service={EVIL}&cluster={EVIL}", "/"):
        text = testapp.get(url).text
        assert "<b onmouseover" not in text and "&amp;amp;" not in text
    assert html.escape(EVIL, quote=False)[:12] in testapp.get("/history").text
    assert EVIL in [one["who"] for one in api_as("viewer").get(API).json["events"]]


def test_the_file_for_a_spreadsheet(testapp: Browser, scene: Session) -> None:
    operation(scene, None, 50, created_by="=cmd|' /C calc'!A0", selection={"hosts": ["a"]}, action="upgrade-workers")
    scene.commit()
    response = testapp.get("/history.csv?kind=operation")
    assert "attachment" in response.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(response.text)))
    assert [row["title"] for row in rows] == ["Upgrade 1 worker", "Restart dptst"]
    assert rows[0]["who"].startswith("'=") and rows[1]["at"].endswith("Z") and rows[1]["cluster"] == "dptst"


def test_who_may_look(anonymous: Browser, browser_as: Any) -> None:
    assert anonymous.get("/history").status_int == 303 or "sign-in" in anonymous.get("/history").headers["Location"]
    assert browser_as("viewer").get("/history").status_int == 200
