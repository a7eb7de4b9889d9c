"""The pages of alerts: by incident and worst first, nothing hostile is markup, viewers change nothing, a second click is harmless."""

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_web.console import Console
from minos_web.models.alerts import Alert, AlertEvent, Silence
from minos_web.models.clusters import Task, TaskChange
from minos_web.models.lease import Lease
from minos_web.models.people import AuditEntry
from minos_web.security.people import add_grant, find_user
from minos_web.security.permissions import Grant, Role
from tests.minos_web.alert_scene import add_alert, add_incident, alert_row
from tests.minos_web.conftest import Browser
from tests.minos_web.scene import add_cluster, add_hosts

HOSTILE = '<script>alert("x")</script>'


@pytest.fixture
def now() -> float:
    return time.time()


def kept(session: Session, *made: Any) -> list[int]:
    session.flush()
    ids = [row.id for row in made]
    session.commit()
    return ids


def titles(page: Any) -> list[str]:
    return [row.text for row in page.html.select("#alerts tbody > tr > th > a")]


def bulk(browser: Browser, do: str, status: int = 200, **given: Any) -> Any:
    return browser.post("/alerts/bulk", {"csrf_token": browser.csrf_token, "do": do, **given}, status=status).html


def fates(page: Any, title: str) -> list[str]:
    panel = page.find(id=f"{title}-title")
    rows = panel.find_parent("section").select("tbody tr") if panel else []
    return [" ".join(row.text.split()) for row in rows]


def test_an_empty_list_is_good_news_only_while_somebody_looks(session: Session, testapp: Browser, now: float) -> None:
    assert "never run" in testapp.get("/alerts").text and "Nothing is wrong" not in testapp.get("/alerts").text
    session.add(Lease(name="engine", holder="x", epoch=1, seen_at=now - 300))
    (number,) = kept(session, add_alert(session, "own", now))
    for address in ("/alerts", f"/alerts/{number}"):
        assert "engine is silent for 5 min" in testapp.get(address).text


def test_an_empty_list_teaches(session: Session, testapp: Browser, now: float) -> None:
    session.add(Lease(name="engine", holder="x", epoch=1, seen_at=now))
    session.commit()
    page = testapp.get("/alerts")
    assert "Nothing is wrong" in page.text and page.html.select_one('#alerts a[href="/alert-rules"]')
    assert page.html.select_one('#alerts a[href="/help/alerts"]')
    assert "No open alert fits" in testapp.get("/alerts?host=x").text
    assert "No alert is over yet" in testapp.get("/alerts/history").text
    assert "No alert of the past fits" in testapp.get("/alerts/history?level=error").text


def test_symptoms_are_folded_and_the_worst_comes_first(session: Session, testapp: Browser, now: float) -> None:
    add_alert(session, "disk-full", now, level="warning", title="Disk is full", number=None, job="")
    lost = add_incident(session, 60, now)
    add_alert(session, "flapping", now, title="Comes and goes", muted="maintenance by olga: new disks", number=2)
    add_alert(session, "quiet", now, title="Tells nothing", unknown_since=now - 60, number=3)
    kept(session, lost)
    page = testapp.get("/alerts")
    assert titles(page) == ["Host is lost", "Tells nothing", "Comes and goes", "Disk is full"]
    folded = page.html.select_one(f"#symptoms-{lost.id} details")
    assert folded.summary.text == "60 symptoms of it" and len(folded.select("li")) == 50
    assert folded.select_one("p a")["href"] == f"/alerts/{lost.id}"
    assert "with 60 symptoms folded" in page.text
    assert "muted: maintenance by olga: new disks" in page.text
    assert "mn-status--unknown" in str(page.html) and "unknown" in page.html.select_one("#alerts").text


