"""The next move of an operation, case by case."""

from dataclasses import replace

import pytest

from minos_common.states import OperationState as O
from minos_common.states import StepState as S
from minos_web.operations.progress import Manner, StepView, decide, failure_message


def steps(*waves: str) -> list[StepView]:
    """'d w' is a wave of a done and a waiting step; '!' behind a letter marks always."""
    letters = {
        "w": S.WAITING, "s": S.SENT, "r": S.RUNNING, "d": S.DONE, "f": S.FAILED,
        "k": S.SKIPPED, "c": S.CANCELLED, "u": S.UNKNOWN,
    }  # fmt: skip
    made = []
    for number, wave in enumerate(waves):
        for text in wave.split():
            made.append(
                StepView(len(made), number, letters[text[0]], always=text.endswith("!"), label=f"step {len(made)}")
            )
    return made


@pytest.mark.parametrize(
    ("state", "waves", "expected", "send", "skip"),
    [
        (O.WAITING, ["w w", "w"], O.RUNNING, [0, 1], []),
        (O.RUNNING, ["d w", "w"], O.RUNNING, [1], []),
        (O.RUNNING, ["d r", "w"], O.RUNNING, [], []),
        (O.RUNNING, ["d d", "w"], O.RUNNING, [2], []),
        (O.RUNNING, ["d d", "d"], O.DONE, [], []),
        (O.RUNNING, ["d u", "w"], O.RUNNING, [], []),
        (O.RUNNING, ["f r", "w"], O.RUNNING, [], [2]),
        (O.RUNNING, ["f w", "w"], O.FAILED, [], [1, 2]),
        (O.RUNNING, ["f d", "w"], O.FAILED, [], [2]),
        (O.RUNNING, ["f u", "w"], O.RUNNING, [], [2]),
        (O.RUNNING, ["d!", "f", "w!"], O.RUNNING, [2], []),
        (O.RUNNING, ["d!", "f", "d!"], O.FAILED, [], []),
        (O.RUNNING, ["d!", "f r", "w!"], O.RUNNING, [], []),
        (O.PAUSED, ["d w", "w"], O.PAUSED, [], []),
        (O.PAUSED, ["f d", "k"], O.FAILED, [], []),
        (O.RUNNING, [], O.DONE, [], []),
    ],
)
def test_decide(state: O, waves: list[str], expected: O, send: list[int], skip: list[int]) -> None:
    decision = decide(state, steps(*waves))
    assert (decision.state, decision.send, decision.skip) == (expected, send, skip)


@pytest.mark.parametrize(
    ("state", "waves", "passed", "expected", "send", "words"),
    [
        (O.RUNNING, ["d", "w w"], [], O.RUNNING, [1, 2], ""),
        (O.RUNNING, ["f", "w w"], [], O.PAUSED, [], "paused: step 0"),
        (O.PAUSED, ["f", "w w"], [], O.PAUSED, [], "paused: step 0"),
        (O.RUNNING, ["f", "w w"], [0], O.RUNNING, [1, 2], ""),
        (O.RUNNING, ["f", "f r"], [0], O.PAUSED, [], "paused: step 1"),
        (O.RUNNING, ["f", "d u"], [0], O.RUNNING, [], ""),
        (O.RUNNING, ["f", "d d"], [0], O.FAILED, [], "done, but without step 0"),
        (O.RUNNING, ["d", "d d"], [], O.DONE, [], ""),
        (O.CANCELLING, ["f", "c c"], [], O.CANCELLED, [], ""),
    ],
)
def test_an_operation_that_pauses_stands_still_at_a_failure(
    state: O, waves: list[str], passed: list[int], expected: O, send: list[int], words: str
) -> None:
    views = [replace(step, passed_over=step.id in passed) for step in steps(*waves)]
    decision = decide(state, views, Manner(pauses=True))
    assert (decision.state, decision.send, decision.skip) == (expected, send, [])
    assert decision.message == words


@pytest.mark.parametrize(
    ("waves", "expected", "cancel", "ask", "send"),
    [
        (["r w", "w"], O.CANCELLING, [1, 2], [0], []),
        (["d c", "c"], O.CANCELLED, [], [], []),
        (["d u", "w"], O.CANCELLED, [2], [1], []),
        (["d", "r", "w!"], O.CANCELLING, [], [1], []),
        (["d", "c", "w!"], O.CANCELLING, [], [], [2]),
        (["d", "c", "d!"], O.CANCELLED, [], [], []),
    ],
)
def test_cancelling(waves: list[str], expected: O, cancel: list[int], ask: list[int], send: list[int]) -> None:
    decision = decide(O.CANCELLING, steps(*waves))
    assert (decision.state, decision.cancel, decision.ask_to_stop, decision.send) == (expected, cancel, ask, send)


def test_failure_message_counts_the_ways() -> None:
    one = StepView(1, 0, S.FAILED, label="check: a", message="port 1 is taken")
    same = StepView(2, 0, S.FAILED, label="check: b", message="port 1 is taken")
    other = StepView(3, 0, S.FAILED, label="check: c", message="no java")
    assert failure_message([one]) == "check: a: port 1 is taken"
    assert failure_message([one, same]).startswith("2 steps failed in the same way; first check: a")
    assert failure_message([one, same, other]).startswith("3 steps failed in 2 ways")


def rolled(*states: str, undoes: int | None = None) -> list[StepView]:
    """Steps of tasks 0, 1 ...: a wave per text, a letter per task; the last wave undoes ``undoes``."""
    views = []
    for number, text in enumerate(states):
        for view in steps(*([""] * number), " ".join(text)):
            last = number == len(states) - 1
            views.append(
                replace(
                    view,
                    id=len(views),
                    label=f"step {len(views)}",
                    task=view.id,
                    begun=view.state not in (S.WAITING, S.SKIPPED),
                    undoes=undoes if last else None,
                )
            )
    return views


