"""Which statuses of a worker are news: over lines that lose, double and reorder."""

import random

import pytest

from minos_common.words import TaskName
from minos_web.engine.presence import NOTHING, Told

A, B = TaskName("s", "c", "j", 0), TaskName("s", "c", "j", 1)


@pytest.mark.parametrize(
    ("messages", "news", "whole"),
    [
        ([(A, 11), (B, 12)], [True, True], 12),
        ([(A, 11), (A, 11)], [True, False], 11),
        ([(A, 12), (A, 11)], [True, False], 10),
        ([(A, 12), (B, 11)], [True, True], 12),
        ([(A, 13), (B, 11)], [True, True], 11),
        ([(None, 14), (A, 12)], [True, False], 14),
        ([(A, 13), (None, 12)], [True, False], 10),
        ([(A, 13), (None, 13)], [True, True], 13),
        ([(None, 9)], [False], 10),
        ([(None, 10)], [True], 10),
        ([(None, 0), (A, 5)], [True, True], 0),
    ],
)
def test_news(messages: list[tuple[TaskName | None, int]], news: list[bool], whole: int) -> None:
    told = Told(10)
    found = [told.takes_all(rev) if task is None else told.takes_one(task, rev) for task, rev in messages]
    assert (found, told.whole) == (news, whole)


def test_after_a_failure_anything_is_news() -> None:
    told = Told(NOTHING)
    assert told.takes_all(2 << 32)


@pytest.mark.parametrize("seed", range(200))
def test_no_status_is_ever_turned_back_and_a_snapshot_makes_good_what_was_lost(seed: int) -> None:
    dice = random.Random(seed)
    tasks = [TaskName("s", "c", "j", number) for number in range(3)]
    state = dict.fromkeys(tasks, 10)
    sent: list[tuple[TaskName | None, int, dict[TaskName, int]]] = []
    for revision in range(11, 41):
        task = dice.choice(tasks)
        state = state | {task: revision}
        sent.append((dice.choice([task, None]), revision, state))
    arriving = [message for message in sent for _ in range(dice.choice([0, 1, 1, 2]))]
    arriving.sort(key=lambda message: message[1] + dice.uniform(0, 8))
    told, table = Told(10), dict.fromkeys(tasks, 10)
    for task_name, revision, then in arriving:
        before = dict(table)
        if task_name is None and told.takes_all(revision):
            table = dict(then)
        elif task_name is not None and told.takes_one(task_name, revision):
            table[task_name] = revision
        assert all(table[task] >= before[task] for task in tasks)
    if told.whole != 40:
        assert told.takes_all(40)
        table = state
    assert table == state