def test_filters_stand_in_the_address(session: Session, testapp: Browser, now: float) -> None:
    add_alert(session, "one", now, title="One", cluster="a", host="h1")
    add_alert(
        session,
        "two",
        now,
        title="Two",
        cluster="b",
        host="h2",
        level="warning",
        acknowledged_at=now,
        acknowledged_by="olga",
    )
    add_alert(session, "three", now, title="Three", cluster="b", host="h3", service="hdfs", state="pending")
    session.commit()
    for query, wanted in (
        ("level=warning", ["Two"]),
        ("service=hdfs", ["Three"]),
        ("cluster=b&state=acknowledged", ["Two"]),
        ("state=pending", ["Three"]),
        ("host=h1", ["One"]),
        ("rule=three", ["Three"]),
        ("job=zookeeper&number=1&level=error&host=h1", ["One"]),
        ("state=nonsense", []),
        ("number=x", []),
        ("q=state:firing+-cluster:a", ["Two"]),
        ("q=h2+by:olga", ["Two"]),
        ("q=no:key", []),
        ("sort=-alert", ["One", "Three", "Two"]),
    ):
        page = testapp.get(f"/alerts?{query}")
        assert sorted(titles(page)) == sorted(wanted), query
    page = testapp.get("/alerts?cluster=b&level=warning")
    assert [chip.text for chip in page.html.select("#chips a[aria-current=true]")] == ["warning 1"]
    assert page.html.select_one("#q")["value"] == "cluster:b"
    live = testapp.get(page.html.select_one("#alerts")["hx-get"], headers={"HX-Request": "true"})
    assert titles(live) == ["Two"] and "<html" not in live.text
    table = testapp.get("/alerts?format=csv&sort=alert").text.splitlines()
    assert table[0].startswith("Alert,Level,State,Of,") and [line.split(",")[0] for line in table[1:]] == [
        "One",
        "Three",
        "Two",
    ]


def test_what_is_asked_for_may_be_a_symptom(session: Session, testapp: Browser, now: float) -> None:
    lost = add_incident(session, 3, now)
    deep = add_alert(session, "deep", now, title="Deep down", number=9, job="", cluster="far", host="")
    session.flush()
    deep.parent_id = session.scalar(select(Alert.id).where(Alert.rule == "task-unknown", Alert.number == 2))
    add_alert(session, "own", now, title="Another", number=7)
    kept(session, lost)
    for query in ("rule=task-unknown", "q=state:muted", "cluster=far", "q=deep+down"):
        page = testapp.get(f"/alerts?{query}")
        assert titles(page) == ["Host is lost"] and "shown for its symptoms" in page.text, query
    assert "shown for its symptoms" not in testapp.get("/alerts?rule=host-lost").text
    assert "4 symptoms of it" in testapp.get("/alerts?rule=host-lost").text


def test_many_are_looked_after_at_once(session: Session, testapp: Browser, console: Console, now: float) -> None:
    one = add_alert(session, "one", now, title="One", number=1)
    two = add_alert(session, "two", now, title="Two", number=2, acknowledged_at=now, acknowledged_by="olga")
    ids = kept(session, one, two)
    looked = bulk(testapp, "acknowledge", all="1", query="")
    assert len(fates(looked, "good")) == 1 and fates(looked, "good")[0].startswith("One")
    assert "Olga looks after it already." in fates(looked, "skipped")[0]
    with console.readers() as reader:
        assert reader.get_one(Alert, ids[0]).acknowledged_at is None, "it was only looked at"
    assert len(fates(bulk(testapp, "acknowledge", pick=ids, go="1"), "good")) == 1
    assert fates(bulk(testapp, "acknowledge", pick=ids, go="1"), "good") == [], "a second click"
    assert len(fates(bulk(testapp, "unacknowledge", pick=ids, go="1"), "good")) == 2
    assert "No alert is chosen" in bulk(testapp, "acknowledge", 422, pick=["99"]).text
    assert "no such action" in bulk(testapp, "explode", 422, pick=ids).text
    with console.readers() as reader:
        told = [row.action for row in reader.scalars(select(AuditEntry).order_by(AuditEntry.id))]
    assert told == ["alert.acknowledge", "alert.unacknowledge", "alert.unacknowledge"]


def test_many_are_silenced_by_what_they_are_about(
    session: Session, testapp: Browser, console: Console, now: float
) -> None:
    ids = kept(session, *(add_alert(session, "own", now, number=at) for at in (1, 2)),
               add_alert(session, "own", now, number=3, host="host-33"))  # fmt: skip
    assert "Say why" in bulk(testapp, "silence", 422, pick=ids, go="1", hours="2").text
    assert "hours is a number" in bulk(testapp, "silence", 422, pick=ids, go="1", reason="x", hours="x").text.lower()
    done = bulk(testapp, "silence", pick=ids, go="1", reason="new disks", hours="2")
    assert len(fates(done, "good")) == 2 and "silence of another one" in fates(done, "skipped")[0].lower()
    with console.readers() as reader:
        kept_ones = reader.scalars(select(Silence).order_by(Silence.id)).all()
        assert [(row.rule, row.host, row.reason) for row in kept_ones] == [
            ("own", "host-32", "new disks"), ("own", "host-33", "new disks"),
        ]  # fmt: skip