@pytest.mark.parametrize(
    ("together", "states", "send"),
    [
        (0, ["wwww"], [0, 1, 2, 3]),
        (2, ["wwww"], [0, 1]),
        (2, ["drww"], [2]),
        (2, ["rsww"], []),
        (2, ["dddw", "wwww"], [3]),
        (2, ["uwww"], [1]),
    ],
)
def test_so_many_steps_of_a_wave_at_once(together: int, states: list[str], send: list[int]) -> None:
    assert decide(O.RUNNING, rolled(*states), Manner(together=together)).send == send


@pytest.mark.parametrize(
    ("tolerated", "states", "expected", "send", "skip"),
    [
        (0, ["df", "ww"], O.FAILED, [], [2, 3]),
        (1, ["df", "ww"], O.RUNNING, [2], [3]),
        (1, ["ff", "ww"], O.FAILED, [], [2, 3]),
        (2, ["ff", "ww"], O.FAILED, [], [2, 3]),
        (1, ["df", "dk"], O.FAILED, [], []),
        (1, ["dd", "dd"], O.DONE, [], []),
    ],
)
def test_tasks_that_may_fail_are_left_behind(
    tolerated: int, states: list[str], expected: O, send: list[int], skip: list[int]
) -> None:
    decision = decide(O.RUNNING, rolled(*states), Manner(tolerated=tolerated))
    assert (decision.state, decision.send, decision.skip) == (expected, send, skip)


@pytest.mark.parametrize(
    ("state", "states", "expected", "send", "given_up"),
    [
        (O.RUNNING, ["df", "wk"], O.RUNNING, [2], []),  # the one that was stopped is started, whatever became of it
        (O.RUNNING, ["fw", "ww"], O.RUNNING, [2], [1, 3]),
        (O.RUNNING, ["fk", "dk"], O.FAILED, [], []),
        (O.CANCELLING, ["dr", "ww"], O.CANCELLING, [], []),
        (O.CANCELLING, ["dc", "ww"], O.CANCELLING, [2, 3], []),
        (O.CANCELLING, ["ww", "ww"], O.CANCELLED, [], [0, 1, 2, 3]),
    ],
)
def test_what_was_begun_is_made_good(
    state: O, states: list[str], expected: O, send: list[int], given_up: list[int]
) -> None:
    views = rolled(*states, undoes=0)
    decision = decide(state, views)
    assert (decision.state, decision.send, decision.skip + decision.cancel) == (expected, send, given_up)


def alone(made: list[StepView], *ids: int, tasks: dict[int, int] | None = None) -> list[StepView]:
    return [replace(s, alone=s.id in ids, task=(tasks or {}).get(s.id)) for s in made]


@pytest.mark.parametrize("manner", [Manner(), Manner(pauses=True), Manner(tolerated=1)])
def test_what_is_tried_again_alone_goes_without_the_others(manner: Manner) -> None:
    made = alone(steps("w f", "w k"), 0, 2, tasks={0: 1, 1: 2, 2: 1, 3: 2})
    decision = decide(O.RUNNING, made, manner)
    assert (decision.state, decision.send, decision.skip) == (O.RUNNING, [0], [])
    made = alone(steps("d f", "w k"), 0, 2, tasks={0: 1, 1: 2, 2: 1, 3: 2})
    assert decide(O.RUNNING, made, manner).send == [2]


@pytest.mark.parametrize(
    ("manner", "state", "message"),
    [
        (Manner(), O.FAILED, "step 1"),
        (Manner(pauses=True), O.PAUSED, "paused: step 1"),
    ],
)
def test_then_the_operation_stands_as_the_others_left_it(manner: Manner, state: O, message: str) -> None:
    made = alone(steps("d f", "d k"), 0, 2, tasks={0: 1, 1: 2, 2: 1, 3: 2})
    decision = decide(O.RUNNING, made, manner)
    assert (decision.state, decision.message) == (state, message)


def test_what_fails_again_alone_takes_its_later_steps_along() -> None:
    made = alone(steps("f d f", "w w k"), 3, 4, tasks={0: 1, 1: 2, 2: 3, 3: 1, 4: 2, 5: 3})
    decision = decide(O.RUNNING, made)
    assert (decision.send, decision.skip) == ([4], [3])


def test_a_look_that_fails_again_ends_what_comes_after_it_alone() -> None:
    made = alone(steps("f f", "f", "w"), 3, tasks={0: 1, 1: 2, 3: 1})
    assert decide(O.RUNNING, made).skip == [3]


def test_what_undoes_is_done_alone_as_well() -> None:
    made = alone(steps("f f", "w"), 2, tasks={0: 1, 1: 2, 2: 1})
    made = [replace(made[0], begun=True), made[1], replace(made[2], undoes=0)]
    assert decide(O.RUNNING, made).send == [2]


def test_alone_is_held_by_pause_and_cancel() -> None:
    made = alone(steps("w f", "k"), 0, tasks={0: 1, 1: 2})
    assert decide(O.PAUSED, made).send == []
    assert decide(O.CANCELLING, made).cancel == [0]


def test_few_together_holds_for_what_is_tried_alone() -> None:
    made = alone(steps("w w w f"), 0, 1, 2)
    assert decide(O.RUNNING, made, Manner(together=2)).send == [0, 1]


def test_cancelled_steps_are_not_called_failed() -> None:
    made = steps("c c", "f")
    assert failure_message(made[:2]) == "2 steps are cancelled; first step 0"
    assert failure_message(made) == "step 2"
