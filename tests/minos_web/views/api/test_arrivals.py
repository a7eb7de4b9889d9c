"""Packages that come in pieces: announced by their checksum, gone on with after any break, and taken in once."""

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from webtest import TestApp

from minos_web.console import Console
from minos_web.models.arrivals import Arrival
from minos_web.models.people import AuditEntry
from minos_web.operations.arrivals import TOLD_SECONDS, UNFINISHED_SECONDS, pieces_of, tidy
from minos_web.operations.taking_in import TakingIn, waiting
from tests.minos_web.views.api.test_openapi import fits

URL = "/api/v1/arrivals"


@pytest.fixture
def program(api_as: Callable[[str], TestApp]) -> TestApp:
    return api_as("deployer")


def body(content: bytes, **changes: Any) -> dict[str, Any]:
    return {
        "kind": "upload",
        "artifact": "zookeeper",
        "revision": "r1",
        "name": "zookeeper-3.9.9.tar.gz",
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        **changes,
    }


def begin(program: TestApp, content: bytes, **changes: Any) -> Any:
    return program.post_json(URL, body(content, **changes), expect_errors=True)


def put(program: TestApp, number: int, offset: int, piece: bytes, sha256: str = "") -> Any:
    return program.put(
        f"{URL}/{number}/piece?offset={offset}&sha256={sha256 or hashlib.sha256(piece).hexdigest()}",
        piece,
        content_type="application/octet-stream",
        expect_errors=True,
    )


def send(program: TestApp, content: bytes, size: int = 4000, **changes: Any) -> int:
    """Announce it and send all pieces; its number."""
    number = int(begin(program, content, **changes).json["arrival"]["id"])
    for offset in range(0, len(content), size):
        assert put(program, number, offset, content[offset : offset + size]).status_int == 200
    return number


def taken_in(console: Console, program: TestApp, number: int) -> Any:
    """Have the engine's part done; what the API tells then."""
    assert program.post_json(f"{URL}/{number}/finish", {}).status_int == 202
    for one in waiting(console):
        TakingIn(console, one, lambda: False).run()
    return program.get(f"{URL}/{number}").json


def test_a_package_comes_in_pieces_and_is_taken_in(
    program: TestApp, console: Console, tarball: Callable[..., bytes]
) -> None:
    content = tarball()
    begun = begin(program, content)
    assert begun.status_int == 201 and fits(begun.json, "/arrivals", "post", "201") == []
    number = send(program, content)
    found = taken_in(console, program, number)
    assert (found["state"], found["created"], found["package"]["sha256"]) == ("done", True, body(content)["sha256"])
    assert fits(found, "/arrivals/{id}", "get", "200") == []
    assert program.get(found["package"]["url"]).body == content
    assert pieces_of(console).have(number) == 0
    with console.readers() as session:
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert entry is not None and (entry.user, entry.action) == ("deployer", "package.upload")


def test_what_is_there_already_is_told_before_a_byte_is_sent(
    program: TestApp, console: Console, tarball: Callable[..., bytes]
) -> None:
    content = tarball()
    taken_in(console, program, send(program, content))
    again = begin(program, content, revision="r2")
    assert again.status_int == 200 and again.json["package"]["revision"] == "r1"
    assert fits(again.json, "/arrivals", "post", "200") == []
    assert begin(program, content, artifact="hadoop").status_int == 201


def test_a_broken_upload_is_gone_on_with(program: TestApp, console: Console, tarball: Callable[..., bytes]) -> None:
    content = tarball()
    number = begin(program, content).json["arrival"]["id"]
    put(program, number, 0, content[:100])
    again = begin(program, content, revision="r7")
    assert (again.status_int, again.json["arrival"]["id"], again.json["arrival"]["have"]) == (200, number, 100)
    assert put(program, number, 0, content[:100]).json == {"have": 100}, "a piece that is here already is a success"
    assert put(program, number, 50, content[50:90]).json == {"have": 100}
    refused = program.post_json(f"{URL}/{number}/finish", {}, expect_errors=True)
    assert refused.status_int == 409 and "send the rest first" in refused.json["error"]["message"]
    put(program, number, 100, content[100:])
    assert taken_in(console, program, number)["package"]["revision"] == "r7"


def test_a_damaged_piece_is_not_kept(program: TestApp, tarball: Callable[..., bytes]) -> None:
    number = begin(program, tarball()).json["arrival"]["id"]
    refused = put(program, number, 0, b"abc", hashlib.sha256(b"abd").hexdigest())
    assert refused.status_int == 422 and refused.json["error"]["code"] == "damaged"
    assert program.get(f"{URL}/{number}").json["have"] == 0


