"""The pages of znodes, without an ensemble: what was read comes from the test."""

from collections.abc import Callable
from typing import Any

import pytest
from webtest import TestApp

from minos_web.boards.zookeeper import reading, tree
from minos_web.boards.zookeeper.node import Acl, Node, Stat
from minos_web.boards.zookeeper.servers import Told
from minos_web.console import Console
from tests.minos_web.scene import ADDRESSES, add_cluster, add_hosts

TREE = "/clusters/zookeeper/dptst/tree"
NODE = "/api/v1/clusters/zookeeper/dptst/node"
STAT = Stat(1, 2, 3, 1_700_000_000.0, 1_700_000_000.0, 4, 5, 6, 0, 9, 3)
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def asked(console: Console, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A described cluster; ``answer`` is what reading gives or raises, ``with`` is what it was asked with."""
    with console.writers.begin() as session:
        add_hosts(session)
        add_cluster(session, console)
    found: dict[str, Any] = {"answer": a_node()}

    def read(servers: Any, path: str, with_data: bool) -> Node:
        found["with"] = (servers, path, with_data)
        if isinstance(found["answer"], Exception):
            raise found["answer"]
        answer: Node = found["answer"]
        return answer

    monkeypatch.setattr(tree, "read_node", read)
    return found


def a_node(**more: Any) -> Node:
    values: dict[str, Any] = {
        "path": "/a", "server": "127.0.0.31:12000", "stat": STAT, "data": b"sesame", "children": ("b", "c"),
        "acls": (Acl("world", "anyone", 31), Acl("digest", "app:hash", 1)), "refused": {},
    }  # fmt: skip
    return Node(**{**values, **more})


def test_the_address_comes_from_the_description_alone(testapp: TestApp, asked: dict[str, Any]) -> None:
    testapp.get(f"{TREE}?path=/a&server=10.0.0.1:2181&cluster=other")
    assert asked["with"] == ([(address, 12000) for address in ADDRESSES], "/a", True)


def test_a_znode_is_shown(testapp: TestApp, asked: dict[str, Any]) -> None:
    page = testapp.get(f"{TREE}?path=/a")
    for text in ("sesame", "digest: app:hash", "READ", "ALL", "2023-11-14 22:13:20 UTC", "0x2", "path=%2Fa%2Fb"):
        assert text in page, text
    assert 'aria-current="page">Tree' in page


def test_hostile_names_and_data_are_text(testapp: TestApp, asked: dict[str, Any]) -> None:
    asked["answer"] = a_node(
        path=f"/{HOSTILE}",
        data=HOSTILE.encode(),
        children=(HOSTILE, "a\u202eb", "x" * 3000),
        acls=(Acl(HOSTILE, HOSTILE, 1),),
    )
    page = testapp.get(TREE, {"path": f"/{HOSTILE}"}).text
    assert "<script>alert" not in page and "a\\u202eb" in page and "\u202e" not in page


@pytest.mark.parametrize("path", ["a", "/..", "/a//b", "/\x01", "/" + "a" * 9000])
def test_a_path_that_is_none_is_refused_before_anybody_is_asked(
    testapp: TestApp, asked: dict[str, Any], path: str
) -> None:
    page = testapp.get(TREE, {"path": path}, status=422)
    assert "This znode cannot be shown" in page and "with" not in asked
    assert testapp.get(NODE, {"path": path}, status=422).json["error"]["field"] == "path"


def test_a_viewer_sees_no_data(browser_as: Callable[[str], TestApp], asked: dict[str, Any]) -> None:
    asked["answer"] = a_node(data=None)
    viewer = browser_as("viewer")
    assert "Only operators" in viewer.get(f"{TREE}?path=/a") and asked["with"][2] is False
    assert viewer.get(f"{NODE}?path=/a").json["data"] is None


def test_what_is_not_allowed_is_told_and_the_rest_is_shown(testapp: TestApp, asked: dict[str, Any]) -> None:
    why = {"data": "its ACL does not let everybody", "children": "its ACL does not let everybody", "acls": "no"}
    asked["answer"] = a_node(data=None, children=None, acls=None, refused=why)
    page = testapp.get(f"{TREE}?path=/a")
    assert page.text.count("Not shown: its ACL does not let everybody") == 2 and "0x2" in page
    assert testapp.get(f"{NODE}?path=/a").json["refused"] == why


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (reading.NoSuchNode("/a"), 404, "not-found"),
        (reading.NotAllowed("/a"), 403, "no-permission"),
        (reading.TooManyReaders(), 503, "busy"),
        (reading.Unanswered("the ensemble has no quorum", [Told(("h", 1), False, "runs, but belongs to no quorum")]), 504, "no-answer"),
    ],
)  # fmt: skip
def test_a_failure_says_why(testapp: TestApp, asked: dict[str, Any], error: Exception, status: int, code: str) -> None:
    asked["answer"] = error
    page = testapp.get(f"{TREE}?path=/a", status=status)
    assert "This znode cannot be shown" in page
    told = testapp.get(f"{NODE}?path=/a", status=status).json
    assert told["error"]["code"] == code
    if status == 504:
        assert "belongs to no quorum" in page and told["servers"] == [
            {"server": "h:1", "says": "runs, but belongs to no quorum"}
        ]


def test_many_children_come_in_pages_and_are_filtered(testapp: TestApp, asked: dict[str, Any]) -> None:
    asked["answer"] = a_node(children=tuple(f"n{number:05}" for number in range(10_000)))
    page = testapp.get(f"{TREE}?path=/a&page=50")
    assert "9,801–10,000 of 10,000" in page and "n09999" in page and "n09800" in page and "n09799" not in page
    page = testapp.get(f"{TREE}?path=/a&q=N0123")
    assert "1–10 of 10" in page and "n01239" in page
    assert "No child fits" in testapp.get(f"{TREE}?path=/a&q=zzz")
    told = testapp.get(f"{NODE}?path=/a&page=2").json["children"]
    assert (told["total"], told["pages"], told["names"][0], len(told["names"])) == (10_000, 10, "n01000", 1000)


def test_binary_data_is_base64_for_programs(testapp: TestApp, asked: dict[str, Any]) -> None:
    asked["answer"] = a_node(data=b"\xff\x00")
    assert testapp.get(f"{NODE}?path=/a").json["data"] == {"encoding": "base64", "content": "/wA="}
    assert "|..|" in testapp.get(f"{TREE}?path=/a")


def test_other_services_have_no_tree(testapp: TestApp) -> None:
    testapp.get("/clusters/hdfs/none/tree", status=404)


def test_nobody_listens(testapp: TestApp, console: Console) -> None:
    with console.writers.begin() as session:
        add_hosts(session)
        add_cluster(session, console)
    page = testapp.get(TREE, status=504)
    assert "No server runs" in page and page.text.count("refuses connections") >= 3


def test_only_so_many_read_at_the_same_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_WAIT_FOR_TURN", 0.01)
    with reading._turn(), reading._turn(), reading._turn(), pytest.raises(reading.TooManyReaders):
        reading.read_node([], "/", False)
