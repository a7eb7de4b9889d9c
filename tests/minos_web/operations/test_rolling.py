"""Batches of a rolling update as waves, and the options that say how."""

from typing import Any

import pytest

from minos_web.operations.manner import Way, way_of
from minos_web.operations.plan import Action, JobRules, PlanTask, Wave
from minos_web.operations.refusal import Refused
from minos_web.operations.rolling import Errand, Errands, Rolling, RollingJob, rolling_waves

ROLL = Action.ROLLING_UPDATE


def job(tasks: int, name: str = "server", gated: bool = True, most: int = 0) -> RollingJob:
    planned = [PlanTask(number, name, number, f"h{number}", f"{name}/{number}") for number in range(tasks)]
    return RollingJob(JobRules(name, ready={"state": ["ok"]}), planned, gated, most)


def stops(waves: list[Wave]) -> list[list[int]]:
    """Task numbers that are stopped together, in order."""
    return [[step.task.number for step in wave.steps if step.task] for wave in waves if wave.steps[0].verb == "stop"]


def test_a_batch_is_sent_stopped_started_and_looked_at() -> None:
    waves = rolling_waves([job(1)], Rolling())
    assert [wave.steps[0].verb for wave in waves] == ["gate", "prepare", "stop", "start", "probe", "gate"]


def test_what_sends_nothing_has_no_wave_for_it() -> None:
    waves = rolling_waves([job(1, gated=False)], Rolling(send=False))
    assert [wave.steps[0].verb for wave in waves] == ["stop", "start", "probe"]


@pytest.mark.parametrize(
    ("tasks", "batch", "most", "together"),
    [
        (3, 1, 0, [[0], [1], [2]]),
        (3, 2, 0, [[0, 1], [2]]),
        (3, 9, 0, [[0, 1, 2]]),
        (3, 9, 1, [[0], [1], [2]]),
        (5, 9, 2, [[0, 1], [2, 3], [4]]),
    ],
)
def test_batches_are_as_large_as_asked_for_and_as_a_job_can_spare(
    tasks: int, batch: int, most: int, together: list[list[int]]
) -> None:
    assert stops(rolling_waves([job(tasks, most=most)], Rolling(batch=batch))) == together


def test_every_start_makes_its_own_stop_good() -> None:
    waves = rolling_waves([job(2), job(1, "other", gated=False)], Rolling())
    undoing = [(number, wave.undoes) for number, wave in enumerate(waves) if wave.undoes is not None]
    assert len(undoing) == 3
    for number, stop in undoing:
        assert waves[number].steps[0].verb == "start"
        assert waves[stop].steps[0].verb == "stop"
        assert [step.task for step in waves[stop].steps] == [step.task for step in waves[number].steps]


def test_it_stands_still_after_the_first_batch_of_a_job_with_more() -> None:
    verbs = [wave.steps[0].verb for wave in rolling_waves([job(3), job(1, "other")], Rolling(look_at_first=True))]
    assert verbs.count("pause") == 1
    assert verbs.index("pause") < verbs.index("stop", verbs.index("stop") + 1)


def test_facts_are_looked_at_first_with_no_touched_ones_to_wait_for() -> None:
    first, *_, last = rolling_waves([job(2)], Rolling(hold=5, gate_seconds=900))
    assert first.steps[0].args == {"job": "server", "touched": [0, 1], "first": True}
    assert last.steps[0].args == {"job": "server", "touched": [1], "first": False, "hold": 5}
    assert (first.steps[0].patience, last.steps[0].patience) == (120.0, 900)


@pytest.mark.parametrize(
    ("options", "batch"),
    [({}, 1), ({"batch": 3}, 3), ({"batch": "25%"}, 10), ({"batch": " 1 % "}, 1), ({"batch": "100%"}, 40)],
)
def test_a_batch_is_a_number_or_a_part(options: dict[str, Any], batch: int) -> None:
    assert way_of(ROLL, options, 40).rolling.batch == batch


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("batch", "0"), ("batch", "-1"), ("batch", "101%"), ("batch", "a third"), ("batch", True),
        ("min_healthy", -1), ("min_healthy", "nan"), ("min_healthy", 3601), ("deadline", "soon"),
        ("deadline", True), ("parallel", -1), ("parallel", "many"), ("tolerate", 1.5), ("tolerate", True),
        ("on_failure", "shrug"), ("log_level", "loud"), ("override", "yes"), ("pause_after_first", 1), ("back_to", "x"),
    ],
)  # fmt: skip
def test_an_option_that_makes_no_sense_is_refused_by_name(field: str, value: object) -> None:
    with pytest.raises(Refused) as caught:
        way_of(ROLL, {field: value}, 3)
    assert (caught.value.field, field in caught.value.message) == (field, True)


def test_a_rolling_update_stands_still_at_a_failure_and_the_rest_ends() -> None:
    assert way_of(ROLL, {}, 3).options() == {"on_failure": "pause"}
    assert way_of(Action.STOP, {}, 3).options() == {}
    assert way_of(Action.STOP, {"on_failure": "pause", "tolerate": "2"}, 3).options() == {
        "on_failure": "pause",
        "tolerate": 2,
    }


@pytest.mark.parametrize(
    ("options", "sends"),
    [
        ({}, True),
        ({"update_config": False}, False),
        ({"update_config": False, "update_package": True}, True),
        ({"update_config": False, "package_id": 3}, True),
        ({"update_config": False, "back_to": 3}, True),
    ],
)
def test_nothing_is_sent_only_when_neither_package_nor_files_are_wanted(options: dict[str, Any], sends: bool) -> None:
    way = way_of(ROLL, options, 3)
    assert (way.send, way.rolling.send) == (sends, sends)


def test_without_options_nothing_is_out_of_the_ordinary() -> None:
    assert way_of(Action.START, {}, 1) == Way()


def errand(title: str) -> Errand:
    return Errand(title, {"command": title}, 60.0)


def test_errands_stand_around_restarts_and_are_made_good() -> None:
    errands = Errands((errand("unload"),), (errand("load"),), (errand("off"),), (errand("on"),))
    planned = job(2)
    waves = rolling_waves([RollingJob(planned.rules, planned.tasks, True, errands=errands)], Rolling(send=False))
    names = [wave.steps[0].args.get("command") or wave.steps[0].verb for wave in waves]
    batch = ["unload", "stop", "start", "probe", "load", "gate"]
    assert names == ["gate", "off", *batch, *batch, "on"]
    undone = {names[number]: names[wave.undoes] for number, wave in enumerate(waves) if wave.undoes is not None}
    assert undone == {"start": "stop", "load": "unload", "on": "off"}
    assert [step.task.number for wave in waves for step in wave.steps if step.task and wave.name.endswith(": on")] == [
        0
    ]
