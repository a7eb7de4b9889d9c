"""The life of one task as a pure state machine: events go in, a new memory and instructions come out.

Nothing here touches a process, a clock or a disk. ``now`` is a parameter and so is the jitter.
docs/states.md tells the same in prose; the tests are named after the moves.
"""

import signal
from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec

from minos_common.states import LIVE_TASK_STATES, TaskState
from minos_common.verbs import Lifecycle
from minos_common.words import ExitInfo

FLAP_WINDOW = 600.0
"""Seconds in which unexpected exits are counted."""
FLAP_LIMIT = 10
LONGEST_BACKOFF = 60.0


class Moment(NamedTuple):
    """``clock``: seconds since boot, for measuring; ``wall``: seconds since the epoch, for showing."""

    clock: float
    wall: float


class Memory(msgspec.Struct, frozen=True):
    """All that is known of a task's life; survives the worker. Fields ending in ``_clock`` are seconds since boot."""

    state: TaskState = TaskState.STOPPED
    since: float = 0.0
    since_clock: float = 0.0
    wanted: str = "stopped"
    pid: int | None = None
    started_at: float | None = None
    up_clock: float | None = None  # STARTING: when it counts as up
    retry_clock: float | None = None  # BACKOFF: when it is tried again
    kill_clock: float | None = None  # STOPPING: when patience ends
    forced: bool = False  # STOPPING: it had to be killed
    restarts: int = 0
    failed_starts: int = 0
    exit_clocks: tuple[float, ...] = ()
    reason: str = ""
    last_exit: ExitInfo | None = None
    boot_id: str = ""  # the boot in which the last change of boots was dealt with


# ---- events ---------------------------------------------------------------------------------------------------


class StartAsked(msgspec.Struct, frozen=True):
    """An operator wants it running."""


class StopAsked(msgspec.Struct, frozen=True):
    """An operator wants it stopped; ``wait`` seconds of patience, None: as its lifecycle says."""

    wait: float | None = None


class Spawned(msgspec.Struct, frozen=True):
    """The process was started."""

    pid: int


class SpawnRefused(msgspec.Struct, frozen=True):
    """No process could be started."""

    reason: str


class Exited(msgspec.Struct, frozen=True):
    """The main process ended: ``kind`` code, signal or unknown; ``at`` wall time; ``strays`` it left behind."""

    kind: str
    value: int | None
    at: float
    strays: int = 0


class Gone(msgspec.Struct, frozen=True):
    """Nothing of the task is left and its slot is free."""


class Ticked(msgspec.Struct, frozen=True):
    """Time has passed."""


class Adopted(msgspec.Struct, frozen=True):
    """A worker that has just started found the task's process alive."""

    pid: int
    started_at: float
    started_clock: float


class Rebooted(msgspec.Struct, frozen=True):
    """A worker that has just started found that the host has booted since."""

    boot_id: str


class Blocked(msgspec.Struct, frozen=True):
    """Something holds the task's slot and no record says what."""

    reason: str


Event = StartAsked | StopAsked | Spawned | SpawnRefused | Exited | Gone | Ticked | Adopted | Rebooted | Blocked


# ---- instructions ---------------------------------------------------------------------------------------------


class Spawn(NamedTuple):
    """Free the slot if need be, then start the process; answer with Spawned or SpawnRefused."""


class SendSignal(NamedTuple):
    """Signal the main process (or, where it is unknown, whoever holds the slot)."""

    number: int


class KillAll(NamedTuple):
    """Kill whatever is left of the task until the slot is free; answer with Gone."""


Instruction = Spawn | SendSignal | KillAll
Result = tuple[Memory, list[Instruction]]


class Scene(NamedTuple):
    """What a move may look at besides the memory and the event."""

    policy: Lifecycle
    now: Moment
    jitter: float


def step(memory: Memory, event: Event, policy: Lifecycle, now: Moment, jitter: float = 1.0) -> Result:
    """The memory after ``event`` and what is to be done. ``jitter`` (about 0.75..1.25) stretches backoff delays.

    Events that mean nothing in a state change nothing.
    """
    move: Callable[[Memory, Any, Scene], Result] = _MOVES[type(event)]
    return move(memory, event, Scene(policy, now, jitter))


def next_clock(memory: Memory) -> float | None:
    """When the machine wants its next Ticked at the latest, in seconds since boot; None: never."""
    clocks = {
        TaskState.STARTING: memory.up_clock,
        TaskState.BACKOFF: memory.retry_clock,
        TaskState.STOPPING: memory.kill_clock,
    }
    return clocks.get(memory.state)


def describe_exit(info: ExitInfo) -> str:
    """An exit in words: "exit code 1", "signal 9 (KILL)", "unknown exit"."""
    if info.kind == "code":
        return f"exit code {info.value}"
    if info.kind == "signal" and info.value is not None:
        return f"signal {info.value} ({_signal_name(info.value)})"
    return "unknown exit (nobody was there to see it)"


