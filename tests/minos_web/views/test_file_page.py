"""A file of a task on its page: every line leads to where it comes from."""

import time
from typing import Any

import pytest
from sqlalchemy.orm import Session

from minos_web.console import Console
from minos_web.operations.describe import refresh_clusters
from minos_web.store.configdir import Edit, save
from tests.minos_web.conftest import Browser
from tests.minos_web.scene import add_cluster, add_hosts, cluster_file

FILES = "/clusters/zookeeper/dptst/tasks/zookeeper/0/files"
PAGE = f"{FILES}/zookeeper.cfg"
FILE = "conf/zookeeper/zookeeper-dptst.cfg"


@pytest.fixture
def described(session: Session, console: Console) -> None:
    add_hosts(session)
    add_cluster(session, console)
    text = cluster_file() + "  [[zookeeper.cfg]]\n    tick_time=3000\n    ssl.keyStore.password=hunter2\n"
    save(session, Edit(FILE, "olga", time.time(), "slower"), text.encode())
    refresh_clusters(session, console, time.time())
    session.commit()


def line_of(page: Any, start: str) -> int:
    texts = [one.text for one in page.html.select(".mn-lines__text")]
    return next(number for number, text in enumerate(texts, 1) if text.startswith(start))


def about(page: Any) -> str:
    return " ".join(page.html.select_one("#origin").text.split())


def test_every_file_leads_to_its_lines(testapp: Browser, described: None) -> None:
    links = [link["href"] for link in testapp.get(FILES).html.select("a.mn-file__name")]
    assert PAGE in [link.partition("8080")[2] or link for link in links] or any(link.endswith(PAGE) for link in links)
    assert testapp.get(PAGE).html.select_one("#origin") is None


def test_a_line_is_explained(testapp: Browser, described: None) -> None:
    number = line_of(testapp.get(PAGE), "tickTime")
    page = testapp.get(f"{PAGE}?line={number}")
    text = about(page)
    for words in (f"{FILE}:16", "tick_time", "olga", "slower", "2000", "The same line: zookeeper/1, zookeeper/2"):
        assert words in text, (words, text)
    assert page.html.select_one(".mn-lines a[aria-current=true]").text.endswith("tickTime=3000")


def test_a_secret_is_neither_shown_nor_explained(testapp: Browser, described: None) -> None:
    page = testapp.get(PAGE)
    assert "hunter2" not in page.text
    page = testapp.get(f"{PAGE}?line={line_of(page, 'ssl.keyStore.password')}")
    assert "hunter2" not in page.text and "it looks like a secret" in about(page)


@pytest.mark.parametrize("line", ["0", "99999", "x", "-1", ""])
def test_a_line_that_is_not_there(testapp: Browser, described: None, line: str) -> None:
    assert testapp.get(f"{PAGE}?line={line}").html.select_one("#origin") is None


def test_a_file_that_is_not_there(testapp: Browser, described: None) -> None:
    testapp.get(f"{FILES}/nothing.cfg", status=404)


def test_a_description_that_cannot_be_read(testapp: Browser, session: Session, described: None) -> None:
    save(session, Edit(FILE, "olga", time.time()), b"[cluster\n")
    session.commit()
    assert "This file cannot be made" in testapp.get(PAGE).text
