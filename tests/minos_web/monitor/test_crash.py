"""Which changes of state are crashes, when they are told, and in what words: tables."""

import random

import pytest

from minos_common.states import TaskState
from minos_common.verbs import Lifecycle
from minos_common.words import ExitInfo, TaskEvent, TaskName, TaskStatus
from minos_web.monitor.crash import (
    BOOTED,
    LONGEST_HOLD,
    MOST_TASKS,
    TaskLines,
    Waiting,
    crash_title,
    due_tasks,
    ending_of,
    hold_seconds,
    safe_lines,
    text_of,
)
from minos_web.operations.differences import MASK
from minos_worker import lifecycle

S = TaskState
KILLED = ExitInfo("signal", 9, 1.0, expected=False)
WELL = ExitInfo("code", 0, 1.0, expected=True)
TASK = TaskName("zookeeper", "dptst", "zookeeper")


def event(before: TaskState, after: TaskState, info: ExitInfo | None, reason: str = "") -> TaskEvent:
    return TaskEvent("e", 1.0, before, TaskStatus(TASK, after, 1.0, reason=reason, last_exit=info))


@pytest.mark.parametrize(
    ("before", "after", "info", "kind"),
    [
        (S.RUNNING, S.STARTING, KILLED, "crash"),
        (S.RUNNING, S.BACKOFF, KILLED, "crash"),
        (S.RUNNING, S.EXITED, KILLED, "crash"),
        (S.RUNNING, S.STARTING, ExitInfo("unknown", None, 1.0, expected=False), "crash"),
        (S.RUNNING, S.FATAL, KILLED, "fatal"),
        (S.STARTING, S.FATAL, KILLED, "fatal"),
        (S.BACKOFF, S.FATAL, None, "fatal"),
        (S.FATAL, S.FATAL, KILLED, ""),
        (S.RUNNING, S.EXITED, WELL, ""),
        (S.RUNNING, S.STOPPING, KILLED, ""),
        (S.STOPPING, S.STOPPED, KILLED, ""),
        (S.STARTING, S.BACKOFF, KILLED, ""),
        (S.BACKOFF, S.STARTING, KILLED, ""),
        (S.STARTING, S.RUNNING, KILLED, ""),
        (S.RUNNING, S.RUNNING, KILLED, ""),
        (S.RUNNING, S.STARTING, None, ""),
    ],
)
def test_which_ends_are_crashes(before: TaskState, after: TaskState, info: ExitInfo | None, kind: str) -> None:
    assert ending_of(event(before, after, info)) == kind


def test_what_ended_with_its_host_is_no_crash_in_the_workers_own_words() -> None:
    """The machine of the worker itself says why; a change of its words must not make a reboot twenty crashes."""
    memory = lifecycle.Memory(state=S.RUNNING, wanted="running", pid=7, boot_id="old")
    for policy in (Lifecycle(), Lifecycle(start_at_boot=False)):
        after, _ = lifecycle.step(memory, lifecycle.Rebooted("new"), policy, lifecycle.Moment(10.0, 1000.0))
        assert BOOTED in after.reason and after.last_exit is not None
        assert ending_of(event(S.RUNNING, after.state, after.last_exit, after.reason)) == ""


def test_a_kill_is_a_crash_in_the_workers_own_words() -> None:
    memory = lifecycle.Memory(state=S.RUNNING, wanted="running", pid=7)
    now = lifecycle.Moment(10.0, 1000.0)
    after, _ = lifecycle.step(memory, lifecycle.Exited("signal", 9, 1000.0), Lifecycle(), now)
    assert ending_of(event(S.RUNNING, after.state, after.last_exit, after.reason)) == "crash"
    assert after.reason == "restarted after signal 9 (KILL)"


