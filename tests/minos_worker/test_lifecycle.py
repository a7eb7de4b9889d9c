"""Every move of a task's life, each test named after it."""

import signal

import pytest

from minos_common.states import TaskState
from minos_common.verbs import Lifecycle
from minos_worker.lifecycle import (
    Adopted,
    Blocked,
    Event,
    Exited,
    Gone,
    Instruction,
    KillAll,
    Memory,
    Moment,
    Rebooted,
    SendSignal,
    Spawn,
    Spawned,
    SpawnRefused,
    StartAsked,
    StopAsked,
    Ticked,
    backoff_seconds,
    next_clock,
    step,
    stop_signal,
)

POLICY = Lifecycle(start_seconds=3.0, retries=3, stop_wait=30.0)
WALL = 1_000_000.0


class Life:
    """A machine under test with a clock of its own."""

    def __init__(self, policy: Lifecycle = POLICY) -> None:
        self.policy, self.memory, self.clock = policy, Memory(), 100.0
        self.done: list[Instruction] = []

    def feed(self, event: Event, after: float = 0.0) -> "Life":
        self.clock += after
        now = Moment(self.clock, WALL + self.clock)
        self.memory, self.done = step(self.memory, event, self.policy, now)
        return self

    @property
    def state(self) -> TaskState:
        return self.memory.state


def starting(policy: Lifecycle = POLICY) -> Life:
    return Life(policy).feed(StartAsked()).feed(Spawned(7))


def running(policy: Lifecycle = POLICY) -> Life:
    return starting(policy).feed(Ticked(), after=policy.start_seconds)


def code(value: int, strays: int = 0) -> Exited:
    return Exited("code", value, WALL, strays)


def died(number: int) -> Exited:
    return Exited("signal", number, WALL)


def test_stopped_to_starting() -> None:
    life = Life().feed(StartAsked())
    assert (life.state, life.memory.wanted, life.done) == (TaskState.STARTING, "running", [Spawn()])


def test_starting_to_running_only_after_start_seconds() -> None:
    life = starting()
    assert next_clock(life.memory) == life.clock + 3.0
    assert life.feed(Ticked(), after=2.9).state is TaskState.STARTING
    assert life.feed(Ticked(), after=0.1).state is TaskState.RUNNING
    assert life.memory.pid == 7


def test_start_of_a_running_task_changes_nothing() -> None:
    life = running()
    before = life.memory
    life.feed(StartAsked())
    assert (life.memory, life.done) == (before, [])


def test_starting_to_backoff_when_it_ends_too_early() -> None:
    life = starting().feed(code(1), after=0.5)
    assert (life.state, life.memory.failed_starts, life.done) == (TaskState.BACKOFF, 1, [KillAll()])
    assert "exit code 1" in life.memory.reason and life.memory.pid is None


def test_starting_to_backoff_even_when_it_ends_with_an_expected_code() -> None:
    assert starting().feed(code(0), after=0.5).state is TaskState.BACKOFF


def test_a_task_that_goes_to_the_background_is_told_so() -> None:
    assert "foreground" in starting().feed(code(0, strays=2)).memory.reason


def test_backoff_to_starting_when_its_delay_is_over() -> None:
    life = starting().feed(code(1))
    assert life.feed(Ticked(), after=0.9).state is TaskState.BACKOFF
    assert life.feed(Ticked(), after=0.1).state is TaskState.STARTING
    assert life.done == [Spawn()]


def test_backoff_to_starting_at_once_when_asked() -> None:
    life = starting().feed(code(1)).feed(StartAsked())
    assert (life.state, life.memory.failed_starts) == (TaskState.STARTING, 0)


def test_backoff_to_stopped() -> None:
    life = starting().feed(code(1)).feed(StopAsked())
    assert (life.state, life.memory.wanted, next_clock(life.memory)) == (TaskState.STOPPED, "stopped", None)


def test_starting_to_fatal_after_as_many_failed_starts_as_retries() -> None:
    life = Life().feed(StartAsked())
    for _ in range(2):
        life.feed(Spawned(7)).feed(code(1))
        assert life.state is TaskState.BACKOFF
        life.feed(Ticked(), after=60)
    life.feed(Spawned(7)).feed(code(1))
    assert (life.state, next_clock(life.memory)) == (TaskState.FATAL, None)
    assert "3 failed starts" in life.memory.reason and "exit code 1" in life.memory.reason


def test_starting_to_backoff_when_no_process_could_be_started() -> None:
    life = Life().feed(StartAsked()).feed(SpawnRefused("no bash"))
    assert life.state is TaskState.BACKOFF and "no bash" in life.memory.reason


def test_failed_starts_are_forgotten_once_it_is_up() -> None:
    life = starting().feed(code(1)).feed(Ticked(), after=1).feed(Spawned(8)).feed(Ticked(), after=3)
    assert (life.state, life.memory.failed_starts) == (TaskState.RUNNING, 0)


