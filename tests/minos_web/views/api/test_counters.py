"""Counters: pushed all or not at all, with a token that may do nothing else, kept, shown, told to Prometheus."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import select
from sqlalchemy.orm import Session
from webtest import TestApp

from minos_web.console import Console
from minos_web.models.counters import Counter
from minos_web.models.people import User
from minos_web.monitor import counters
from minos_web.monitor.counters import forget_counters
from minos_web.monitor.series.asking import query
from minos_web.monitor.series.port import SeriesQuery
from minos_web.security import pushing
from minos_web.security.people import find_user
from minos_web.security.permissions import Role
from minos_web.security.tokens import BadToken, make_token
from tests.minos_web.conftest import Browser
from tests.minos_web.views.api.test_openapi import fits

URL = "/api/v1/counters"
ONE: dict[str, Any] = {"group": "infra-hbase-dptst", "name": "t1-Availability", "value": 99.5, "unit": "%"}


@pytest.fixture
def pusher(app: Any, console: Console) -> TestApp:
    """A program with an operator's token that may push and nothing else."""
    with console.writers.begin() as session:
        user = find_user(session, "operator")
        assert user is not None
        text = make_token(session, user, "push", Role.PUSHER, 1.0, time.time())[1]
    program = TestApp(app, extra_environ={"REMOTE_ADDR": "10.0.0.7"})
    program.set_authorization(("Bearer", text))
    return program


def rows(console: Console) -> list[Counter]:
    with console.readers() as session:
        return list(session.scalars(select(Counter).order_by(Counter.group, Counter.name, Counter.endpoint)))


def test_a_push_is_kept_with_its_history(pusher: TestApp, console: Console) -> None:
    answer = pusher.post_json(URL, [ONE, {**ONE, "name": "load", "value": 3, "endpoint": "node7", "label": "nightly"}])
    assert answer.json == {"stored": 2}
    assert fits(answer.json, "/counters", "post") == []
    load, availability = sorted(rows(console), key=lambda row: row.value)
    assert (load.endpoint, load.label, load.value) == ("node7", "nightly", 3.0)
    assert (availability.endpoint, availability.unit, availability.pushed_by) == ("10.0.0.7", "%", "operator")
    with console.readers() as session:
        now = time.time()
        found = query(session, SeriesQuery(("counter.infra-hbase-dptst.load",), now - 60, now + 60))
    assert found[0]["labels"] == {"host": "node7"}
    assert [value for _, value in found[0]["points"]] == [3.0]


def test_a_counter_is_renewed_by_group_name_and_endpoint(pusher: TestApp, console: Console) -> None:
    pusher.post_json(URL, [ONE, {**ONE, "endpoint": "node7"}])
    pusher.post_json(URL, [{**ONE, "value": 1, "unit": "x", "label": "l"}])
    assert [(row.endpoint, row.value, row.unit, row.label) for row in rows(console)] == [
        ("10.0.0.7", 1.0, "x", "l"),
        ("node7", 99.5, "%", ""),
    ]


def test_one_that_is_named_twice_has_its_last_value(pusher: TestApp, console: Console) -> None:
    assert pusher.post_json(URL, [ONE, {**ONE, "value": 2}]).json == {"stored": 1}
    assert [row.value for row in rows(console)] == [2.0]


