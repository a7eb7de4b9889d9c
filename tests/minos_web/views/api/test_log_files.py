"""Logs over HTTP: asked for, brought by a worker with its ticket, downloaded; output cleared."""

import gzip
import time
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from webtest import TestApp

from minos_common.states import HostState, StepState
from minos_common.verbs import LOG_PIECE
from minos_web.console import Console
from minos_web.models.hosts import Host
from minos_web.models.operations import Step
from minos_web.models.people import AuditEntry
from minos_web.operations.log_files import spool_of
from minos_web.security.tickets import For, make_ticket
from minos_web.store.spool import NoRoom
from tests.minos_web.scene import add_cluster, add_hosts
from tests.minos_web.views.api.test_openapi import fits

LOGS = "/api/v1/clusters/zookeeper/dptst/tasks/zookeeper/0/logs"
DATA = bytes(range(256)) * 40


@pytest.fixture
def described(session: Session, console: Console) -> None:
    add_hosts(session)
    add_cluster(session, console)
    session.commit()


@pytest.fixture
def viewer(api_as: Callable[[str], TestApp], described: None) -> TestApp:
    return api_as("viewer")


def fetch(program: TestApp, name: str = "log/a.log") -> dict[str, Any]:
    found: dict[str, Any] = program.post_json(f"{LOGS}/fetch", {"name": name}, status=202).json
    return found


class Worker:
    """Brings a file as a worker does."""

    def __init__(self, app: Any, console: Console, session: Session, number: int, purpose: For = For.LOG_FILE) -> None:
        host = session.scalar(select(Step.host_id).where(Step.id == number)) or 1
        session.rollback()
        self.program, self.number = TestApp(app), number
        self.program.set_authorization(("Bearer", make_ticket(console.secret, purpose, number, host, time.time() + 60)))

    def put(self, data: bytes, offset: int = 0, size: int = len(DATA), run: str = "a", **more: Any) -> Any:
        body = more.pop("body", gzip.compress(data, 1))
        place = f"run={run}&offset={offset}&size={size}"
        url = f"/api/v1/log-files/{self.number}/piece?{place}"
        headers = {"Content-Type": "application/octet-stream", "Content-Encoding": "gzip"}
        return self.program.put(url, body, headers=headers, expect_errors=True, **more)


def settle(session: Session, number: int, state: StepState = StepState.DONE, message: str = "", **data: Any) -> None:
    step = session.get_one(Step, number)
    step.state, step.message, step.data, step.ended_at = state.value, message, data, time.time()
    session.commit()


def test_from_asking_to_the_last_byte(viewer: TestApp, app: Any, console: Console, session: Session) -> None:
    asked = fetch(viewer)
    assert fits(asked, "/clusters/{service}/{cluster}/tasks/{job}/{number}/logs/fetch", "post", "202") == []
    assert (asked["state"], asked["received"], asked["size"], asked["file_url"]) == ("waiting", 0, None, None)
    worker = Worker(app, console, session, asked["id"])
    assert worker.put(DATA[:6000]).json == {"next": 6000}
    told = viewer.get(asked["url"]).json
    assert (told["received"], told["size"], told["file_url"]) == (6000, len(DATA), None)
    assert viewer.get(f"{asked['url']}/file", status=409).json["error"]["code"] == "not-yet"
    assert worker.put(DATA[6000:], 6000).json == {"next": len(DATA)}
    settle(session, asked["id"], name="log/a.log", size=len(DATA))
    told = viewer.get(asked["url"]).json
    assert fits(told, "/log-files/{id}") == []
    answer = viewer.get(told["file_url"])
    assert answer.body == DATA and answer.content_length == len(DATA)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="dptst-zookeeper-0-a.log"'
    part = viewer.get(told["file_url"], headers={"Range": "bytes=100-199"}, status=206)
    assert part.body == DATA[100:200]


