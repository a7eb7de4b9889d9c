"""Taking over what was edited on a host: the worker is asked, then the editor opens; nothing is saved by itself."""

import time
from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_common.parts import digest
from minos_web.console import Console
from minos_web.models.clusters import Task
from minos_web.models.operations import Step
from minos_web.operations.rendering import rendered_task
from tests.minos_web.conftest import Browser
from tests.minos_web.scene import add_cluster, add_hosts, mark_prepared

FILES = "/clusters/zookeeper/dptst/tasks/zookeeper/0/files"
PAGE = f"{FILES}/zookeeper.cfg/adopt"
FILE = "conf/zookeeper/zookeeper-dptst.cfg"


@pytest.fixture
def on_host(session: Session, console: Console) -> str:
    """The text that lies on the host of task 0, as its worker tells by its digest."""
    add_hosts(session)
    add_cluster(session, console)
    session.flush()
    mark_prepared(session, console)
    task = session.scalars(select(Task).where(Task.number == 0)).one()
    text = rendered_task(session, console, task).task.files["zookeeper.cfg"].replace("tickTime=2000", "tickTime=2500")
    task.held = {**(task.held or {}), "file:zookeeper.cfg": digest(text.encode())}
    task.edited = ["file:zookeeper.cfg"]
    session.commit()
    return text


def answer(session: Session, text: str) -> None:
    """As the worker does."""
    session.expire_all()
    step = session.scalars(select(Step).where(Step.verb == "read-files")).one()
    step.state, step.ended_at, step.data = "done", time.time(), {"files": {"zookeeper.cfg": text}}
    session.commit()


def test_the_editor_opens_with_what_would_give_it(testapp: Browser, session: Session, on_host: str) -> None:
    links = [link["href"] for link in testapp.get(FILES).html.select("section[aria-labelledby=drift-title] td a")]
    assert len(links) == 1 and links[0].endswith(PAGE)
    assert "Reading zookeeper.cfg" in testapp.get(PAGE).text
    answer(session, on_host)
    waiting = testapp.get(PAGE, headers={"HX-Request": "true"})
    assert waiting.headers["HX-Redirect"].endswith(PAGE)
    page = testapp.get(PAGE)
    assert "tick_time=2500" in page.html.select_one("textarea[name=text]").text
    assert page.html.select_one("input[name=note]")["value"] == "zookeeper.cfg as it was on 127.0.0.31"
    assert "Nothing is saved yet" in page.text and page.html.select_one("form.mn-form")["action"].endswith(
        f"/config/{FILE}"
    )
    form = page.html.select_one("form.mn-form")
    sent = {one["name"]: one.get("value", "") for one in form.select("input")} | {
        "text": form.select_one("textarea").text, "do": "save",
    }  # fmt: skip
    testapp.post(f"/config/{FILE}", sent, headers=testapp.csrf, status=303)
    assert "tick_time=2500" in testapp.get(f"/config/{FILE}").text


def test_what_changed_meanwhile_is_not_taken(testapp: Browser, session: Session, on_host: str) -> None:
    testapp.get(PAGE)
    answer(session, on_host + "more\n")
    assert "is not on its host as it was a moment ago" in testapp.get(PAGE).follow().text


def test_what_cannot_be_read_is_told(testapp: Browser, session: Session, on_host: str) -> None:
    testapp.get(PAGE)
    session.expire_all()
    step = session.scalars(select(Step).where(Step.verb == "read-files")).one()
    step.state, step.ended_at, step.message = "failed", time.time(), "the worker did not answer"
    session.commit()
    assert "Nothing was taken over. The worker did not answer." in testapp.get(PAGE).follow().text


def test_a_viewer_cannot(browser_as: Callable[[str], Browser], on_host: str) -> None:
    viewer = browser_as("viewer")
    viewer.get(PAGE, status=403)
    assert not viewer.get(FILES).html.select("section[aria-labelledby=drift-title] td a")
