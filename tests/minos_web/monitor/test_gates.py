"""Facts that must hold between the steps of a rolling update."""

from typing import Any

import pytest

from minos_web.catalog.gates import Gate
from minos_web.monitor.gates import Finding, GateTask, look

THREE = {0: {"state": "leader", "n": 3}, 1: {"state": "follower", "n": 3}, 2: {"state": "follower", "n": 3}}


def tasks(values: dict[int, Any]) -> list[GateTask]:
    """Tasks of job server; a text in place of values is why one is silent."""
    made = []
    for number, value in values.items():
        told = value if isinstance(value, dict) else {}
        made.append(
            GateTask(
                "server",
                f"server/{number}",
                "" if isinstance(value, dict) else value,
                {f"s.{name}": float(v) for name, v in told.items() if not isinstance(v, str)},
                {f"s.{name}": v for name, v in told.items() if isinstance(v, str)},
            )
        )
    return made


def looked(values: dict[int, Any], before: dict[str, float] | None = None, touched: int = 1, **gate: Any) -> Finding:
    made = Gate("server", "it is well", **gate)
    return look(made, "s", tasks(values), {f"server/{touched}"}, before if before is not None else {})


@pytest.mark.parametrize(
    ("values", "holds", "found"),
    [
        (THREE, True, "server/0: state is leader"),
        (THREE | {1: "is STOPPED"}, False, "server/1: is STOPPED"),
        (THREE | {1: {"state": "looking"}}, False, "server/1: state is looking, not leader or follower"),
        (THREE | {1: {}}, False, "server/1: state is not told"),
        ({}, False, "there is no server"),
    ],
)
def test_all_must_have_one_of_the_words(values: dict[int, Any], holds: bool, found: str) -> None:
    finding = looked(values, figure="state", equals=("leader", "follower"))
    assert finding.holds is holds
    assert finding.found.startswith(found)


def test_a_majority_is_enough_where_that_is_asked_for() -> None:
    silent = THREE | {1: "is STOPPED"}
    assert looked(silent, tasks="majority", figure="state", equals=("leader", "follower")).holds
    assert not looked(silent | {2: "is STOPPED"}, tasks="majority", figure="state", equals=("leader", "follower")).holds


def test_of_touched_tasks_the_others_do_not_matter() -> None:
    silent = THREE | {2: "is STOPPED"}
    assert looked(silent, tasks="touched", touched=1).holds
    assert not looked(silent, tasks="touched", touched=2).holds


def test_at_the_first_look_touched_tasks_may_be_what_is_to_be_put_right() -> None:
    gate = Gate("server", "it is well", tasks="touched", figure="n", compared="not-less")
    finding = look(gate, "s", tasks(THREE | {1: "is FATAL"}), {"server/1"}, None)
    assert finding.holds


@pytest.mark.parametrize(
    ("values", "holds", "found"),
    [
        (THREE, True, "server/0"),
        (THREE | {1: {"state": "leader"}}, False, "2 server with state leader, one is needed"),
        (
            THREE | {0: {"state": "looking"}},
            False,
            "no server with state leader, one is needed (server/0: state looking",
        ),
        (THREE | {0: "is STOPPED"}, False, "no server with state leader, one is needed (server/0: is STOPPED"),
    ],
)
def test_there_must_be_the_one(values: dict[int, Any], holds: bool, found: str) -> None:
    finding = looked(values, tasks="one", where={"state": ("leader",)})
    assert finding.holds is holds
    assert finding.found.startswith(found)


@pytest.mark.parametrize(
    ("bounds", "holds"),
    [
        ({"at_least": 3}, True), ({"at_least": 4}, False), ({"at_most": 3}, True), ({"at_most": 2}, False),
    ],
)  # fmt: skip
def test_a_figure_of_the_one_has_bounds(bounds: dict[str, Any], holds: bool) -> None:
    assert looked(THREE, tasks="one", where={"state": ("leader",)}, figure="n", **bounds).holds is holds


@pytest.mark.parametrize(
    ("compared", "before", "holds"),
    [
        ("not-less", 9, True), ("not-less", 10, False), ("not-less", 8, True),
        ("not-more", 9, True), ("not-more", 8, False), ("not-more", 10, True),
    ],
)  # fmt: skip
def test_the_sum_of_all_is_compared_with_what_it_was(compared: str, before: float, holds: bool) -> None:
    finding = looked(THREE, {"": before}, figure="n", compared=compared)
    assert finding.holds is holds
    assert "n is 9" in finding.found


def test_touched_ones_are_compared_each_with_itself() -> None:
    values = THREE | {1: {"n": 2}}
    assert not looked(values, {"server/1": 3.0, "": 0.0}, tasks="touched", figure="n", compared="not-less").holds
    assert looked(values, {"server/1": 2.0, "": 99.0}, tasks="touched", figure="n", compared="not-less").holds


def test_what_is_compared_and_not_told_does_not_hold() -> None:
    assert not looked(THREE | {1: {"state": "follower"}}, {"": 9.0}, figure="n", compared="not-more").holds


def test_the_first_look_keeps_what_it_finds() -> None:
    gate = Gate("server", "it is well", figure="n", compared="not-less")
    finding = look(gate, "s", tasks(THREE), set(), None)
    assert finding.before == {"server/0": 3.0, "server/1": 3.0, "server/2": 3.0, "": 9.0}


@pytest.mark.parametrize(
    ("now", "before", "holds", "found"),
    [(3, 2, True, "n is 9"), (2, 2, False, "n is 6, of 7"), (3, 0, True, "n is 9")],
)
def test_more_is_as_many_more_as_were_touched(now: int, before: int, holds: bool, found: str) -> None:
    there: dict[int, Any] = {number: {"n": now} for number in range(3)}
    finding = looked(there, before={"": before * 3.0}, figure="n", compared="more")
    assert (finding.holds, finding.found) == (holds, found)
    again = look(Gate("server", "t", figure="n", compared="more"), "s", tasks(there), set(), {"": now * 3.0})
    assert again.holds, "nobody new: as many as before are enough"