def test_a_download_that_cannot_be_says_why(viewer: TestApp, app: Any, console: Console, session: Session) -> None:
    asked = fetch(viewer)
    settle(session, asked["id"], StepState.FAILED, "host-31 fell silent in the middle of it")
    error = viewer.get(f"{asked['url']}/file", status=410).json["error"]
    assert error["message"] == "host-31 fell silent in the middle of it"
    settle(session, asked["id"], name="log/a.log", size=3)
    assert "fetch it again" in viewer.get(f"{asked['url']}/file", status=410).json["error"]["message"]
    assert Worker(app, console, session, asked["id"]).put(DATA).status_int == 410


def test_no_piece_is_written_through_the_database(
    viewer: TestApp, app: Any, console: Console, session: Session
) -> None:
    """While somebody else holds the write lock, pieces come in all the same."""
    worker = Worker(app, console, session, fetch(viewer)["id"])
    with console.writers.begin() as busy:
        busy.execute(select(Step))
        assert worker.put(DATA[:10]).json == {"next": 10}


@pytest.mark.parametrize("role", ["viewer", "operator", "admin"])
def test_only_a_worker_with_the_ticket_for_this_file_brings_it(
    viewer: TestApp, api_as: Callable[[str], TestApp], app: Any, console: Console, session: Session, role: str
) -> None:
    one, other = fetch(viewer)["id"], fetch(viewer, "log/b.log")["id"]
    url = f"/api/v1/log-files/{one}/piece?run=a&offset=0&size=3"
    assert api_as(role).put(url, gzip.compress(b"abc"), status=403)
    for stranger in (Worker(app, console, session, other), Worker(app, console, session, one, For.PACKAGE)):
        stranger.number = one
        assert stranger.put(DATA).status_int == 401
    session.get_one(Host, 1).state = HostState.REVOKED
    session.commit()
    assert Worker(app, console, session, one).put(DATA).status_int == 401
    assert spool_of(console).files() == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no gzip",
        gzip.compress(b"abc")[:-1],
        gzip.compress(b"abc")[:-5] + b"\0" * 5,
        gzip.compress(b"abc") + b"x",
        gzip.compress(b"abc") * 2,
        gzip.compress(b"\0" * (LOG_PIECE + 1)),
        gzip.compress(b"\0" * 500 * LOG_PIECE),
    ],
    ids=["empty", "other", "cut", "checksum", "more", "two", "large", "bomb"],
)
def test_broken_pieces_are_refused(viewer: TestApp, app: Any, console: Console, session: Session, body: bytes) -> None:
    worker = Worker(app, console, session, fetch(viewer)["id"])
    assert worker.put(b"", body=body).json["error"]["code"] == "invalid"
    assert spool_of(console).files() == []
    assert worker.put(b"\0" * LOG_PIECE, size=2 * LOG_PIECE).json == {"next": LOG_PIECE}


@pytest.mark.parametrize("place", ["", "run=../x&offset=0&size=1", "run=a&offset=-1&size=1", "run=a&offset=0&size=x"])
def test_places_that_are_none(viewer: TestApp, app: Any, console: Console, session: Session, place: str) -> None:
    worker = Worker(app, console, session, fetch(viewer)["id"])
    url = f"/api/v1/log-files/{worker.number}/piece?{place}"
    answer = worker.program.put(url, gzip.compress(b"x"), expect_errors=True)
    assert answer.status_int == 422


def test_gaps_and_doubles_are_told_as_described(viewer: TestApp, app: Any, console: Console, session: Session) -> None:
    worker = Worker(app, console, session, fetch(viewer)["id"])
    worker.put(DATA[:100])
    assert worker.put(DATA[:100]).json == {"next": 100}
    answer = worker.put(DATA[200:300], 200)
    assert answer.status_int == 409 and answer.json == {"next": 100}
    assert fits(answer.json, "/log-files/{id}/piece", "put", "409") == []


