"""The page of one operation and its API: progress, causes, retries of some, lists of steps, output, plan, events."""

import time
from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from webtest import TestApp

from minos_common.states import OperationState
from minos_web.console import Console
from minos_web.models.clusters import Cluster, Task
from minos_web.models.operations import Operation, Step
from minos_web.models.people import AuditEntry
from minos_web.operations.causes import key_of
from minos_web.operations.settle import end_operation
from minos_web.views.operation_waves import LINES
from tests.minos_web.conftest import Browser
from tests.minos_web.scene import add_running
from tests.minos_web.views.api.test_openapi import fits

FULL = "no room on 10.0.0.{n}: {n} MB free"
HOSTILE = "<script>alert(1)</script> exit code 3"


def add_operation(session: Session, waves: list[str], **more: object) -> int:
    """'dfw' is a wave of a done, a failed and a waiting step, for the tasks in their order again and again."""
    cluster = session.scalars(select(Cluster)).one()
    tasks = session.scalars(select(Task).order_by(Task.number)).all()
    now = time.time()
    operation = Operation(**{
        "cluster_id": cluster.id, "open_cluster_id": cluster.id, "action": "start", "selection": {}, "options": {},
        "state": OperationState.RUNNING.value, "created_by": "admin", "created_at": now - 100, "started_at": now - 99,
        "wave_names": [f"Wave {number}" for number in range(len(waves))], **more,
    })  # fmt: skip
    session.add(operation)
    session.flush()
    states = {
        "w": "waiting",
        "r": "running",
        "d": "done",
        "f": "failed",
        "k": "skipped",
        "c": "cancelled",
        "u": "unknown",
    }
    for wave, letters in enumerate(waves):
        for position, letter in enumerate(letters):
            task, begun, over = tasks[position % len(tasks)], letter not in "wkc", letter in "dfkc"
            session.add(Step(
                operation_id=operation.id, wave=wave, position=position, task_id=task.id, host_id=task.host_id,
                verb="start", label=f"start: {task.job}/{task.number}", state=states[letter], patience=60.0,
                command_id=f"{operation.id}-{wave}-{position}", created_at=now - 100,
                sent_at=now - 90 + wave if begun else None, ended_at=now - 80 + wave if over else None,
                message=FULL.format(n=position + 1) if letter == "f" else "",
            ))  # fmt: skip
    session.flush()
    return operation.id


def end(session: Session, number: int, state: OperationState, message: str = "") -> None:
    end_operation(session, session.get_one(Operation, number), state, message, time.time())
    session.commit()


@pytest.fixture
def scene(session: Session, console: Console) -> Session:
    """A running cluster of three tasks."""
    add_running(session, console)
    return session


def steps_of(session: Session) -> list[Step]:
    """As they are in the database now; read apart, so that nothing is held open while the page is asked."""
    with Session(session.get_bind()) as apart:
        return list(apart.scalars(select(Step).order_by(Step.operation_id, Step.wave, Step.position)))


def said(session: Session, number: int, **values: object) -> None:
    """Changes one of the steps, counted as ``steps_of`` has them."""
    step = session.get_one(Step, steps_of(session)[number].id)
    for name, value in values.items():
        setattr(step, name, value)
    session.commit()


def words(found: object) -> str:
    return " ".join(found.text.split())  # type: ignore[attr-defined]


def test_failures_are_told_by_their_cause(testapp: Browser, scene: Session) -> None:
    number = add_operation(scene, ["ffdff", "kkkkk"])
    scene.commit()
    said(scene, 4, message=HOSTILE)
    end(scene, number, OperationState.FAILED)
    page = testapp.get(f"/operations/{number}")
    assert words(page.html.select_one("#causes-title")) == "4 failed in 2 ways"
    first, second = page.html.select(".mn-cause")
    assert words(first.select_one(".mn-cause__pattern")) == "no room on ‹address›: ‹size› free"
    assert "zookeeper/0 on host-31" in words(first) and "Retry just these 3" in words(first)
    assert words(second.select_one(".mn-cause__pattern")) == "<script>alert(#)<‹path›> exit code 3"
    assert "<script>alert" not in page.text
    shown = testapp.get(first.select_one("a")["href"].partition("#")[0])
    assert len(shown.html.select("#found .mn-step")) == 3


def test_just_the_steps_of_one_cause_are_tried_again(testapp: Browser, scene: Session) -> None:
    number = add_operation(scene, ["ffd", "kkk"])
    scene.commit()
    said(scene, 1, message="exit code 3")
    end(scene, number, OperationState.FAILED)
    form = {"cause": key_of("exit code 3")}
    where = f"/operations/{number}/retry"
    testapp.post(where, form, headers=testapp.csrf, status=303)
    assert [step.state for step in steps_of(scene)] == ["failed", "waiting", "done", "skipped", "waiting", "skipped"]
    assert [step.attempt for step in steps_of(scene)] == [1, 2, 1, 1, 2, 1]
    with Session(scene.get_bind()) as apart:
        assert apart.get_one(Operation, number).state == OperationState.RUNNING
        entry = apart.scalars(select(AuditEntry).where(AuditEntry.action == "operation.retry")).one()
    assert (entry.details["steps"], entry.details["cause"]) == (1, form["cause"])
    testapp.post(where, form, headers=testapp.csrf, status=303)
    assert [step.attempt for step in steps_of(scene)] == [1, 2, 1, 1, 2, 1], "a second click does nothing"
    page = testapp.get(f"/operations/{number}")
    assert "admin had 1 step tried again, without the others" in words(page.html.select_one("#events"))


