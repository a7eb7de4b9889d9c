"""What the pages of clusters and tasks tell of reboots and limits, and where it is written."""

import time

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_web.console import Console
from minos_web.models.clusters import Task
from minos_web.operations.describe import refresh_clusters
from minos_web.store.configdir import Edit, save
from tests.minos_web.conftest import Browser
from tests.minos_web.scene import add_cluster, add_hosts, cluster_file

CLUSTER = "/clusters/zookeeper/dptst"
TASK = f"{CLUSTER}/tasks/zookeeper/0"
FILE = "conf/zookeeper/zookeeper-dptst.cfg"


@pytest.fixture
def task(session: Session, console: Console) -> Task:
    """Task 0 of a cluster whose file says nothing of how tasks run."""
    add_hosts(session)
    add_cluster(session, console)
    session.commit()
    return session.scalars(select(Task).where(Task.number == 0)).one()


def describe(session: Session, console: Console, cluster: str = "", job: str = "") -> int:
    """Save the file with lines added to [cluster] and to the job; the new revision."""
    text = cluster_file().replace("  jobs=zookeeper\n", f"  jobs=zookeeper\n{cluster}")
    text = text.replace("  base_port=12000\n", f"  base_port=12000\n{job}")
    number = save(session, Edit(FILE, "admin", time.time()), text.encode()).id
    refresh_clusters(session, console, time.time())
    session.commit()
    return number


def said(browser: Browser, page: str, title: str) -> str:
    """The text beside a title on a page."""
    found = [key for key in browser.get(page).html.select("dt") if key.text.startswith(title)]
    return " ".join(found[0].find_next_sibling("dd").text.split()) if found else ""


def test_without_a_word_tasks_come_back_by_themselves(testapp: Browser, task: Task) -> None:
    by_default = "comes back by itself"
    for page in (CLUSTER, TASK):
        text = said(testapp, page, "After a reboot")
        assert by_default in text and "start_at_boot: yes by default" in text, page


def test_what_the_file_says_is_told_with_its_line(
    testapp: Browser, session: Session, console: Console, task: Task
) -> None:
    describe(session, console, cluster="  start_at_boot=no\n")
    for page in (CLUSTER, TASK):
        text = said(testapp, page, "After a reboot").lower()
        assert "stays down until somebody starts it" in text and f"{FILE}:5" in text, page


def test_a_task_tells_what_its_host_was_sent_and_what_is_described_since(
    testapp: Browser, session: Session, console: Console, task: Task
) -> None:
    task.config_revision = str(describe(session, console))
    session.commit()
    describe(session, console, job="  start_at_boot=no\n")
    text = said(testapp, TASK, "After a reboot")
    assert "comes back by itself" in text and "now described as no" in text


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("", "Open files: as worker.ini of the host says"),
        ("  limit_nofile=4096\n", "Open files: at most 4096"),
        ("", "Core dumps: as worker.ini of the host says"),
        ("  limit_core=0\n", "Core dumps: none"),
        ("  limit_core=unlimited\n", "Core dumps: of any size"),
        ("  limit_core=1048576\n", "Core dumps: up to 1 MB"),
    ],
)
def test_limits_stand_with_the_command(
    testapp: Browser, session: Session, console: Console, task: Task, line: str, text: str
) -> None:
    describe(session, console, cluster=line)
    title, _, words = text.partition(": ")
    shown = said(testapp, f"{TASK}/files", title)
    assert shown.startswith(words), shown
    assert (f"{FILE}:5" in shown) == bool(line)


def test_a_description_that_cannot_be_read_does_not_break_the_pages(
    testapp: Browser, session: Session, console: Console, task: Task
) -> None:
    save(session, Edit(FILE, "admin", time.time()), b"[cluster\n")
    refresh_clusters(session, console, time.time())
    session.commit()
    assert said(testapp, CLUSTER, "After a reboot") == ""
    assert testapp.get(TASK).status_int == testapp.get(f"{TASK}/files").status_int == 200
