"""Who wrote a line, and which tasks get it."""

import time

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_web.console import Console
from minos_web.models.clusters import Task
from minos_web.operations.describe import refresh_clusters
from minos_web.operations.explaining import explained, introduced, spread, written
from minos_web.store.configdir import Edit, save
from tests.minos_web.scene import add_cluster, add_hosts, cluster_file

FILE = "conf/zookeeper/zookeeper-dptst.cfg"


@pytest.mark.parametrize(
    ("texts", "line", "index"),
    [
        (["ab"], 1, 0),
        (["ab", "ab"], 1, 1),
        (["xab", "ab"], 1, 0),
        (["xab", "ab"], 3, 1),
        (["xab", "ab", "b"], 2, 1),
        (["xab", "ab", "b"], 3, 2),
        (["abc", "axc", "abc"], 2, 0),  # written anew
        (["abc", "axc", "abc"], 3, 2),
        (["a", ""], 1, 0),
    ],
)
def test_the_revision_that_brought_a_line(texts: list[str], line: int, index: int) -> None:
    assert introduced([list(text) for text in texts], line) == index


@pytest.fixture
def task(console: Console, session: Session) -> Task:
    add_hosts(session)
    add_cluster(session, console)
    for number, author in ((3000, "olga"), (3000, "piet")):
        text = cluster_file() + f"  [[zookeeper.cfg]]\n    tick_time={number}\n"
        text += "    sync_limit=7\n" if author == "piet" else ""
        save(session, Edit(FILE, author, time.time(), f"by {author}"), text.encode())
    refresh_clusters(session, console, time.time())
    session.flush()
    return session.scalars(select(Task).where(Task.number == 0)).one()


def test_a_line_is_explained_down_to_its_author(console: Console, session: Session, task: Task) -> None:
    lines = explained(session, console, task, "zookeeper.cfg")
    tick = next(line for line in lines if line.text == "tickTime=3000")
    assert tick.place is not None and (tick.place.file, tick.replaced[0][1]) == (FILE, "2000")
    author = written(session, tick.place)
    assert author is not None and (author.author, author.number, author.note) == ("olga", 2, "by olga")
    sync = next(line for line in lines if line.text == "syncLimit=7")
    assert sync.place is not None
    author = written(session, sync.place)
    assert author is not None and author.author == "piet"


def test_other_tasks_get_the_same_line_or_their_own(console: Console, session: Session, task: Task) -> None:
    lines = explained(session, console, task, "zookeeper.cfg")
    tick = next(line for line in lines if line.text.startswith("tickTime"))
    assert spread(session, console, task, "zookeeper.cfg", tick).same == ("zookeeper/1", "zookeeper/2")
    own = next(line for line in lines if line.text.startswith("clientPortAddress"))
    found = spread(session, console, task, "zookeeper.cfg", own)
    assert found.same == () and found.other == (
        ("zookeeper/1", "clientPortAddress=127.0.0.32"), ("zookeeper/2", "clientPortAddress=127.0.0.33"),
    )  # fmt: skip


def test_a_file_that_nobody_gets(console: Console, session: Session, task: Task) -> None:
    with pytest.raises(KeyError):
        explained(session, console, task, "nothing.cfg")