def test_a_retry_of_all_that_failed_is_one_as_any_other(api_as: Callable[[str], TestApp], scene: Session) -> None:
    number = add_operation(scene, ["fd", "kk"])
    end(scene, number, OperationState.FAILED)
    chosen = [steps_of(scene)[0].id]
    api_as("operator").post_json(f"/api/v1/operations/{number}/retry", {"steps": chosen}, status=200)
    assert [step.state for step in steps_of(scene)] == ["waiting", "done", "waiting", "waiting"]


def test_where_it_stands_still_only_the_chosen_begin_anew(api_as: Callable[[str], TestApp], scene: Session) -> None:
    number = add_operation(scene, ["ffw", "www"], state=OperationState.PAUSED.value, options={"on_failure": "pause"})
    scene.commit()
    chosen = [steps_of(scene)[0].id]
    api_as("operator").post_json(f"/api/v1/operations/{number}/retry", {"steps": chosen}, status=200)
    found = steps_of(scene)
    assert [step.state for step in found] == ["waiting", "failed", "waiting", "waiting", "waiting", "waiting"]
    assert [step.data.get("alone", False) for step in found] == [True, False, False, False, False, False]


@pytest.mark.parametrize(
    ("role", "body", "status", "field"),
    [
        ("viewer", {"steps": [1]}, 403, None),
        ("operator", {"steps": []}, 422, "steps"),
        ("operator", {"steps": [99999]}, 409, "steps"),
        ("operator", {"cause": "nothing"}, 409, "cause"),
        ("operator", {"steps": [1], "cause": "x"}, 400, "cause"),
        ("operator", {"stepz": [1]}, 400, None),
        ("operator", {"steps": "all"}, 400, None),
    ],
)
def test_what_cannot_be_tried_again_is_refused(
    api_as: Callable[[str], TestApp], scene: Session, role: str, body: dict[str, object], status: int, field: str | None
) -> None:
    number = add_operation(scene, ["ffd"])
    end(scene, number, OperationState.FAILED)
    address = f"/api/v1/operations/{number}/retry"
    refused = api_as(role).post_json(address, body, expect_errors=True)
    assert refused.status_int in (status, 422 if status == 400 else status), refused.text
    if field:
        assert refused.json["error"]["field"] == field
    assert [step.attempt for step in steps_of(scene)] == [1, 1, 1]


def test_the_api_tells_causes_and_time_left(api_as: Callable[[str], TestApp], scene: Session) -> None:
    number = add_operation(scene, ["dddd", "rw"])
    scene.commit()
    viewer = api_as("viewer")
    told = viewer.get(f"/api/v1/operations/{number}").json
    assert fits(told, "/operations/{id}") == []
    assert [len(wave["steps"]) for wave in told["waves"]] == [4, 2]
    assert told["waves"][1]["states"] == {"running": 1, "waiting": 1}
    assert (told["steps"], told["causes"]) == (None, [])
    assert told["eta"]["own_steps"] == 4 and told["eta"]["seconds"] == pytest.approx(10, abs=1)
    page = viewer.get(f"/api/v1/operations/{number}?wave=1&state=pending").json
    assert [len(wave["steps"]) for wave in page["waves"]] == [0, 1]
    assert page["steps"] == {"page": 1, "pages": 1, "size": 500, "total": 1}
    assert fits(page, "/operations/{id}") == []
    refused = viewer.get(f"/api/v1/operations/{number}?state=odd", status=422).json
    assert refused["error"]["field"] == "state"


def test_a_large_wave_shows_what_needs_a_look_and_leads_to_the_rest(testapp: Browser, scene: Session) -> None:
    number = add_operation(scene, ["d" * 140 + "f" + "r" * 3])
    scene.commit()
    page = testapp.get(f"/operations/{number}")
    shown = [words(one) for one in page.html.select(".mn-wave .mn-step .mn-status__word")]
    assert len(shown) == LINES and {"failed", "running"} <= set(shown)
    assert "and 94 more" in page.text
    chips = [words(one) for one in page.html.select(".mn-filters .mn-chip")]
    assert chips == ["All 144", "Pending 0", "Running 3", "Failed 1", "Done 140", "Skipped 0"]
    wave = testapp.get(f"/operations/{number}?wave=0&state=done&page=3")
    assert len(wave.html.select("#found .mn-step")) == 40
    assert words(wave.html.select_one(".mn-pager")).startswith("101–140 of 140 steps")
    found = testapp.get(f"/operations/{number}?q=host-32")
    assert words(found.html.select_one("#found h2")) == "48 steps"
    for odd in ("?wave=99", "?wave=x&state=odd&page=-1", "?q=%25_%5C", "?cause=gone", "?log=99&waves=7"):
        assert testapp.get(f"/operations/{number}{odd}").status_int == 200


