"""Samples of many charts in one answer."""

import gzip
import json
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from pyramid.router import Router
from sqlalchemy.orm import Session
from webob import Request

from minos_common.words import SampleGroup
from minos_web.monitor.ingest import ingest
from minos_web.monitor.series.port import Batch
from minos_web.monitor.series.writing import SeriesWriter
from tests.minos_web.scene import add_hosts
from tests.minos_web.views.api.test_openapi import fits

URL = "/api/v1/series/several"
CPU, LOAD = "metric=host.cpu_percent", "metric=host.load1"


@pytest.fixture
def now(session: Session) -> int:
    """Three hosts, measured every 10 s for five minutes, and for five minutes an hour before; the second has most to do."""
    end = int(time.time()) // 10 * 10
    writer = SeriesWriter()
    for number, host in enumerate(add_hosts(session)):
        groups = [
            SampleGroup(float(at), {"host.cpu_percent": {0: 10.0, 1: 90.0, 2: 20.0}[number] + age, "host.load1": 1.0})
            for age, last in ((1, end - 3600), (0, end))
            for at in range(last - 300, last + 1, 10)
        ]
        ingest(session, writer, host, Batch("w", "1"), groups)
    session.commit()
    return end


def ask(api: Any, *queries: str, **params: Any) -> Any:
    return api.get(f"{URL}?{urlencode([*params.items(), *(('q', query) for query in queries)])}")


def test_each_question_has_its_answer_in_order(api_as: Any, now: int) -> None:
    answer = ask(api_as("viewer"), CPU, f"{LOAD}&host=host-31", "metric=none", **{"from": now - 300, "to": now}).json
    assert [[line["labels"]["host"] for line in chart["series"]] for chart in answer["charts"]] == [
        ["host-31", "host-32", "host-33"], ["host-31"], [],
    ]  # fmt: skip
    assert (answer["from"], answer["to"], answer["step"]) == (now - 300, now, 1)
    assert fits(answer, "/series/several") == []


def test_only_the_top_lines_and_how_many_there_are(api_as: Any, now: int) -> None:
    chart = ask(api_as("viewer"), CPU, span=300, top=2, by="max").json["charts"][0]
    assert [line["labels"]["host"] for line in chart["series"]] == ["host-32", "host-33"]
    assert chart["lines"] == 3


def test_compared_with_an_earlier_time_only_lines_that_are_told(api_as: Any, now: int) -> None:
    params = {"from": now - 200, "to": now, "top": 1, "compare": 3600}
    chart = ask(api_as("viewer"), CPU, **params).json["charts"][0]
    (line,), (earlier,) = chart["series"], chart["earlier"]
    assert (line["labels"], earlier["labels"]) == ({"host": "host-32"},) * 2
    assert {value for _, value in earlier["points"]} == {91}
    assert all(now - 3800 <= at <= now - 3600 for at, _ in earlier["points"])


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("host=a", "at least one metric"),
        ("&".join(["metric=a"] * 50), "at most 40"),
        (f"{CPU}&combine=luck", "combine"),
        (f"{CPU}&combine=top&top=x", "top"),
    ],
)
def test_a_chart_that_asks_wrongly_keeps_no_other_from_its_lines(api_as: Any, now: int, query: str, word: str) -> None:
    answer = ask(api_as("viewer"), CPU, query, LOAD, span=300).json
    assert [len(chart["series"]) for chart in answer["charts"]] == [3, 0, 3]
    assert word in answer["charts"][1]["error"] and fits(answer, "/series/several") == []


def test_lines_put_together(api_as: Any, now: int) -> None:
    answer = ask(api_as("viewer"), f"{CPU}&combine=sum", **{"from": now - 200, "to": now}).json
    (line,) = answer["charts"][0]["series"]
    assert {value for _, value in line["points"]} == {120}


@pytest.mark.parametrize(
    ("accepts", "is_packed"), [("gzip, br", True), (None, False), ("br", False), ("gzip;q=0", False)]
)
def test_it_is_packed_for_whom_it_can_be(
    app: Router, token_of: Callable[[str], str], now: int, accepts: str | None, is_packed: bool
) -> None:
    request = Request.blank(f"{URL}?{urlencode({'q': CPU, 'to': now})}")  # WebTest would unpack it
    request.authorization = ("Bearer", token_of("viewer"))
    if accepts is not None:
        request.headers["Accept-Encoding"] = accepts
    answer = request.get_response(app)
    assert answer.headers.get("Content-Encoding") == ("gzip" if is_packed else None)
    assert "Accept-Encoding" in answer.headers["Vary"]
    body = gzip.decompress(answer.body) if is_packed else answer.body
    assert json.loads(body)["charts"][0]["lines"] == 3


@pytest.mark.parametrize(
    ("queries", "params", "field"),
    [
        ([], {}, "q"),
        ([CPU] * 41, {}, "q"),
        ([CPU], {"from": 20, "to": 10}, "from"),
        ([CPU], {"from": 0, "to": 10**9}, "from"),
        ([CPU], {"to": "nan"}, "to"),
        ([CPU], {"span": "x"}, "span"),
        ([CPU], {"by": "luck"}, "by"),
        ([CPU], {"top": -1}, "top"),
        ([CPU], {"compare": -5}, "compare"),
    ],
)
def test_nonsense_is_refused_by_name(api_as: Any, queries: list[str], params: dict[str, Any], field: str) -> None:
    url = f"{URL}?{urlencode([*params.items(), *(('q', query) for query in queries)])}"
    response = api_as("viewer").get(url, expect_errors=True)
    assert response.status_int in (400, 422)
    assert response.json["error"]["field"] == field
