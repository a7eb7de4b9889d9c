"""Pages and API of rolling updates: the ways, what is at risk, the override, the facts, and the way back."""

import time

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_common.states import OperationState, StepState
from minos_web.console import Console
from minos_web.engine.carrying import manner_of
from minos_web.models.clusters import Cluster, Task
from minos_web.models.operations import Operation
from minos_web.operations.progress import Manner
from minos_web.operations.settle import end_operation
from tests.minos_web.conftest import Browser
from tests.minos_web.scene import add_cluster, add_hosts, add_package, mark_prepared

ACT = "/clusters/zookeeper/dptst/act"
API = "/api/v1/clusters/zookeeper/dptst"


@pytest.fixture
def scene(session: Session, console: Console) -> Session:
    """A running ensemble; zookeeper/1 leads."""
    add_hosts(session)
    add_package(session)
    add_cluster(session, console)
    session.flush()
    mark_prepared(session, console)
    session.scalars(select(Cluster)).one().bootstrapped_at = time.time()
    for task in session.scalars(select(Task)):
        task.state, task.wanted, task.pid = "RUNNING", "running", 1
        task.texts = {"zookeeper.role": "leader" if task.number == 1 else "follower"}
    session.commit()
    return session


def roll(browser: Browser, status: int = 303, **fields: str) -> str:
    sent = {"confirm": "dptst", "update_config": "1", **fields}
    return str(browser.post(f"{ACT}/rolling_update", sent, headers=browser.csrf, status=status).text)


def newest(session: Session) -> Operation:
    session.expire_all()
    found = session.scalar(select(Operation).order_by(Operation.id.desc()))
    assert found is not None
    return found


def test_the_page_asks_how_and_shows_every_batch(testapp: Browser, scene: Session) -> None:
    page = testapp.get(f"{ACT}/rolling_update")
    for name in ("batch", "min_healthy", "deadline", "pause_after_first", "parallel", "tolerate", "log_level"):
        assert page.html.select_one(f"#act-form [name={name}]"), name
    titles = [" ".join(title.text.split()) for title in page.html.select(".mn-waves--plan .mn-wave__title")]
    assert titles[0] == "Look how zookeeper is"
    assert [title for title in titles if title.endswith("stop")] == [
        f"zookeeper, batch {number} of 3: stop" for number in (1, 2, 3)
    ]


def test_it_is_reached_from_the_cluster(testapp: Browser, scene: Session) -> None:
    assert testapp.get("/clusters/zookeeper/dptst").html.select_one(f'button[formaction="{ACT}/rolling_update"]')


def test_a_wrong_way_is_told_at_its_field(testapp: Browser, scene: Session) -> None:
    assert "batch is a number of tasks or a part of them" in roll(testapp, 422, batch="many")
    assert newest_or_none(scene) is None


def newest_or_none(session: Session) -> Operation | None:
    session.expire_all()
    return session.scalar(select(Operation))


def test_what_was_chosen_is_carried_out(testapp: Browser, scene: Session) -> None:
    roll(testapp, batch="2", min_healthy="7", pause_after_first="1", log_level="debug", tolerate="1")
    operation = newest(scene)
    assert operation.options["log_level"] == "debug"
    assert operation.options["tolerate"] == 1
    assert [step.args["hold"] for step in operation.steps if step.verb == "gate" and not step.args["first"]] == [
        7.0
    ] * 3
    assert [step.verb for step in operation.steps].count("pause") == 1


def test_what_a_form_sends_as_texts_is_kept_as_it_was_understood(testapp: Browser, scene: Session) -> None:
    roll(testapp, parallel="0", tolerate="0", on_failure="pause", log_level="")
    operation = newest(scene)
    assert {name: operation.options.get(name) for name in ("parallel", "tolerate", "log_level")} == {
        "parallel": None,
        "tolerate": None,
        "log_level": None,
    }
    assert manner_of(operation) == Manner(pauses=True)
    assert manner_of(Operation(options={"tolerate": "0", "parallel": "2"})) == Manner(together=2)