@pytest.mark.parametrize(
    ("waiting", "told", "batches", "now", "due"),
    [
        ([(1, 100)], {}, 0, 129, set()),
        ([(1, 100)], {}, 0, 130, {1}),
        ([(1, 100), (2, 129)], {}, 0, 130, {1, 2}),
        ([(1, 100)], {}, 1, 130, set()),
        ([(1, 100)], {}, 1, 160, {1}),
        ([(1, 100)], {}, 2, 220, {1}),
        ([(1, 100)], {1: {90}}, 0, 600, set()),
        ([(1, 100)], {1: {90}}, 0, 690, {1}),
        ([(1, 100)], {1: {90, 50}}, 0, 1200, set()),
        ([(1, 100), (2, 500)], {1: {90}}, 0, 530, {2}),
        ([], {}, 0, 1000, set()),
    ],
)
def test_when_a_batch_is_due(
    waiting: list[tuple[int, float]], told: dict[int, set[float]], batches: int, now: float, due: set[int]
) -> None:
    assert due_tasks([Waiting(*one) for one in waiting], told, batches, 30.0, now) == due


def test_holds_grow_and_end() -> None:
    assert [hold_seconds(times) for times in (1, 2, 3, 4, 99)] == [600, 1200, 2400, LONGEST_HOLD, LONGEST_HOLD]


@pytest.mark.parametrize("seed", range(20))
def test_a_storm_is_a_handful_of_messages(seed: int) -> None:
    """A thousand crashes a minute for ten minutes, of hundreds of tasks, each at its own time: five messages at the most, and
    none is forgotten.
    """
    dice = random.Random(seed)
    crashes = sorted((dice.uniform(0, 600), dice.randrange(300)) for _ in range(10_000))
    told: dict[int, set[float]] = {}
    waiting: list[Waiting] = []
    batches: list[float] = []
    for now in range(0, 6000, 2):
        while crashes and crashes[0][0] <= now:
            at, task = crashes.pop(0)
            waiting.append(Waiting(task, at))
        lately = sum(at > now - 600 for at in batches)
        if due := due_tasks(waiting, told, lately, 30.0, now):
            batches.append(now)
            waiting = [one for one in waiting if one.task_id not in due]
            for task in due:
                told.setdefault(task, set()).add(now)
    assert not waiting
    assert max(sum(begin <= at < begin + 600 for at in batches) for begin in batches) <= 5


def test_lines_are_few_short_printable_and_without_secrets() -> None:
    lines = [f"line {number}" for number in range(100)]
    lines += ["\x1b[31mred\x07\t!", "x" * 5000, "db.password=hunter2", "login with token=abc123 now"]
    safe = safe_lines(lines)
    assert len(safe) == 20 and safe[0] == "line 84"
    assert safe[-4].isprintable() and "red" in safe[-4]
    assert len(safe[-3]) == 300
    assert "hunter2" not in safe[-2] and "abc123" not in safe[-1] and safe[-1].endswith("now")
    assert safe_lines(['{"api_token" : "abc123"}', "my.secret.key.of.db=abc123", "token" * 5000]) == [
        f'{{"api_token" : {MASK}', f"my.secret.key.of.db={MASK}", ("token" * 5000)[:300],
    ]  # fmt: skip


def line(label: str, more: int = 0) -> TaskLines:
    return TaskLines(
        label, "host-31", 4711, "12:00:09", "restarted after signal 9 (KILL)", ["out of luck"], more, "12:00:01"
    )


def test_words() -> None:
    assert crash_title("zookeeper dptst", [line("zookeeper/0")]) == (
        "zookeeper/0 of zookeeper dptst ended unexpectedly: restarted after signal 9 (KILL)"
    )
    assert "ended unexpectedly 15 times" in crash_title("zookeeper dptst", [line("zookeeper/0", 14)])
    assert crash_title("c", [line("a"), line("b")]) == "2 tasks of c ended unexpectedly"
    text = text_of([line("zookeeper/0", 14)])
    assert "zookeeper/0 on host-31, pid 4711: restarted after signal 9 (KILL)." in text
    assert "And 14 more times since 12:00:01." in text and "    out of luck" in text


def test_a_long_text_ends() -> None:
    text = text_of([line(f"job/{number}") for number in range(500)])
    assert len(text) < 8000 and f"And {500 - MOST_TASKS} tasks more." in text and text.count("out of luck") == 5