def test_running_to_starting_at_once_after_the_first_unexpected_exit() -> None:
    life = running().feed(died(9))
    assert (life.state, life.memory.restarts, life.done) == (TaskState.STARTING, 1, [Spawn()])
    assert life.memory.last_exit is not None and not life.memory.last_exit.expected


@pytest.mark.parametrize("event", [code(1), code(143), died(15), Exited("unknown", None, WALL)])
def test_these_exits_are_unexpected_when_nobody_asked_for_a_stop(event: Exited) -> None:
    life = running().feed(event)
    assert life.state is TaskState.STARTING and life.memory.last_exit is not None
    assert not life.memory.last_exit.expected


def test_running_to_backoff_after_further_unexpected_exits_with_growing_delays() -> None:
    life = running()
    delays = []
    for _ in range(5):
        life.feed(died(9))
        due = next_clock(life.memory)
        delays.append((due or life.clock) - life.clock)
        if life.state is TaskState.BACKOFF:
            life.feed(Ticked(), after=delays[-1])
        life.feed(Spawned(7)).feed(Ticked(), after=3)
    assert delays == [0, 1, 2, 4, 8]


def test_running_to_fatal_after_ten_unexpected_exits_in_ten_minutes() -> None:
    life = running()
    for _ in range(9):
        life.feed(died(11))
        if life.state is TaskState.BACKOFF:
            life.feed(Ticked(), after=60)
        life.feed(Spawned(7)).feed(Ticked(), after=3)
    assert life.state is TaskState.RUNNING
    life.feed(died(11))
    assert life.state is TaskState.FATAL and "10 unexpected exits" in life.memory.reason
    assert life.memory.restarts == 9


def test_unexpected_exits_far_apart_never_lead_to_fatal() -> None:
    life = running()
    for count in range(30):
        life.feed(died(9), after=601)
        assert life.state is TaskState.STARTING
        life.feed(Spawned(7)).feed(Ticked(), after=3)
        assert life.memory.restarts == count + 1


def test_running_to_exited_with_an_expected_code() -> None:
    life = running().feed(code(0))
    assert (life.state, life.done) == (TaskState.EXITED, [KillAll()])
    assert life.memory.last_exit is not None and life.memory.last_exit.expected


def test_running_to_exited_unexpectedly_where_restarts_are_off() -> None:
    life = running(Lifecycle(restart=False)).feed(died(9))
    assert life.state is TaskState.EXITED and "not restarted" in life.memory.reason


def test_running_to_stopping_with_the_stop_signal() -> None:
    life = running().feed(StopAsked())
    assert (life.state, life.done) == (TaskState.STOPPING, [SendSignal(signal.SIGTERM)])
    assert next_clock(life.memory) == life.clock + 30


def test_starting_to_stopping() -> None:
    life = starting().feed(StopAsked())
    assert (life.state, life.memory.wanted) == (TaskState.STOPPING, "stopped")


@pytest.mark.parametrize("event", [code(143), code(0), died(15)])
def test_stopping_to_stopped_with_these_exits_is_clean(event: Exited) -> None:
    life = running().feed(StopAsked()).feed(event)
    assert (life.state, life.done) == (TaskState.STOPPING, [KillAll()])
    life.feed(Gone())
    assert (life.state, life.memory.reason) == (TaskState.STOPPED, "")
    assert life.memory.last_exit is not None and life.memory.last_exit.expected


def test_an_unknown_exit_is_not_expected_even_while_stopping() -> None:
    life = running().feed(StopAsked()).feed(Exited("unknown", None, WALL)).feed(Gone())
    assert life.state is TaskState.STOPPED and life.memory.last_exit is not None
    assert not life.memory.last_exit.expected and life.memory.last_exit.value is None


def test_stopping_kills_when_patience_ends() -> None:
    life = running().feed(StopAsked())
    assert life.feed(Ticked(), after=29).done == []
    assert life.feed(Ticked(), after=1).done == [KillAll()]
    life.feed(died(9)).feed(Gone())
    assert life.state is TaskState.STOPPED and "killed" in life.memory.reason
    assert life.memory.last_exit is not None and life.memory.last_exit.forced and life.memory.last_exit.expected


def test_a_running_stop_can_be_shortened_and_not_lengthened() -> None:
    life = running().feed(StopAsked()).feed(StopAsked(wait=2))
    assert next_clock(life.memory) == life.clock + 2
    life.feed(StopAsked(wait=500))
    assert next_clock(life.memory) == life.clock + 2


def test_stopping_to_starting_when_a_start_came_in_between() -> None:
    life = running().feed(StopAsked()).feed(StartAsked()).feed(code(143)).feed(Gone())
    assert (life.state, life.done) == (TaskState.STARTING, [Spawn()])