def test_who_operates_one_cluster_looks_after_its_alerts(
    session: Session, browser_as: Callable[[str], Browser], now: float
) -> None:
    viewer = browser_as("viewer")
    own, other = add_alert(session, "own", now), add_alert(session, "own", now, cluster="other")
    ids = kept(session, own, other)
    assert not viewer.get("/alerts").html.select("#bulk, input[name=pick]")
    viewer.post("/alerts/bulk", {"csrf_token": viewer.csrf_token, "do": "acknowledge", "all": "1"}, status=403)
    user = find_user(session, "viewer")
    assert user is not None
    add_grant(session, user, Grant(Role.OPERATOR, "zookeeper/dptst"), "admin", now)
    session.commit()
    viewer = browser_as("viewer")
    assert len(viewer.get("/alerts").html.select("input[name=pick]")) == 2
    done = bulk(viewer, "acknowledge", pick=ids, go="1")
    assert (
        len(fates(done, "good")) == 1 and "lacks the permission operate on zookeeper/other" in fates(done, "skipped")[0]
    )


def test_a_thousand_incidents(session: Session, testapp: Browser, now: float) -> None:
    session.add_all([alert_row("task-down", now, number=at, host=f"h{at}") for at in range(1000)])
    session.commit()
    began = time.process_time()
    page = testapp.get("/alerts?page=2")
    assert len(titles(page)) == 50 and "51–100 of 1,000 incidents" in page.text
    assert time.process_time() - began < 5


def test_the_history_is_paged(session: Session, testapp: Browser, now: float) -> None:
    session.add_all([alert_row("task-down", now, number=at, resolved_at=now - at) for at in range(150)])
    session.commit()
    page = testapp.get("/alerts/history")
    assert len(page.html.select("tbody tr")) == 50 and page.html.select_one("a[rel=next]")
    assert len(testapp.get("/alerts/history?page=2&size=100").html.select("tbody tr")) == 50
    assert "task-down" in testapp.get("/alerts/history?col=rule").html.select_one("tbody").text
    assert "resolved" in page.text and len(testapp.get("/alerts/history?rule=x").html.select("tbody tr")) == 0


def test_one_tells_what_where_why_and_what_changed_before(
    session: Session, console: Console, testapp: Browser, now: float
) -> None:
    add_hosts(session)
    add_cluster(session, console)
    task = session.scalars(select(Task).where(Task.number == 1)).one()
    for at, key in ((now - 420 - 60, "in time"), (now - 420 - 4000, "too early")):
        session.add(TaskChange(event_key=key, task_id=task.id, at=at, before="RUNNING", after="EXITED", reason=key))
    alert = add_alert(session, "own", now, metric="zookeeper.received", value=7.0, reason="why it is so")
    (number,) = kept(session, alert)
    page = testapp.get(f"/alerts/{number}")
    assert page.html.h1.text.startswith("Task does not run") and "why it is so" in page.text
    assert page.html.select_one(".mn-head__sub a")["href"] == "/clusters/zookeeper/dptst/tasks/zookeeper/1"
    before = page.html.select_one('section[aria-labelledby="before-title"]')
    assert "in time" in before.text and "too early" not in before.text
    figure = page.html.select_one("figure[data-chart]")
    asked = parse_qs(urlsplit(figure["data-series-url"]).query)
    assert asked["metric"] == ["zookeeper.received"] and asked["host"] == ["host-32"] and asked["rate"] == ["1"]
    window = parse_qs(page.html.select_one("[data-chartbar]")["data-usual"])
    assert set(window) == {"from", "to"} and window["from"][0].endswith("Z")
    assert testapp.get(figure["data-series-url"]).json["series"] == []
    moment = next(a["href"] for a in page.html.select("a") if "at that moment" in a.text)
    assert moment.startswith("/clusters/zookeeper/dptst/tasks/zookeeper/1/charts?from=")
    assert testapp.get(moment).status_int == 200
    assert "there is no such rule any more" in page.text