def test_only_an_administrator_is_offered_the_override(testapp: Browser, scene: Session, browser_as: object) -> None:
    address = f"{ACT}/stop?task=zookeeper/0&task=zookeeper/1"
    page = testapp.get(address)
    assert page.html.select_one("input[name=override]")
    operator = browser_as("operator")  # type: ignore[operator]
    page = operator.get(address)
    assert page.html.select_one("input[name=override]") is None
    assert "Only an administrator may do this all the same" in page.text
    assert page.html.select_one("[data-blocked]"), "the button is dead"


def test_what_breaks_is_refused_over_the_api_without_the_override(scene: Session, api_as: object) -> None:
    admin = api_as("admin")  # type: ignore[operator]
    body = {"action": "stop", "tasks": [0, 1], "options": {"confirm": "dptst"}}
    refused = admin.post_json(f"{API}/operations", body, status=422).json["error"]
    assert (refused["code"], refused["field"]) == ("breaks-service", "override")
    body["options"] = {"confirm": "dptst", "override": True}
    admin.post_json(f"{API}/operations", body, status=201)


def test_the_plan_of_the_api_takes_the_options_and_tells_risks(scene: Session, api_as: object) -> None:
    viewer = api_as("viewer")  # type: ignore[operator]
    plan = viewer.get(f"{API}/plan?action=rolling_update&batch=2&pause_after_first=true&log_level=error").json
    assert "Stand still" in [wave["name"] for wave in plan["waves"]]
    assert plan["risks"] == [
        {"text": "Each step leaves 2 of 3 zookeeper tasks running, and 2 are needed.", "breaks": False}
    ]
    refused = viewer.get(f"{API}/plan?action=rolling_update&override=maybe", status=422).json
    assert refused["error"]["field"] == "override"


def test_facts_stand_on_the_page_of_the_operation(testapp: Browser, scene: Session) -> None:
    roll(testapp)
    operation = newest(scene)
    gate = next(step for step in operation.steps if step.verb == "gate")
    gate.state, operation.state = StepState.FAILED.value, OperationState.PAUSED.value
    gate.data = {"facts": [
        {"title": "one leads", "holds": False, "found": "<b>none</b>", "before": {}},
        {"title": "all answer", "holds": True, "found": "zookeeper/0", "before": {}},
    ]}  # fmt: skip
    address = f"/operations/{operation.id}"
    scene.commit()
    page = testapp.get(address)
    facts = [" ".join(one.text.split()) for one in page.html.select(".mn-facts__item")]
    assert facts == ["Does not hold: one leads <b>none</b>", "Holds: all answer zookeeper/0"]
    buttons = [" ".join(one.text.split()) for one in page.html.select(".mn-head__actions button")]
    assert buttons == ["Look again", "Go on all the same", "Cancel"]
    testapp.post(f"{address}/skip", headers=testapp.csrf, status=303)
    assert newest(scene).state == OperationState.RUNNING


def test_the_way_back_is_offered_when_it_is_over(testapp: Browser, scene: Session, browser_as: object) -> None:
    roll(testapp, task="zookeeper/2")
    operation = newest(scene)
    address = f"/operations/{operation.id}"
    number = str(operation.id)
    back = f"{ACT}/rolling_update?back_to={number}&task=zookeeper%2F2"
    scene.commit()
    assert "Go back" not in testapp.get(address).text
    end_operation(scene, newest(scene), OperationState.DONE, "", time.time())
    scene.commit()
    link = testapp.get(address).html.select_one(".mn-head__actions a")
    assert link is not None and link["href"] == back
    assert browser_as("viewer").get(address).html.select_one(".mn-head__actions a") is None  # type: ignore[operator]
    page = testapp.get(back)
    assert page.html.select_one("#act-form input[name=back_to]")["value"] == number
    assert "is not in the store" in page.text
