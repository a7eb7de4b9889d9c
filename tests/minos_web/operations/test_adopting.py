"""What was edited on a host becomes a text of the config directory that gives just that."""

import time

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_web.console import Console
from minos_web.models.clusters import Task
from minos_web.operations.adopting import adopt, values_of
from minos_web.operations.describe import refresh_clusters
from minos_web.operations.rendering import rendered_task
from minos_web.store.configdir import Edit, save
from tests.minos_web.scene import add_cluster, add_hosts

FILE = "conf/zookeeper/zookeeper-dptst.cfg"


@pytest.fixture
def task(console: Console, session: Session) -> Task:
    add_hosts(session)
    add_cluster(session, console)
    session.flush()
    return session.scalars(select(Task).where(Task.number == 0)).one()


def text_of(console: Console, session: Session, task: Task, name: str = "zookeeper.cfg") -> str:
    return rendered_task(session, console, task).task.files[name]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("tickTime=2000", "tickTime=2500"),
        ("maxClientCnxns=60", "maxClientCnxns=61"),
        ("initLimit=10\nsyncLimit=5\n", "initLimit=11\nsyncLimit=6\n"),
        ("tickTime=2000", "tickTime=2000\nadmin.idleTimeout=77"),
    ],
)
def test_the_new_description_gives_what_is_on_the_host(
    console: Console, session: Session, task: Task, old: str, new: str
) -> None:
    before = text_of(console, session, task)
    assert old in before
    on_host = before.replace(old, new)
    found = adopt(session, console, task, "zookeeper.cfg", on_host)
    assert (found.path, found.cannot) == (FILE, [])
    save(session, Edit(FILE, "olga", time.time()), found.text.encode())
    refresh_clusters(session, console, time.time())
    session.flush()
    after = text_of(console, session, task)
    assert values_of("zookeeper.cfg", after) == values_of("zookeeper.cfg", on_host)


def test_what_cannot_be_taken_over_is_told(console: Console, session: Session, task: Task) -> None:
    on_host = (
        text_of(console, session, task)
        .replace("tickTime=2000\n", "")
        .replace("server.1=127.0.0.32", "server.1=127.0.0.99")
    )
    found = adopt(session, console, task, "zookeeper.cfg", on_host)
    assert len(found.cannot) == 2
    assert "tickTime is gone on the host" in found.cannot[0] and "server.1" in found.cannot[1]


def test_a_raw_file_is_replaced(console: Console, session: Session, task: Task) -> None:
    found = adopt(session, console, task, "logback.xml", "<configuration/>\n")
    assert (found.path, found.text) == ("conf/zookeeper/common/logback.xml", "<configuration/>\n")


@pytest.mark.parametrize(
    ("name", "text"),
    [("x-site.xml", "<configuration"), ("jaas.conf", ""), ("storm.yaml", "a: b"), ("kafka.cfg", "no equals sign")],
)
def test_what_is_not_read_back(name: str, text: str) -> None:
    with pytest.raises(ValueError, match=name):
        values_of(name, text)


def test_xml_is_read_back() -> None:
    text = "<configuration><property><name>a.b</name><value>1 &amp; 2</value></property></configuration>"
    assert values_of("core-site.xml", text) == {"a.b": "1 & 2"}
