"""Three states of a task, case by case."""

from types import SimpleNamespace as Row

import pytest

from minos_web.monitor.drift import Drift, drift_of

HELD = {"file:a": "1", "command": "1", "keeping": "1", "package": "1"}
WANTED = {"file:a": "1", "command": "1", "keeping": "1"}


def task(**changes: object) -> Row:
    base = {
        "bootstrapped": True, "pid": 7, "held": HELD, "started_with": HELD, "edited": [], "wanted_parts": WANTED,
    }  # fmt: skip
    return Row(**base | changes)


@pytest.mark.parametrize(
    ("changes", "drift"),
    [
        ({}, Drift()),
        ({"held": None}, Drift()),  # an older worker
        ({"bootstrapped": False}, Drift()),
        ({"wanted_parts": None}, Drift()),  # its file has errors
        ({"started_with": {}}, Drift()),  # started by an older worker
        ({"wanted_parts": WANTED | {"file:a": "2"}}, Drift(unsent=("file:a",))),
        ({"wanted_parts": WANTED | {"file:b": "2"}}, Drift(unsent=("file:b",))),
        ({"wanted_parts": {"command": "1", "keeping": "1"}}, Drift(unsent=("file:a",))),
        ({"wanted_parts": WANTED | {"package": "1"}}, Drift()),
        ({"wanted_parts": WANTED | {"package": "2"}}, Drift(unsent=("package",))),
        ({"started_with": HELD | {"file:a": "0"}}, Drift(restart=("file:a",))),
        ({"started_with": HELD | {"package": "0"}}, Drift(restart=("package",))),
        ({"started_with": HELD | {"keeping": "0"}}, Drift()),  # counts from the sending on
        ({"started_with": HELD | {"file:a": "0"}, "pid": None}, Drift()),
        (  # taken over: the description wants what was edited
            {"held": HELD | {"file:a": "9"}, "edited": ["file:a"], "wanted_parts": WANTED | {"file:a": "9"}},
            Drift(restart=("file:a",)),
        ),
        (
            {"held": HELD | {"file:a": "9"}, "edited": ["file:a"]},
            Drift(edited=("file:a",), restart=("file:a",)),
        ),
        (
            {"held": HELD | {"file:a": "9"}, "edited": ["file:a"], "wanted_parts": WANTED | {"command": "2"}},
            Drift(edited=("file:a",), restart=("file:a",), unsent=("command",)),
        ),
    ],
)
def test_drift(changes: dict[str, object], drift: Drift) -> None:
    assert drift_of(task(**changes)) == drift
    assert bool(drift) == bool(drift.parts)


def test_a_file_that_is_read_again_needs_no_restart() -> None:
    held = {"file:excludes": "b", "file:a": "b"}
    made = task(held=held, started_with={"file:excludes": "a", "file:a": "a"}, wanted_parts=held, edited=[])
    assert drift_of(made, {"file:excludes"}).restart == ("file:a",)
