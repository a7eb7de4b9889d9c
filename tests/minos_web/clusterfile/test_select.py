"""Jobs, task numbers and hosts that an operator chooses."""

import pytest

from minos_web.clusterfile.select import BadSelection, select_tasks
from tests.minos_web.clusterfile.samples import describe, files_with

SELECTIONS = {
    "everything": ({}, 13),
    "a job": ({"jobs": ["namenode"]}, ["namenode 0", "namenode 1"]),
    "jobs in start order": ({"jobs": ["namenode", "zkfc"], "tasks": [0]}, ["zkfc 0", "namenode 0"]),
    "tasks by host": ({"jobs": ["datanode"], "tasks": [5, 2, 0]}, ["datanode 0", "datanode 2", "datanode 5"]),
    "instances of a host as given": ({"jobs": ["datanode"], "tasks": [3, 1]}, ["datanode 3", "datanode 1"]),
    "a task once": ({"jobs": ["namenode"], "tasks": [1, 1]}, ["namenode 1"]),
    "hosts": ({"hosts": ["10.1.0.3"]}, ["journalnode 2", "datanode 4", "datanode 5"]),
}


@pytest.mark.parametrize(("chosen", "expected"), SELECTIONS.values(), ids=SELECTIONS)
def test_selection(chosen: dict[str, list[str]], expected: list[str] | int) -> None:
    slots = [f"{slot.job} {slot.task_id}" for slot in select_tasks(describe(files_with()), **chosen)]  # type: ignore[arg-type]

    assert (len(slots) if isinstance(expected, int) else slots) == expected


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        ({"jobs": ["httpfs"]}, "httpfs"),
        ({"jobs": ["datanode"], "tasks": [6]}, "no task 6"),
        ({"jobs": ["datanode"], "tasks": [-1]}, "no task -1"),
        ({"hosts": ["10.9.9.9"]}, "10.9.9.9"),
        ({"hosts": ["10.1.0.1"], "tasks": [1]}, "not by both"),
    ],
)
def test_a_bad_selection_is_told(chosen: dict[str, list[str]], words: str) -> None:
    with pytest.raises(BadSelection, match=words):
        select_tasks(describe(files_with()), **chosen)  # type: ignore[arg-type]