@pytest.mark.parametrize(
    ("change", "status", "field"),
    [
        ({"group": ""}, 422, "[1].group"),
        ({"group": "x" * 65}, 422, "[1].group"),
        ({"name": " "}, 422, "[1].name"),
        ({"name": "n" * 129}, 422, "[1].name"),
        ({"group": "g" * 64, "name": "n" * 100}, 422, "[1].name"),
        ({"name": "a\nb"}, 422, "[1].name"),
        ({"unit": "u" * 33}, 422, "[1].unit"),
        ({"label": "l" * 256}, 422, "[1].label"),
        ({"endpoint": "e\0"}, 422, "[1].endpoint"),
        ({"value": "3"}, 422, "[1].value"),
        ({"value": None}, 422, "[1].value"),
        ({"value": True}, 422, "[1].value"),
        ({"lable": "typo"}, 422, "[1]"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_kept(
    pusher: TestApp, console: Console, change: dict[str, Any], status: int, field: str
) -> None:
    answer = pusher.post_json(URL, [ONE, {**ONE, **change}], status=status)
    assert answer.json["error"]["field"] == field
    assert fits(answer.json, "/counters", "post", str(status)) == []
    assert rows(console) == []


@pytest.mark.parametrize("left_out", ["group", "name", "value", "unit"])
def test_what_must_be_there_is_missed(pusher: TestApp, console: Console, left_out: str) -> None:
    body = [{key: value for key, value in ONE.items() if key != left_out}]
    error = pusher.post_json(URL, body, status=422).json["error"]
    assert left_out in error["message"] and error["field"] == "[0]"


@pytest.mark.parametrize(
    ("body", "status"),
    [("", 400), ("[", 400), ("{}", 422), ("[1]", 422), ("null", 422), ('[{"value": NaN}]', 400)],
)
def test_what_is_no_list_of_counters(pusher: TestApp, body: str, status: int) -> None:
    assert pusher.post(URL, body, content_type="application/json", status=status).json["error"]["message"]


def test_a_number_too_large_to_be_one(pusher: TestApp, console: Console) -> None:
    body = '[{"group": "g", "name": "n", "unit": "", "value": 1e999}]'
    assert pusher.post(URL, body, expect_errors=True).status_int in (400, 422)
    assert rows(console) == []


def test_an_empty_list_is_nothing(pusher: TestApp, console: Console) -> None:
    assert pusher.post_json(URL, []).json == {"stored": 0}


def test_a_push_is_bounded(pusher: TestApp, console: Console) -> None:
    many = [{**ONE, "name": f"n{number}"} for number in range(1001)]
    answer = pusher.post_json(URL, many, status=413)
    assert "1000" in answer.json["error"]["message"]
    assert pusher.post_json(URL, many[:1000]).json == {"stored": 1000}
    pusher.post(URL, b" " * (2 * 1024**2 + 1), status=413)


def test_so_many_are_known_at_most(pusher: TestApp, console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counters, "MOST_KEPT", 2)
    pusher.post_json(URL, [ONE, {**ONE, "name": "b"}])
    assert pusher.post_json(URL, [{**ONE, "value": 5}]).json == {"stored": 1}
    assert pusher.post_json(URL, [{**ONE, "name": "c"}], status=409).json["error"]["code"] == "too-many"
    assert {row.name for row in rows(console)} == {"t1-Availability", "b"}


def test_a_token_pushes_so_often(pusher: TestApp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pushing, "PUSHES", pushing.RateLimitItemPerMinute(2, namespace="pushes"))
    monkeypatch.setattr(pushing, "VALUES", pushing.RateLimitItemPerMinute(3, namespace="values"))
    pusher.post_json(URL, [ONE, ONE])
    assert pusher.post_json(URL, [ONE, ONE], status=429).json["error"]["code"] == "too-many-pushes"
    assert "wait" in pusher.post_json(URL, [ONE], status=429).json["error"]["message"]


def test_a_pusher_sees_nothing(pusher: TestApp, anonymous: TestApp) -> None:
    for url in ("/api/v1/hosts", "/api/v1/clusters", "/metrics", "/api/v1/series?metric=x", "/api/v1/config"):
        assert pusher.get(url, status=403).json["error"]["code"] == "forbidden"
    anonymous.post_json(URL, [ONE], status=401)
    anonymous.post_json("/monitor/addCounter/", [ONE], status=401)


def test_a_viewer_brings_nothing_and_makes_no_pusher(
    api_as: Callable[[str], TestApp], session: Session, browser_as: Callable[[str], Browser]
) -> None:
    api_as("viewer").post_json(URL, [ONE], status=403)
    viewer = find_user(session, "viewer")
    assert viewer is not None
    with pytest.raises(BadToken) as refused:
        make_token(session, viewer, "x", Role.PUSHER, 1, time.time())
    assert refused.value.field == "role"
    session.rollback()
    assert "pusher" not in browser_as("viewer").get("/account").text
    assert "pusher: brings counters" in browser_as("operator").get("/account").text


def test_a_pusher_whose_user_may_not_push_any_more_is_nobody(pusher: TestApp, console: Console) -> None:
    with console.writers.begin() as session:
        session.scalars(select(User).where(User.name == "operator")).one().role = Role.VIEWER
    pusher.post_json(URL, [ONE], status=401)


def test_nobody_becomes_a_pusher(testapp: Browser) -> None:
    page = testapp.get("/admin/users")
    assert "pusher" not in page.text.split("<form", 1)[0] and 'value="pusher"' not in page.text


def test_the_address_of_old(pusher: TestApp, console: Console) -> None:
    answer = pusher.post_json("/monitor/addCounter/", [ONE])
    assert (answer.text, answer.content_type) == ("ok", "text/plain")
    assert len(rows(console)) == 1
    assert pusher.post_json("/monitor/addCounter/", [{}], status=422).json["error"]["field"] == "[0]"


def aged(console: Console, seconds: float, name: str = "aged") -> int:
    with console.writers.begin() as session:
        at = time.time() - seconds
        row = Counter(group="g", name=name, endpoint="e", value=1.0, unit="ops", label="", at=at, pushed_by="operator")
        session.add(row)
        session.flush()
        return row.id


@pytest.mark.parametrize(("seconds", "word"), [(0, "fresh"), (60, "late"), (600, "old")])
def test_the_page_says_how_old_each_is(testapp: Browser, console: Console, seconds: float, word: str) -> None:
    number = aged(console, seconds)
    for url in ("/counters", f"/counters/{number}"):
        assert f'<span class="mn-status__word">{word}</span>' in testapp.get(url).text
    assert "counter.g.aged" in testapp.get(f"/counters/{number}").text


def test_the_page_escapes_and_filters(testapp: Browser, pusher: TestApp) -> None:
    pusher.post_json(URL, [{**ONE, "name": "<b>bold</b>", "label": '"><i>'}, {**ONE, "group": "other", "name": "100%"}])
    page = testapp.get("/counters").text
    assert "<b>bold" not in page and "&lt;b&gt;bold" in page and '"><i>' not in page
    assert "bold" not in testapp.get("/counters?group=other").text
    assert "100%" in testapp.get("/counters?q=%25").text
    assert "No counter fits" in testapp.get("/counters?q=nowhere").text


def test_an_empty_page_says_how_to_push(testapp: Browser) -> None:
    assert "No counters yet" in testapp.get("/counters").text
    testapp.get("/counters/99", status=404)


def test_prometheus_gets_those_that_are_not_old(pusher: TestApp, api_as: Any, console: Console) -> None:
    pusher.post_json(URL, [{**ONE, "name": 'a"b\\c'}])
    aged(console, 600)
    text = api_as("viewer").get("/metrics").text
    families = {family.name: family for family in text_string_to_metric_families(text)}
    (sample,) = families["minos_counter"].samples
    assert sample.labels == {"group": ONE["group"], "name": 'a"b\\c', "endpoint": "10.0.0.7", "unit": "%"}
    assert sample.value == 99.5


def test_those_that_nobody_pushes_are_forgotten(console: Console) -> None:
    aged(console, 10, "new")
    aged(console, 100, "gone")
    with console.writers.begin() as session:
        assert forget_counters(session, time.time() - 50) == 1
    assert [row.name for row in rows(console)] == ["new"]


def test_no_two_counters_share_a_series() -> None:
    assert counters.metric_of("a.b", "c") != counters.metric_of("a", "b.c")
    assert counters.metric_of("a%2Eb", "c") != counters.metric_of("a.b", "c")
