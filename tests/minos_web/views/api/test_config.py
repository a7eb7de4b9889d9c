"""API of the config directory: nothing broken is saved, nobody's work is lost, every byte comes back."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from webtest import TestApp

from minos_web.console import Console
from minos_web.models.clusters import Cluster
from minos_web.models.people import AuditEntry
from tests.minos_web.scene import add_default_files, cluster_file
from tests.minos_web.views.api.test_openapi import fits

URL = "/api/v1/config"
PLAIN = f"{URL}/conf/zookeeper/notes.txt"
CLUSTER = f"{URL}/conf/zookeeper/zookeeper-dptst.cfg"


@pytest.fixture
def program(api_as: Callable[[str], TestApp], console: Console) -> TestApp:
    """A program of an operator, on a console with the default conf files."""
    with console.writers.begin() as session:
        add_default_files(session, console, 1.0)
    return api_as("deployer")


def put(program: TestApp, text: str | bytes, url: str = PLAIN, **headers: str) -> Any:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return program.put(url, text, content_type="text/plain", headers=named, expect_errors=True)


def test_a_new_file_is_201_and_a_changed_one_200(program: TestApp, console: Console) -> None:
    first, second, same = put(program, "one"), put(program, "two", PLAIN + "?note=because"), put(program, "two")
    assert [answer.status_int for answer in (first, second, same)] == [201, 200, 200]
    assert (first.json["number"], second.json["number"], same.json["number"]) == (1, 2, 2)
    assert same.json["revision"] == second.json["revision"]
    assert fits(first.json, "/config/{path}", "put", "201") == []
    with console.readers() as session:
        assert [row.action for row in session.scalars(select(AuditEntry))] == ["config.save", "config.save"]


@pytest.mark.parametrize(
    "content", ["plain", "", "no end of line\r\nmixed\nends\r", "\ufeffwith a mark", "ünïcödé 😀 \t\v"]
)
def test_a_file_comes_back_byte_for_byte(program: TestApp, content: str) -> None:
    put(program, content.encode())
    response = program.get(PLAIN)
    assert response.body == content.encode()
    assert response.content_type == "text/plain"


def test_the_past_can_be_read_and_restored(program: TestApp) -> None:
    first = put(program, "one\n").json
    put(program, "two\n")
    program.delete(PLAIN)
    assert program.get(PLAIN, expect_errors=True).status_int == 404
    old = program.get(f"{PLAIN}?revision={first['revision']}").body
    assert put(program, old).json["number"] == 4
    assert program.get(PLAIN).body == b"one\n"
    history = program.get(PLAIN + "/revisions").json
    assert fits(history, "/config/{path}/revisions") == []
    assert [(row["number"], row["deleted"]) for row in history["revisions"]] == [
        (4, False),
        (3, True),
        (2, False),
        (1, False),
    ]


def test_the_revision_is_in_the_headers_and_saves_a_second_transfer(program: TestApp) -> None:
    revision = put(program, "one").json["revision"]
    response = program.get(PLAIN)
    assert (response.headers["ETag"], response.headers["X-Revision"]) == (f'"{revision}"', str(revision))
    assert program.get(PLAIN, headers={"If-None-Match": f'"{revision}"'}).status_int == 304


def test_two_editors_do_not_overwrite_each_other(program: TestApp) -> None:
    seen = program.get(PLAIN, expect_errors=True)
    assert seen.status_int == 404
    tag = put(program, "one", If_None_Match="*").headers["ETag"]
    assert put(program, "hers", If_Match=tag).status_int == 200
    late = put(program, "his", If_Match=tag)
    assert (late.status_int, late.json["error"]["code"]) == (409, "conflict")
    assert late.json["latest"]["number"] == 2
    assert fits(late.json, "/config/{path}", "put", "409") == []
    assert put(program, "new?", If_None_Match="*").status_int == 409
    assert put(program, "his", f"{PLAIN}?based_on=1").status_int == 409
    assert program.delete(PLAIN, headers={"If-Match": tag}, expect_errors=True).status_int == 409
    assert program.get(PLAIN).text == "hers"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("zookeeper.cfg", 422),
        ("conf/../../etc/passwd", 422),
        ("conf/..%2f..%2fetc/passwd", 422),
        ("conf//a.cfg", 422),
        ("conf/a%00.cfg", 422),
        ("conf/.ssh", 422),
        ("conf/$(id).cfg", 422),
        ("conf/%3Cscript%3E.cfg", 422),
        ("conf/revisions", 405),
        ("conf/x/revisions", 405),
        ("conf/" + "a" * 500, 422),
    ],
)
def test_hostile_paths_are_refused(program: TestApp, path: str, status: int) -> None:
    before = program.get(URL).json
    response = put(program, "x", f"{URL}/{path}")
    assert response.status_int == status
    assert program.get(URL).json == before


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [(b"a\n\xff", 422, "bad-content"), (b"a\0", 422, "bad-content"), (b"x" * (1024**2 + 1), 413, "too-large")],
)
def test_what_is_no_text_is_refused(program: TestApp, body: bytes, status: int, code: str) -> None:
    response = put(program, body)
    assert (response.status_int, response.json["error"]["code"]) == (status, code)


def test_a_good_cluster_file_makes_its_cluster(program: TestApp, console: Console) -> None:
    response = put(program, cluster_file(), CLUSTER)
    assert response.status_int == 201
    with console.readers() as session:
        cluster = session.scalars(select(Cluster)).one()
        assert (cluster.name, len(cluster.tasks), cluster.problem) == ("dptst", 3, "")


def test_a_cluster_file_with_errors_is_not_saved_and_tells_the_line(program: TestApp, console: Console) -> None:
    broken = cluster_file().replace("base_port=12000", "base_port=eighty")
    response = put(program, broken, CLUSTER)
    assert (response.status_int, response.json["error"]["code"]) == (422, "bad-config")
    assert fits(response.json, "/config/{path}", "put", "422") == []
    line = 1 + broken.split("\n").index("  base_port=eighty")
    assert [(found["line"], found["section"], found["key"]) for found in response.json["errors"]] == [
        (line, "zookeeper", "base_port")
    ]
    assert program.get(CLUSTER, expect_errors=True).status_int == 404
    with console.readers() as session:
        assert session.scalar(select(Cluster)) is None


def test_the_tree_names_every_file_with_its_revision(program: TestApp, console: Console) -> None:
    saved = put(program, "one").json
    tree = program.get(URL).json
    assert fits(tree, "/config") == []
    assert tree["revision"] == saved["revision"]
    assert {row["path"] for row in tree["files"]} == {*console.catalog.default_files(), "conf/zookeeper/notes.txt"}


def test_deleting_what_is_not_there_is_404(program: TestApp) -> None:
    assert program.delete(PLAIN, expect_errors=True).status_int == 404