def test_a_stop_after_that_start_wins() -> None:
    life = running().feed(StopAsked()).feed(StartAsked()).feed(StopAsked()).feed(code(143)).feed(Gone())
    assert life.state is TaskState.STOPPED


@pytest.mark.parametrize("state", [TaskState.EXITED, TaskState.FATAL])
def test_at_rest_to_stopped(state: TaskState) -> None:
    life = Life()
    life.memory = Memory(state=state, wanted="running")
    life.feed(StopAsked())
    assert (life.state, life.memory.wanted) == (TaskState.STOPPED, "stopped")


def test_fatal_to_starting_with_counters_from_zero() -> None:
    life = Life()
    life.memory = Memory(state=TaskState.FATAL, failed_starts=3, exit_clocks=(1.0,) * 10, restarts=9)
    life.feed(StartAsked())
    assert life.state is TaskState.STARTING
    assert (life.memory.failed_starts, life.memory.exit_clocks, life.memory.restarts) == (0, (), 0)


def test_running_stays_running_when_adopted() -> None:
    life = running()
    before = life.memory
    life.feed(Adopted(7, before.started_at or 0, 100.0), after=50)
    assert (life.memory, life.done) == (before, [])


def test_starting_stays_starting_when_adopted_and_counts_from_its_real_start() -> None:
    life = Life().feed(StartAsked()).feed(Adopted(7, WALL, 100.5), after=2)
    assert life.state is TaskState.STARTING and next_clock(life.memory) == 103.5


def test_stopping_goes_on_when_adopted() -> None:
    life = running().feed(StopAsked()).feed(Adopted(7, WALL, 100.0))
    assert (life.state, life.done) == (TaskState.STOPPING, [SendSignal(signal.SIGTERM)])


def test_stopped_to_running_when_its_process_is_found_alive() -> None:
    life = Life().feed(Adopted(7, WALL, 90.0))
    assert (life.state, life.memory.wanted, life.memory.pid) == (TaskState.RUNNING, "running", 7)


def test_running_to_starting_after_a_boot() -> None:
    life = running().feed(Rebooted("boot2"))
    assert (life.state, life.done) == (TaskState.STARTING, [Spawn()])
    assert life.memory.last_exit is not None and life.memory.last_exit.kind == "unknown"
    assert life.memory.boot_id == "boot2"


def test_running_to_exited_after_a_boot_where_the_cluster_says_so() -> None:
    life = running(Lifecycle(start_at_boot=False)).feed(Rebooted("boot2"))
    assert (life.state, life.done) == (TaskState.EXITED, [])


def test_stopped_stays_stopped_after_a_boot() -> None:
    life = Life().feed(Rebooted("boot2"))
    assert (life.state, life.done) == (TaskState.STOPPED, [])


def test_stopping_to_stopped_after_a_boot() -> None:
    life = running().feed(StopAsked()).feed(Rebooted("boot2"))
    assert (life.state, life.done) == (TaskState.STOPPED, [])


def test_unknown_when_something_holds_the_slot() -> None:
    life = Life().feed(Blocked("held by 12"))
    assert (life.state, life.memory.reason) == (TaskState.UNKNOWN, "held by 12")


def test_unknown_is_not_started() -> None:
    life = Life().feed(Blocked("held")).feed(StartAsked())
    assert (life.state, life.done) == (TaskState.UNKNOWN, [])


def test_unknown_to_stopping() -> None:
    life = Life().feed(Blocked("held")).feed(StopAsked())
    assert (life.state, life.done) == (TaskState.STOPPING, [SendSignal(signal.SIGTERM)])


def test_unknown_to_stopped_when_the_slot_is_free() -> None:
    assert Life().feed(Blocked("held")).feed(Gone()).state is TaskState.STOPPED


def test_events_that_mean_nothing_in_a_state_change_nothing() -> None:
    for event in (Ticked(), Gone(), SpawnRefused("x"), StopAsked()):
        life = Life()
        before = life.memory
        life.feed(event)
        assert (life.memory, life.done) == (before, [])


@pytest.mark.parametrize(("failures", "seconds"), [(1, 1), (2, 2), (3, 4), (4, 8), (6, 32), (7, 60), (1000, 60)])
def test_backoff_doubles_up_to_a_minute(failures: int, seconds: float) -> None:
    assert backoff_seconds(failures, 1.0) == seconds
    assert backoff_seconds(failures, 1.25) == seconds * 1.25


@pytest.mark.parametrize(("name", "number"), [("TERM", 15), ("SIGINT", 2), ("quit", 3)])
def test_stop_signals_by_name(name: str, number: int) -> None:
    assert stop_signal(Lifecycle(stop_signal=name)) == number


def test_an_unknown_stop_signal_is_named() -> None:
    with pytest.raises(ValueError, match="HELLO"):
        stop_signal(Lifecycle(stop_signal="HELLO"))