@pytest.mark.parametrize(
    ("said", "where", "drawn"),
    [
        ({"about": "host", "service": "", "cluster": "", "job": "", "number": None, "metric": "host.disk_percent:*",
          "part": "/data"}, "/hosts/host-32", ["host.disk_percent:/data"]),
        ({"about": "cluster", "job": "", "number": None, "host": "", "metric": "zookeeper.a / zookeeper.b"},
         "/clusters/zookeeper/dptst", ["zookeeper.a", "zookeeper.b"]),
        ({"about": "console", "service": "", "cluster": "", "job": "", "number": None, "host": "",
          "metric": "console.database_ms"}, None, []),
        ({"metric": "task.status"}, "/clusters/zookeeper/dptst/tasks/zookeeper/1", []),
    ],
)  # fmt: skip
def test_every_kind_of_subject(
    session: Session, testapp: Browser, now: float, said: dict[str, Any], where: str | None, drawn: list[str]
) -> None:
    (number,) = kept(session, add_alert(session, "own", now, **said))
    page = testapp.get(f"/alerts/{number}")
    link = page.html.select_one(".mn-head__sub a")
    assert (link and link["href"]) == where
    figure = page.html.select_one("figure[data-chart]")
    asked = parse_qs(urlsplit(figure["data-series-url"]).query)["metric"] if figure else []
    assert asked == drawn


def test_nothing_hostile_is_markup(session: Session, testapp: Browser, now: float) -> None:
    words = {name: HOSTILE for name in ("title", "reason", "host", "cluster", "part", "muted")}
    alert = add_alert(session, "own", now, **words, metric="host.x", service="s", acknowledged_by=HOSTILE)
    session.add(AlertEvent(alert_id=alert.id, at=now, kind="note", by=HOSTILE, text=f"{HOSTILE} https://example.org/a"))
    child = add_alert(session, HOSTILE[:60], now, title=HOSTILE, parent_id=alert.id, number=5)
    over = add_alert(session, "own", now, **words, resolved_at=now)
    number, symptom, past = kept(session, alert, child, over)
    for address in ("/alerts", f"/alerts/{number}", f"/alerts/{symptom}", f"/alerts/{past}", "/alerts/history"):
        page = testapp.get(address)
        assert "<script>alert" not in page.text and "alert(" in page.text, address
    assert testapp.get(f"/alerts/{number}").html.select_one('a[href="https://example.org/a"]')
    assert "<script>alert" not in testapp.get("/alerts", {"host": HOSTILE, "rule": HOSTILE, "cluster": '"><b>'}).text


def test_looking_after_one(session: Session, testapp: Browser, console: Console, now: float) -> None:
    (number,) = kept(session, add_alert(session, "own", now))
    page = testapp.get(f"/alerts/{number}")
    form = next(form for form in page.forms.values() if form.action.endswith("/acknowledge"))
    said = form.submit(status=303).follow()
    assert "You look after it now" in said.text and "acknowledged" in said.html.h1.text
    again = form.submit(status=303).follow()
    assert "Somebody looks after it already: you." in again.text
    back = next(form for form in again.forms.values() if form.action.endswith("/unacknowledge"))
    assert "Nobody looks after it now" in back.submit(status=303).follow().text
    note = next(form for form in again.forms.values() if form.action.endswith("/note"))
    note["text"] = "Called the data centre."
    assert "Called the data centre." in note.submit(status=303).follow().text
    note["text"] = " "
    assert "the note is empty" in note.submit(status=303).follow().html.select_one(".mn-flash--warning").text
    with console.readers() as reading:
        kinds = [one.kind for one in reading.scalars(select(AlertEvent).order_by(AlertEvent.id))]
        deeds = [one.action for one in reading.scalars(select(AuditEntry).order_by(AuditEntry.id))]
    assert kinds == ["firing", "acknowledged", "unacknowledged", "note"]
    assert deeds == ["alert.acknowledge", "alert.unacknowledge", "alert.note"]