@pytest.mark.parametrize(
    ("changes", "status", "field"),
    [
        ({"artifact": ""}, 422, "artifact"),
        ({"revision": "../r"}, 422, "revision"),
        ({"name": "a/b.tar.gz"}, 422, "name"),
        ({"size": 0}, 422, "size"),
        ({"size": None}, 422, "size"),
        ({"size": 9 * 1024**2}, 413, "file"),
        ({"sha256": ""}, 422, "sha256"),
        ({"sha256": "x" * 64}, 422, "sha256"),
        ({"kind": "theft"}, 422, "kind"),
    ],
)
def test_bad_announcements_name_the_field(program: TestApp, changes: dict[str, Any], status: int, field: str) -> None:
    refused = begin(program, b"abc", **changes)
    assert refused.status_int == status and refused.json["error"]["field"] == field


def test_a_piece_belongs_to_its_sender_and_into_the_file(
    program: TestApp, api_as: Callable[[str], TestApp], tarball: Callable[..., bytes]
) -> None:
    content = tarball()
    number = begin(program, content).json["arrival"]["id"]
    assert put(api_as("admin"), number, 0, content).status_int == 404
    assert put(api_as("viewer"), number, 0, content).status_int == 403
    assert put(program, number, 0, content + b"x").status_int == 422
    assert put(program, 999, 0, content).status_int == 404
    assert put(program, number, 0, b"x" * (8 * 1024**2 + 1)).status_int == 413


def test_a_cancelled_upload_is_over(program: TestApp, console: Console, tarball: Callable[..., bytes]) -> None:
    content = tarball()
    number = begin(program, content).json["arrival"]["id"]
    put(program, number, 0, content[:50])
    assert program.delete(f"{URL}/{number}").json["state"] == "cancelled"
    assert put(program, number, 50, content[50:]).status_int == 410
    assert not pieces_of(console).path(number).exists()
    assert begin(program, content).json["arrival"]["id"] != number


def test_what_no_host_would_unpack_is_told(program: TestApp, console: Console) -> None:
    found = taken_in(console, program, send(program, b"no archive at all" * 100))
    assert (found["state"], found["package"]["state"]) == ("done", "quarantined")
    assert "archive" in found["message"]


def test_another_content_than_announced_is_refused(
    program: TestApp, console: Console, tarball: Callable[..., bytes]
) -> None:
    content = tarball()
    found = taken_in(console, program, send(program, content, sha256="0" * 64))
    assert (found["state"], found["package"]) == ("failed", None) and "damaged on its way" in found["message"]


def test_a_full_disk_refuses_and_keeps_what_is_there(
    program: TestApp, console: Console, tarball: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    content = tarball()
    number = begin(program, content).json["arrival"]["id"]
    put(program, number, 0, content[:100])
    monkeypatch.setattr("minos_web.store.arriving.shutil.disk_usage", lambda _path: shutil_usage(-1))
    assert put(program, number, 100, content[100:]).status_int == 507
    assert begin(program, content).status_int == 507
    monkeypatch.undo()
    put(program, number, 100, content[100:])
    assert taken_in(console, program, number)["state"] == "done"


def shutil_usage(free: int) -> Any:
    class Usage:
        pass

    usage = Usage()
    usage.free = free  # type: ignore[attr-defined]
    return usage


def test_an_engine_that_ends_leaves_it_to_the_next(
    program: TestApp, console: Console, tarball: Callable[..., bytes]
) -> None:
    number = send(program, tarball())
    program.post_json(f"{URL}/{number}/finish", {})
    TakingIn(console, number, lambda: True).run()
    assert program.get(f"{URL}/{number}").json["state"] == "waiting"
    assert taken_in(console, program, number)["state"] == "done"


def test_a_database_that_is_away_loses_nothing(
    program: TestApp, console: Console, tarball: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    number = send(program, tarball())
    program.post_json(f"{URL}/{number}/finish", {})
    with monkeypatch.context() as patch:

        def away(*_args: object) -> None:
            raise OperationalError("INSERT", {}, Exception("database is locked"))

        patch.setattr("minos_web.operations.taking_in.admit", away)
        with pytest.raises(OperationalError):
            TakingIn(console, number, lambda: False).run()
    assert program.get(f"{URL}/{number}").json["state"] == "checking" and waiting(console) == [number]
    TakingIn(console, number, lambda: False).run()
    assert program.get(f"{URL}/{number}").json["state"] == "done"


def test_old_ones_are_forgotten(program: TestApp, console: Console, tarball: Callable[..., bytes]) -> None:
    done = send(program, tarball())
    taken_in(console, program, done)
    stands = begin(program, b"abc").json["arrival"]["id"]
    with console.writers.begin() as session:
        now = session.get_one(Arrival, stands).created_at
        tidy(session, console, now + TOLD_SECONDS + 10)
        assert session.get(Arrival, done) is None and session.get_one(Arrival, stands).state == "coming"
        tidy(session, console, now + UNFINISHED_SECONDS + 10)
        assert session.get_one(Arrival, stands).state == "cancelled"
