"""Reads one znode: a short connection as nobody, with an end, and only a few at the same time."""

import contextlib
import logging
import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from typing import Any

from kazoo.client import KazooClient
from kazoo.exceptions import KazooException, NoAuthError, NoNodeError
from kazoo.handlers.threading import KazooTimeoutError

from minos_web.boards.zookeeper.node import Acl, Node, Stat
from minos_web.boards.zookeeper.servers import Server, Told, ask_all

SECONDS = 10.0
"""No page waits longer for an ensemble."""
ASK_SECONDS = 2.5
MOST_DATA = 4 * 1024 * 1024
MOST_CHILDREN = 200_000
AT_ONCE = 3
_WAIT_FOR_TURN = 2.0
_SESSION_SECONDS = 4.0
_turns: SimpleQueue[None] = SimpleQueue()
"""Whoever asks an ensemble holds one: a hanging ensemble must not take all threads that answer pages."""
for _ in range(AT_ONCE):
    _turns.put(None)
_log = logging.getLogger(f"{__name__}.kazoo")
_NOT_ALLOWED = "its ACL does not let everybody read it, and the console asks as nobody"


class NoSuchNode(LookupError):
    """The path leads to no znode."""

    def __init__(self, path: str) -> None:
        super().__init__(f"there is no znode {path}")


class NotAllowed(Exception):
    """Not even that it is there is told to everybody, as newer servers have it."""

    def __init__(self, path: str) -> None:
        super().__init__(f"ZooKeeper tells nothing of {path}: {_NOT_ALLOWED}")


class Unanswered(Exception):
    """The ensemble gave no answer; ``servers`` says what each of them did."""

    def __init__(self, reason: str, servers: Sequence[Told] = ()) -> None:
        super().__init__(reason)
        self.servers = tuple(servers)


class TooManyReaders(Exception):
    """Others read at this moment."""

    def __init__(self) -> None:
        super().__init__("others are reading from ZooKeeper at this moment; try again in a few seconds")


def read_node(servers: Sequence[Server], path: str, with_data: bool) -> Node:
    """The znode at ``path``, which ``node_path`` let through; its data only when it is wanted.

    Raises NoSuchNode, NotAllowed, Unanswered, TooManyReaders.
    """
    with _turn():
        until = time.monotonic() + SECONDS
        if not servers:
            raise Unanswered("the cluster's description names no server")
        told = ask_all(servers, ASK_SECONDS)
        serving = [one for one in told if one.serves] or [one for one in told if one.serves is None]
        if not serving:
            raise Unanswered(why_nobody(told), told)
        try:
            server = random.choice(serving).name  # none carries the readers of all consoles
            with _connected(server, until) as client:
                return _read(client, server, path, with_data, until)
        except (KazooTimeoutError, KazooException, OSError) as error:
            said = str(error) or type(error).__name__
            raise Unanswered(f"{server} serves, but broke off or did not answer in time: {said}", told) from error


def ask_in_turn(servers: Sequence[Server]) -> list[Told]:
    """What each server says of itself. Raises TooManyReaders."""
    with _turn():
        return ask_all(servers, ASK_SECONDS)


def why_nobody(told: Sequence[Told]) -> str:
    """PURE. Why none of the servers serves, in one sentence."""
    lost = [one for one in told if one.without_quorum]
    if lost:
        return f"the ensemble has no quorum: {len(lost)} of {len(told)} servers run, and cannot agree who leads"
    if all("refuses" in one.says for one in told):
        return f"no server runs: {'all refuse connections' if len(told) > 1 else 'it refuses connections'}"
    return "no server can be reached from the console"


@contextmanager
def _turn() -> Iterator[None]:
    try:
        _turns.get(timeout=_WAIT_FOR_TURN)
    except Empty:
        raise TooManyReaders from None
    try:
        yield
    finally:
        _turns.put(None)


@contextmanager
def _connected(server: str, until: float) -> Iterator[KazooClient]:
    client = KazooClient(hosts=server, timeout=_SESSION_SECONDS, logger=_quiet())
    client.start(timeout=max(0.1, until - time.monotonic()))
    try:
        yield client
    finally:
        with contextlib.suppress(Exception):  # its session ends by itself then, a few seconds later
            client.stop()
        with contextlib.suppress(Exception):
            client.close()


def _quiet() -> logging.Logger:
    """Kazoo tells of every connection; what matters here is told on the page."""
    _log.setLevel(logging.ERROR)
    return _log


def _read(client: KazooClient, server: str, path: str, with_data: bool, until: float) -> Node:
    def left() -> float:
        return max(0.05, until - time.monotonic())

    try:
        found = client.exists_async(path).get(timeout=left())
    except NoAuthError:
        raise NotAllowed(path) from None
    if found is None:
        raise NoSuchNode(path)
    stat = stat_of(found)
    refused: dict[str, str] = {}
    asked: dict[str, Any] = {"acls": client.get_acls_async(path)}
    if stat.children > MOST_CHILDREN:
        refused["children"] = f"it has {stat.children:,} children, more than are fetched at a time ({MOST_CHILDREN:,})"
    else:
        asked["children"] = client.get_children_async(path)
    if with_data and stat.data_length > MOST_DATA:
        refused["data"] = f"it has {stat.data_length:,} bytes, more than are fetched at a time ({MOST_DATA:,})"
    elif with_data:
        asked["data"] = client.get_async(path)
    got = {name: _got(one, left, name, path, refused) for name, one in asked.items()}
    return Node(
        path,
        server,
        stat,
        data=got["data"][0] or b"" if got.get("data") else None,
        children=tuple(sorted(got["children"])) if got.get("children") is not None else None,
        acls=tuple(Acl(one.id.scheme, one.id.id, one.perms) for one in got["acls"][0]) if got["acls"] else None,
        refused=refused,
    )


def _got(one: Any, left: Callable[[], float], name: str, path: str, refused: dict[str, str]) -> Any:
    try:
        return one.get(timeout=left())
    except NoAuthError:
        refused[name] = _NOT_ALLOWED
        return None
    except NoNodeError:  # it went away between two questions
        raise NoSuchNode(path) from None


def stat_of(stat: Any) -> Stat:
    """PURE. Kazoo's stat of a znode, with our names and units."""
    return Stat(
        stat.czxid, stat.mzxid, stat.pzxid, stat.ctime / 1000, stat.mtime / 1000, stat.version, stat.cversion,
        stat.aversion, stat.ephemeralOwner, stat.dataLength, stat.numChildren,
    )  # fmt: skip
