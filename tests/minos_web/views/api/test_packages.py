"""API of packages: uploads streamed and checked, downloads in parts, and who may fetch."""

import hashlib
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import msgspec
import pytest
from sqlalchemy import select, update
from webtest import TestApp

from minos_common.states import HostState
from minos_web.console import Console
from minos_web.models.hosts import Host
from minos_web.models.people import AuditEntry
from minos_web.security.tickets import For, make_ticket
from tests.minos_web.views.api.test_openapi import fits

URL = "/api/v1/packages"
QUERY = "?artifact=zookeeper&revision=r1&name=zookeeper-3.9.9.tar.gz"


@pytest.fixture
def program(api_as: Callable[[str], TestApp]) -> TestApp:
    return api_as("deployer")


def upload(program: TestApp, content: bytes, query: str = QUERY, **options: Any) -> Any:
    return program.post(URL + query, content, content_type="application/octet-stream", expect_errors=True, **options)


@pytest.fixture
def package(program: TestApp, tarball: Callable[..., bytes]) -> Any:
    """An uploaded package as the API tells it."""
    return upload(program, tarball()).json


def test_an_upload_is_201_then_200_with_the_same(
    program: TestApp, tarball: Callable[..., bytes], console: Console
) -> None:
    first = upload(program, tarball())
    again = upload(program, tarball(), QUERY.replace("r1", "r2"))
    assert (first.status_int, again.status_int) == (201, 200)
    assert (first.json["created"], again.json["created"]) == (True, False)
    assert again.json["id"] == first.json["id"]
    assert first.json["sha256"] == hashlib.sha256(tarball()).hexdigest()
    assert fits(first.json, "/packages", "post", "201") == []
    with console.readers() as session:
        assert list(session.scalars(select(AuditEntry.action))) == ["package.upload"]


def test_multipart_carries_the_same_fields(program: TestApp, tarball: Callable[..., bytes]) -> None:
    fields = {"artifact": "zookeeper", "revision": "r1"}
    files = [("file", "C:\\Users\\me\\zookeeper-3.9.9.tar.gz", tarball())]
    response = program.post(URL, fields, upload_files=files)
    assert response.status_int == 201
    assert response.json["name"] == "zookeeper-3.9.9.tar.gz"


def test_a_body_that_looks_like_a_form_is_still_the_package(program: TestApp, tarball: Callable[..., bytes]) -> None:
    response = program.post(URL + QUERY, tarball(), content_type="application/x-www-form-urlencoded")
    assert response.json["size"] == len(tarball())


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("", "artifact"),
        ("?artifact=zookeeper&name=a.tar.gz", "revision"),
        ("?artifact=zookeeper&revision=r1", "name"),
        ("?artifact=../../etc&revision=r1&name=a.tar.gz", "artifact"),
        ("?artifact=zookeeper&revision=..%2f..&name=a.tar.gz", "revision"),
        ("?artifact=zookeeper&revision=r1&name=..%2f..%2fetc%2fpasswd", "name"),
        ("?artifact=zookeeper&revision=r1&name=a%00.tar.gz", "name"),
        (QUERY + "&sha256=" + "0" * 64, "sha256"),
    ],
)
def test_wrong_fields_are_named(
    program: TestApp, tarball: Callable[..., bytes], console: Console, query: str, field: str
) -> None:
    response = upload(program, tarball(), query)
    assert (response.status_int, response.json["error"]["field"]) == (422, field)
    assert program.get(URL).json["packages"] == []
    assert [path for path in console.var.rglob("packages/**/*") if path.is_file()] == []


@pytest.mark.parametrize(
    ("content", "reason"), [(b"", "empty"), (b"hello", "this is no tar"), (b"\x1f\x8b\x08\0broken", "damaged")]
)
def test_a_broken_tarball_is_refused_with_the_reason(program: TestApp, content: bytes, reason: str) -> None:
    response = upload(program, content)
    assert (response.status_int, response.json["error"]["code"]) == (422, "bad-package")
    assert reason in response.json["error"]["message"]


class Unreadable:
    """A body that must not be read."""

    def read(self, *_args: Any) -> bytes:
        raise AssertionError("the body was read")


@pytest.mark.parametrize(
    ("role", "length", "status"),
    [("deployer", 10 * 1024**3, 413), ("viewer", 5_000_000, 403), ("nobody", 5_000_000, 401)],
)
def test_a_refused_body_is_not_read(
    app: Any, token_of: Callable[[str], str], role: str, length: int, status: int
) -> None:
    environ = {"wsgi.input": Unreadable(), "CONTENT_LENGTH": str(length)}
    request = TestApp.RequestClass.blank(URL + QUERY, method="POST", environ=environ)
    request.headers["Authorization"] = "Bearer " + ("none" if role == "nobody" else token_of(role))
    assert request.get_response(app).status_int == status


def test_too_little_room_is_507(program: TestApp, tarball: Callable[..., bytes], app: Any, console: Console) -> None:
    settings = msgspec.structs.replace(console.settings, keep_free_bytes=2**62)
    app.registry.console = replace(console, settings=settings)
    response = upload(program, tarball())
    assert (response.status_int, response.json["error"]["code"]) == (507, "no-room")