def stop_signal(policy: Lifecycle) -> int:
    """Number of the policy's stop signal; names come with or without SIG. Raises ValueError for an unknown name."""
    name = policy.stop_signal.upper().removeprefix("SIG")
    try:
        return int(signal.Signals[f"SIG{name}"])
    except KeyError:
        raise ValueError(f"stop_signal {policy.stop_signal!r} is no signal; use TERM, INT, QUIT or KILL") from None


def backoff_seconds(failures: int, jitter: float) -> float:
    """Delay before the next try after ``failures`` failures: 1, 2, 4, 8 .. 60 s."""
    return min(LONGEST_BACKOFF, 2.0 ** min(max(failures, 1) - 1, 16)) * jitter


# ---- moves ----------------------------------------------------------------------------------------------------


def _start_asked(memory: Memory, _event: StartAsked, scene: Scene) -> Result:
    if memory.state in (TaskState.STARTING, TaskState.RUNNING):
        return _with(memory, wanted="running"), []
    if memory.state is TaskState.STOPPING:  # starts once it is gone
        return _with(memory, wanted="running"), []
    if memory.state is TaskState.UNKNOWN:
        return memory, []
    fresh = _with(memory, wanted="running", restarts=0, failed_starts=0, exit_clocks=())
    return _starting(fresh, scene, "")


def _stop_asked(memory: Memory, event: StopAsked, scene: Scene) -> Result:
    wait = scene.policy.stop_wait if event.wait is None else max(event.wait, 0.0)
    kill_clock = scene.now.clock + wait
    memory = _with(memory, wanted="stopped")
    if memory.state is TaskState.STOPPING:  # a running stop can be shortened, never lengthened
        return _with(memory, kill_clock=min(kill_clock, memory.kill_clock or kill_clock)), []
    if memory.state in (TaskState.STARTING, TaskState.RUNNING, TaskState.UNKNOWN):
        stopping = _to(memory, TaskState.STOPPING, scene, "", kill_clock=kill_clock, forced=False, up_clock=None)
        return stopping, [SendSignal(stop_signal(scene.policy))]
    if memory.state is TaskState.STOPPED:
        return memory, []
    return _to(memory, TaskState.STOPPED, scene, "", retry_clock=None), []


def _spawned(memory: Memory, event: Spawned, scene: Scene) -> Result:
    if memory.state is not TaskState.STARTING:
        return _with(memory, pid=event.pid), []
    up = scene.now.clock + scene.policy.start_seconds
    return _with(memory, pid=event.pid, started_at=scene.now.wall, up_clock=up), []


def _spawn_refused(memory: Memory, event: SpawnRefused, scene: Scene) -> Result:
    if memory.state is TaskState.STOPPING:  # a stop came in between and there is nothing to stop
        return _to(memory, TaskState.STOPPED, scene, "", kill_clock=None), []
    if memory.state is not TaskState.STARTING:
        return memory, []
    return _failed_start(memory, scene, f"could not be started: {event.reason}")


def _exited(memory: Memory, event: Exited, scene: Scene) -> Result:
    info = ExitInfo(event.kind, event.value, event.at, _is_expected(memory, event, scene.policy), memory.forced)
    left = f", leaving {event.strays} processes behind" if event.strays else ""
    words = describe_exit(info) + left
    memory = _with(memory, last_exit=info, pid=None)
    if memory.state is TaskState.STARTING:
        after = max(event.at - memory.started_at, 0.0) if memory.started_at else 0.0
        after_words = f"ended {after:.1f} s after its start, before it counted as up: {words}"
        if event.strays:
            after_words += " (a task must stay in the foreground)"
        return _failed_start(memory, scene, after_words)
    if memory.state is TaskState.RUNNING:
        if info.expected:
            return _to(memory, TaskState.EXITED, scene, f"ended by itself with {words}"), [KillAll()]
        return _unexpected_exit(memory, scene, words)
    return memory, [KillAll()]


def _gone(memory: Memory, _event: Gone, scene: Scene) -> Result:
    if memory.state is TaskState.UNKNOWN:
        return _to(memory, TaskState.STOPPED, scene, "what held its slot has gone"), []
    if memory.state is not TaskState.STOPPING:
        return memory, []
    reason = "killed: it did not stop in time" if memory.forced else ""
    memory = _with(memory, kill_clock=None, pid=None)
    stopped = _to(memory, TaskState.STOPPED, scene, reason)
    if memory.wanted == "running":
        return _starting(_with(stopped, restarts=0, failed_starts=0, exit_clocks=()), scene, "")
    return stopped, []


def _ticked(memory: Memory, _event: Ticked, scene: Scene) -> Result:
    due = next_clock(memory)
    if due is None or scene.now.clock < due:
        return memory, []
    if memory.state is TaskState.STARTING:
        return _to(memory, TaskState.RUNNING, scene, "", up_clock=None, failed_starts=0), []
    if memory.state is TaskState.BACKOFF:
        return _starting(memory, scene, memory.reason)
    return _with(memory, kill_clock=None, forced=True), [KillAll()]