def test_a_full_console_says_so(
    viewer: TestApp, app: Any, console: Console, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = Worker(app, console, session, fetch(viewer)["id"])
    answer = worker.put(DATA, size=2**50)
    assert answer.status_int == 507 and "log_spool_bytes" in answer.json["error"]["message"]

    def full(*_args: object) -> int:
        raise NoRoom("the console's disk is full")

    monkeypatch.setattr("minos_web.store.spool.Spool.put", full)
    assert worker.put(DATA).json["error"] == {"code": "no-room", "message": "the console's disk is full"}


def test_who_may_cancel(
    viewer: TestApp, api_as: Callable[[str], TestApp], app: Any, console: Console, session: Session
) -> None:
    mine, theirs = fetch(viewer), fetch(api_as("operator"))
    assert "only operator or an operator" in viewer.delete(theirs["url"], status=403).json["error"]["message"]
    assert viewer.delete(mine["url"]).json["state"] == "cancelled"
    assert viewer.delete(mine["url"]).json["message"] == "cancelled by viewer"
    refused = Worker(app, console, session, mine["id"]).put(DATA)
    assert refused.status_int == 410 and refused.json["error"]["message"] == "cancelled by viewer"
    assert api_as("admin").delete(theirs["url"]).json["state"] == "cancelled"
    viewer.delete("/api/v1/log-files/999", status=404)


def test_questions_and_operations_are_no_log_files(viewer: TestApp, session: Session) -> None:
    body = {"service": "zookeeper", "cluster": "dptst", "job": "zookeeper", "task": 0}
    question = viewer.post_json("/api/v1/questions", {**body, "verb": "show"}).json["id"]
    viewer.get(f"/api/v1/log-files/{question}", status=404)
    for verb in ("send-log", "clear-log"):
        assert viewer.post_json("/api/v1/questions", {**body, "verb": verb}, status=422)


def test_the_list_comes_when_the_worker_has_answered(viewer: TestApp, session: Session) -> None:
    answer = viewer.get(LOGS, status=202)
    assert answer.json == {"state": "asking"} and answer.headers["Retry-After"] == "1"
    viewer.get(LOGS, status=202)
    step = session.scalars(select(Step)).one()
    files = [{"name": "log/a.log", "size": 7, "modified": 1.5}]
    settle(session, step.id, files=files)
    answer = viewer.get(LOGS)
    assert answer.json == {"files": files}
    assert fits(answer.json, "/clusters/{service}/{cluster}/tasks/{job}/{number}/logs") == []


def test_a_list_that_cannot_be_had_says_why(viewer: TestApp, session: Session) -> None:
    viewer.get(LOGS, status=202)
    settle(session, session.scalars(select(Step)).one().id, StepState.FAILED, "the host did not answer in time")
    error = viewer.get(LOGS, status=504).json["error"]
    assert error == {"code": "no-answer", "message": "the host did not answer in time"}


def test_clearing_is_for_operators_and_leaves_an_entry(
    viewer: TestApp, api_as: Callable[[str], TestApp], session: Session
) -> None:
    viewer.post(f"{LOGS}/clear", status=403)
    operator = api_as("operator")
    asked = operator.post(f"{LOGS}/clear", status=202).json
    assert operator.get(asked["url"]).json["verb"] == "clear-log"
    fetch(operator, "")
    fetch(operator, "")
    entries = [(row.user, row.action, row.target, row.details) for row in session.scalars(select(AuditEntry))]
    assert entries.pop(0)[:2] == ("viewer", "denied")
    assert entries == [
        ("operator", "log.clear", "zookeeper/dptst zookeeper/0", {}),
        ("operator", "log.fetch", "zookeeper/dptst zookeeper/0", {"file": "newest stdout"}),
    ]


def test_a_task_without_a_host_is_a_409(viewer: TestApp, session: Session) -> None:
    session.get_one(Host, 1).state = HostState.REJECTED
    session.commit()
    assert viewer.post_json(f"{LOGS}/fetch", {}, status=409).json["error"]["code"] == "no-host"
    viewer.post_json(f"{LOGS}/fetch", {"file": "x"}, status=422)
    viewer.post_json(LOGS.replace("/0/", "/77/") + "/fetch", {}, status=404)
