"""Rules by form: made, changed, back-tested before they are kept, as shipped again, deleted; never by a viewer."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_web.console import Console
from minos_web.models.alerts import AlertRule
from minos_web.models.people import AuditEntry
from minos_web.monitor.alerts.rules import Rule, shipped_rules
from minos_web.monitor.series.port import Batch, SeriesName
from minos_web.monitor.series.writing import SeriesWriter
from minos_web.views.finding import service_title
from tests.minos_web.alert_scene import add_alert
from tests.minos_web.conftest import Browser
from tests.minos_web.scene import add_hosts

HOSTILE = '<script>alert("x")</script>'
TYPED = {"title": "Load is high", "name": "load-high", "metric": "host.load1", "about": "host", "condition": "> 8"}


@pytest.fixture
def shipped(console: Console) -> Rule:
    """Some rule that the catalog brings."""
    return next(rule for rule in shipped_rules(console.catalog) if rule.service)


def form_of(page: Any) -> Any:
    return next(form for form in page.forms.values() if form.id != "x" and "condition" in form.fields)


def filled(page: Any, **typed: str) -> Any:
    form = form_of(page)
    for name, text in typed.items():
        form[name] = text
    return form


def made(testapp: Browser, **typed: str) -> Any:
    return filled(testapp.get("/alert-rules/new"), **{**TYPED, **typed})


def test_the_list_has_all_rules(testapp: Browser, session: Session, console: Console, shipped: Rule) -> None:
    add_alert(session, shipped.name, time.time())
    session.commit()
    page = testapp.get("/alert-rules")
    row = page.html.select_one(f'[id="rule-{shipped.name}"]')
    assert shipped.title in row.text and shipped.condition in row.text
    assert row.select_one(f'a[href="/alerts?rule={shipped.name}"]').text == "1"
    assert len(page.html.select("tbody tr")) == len(list(shipped_rules(console.catalog)))
    assert "No rule fits" in testapp.get("/alert-rules?q=nothing+like+this").text
    narrowed = testapp.get(f"/alert-rules?service={shipped.service}").html
    assert {one.text for one in narrowed.select("main h2")} == {service_title(console.catalog, shipped.service)}
    assert "No rule fits" in testapp.get("/alert-rules?kind=own").text


def test_one_is_made_changed_and_deleted(testapp: Browser, console: Console) -> None:
    page = made(testapp, help=f"{HOSTILE} look", **{"for": "10 min"}).submit("do", value="save", status=303).follow()
    assert "Load is high: saved." in page.text
    assert "host.load1 &gt; 8 for 10 min" in page.text
    page = testapp.get("/alert-rules/load-high")
    assert "<script>alert" not in page.text and form_of(page)["for"].value == "10 min"
    again = filled(page, worse="> 16").submit("do", value="save", status=303).follow()
    assert "saved" in again.text and form_of(again)["worse"].value == "> 16"
    assert "nothing is different" in form_of(again).submit("do", value="save", status=303).follow().text
    off = form_of(again)
    off["enabled"] = False
    off.submit("do", value="save", status=303)
    assert testapp.get("/alert-rules?kind=off").html.select_one("#rule-load-high")
    drop = next(
        form for form in again.forms.values() if "condition" not in form.fields and "alert-rules" in form.action
    )
    assert "is deleted" in drop.submit("do", value="drop", status=303).follow().text
    testapp.get("/alert-rules/load-high", status=404)
    with console.readers() as reading:
        deeds = [one.action for one in reading.scalars(select(AuditEntry).order_by(AuditEntry.id))]
    assert deeds == ["alert-rule.change"] * 3 + ["alert-rule.delete"]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name": "Load"}, "name"),
        ({"title": ""}, "title"),
        ({"metric": "a b c"}, "metric"),
        ({"condition": "> lots"}, "condition"),
        ({"condition": HOSTILE}, "condition"),
        ({"worse": "is"}, "worse"),
        ({"clear": "is good"}, "clear"),
        ({"for": "soon"}, "for"),
        ({"about": "task"}, "about"),
    ],
)
@pytest.mark.parametrize("deed", ["save", "test"])
def test_what_is_wrong_stands_at_its_field(
    testapp: Browser, console: Console, typed: dict[str, str], field: str, deed: str
) -> None:
    page = made(testapp, **typed).submit("do", value=deed, status=422)
    assert page.html.select_one(f"#{field}-error") and "<script>alert" not in page.text
    assert form_of(page)["name"].value == typed.get("name", "load-high"), "what was typed is kept"
    with console.readers() as reading:
        assert reading.scalars(select(AlertRule)).all() == []


def test_two_rules_have_two_names(testapp: Browser, shipped: Rule) -> None:
    made(testapp).submit("do", value="save", status=303)
    for name in ("load-high", shipped.name):
        page = made(testapp, name=name).submit("do", value="save", status=422)
        assert "There is a rule of this name already" in page.html.select_one("#name-error").text


def test_a_shipped_one_is_changed_and_as_shipped_again(testapp: Browser, shipped: Rule) -> None:
    page = testapp.get(f"/alert-rules/{shipped.name}")
    form = form_of(page)
    assert "metric" not in form.fields and "title" not in form.fields
    form["level"] = "warning" if shipped.level == "error" else "error"
    form["for"] = "7 min"
    page = form.submit("do", value="save", status=303).follow()
    assert "Changed here. As shipped:" in page.text and form_of(page)["for"].value == "7 min"
    assert testapp.get("/alert-rules?kind=changed").html.select_one(f'[id="rule-{shipped.name}"]')
    drop = next(form for form in page.forms.values() if "condition" not in form.fields and "alert-rules" in form.action)
    page = drop.submit("do", value="drop", status=303).follow()
    assert "is as shipped again" in page.text and "Changed here" not in page.text


def test_a_back_test_before_it_is_kept(testapp: Browser, session: Session, console: Console) -> None:
    add_hosts(session)
    now = int(time.time()) // 10 * 10
    load = SeriesName("host.load1", "host-31")
    samples = [(load, at, 12.0 if now - 7200 <= at < now - 3600 else 1.0) for at in range(now - 14400, now, 10)]
    SeriesWriter().store(session, Batch("test", "load"), samples)
    session.commit()
    form = made(testapp, **{"for": "1 min"})
    form["span"] = "1d"
    page = form.submit("do", value="test", status=200)
    told = page.html.select_one("#tested")
    facts = {one.dt.text: one.dd.text for one in told.select("dl > div")}
    assert facts["Would have fired"] == "1 time" and facts["Looked at"] == "1 series", facts
    assert facts["People told"] == "2 times", "of the problem and of its end"
    assert len(told.select("svg rect")) == 1 and "host-31" in told.select_one("tbody tr").text
    assert form_of(page)["name"].value == "load-high" and form_of(page)["for"].value == "1 min"
    with console.readers() as reading:
        assert reading.scalars(select(AlertRule)).all() == [], "nothing was saved"
        assert reading.scalars(select(AuditEntry)).all() == []
    assert "saved" in form_of(page).submit("do", value="save", status=303).follow().text


def test_nothing_stored_is_no_good_news(testapp: Browser) -> None:
    page = made(testapp, metric="host.load15").submit("do", value="test", status=200)
    assert "that it would not have fired says nothing" in page.text
    form = made(testapp)
    form["span"].force_value("900d")
    assert form.submit("do", value="test", status=422).html.select_one("#tested") is None


def test_a_rule_of_one_role_says_so(testapp: Browser) -> None:
    head = testapp.get("/alert-rules/hdfs-missing-blocks").html.select_one(".mn-head__sub").text
    assert "where role is active" in head and "service hdfs, job namenode" in head


def test_what_has_no_field_is_told_all_the_same(testapp: Browser) -> None:
    page = form_of(testapp.get("/alert-rules/host-lost")).submit("do", value="test", status=422)
    assert "No history of host.status is stored" in page.html.select_one(".mn-main .mn-flash--danger").text


def test_a_viewer_only_looks(testapp: Browser, browser_as: Callable[[str], Browser], shipped: Rule) -> None:
    made(testapp).submit("do", value="save", status=303)
    viewer = browser_as("viewer")
    assert "Load is high" in viewer.get("/alert-rules").text
    for name in ("load-high", shipped.name):
        page = viewer.get(f"/alert-rules/{name}")
        assert page.html.select_one("fieldset[disabled]") and not page.html.select("button[name=do]")
        token = {"csrf_token": viewer.csrf_token}
        for deed in ("save", "test", "drop"):
            viewer.post(f"/alert-rules/{name}", {**token, "do": deed}, status=403)
    viewer.get("/alert-rules/new", status=403)
    viewer.get("/alert-rules/nothing", status=404)