def test_lists_narrow_and_the_latest_is_the_last_upload(program: TestApp, tarball: Callable[..., bytes]) -> None:
    for number, name in enumerate(["a-2.tar.gz", "a-1.tar.gz"]):
        upload(program, tarball({"x": bytes([number])}), f"?artifact=a&revision=r{number}&name={name}")
    upload(program, tarball(), "?artifact=b&revision=r&name=b.tar.gz")
    names = [row["name"] for row in program.get(URL + "?artifact=a").json["packages"]]
    assert names == ["a-1.tar.gz", "a-2.tar.gz"]
    assert program.get(URL + "/latest?artifact=a").json["name"] == "a-1.tar.gz"
    assert program.get(URL + "/latest?artifact=a&name=a-2.tar.gz").json["revision"] == "r0"
    assert program.get(URL + "/latest?artifact=none", expect_errors=True).status_int == 404
    assert program.get(URL + "/latest", expect_errors=True).json["error"]["field"] == "artifact"


def test_a_download_is_the_upload(program: TestApp, package: Any, tarball: Callable[..., bytes]) -> None:
    response = program.get(package["url"])
    assert response.body == tarball()
    assert response.headers["Content-Length"] == str(package["size"])
    assert response.headers["Content-Disposition"] == 'attachment; filename="zookeeper-3.9.9.tar.gz"'
    assert response.headers["ETag"] == f'"{package["sha256"]}"'
    assert response.headers["Accept-Ranges"] == "bytes"


@pytest.mark.parametrize(
    ("asked", "start", "end"), [("bytes=0-9", 0, 10), ("bytes=50-", 50, None), ("bytes=-7", -7, None)]
)
def test_a_download_in_parts(
    program: TestApp, package: Any, tarball: Callable[..., bytes], asked: str, start: int, end: int | None
) -> None:
    response = program.get(package["url"], headers={"Range": asked})
    assert (response.status_int, response.body) == (206, tarball()[start:end])
    assert response.headers["Content-Range"].endswith(f"/{package['size']}")


def test_a_download_goes_on_only_if_the_file_is_the_same(program: TestApp, package: Any) -> None:
    part = {"Range": "bytes=10-"}
    assert program.get(package["url"], headers={**part, "If-Range": f'"{package["sha256"]}"'}).status_int == 206
    assert program.get(package["url"], headers={**part, "If-Range": '"another"'}).status_int == 200
    beyond = program.get(package["url"], headers={"Range": "bytes=99999999-"}, expect_errors=True)
    assert beyond.status_int == 416


def test_a_lost_file_says_so(program: TestApp, package: Any, console: Console) -> None:
    for path in console.var.rglob("*.tar.gz"):
        path.unlink()
    response = program.get(package["url"], expect_errors=True)
    assert (response.status_int, response.json["error"]["code"]) == (410, "file-lost")


@pytest.fixture
def host(console: Console) -> int:
    """Id of an approved host."""
    with console.writers.begin() as session:
        row = Host(name="h1", address="h1", public_key="k" * 40, state=HostState.APPROVED, first_seen=1.0)
        session.add(row)
        session.flush()
        return row.id


def fetch(app: Any, url: str, ticket: str) -> Any:
    return TestApp(app).get(url, headers={"Authorization": f"Bearer {ticket}"}, expect_errors=True)


def test_a_worker_fetches_with_its_ticket(
    app: Any, package: Any, host: int, console: Console, tarball: Callable[..., bytes]
) -> None:
    ticket = make_ticket(console.secret, For.PACKAGE, package["id"], host, time.time() + 60)
    assert fetch(app, package["url"], ticket).body == tarball()


@pytest.mark.parametrize(
    ("claim", "reason"),
    [((1, 0, 60), "not approved"), ((99, 1, 60), "for package 99"), ((1, 1, -1), "expired")],
)
@pytest.mark.usefixtures("host")
def test_a_wrong_ticket_opens_nothing_and_says_why(
    app: Any, package: Any, console: Console, claim: tuple[int, int, float], reason: str
) -> None:
    package_id, host_id, seconds = claim
    ticket = make_ticket(console.secret, For.PACKAGE, package_id, host_id, time.time() + seconds)
    response = fetch(app, package["url"], ticket)
    assert response.status_int == 401
    assert reason in response.json["error"]["message"]


def test_a_revoked_hosts_ticket_is_worth_nothing_at_once(app: Any, package: Any, host: int, console: Console) -> None:
    ticket = make_ticket(console.secret, For.PACKAGE, package["id"], host, time.time() + 60)
    with console.writers.begin() as session:
        session.execute(update(Host).values(state=HostState.REVOKED))
    assert fetch(app, package["url"], ticket).status_int == 401


def test_a_ticket_opens_nothing_else(app: Any, package: Any, host: int, console: Console) -> None:
    ticket = make_ticket(console.secret, For.PACKAGE, package["id"], host, time.time() + 60)
    for url in (URL, "/api/v1/hosts", "/api/v1/config", "/packages"):
        assert fetch(app, url, ticket).status_int in (303, 401)
