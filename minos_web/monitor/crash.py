"""PURE. Which ends of processes are crashes, when a batch of them is told, and in what words."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from minos_common.states import TaskState
from minos_common.words import TaskEvent
from minos_web.operations.differences import MASK

CRASH, FATAL = "crash", "fatal"
BOOTED = "the host has booted"
"""So the worker says why it started a task, or did not, whose end came with its host's."""
WINDOW_SECONDS = 600.0
"""In so long a task that crashed is told of once; a cluster's batches come at growing distances."""
LONGEST_HOLD = 3600.0
MOST_LINES, LONGEST_LINE, MOST_TASKS, TASKS_WITH_LINES = 20, 300, 30, 5
_SECRET = re.compile(
    r"(?i)((?:passw(?:or)?d|passphrase|secret|token|credential|private[._-]?key)[\w.-]{0,64}[\"']?\s{0,8}[=:]\s{0,8})\S+"
)
_AFTER = (TaskState.STARTING, TaskState.BACKOFF, TaskState.EXITED)


@dataclass(frozen=True)
class Waiting:
    """A crash that nobody heard of yet."""

    task_id: int
    noted_at: float


@dataclass(frozen=True)
class TaskLines:
    """A task in a text: ``more`` crashes beside its last one, the first of them at ``since``."""

    label: str
    host: str
    pid: int | None
    at: str
    reason: str
    lines: Sequence[str]
    more: int = 0
    since: str = ""
    link: str = ""


def ending_of(event: TaskEvent) -> str:
    """Whether a change of state is a crash, or the worker's giving up (fatal); empty: neither. What ended with its host is
    the host's news, and a start that fails is that of its operation until it is given up.
    """
    status = event.status
    if status.state is TaskState.FATAL and event.before is not TaskState.FATAL:
        return FATAL
    if event.before is not TaskState.RUNNING or status.state not in _AFTER:
        return ""
    if status.last_exit is None or status.last_exit.expected or BOOTED in status.reason:
        return ""
    return CRASH


def safe_lines(lines: Sequence[str]) -> list[str]:
    """The last lines as they may be sent to people: few, short, of printable characters, without what looks secret."""
    return [_SECRET.sub(rf"\1{MASK}", _printable(line))[:LONGEST_LINE] for line in lines[-MOST_LINES:]]


def _printable(text: str) -> str:
    """As much of it as is looked through for secrets: it may be hostile."""
    return "".join(char if char.isprintable() else " " for char in text[: 2 * LONGEST_LINE].expandtabs(4)).rstrip()


def hold_seconds(tellings: int) -> float:
    """For how long a task is not told of again that was told of so many times lately."""
    return min(LONGEST_HOLD, WINDOW_SECONDS * 2.0 ** min(max(tellings, 1) - 1, 8))


def due_tasks(
    waiting: Sequence[Waiting], told: Mapping[int, Collection[float]], batches: int, batch_seconds: float, now: float
) -> set[int]:
    """Tasks whose crashes are told now. ``told``: task -> when it was told of lately; ``batches`` of the cluster were told
    within the window: each makes the next one wait twice as long, so that a storm is a handful of them.
    """
    free = [one for one in waiting if not _is_held(told.get(one.task_id, ()), now)]
    patience = batch_seconds * 2.0 ** min(batches, 8)
    if not free or now - min(one.noted_at for one in free) < patience:
        return set()
    return {one.task_id for one in free}


def _is_held(tellings: Collection[float], now: float) -> bool:
    return bool(tellings) and now - max(tellings) < hold_seconds(len(tellings))


def crash_title(cluster: str, tasks: Sequence[TaskLines]) -> str:
    """One line: which task and how it ended, or how many."""
    if len(tasks) == 1:
        times = f" {tasks[0].more + 1} times" if tasks[0].more else ""
        return f"{tasks[0].label} of {cluster} ended unexpectedly{times}: {tasks[0].reason}"
    return f"{len(tasks)} tasks of {cluster} ended unexpectedly"


def fatal_title(cluster: str, tasks: Sequence[TaskLines]) -> str:
    """One line for what was given up."""
    if len(tasks) == 1:
        return f"{tasks[0].label} of {cluster} is given up: {tasks[0].reason}"
    return f"{len(tasks)} tasks of {cluster} are given up"


def text_of(tasks: Sequence[TaskLines]) -> str:
    """A paragraph for each task; last lines of the first few."""
    shown = [_paragraph(task, number < TASKS_WITH_LINES) for number, task in enumerate(tasks[:MOST_TASKS])]
    left = len(tasks) - MOST_TASKS
    return "\n\n".join([*shown, *([f"And {left} tasks more."] if left > 0 else [])])


def _paragraph(task: TaskLines, with_lines: bool) -> str:
    pid = f", pid {task.pid}" if task.pid else ""
    found = [f"{task.at} {task.label} on {task.host}{pid}: {task.reason}."]
    if task.more:
        found.append(f"And {task.more} more {'time' if task.more == 1 else 'times'} since {task.since}.")
    if with_lines and task.lines:
        found += ["Its last lines:", *(f"    {line}" for line in task.lines)]
    return "\n".join([*found, *([task.link] if task.link else [])])