def test_blocks_stand_for_many_steps_where_there_are_many(testapp: Browser, scene: Session) -> None:
    number = add_operation(scene, ["d" * 650 + "f" + "w" * 649])
    scene.commit()
    blocks = testapp.get(f"/operations/{number}").html.select(".mn-block")
    assert len(blocks) == 434
    assert blocks[216]["title"] == "steps 649–651: 2 done, 1 failed"
    assert {"mn-block--done", "mn-block--flawed"} <= set(blocks[216]["class"])
    assert blocks[-1]["title"] == "steps 1,300–1,300: 1 queued"


def test_many_waves_come_in_pages_that_begin_where_it_is(testapp: Browser, scene: Session) -> None:
    number = add_operation(scene, [*["d"] * 70, "r", *["w"] * 20])
    scene.commit()
    page = testapp.get(f"/operations/{number}")
    assert page.html.select_one("#wave-70") and not page.html.select_one("#wave-0")
    assert testapp.get(f"/operations/{number}?waves=1").html.select_one("#wave-0")


def test_a_poll_finds_out_cheaply_that_nothing_changed(testapp: Browser, scene: Session) -> None:
    number = add_operation(scene, ["dd"])
    end(scene, number, OperationState.DONE)
    address = f"/operations/{number}"
    part = testapp.get(address, headers={"HX-Request": "true"})
    same = {"HX-Request": "true", "If-None-Match": part.headers["ETag"]}
    unchanged = testapp.get(address, headers=same, status=304)
    assert (unchanged.body, unchanged.headers["ETag"]) == (b"", part.headers["ETag"])
    assert testapp.get(f"{address}?wave=0", headers=same).status_int == 200
    said(scene, 0, message="something else")
    assert testapp.get(address, headers=same).status_int == 200


def test_what_a_step_printed_is_read_from_its_end(testapp: Browser, scene: Session) -> None:
    number = add_operation(scene, ["d"])
    add_operation(scene, ["d"], open_cluster_id=None)
    scene.commit()
    said(scene, 0, output="first line\n" + "x" * 300_000 + "\nlast <b>line</b>\n")
    step, strange = steps_of(scene)
    page = testapp.get(f"/operations/{number}")
    later = page.html.select_one("[data-log-later]")["data-log-later"]
    piece = testapp.get(later).json
    assert piece["text"].endswith("last <b>line</b>\n") and "first line" not in piece["text"]
    assert (piece["state"], piece["size"], piece["next_offset"]) == ("ok", len(step.output), len(step.output))
    whole = testapp.get(f"{later}?whole=1")
    assert whole.text == step.output and whole.content_type == "text/plain"
    assert whole.headers["Content-Disposition"].startswith("attachment")
    testapp.get(f"/operations/{number}/steps/{strange.id}/output", status=404)
    testapp.get(f"/operations/{strange.operation_id}/steps/{step.id}/output", status=404)


def test_the_log_of_a_step_opens_beside_it(testapp: Browser, scene: Session) -> None:
    number = add_operation(scene, ["ddd"])
    scene.commit()
    step = steps_of(scene)[1]
    page = testapp.get(f"/operations/{number}?log={step.id}")
    drawer = page.html.select_one("#drawer")
    assert "Log of zookeeper/1" in words(drawer)
    assert drawer.select_one("[data-log-url]")["data-log-url"].startswith(
        "/clusters/zookeeper/dptst/tasks/zookeeper/1/"
    )
    assert drawer.select_one('a[aria-label="Close the log"]')["href"] == f"/operations/{number}#step-{step.id}"


def test_what_was_planned_stands_beside_what_happened(testapp: Browser, scene: Session) -> None:
    number = add_operation(scene, ["fdd", "kdd", "kkk"])
    end(scene, number, OperationState.FAILED, "a step failed")
    page = testapp.get(f"/operations/{number}")
    rows = [[words(cell) for cell in row.select("td")] for row in page.html.select("#beside-plan tbody tr")]
    assert [row[0] for row in rows] == ["start × 3"] * 3
    assert [row[1] for row in rows] == ["2 done, 1 failed", "2 done, 1 skipped", "all skipped"]
    assert rows[1][-1] == "1 left out: its task had failed before"
    assert "2 left out: given up when this failed: start: zookeeper/0" in rows[2][-1]
    assert page.html.select_one("#line svg") and not page.html.select_one("[style]")


def test_a_viewer_sees_no_controls(browser_as: Callable[[str], Browser], scene: Session) -> None:
    number = add_operation(scene, ["ffd"])
    end(scene, number, OperationState.FAILED)
    viewer = browser_as("viewer")
    page = viewer.get(f"/operations/{number}")
    assert page.html.select_one("#causes") and not page.html.select("#causes form")
    viewer.post(f"/operations/{number}/retry", {"cause": "x"}, headers=viewer.csrf, status=403)