def test_of_what_is_over_nothing_is_acknowledged(session: Session, testapp: Browser, now: float) -> None:
    (number,) = kept(session, add_alert(session, "own", now, resolved_at=now - 5))
    page = testapp.get(f"/alerts/{number}")
    assert not [form for form in page.forms.values() if form.action.endswith("acknowledge")]
    token = {"csrf_token": testapp.csrf_token}
    told = testapp.post(f"/alerts/{number}/acknowledge", token, status=303).follow()
    assert "This alert is over" in told.html.select_one(".mn-flash--warning").text


def test_a_viewer_sees_and_changes_nothing(
    session: Session, browser_as: Callable[[str], Browser], console: Console, now: float
) -> None:
    (number,) = kept(session, add_alert(session, "own", now))
    viewer = browser_as("viewer")
    page = viewer.get(f"/alerts/{number}")
    assert not [form for form in page.forms.values() if "/alerts/" in form.action]
    for verb in ("acknowledge", "unacknowledge", "note"):
        viewer.post(f"/alerts/{number}/{verb}", {"csrf_token": viewer.csrf_token, "text": "x"}, status=403)
        browser_as("operator").post(f"/alerts/{number}/{verb}", {"text": "x"}, status=400)
    with console.readers() as reading:
        assert reading.scalars(select(Alert)).one().acknowledged_at is None
        assert len(reading.scalars(select(AlertEvent)).all()) == 1


def test_many_symptoms_come_page_by_page(session: Session, testapp: Browser, now: float) -> None:
    (number,) = kept(session, add_incident(session, 230, now))
    first = testapp.get(f"/alerts/{number}")
    assert "230 alerts that follow" in first.text and len(first.html.select("tbody tr")) == 100
    assert len(testapp.get(first.html.select_one("a[rel=next]")["href"]).html.select("tbody tr")) == 100
    last = testapp.get(f"/alerts/{number}?page=3")
    assert len(last.html.select("tbody tr")) == 30 and "page=3" in last.html.select_one("#alert")["hx-get"]
    assert testapp.get(f"/alerts/{number}?page=99").status_int == 200


def test_symptom_and_parent_lead_to_each_other(session: Session, testapp: Browser, now: float) -> None:
    lost = add_incident(session, 3, now)
    symptom = session.scalars(select(Alert).where(Alert.parent_id == lost.id)).first()
    parent, child = kept(session, lost, symptom)
    page = testapp.get(f"/alerts/{parent}")
    assert "3 alerts that follow from it" in page.text and page.html.select_one(f"#alert-{child} a")
    assert testapp.get(f"/alerts/{child}").html.select_one(f'.mn-why a[href="/alerts/{parent}"]')
    testapp.get("/alerts/999", status=404)
    testapp.get(f"/alerts/{2**64}", status=404)


def test_other_pages_tell_of_alerts(session: Session, console: Console, testapp: Browser, now: float) -> None:
    add_hosts(session)
    add_cluster(session, console)
    add_alert(session, "own", now)
    add_alert(session, "other", now, level="warning", number=None, job="")
    add_alert(session, "muted", now, muted="silence", number=2, host="host-33")
    session.commit()
    home = testapp.get("/")
    card = home.html.select_one("#cluster-zookeeper-dptst .mn-card__alerts a")
    assert card.text.strip() == "1 error, 1 warning" and card["href"] == "/alerts?service=zookeeper&cluster=dptst"
    assert "1 error, 1 warning firing" in home.html.select_one(".mn-head__sub").text
    link = home.html.select_one('.mn-nav__link[href="/alerts"]')
    assert link.select_one(".mn-count--down").text == "1"
    assert "1 error firing" in " ".join(home.html.select_one("#pulse").text.split())
    for address, number in (
        ("/clusters/zookeeper/dptst", 3),
        ("/clusters/zookeeper/dptst/charts", 3),
        ("/clusters/zookeeper/dptst/tasks/zookeeper/1", 1),
        ("/clusters/zookeeper/dptst/tasks/zookeeper/0", 0),
    ):
        tab = next(a for a in testapp.get(address).html.select(".mn-tabs a") if a.text.startswith("Alerts"))
        assert [int(one.text) for one in tab.select(".mn-count")] == [number] * bool(number), address
        assert len(testapp.get(tab["href"]).html.select("#alerts tbody > tr")) == number
    assert testapp.get("/hosts/host-33").html.select_one('a[href="/alerts?host=host-33"]').text == "1 alert"
