"""The shell's pages and API: what may be run by whom, what is refused where, what a run tells, and kept commands."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from webtest import TestApp, Upload

from minos_common.states import StepState
from minos_web.console import Console
from minos_web.engine.rounds import forget_questions, forget_runs
from minos_web.models.hosts import Host
from minos_web.models.operations import Step
from minos_web.models.people import AuditEntry
from minos_web.models.runs import ClientRun
from minos_web.operations.client_runs import MOST_OF_ONE, split_words
from minos_web.operations.refusal import Refused
from minos_web.operations.rendering import Renderer
from minos_web.security.tickets import For, make_ticket
from minos_web.store.outputs import Outputs
from minos_web.views.shell import whole_text
from tests.minos_web.conftest import Browser
from tests.minos_web.scene import add_cluster, add_hosts, add_package

PAGE = "/clusters/zookeeper/dptst/shell"
API = "/api/v1/clusters/zookeeper/dptst"


@pytest.fixture
def scene(session: Session, console: Console) -> Session:
    """A described cluster with hosts and a package."""
    add_hosts(session)
    add_package(session)
    add_cluster(session, console)
    session.commit()
    return session


def run(browser: Browser, status: int = 303, **fields: Any) -> Any:
    return browser.post(PAGE, {"command": "zk", "words": "ls /", **fields}, headers=browser.csrf, status=status)


def newest(session: Session) -> ClientRun:
    session.expire_all()
    found = session.scalar(select(ClientRun).order_by(ClientRun.id.desc()))
    assert found is not None
    return found


def end(session: Session, state: StepState, exit_code: int | None, message: str = "") -> int:
    """Let the newest run end; its number. Nothing is open afterwards."""
    found = newest(session)
    step, number = found.step, found.id
    step.state, step.data, step.message = state.value, {"exit_code": exit_code, "printed": 3}, message
    step.sent_at, step.ended_at = time.time() - 3, time.time()
    session.commit()
    return number


def test_the_page_offers_commands_and_hosts(testapp: Browser, scene: Session) -> None:
    page = testapp.get(PAGE)
    assert [one["value"] for one in page.html.select("#command option")] == ["zkcli", "zk", "class"]
    assert [one["value"] for one in page.html.select("#host option")] == ["host-31", "host-32", "host-33"]
    assert testapp.get("/clusters/zookeeper/dptst").html.select_one(f'.mn-tabs a[href="{PAGE}"]')


def test_who_only_looks_has_no_shell(scene: Session, browser_as: Callable[[str], Browser]) -> None:
    viewer = browser_as("viewer")
    viewer.get(PAGE, status=403)
    assert viewer.get("/clusters/zookeeper/dptst").html.select_one(f'a[href="{PAGE}"]') is None


def test_any_code_is_for_administrators(
    scene: Session, browser_as: Callable[[str], Browser], api_as: Callable[[str], TestApp]
) -> None:
    page = browser_as("operator").get(PAGE)
    assert [one["value"] for one in page.html.select("#command option")] == ["zkcli", "zk"]
    body = {"command": "class", "words": "java.lang.Object"}
    refused = api_as("operator").post_json(f"{API}/runs", body, status=403).json["error"]
    assert (refused["code"], refused["field"]) == ("not-allowed", "command")
    api_as("admin").post_json(f"{API}/runs", body, status=201)


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"words": "get 'x"}, "words", "A quote is not closed."),
        ({"words": "x\\"}, "words", "A backslash stands at the end."),
        ({"words": "x" * 9000}, "words", "at most 8000 characters"),
        ({"command": "rm"}, "command", "ZooKeeper has no command 'rm'; it has zkcli, zk"),
        ({"host": "elsewhere"}, "host", "host 'elsewhere' has no task"),
        ({"minutes": "soon"}, "seconds", "Minutes is a number"),
        ({"minutes": "0"}, "seconds", "Seconds are between 1"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(
    testapp: Browser, scene: Session, fields: dict[str, str], field: str, words: str
) -> None:
    page = run(testapp, 422, **fields)
    shown = page.html.select_one(f"#{field}-error, #{'minutes' if field == 'seconds' else field}-error")
    assert shown is not None and words.lower() in shown.text.lower()
    assert scene.scalar(select(ClientRun)) is None


def test_a_run_is_laid_on_the_table_and_audited(testapp: Browser, scene: Session) -> None:
    answer = run(testapp, host="host-32", words='create /a "b c"')
    found = newest(scene)
    assert answer.location.endswith(f"/runs/{found.id}")
    step = found.step
    assert (step.verb, step.args["words"], step.args["host"]) == ("client", ["create", "/a", "b c"], "host-32")
    assert scene.get_one(Host, step.host_id).name == "host-32"
    entry = scene.scalars(select(AuditEntry).where(AuditEntry.action == "run.start")).one()
    assert entry.details["words"] == 'create /a "b c"'


def test_it_is_rendered_with_files_package_and_quorum(testapp: Browser, scene: Session, console: Console) -> None:
    run(testapp)
    args: Any = Renderer(console).args_of(scene, newest(scene).step)
    assert args.start.main_entry[0] == "org.apache.zookeeper.ZooKeeperMain"
    assert args.start.main_entry[1:] == ["-server", "127.0.0.31:12000,127.0.0.32:12000,127.0.0.33:12000"]
    assert args.start.extra_args == ["ls", "/"]
    assert "System.err" in args.files["logback.xml"], "the client's own, not the server's"
    assert "zookeeper.cfg" in args.files
    assert args.package.package.name == "zookeeper-3.9.9.tar.gz"
    assert args.input == "" and not args.stays_open


def test_a_run_tells_how_it_went(testapp: Browser, scene: Session, console: Console) -> None:
    run(testapp)
    found = newest(scene)
    command, number = found.step.command_id, found.id
    scene.commit()
    waiting = testapp.get(f"/runs/{number}/output").json
    assert (waiting["state"], waiting["ended"]) == ("waiting", False)
    Outputs(console.var).put(command, 0, b"a\xc3")
    piece = testapp.get(f"/runs/{number}/output").json
    assert (piece["text"], piece["next_offset"], piece["size"], piece["ended"]) == ("a", 1, 2, False)
    Outputs(console.var).put(command, 2, b"\xa4<b>\n")
    end(scene, StepState.FAILED, 3, "it ended with exit code 3")
    piece = testapp.get(f"/runs/{number}/output?offset=1").json
    assert (piece["text"], piece["ended"]) == ("ä<b>\n", True)
    page = testapp.get(f"/runs/{number}")
    assert "exit 3" in page.html.select_one(".mn-head .mn-status").text
    assert "It ended with exit code 3." in page.text
    assert testapp.get(f"/runs/{number}/output.txt").body == b"a\xc3\xa4<b>\n"
    assert "exit 3" in testapp.get(PAGE).html.select_one(f"#run-{number}").text


def test_a_line_is_given_once_and_by_who_began(
    testapp: Browser, scene: Session, browser_as: Callable[[str], Browser], api_as: Callable[[str], TestApp]
) -> None:
    run(testapp, command="zkcli", words="")
    number = newest(scene).id
    scene.commit()
    assert testapp.get(f"/runs/{number}").html.select_one("form[data-run-line]")
    assert browser_as("operator").get(f"/runs/{number}").html.select_one("form[data-run-line]") is None
    api_as("operator").post_json(f"/api/v1/runs/{number}/lines", {"text": "x"}, status=403)
    testapp.post(f"/runs/{number}/lines", {"text": "ls /"}, headers=testapp.csrf, status=303)
    asking = {**testapp.csrf, "Accept": "application/json"}
    testapp.post(f"/runs/{number}/lines", {"text": "quit", "end": "1"}, headers=asking, status=200)
    steps = scene.scalars(select(Step).where(Step.verb == "client-input").order_by(Step.id)).all()
    assert [(one.args["number"], one.args["text"], one.args["end"]) for one in steps] == [
        (1, "ls /\n", False),
        (2, "quit\n", True),
    ]
    scene.commit()
    refused = testapp.post(f"/runs/{number}/lines", {"text": "more"}, headers=asking, status=409)
    assert "input was closed" in refused.text
    page = testapp.get(f"/runs/{number}")
    assert "ls /\nquit (end of input)" in page.html.select_one("pre.mn-code").text


def test_a_line_that_was_not_given_is_told_and_its_number_used_again(testapp: Browser, scene: Session) -> None:
    run(testapp, command="zkcli", words="")
    number = newest(scene).id
    scene.commit()
    testapp.post(f"/runs/{number}/lines", {"text": "one"}, headers=testapp.csrf)
    step = scene.scalars(select(Step).where(Step.verb == "client-input")).one()
    step.state, step.message = StepState.FAILED.value, "it does not read"
    scene.commit()
    assert "one   [not given: it does not read]" in testapp.get(f"/runs/{number}").text
    testapp.post(f"/runs/{number}/lines", {"text": "two"}, headers=testapp.csrf)
    steps = scene.scalars(select(Step).where(Step.verb == "client-input").order_by(Step.id)).all()
    assert [one.args["number"] for one in steps] == [1, 1]


def test_one_that_waits_is_cancelled_at_once_and_one_that_runs_is_asked(testapp: Browser, scene: Session) -> None:
    run(testapp)
    number = newest(scene).id
    scene.commit()
    testapp.post(f"/runs/{number}/cancel", headers=testapp.csrf, status=303)
    assert newest(scene).step.state == StepState.CANCELLED
    scene.commit()
    run(testapp)
    found = newest(scene)
    found.step.state, number = StepState.RUNNING.value, found.id
    scene.commit()
    testapp.post(f"/runs/{number}/cancel", headers=testapp.csrf, status=303)
    assert newest(scene).step.cancel_asked_at is not None


def test_there_are_only_so_many_at_a_time(api_as: Callable[[str], TestApp], scene: Session) -> None:
    admin = api_as("admin")
    for _ in range(MOST_OF_ONE):
        admin.post_json(f"{API}/runs", {"command": "zk"}, status=201)
    refused = admin.post_json(f"{API}/runs", {"command": "zk"}, status=429).json["error"]
    assert refused["message"].startswith(f"{MOST_OF_ONE} of your commands run already")
    api_as("operator").post_json(f"{API}/runs", {"command": "zk"}, status=201)


def test_files_are_given_to_the_worker_alone(
    testapp: Browser, scene: Session, console: Console, anonymous: Browser
) -> None:
    files = [("file", "in.txt", b"some input"), ("file", "b.bin", b"\0\1")]
    testapp.post(PAGE, {"command": "zk", "words": ""}, upload_files=files, headers=testapp.csrf, status=303)
    found = newest(scene)
    assert [(one["name"], one["size"]) for one in found.files] == [("in.txt", 10), ("b.bin", 2)]
    args: Any = Renderer(console).args_of(scene, found.step)
    step, host = found.step.id, found.step.host_id
    scene.commit()
    assert args.inputs[0].url.endswith(f"/api/v1/run-files/{step}/0")
    ticket = make_ticket(console.secret, For.RUN_FILE, step, host or 0, time.time() + 60)
    fetched = anonymous.get(f"/api/v1/run-files/{step}/1", headers={"Authorization": f"Bearer {ticket}"})
    assert fetched.body == b"\0\1"
    anonymous.get(f"/api/v1/run-files/{step}/0", status=401)
    testapp.get(f"/api/v1/run-files/{step}/0", status=403)


@pytest.mark.parametrize("name", [".hidden", "a b", "x" * 200])
def test_a_file_with_a_hostile_name_is_refused(testapp: Browser, scene: Session, name: str) -> None:
    page = testapp.post(
        PAGE, {"command": "zk", "words": "", "file": Upload(name, b"x")}, headers=testapp.csrf, status=422
    )
    assert "is not a legal name" in page.html.select_one("#file-error").text


def test_a_command_is_kept_used_and_dropped(testapp: Browser, scene: Session, api_as: Callable[[str], TestApp]) -> None:
    run(testapp, words="ls /")
    number = end(scene, StepState.DONE, 0)
    testapp.post(f"/runs/{number}/save", {"name": "look"}, headers=testapp.csrf, status=303)
    page = testapp.get(PAGE)
    [link] = page.html.select(".mn-kept a")
    assert link["href"] == f"{PAGE}?command=zk&words=ls+%2F"
    assert testapp.get(link["href"]).html.select_one("#words")["value"] == "ls /"
    saved = api_as("viewer").get(f"{API}/commands").json["saved"]
    assert saved == [{"name": "look", "command": "zk", "words": "ls /", "created_by": "admin"}]
    api_as("operator").delete(f"{API}/commands?name=look", status=200)
    api_as("operator").delete(f"{API}/commands?name=look", status=404)
    refused = api_as("operator").post_json(f"{API}/commands", {"name": "a b", "command": "zk"}, status=422)
    assert refused.json["error"]["field"] == "name"


def test_runs_are_kept_longer_than_questions(testapp: Browser, scene: Session) -> None:
    run(testapp)
    end(scene, StepState.DONE, 0)
    forget_questions(scene, time.time() + 1)
    assert newest(scene)
    forget_runs(scene, time.time() + 1)
    scene.commit()
    scene.expire_all()
    assert scene.scalar(select(ClientRun)) is None


def test_output_is_kept_once_and_a_hole_is_filled(console: Console) -> None:
    outputs = Outputs(console.var)
    assert outputs.put("ab", 0, b"12345") == 5
    assert outputs.put("ab", 0, b"123") == 5
    assert outputs.put("ab", 3, b"4567") == 7
    assert outputs.put("ab", 9, b"x") == 10
    assert outputs.read("ab", 0, 99) == b"1234567\0\0x"
    outputs.forget_others(["cd"])
    assert (outputs.size("ab"), outputs.read("ab", 0, 9)) == (0, b"")
    with pytest.raises(ValueError, match="no id"):
        outputs.put("../x", 0, b"")


@pytest.mark.parametrize(
    ("data", "ended", "text", "used"),
    [
        (b"abc", False, "abc", 3),
        ("ä€".encode()[:-1], False, "ä", 2),
        ("ä€".encode()[:-1], True, "ä\ufffd", 4),
        (b"\xffabc\xc3", False, "\ufffdabc\ufffd", 5),
        (b"", False, "", 0),
        (b"\xc3", False, "", 0),
    ],
)
def test_a_character_is_not_cut_in_two(data: bytes, ended: bool, text: str, used: int) -> None:
    assert whole_text(data, ended) == (text, used)


@pytest.mark.parametrize(
    ("text", "words"),
    [("", []), ("a b", ["a", "b"]), ("'a b' \"c d\"", ["a b", "c d"]), ("$(x) `y` > z", ["$(x)", "`y`", ">", "z"])],
)
def test_words_are_split_and_nothing_more(text: str, words: list[str]) -> None:
    assert split_words(text) == words


def test_a_nul_is_refused() -> None:
    with pytest.raises(Refused):
        split_words("a\0b")
