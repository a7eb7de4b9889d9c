"""Silences by form: begun with a reason and an end, ended early, each told in the audit trail; never by a viewer."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_web.console import Console
from minos_web.models.alerts import Silence
from minos_web.models.people import AuditEntry
from minos_web.operations.refusal import Refused
from minos_web.views.silences import typed_time
from tests.minos_web.alert_scene import add_alert
from tests.minos_web.conftest import Browser

HOSTILE = '<script>alert("x")</script>'


def form_of(page: Any) -> Any:
    return next(form for form in page.forms.values() if form.action.endswith("/silences"))


def test_one_begins_and_ends(session: Session, testapp: Browser, console: Console) -> None:
    alert = add_alert(session, "own", time.time()).id
    session.commit()
    page = testapp.get("/silences")
    assert "Nothing is silenced" in page.text
    page = testapp.get(testapp.get(f"/alerts/{alert}").html.select_one('a[href^="/silences?"]')["href"])
    form = form_of(page)
    filled = {name: form[name].value for name in ("rule", "service", "cluster", "job", "host")}
    assert filled == {"rule": "own", "service": "zookeeper", "cluster": "dptst", "job": "zookeeper", "host": "host-32"}
    form["reason"], form["hours"] = HOSTILE, "1.5"
    page = form.submit(status=303).follow()
    assert "Silence begun" in page.text and "<script>alert" not in page.text
    (row,) = page.html.select('section[aria-label="Silences"] tbody tr')
    assert HOSTILE in row.text and "rule own, service zookeeper" in row.text
    assert row.select_one('td[data-label="Alerts now"]').text == "1"
    assert testapp.get(f"/alerts/{alert}").html.select_one('.mn-kv a[href="/silences"]').text == HOSTILE
    end = next(form for form in page.forms.values() if form.action.endswith("/end"))
    assert "The silence is over" in end.submit(status=303).follow().text
    assert "This silence was over already" in end.submit(status=303).follow().text
    assert "ended by admin" in testapp.get("/silences?state=over").text
    with console.readers() as reading:
        deeds = [(one.action, one.target) for one in reading.scalars(select(AuditEntry).order_by(AuditEntry.id))]
    assert [deed for deed, _ in deeds] == ["silence.begin", "silence.end"] and "rule own" in deeds[0][1]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"reason": "", "hours": "1"}, "reason"),
        ({"hours": "soon"}, "hours"),
        ({"hours": ""}, "hours"),
        ({"until": "tomorrow"}, "until"),
        ({"until": "2026-02-30 10:00"}, "until"),
        ({"hours": "1", "begins": "x"}, "begins"),
        ({"host": "", "hours": "1"}, "everything"),
    ],
)
def test_what_is_wrong_stands_at_its_field(
    testapp: Browser, console: Console, typed: dict[str, str], field: str
) -> None:
    form = form_of(testapp.get("/silences"))
    for name, text in {"reason": "work", "host": "h1", **typed}.items():
        form[name] = text
    page = form.submit(status=422)
    assert page.html.select_one(f"#{field}-error")
    assert form_of(page)["reason"].value == typed.get("reason", "work"), "what was typed is kept"
    with console.readers() as reading:
        assert reading.scalars(select(Silence)).all() == []


def test_everything_is_silenced_only_on_purpose(testapp: Browser) -> None:
    form = form_of(testapp.get("/silences"))
    form["reason"], form["hours"] = "move of the data centre", "2"
    form = form_of(form.submit(status=422))
    form["everything"] = True
    page = form.submit(status=303).follow()
    assert "nobody hears of everything" in page.text


def test_one_that_is_coming_is_given_up(testapp: Browser) -> None:
    form = form_of(testapp.get("/silences"))
    form["reason"], form["host"], form["hours"] = "later", "h1", "2"
    form["begins"] = time.strftime("%Y-%m-%d %H:%M", time.gmtime(time.time() + 7200))
    form.submit(status=303)
    page = testapp.get("/silences?state=coming")
    assert "begins in" in page.text
    next(form for form in page.forms.values() if form.action.endswith("/end")).submit(status=303)
    assert "No silence is coming" in testapp.get("/silences?state=coming").text


def test_a_viewer_only_looks(testapp: Browser, browser_as: Callable[[str], Browser]) -> None:
    form = form_of(testapp.get("/silences"))
    form["reason"], form["host"], form["hours"] = "work", "h1", "2"
    form.submit(status=303)
    viewer = browser_as("viewer")
    page = viewer.get("/silences")
    assert "work" in page.text and not page.html.select('form[action*="silence"]')
    token = {"csrf_token": viewer.csrf_token}
    viewer.post("/silences", {**token, "reason": "x", "host": "h", "hours": "1"}, status=403)
    viewer.post("/silences/1/end", token, status=403)
    testapp.post("/silences/77/end", {"csrf_token": testapp.csrf_token}, status=404)


@pytest.mark.parametrize(
    ("text", "at"),
    [("", None), ("2026-01-31 09:00", 1769850000.0), ("2026-01-31T09:00:30Z", 1769850030.0)],
)
def test_typed_times_are_utc(text: str, at: float | None) -> None:
    assert typed_time(text, "until") == at


@pytest.mark.parametrize("text", ["09:00", "2026-13-01 09:00", "2026-01-31 25:00", "2026-01-31 09:00+05:00", "now"])
def test_a_time_that_is_none_names_its_field(text: str) -> None:
    with pytest.raises(Refused) as told:
        typed_time(text, "until")
    assert told.value.field == "until"
