"""A package's own page and its end: what is in it, who needs it, and that it stays while somebody does."""

import hashlib
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import msgspec
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from webtest import TestApp

from minos_common.words import PackageName
from minos_web.console import Console
from minos_web.models.clusters import Cluster, Task
from minos_web.models.operations import Operation
from minos_web.models.packages import Package
from minos_web.models.people import AuditEntry
from minos_web.operations.package_uses import retire
from minos_web.store.packages import file_of
from tests.minos_web.conftest import Browser
from tests.minos_web.scene import add_cluster, add_hosts
from tests.minos_web.views.api.test_openapi import fits

URL = "/api/v1/packages"
QUERY = "?artifact=zookeeper&revision=r1&name=zookeeper-3.9.9.tar.gz"


@pytest.fixture
def program(api_as: Callable[[str], TestApp]) -> TestApp:
    return api_as("deployer")


def put(program: TestApp, content: bytes, query: str = QUERY) -> Any:
    return program.post(URL + query, content, content_type="application/octet-stream", expect_errors=True)


@pytest.fixture
def package(program: TestApp, tarball: Callable[..., bytes], session: Session) -> Package:
    files = {"zookeeper-3.9.9/lib/a-b-1.2.jar": b"12345", "zookeeper-3.9.9/conf/x.cfg": b"1"}
    row = session.get(Package, put(program, tarball(files)).json["id"])
    assert row is not None
    session.expunge(row)  # a session that is in the middle of something keeps the app from writing
    session.commit()
    return row


def held(session: Session, package: Package) -> None:
    """Task 0 runs from it."""
    name = PackageName(package.artifact, package.name, package.revision, package.timestamp, package.sha256)
    task = session.scalars(select(Task).where(Task.number == 0)).one()
    task.package = msgspec.to_builtins(name)
    session.commit()


def test_its_page_tells_what_is_in_it_and_finds_paths(testapp: Browser, package: Package) -> None:
    page = testapp.get(f"/packages/{package.id}")
    text = " ".join(page.html.select_one("main").text.split())
    for words in ("3.9.9", "6 B in 2 members, all below zookeeper-3.9.9", "1 jar", "No cluster asks for it"):
        assert words in text
    paths = [one.text for one in testapp.get(f"/packages/{package.id}?q=CONF").html.select("#contents th[scope=row]")]
    assert paths == ["zookeeper-3.9.9/conf/x.cfg"]
    assert "No path holds nothing" in testapp.get(f"/packages/{package.id}?q=nothing")
    assert testapp.get("/packages").html.select_one(f'#package-{package.id} a[href="/packages/{package.id}"]')


def test_the_api_tells_the_same(program: TestApp, package: Package) -> None:
    told = program.get(f"{URL}/{package.id}").json
    assert fits(told, "/packages/{id}", "get", "200") == []
    assert (told["version"], told["state"], told["uses"]) == ("3.9.9", "ready", [])
    assert told["contents"]["jars"] == [{"path": "zookeeper-3.9.9/lib/a-b-1.2.jar", "name": "a-b", "version": "1.2"}]


def test_what_no_host_would_unpack_is_kept_apart_and_told(
    testapp: Browser, program: TestApp, tarball: Callable[..., bytes], console: Console, session: Session
) -> None:
    content = tarball({"../evil": b"1"})
    refused = put(program, content)
    assert refused.status_int == 422 and refused.json["error"]["code"] == "bad-package"
    assert "leads upwards" in refused.json["error"]["message"]
    number = refused.json["package"]["id"]
    row = session.get(Package, number)
    assert row is not None and file_of(console.var, row).read_bytes() == content
    session.commit()
    assert "leads upwards" in testapp.get("/packages").html.select_one("#quarantine-title").find_parent("section").text
    assert "In quarantine" in testapp.get(f"/packages/{number}")
    assert program.get(f"{URL}/{number}/file", expect_errors=True).json["error"]["code"] == "quarantined"
    assert program.get(URL).json["packages"] == []
    assert [one["id"] for one in program.get(f"{URL}?state=quarantined").json["packages"]] == [number]
    assert program.get(f"{URL}/latest?artifact=zookeeper", expect_errors=True).status_int == 404
    assert put(program, content).json["package"]["id"] == number
    with console.readers() as reading:
        assert list(reading.scalars(select(AuditEntry.action))) == ["package.quarantine"] * 2


