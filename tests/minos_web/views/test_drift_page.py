"""Drift on the pages: seen, left alone for a while, seen again when something else lies there."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_web.console import Console
from minos_web.models.clusters import Task
from minos_web.models.drift import DriftIgnored
from minos_web.operations.wanting import refresh_wanted
from tests.minos_web.conftest import Browser
from tests.minos_web.scene import add_cluster, add_hosts, mark_prepared

CLUSTER = "/clusters/zookeeper/dptst"
FILES = f"{CLUSTER}/tasks/zookeeper/0/files"
IGNORE = f"{CLUSTER}/tasks/zookeeper/0/ignore"
PART = "file:zookeeper.cfg"


@pytest.fixture
def task(session: Session, console: Console) -> Task:
    """Task 0 of three; its zookeeper.cfg was edited on the host while it ran."""
    add_hosts(session)
    add_cluster(session, console)
    session.flush()
    mark_prepared(session, console)
    session.commit()
    refresh_wanted(console)
    session.expire_all()
    task = session.scalars(select(Task).where(Task.number == 0)).one()
    task.state, task.pid, task.wanted = "RUNNING", 4711, "running"
    task.started_with = dict(task.held or {})
    edit(task, "0123456789abcdef")
    session.commit()
    return task


def edit(task: Task, digest: str) -> None:
    task.held = {**(task.held or {}), PART: digest}
    task.edited = [PART]


def chips(browser: Browser, page: str = CLUSTER) -> list[str]:
    return [" ".join(chip.text.split()) for chip in browser.get(page).html.select("#tasks .mn-chip, h1 .mn-chip")]


def rows(browser: Browser) -> list[list[str]]:
    found = browser.get(FILES).html.select("section[aria-labelledby=drift-title] tbody tr")
    return [[" ".join(cell.text.split()) for cell in row.select("th, td")][:3] for row in found]


def leave(browser: Browser, hours: str, status: int = 303, part: str = PART) -> Any:
    return browser.post(IGNORE, {"part": part, "hours": hours}, headers=browser.csrf, status=status)


def test_what_was_edited_is_seen_everywhere(testapp: Browser, task: Task) -> None:
    assert chips(testapp) == ["edited", "restart needed"]
    assert chips(testapp, FILES) == ["edited on the host", "restart needed"]
    assert rows(testapp) == [["zookeeper.cfg", "edited on the host Take over…", "with something else"]]
    links = [
        link["href"]
        for link in testapp.get(FILES).html.select("section[aria-labelledby=drift-title] .mn-panel__actions a")
    ]
    assert [link.partition("?")[2] for link in links] == ["task=zookeeper%2F0"] * 2


def test_it_is_left_alone_until_its_time_is_over(testapp: Browser, session: Session, task: Task) -> None:
    leave(testapp, "24")
    assert chips(testapp) == [] and len(rows(testapp)) == 1
    assert "by admin" in testapp.get(FILES).text
    session.expire_all()
    row = session.scalars(select(DriftIgnored)).one()
    row.until = time.time() - 1
    session.commit()
    assert chips(testapp) == ["edited", "restart needed"]


def test_another_edit_is_told_again(testapp: Browser, session: Session, task: Task) -> None:
    leave(testapp, "720")
    session.expire_all()
    edit(session.get_one(Task, task.id), "fedcba9876543210")
    session.commit()
    assert chips(testapp) == ["edited", "restart needed"]


def test_it_is_looked_at_again_when_somebody_says_so(testapp: Browser, task: Task) -> None:
    leave(testapp, "24")
    leave(testapp, "1")  # a second word takes the place of the first
    leave(testapp, "0")
    assert chips(testapp) == ["edited", "restart needed"]


@pytest.mark.parametrize(("hours", "part"), [("5", PART), ("-1", PART), ("", PART), ("24", "file:other"), ("24", "")])
def test_nonsense_is_refused(testapp: Browser, task: Task, hours: str, part: str) -> None:
    leave(testapp, hours, part=part)
    assert chips(testapp) == ["edited", "restart needed"]


def test_a_viewer_sees_and_does_nothing(browser_as: Callable[[str], Browser], task: Task) -> None:
    viewer = browser_as("viewer")
    page = viewer.get(FILES)
    assert rows(viewer) and not page.html.select("section[aria-labelledby=drift-title] :is(form, a)")
    leave(viewer, "24", status=403)


def test_a_description_that_wants_something_else_is_told(testapp: Browser, session: Session, task: Task) -> None:
    other = session.scalars(select(Task).where(Task.number == 1)).one()
    other.wanted_parts = {**(other.wanted_parts or {}), "command": "00"}
    session.commit()
    assert chips(testapp)[-1] == "not sent yet"
