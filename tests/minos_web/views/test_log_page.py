"""The log page's search: asked once, shown when the worker has answered, gone on with further back."""

import time

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_common.states import StepState
from minos_web.console import Console
from minos_web.models.operations import Step
from tests.minos_web.conftest import Browser
from tests.minos_web.scene import add_cluster, add_hosts

PAGE = "/clusters/zookeeper/dptst/tasks/zookeeper/0/log?file=log/zookeeper.log"


@pytest.fixture
def described(session: Session, console: Console) -> None:
    add_hosts(session)
    add_cluster(session, console)
    session.commit()


def answer(session: Session, **data: object) -> Step:
    """The worker answers the newest search."""
    step = session.scalars(select(Step).where(Step.verb == "search-log").order_by(Step.id.desc())).first()
    assert step is not None
    step.state, step.ended_at, step.data = StepState.DONE.value, time.time(), data
    session.commit()
    return step


def test_lines_come_when_the_worker_has_answered(testapp: Browser, session: Session, described: None) -> None:
    page = testapp.get(f"{PAGE}&q=<b>lost</b>")
    assert "is searching" in page.text and page.html.select_one("#log-found")["hx-get"].endswith(
        "q=%3Cb%3Elost%3C%2Fb%3E"
    )
    step = answer(session, matches=[{"offset": 9000, "text": "it is <b>lost</b>"}], before=700, size=10000)
    assert step.args == {"name": "log/zookeeper.log", "text": "<b>lost</b>", "before": None, "limit": 200}
    found = testapp.get(f"{PAGE}&q=<b>lost</b>").html.select_one("#log-found")
    assert "hx-get" not in found.attrs
    line, further = found.select("li a")[0], found.select("p a")[0]
    assert line.text == "it is <b>lost</b>" and "at=9000" in line["href"]
    assert "before=700" in further["href"]


def test_nothing_found_says_how_far_it_looked(testapp: Browser, session: Session, described: None) -> None:
    testapp.get(f"{PAGE}&q=x")
    answer(session, matches=[], before=4000, size=10000)
    assert "No line of the last 5.86 KB holds it" in " ".join(
        testapp.get(f"{PAGE}&q=x").html.select_one("#log-found").text.split()
    )


def test_a_found_line_is_shown_with_what_stands_around_it(testapp: Browser, described: None) -> None:
    viewer = testapp.get(f"{PAGE}&at=9000").html.select_one(".mn-log")
    assert "data-log-static" in viewer.attrs and "offset=4904" in viewer["data-log-url"]
    assert "data-log-static" not in testapp.get(f"{PAGE}&at=-1").html.select_one(".mn-log").attrs
