"""Pages of schedules: chosen and filled in, with a preview; paused, run, deleted; the list and the console's own rounds."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_web.console import Console
from minos_web.engine.scheduling import tick
from minos_web.models.clusters import Cluster, Task
from minos_web.models.lease import Lease
from minos_web.models.news import News
from minos_web.models.operations import Operation
from minos_web.models.schedules import Occurrence, Round, Schedule
from minos_web.operations.drills import mark_ground
from tests.minos_web.conftest import Browser
from tests.minos_web.scene import add_running

NEW = "/schedules/new"
FORM = {
    "what": "act:rolling_update",
    "cluster": "zookeeper/dptst",
    "name": "Nightly <update>",
    "update_config": "1",
    "timing": "day",
    "time": "02:30",
    "zone": "Europe/Berlin",
    "missed": "once",
    "confirm": "dptst",
}


@pytest.fixture
def ready(console: Console, session: Session) -> Session:
    add_running(session, console)
    return session


@pytest.fixture
def operator(browser_as: Callable[[str], Browser]) -> Any:
    return browser_as("operator")


def send(browser: Any, status: int = 303, where: str = NEW, **said: Any) -> Any:
    return browser.post(where, {**FORM, "csrf_token": browser.csrf_token, **said}, status=status)


def only(session: Session) -> Schedule:
    """The one that there is. Nothing stays open: a session of tests that has looked keeps others from writing."""
    session.expire_all()
    row = session.scalars(select(Schedule)).one()
    session.expunge(row)
    session.rollback()
    return row


def test_an_empty_console_says_what_schedules_are_for(operator: Any) -> None:
    page = operator.get("/schedules").text
    assert "No schedule yet" in page and "New schedule" in page and "No engine has worked here yet" in page


def test_first_what_and_where(ready: Session, operator: Any) -> None:
    page = operator.get(NEW).text
    assert (
        "Cleaning up, bootstrapping" in page
        and 'value="act:rolling_update"' in page
        and "clean" not in page.split("<select")[1].lower().split("</select")[0]
    )
    assert 'value="zookeeper/dptst"' in page and 'name="timing"' not in page
    form = operator.get(f"{NEW}?what=act:rolling_update&cluster=zookeeper/dptst").text
    assert 'name="timing"' in form and 'name="batch"' in form and "Type dptst" in form
    assert "Choose the cluster" in operator.get(f"{NEW}?what=act:stop&cluster=").text
    assert "This is for clusters of hbase" in operator.get(f"{NEW}?what=row-count&cluster=zookeeper/dptst").text
    assert 'name="timing"' not in operator.get(f"{NEW}?what=nonsense").text


@pytest.mark.parametrize(
    ("what", "cluster", "field"),
    [
        ("check", "zookeeper/dptst", 'name="task"'),
        ("command", "zookeeper/dptst", 'name="words"'),
        ("act:install", "zookeeper/dptst", 'name="package_id"'),
        ("act:stop", "zookeeper/dptst", "Type dptst"),
        ("report", "", 'name="recipients"'),
        ("package-integrity", "", "is read anew"),
    ],
)
def test_each_kind_has_its_form(ready: Session, operator: Any, what: str, cluster: str, field: str) -> None:
    page = operator.get(f"{NEW}?what={what}&cluster={cluster}").text
    assert field in page and 'name="cron"' in page


def test_one_is_made_shown_and_listed(ready: Session, operator: Any) -> None:
    page = send(operator).follow().text
    assert (
        "Nightly &lt;update&gt;" in page
        and "every day at 02:30 Europe/Berlin" in page
        and "make up for them once" in page
    )
    row = only(ready)
    assert (row.cron, row.owner, row.missed, row.kind) == ("30 2 * * *", "operator", "once", "operation")
    assert row.arguments["action"] == "rolling_update" and row.arguments["options"]["update_config"] is True
    assert "confirm" not in row.arguments["options"] and row.arguments["options"]["update_package"] is False
    listed = operator.get("/schedules").text
    assert "Nightly &lt;update&gt;" in listed and "then " in listed and "dptst" in listed
    assert "Nightly" in operator.get("/clusters/zookeeper/dptst").text


def test_what_is_wrong_is_said_at_its_field_and_nothing_is_kept(ready: Session, operator: Any) -> None:
    for said, words in (
        ({"name": ""}, "A name has 1 to 120 characters"),
        ({"time": "25:00"}, "Say at what time of the day"),
        ({"zone": "Mars"}, "There is no zone"),
        ({"timing": "cron", "cron": "x"}, "Cron has five fields"),
        ({"timing": "every", "number": "soon"}, "Say every how many"),
        ({"timing": "once", "once": "2026-03-29T02:30"}, "the clocks leave it out that day"),
        ({"timing": "once", "once": "2020-01-01T02:30"}, "has passed"),
        ({"opens": "22:00"}, "Say both ends of the hours"),
        ({"confirm": "x"}, "Type the cluster&#39;s name"),
        ({"batch": "200%"}, "Batch is at most 100%"),
        ({"what": "act:cleanup"}, "Choose what is to be done"),
    ):
        page = send(operator, 422, **said).text
        assert words in page, said
        assert (page.count(words) <= 2 and 'value="Nightly' in page) or said.get("name") == "" or "what" in said
    ready.rollback()
    assert ready.scalar(select(Schedule.id)) is None


def test_the_preview_tells_the_next_times_before_anything_is_saved(ready: Session, operator: Any) -> None:
    query = {**FORM, "look": "1", "name": "", "confirm": "", "timing": "every", "number": "6", "unit": "hours"}
    preview = operator.get(NEW, query).text.split('id="preview"')[1]
    assert (
        "Every 6 hours." in preview
        and preview.count("<time") >= 5
        and "mn-field__error" not in preview.split("</section")[0]
    )
    wrong = operator.get(NEW, {**query, "timing": "cron", "cron": "1 2"}).text.split('id="preview"')[1]
    assert "Cron has five fields" in wrong
    ready.rollback()
    for task in ready.scalars(select(Task)):
        task.bootstrapped = False
    ready.commit()
    caution = operator.get(NEW, query).text.split('id="preview"')[1]
    assert "If it began now it would be refused" in caution and "not bootstrapped yet" in caution
    ready.rollback()
    assert ready.scalar(select(Schedule.id)) is None


@pytest.mark.parametrize(
    ("said", "fields"),
    [
        ({}, {"cron": "30 2 * * *"}),
        ({"day": ["0", "6"]}, {"cron": "30 2 * * 0,1"}),
        ({"timing": "cron", "cron": "*/10  * * * *"}, {"cron": "*/10 * * * *"}),
        ({"timing": "every", "number": "90", "unit": "minutes"}, {"every": 5400}),
        (
            {"timing": "every", "number": "2", "unit": "days", "first": "2030-01-01T04:00"},
            {"every": 172800, "at": 1893466800.0},
        ),
        ({"timing": "once", "once": "2030-01-01T04:00"}, {"at": 1893466800.0}),
        ({"opens": "22:00", "closes": "06:00"}, {"opens": 1320, "closes": 360}),
        ({"what": "act:restart", "task": ["zookeeper/0", "zookeeper/2"], "parallel": "1"}, {}),
        ({"what": "act:stop", "host": ["127.0.0.31"]}, {}),
        ({"what": "check", "job": ["zookeeper"]}, {"kind": "check"}),
        ({"what": "command", "command": "zk", "words": "ls /", "seconds": "60"}, {"kind": "command"}),
        ({"what": "report", "cluster": "", "recipients": "a@b.org, c@d.org\ne@f.org"}, {"kind": "report"}),
        ({"what": "package-integrity", "cluster": ""}, {"kind": "package-integrity"}),
    ],
)
def test_a_form_that_is_opened_again_and_saved_changes_nothing(
    ready: Session, operator: Any, said: dict[str, Any], fields: dict[str, Any]
) -> None:
    send(operator, **said)
    row = only(ready)
    kept = (
        "name",
        "kind",
        "arguments",
        "timing",
        "at",
        "every",
        "cron",
        "zone",
        "opens",
        "closes",
        "missed",
        "next_at",
    )
    before = {name: getattr(row, name) for name in kept}
    assert fields.items() <= before.items()
    for _ in range(2):
        form = operator.get(f"/schedules/{row.id}/edit").forms["schedule-form"]
        if "confirm" in form.fields:
            form["confirm"] = "dptst"
        form.submit(status=303)
        row = only(ready)
        after = {name: getattr(row, name) for name in kept}
        # What was left out of the first request stands in the form as it counts.
        options = {**after["arguments"].get("options", {}), **before["arguments"].get("options", {})}
        assert after["arguments"].get("options", {}) == options
        before["arguments"] = {**before["arguments"], **({"options": options} if options else {})}
        assert after == before


def test_who_saves_it_is_whose_name_it_is_done_in(
    ready: Session, operator: Any, browser_as: Callable[[str], Browser]
) -> None:
    send(operator)
    row = only(ready)
    admin: Any = browser_as("admin")
    page = admin.get(f"/schedules/{row.id}/edit")
    assert "no more in that of operator" in page.text
    form = page.forms["schedule-form"]
    form["confirm"] = "dptst"
    assert "no more in that of operator" in form.submit().follow().text
    assert only(ready).owner == "admin"


def test_run_now_is_seen_among_the_operations(ready: Session, console: Console, operator: Any) -> None:
    send(operator, what="check", confirm="")
    where = f"/schedules/{only(ready).id}"
    page = operator.post(f"{where}/run", {"csrf_token": operator.csrf_token}, status=303).follow().text
    assert "It begins within a few seconds" in page and "waits" in page and "asked by operator" in page
    tick(console, time.time())
    ready.rollback()
    operation = ready.scalars(select(Operation)).one()
    assert f"/operations/{operation.id}" in operator.get(where).text
    assert f"/operations/{operation.id}" in operator.get("/operations").text
    begun = operator.get(f"/operations/{operation.id}").text
    assert where in begun and "Nightly &lt;update&gt;" in begun


def test_pause_resume_and_delete(ready: Session, operator: Any) -> None:
    send(operator)
    where, token = f"/schedules/{only(ready).id}", {"csrf_token": operator.csrf_token}
    assert "Paused. Nothing of it begins" in operator.post(f"{where}/pause", token, status=303).follow().text
    assert "is paused already" in operator.post(f"{where}/pause", token, status=303).follow().text
    assert "paused" in operator.get("/schedules?state=paused").text
    assert "No schedule fits" in operator.get("/schedules?state=on").text
    assert "It goes on with its next time" in operator.post(f"{where}/resume", token, status=303).follow().text
    number = only(ready).id
    ready.get_one(Schedule, number).failing = True
    ready.commit()
    assert "is deleted" in operator.post(f"{where}/delete", token, status=303).follow().text
    operator.get(where, status=404)
    (over,) = ready.scalars(select(News)).all()
    assert (over.kind, over.key) == ("recovery", f"schedule:{number}"), "those who heard that it failed hear of its end"


def test_filters(ready: Session, operator: Any) -> None:
    send(operator)
    send(operator, name="Morning report", what="report", cluster="", recipients="")
    for query, shown, hidden in (
        ("q=morning", "Morning report", "Nightly"),
        ("cluster=zookeeper/dptst", "Nightly", "Morning report"),
        ("q=rolling", "Nightly", "Morning report"),
        ("q=operator", "Nightly", "No schedule fits"),
    ):
        page = operator.get(f"/schedules?{query}").text.split('id="schedules"')[1]
        assert shown in page and hidden not in page, query


def test_a_long_history_comes_in_pages(ready: Session, operator: Any) -> None:
    send(operator)
    row = only(ready)
    now = time.time()
    for number in range(120):
        state = ("done", "failed", "missed", "skipped")[number % 4]
        ready.add(
            Occurrence(
                schedule_id=row.id, nominal_at=now - number * 60, state=state, message=f"<why> {number}",
                made_at=now, begin_by=now, ended_at=now,
            )
        )  # fmt: skip
    ready.commit()
    page = operator.get(f"/schedules/{row.id}").text
    assert "&lt;why&gt; 119" in page and "page 1 of 3" in page and "left out" in page and "missed" in page
    assert "&lt;why&gt; 0." in operator.get(f"/schedules/{row.id}?page=3").text


def test_many_schedules(ready: Session, operator: Any) -> None:
    send(operator)
    row = only(ready)
    kept = ("kind", "cluster_id", "arguments", "timing", "cron", "zone", "missed", "owner", "created_at", "changed_at")
    values = {name: getattr(row, name) for name in kept}
    ready.add_all(Schedule(name=f"s{number}", next_at=row.next_at, **values) for number in range(120))
    ready.commit()
    page = operator.get("/schedules").text
    assert "1–50 of 121 schedules" in page


def test_viewers_look_and_change_nothing(ready: Session, operator: Any, browser_as: Callable[[str], Browser]) -> None:
    send(operator)
    viewer: Any = browser_as("viewer")
    where = f"/schedules/{only(ready).id}"
    assert "Nightly" in viewer.get("/schedules").text and "New schedule" not in viewer.get("/schedules").text
    assert "Run now" not in viewer.get(where).text
    viewer.get(NEW, status=403)
    viewer.post(f"{where}/run", {"csrf_token": viewer.csrf_token}, status=403)
    operator.get("/schedules/99", status=404)


def test_rounds_of_the_console_stand_below(console: Console, session: Session, operator: Any) -> None:
    now = time.time()
    said: dict[str, Any] = {"seconds": 2.0, "runs": 1234, "took": 0.02}
    session.add_all(
        [
            Round(name="health", began_at=now - 500, ended_at=now - 499, **said),
            Round(
                name="prune",
                began_at=now - 1,
                ended_at=now,
                failures=3,
                failed_at=now,
                failing_since=now,
                error="<disk>",
                **said,
            ),
            Round(name="timetable", began_at=now, ended_at=now, **said),
            Round(name="new-one", **said),
        ]
    )
    session.commit()
    page = operator.get("/schedules").text.split('id="timetable"')[1]
    assert page.index("Health of clusters") < page.index("The timetable itself")
    assert "late" in page and "&lt;disk&gt;" in page and "1,234" in page and "new-one" in page and "not yet" in page


def test_health_names_rounds_that_are_late(console: Console, session: Session, anonymous: Any) -> None:
    now = time.time()
    assert anonymous.get("/healthz").json["rounds"] == {"state": "unknown", "late": []}
    session.add(Lease(name="engine", holder="h:1", epoch=1, seen_at=now))
    session.add(Round(name="health", seconds=2.0, began_at=now, ended_at=now, error="secret"))
    session.commit()
    found = anonymous.get("/healthz").json
    assert (found["status"], found["rounds"]) == ("ok", {"state": "ok", "late": []})
    session.get_one(Round, "health").began_at = now - 100
    session.commit()
    found = anonymous.get("/healthz").json
    assert (found["status"], found["rounds"]) == ("degraded", {"state": "late", "late": ["health"]})
    assert "secret" not in str(found)


def test_what_is_as_usual_when_it_is_not_said_is_ticked_in_the_form(
    ready: Session, operator: Any, api_as: Callable[[str], Any]
) -> None:
    said = {"name": "a", "kind": "operation", "cluster": "zookeeper/dptst", "confirm": "dptst", "timing": "every"}
    api_as("operator").post_json("/api/v1/schedules", {**said, "every": 3600, "arguments": {"action": "restart"}})
    form = operator.get(f"/schedules/{only(ready).id}/edit").forms["schedule-form"]
    assert form["update_config"].checked and not form["update_package"].checked


def test_a_drill_stands_in_a_timetable_of_test_clusters(ready: Session, operator: Any) -> None:
    assert "not marked as a test cluster" in send(operator, 422, what="drill:zookeeper:leader").text
    mark_ground(ready, ready.scalars(select(Cluster)).one(), True, "admin", 1.0)
    ready.commit()
    assert "Type dptst" in operator.get(f"{NEW}?what=drill:zookeeper:leader&cluster=zookeeper/dptst").text
    send(operator, 422, what="drill:zookeeper:leader", confirm="")
    assert "Drill leader" in send(operator, what="drill:zookeeper:leader").follow().text
    row = only(ready)
    assert row.arguments["action"] == "drill" and row.arguments["options"] == {"drill": "leader"}
    form = operator.get(f"/schedules/{row.id}/edit").forms["schedule-form"]
    form["confirm"] = "dptst"
    form.submit(status=303)
    assert only(ready).arguments == row.arguments
