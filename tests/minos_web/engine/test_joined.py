"""What a hello changes beside its own row: tasks find a host that joined, and want what its directories say."""

import time
from typing import Any

import msgspec
import zmq
from sqlalchemy import select

from minos_common import wire
from minos_common.words import Hello, Roots
from minos_web.engine.dispatcher import Dispatcher
from minos_web.models.clusters import Task
from minos_web.operations.describe import refresh_clusters
from minos_web.operations.wanting import refresh_wanted
from minos_web.security.joining import invite
from minos_web.store.configdir import Edit, save
from tests.minos_web.engine.talker import Talker, hello
from tests.minos_web.scene import add_default_files, cluster_file


def tasks(dispatcher: Dispatcher) -> list[Task]:
    with dispatcher._console.readers() as session:
        return list(session.scalars(select(Task).order_by(Task.number)))


def until(look: Any) -> None:
    end = time.monotonic() + 20
    while not look():
        assert time.monotonic() < end
        time.sleep(0.02)


def describe(dispatcher: Dispatcher) -> None:
    console = dispatcher._console
    with console.writers.begin() as session:
        add_default_files(session, console, 1.0)
        text = cluster_file(addresses=("127.0.0.1", "127.0.0.2"))
        save(session, Edit("conf/zookeeper/zookeeper-dptst.cfg", "admin", 1.0), text.encode())
        refresh_clusters(session, console, 1.0)


def joining(dispatcher: Dispatcher, name: str, address: str) -> Hello:
    with dispatcher._console.writers.begin() as session:
        token = invite(session, [name], 1.0, "olga", time.time())[name]
    return msgspec.structs.replace(hello(name), address=address, join_token=token)


def test_tasks_find_hosts_that_join_and_follow_their_directories(
    context: zmq.Context[Any], dispatcher: Dispatcher
) -> None:
    describe(dispatcher)
    assert [task.host_id for task in tasks(dispatcher)] == [None, None]
    for name, address in (("h1", "127.0.0.1"), ("h2", "127.0.0.2")):
        worker = Talker(context, dispatcher, wire.new_keys())
        worker.say(joining(dispatcher, name, address))
        assert worker.answer().state == "approved"
    until(lambda: all(task.host_id for task in tasks(dispatcher)))
    refresh_wanted(dispatcher._console)
    before = [task.wanted_parts for task in tasks(dispatcher)]
    moved = msgspec.structs.replace(hello("h2"), address="127.0.0.2", roots=Roots("/a", "/l", ["/other"], "/p"))
    worker.say(moved)
    assert worker.answer().state == "approved"
    assert refresh_wanted(dispatcher._console) > 0
    after = [task.wanted_parts for task in tasks(dispatcher)]
    assert after[0] == before[0] and after[1] != before[1]