def _adopted(memory: Memory, event: Adopted, scene: Scene) -> Result:
    memory = _with(memory, pid=event.pid, started_at=event.started_at)
    if memory.state is TaskState.RUNNING:
        return memory, []
    if memory.state is TaskState.STARTING:
        return _with(memory, up_clock=event.started_clock + scene.policy.start_seconds), []
    if memory.state is TaskState.STOPPING:
        if memory.kill_clock is None:
            return memory, [KillAll()]
        return memory, [SendSignal(stop_signal(scene.policy))]
    # The journal says otherwise (lost, or its disk was full): the process itself is the better witness.
    return _to(memory, TaskState.RUNNING, scene, "found running", wanted="running"), []


def _rebooted(memory: Memory, event: Rebooted, scene: Scene) -> Result:
    last = memory.last_exit
    if memory.state in LIVE_TASK_STATES or memory.state is TaskState.UNKNOWN:
        last = ExitInfo("unknown", None, scene.now.wall, expected=False)
    memory = _with(memory, pid=None, last_exit=last, exit_clocks=(), failed_starts=0, forced=False)
    memory = _with(memory, up_clock=None, retry_clock=None, kill_clock=None, boot_id=event.boot_id)
    if memory.wanted != "running":
        if memory.state is TaskState.STOPPED:
            return memory, []
        return _to(memory, TaskState.STOPPED, scene, "the host has booted"), []
    if not scene.policy.start_at_boot:
        return _to(memory, TaskState.EXITED, scene, "the host has booted; its cluster says not to start at boot"), []
    return _starting(memory, scene, "started again because the host has booted")


def _blocked(memory: Memory, event: Blocked, scene: Scene) -> Result:
    return _to(memory, TaskState.UNKNOWN, scene, event.reason, pid=None), []


_MOVES: dict[type, Callable[[Memory, Any, Scene], Result]] = {
    StartAsked: _start_asked,
    StopAsked: _stop_asked,
    Spawned: _spawned,
    SpawnRefused: _spawn_refused,
    Exited: _exited,
    Gone: _gone,
    Ticked: _ticked,
    Adopted: _adopted,
    Rebooted: _rebooted,
    Blocked: _blocked,
}


# ---- pieces of moves ------------------------------------------------------------------------------------------


def _starting(memory: Memory, scene: Scene, reason: str) -> Result:
    cleared = _with(memory, pid=None, started_at=None, up_clock=None, retry_clock=None, kill_clock=None, forced=False)
    return _to(cleared, TaskState.STARTING, scene, reason), [Spawn()]


def _failed_start(memory: Memory, scene: Scene, reason: str) -> Result:
    failed = memory.failed_starts + 1
    memory = _with(memory, failed_starts=failed, pid=None, up_clock=None)
    if failed >= max(scene.policy.retries, 1):
        return _to(memory, TaskState.FATAL, scene, f"{failed} failed starts in a row; the last one {reason}"), [
            KillAll()
        ]
    return _back_off(memory, scene, reason, failed)


def _unexpected_exit(memory: Memory, scene: Scene, words: str) -> Result:
    recent = (*(clock for clock in memory.exit_clocks if clock > scene.now.clock - FLAP_WINDOW), scene.now.clock)
    memory = _with(memory, exit_clocks=recent)
    if not scene.policy.restart:
        return _to(memory, TaskState.EXITED, scene, f"ended unexpectedly with {words}; not restarted"), [KillAll()]
    if len(recent) >= FLAP_LIMIT:
        reason = f"{len(recent)} unexpected exits in {FLAP_WINDOW / 60:.0f} minutes; the last one: {words}"
        return _to(memory, TaskState.FATAL, scene, reason), [KillAll()]
    memory = _with(memory, restarts=memory.restarts + 1)
    reason = f"restarted after {words}"
    if len(recent) == 1:
        return _starting(memory, scene, reason)
    return _back_off(memory, scene, f"ended unexpectedly with {words}", len(recent) - 1)


def _back_off(memory: Memory, scene: Scene, reason: str, failures: int) -> Result:
    retry = scene.now.clock + backoff_seconds(failures, scene.jitter)
    return _to(memory, TaskState.BACKOFF, scene, reason, retry_clock=retry), [KillAll()]


def _is_expected(memory: Memory, event: Exited, policy: Lifecycle) -> bool:
    """Unknown is never expected. After our own stop signal, dying of it is what we wanted (a JVM says 128 + n)."""
    if event.kind == "code" and event.value in policy.expected_exits:
        return True
    if memory.state is not TaskState.STOPPING or event.value is None:
        return False
    number = stop_signal(policy)
    if event.kind == "code":
        return event.value in (0, 128 + number)
    return event.value == number or (memory.forced and event.value == signal.SIGKILL)


def _to(memory: Memory, state: TaskState, scene: Scene, reason: str, **changes: object) -> Memory:
    now = scene.now
    return _with(memory, state=state, since=now.wall, since_clock=now.clock, reason=reason, **changes)


def _with(memory: Memory, **changes: object) -> Memory:
    return msgspec.structs.replace(memory, **changes)


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name.removeprefix("SIG")
    except ValueError:
        return "?"
