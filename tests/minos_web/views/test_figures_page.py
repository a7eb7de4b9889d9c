"""The page of all that a task's status page tells: asked once, told as a tree, searched, hostile names and all."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_common.states import StepState
from minos_web.console import Console
from minos_web.models.operations import Step
from tests.minos_web.conftest import Browser
from tests.minos_web.scene import add_cluster, add_hosts
from tests.minos_web.views.api.test_openapi import fits

PAGE = "/clusters/zookeeper/dptst/tasks/zookeeper/0/figures"
API = f"/api/v1{PAGE}"
GROUPS = {
    "Hadoop:service=NameNode,name=Info": {"Version": [None, "3.4.1", ""], "Live": [2.0, '["a"]', "hdfs.live"]},
    "java.lang:type=<b>Memory</b>": {"Used": [5.0, "", ""], "<i>": [None, "<script>alert(1)</script>", ""]},
}


@pytest.fixture
def described(session: Session, console: Console) -> None:
    add_hosts(session)
    add_cluster(session, console)
    session.commit()


def answer(session: Session, state: StepState = StepState.DONE, message: str = "", **data: Any) -> dict[str, Any]:
    """The worker answers the newest question; what was asked."""
    step = session.scalars(select(Step).where(Step.verb == "read-page").order_by(Step.id.desc())).first()
    assert step is not None
    whole = {"groups": GROUPS, "count": 4, "left_out": 0, "source": "h:1/jmx", "at": 1.0, "seconds": 0.012}
    args = dict(step.args)
    step.state, step.ended_at, step.data, step.message = state.value, time.time(), {**whole, **data}, message
    session.commit()
    return args


def test_it_waits_for_the_worker_and_then_shows_the_first_bean(
    testapp: Browser, session: Session, described: None
) -> None:
    waiting = testapp.get(PAGE).html.select_one("#figures")
    assert "hx-get" in waiting.attrs and "reads the page" in waiting.text
    assert answer(session) == {"text": "", "only": []}
    page = testapp.get(PAGE).html
    assert "hx-get" not in page.select_one("#figures").attrs
    assert [head.text for head in page.select(".mn-tree__head")] == ["Hadoop", "java.lang"]
    assert [row.text for row in page.select("#figures tbody th")] == ["Version", "Live"]
    assert "h:1/jmx" in page.select_one("#figures").text
    (draw,) = page.select("[data-live-name]")
    assert (draw["data-live-group"], draw["data-live-name"]) == ("Hadoop:service=NameNode,name=Info", "Live")
    (chart,) = page.select("a[title*='hdfs.live']")
    charted = testapp.get(chart["href"]).html.select_one("#collected figure")
    assert "metric=hdfs.live" in charted["data-series-url"] and "job=zookeeper" in charted["data-series-url"]


def test_a_bean_is_chosen_by_its_address_and_hostile_words_stay_words(
    testapp: Browser, session: Session, described: None
) -> None:
    testapp.get(PAGE)
    answer(session)
    other = testapp.get(PAGE).html.select(".mn-tree a")[1]
    page = testapp.get(other["href"])
    assert "<script>alert(1)" not in page.text and "<b>Memory" not in page.text
    assert [row.text for row in page.html.select("#figures tbody th")] == ["Used", "<i>"]
    assert page.html.select_one('.mn-tree a[aria-current="true"]').text == "type=<b>Memory</b>"


def test_a_search_shows_all_that_was_found(testapp: Browser, session: Session, described: None) -> None:
    testapp.get(f"{PAGE}?q=Ver")
    assert answer(session, count=700, left_out=3)["text"] == "Ver"
    page = testapp.get(f"{PAGE}?q=Ver").html
    assert len(page.select("#figures table")) == 2
    assert "3 values did not fit" in page.select_one("#figures").text
    testapp.get(f"{PAGE}?q=nothing")
    answer(session, groups={}, count=0)
    assert "No value has this" in testapp.get(f"{PAGE}?q=nothing").text


def test_a_page_bears_so_many_rows(testapp: Browser, session: Session, described: None) -> None:
    testapp.get(f"{PAGE}?q=v")
    bean = {f"v{number}": [1.0, "", ""] for number in range(300)}
    answer(session, groups={f"b:name={number}": bean for number in range(5)}, count=1500)
    page = testapp.get(f"{PAGE}?q=v").html
    assert len(page.select("#figures tbody tr")) == 300 and "1,200 more values" in page.select_one("#figures").text
    assert len(page.select(".mn-tree a")) == 5


def test_why_there_are_none_is_told_and_asked_again_when_wanted(
    testapp: Browser, session: Session, described: None
) -> None:
    testapp.get(PAGE)
    answer(session, StepState.FAILED, "it does not run on this host")
    failed = testapp.get(PAGE).html
    assert "does not run on this host" in failed.select_one("#figures [role=alert]").text
    again = failed.select_one("#figures [role=alert] a")["href"]
    assert "since=" in again
    assert "reads the page" in testapp.get(f"{PAGE}?since={int(time.time()) + 5}").text


@pytest.mark.parametrize(
    "query", ["?group=none", "?chart=%3Cx%3E", "?since=x", "?since=99999999999999", f"?q={'x' * 900}"]
)
def test_odd_queries_are_borne(testapp: Browser, session: Session, described: None, query: str) -> None:
    testapp.get(PAGE + query)
    answer(session)
    assert "<x>" not in testapp.get(PAGE + query, status=200).text


def test_the_api_answers_as_described(api_as: Callable[[str], Any], session: Session, described: None) -> None:
    api = api_as("viewer")
    path = "/clusters/{service}/{cluster}/tasks/{job}/{number}/figures"
    asking = api.get(f"{API}?q=live", status=202)
    assert fits(asking.json, path, status="202") == [] and asking.headers["Retry-After"] == "1"
    answer(session)
    told = api.get(f"{API}?q=live").json
    assert fits(told, path) == []
    assert told["groups"][0]["values"][1] == {"name": "Live", "number": 2.0, "text": '["a"]', "figure": "hdfs.live"}
    api.get(f"{API}?group=a&name=b&group=c&name=d", status=202)
    assert answer(session, StepState.FAILED, "h:1 does not answer")["only"] == [["a", "b"], ["c", "d"]]
    silent = api.get(f"{API}?group=a&name=b&group=c&name=d", status=504).json
    assert fits(silent, path, status="504") == [] and silent["error"]["message"] == "h:1 does not answer"


@pytest.mark.parametrize("query", ["?group=a", "?group=a&name=b&name=c", "?" + "&".join(["group=a&name=b"] * 13)])
def test_the_api_refuses_what_makes_no_sense(api_as: Callable[[str], Any], described: None, query: str) -> None:
    refused = api_as("viewer").get(API + query, status=422).json
    assert refused["error"]["field"] == "name"