def test_nobody_deletes_what_is_needed(
    testapp: Browser, program: TestApp, package: Package, session: Session, console: Console
) -> None:
    add_hosts(session)
    add_cluster(session, console)
    session.commit()
    refused = program.delete(f"{URL}/{package.id}", expect_errors=True)
    assert (refused.status_int, refused.json["error"]["code"]) == (409, "in-use")
    assert "needed by zookeeper dptst (its cluster file): bring them another" in refused.json["error"]["message"]
    held(session, package)
    page = testapp.post(f"/packages/{package.id}", headers=testapp.csrf, expect_errors=True)
    assert page.status_int == 409 and "needed by zookeeper dptst (1 task)" in page
    uses = program.get(f"{URL}/{package.id}").json["uses"]
    assert [(use["tasks"], use["hosts"], use["named"]) for use in uses] == [(1, ["127.0.0.31"], True)]
    assert file_of(console.var, package).is_file()


def test_an_operation_that_brings_it_keeps_it(
    program: TestApp, package: Package, session: Session, console: Console
) -> None:
    add_hosts(session)
    add_cluster(session, console)
    cluster = session.scalars(select(Cluster)).one()
    cluster.retired = True
    operation = Operation(
        cluster_id=cluster.id,
        action="bootstrap",
        state="running",
        created_by="olga",
        created_at=1.0,
        package_id=package.id,
    )
    session.add(operation)
    session.flush()
    number = operation.id
    session.commit()
    assert (
        f"operation {number} brings"
        in program.delete(f"{URL}/{package.id}", expect_errors=True).json["error"]["message"]
    )
    operation.state, operation.ended_at = "done", 2.0
    session.commit()
    assert program.delete(f"{URL}/{package.id}").json == {"deleted": package.id}


def test_what_nobody_needs_goes_and_comes_back_with_the_same_upload(
    testapp: Browser, program: TestApp, package: Package, console: Console, tarball: Callable[..., bytes]
) -> None:
    file, number = file_of(console.var, package), package.id
    content = file.read_bytes()
    assert testapp.post(f"/packages/{number}", headers=testapp.csrf).status_int == 303
    assert not file.exists() and not file.parent.exists()
    for gone in (
        program.get(f"{URL}/{number}", expect_errors=True),
        program.delete(f"{URL}/{number}", expect_errors=True),
    ):
        assert gone.status_int == 404
    again = put(program, content)
    assert (again.status_int, again.json["id"], again.json["created"]) == (201, number, True)
    assert hashlib.sha256(file.read_bytes()).hexdigest() == again.json["sha256"]
    with console.readers() as session:
        actions = list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))
        assert actions == ["package.upload", "package.delete", "package.upload"]


def test_who_only_looks_deletes_nothing(package: Package, api_as: Callable[[str], TestApp]) -> None:
    assert api_as("viewer").delete(f"{URL}/{package.id}", expect_errors=True).status_int == 403


def test_old_ones_that_nobody_needs_go_by_themselves(
    program: TestApp, session: Session, console: Console, tarball: Callable[..., bytes]
) -> None:
    for number in range(4):
        put(program, tarball({f"a-1.{number}/x": b"1"}), f"?artifact=a&revision=r{number}&name=a-1.{number}.tar.gz")
    put(program, tarball({"../x": b"1"}), "?artifact=b&revision=r1&name=b-1.tar.gz")
    add_hosts(session)
    add_cluster(session, console)
    first = session.scalars(select(Package)).first()
    assert first is not None
    held(session, first)
    assert retire(session, console, time.time()) == []
    two = replace(console, settings=msgspec.structs.replace(console.settings, packages_kept=2))
    gone = [package.name for package in retire(session, two, time.time() + 8 * 86400)]
    assert gone == ["b-1.tar.gz", "a-1.1.tar.gz"]
